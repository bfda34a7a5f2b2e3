using Metering.Analytics.Indicators;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Effluent;

/// <summary>Flow that can be counted with: ascending, without overlaps, clipped to a period.</summary>
internal static class FlowTable
{
    /// <summary>The intervals inside the period; an interval across its border gives the share of its time that lies inside.</summary>
    public static List<FlowInterval> Order(IReadOnlyList<FlowInterval> flow, Period period, List<EffluentReason> reasons, List<EffluentReason> notes)
    {
        List<FlowInterval> inside = [];
        bool isOrdered = true;
        long previous = long.MinValue;
        foreach (FlowInterval interval in flow)
        {
            isOrdered &= interval.Span.StartUtcMilliseconds >= previous;
            previous = interval.Span.StartUtcMilliseconds;
            if (!IsUsable(interval.Span) || interval.Span.Length <= TimeSpan.Zero)
            {
                Add(reasons, EffluentReasonKind.EmptySpan, "An interval of flow has no length, or lies outside 1970 to 2199.");
            }
            else if (interval.VolumeM3 < 0)
            {
                Add(reasons, EffluentReasonKind.Negative, FigureText.Line($"A flow of {FigureText.Of(interval.VolumeM3)} m3 is negative."));
            }
            else if (interval.VolumeM3 > AmountCheck.Largest)
            {
                Add(reasons, EffluentReasonKind.NotFinite, "A flow is infinite or above 1e15 m3.");
            }
            else if (interval.Span.Overlaps(period))
            {
                inside.Add(Clip(interval, period));
            }
        }

        inside.Sort((left, right) => left.Span.StartUtcMilliseconds.CompareTo(right.Span.StartUtcMilliseconds));
        int twice = RemoveTwins(inside, reasons);
        if (!isOrdered || twice > 0)
        {
            Add(notes, EffluentReasonKind.PutInOrder, FigureText.Line($"Flow rows were sorted by time; {twice} that came twice count once."));
        }

        return inside;
    }

    /// <summary>Whether both ends lie in the years the software counts with, so that their differences do.</summary>
    public static bool IsUsable(Period span) =>
        span.StartUtcMilliseconds is >= IntervalBuilder.EarliestUtcMilliseconds and <= IntervalBuilder.LatestUtcMilliseconds
        && span.EndUtcMilliseconds is >= IntervalBuilder.EarliestUtcMilliseconds and <= IntervalBuilder.LatestUtcMilliseconds;

    /// <summary>Volume in a span; NaN unless flow is known for all of it. The flow is as <see cref="Order"/> gives it.</summary>
    public static double VolumeIn(List<FlowInterval> flow, Period span)
    {
        long known = 0;
        double volume = 0;
        for (int i = FirstEndingAfter(flow, span.StartUtcMilliseconds); i < flow.Count; i++)
        {
            if (flow[i].Span.StartUtcMilliseconds >= span.EndUtcMilliseconds)
            {
                break;
            }

            FlowInterval part = Clip(flow[i], span);
            volume += part.VolumeM3;
            known += part.Span.EndUtcMilliseconds - part.Span.StartUtcMilliseconds;
        }

        return known == span.EndUtcMilliseconds - span.StartUtcMilliseconds ? volume : double.NaN;
    }

    private static int FirstEndingAfter(List<FlowInterval> flow, long instant)
    {
        int low = 0;
        int high = flow.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (flow[middle].Span.EndUtcMilliseconds > instant)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private static FlowInterval Clip(FlowInterval interval, Period period)
    {
        long start = Math.Max(interval.Span.StartUtcMilliseconds, period.StartUtcMilliseconds);
        long end = Math.Min(interval.Span.EndUtcMilliseconds, period.EndUtcMilliseconds);
        long length = interval.Span.EndUtcMilliseconds - interval.Span.StartUtcMilliseconds;
        return end - start == length
            ? interval
            : new FlowInterval(new Period(start, end), interval.VolumeM3 * ((double)(end - start) / length));
    }

    private static int RemoveTwins(List<FlowInterval> flow, List<EffluentReason> reasons)
    {
        int kept = 0;
        for (int i = 0; i < flow.Count; i++)
        {
            if (kept > 0 && flow[i].Equals(flow[kept - 1]))
            {
                continue;
            }

            if (kept > 0 && flow[i].Span.Overlaps(flow[kept - 1].Span))
            {
                Add(reasons, EffluentReasonKind.FlowOverlaps, FigureText.Line(
                    $"Two intervals of flow share time: {FigureText.Of(flow[kept - 1].VolumeM3)} and {FigureText.Of(flow[i].VolumeM3)} m3. Which one holds has to be decided by a person."));
            }

            flow[kept++] = flow[i];
        }

        int twice = flow.Count - kept;
        flow.RemoveRange(kept, twice);
        return twice;
    }

    private static void Add(List<EffluentReason> list, EffluentReasonKind kind, string detail)
    {
        // One sentence per kind is enough; a thousand equal faults tell no more.
        if (!list.Exists(reason => reason.Kind == kind))
        {
            list.Add(new EffluentReason(kind, detail));
        }
    }
}
