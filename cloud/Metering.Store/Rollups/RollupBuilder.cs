using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Store.Rollups;

/// <summary>Computes the intervals that start in one month, by the interval kernel, from the readings of a window.</summary>
internal static class RollupBuilder
{
    public static void Build(Channel channel, RollupWindow window, RollupRule rule, (int Month, IntervalColumns Kernel) work, RollupColumns target)
    {
        if (window.Readings.Count == 0)
        {
            return;
        }

        long start = RollupMonth.Start(work.Month);
        long end = RollupMonth.Start(work.Month + 1);
        if (channel.Kind == ChannelKind.Counter)
        {
            AddCounter(channel, window.Readings, rule, work.Kernel, (start, end), target);
        }
        else
        {
            AddGauge(channel, window.Readings, rule, (start, end), target);
        }
    }

    private static void AddCounter(
        Channel channel, UsableReadings readings, RollupRule rule, IntervalColumns kernel, (long Start, long End) month, RollupColumns target)
    {
        CounterOptions options = new()
        {
            Step = rule.IntervalStep,
            Exponent = channel.DecimalPlaces,
            Modulus = channel.Modulus,
            Zone = rule.Zone,
            Pace = rule.Pace,
            Replacements = readings.Breaks,
        };
        IntervalBuilder.FromCounter(readings.UtcMilliseconds, readings.Scaled, [], options, kernel);
        (int first, int count) = Within(kernel.BordersUtcMilliseconds, month);
        if (count == 0)
        {
            return;
        }

        int at = target.Add(count);
        kernel.BordersUtcMilliseconds.Slice(first, count + 1).CopyTo(target.Borders.AsSpan(at));
        kernel.Value.Slice(first, count).CopyTo(target.Value.AsSpan(at));
        kernel.Code.Slice(first, count).CopyTo(target.Code.AsSpan(at));
        kernel.KnownMilliseconds.Slice(first, count).CopyTo(target.KnownMilliseconds.AsSpan(at));
        kernel.KnownScaled.Slice(first, count).CopyTo(target.Known.AsSpan(at));
    }

    private static void AddGauge(Channel channel, UsableReadings readings, RollupRule rule, (long Start, long End) month, RollupColumns target)
    {
        double[] values = new double[readings.Count];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = channel.ToDouble(readings.Scaled[index]);
        }

        MeanOptions options = new() { Step = rule.IntervalStep, Zone = rule.Zone, SpacingMilliseconds = rule.Pace.Spacing };
        MeanSeries series = IntervalBuilder.FromInstantaneous(readings.UtcMilliseconds, values, [], options);
        if (series.StartUtcMilliseconds.Count == 0)
        {
            return;
        }

        long[] borders = [.. series.StartUtcMilliseconds, series.EndUtcMilliseconds];
        (int first, int count) = Within(borders, month);
        if (count == 0)
        {
            return;
        }

        int at = target.Add(count);
        borders.AsSpan(first, count + 1).CopyTo(target.Borders.AsSpan(at));
        for (int index = 0; index < count; index++)
        {
            double mean = series.Mean[first + index];
            long length = borders[first + index + 1] - borders[first + index];
            target.Value[at + index] = mean;
            target.Code[at + index] = double.IsNaN(mean) ? IntervalCode.Missing : IntervalCode.Measured;
            target.KnownMilliseconds[at + index] = (long)Math.Round(series.Completeness[first + index] * length);
            target.Readings[at + index] = series.Count[first + index];
        }

        AddExtremes(readings, target, at, count);
    }

    private static void AddExtremes(UsableReadings readings, RollupColumns target, int at, int count)
    {
        int reading = readings.FirstFrom(target.Borders[at]);
        for (int index = at; index < at + count; index++)
        {
            long end = target.Borders[index + 1];
            long minimum = 0;
            long maximum = 0;
            for (bool isFirst = true; reading < readings.Count && readings.UtcMilliseconds[reading] < end; reading++)
            {
                long value = readings.Scaled[reading];
                minimum = isFirst || value < minimum ? value : minimum;
                maximum = isFirst || value > maximum ? value : maximum;
                isFirst = false;
            }

            target.Minimum[index] = minimum;
            target.Maximum[index] = maximum;
        }
    }

    private static (int First, int Count) Within(ReadOnlySpan<long> borders, (long Start, long End) month)
    {
        if (borders.Length < 2)
        {
            return (0, 0);
        }

        ReadOnlySpan<long> starts = borders[..^1];
        int first = FirstFrom(starts, month.Start);
        return (first, FirstFrom(starts, month.End) - first);
    }

    private static int FirstFrom(ReadOnlySpan<long> starts, long instant)
    {
        int index = starts.BinarySearch(instant);
        return index < 0 ? ~index : index;
    }
}
