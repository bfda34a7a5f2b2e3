namespace Metering.Analytics.Intervals;

/// <summary>The borders of the intervals that hold a span of time.</summary>
internal static class IntervalBorders
{
    /// <summary>
    /// Borders from at or before <paramref name="first"/> to at or after <paramref name="last"/>, ascending. Steps below a
    /// day stand on a fixed grid through local midnight of standard time; days and months follow the local calendar.
    /// </summary>
    /// <exception cref="ArgumentException">More than <see cref="IntervalBuilder.MaximumIntervals"/> intervals.</exception>
    public static long[] Covering(long first, long last, IntervalStep step, TimeZoneInfo zone)
    {
        if (step.Milliseconds <= 0)
        {
            throw new ArgumentException("The interval step is not set.", nameof(step));
        }

        long estimate = ((last - first) / step.Milliseconds) + 2;
        if (estimate > IntervalBuilder.MaximumIntervals)
        {
            throw new ArgumentException(
                $"The readings span {estimate} intervals; the limit is {IntervalBuilder.MaximumIntervals}. "
                + "A wrong date among the readings is the usual cause.",
                nameof(last));
        }

        return step.IsMonth || step.IsDay ? Calendar(first, last, step, zone) : Fixed(first, last, step, zone);
    }

    private static long[] Fixed(long first, long last, IntervalStep step, TimeZoneInfo zone)
    {
        long length = step.Milliseconds;
        long phase = Modulo(-(zone.BaseUtcOffset.Ticks / TimeSpan.TicksPerMillisecond), length);
        long start = first - Modulo(first - phase, length);
        int count = checked((int)((last - start + length - 1) / length)) + 1;
        long[] borders = GC.AllocateUninitializedArray<long>(count);
        for (int i = 0; i < borders.Length; i++)
        {
            borders[i] = start;
            start += length;
        }

        return borders;
    }

    private static long[] Calendar(long first, long last, IntervalStep step, TimeZoneInfo zone)
    {
        DateOnly day = PlantCalendar.DayOf(first, zone);
        if (step.IsMonth)
        {
            day = new DateOnly(day.Year, day.Month, 1);
        }

        List<long> borders = new(checked((int)((last - first) / step.Milliseconds)) + 3);
        long border = PlantCalendar.StartOfDay(day, zone);
        borders.Add(border);
        while (border < last)
        {
            day = step.IsMonth ? day.AddMonths(1) : day.AddDays(1);
            border = PlantCalendar.StartOfDay(day, zone);
            borders.Add(border);
        }

        return [.. borders];
    }

    private static long Modulo(long value, long divisor)
    {
        long rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }
}
