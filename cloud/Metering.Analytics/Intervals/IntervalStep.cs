namespace Metering.Analytics.Intervals;

/// <summary>
/// The length of an interval: a fixed time that divides a day (1 s to 12 h), one local day, or one calendar month.
/// </summary>
public readonly record struct IntervalStep
{
    private const long MillisecondsPerDay = 24L * 60 * 60 * 1000;

    private IntervalStep(long milliseconds, bool isMonth)
    {
        Milliseconds = milliseconds;
        IsMonth = isMonth;
    }

    /// <summary>A quarter of an hour, the interval of electricity billing.</summary>
    public static IntervalStep QuarterHour { get; } = Of(TimeSpan.FromMinutes(15));

    /// <summary>One hour.</summary>
    public static IntervalStep Hour { get; } = Of(TimeSpan.FromHours(1));

    /// <summary>One local day of the plant: 23 or 25 hours long when the clocks change.</summary>
    public static IntervalStep Day { get; } = new(MillisecondsPerDay, isMonth: false);

    /// <summary>One calendar month of the plant.</summary>
    public static IntervalStep Month { get; } = new(30 * MillisecondsPerDay, isMonth: true);

    /// <summary>Nominal length in milliseconds; 30 days for a month.</summary>
    public long Milliseconds { get; }

    /// <summary>Whether this is a calendar month.</summary>
    public bool IsMonth { get; }

    /// <summary>Whether this is a local day.</summary>
    public bool IsDay => !IsMonth && Milliseconds == MillisecondsPerDay;

    /// <summary>A step of fixed length.</summary>
    /// <param name="length">Whole seconds from 1 s to 1 day that divide a day without a rest; 1 day gives <see cref="Day"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length does not divide a day.</exception>
    public static IntervalStep Of(TimeSpan length)
    {
        long milliseconds = length.Ticks / TimeSpan.TicksPerMillisecond;
        if (milliseconds < 1000 || milliseconds % 1000 != 0 || MillisecondsPerDay % milliseconds != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, "An interval step is a whole number of seconds that divides a day.");
        }

        return new IntervalStep(milliseconds, isMonth: false);
    }
}
