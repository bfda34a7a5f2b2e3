using System.Globalization;

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
    /// <exception cref="ArgumentException">Columns of different lengths, options out of range, or more than <see cref="MaximumIntervals"/> intervals.</exception>
    public static IntervalSeries FromCounter(
        ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<long> register, ReadOnlySpan<bool> usable, CounterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        CheckLengths(utcMilliseconds.Length, register.Length, usable.Length);
        FindingLog findings = new(options.Exponent);
        CounterInput input = CounterInput.Clean(utcMilliseconds, register, usable, options, findings);
        CounterPace pace = CounterPace.Of(input.Time, input.Value, options);
        CounterReader reader = new(input, pace, options.Modulus, findings);
        reader.Read();
        long[] borders = input.Time.IsEmpty
            ? []
            : IntervalBorders.Covering(input.Span.StartUtcMilliseconds, input.Span.EndUtcMilliseconds, options.Step, options.Zone);
        CounterAllocation allocation = new(borders, Math.Max(2 * pace.Spacing, options.Step.Milliseconds));
        List<CounterSegment> segments = [];
        Int128 total = 0;
        for (int s = 0; s < reader.Segments.Count; s++)
        {
            (int from, SegmentReason reason) = reader.Segments[s];
            int to = s + 1 < reader.Segments.Count ? reader.Segments[s + 1].From : reader.KeptTime.Length;
            ReadOnlySpan<long> time = reader.KeptTime[from..to];
            ReadOnlySpan<long> value = reader.KeptValue[from..to];
            CounterSegment segment = new(time[0], time[^1], value[0], value[^1], reason);
            segments.Add(segment);
            total += segment.Used;
            FindGaps(time, value, pace.Spacing, findings);
            allocation.Add(time, value);
        }

        return Series(borders, allocation, options.Exponent) with
        {
            TotalScaled = total,
            Segments = segments,
            Findings = findings.Close(),
        };
    }

    /// <summary>
    /// Means over time of an instantaneous channel. Between two readings no further apart than twice the usual spacing (or
    /// one step, if longer) the value is taken as a straight line; time outside such pairs is unknown.
    /// </summary>
    /// <param name="utcMilliseconds">Times of the readings, UTC milliseconds since 1970-01-01, in any order.</param>
    /// <param name="values">Readings in the channel's unit; NaN or infinite readings count as unusable.</param>
    /// <param name="usable">False for readings not to be used; empty when all may be.</param>
    /// <param name="options">Step, completeness, zone.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, options out of range, or more than <see cref="MaximumIntervals"/> intervals.</exception>
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
    }

    private static void FindGaps(ReadOnlySpan<long> time, ReadOnlySpan<long> value, long spacing, FindingLog findings)
    {
        long longest = 2 * spacing;
        for (int i = 1; i < time.Length; i++)
        {
            if (time[i] - time[i - 1] > longest)
            {
                TimeSpan length = TimeSpan.FromMilliseconds(time[i] - time[i - 1]);
                findings.Add(FindingKind.Gap, time[i - 1], string.Create(
                    CultureInfo.InvariantCulture, $"No reading is used for {length:c}; {findings.Text(value[i] - value[i - 1])} over that time is known in total."));
            }
        }
    }

    private static IntervalSeries Series(long[] borders, CounterAllocation allocation, int exponent)
    {
        int count = allocation.Known.Length;
        double[] values = GC.AllocateUninitializedArray<double>(count);
        IntervalCode[] codes = GC.AllocateUninitializedArray<IntervalCode>(count);
        ReadOnlySpan<long> known = allocation.Known;
        for (int i = 0; i < values.Length; i++)
        {
            IntervalCode code = allocation.CodeOf(i);
            codes[i] = code;
            values[i] = code == IntervalCode.Missing ? double.NaN : DecimalScale.ToDouble(known[i], exponent);
        }

        return new IntervalSeries
        {
            Exponent = exponent,
            StartUtcMilliseconds = count == 0 ? [] : new ArraySegment<long>(borders, 0, count),
            EndUtcMilliseconds = count == 0 ? 0 : borders[^1],
            Value = values,
            KnownScaled = allocation.Known,
            KnownMilliseconds = allocation.KnownMilliseconds,
            Code = codes,
            TotalScaled = 0,
            Segments = [],
            Findings = [],
        };
    }
}
