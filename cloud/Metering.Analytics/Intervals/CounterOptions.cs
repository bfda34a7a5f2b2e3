namespace Metering.Analytics.Intervals;

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

    /// <summary>Throws when an option is out of its range.</summary>
    internal void Check()
    {
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
}
