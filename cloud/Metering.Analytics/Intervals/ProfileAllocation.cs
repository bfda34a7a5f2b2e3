namespace Metering.Analytics.Intervals;

/// <summary>Lays totals that are known over gaps out in the shape of what was measured at other times.</summary>
internal static class ProfileAllocation
{
    /// <summary>Corrects the columns: known use and value of the intervals of each gap. Sums do not change.</summary>
    public static void Apply(IntervalColumns columns, CounterOptions options)
    {
        WeekSlots slots = WeekSlots.Of(columns.BordersUtcMilliseconds, options.Step, options.Zone, options.Holidays);
        WeekProfile profile = WeekProfile.OfMeasured(slots, columns.Value, columns.Code);
        foreach (LongLink link in columns.Workspace.Links)
        {
            LayOut(columns, slots, profile, link);
        }
    }

    private static void LayOut(IntervalColumns columns, WeekSlots slots, WeekProfile profile, LongLink link)
    {
        ReadOnlySpan<long> borders = columns.BordersUtcMilliseconds;
        (int first, int last) = Overlapped(borders, link);
        double total = 0;
        for (int i = first; i <= last; i++)
        {
            total += Weight(borders, slots, profile, link, i);
        }

        if (!(total > 0))
        {
            return;
        }

        long rise = link.ToRegister - link.FromRegister;
        long span = link.ToUtcMilliseconds - link.FromUtcMilliseconds;
        long evenBefore = 0;
        long shapedBefore = 0;
        double sum = 0;
        for (int i = first; i <= last; i++)
        {
            sum += Weight(borders, slots, profile, link, i);
            bool isLast = i == last;
            long even = isLast ? rise : BorderRegister.Share(rise, borders[i + 1] - link.FromUtcMilliseconds, span);
            long shaped = isLast ? rise : Math.Clamp((long)((rise * (sum / total)) + 0.5), shapedBefore, rise);
            columns.KnownBuffer[i] += shaped - shapedBefore - (even - evenBefore);
            if (columns.CodeBuffer[i] == IntervalCode.Allocated)
            {
                columns.ValueBuffer[i] = DecimalScale.ToDouble(columns.KnownBuffer[i], columns.Exponent);
            }

            evenBefore = even;
            shapedBefore = shaped;
        }
    }

    /// <summary>Use expected of the part of an interval that lies in the gap.</summary>
    private static double Weight(ReadOnlySpan<long> borders, WeekSlots slots, WeekProfile profile, LongLink link, int interval)
    {
        long from = Math.Max(borders[interval], link.FromUtcMilliseconds);
        long to = Math.Min(borders[interval + 1], link.ToUtcMilliseconds);
        return profile.Expected(slots, interval) * (to - from) / (borders[interval + 1] - borders[interval]);
    }

    private static (int First, int Last) Overlapped(ReadOnlySpan<long> borders, LongLink link)
    {
        int from = borders.BinarySearch(link.FromUtcMilliseconds);
        int to = borders.BinarySearch(link.ToUtcMilliseconds);
        return (from >= 0 ? from : ~from - 1, (to >= 0 ? to : ~to) - 1);
    }
}
