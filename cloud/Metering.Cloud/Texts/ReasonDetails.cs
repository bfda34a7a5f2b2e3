using System.Globalization;
using System.Text.RegularExpressions;
using Metering.Analytics.Baselines;

namespace Metering.Cloud.Texts;

/// <summary>
/// The sentences with figures that analytics writes beside a reason, in both languages. Analytics writes them in English only, once, for commands and files; here each of the
/// sentences of the models has its Spanish. A test reads the sources of analytics and finds every sentence in this table.
/// </summary>
internal static partial class ReasonDetails
{
    private const string Outside = "The driver '{0}' is outside the baseline's range {1} to {2} by more than {3} % of it in {4} of {5} reporting rows (it reaches {6} to {7})";
    private const string OutsideSpanish = "La variable «{0}» sale del intervalo de la línea base, de {1} a {2}, por más del {3} % de él en {4} de {5} días de reporte (va de {6} a {7})";

    /// <summary>Each sentence: English with its places, and Spanish with the same places.</summary>
    public static IReadOnlyList<Text> All { get; } =
    [
        new("La columna «{0}» es {1} en toda la línea base y se dejó fuera.", "The column '{0}' is {1} throughout the baseline and was left out."),
        new("Las columnas «{0}» y «{1}» se mueven juntas (correlación {2}, límite {3}); no se probó ningún modelo con ambas.",
            "The columns '{0}' and '{1}' move together (correlation {2}, limit {3}); no model was tried with both."),
        new("La línea base y el periodo de reporte comparten días. El ahorro se mide contra el tiempo anterior al proyecto; mueva uno de los dos.",
            "The baseline and the reporting period share days. A saving is measured against time before the project; move one of them."),
        new("El periodo de reporte está antes de la línea base. El consumo evitado necesita primero la línea base; intercámbielos.",
            "The reporting period lies before the baseline. Avoided use needs the baseline first; exchange them."),
        new(OutsideSpanish + ". El límite es {8} % de los días: el modelo no ha visto tales condiciones. Elija una línea base que las tenga.",
            Outside + ". The limit is {8} % of the rows: the model has not seen such conditions. Choose a baseline that has."),
        new(OutsideSpanish + ".", Outside + "."),
        new("El consumo es {0} en toda la línea base. Un medidor detenido no puede sostener una línea base; revise la columna.",
            "Use is {0} in every row of the baseline. A meter that stands still cannot carry a baseline; check the column."),
        new("Los valores son demasiado grandes o pequeños para calcular con ellos. Revise en el consumo y en las variables si se corrió un punto decimal o un exponente.",
            "The values are too large or too small to calculate with. Check the use column and the drivers for a slipped decimal point or exponent."),
        new("La variable «{0}» es {1} en toda la línea base, así que no se puede ver su efecto. Quítela, o elija una línea base en que varíe.",
            "The driver '{0}' is {1} throughout the baseline, so that its effect cannot be seen. Leave it out, or choose a baseline in which it varies."),
        new("Las variables «{0}» y «{1}» se mueven juntas (correlación {2}, límite {3}), así que sus efectos no se pueden separar. Conserve una.",
            "The drivers '{0}' and '{1}' move together (correlation {2}, limit {3}), so that their effects cannot be told apart. Keep one of them."),
        new("Una variable es combinación de las otras. Quite una.", "One driver is a combination of the others. Leave one out."),
        new("La variable «{0}» casi se deduce de las otras (inflación de varianza {1}, límite {2}). Quite una.",
            "The driver '{0}' nearly follows from the other drivers (variance inflation {1}, limit {2}). Leave one out."),
        new("El periodo de {0} no tiene ningún día con consumo y todas las variables. Revise sus fechas y las columnas.",
            "The {0} period has no row with use and all drivers. Check its dates and the columns."),
        new("Los días utilizables cubren {0} % del periodo de {1} ({2} de {3}); el límite es {4} %. Complete los huecos con el medidor, o acorte el periodo.",
            "Usable rows cover {0} % of the {1} period ({2} of {3}); the limit is {4} %. Fill the gaps from the meter, or shorten the period."),
        new("Los días utilizables cubren {0} % del periodo de {1} ({2} de {3}); del resto no se afirma nada.",
            "Usable rows cover {0} % of the {1} period ({2} of {3}); nothing is claimed for the rest."),
        new("El consumo es menor que cero en {0} de {1} días del periodo de {2}; el límite es {3} %. Dé lo importado y lo exportado en columnas separadas.",
            "Use is below zero in {0} of {1} rows of the {2} period; the limit is {3} %. Give imported and exported use as separate columns."),
        new("El consumo es menor que cero en {0} de {1} días del periodo de {2}.", "Use is below zero in {0} of {1} rows of the {2} period."),
        new("Hay valores infinitos ({0}) en {1} días del periodo de {2}. Deje vacío lo que falte.", "The {0} is infinite in {1} rows of the {2} period. Leave missing values blank."),
        new("La línea base tiene {0} días utilizables; un modelo de {1} parámetros con pasos de esta duración necesita {2}. Alargue la línea base, o use menos variables.",
            "The baseline has {0} usable rows; a model with {1} parameters on rows of this length needs {2}. Lengthen the baseline, or use fewer drivers."),
        new("Dos filas empiezan el {0} con valores distintos. Quite una.", "Two rows start at {0} with different values. Remove one of them."),
        new("Las filas venían en orden; {0} venían dos veces y cuentan una.", "Rows were in order; {0} rows came twice and count once."),
        new("Las filas venían en desorden y se ordenaron; {0} venían dos veces y cuentan una.", "Rows were out of order and were sorted; {0} rows came twice and count once."),
        new("Un evento de la línea base cubre todos sus días o ninguno, o no se distingue de las variables. Corrija sus fechas, o excluya sus días.",
            "An event of the baseline covers all of its rows or none, or cannot be told from the drivers. Correct its dates, or exclude its days."),
        new("Ninguno de los modelos pedidos se puede ajustar a estos días. Un punto de cambio necesita una variable con suficientes valores distintos a ambos lados; deje que se elija el modelo, o tome otras variables.",
            "None of the models asked for can be fitted to these rows. A change point needs a driver with enough different values on both of its sides; let the model be chosen, or take other drivers."),
        new("El intervalo contiene el cero: con esta confianza los datos no muestran ahorro ni pérdida.", "The interval holds zero: at this confidence the data show neither a saving nor a loss."),
        new("El periodo de reporte tiene {0} días; el ahorro se declara solo para ellos. No se extiende a un año, cuyas otras temporadas no se vieron.",
            "The reporting period has {0} days; the saving is stated for these alone. It is not carried over to a year, whose other seasons were not seen."),
        new("Lo que queda tras una autorregresión de primer orden sigue correlacionado (Ljung-Box p {0}): puede faltar un patrón semanal o una variable. El intervalo usa bloques móviles de una semana donde son más anchos.",
            "What is left after a first-order autoregression is still correlated (Ljung-Box p {0}): a weekly pattern or a driver may be missing. The interval uses moving blocks of a week where they are wider."),
        new("Los mejores modelos discrepan sobre el ahorro más de lo que varían los datos; vea los candidatos.", "The best models disagree about the saving by more than the data scatter; look at the candidates."),
        new("CV(RMSE) es {0} %; arriba de {1} % (ASHRAE Guideline 14, edificio completo) probablemente falta una variable.",
            "CV(RMSE) is {0} %; above {1} % (ASHRAE Guideline 14, whole building) a driver is probably missing."),
        new("El consumo baja cuando «{0}» sube. Si es producción o grados día, falta una variable o una columna está equivocada.",
            "Use falls as '{0}' rises. If that is production or degree days, a driver is missing or a column is mistaken."),
        new("La línea base tiene {0} días; el intervalo es indicativo.", "The baseline has {0} rows; the interval is indicative."),
        new("De {0} columnas se probaron las {1} que más explican por sí solas; «{2}» se dejó fuera.", "Of {0} columns the {1} that explain most by themselves were tried; '{2}' was left out."),
        new("Un ahorro normalizado se declara sin ajustes por eventos. Excluya los días del evento, o declare el consumo evitado.",
            "A normalised saving is stated without adjustments for events. Exclude the days of the event, or state avoided use."),
        new("El modelo de la línea base no predice consumo en estas condiciones. Revíselas.", "The baseline's model predicts no use under these conditions. Check them."),
        new("Las filas de las condiciones no duran lo mismo que las de la tabla. Dé las condiciones con el mismo paso.",
            "The rows of the conditions have another length than the rows of the table. Give the conditions at the same step."),
        new("Un cálculo hacia atrás se declara sin ajustes por eventos. Excluya los días del evento, o declare el consumo evitado.",
            "A backcast is stated without adjustments for events. Exclude the days of the event, or state avoided use."),
        new("Un evento no se distingue del modelo: cubre todos los días del periodo de reporte o ninguno, o dos eventos cubren los mismos días. Corrija sus fechas.",
            "An event cannot be told from the model: it covers all rows or none of the reporting period, or two events cover the same rows. Correct its dates."),
        new("El modelo no predice consumo en el periodo de reporte, así que no hay de qué ahorrar. Revise el consumo y las variables.",
            "The model predicts no use in the reporting period, so that there is nothing to save from. Check the use column and the drivers."),
        new("El periodo de reporte no tiene ningún día para el que el modelo tenga respuesta. Revise sus fechas y las columnas.",
            "The reporting period has no row for which the model has an answer. Check its dates and the columns."),
        new("Dos renglones empiezan a la misma hora, o hay renglones en desorden. Ordene el archivo y quite los que vengan dos veces.",
            "Two rows begin at the same time, or rows are out of order. Sort the file and remove rows that come twice."),
        .. OfWeather,
    ];

    // Words that stand in a place instead of a figure or a name.
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal) { ["baseline"] = "línea base", ["reporting"] = "reporte", ["use"] = "consumo", ["one day"] = "un día", ["one hour, or of a part of it"] = "una hora, o de una parte de ella" };

    private static readonly string[] Months = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];

    private static readonly SentenceTable Table = new(All, WordOf);

    /// <summary>The sentence of a reason in a language; null in Spanish when this table does not know it.</summary>
    public static string? In(this Reason reason, Language language) => language == Language.English ? reason.Detail : Table.Spanish(reason.Detail);

    /// <summary>
    /// The sentence in Spanish for a table of rows: pages have rows of a day and say so, a file has rows of any length. Null when this table does not know it.
    /// </summary>
    public static string? OfRows(this Reason reason)
    {
        string? sentence = reason.In(Language.Spanish);
        return sentence is null || sentence.Contains("renglon", StringComparison.Ordinal) || !Row().IsMatch(reason.Detail)
            ? sentence
            : Day().Replace(sentence, found => found.Value switch { "día" => "renglón", "días" => "renglones", _ => found.Value });
    }

    private static string WordOf(string found) =>
        found.StartsWith("driver '", StringComparison.Ordinal) ? $"variable «{found["driver '".Length..^1]}»" : Words.GetValueOrDefault(found) ?? MonthsOf(found) ?? found;

    // "May, June"; null when it is anything else.
    private static string? MonthsOf(string found)
    {
        int[] months = [.. found.Split(", ").Select(name => Array.IndexOf(CultureInfo.InvariantCulture.DateTimeFormat.MonthNames, name))];
        return Array.TrueForAll(months, month => month is >= 0 and < 12) ? string.Join(", ", months.Select(month => Months[month])) : null;
    }

    [GeneratedRegex(@"\brows?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Row();

    // A name between quotes stays as it is.
    [GeneratedRegex("«[^»]*»|\\bdías?\\b", RegexOptions.CultureInvariant)]
    private static partial Regex Day();
}
