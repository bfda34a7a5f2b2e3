namespace Metering.Cloud.Entries;

/// <summary>Units as people write them in files and forms, and the words the register keeps.</summary>
internal static class EntryUnits
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ton"] = "t",
        ["toneladas"] = "t",
        ["tonnes"] = "t",
        ["m²"] = "m2",
        ["piezas"] = "pieces",
        ["pzas"] = "pieces",
        ["cueros"] = "hides",
        ["pieles"] = "hides",
        ["vehículos"] = "vehicles",
        ["vehiculos"] = "vehicles",
        ["noches-huésped"] = "guest-nights",
        ["noches-huesped"] = "guest-nights",
        ["días-cama"] = "bed-days",
        ["dias-cama"] = "bed-days",
        ["°C"] = "Cel",
        ["degC"] = "Cel",
        ["µS/cm"] = "uS/cm",
        ["NMP/100mL"] = "MPN/100mL",
        ["UT"] = "TU",
    };

    /// <summary>The register's word for a unit; the text itself when it is no other spelling of one.</summary>
    /// <param name="text">As written.</param>
    /// <param name="units">The units that may be.</param>
    public static string Of(string text, IReadOnlyList<string> units) =>
        units.FirstOrDefault(unit => string.Equals(unit, text, StringComparison.OrdinalIgnoreCase)) ?? Words.GetValueOrDefault(text, text);
}
