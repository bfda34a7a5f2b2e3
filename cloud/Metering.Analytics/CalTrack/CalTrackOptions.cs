namespace Metering.Analytics.CalTrack;

/// <summary>What the meter counts. It decides whether cooling is searched for and whether a zero is a value.</summary>
public enum MeteredFuel
{
    /// <summary>Electricity: heating and cooling are searched; a zero counts as missing (CalTRACK 2.0, 2.2.1.4).</summary>
    Electricity = 0,

    /// <summary>Gas: heating only (CalTRACK 2.0, 3.2.1.1); a zero is a value.</summary>
    Gas = 1,

    /// <summary>Water, outside the method's text: heating and cooling are searched; a zero is a value.</summary>
    Water = 2,
}

/// <summary>The usual length of bills.</summary>
public enum BillLength
{
    /// <summary>Two months when the median bill is longer than 35 days, else one.</summary>
    FromData = 0,

    /// <summary>Bills of 25 to 35 days.</summary>
    Monthly = 1,

    /// <summary>Bills of 25 to 70 days.</summary>
    Bimonthly = 2,
}

/// <summary>The limits of the CalTRACK 2.0 methods for daily and billing data. The defaults carry their source.</summary>
public sealed record CalTrackOptions
{
    /// <summary>What the meter counts.</summary>
    public MeteredFuel Fuel { get; init; } = MeteredFuel.Electricity;

    /// <summary>The usual length of bills; not used for days.</summary>
    public BillLength BillLength { get; init; } = BillLength.FromData;

    /// <summary>Days that a baseline has (CalTRACK 2.0, 2.2.1.1).</summary>
    public int BaselineDays { get; init; } = 365;

    /// <summary>Days of those that may be missing (CalTRACK 2.0, 2.2.1.2: 37, a tenth).</summary>
    public int MaximumMissingDays { get; init; } = 37;

    /// <summary>Days that must lie beyond a balance point for it to be tried, daily data only (CalTRACK 2.0, 3.2.2.2)</summary>
    public int MinimumDaysBeyond { get; init; } = 10;

    /// <summary>Degree days beyond a balance point, degrees Fahrenheit times days, for it to be tried (CalTRACK 2.0, 3.2.2.2)</summary>
    public double MinimumDegreeDays { get; init; } = 20;

    /// <summary>Share of the hours of a bill that must have a temperature (CalTRACK 2.0, 2.2.3.2).</summary>
    public double MinimumTemperatureCoverage { get; init; } = 0.9;

    /// <summary>
    /// How much of a baseline bill its degree days are taken from, counted from its start; null for the whole bill. OpenEEmeter
    /// 3.2.0 looks at 35 days, which leaves the second month of a two-month bill out; found by experiment, kept for comparison.
    /// </summary>
    public TimeSpan? TemperatureWindow { get; init; } = TimeSpan.FromDays(35);

    /// <summary>
    /// Rows needed beyond the number of fitted parameters, each balance point counted as one; fewer is thin data. Ours, not the
    /// method's: five two-month bills carry five parameters without a rest, and their saving means nothing.
    /// </summary>
    public int MinimumDegreesOfFreedom { get; init; } = 5;

    internal double Days => BaselineDays - MaximumMissingDays;
}
