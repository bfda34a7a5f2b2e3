using System.Globalization;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Effluent;

/// <summary>Units of laboratory results. Loads are made from the first three only.</summary>
public enum ConcentrationUnit
{
    /// <summary>Not stated; refused.</summary>
    Unspecified = 0,

    /// <summary>ug/L.</summary>
    MicrogramPerLitre = 1,

    /// <summary>mg/L, the same as g/m3.</summary>
    MilligramPerLitre = 2,

    /// <summary>g/L, the same as kg/m3.</summary>
    GramPerLitre = 3,

    /// <summary>mL/L, of settleable matter.</summary>
    MillilitrePerLitre = 4,

    /// <summary>pH. Never averaged: it is a logarithm.</summary>
    Ph = 5,

    /// <summary>degC.</summary>
    DegreeCelsius = 6,

    /// <summary>mS/cm.</summary>
    MillisiemensPerCentimetre = 7,

    /// <summary>Colonies or most probable number per 100 mL; their means are geometric.</summary>
    CountPerHundredMillilitres = 8,

    /// <summary>Eggs per litre.</summary>
    CountPerLitre = 9,

    /// <summary>Toxicity units.</summary>
    ToxicityUnit = 10,
}

/// <summary>How a sample was taken. It decides which limits the result can be held against.</summary>
public enum SampleType
{
    /// <summary>Taken at one instant.</summary>
    Grab = 0,

    /// <summary>Many portions over a span, in proportion to the flow.</summary>
    Composite = 1,
}

/// <summary>A laboratory figure, which may only be known to lie below a limit.</summary>
/// <param name="Figure">The value, or the limit of detection or quantification when censored.</param>
/// <param name="IsCensored">Whether the true value lies anywhere from zero to the figure.</param>
public readonly record struct LabValue(double Figure, bool IsCensored)
{
    /// <summary>The smallest value it can stand for.</summary>
    public double Low => IsCensored ? 0 : Figure;

    /// <summary>The largest value it can stand for.</summary>
    public double High => Figure;

    /// <summary>
    /// Reads "12.5" or "&lt;0.05". A comma is refused, because "8,065" may be 8.065 or 8065; so are "&gt;2400" and empty cells,
    /// for which there is no value.
    /// </summary>
    /// <param name="text">The cell of a report.</param>
    /// <param name="value">The value, when true is returned.</param>
    public static bool TryParse(string text, out LabValue value)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        bool censored = rest.StartsWith("<", StringComparison.Ordinal);
        rest = censored ? rest[1..].TrimStart() : rest;
        bool isRead = double.TryParse(rest, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double figure)
            && double.IsFinite(figure) && !(censored && figure <= 0);
        value = isRead ? new LabValue(figure, censored) : default;
        return isRead;
    }
}

/// <summary>One parameter of one sample.</summary>
public sealed record LabResult
{
    /// <summary>Number of report and sample.</summary>
    public required string Number { get; init; }

    /// <summary>What was measured, as the limits spell it: "COD".</summary>
    public required string Parameter { get; init; }

    /// <summary>Grab or composite.</summary>
    public required SampleType Sample { get; init; }

    /// <summary>When it was taken. A grab has start = end; a composite lasts.</summary>
    public required Period Taken { get; init; }

    /// <summary>The figure; NaN when the sample was lost (it is then not used, and counted).</summary>
    public required LabValue Value { get; init; }

    /// <summary>Its unit.</summary>
    public required ConcentrationUnit Unit { get; init; }

    /// <summary>Code of the method: "NMX-AA-030/2".</summary>
    public string Method { get; init; } = "";

    /// <summary>The laboratory.</summary>
    public string Laboratory { get; init; } = "";

    /// <summary>Standard uncertainty of sampling and analysis in percent, of this result alone; NaN when not stated.</summary>
    public double StandardUncertaintyPercent { get; init; } = double.NaN;

    /// <summary>What a value of this unit has to be multiplied with to become mg/L; NaN for units that are no mass per volume.</summary>
    internal static double MilligramsPerLitre(ConcentrationUnit unit) => unit switch
    {
        ConcentrationUnit.MicrogramPerLitre => 0.001,
        ConcentrationUnit.MilligramPerLitre => 1,
        ConcentrationUnit.GramPerLitre => 1000,
        _ => double.NaN,
    };
}
