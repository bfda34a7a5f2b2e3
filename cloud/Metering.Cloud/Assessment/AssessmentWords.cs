using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;
using Metering.Cloud.Texts;
using Metering.Programme.Assessment;

namespace Metering.Cloud.Assessment;

/// <summary>Texts of the self-assessment pages.</summary>
internal static class AssessmentWords
{
    public static readonly Text Title = new("Autodiagnóstico de recursos", "Resource self-assessment");
    public static readonly Text ResultTitle = new("Resultado del autodiagnóstico", "Result of the self-assessment");
    public static readonly Text Lead = new(
        "Responda con los recibos y registros de un año calendario. Lo que no sepa déjelo vacío: no se toma por cero, y el resultado dice qué falta.",
        "Answer from the bills and records of one calendar year. Leave empty what you do not know: it is not taken for zero, and the result says what is missing.");
    public static readonly Text NothingKept = new(
        "No se guarda nada: las respuestas se calculan y se olvidan. Imprima o guarde esta página si la quiere conservar.",
        "Nothing is kept: the answers are computed and forgotten. Print or save this page if you want to keep it.");
    public static readonly Text CheckedNothing = new("Se revisó: ninguna respuesta llama la atención. No se guardó nada todavía.", "Checked: no answer stands out. Nothing was kept yet.");
    public static readonly Text CheckedSome = new("Se revisó: vea las preguntas junto a las respuestas marcadas. No se cambió ninguna.", "Checked: see the questions beside the answers marked. None was changed.");
    public static readonly Text Check = new("Revisar las respuestas", "Check the answers");
    public static readonly Text SaveDraft = new("Guardar borrador y revisar", "Save draft and check");
    public static readonly Text SubmitKept = new("Calcular y guardar", "Compute and save");
    public static readonly Text KeptNotice = new(
        "Las respuestas se guardan en el registro del programa, con su nombre y la hora de cada versión.",
        "The answers are kept in the programme's register, with your name and the time of each version.");
    public static readonly Text DraftSaved = new("Borrador guardado. Puede cerrar la página y seguir después.", "Draft saved. You may close the page and go on later.");
    public static readonly Text DraftConflict = new(
        "{0} guardó otra versión mientras usted escribía. Lo suyo sigue en el formulario; si guarda de nuevo, queda sobre esa versión, y ambas están en la historia.",
        "{0} saved another version while you were writing. What you wrote is still in the form; if you save again it goes over that version, and both are in the history.");
    public static readonly Text KeptTitle = new("Autodiagnósticos de {0}", "Self-assessments of {0}");
    public static readonly Text KeptNone = new("Todavía no hay ninguno. Elija el sector y empiece; puede guardar un borrador en cualquier momento.", "There is none yet. Choose the sector and begin; you may save a draft at any time.");
    public static readonly Text Draft = new("borrador", "draft");
    public static readonly Text Finished = new("contestado", "answered");
    public static readonly Text ReasonDraft = new("se siguió el borrador", "the draft was continued");
    public static readonly Text ReasonFinished = new("se contestó", "it was answered");
    public static readonly Text NotUnderstood = new("Estas respuestas son de una versión anterior del cuestionario o están incompletas; revíselas y guárdelas de nuevo.", "These answers are of an earlier version of the questionnaire or not complete; look them over and save them again.");
    public static readonly Text SendTitle = new("Enviar al programa", "Send to the programme");
    public static readonly Text SendNote = new(
        "Si quiere que el programa lo busque, envíe estas respuestas con su nombre y correo. Solo entonces se guardan.",
        "If you want the programme to contact you, send these answers with your name and e-mail. Only then are they kept.");
    public static readonly Text Send = new("Continuar", "Continue");
    public static readonly Text ChooseSector = new("Sector", "Sector");
    public static readonly Text Begin = new("Comenzar", "Begin");
    public static readonly Text OtherSector = new("Elegir otro sector", "Choose another sector");
    public static readonly Text Year = new("Año de los datos", "Year of the data");
    public static readonly Text YearWhy = new(
        "Los factores de emisión son por año calendario; por eso las doce cifras mensuales son de enero a diciembre.",
        "Emission factors hold by calendar year; therefore the twelve months run from January to December.");
    public static readonly Text Amount = new("Cantidad", "Amount");
    public static readonly Text Unit = new("Unidad", "Unit");
    public static readonly Text ChooseUnit = new("elija…", "choose…");
    public static readonly Text NotUsed = new("No se usa", "Not used");
    public static readonly Text Why = new("Por qué se pregunta: {0}", "Why it is asked: {0}");
    public static readonly Text Submit = new("Calcular", "Compute");
    public static readonly Text Edit = new("Cambiar las respuestas", "Change the answers");
    public static readonly Text Faults = new("Hay respuestas que no se entienden; lo demás se conservó", "Some answers are not understood; the rest was kept");
    public static readonly Text FaultNumber = new(
        "«{0}» no es una cantidad. Escriba solo cifras, por ejemplo 12345 o 12,345.6",
        "“{0}” is not an amount. Write figures only, for example 12345 or 12,345.6");
    public static readonly Text FaultAmbiguous = new(
        "«{0}» puede leerse como {1} o como {2}. Escriba {3} o {4}.",
        "“{0}” can be read as {1} or as {2}. Write {3} or {4}.");
    public static readonly Text FaultUnit = new("Elija la unidad de esta cantidad.", "Choose the unit of this amount.");
    public static readonly Text FaultBoth = new("Hay una cantidad y también «no se usa». Deje solo una de las dos.", "There is an amount and “not used” as well. Leave only one of them.");
    public static readonly Text FaultYear = new("El año va de {0} a {1}.", "The year runs from {0} to {1}.");
    public static readonly Text BadFormTitle = new("No se entiende el formulario", "The form is not understood");
    public static readonly Text BadForm = new(
        "Llegó vacío, demasiado grande o con un sector que no existe. Vuelva a /es/self-assessment y empiece de nuevo.",
        "It arrived empty, too large, or with a sector that does not exist. Go back to /en/self-assessment and begin again.");
    public static readonly Text Version = new("Cuestionario del {0}, huella {1}. Sector: {2}. Año: {3}.", "Questionnaire of {0}, fingerprint {1}. Sector: {2}. Year: {3}.");
    public static readonly Text FindingsTitle = new("Revise estas respuestas", "Check these answers");
    public static readonly Text FindingsNote = new("Son preguntas, no correcciones: ninguna respuesta se cambió.", "These are questions, not corrections: no answer was changed.");
    public static readonly Text IndicatorsTitle = new("Indicadores", "Indicators");
    public static readonly Text IndicatorsNote = new(
        "Indicadores RECP (ONUDI/PNUMA, 2010). Productividad es producción entre consumo: más es mejor. Intensidad es consumo entre producción: menos es mejor.",
        "RECP indicators (UNIDO/UNEP, 2010). Productivity is output per use: more is better. Intensity is use per output: less is better.");
    public static readonly Text Load = new("Recurso o carga", "Resource or load");
    public static readonly Text PerYear = new("Por año", "Per year");
    public static readonly Text Productivity = new("Productividad", "Productivity");
    public static readonly Text Intensity = new("Intensidad", "Intensity");
    public static readonly Text Derivation = new("Cómo se calculó", "How it was computed");
    public static readonly Text BandsTitle = new("Posición frente a otros", "Position beside others");
    public static readonly Text BandsNote = new(
        "Bandas con fecha y fuente: orientan, no califican. Revise que el proceso y el límite del sitio sean comparables.",
        "Dated bands with their sources: they give a bearing, not a mark. Check that process and site boundary are comparable.");
    public static readonly Text Band = new("Banda", "Band");
    public static readonly Text Range = new("Rango", "Range");
    public static readonly Text Position = new("Su posición", "Your position");
    public static readonly Text Source = new("Fuente y confianza", "Source and confidence");
    public static readonly Text Below = new("por debajo", "below");
    public static readonly Text Within = new("dentro", "within");
    public static readonly Text Above = new("por encima", "above");
    public static readonly Text Equal = new("igual", "equal");
    public static readonly Text SingleFigure = new("una cifra: {0}", "one figure: {0}");
    public static readonly Text YourPlant = new("su planta: {0} {1}", "your plant: {0} {1}");
    public static readonly Text ChartTitle = new("{0} por producto, su planta y las bandas", "{0} per output, your plant and the bands");
    public static readonly Text RecommendationsTitle = new("Medidas recomendadas", "Recommended measures");
    public static readonly Text NoRecommendations = new("Con estas respuestas ninguna regla recomienda una medida.", "With these answers no rule recommends a measure.");
    public static readonly Text Because = new("Porque:", "Because:");
    public static readonly Text AboveBands = new("{0}: por encima de todas las bandas", "{0}: above all bands");
    public static readonly Text Effect = new("Reducción típica de {0}: {1} % ({2})", "Typical reduction of {0}: {1} % ({2})");
    public static readonly Text NoEffect = new("No se conoce un rango de ahorro.", "No range of savings is known.");
    public static readonly Text Payback = new("recuperación: hasta {0} años", "payback: up to {0} years");
    public static readonly Text ModulesTitle = new("Cursos que convienen", "Courses that fit");
    public static readonly Text ModulesNote = new("De los doce módulos, los que enseñan las medidas de arriba; primero el que enseña más de ellas.", "Of the twelve modules, those that teach the measures above; first the one that teaches most of them.");
    public static readonly Text ModuleNumber = new("Módulo {0}: {1}", "Module {0}: {1}");
    public static readonly Text MissingTitle = new("Lo que no se pudo calcular", "What could not be computed");
    public static readonly Text MissingNone = new("Se calculó todo.", "All of it was computed.");
    public static readonly Text AnswersTitle = new("Sus respuestas", "Your answers");
    public static readonly Text Question = new("Pregunta", "Question");
    public static readonly Text Answer = new("Respuesta", "Answer");
    public static readonly Text Unanswered = new("sin respuesta", "not answered");
    public static readonly Text CountTitle = new("Prácticas por tema", "Practices by theme");

    /// <summary>Word of an answer.</summary>
    public static Text Of(PracticeAnswer answer) => answer switch
    {
        PracticeAnswer.Yes => new("sí", "yes"),
        PracticeAnswer.Partly => new("en parte", "partly"),
        PracticeAnswer.No => new("no", "no"),
        _ => new("no aplica", "does not apply"),
    };

    /// <summary>Word of a side of a band.</summary>
    public static Text Of(PlacedBand band) => band.Position.Side switch
    {
        BandSide.Below => Below,
        BandSide.Above => Above,
        _ => band.IsSingleFigure ? Equal : Within,
    };

    /// <summary>Words of a confidence.</summary>
    public static Text Of(PackConfidence confidence) => confidence switch
    {
        PackConfidence.OfficialText => Words.ConfidenceOfficial,
        PackConfidence.Read => Words.ConfidenceRead,
        PackConfidence.Secondary => Words.ConfidenceSecondary,
        _ => Words.ConfidenceFromMemory,
    };

    /// <summary>A unit such as "m3 per year" or "m3/t", as it is printed.</summary>
    public static string UnitText(string unit, Language language)
    {
        const string PerYearEnding = " per year";
        if (unit.EndsWith(PerYearEnding, StringComparison.Ordinal))
        {
            return Name(unit[..^PerYearEnding.Length], language);
        }

        return string.Join('/', unit.Split('/').Select(part => Name(part, language)));
    }

    private static string Name(string unit, Language language) =>
        UnitNames.Of(unit, language).Replace("CO2", "CO₂", StringComparison.Ordinal);
}
