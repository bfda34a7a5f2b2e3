namespace Metering.Analytics.Intervals;

/// <summary>How a total that is known over a gap is laid out over the intervals in it. Either way the parts add up to the total exactly.</summary>
public enum GapAllocation
{
    /// <summary>Evenly in time.</summary>
    Even = 0,

    /// <summary>
    /// In the shape of the measured intervals of the same weekday and time of day (of all days, where a weekday has none);
    /// evenly where nothing was measured or the shape is zero. SOURCE: practice of validation and estimation rules, allocation
    /// by historical profile scaled to the register's total.
    /// </summary>
    ByProfile = 1,
}

/// <summary>How a cumulative register is turned into intervals.</summary>
public sealed record CounterOptions
{
    /// <summary>Length of the intervals.</summary>
    public required IntervalStep Step { get; init; }

    /// <summary>Decimal places of the register: a register of 12345.6 kWh is 123456 with exponent 1. 0 to 18.</summary>
    public int Exponent { get; init; }

    /// <summary>
    /// The value at which the register begins again at zero, in units of 10^-exponent (2^32, or 10^k of a display);
    /// null when it is not known: then a fall is never taken for a rollover. 1 to 10^17.
    /// </summary>
    public long? Modulus { get; init; }

    /// <summary>
    /// The most that can flow, in the register's unit per hour (for kWh: the kW of the supply); above 0. When null, limits
    /// are taken from the readings, with wide margins.
    /// </summary>
    public double? MaximumRatePerHour { get; init; }

    /// <summary>The plant's zone, for the borders of days and months; UTC when not given.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Changes of the meter as they were recorded, in order of time; at most <see cref="IntervalBuilder.MaximumReplacements"/>.</summary>
    public IReadOnlyList<MeterReplacement> Replacements { get; init; } = [];

    /// <summary>How a total that is known over a gap is laid out over the intervals in it.</summary>
    public GapAllocation GapAllocation { get; init; }

    /// <summary>Local days without work, for <see cref="GapAllocation.ByProfile"/>: they are taken for Sundays.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();

    /// <summary>What is usual for the register, when it is known from other readings than these; null to take it from these.</summary>
    internal CounterPace? Pace { get; init; }

    /// <summary>Throws when an option is out of its range.</summary>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Zone);
        ArgumentNullException.ThrowIfNull(Replacements);
        ArgumentNullException.ThrowIfNull(Holidays);
        ArgumentOutOfRangeException.ThrowIfLessThan(Exponent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Exponent, DecimalScale.MaximumExponent);
        if (Modulus is { } modulus && (modulus < 1 || modulus > IntervalBuilder.MaximumRegister))
        {
            throw new ArgumentOutOfRangeException(nameof(Modulus), modulus, "The modulus is 1 to 10^17 register steps.");
        }

        if (MaximumRatePerHour is { } rate && !(rate > 0 && double.IsFinite(rate)))
        {
            throw new ArgumentOutOfRangeException(nameof(MaximumRatePerHour), rate, "The maximum rate is above zero.");
        }

        if (GapAllocation is not (GapAllocation.Even or GapAllocation.ByProfile))
        {
            throw new ArgumentOutOfRangeException(nameof(GapAllocation), GapAllocation, "There is no such way to lay out a gap.");
        }

        CheckReplacements();
    }

    private void CheckReplacements()
    {
        if (Replacements.Count > IntervalBuilder.MaximumReplacements)
        {
            throw new ArgumentException($"{Replacements.Count} replacements are listed; the limit is {IntervalBuilder.MaximumReplacements}.", nameof(Replacements));
        }

        long ceiling = new CounterLimits(Modulus).Ceiling;
        long before = IntervalBuilder.EarliestUtcMilliseconds - 1;
        foreach (MeterReplacement replacement in Replacements)
        {
            ArgumentNullException.ThrowIfNull(replacement);
            if (replacement.UtcMilliseconds <= before || replacement.UtcMilliseconds > IntervalBuilder.LatestUtcMilliseconds)
            {
                throw new ArgumentException("The replacements are not in order of time, or lie before 1970 or after 2199.", nameof(Replacements));
            }

            if (replacement.FinalRegister is < 0 || replacement.FinalRegister > ceiling
                || replacement.InitialRegister is < 0 || replacement.InitialRegister > ceiling)
            {
                throw new ArgumentException($"A register of a replacement is outside 0 to {ceiling} steps.", nameof(Replacements));
            }

            before = replacement.UtcMilliseconds;
        }
    }
}

/// <summary>How an instantaneous channel is turned into means.</summary>
public sealed record MeanOptions
{
    /// <summary>Length of the intervals.</summary>
    public required IntervalStep Step { get; init; }

    /// <summary>Share of an interval that must be known for it to have a mean, above 0 to 1; half by default (CalTRACK 2.0, 2.2.2.1).</summary>
    public double MinimumCompleteness { get; init; } = 0.5;

    /// <summary>The plant's zone, for the borders of days and months; UTC when not given.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The usual time between readings in milliseconds, when it is known from other readings than these; null to take it from these.</summary>
    internal long? SpacingMilliseconds { get; init; }
}
