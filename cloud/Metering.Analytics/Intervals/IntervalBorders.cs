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
        long[] borders = [];
        int count = Fill(ref borders, first, last, step, zone);
        return borders.Length == count ? borders : borders[..count];
    }

    /// <summary>As <see cref="Covering"/>, into a buffer that grows when it has to. Gives the number of borders.</summary>
    /// <exception cref="ArgumentException">More than <see cref="IntervalBuilder.MaximumIntervals"/> intervals.</exception>
    public static int Fill(ref long[] borders, long first, long last, IntervalStep step, TimeZoneInfo zone)
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

        return step.IsMonth || step.IsDay ? Calendar(ref borders, (first, last), step, zone) : Fixed(ref borders, (first, last), step, zone);
    }

    private static int Fixed(ref long[] buffer, (long First, long Last) span, IntervalStep step, TimeZoneInfo zone)
    {
        long length = step.Milliseconds;
        long phase = Modulo(-(zone.BaseUtcOffset.Ticks / TimeSpan.TicksPerMillisecond), length);
        long start = span.First - Modulo(span.First - phase, length);
        int count = checked((int)((span.Last - start + length - 1) / length)) + 1;
        Span<long> borders = CounterWorkspace.Sized(ref buffer, count).AsSpan(0, count);
        for (int i = 0; i < borders.Length; i++)
        {
            borders[i] = start;
            start += length;
        }

        return count;
    }

    private static int Calendar(ref long[] buffer, (long First, long Last) span, IntervalStep step, TimeZoneInfo zone)
    {
        DateOnly day = PlantCalendar.DayOf(span.First, zone);
        if (step.IsMonth)
        {
            day = new DateOnly(day.Year, day.Month, 1);
        }

        // A day is at least 23 hours and a month at least 28 days long, which the nominal length and these three make up for.
        long most = ((span.Last - span.First) / step.Milliseconds) + 3;
        long[] borders = CounterWorkspace.Sized(ref buffer, checked((int)(most + (most / 12))));
        long border = PlantCalendar.StartOfDay(day, zone);
        int count = 0;
        borders[count++] = border;
        while (border < span.Last)
        {
            day = step.IsMonth ? day.AddMonths(1) : day.AddDays(1);
            border = PlantCalendar.StartOfDay(day, zone);
            borders[count++] = border;
        }

        return count;
    }

    private static long Modulo(long value, long divisor)
    {
        long rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }
}
