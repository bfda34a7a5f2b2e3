using System.Buffers;

namespace Metering.Analytics.Intervals;

/// <summary>Means over time by the trapezoid rule.</summary>
internal static class TimeMean
{
    private const int MaximumSample = 4096;

    public static MeanSeries Build(
        ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<double> values, ReadOnlySpan<bool> usable, MeanOptions options)
    {
        // A year of minutes is 8 MB here: borrowed, because memory fresh from the system costs more than the work in it.
        long[] time = ArrayPool<long>.Shared.Rent(utcMilliseconds.Length);
        double[] value = ArrayPool<double>.Shared.Rent(utcMilliseconds.Length);
        try
        {
            int count = KeepGood(utcMilliseconds, values, usable, time, value);
            return count == 0
                ? new MeanSeries { StartUtcMilliseconds = [], EndUtcMilliseconds = 0, Mean = [], Count = [], Completeness = [] }
                : Build(time.AsSpan(0, count), value.AsSpan(0, count), options);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(time);
            ArrayPool<double>.Shared.Return(value);
        }
    }

    private static MeanSeries Build(ReadOnlySpan<long> time, ReadOnlySpan<double> value, MeanOptions options)
    {
        long[] borders = IntervalBorders.Covering(time[0], time[^1] + 1, options.Step, options.Zone);
        int intervals = borders.Length - 1;
        double[] area = new double[intervals];
        long[] covered = new long[intervals];
        int[] readings = new int[intervals];
        long longest = Math.Max(2 * (options.SpacingMilliseconds ?? Spacing(time)), options.Step.Milliseconds);
        int interval = 0;
        int i = 0;
        while (i < time.Length)
        {
            while (borders[interval + 1] <= time[i])
            {
                interval++;
            }

            int next = AddInterval(borders, interval, new(time, value, i, longest), area, covered);
            readings[interval] = next - i;
            i = next;
        }

        double[] completeness = new double[intervals];
        for (int k = 0; k < intervals; k++)
        {
            completeness[k] = covered[k] / (double)(borders[k + 1] - borders[k]);
            area[k] = completeness[k] >= options.MinimumCompleteness ? area[k] / covered[k] : double.NaN;
        }

        return new MeanSeries
        {
            StartUtcMilliseconds = borders[..^1],
            EndUtcMilliseconds = borders[^1],
            Mean = area,
            Count = readings,
            Completeness = completeness,
        };
    }

    /// <summary>Adds the lines that begin at the readings inside an interval. Gives the index of the first reading behind it.</summary>
    private static int AddInterval(long[] borders, int interval, Lines lines, double[] area, long[] covered)
    {
        ReadOnlySpan<long> time = lines.Time;
        ReadOnlySpan<double> value = lines.Value[..time.Length];
        long border = borders[interval + 1];
        double sum = area[interval];
        long known = covered[interval];
        int i = lines.From;
        for (; i < time.Length && time[i] < border; i++)
        {
            if (i + 1 == time.Length || time[i + 1] - time[i] > lines.Longest)
            {
                continue;
            }

            if (time[i + 1] <= border)
            {
                sum += (value[i] + value[i + 1]) / 2 * (time[i + 1] - time[i]);
                known += time[i + 1] - time[i];
                continue;
            }

            (area[interval], covered[interval]) = (sum, known);
            AddLine(borders, interval, (time[i], value[i]), (time[i + 1], value[i + 1]), area, covered);
            (sum, known) = (area[interval], covered[interval]);
        }

        (area[interval], covered[interval]) = (sum, known);
        return i;
    }

    private static void AddLine(
        long[] borders, int interval, (long Time, double Value) from, (long Time, double Value) to, double[] area, long[] covered)
    {
        double slope = (to.Value - from.Value) / (to.Time - from.Time);
        long start = from.Time;
        double startValue = from.Value;
        while (start < to.Time)
        {
            long end = Math.Min(to.Time, borders[interval + 1]);
            double endValue = end == to.Time ? to.Value : from.Value + (slope * (end - from.Time));
            area[interval] += (startValue + endValue) / 2 * (end - start);
            covered[interval] += end - start;
            start = end;
            startValue = endValue;
            interval++;
        }
    }

    private static int KeepGood(
        ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<double> values, ReadOnlySpan<bool> usable, long[] time, double[] value)
    {
        int count = 0;
        bool sorted = true;
        bool distinct = true;
        for (int i = 0; i < values.Length; i++)
        {
            if ((usable.IsEmpty || usable[i]) && double.IsFinite(values[i])
                && utcMilliseconds[i] is >= IntervalBuilder.EarliestUtcMilliseconds and <= IntervalBuilder.LatestUtcMilliseconds)
            {
                sorted &= count == 0 || utcMilliseconds[i] >= time[count - 1];
                distinct &= count == 0 || utcMilliseconds[i] != time[count - 1];
                time[count] = utcMilliseconds[i];
                value[count++] = values[i];
            }
        }

        if (sorted && distinct)
        {
            return count;
        }

        if (!sorted)
        {
            Array.Sort(time, value, 0, count);
        }

        int kept = 0;
        for (int i = 0; i < count;)
        {
            int end = i + 1;
            bool conflict = false;
            while (end < count && time[end] == time[i])
            {
                conflict |= value[end] != value[i];
                end++;
            }

            if (!conflict)
            {
                time[kept] = time[i];
                value[kept++] = value[i];
            }

            i = end;
        }

        return kept;
    }

    private static long Spacing(ReadOnlySpan<long> time)
    {
        int pairs = time.Length - 1;
        if (pairs < 1)
        {
            return 0;
        }

        int stride = (pairs / MaximumSample) + 1;
        List<long> spacings = new((pairs / stride) + 1);
        for (int i = 1; i <= pairs; i += stride)
        {
            spacings.Add(time[i] - time[i - 1]);
        }

        spacings.Sort();
        return spacings[spacings.Count / 2];
    }

    /// <summary>Readings in order of time, and the length in ms up to which two of them are joined by a line.</summary>
    private readonly ref struct Lines(ReadOnlySpan<long> time, ReadOnlySpan<double> value, int from, long longest)
    {
        public ReadOnlySpan<long> Time { get; } = time;

        public ReadOnlySpan<double> Value { get; } = value;

        /// <summary>The first reading to look at.</summary>
        public int From { get; } = from;

        public long Longest { get; } = longest;
    }
}
