using System.Globalization;
using Metering.Analytics.Intervals;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>
/// Intervals of a counter written for clarity alone: one pass per question, every reading through the state machine, all
/// columns copied. The fast kernel must agree with it in every figure, code and finding.
/// </summary>
internal static class PlainCounter
{
    public static IntervalSeries Build(ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<long> register, ReadOnlySpan<bool> usable, CounterOptions options)
    {
        FindingLog findings = new(options.Exponent);
        PlainCounterInput input = PlainCounterInput.Clean(utcMilliseconds, register, usable, options, findings);
        PlainCounterPace pace = PlainCounterPace.Of(input.Time, input.Value, options);
        PlainCounterReader reader = new(input, pace, options.Modulus, findings);
        reader.Read();
        long[] borders = input.Time.IsEmpty
            ? []
            : IntervalBorders.Covering(input.Span.StartUtcMilliseconds, input.Span.EndUtcMilliseconds, options.Step, options.Zone);
        PlainCounterAllocation allocation = new(borders, Math.Max(2 * pace.Spacing, options.Step.Milliseconds));
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

        int count = allocation.Known.Length;
        IntervalCode[] codes = [.. Enumerable.Range(0, count).Select(allocation.CodeOf)];
        return new IntervalSeries
        {
            Exponent = options.Exponent,
            StartUtcMilliseconds = count == 0 ? [] : borders[..^1],
            EndUtcMilliseconds = count == 0 ? 0 : borders[^1],
            Value = [.. codes.Select((code, i) => code == IntervalCode.Missing ? double.NaN : DecimalScale.ToDouble(allocation.Known[i], options.Exponent))],
            KnownScaled = allocation.Known,
            KnownMilliseconds = allocation.KnownMilliseconds,
            Code = codes,
            TotalScaled = total,
            Segments = segments,
            Findings = findings.Close(),
        };
    }

    private static void FindGaps(ReadOnlySpan<long> time, ReadOnlySpan<long> value, long spacing, FindingLog findings)
    {
        for (int i = 1; i < time.Length; i++)
        {
            if (time[i] - time[i - 1] > 2 * spacing)
            {
                TimeSpan length = TimeSpan.FromMilliseconds(time[i] - time[i - 1]);
                findings.Add(FindingKind.Gap, time[i - 1], string.Create(
                    CultureInfo.InvariantCulture, $"No reading is used for {length:c}; {findings.Text(value[i] - value[i - 1])} over that time is known in total."));
            }
        }
    }
}
