using Metering.Cloud.Texts;

namespace Metering.Cloud.Pages;

/// <summary>Names of what the country pack writes as words in small letters: parts of ids, units, columns.</summary>
internal static class ReferenceDataNames
{
    private static readonly Dictionary<string, Text> Units = new(StringComparer.Ordinal)
    {
        ["100mL"] = new("100 mL", "100 mL"),
        ["bed"] = new("cama", "bed"),
        ["bed-day"] = new("día-cama", "bed-day"),
        ["bl"] = new("barril", "barrel"),
        ["cm2"] = new("cm²", "cm²"),
        ["count"] = new("unidades", "count"),
        ["guest-night"] = new("noche-huésped", "guest-night"),
        ["kgCO2e"] = new("kg CO₂e", "kg CO₂e"),
        ["m2"] = new("m²", "m²"),
        ["samples"] = new("muestras", "samples"),
        ["tCO2e"] = new("t CO₂e", "t CO₂e"),
        ["toe"] = new("tep", "toe"),
        ["TU"] = new("UT", "TU"),
        ["vehicle"] = new("vehículo", "vehicle"),
        ["yr"] = new("año", "yr"),
    };

    private static readonly Dictionary<string, string> SpanishColumns = new(StringComparer.Ordinal)
    {
        ["value"] = "valor",
        ["unit"] = "unidad",
        ["valid_from"] = "vigente_desde",
        ["valid_to"] = "vigente_hasta",
        ["source"] = "fuente",
        ["confidence"] = "confianza",
        ["note"] = "nota",
        ["note_es"] = "nota en español",
        ["authority"] = "autoridad",
        ["body"] = "cuerpo_receptor",
        ["bound"] = "tipo_de_limite",
        ["day"] = "dia",
        ["day_kind"] = "tipo_de_dia",
        ["every_years"] = "cada_anios",
        ["from"] = "de",
        ["from_year"] = "desde_anio",
        ["fuel"] = "combustible",
        ["kind"] = "tipo",
        ["measure"] = "medida",
        ["method"] = "metodo",
        ["month"] = "mes",
        ["norm"] = "norma",
        ["ordinal"] = "ordinal",
        ["parameter"] = "parametro",
        ["payback_years_high"] = "recuperacion_anios_max",
        ["payback_years_low"] = "recuperacion_anios_min",
        ["period"] = "periodo",
        ["resource"] = "recurso",
        ["scheme"] = "esquema",
        ["season"] = "estacion",
        ["sector"] = "sector",
        ["tariff"] = "tarifa",
        ["to"] = "a",
        ["value_high"] = "valor_max",
        ["weekday"] = "dia_de_la_semana",
    };

    /// <summary>What a row is about, from the parts of its id; a part without a name keeps its own letters.</summary>
    public static string Subject(string id, Language language)
    {
        List<string> parts = [];
        foreach (string part in id.Split('.'))
        {
            if (!part.Contains(':', StringComparison.Ordinal)) // the hour of a period stands in the rule
            {
                parts.Add(Part(part, language));
            }
        }

        string subject = string.Join(" · ", parts);
        return subject.Length > 0 ? char.ToUpperInvariant(subject[0]) + subject[1..] : id;
    }

    /// <summary>The name of one part of an id, or of a word in a cell.</summary>
    public static string Part(string part, Language language) =>
        ReferenceDataParts.Names.TryGetValue(part, out Text? name) ? name.In(language) : part.Replace('-', ' ');

    /// <summary>The printed form of a unit such as m3/guest-night.</summary>
    public static string Unit(string unit, Language language)
    {
        List<string> parts = [];
        foreach (string part in unit.Split('/'))
        {
            parts.Add(Units.TryGetValue(part, out Text? name) ? name.In(language) : UnitNames.Of(part, language));
        }

        return string.Join('/', parts);
    }

    /// <summary>The heading of a column in a file: as in the pack in English, without accents in Spanish.</summary>
    public static string Column(string column, Language language) =>
        language == Language.Spanish && SpanishColumns.TryGetValue(column, out string? name) ? name : column;

    /// <summary>The weekday that the pack writes in small English letters; as it stands when it is none.</summary>
    public static string Weekday(string word, Language language) => Part("weekday-" + word, language);
}
