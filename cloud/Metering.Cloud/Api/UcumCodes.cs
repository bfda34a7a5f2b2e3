using System.Collections.Frozen;

namespace Metering.Cloud.Api;

/// <summary>
/// The units of channels as codes of the Unified Code for Units of Measure (case sensitive, https://ucum.org), for programs that read units. Where UCUM has no code, an
/// annotation in braces says what is counted: by UCUM's rules it has the dimension of what stands before it, or none.
/// </summary>
internal static class UcumCodes
{
    private static readonly FrozenDictionary<string, string> Codes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["kWh"] = "kW.h", ["kvarh"] = "kV.A{reactive}.h", ["kVAh"] = "kV.A.h", ["kW"] = "kW", ["kvar"] = "kV.A{reactive}", ["kVA"] = "kV.A",
        ["V"] = "V", ["A"] = "A", ["Hz"] = "Hz", ["1"] = "1", ["m3"] = "m3", ["L"] = "L", ["m3/h"] = "m3/h", ["L/s"] = "L/s",
        ["Nm3"] = "m3{normal}", ["Nm3/h"] = "m3{normal}/h", ["bar"] = "bar", ["degC"] = "Cel", ["GJ"] = "GJ", ["mg/L"] = "mg/L", ["pH"] = "[pH]",
        ["mS/cm"] = "mS/cm", ["NTU"] = "{NTU}", ["kg"] = "kg", ["t"] = "t", ["pieces"] = "{pieces}", ["vehicles"] = "{vehicles}",
        ["guest-nights"] = "{guest-nights}", ["bed-days"] = "{bed-days}", ["gal_us"] = "[gal_us]", ["gal_us/min"] = "[gal_us]/min",
        ["mm"] = "mm", ["W/m2"] = "W/m2", ["FNU"] = "{FNU}", ["mV"] = "mV", ["%"] = "%", ["m/s"] = "m/s", ["h"] = "h",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The code of a unit; null for one that is not of <see cref="Metering.Readings.Units"/>.</summary>
    public static string? Of(string unit) => Codes.GetValueOrDefault(unit);
}
