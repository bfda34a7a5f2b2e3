using System.Globalization;
using Metering.Analytics.CountryPacks;
using Metering.Analytics.Indicators;

namespace Metering.Programme.Assessment;

/// <summary>Sentences of a result, in both languages, with their figures in them.</summary>
internal static class AssessmentTexts
{
    public static readonly Text NoOutput = new(
        es: "Falta la producción del año: sin ella no hay productividad ni intensidad. Responda la pregunta de producción.",
        en: "The output of the year is missing: without it there is neither productivity nor intensity. Answer the question about the output.");

    public static readonly Text OutputIsZero = new(
        es: "La producción es cero: nada se puede referir a ella. Revise la cifra o elija un año con producción.",
        en: "The output is zero: nothing can be related to it. Check the figure or choose a year with production.");

    public static readonly Text NothingUsed = new(
        es: "El consumo declarado es cero; la productividad (producción entre consumo) no existe.",
        en: "The use stated is zero; the productivity (output per use) does not exist.");

    public static readonly Text GrossHeatingValue = new(
        es: "Los recibos de gas suelen dar energía con poder calorífico superior; los factores se refieren al neto. La cifra puede quedar hasta cerca de 10 % alta.",
        en: "Gas bills often state energy by gross calorific value; the factors relate to the net one. The figure may be up to about 10 % high.");

    public static readonly Text NoBandKnown = new(
        es: "No hay banda: no se conoce ninguna para este indicador en este sector. Compárese con su propio año anterior.",
        en: "No band: none is known for this indicator in this sector. Compare with your own year before.");

    public static readonly Text NoBandInUnit = new(
        es: "No hay banda en esta unidad de producción. Si puede, responda la producción en la primera unidad de la lista.",
        en: "No band in this unit of output. If you can, state the output in the first unit of the list.");

    /// <summary>Name of a load.</summary>
    public static Text Name(AssessedLoad load) => load switch
    {
        AssessedLoad.Energy => new(es: "Energía", en: "Energy"),
        AssessedLoad.Electricity => new(es: "Electricidad", en: "Electricity"),
        AssessedLoad.Water => new(es: "Agua", en: "Water"),
        AssessedLoad.Wastewater => new(es: "Agua residual", en: "Wastewater"),
        AssessedLoad.Materials => new(es: "Materiales", en: "Materials"),
        AssessedLoad.Waste => new(es: "Residuos", en: "Waste"),
        _ => new(es: "Gases de efecto invernadero", en: "Greenhouse gases"),
    };

    public static Text NoBandForYear(int year) => Both(
        "No hay banda para {0}: las que se conocen son de otros años.", "No band for {0}: those known hold for other years.", Year(year));

    public static Text NotAnswered(Question question) => Of(
        "Falta «{0}». Escriba la cantidad o marque que no se usa.", "“{0}” is missing. Give the amount, or mark that it is not used.", question.Words);

    public static Text NotUsed(Question question) => Of("{0}: no se usa, según lo respondido.", "{0}: not used, as answered.", question.Words);

    public static Text Line(Question question, Quantity amount, Quantity result) => amount.Unit == result.Unit
        ? Of("{0}: {1}", "{0}: {1}", question.Words, Amount(amount))
        : Of("{0}: {1} = {2}", "{0}: {1} = {2}", question.Words, Amount(amount), Amount(result));

    public static Text Heating(Question question, Quantity amount, PackRow row, Quantity result) => Of(
        "{0}: {1} × {2} = {3} (poder calorífico neto: {4})", "{0}: {1} × {2} = {3} (net calorific value: {4})",
        question.Words, Amount(amount), Same(Figure((double)row.Value!.Value) + " " + row.Unit), Amount(result), Same(row.Source));

    public static Text Emission(Question question, EmissionLine line) => Of(
        "{0}: {1} × {2} kg CO₂e/{3} = {4} t CO₂e (factor de {5})", "{0}: {1} × {2} kg CO₂e/{3} = {4} t CO₂e (factor of {5})",
        question.Words, Amount(line.Use.Amount.To(line.Factor.Per)), Same(Figure(line.Factor.KilogramsCarbonDioxideEquivalent)),
        Same(line.Factor.Per.Symbol), Same(Figure(line.Tonnes)), Same(line.Factor.Note.Source));

    public static Text NoHeatingValue(Question question, int year) => Of(
        "«{0}»: no se conoce el poder calorífico de {1} y no se toma el de otro año. Responda en GJ, como viene en muchos recibos.",
        "“{0}”: the calorific value of {1} is not known, and that of another year is not taken. Answer in GJ, as many bills state it.",
        question.Words, Same(Year(year)));

    public static Text NoEmissionFactor(Question question, int year) => Of(
        "«{0}»: no se conoce el factor de emisión de {1} y no se toma el de otro año. Las emisiones se calculan cuando se publique o si responde otro año.",
        "“{0}”: the emission factor of {1} is not known, and that of another year is not taken. Emissions follow once it is published, or if you answer for another year.",
        question.Words, Same(Year(year)));

    public static Text Other(string detail) => new(es: "No se puede calcular: " + detail, en: "It cannot be computed: " + detail);

    public static Text OutsideBands(AssessedLoad load, PlacedBand nearest, IReadOnlyList<double> factors)
    {
        string times = Figure(nearest.Position.RatioToNearestEnd);
        Text cause = factors.Count == 0
            ? new(es: "Ningún factor conocido de unidades lo explica.", en: "No known factor of units explains it.")
            : Of(
                "Con un factor {0} quedaría dentro: puede ser L por m³, kWh por MWh, kg por t o un punto corrido.",
                "By a factor {0} it would lie inside: it may be L for m³, kWh for MWh, kg for t, or a slipped point.",
                Same(string.Join(" / ", factors.Select(Figure))));
        return Of(
            "{0} por producto: es {1} veces el extremo más cercano de todas las bandas. {2} Revise la unidad y los puntos de esta respuesta y de la producción.",
            "{0} per output: it is {1} times the nearest end of all bands. {2} Check unit and separators of this answer and of the output.",
            Name(load), Same(times), cause);
    }

    public static Text OutputSlip(Question output, double factor) => Of(
        "«{0}»: varios indicadores están corridos por el mismo factor ({1}); es más probable que el error esté en la producción.",
        "“{0}”: several indicators are off by the same factor ({1}); the slip is more likely in the output.",
        output.Words, Same(Figure(factor)));

    public static Text DischargeAgainstWater(double leaving, double entering) => Both(
        "Se descargan {0} m³ y entran {1} m³. Revise las unidades; si son correctas, falta una fuente de agua.",
        "{0} m³ are discharged and {1} m³ enter. Check the units; if they are right, a source of water is missing.",
        Figure(leaving), Figure(entering));

    /// <summary>
    /// A figure with four significant digits, thousands parted by commas. Never three decimals after a single group: those
    /// could be read as thousands.
    /// </summary>
    public static string Figure(double value)
    {
        double size = Math.Abs(value);
        int decimals = size switch { 0 => 0, >= 1000 => 0, >= 100 => 1, >= 10 => 2, >= 0.1 => 4, >= 0.001 => 6, _ => 9 };
        string text = value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        text = text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && text.Length - point == 4 ? text + "0" : text;
    }

    private static Text Amount(Quantity amount) => new(
        es: Figure(amount.Value) + " " + SpanishUnit(amount.Unit), en: Figure(amount.Value) + " " + amount.Unit.Symbol);

    private static string SpanishUnit(MeasureUnit unit) => unit.Symbol switch
    {
        "pieces" => "piezas",
        "vehicles" => "vehículos",
        "guest-nights" => "noches-huésped",
        "bed-days" => "días-cama",
        string symbol => symbol,
    };

    private static string Year(int year) => year.ToString(CultureInfo.InvariantCulture);

    private static Text Same(string text) => new(es: text, en: text);

    private static Text Both(string spanish, string english, params string[] values) => Of(spanish, english, [.. values.Select(Same)]);

    private static Text Of(string spanish, string english, params Text[] values) => new(
        es: string.Format(CultureInfo.InvariantCulture, spanish, [.. values.Select(value => (object)value.In(Language.Spanish))]),
        en: string.Format(CultureInfo.InvariantCulture, english, [.. values.Select(value => (object)value.In(Language.English))]));
}
