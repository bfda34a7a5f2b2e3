namespace Metering.Readings;

/// <summary>
/// The units a channel may carry, spelt one way only. UCUM's spelling is close, but a plant reads "kWh", not "kW.h".
/// gal_us is the US gallon of 231 cubic inches = 3.785411784 L (NIST Handbook 44, appendix C); UCUM writes it [gal_us].
/// </summary>
public static class Units
{
    /// <summary>Every known unit.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "kWh", "kvarh", "kVAh", "kW", "kvar", "kVA", "V", "A", "Hz", "1",
        "m3", "L", "m3/h", "L/s", "Nm3", "Nm3/h", "bar", "degC", "GJ",
        "mg/L", "pH", "mS/cm", "NTU", "kg", "t", "pieces", "vehicles", "guest-nights", "bed-days",
        "gal_us", "gal_us/min", "mm", "W/m2", "FNU", "mV", "%", "m/s", "h",
    ];

    /// <summary>Whether the text is one of <see cref="All"/>.</summary>
    public static bool IsKnown(string unit) => All.Contains(unit, StringComparer.Ordinal);
}
