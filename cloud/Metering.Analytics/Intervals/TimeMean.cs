namespace Metering.Analytics.Intervals;

/// <summary>Means over time by the trapezoid rule.</summary>
internal static class TimeMean
{
    private const int MaximumSample = 4096;

    public static MeanSeries Build(
        ReadOnlySpan<long> utcMilliseconds, ReadOnlySpan<double> values, ReadOnlySpan<bool> usable, MeanOptions options)
    {
        long[] time = new long[utcMilliseconds.Length];
        double[] value = new double[utcMilliseconds.Length];
        int count = KeepGood(utcMilliseconds, values, usable, time, value);
        if (count == 0)
        {
            return new MeanSeries { StartUtcMilliseconds = [], EndUtcMilliseconds = 0, Mean = [], Count = [], Completeness = [] };
        }

        long[] borders = IntervalBorders.Covering(time[0], time[count - 1] + 1, options.Step, options.Zone);
        int intervals = borders.Length - 1;
        double[] area = new double[intervals];
        long[] covered = new long[intervals];
        int[] readings = new int[intervals];
        long longest = Math.Max(2 * (options.SpacingMilliseconds ?? Spacing(time.AsSpan(0, count))), options.Step.Milliseconds);
        int interval = 0;
        for (int i = 0; i < count; i++)
        {
            while (borders[interval + 1] <= time[i])
            {
                interval++;
            }

            readings[interval]++;
            if (i + 1 < count && time[i + 1] - time[i] <= longest)
            {
                AddLine(borders, interval, (time[i], value[i]), (time[i + 1], value[i + 1]), area, covered);
            }
        }

        double[] completeness = new double[intervals];
        for (int i = 0; i < intervals; i++)
        {
            completeness[i] = covered[i] / (double)(borders[i + 1] - borders[i]);
            area[i] = completeness[i] >= options.MinimumCompleteness ? area[i] / covered[i] : double.NaN;
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
        for (int i = 0; i < values.Length; i++)
        {
            if ((usable.IsEmpty || usable[i]) && double.IsFinite(values[i])
                && utcMilliseconds[i] is >= IntervalBuilder.EarliestUtcMilliseconds and <= IntervalBuilder.LatestUtcMilliseconds)
            {
                sorted &= count == 0 || utcMilliseconds[i] >= time[count - 1];
                time[count] = utcMilliseconds[i];
                value[count++] = values[i];
            }
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
}
