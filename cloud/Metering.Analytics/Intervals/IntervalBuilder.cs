namespace Metering.Analytics.Intervals;

/// <summary>
/// Turns what meters give into intervals. Pure: the same input gives the same bits on every machine.
/// </summary>
public static class IntervalBuilder
{
    /// <summary>Most intervals in one series: 15 minutes over a hundred years is 3.5 million.</summary>
    public const int MaximumIntervals = 4_000_000;

    /// <summary>Most findings listed in one series.</summary>
    public const int MaximumFindings = 10_000;

    /// <summary>Largest register that is counted with, in units of 10^-exponent.</summary>
    public const long MaximumRegister = 100_000_000_000_000_000;

    /// <summary>Most readings in one call: 20 years of a reading every 6 seconds.</summary>
    public const int MaximumReadings = 100_000_000;

    /// <summary>Most changes of meter on one counter.</summary>
    public const int MaximumReplacements = 1000;

    /// <summary>1970-01-01: earlier stamps are a clock that was never set.</summary>
    internal const long EarliestUtcMilliseconds = 0;

    /// <summary>2199-12-31.</summary>
    internal const long LatestUtcMilliseconds = 7_258_118_399_999;

    /// <summary>
    /// Intervals of a cumulative register. Falls and jumps are told apart (rollover, transient low, spike, catch-up after
    /// standing still, reset, replacement); a difference is taken only inside an unbroken segment. A border that was read is
    /// exact; between readings it is interpolated in time to whole register steps, so that the parts add up to the total.
    /// </summary>
    /// <param name="utcMilliseconds">Times of the readings, UTC milliseconds since 1970-01-01, in any order.</param>
    /// <param name="register">Registers, exact, in units of 10^-exponent; 0 to <see cref="MaximumRegister"/>.</param>
    /// <param name="usable">False for readings not to be used; empty when all may be.</param>
    /// <param name="options">Step, exponent, modulus, limits, zone.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, options out of range, or more than <see cref="MaximumReadings"/> readings or <see cref="MaximumIntervals"/> intervals.</exception>
    public static IntervalSeries FromCounter(
        ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<long> register, ReadOnlySpan<bool> usable, CounterOptions options)
    {
        IntervalColumns columns = new();
        FromCounter(utcMilliseconds, register, usable, options, columns);
        return columns.Detach();
    }

    /// <summary>
    /// As <see cref="FromCounter(ReadOnlySpan{long}, ReadOnlySpan{long}, ReadOnlySpan{bool}, CounterOptions)"/>, into columns
    /// that are used again: for many counters, nothing is allocated per reading or interval.
    /// </summary>
    /// <param name="utcMilliseconds">Times of the readings, UTC milliseconds since 1970-01-01, in the order of arrival.</param>
    /// <param name="register">Registers, exact, in units of 10^-exponent; 0 to <see cref="MaximumRegister"/>.</param>
    /// <param name="usable">False for readings not to be used; empty when all may be.</param>
    /// <param name="options">Step, exponent, modulus, limits, zone.</param>
    /// <param name="columns">Where the intervals are written; what they held before is gone.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, options out of range, or more than <see cref="MaximumReadings"/> readings or <see cref="MaximumIntervals"/> intervals.</exception>
    public static void FromCounter(
        ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<long> register, ReadOnlySpan<bool> usable, CounterOptions options, IntervalColumns columns)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(columns);
        options.Check();
        CheckLengths(utcMilliseconds.Length, register.Length, usable.Length);
        CounterKernel.Fill(new CounterReadings(utcMilliseconds, register, usable), options, columns);
    }

    /// <summary>
    /// Means over time of an instantaneous channel. Between two readings no further apart than twice the usual spacing (or
    /// one step, if longer) the value is taken as a straight line; time outside such pairs is unknown.
    /// </summary>
    /// <param name="utcMilliseconds">Times of the readings, UTC milliseconds since 1970-01-01, in any order.</param>
    /// <param name="values">Readings in the channel's unit; NaN or infinite readings count as unusable.</param>
    /// <param name="usable">False for readings not to be used; empty when all may be.</param>
    /// <param name="options">Step, completeness, zone.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, options out of range, or more than <see cref="MaximumReadings"/> readings or <see cref="MaximumIntervals"/> intervals.</exception>
    public static MeanSeries FromInstantaneous(
        ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<double> values, ReadOnlySpan<bool> usable, MeanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MinimumCompleteness);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MinimumCompleteness, 1);
        CheckLengths(utcMilliseconds.Length, values.Length, usable.Length);
        return TimeMean.Build(utcMilliseconds, values, usable, options);
    }

    private static void CheckLengths(int times, int values, int usable)
    {
        if (times != values || (usable != 0 && usable != times))
        {
            throw new ArgumentException("The columns of times, readings and usable flags have different lengths.");
        }

        if (times > MaximumReadings)
        {
            throw new ArgumentException($"{times} readings were given; the limit is {MaximumReadings}. Split the span of time.");
        }
    }
}
