namespace Metering.Cloud.Texts;

/// <summary>How a unit of the readings is printed. A unit without an entry is printed as it is.</summary>
internal static class UnitNames
{
    private static readonly Dictionary<string, Text> Names = new(StringComparer.Ordinal)
    {
        ["m3"] = new("m³", "m³"),
        ["m3/h"] = new("m³/h", "m³/h"),
        ["Nm3"] = new("Nm³", "Nm³"),
        ["Nm3/h"] = new("Nm³/h", "Nm³/h"),
        ["degC"] = new("°C", "°C"),
        ["gal_us"] = new("gal (EE. UU.)", "US gal"),
        ["gal_us/min"] = new("gal/min (EE. UU.)", "US gal/min"),
        ["W/m2"] = new("W/m²", "W/m²"),
        ["pieces"] = new("piezas", "pieces"),
        ["vehicles"] = new("vehículos", "vehicles"),
        ["guest-nights"] = new("noches-huésped", "guest-nights"),
        ["bed-days"] = new("días-cama", "bed-days"),
        ["1"] = new("(sin unidad)", "(no unit)"),
        ["day"] = new("día", "day"),
    };

    // What stands below a line is one of them: kWh per piece.
    private static readonly Dictionary<string, Text> Singular = new(StringComparer.Ordinal)
    {
        ["pieces"] = new("pieza", "piece"),
        ["vehicles"] = new("vehículo", "vehicle"),
        ["guest-nights"] = new("noche-huésped", "guest-night"),
        ["bed-days"] = new("día-cama", "bed-day"),
    };

    /// <summary>The printed form of a unit.</summary>
    public static string Of(string unit, Language language) =>
        Names.TryGetValue(unit, out Text? name) ? name.In(language)
        : unit.LastIndexOf('/') is int place and > 0 ? $"{Of(unit[..place], language)}/{OneOf(unit[(place + 1)..], language)}"
        : unit;

    /// <summary>The printed form of a unit that something is divided by.</summary>
    public static string OneOf(string unit, Language language) => Singular.TryGetValue(unit, out Text? one) ? one.In(language) : Of(unit, language);

    /// <summary>The printed form of a unit per day, for axes of daily use.</summary>
    public static string PerDay(string unit, Language language) => Of(unit, language) + "/d";

    /// <summary>
    /// The unit of an average over a quarter of an hour and what to multiply its use by: kWh becomes kW, m3 becomes m3/h.
    /// </summary>
    public static (string Unit, double Factor) PerHour(string unit, Language language) =>
        (unit switch { "kWh" => "kW", "kvarh" => "kvar", "kVAh" => "kVA", _ => Of(unit, language) + "/h" }, 4);
}
