using Metering.Cloud.Explore;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>A stretch of a channel in its parts: bars for days and weeks of use, a line for quarters of an hour and for means. Gaps stay gaps; a week that is known in part is hatched.</summary>
internal static class ZoomChart
{
    private const int MostHourDays = 3;
    private const int MostNamedDays = 45;

    /// <summary>The drawing in one width.</summary>
    public static string Draw(string id, ZoomView view, Formatter formatter, ChartWidth width)
    {
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), 300);
        Frame frame = new(svg, 62, 34, Frame.WidthOf(width) - 14, 254);
        bool asBars = view.IsUse && view.Ask.Step != ZoomStep.QuarterHour;
        double[] known = [.. view.Parts.SelectMany(part => (double[])[part.Value, part.Baseline]).Where(double.IsFinite).DefaultIfEmpty(0)];
        double low = view.IsUse ? Math.Min(0, known.Min()) : known.Min();
        double high = Math.Max(known.Max(), low + 1e-9);
        Scale y = frame.Values(low, high, UnitNames.Of(view.Stored.Channel.Unit, formatter.Language), 7);
        Scale x = Axis(svg, frame, view.Ask.Range, formatter, width == ChartWidth.Narrow ? 8 : 16);
        if (asBars)
        {
            Bars(svg, view, x, y);
        }

        svg.Path(Line(view, x, y, part => part.Baseline), "baseline");
        if (!asBars)
        {
            svg.Path(Line(view, x, y, part => part.Value), "use");
        }

        return svg.Finish(
            (view.IsUse ? ZoomWords.Chart : ZoomWords.ChartMean).In(formatter.Language),
            ZoomWords.ChartDescription.In(
                formatter.Language,
                Formatter.Count(view.Parts.Count),
                formatter.Date(view.Ask.Range.First),
                formatter.Date(view.Ask.Range.Last),
                Formatter.Count(view.Parts.Count(part => part.Known == 0))),
            Frame.StyleOf(width));
    }

    private static void Bars(Svg svg, ZoomView view, Scale x, Scale y)
    {
        string part = svg.Hatch("part", "hatch-part", 5);
        string gap = svg.Hatch("gap", "hatch-gap", 6);
        PathData whole = new();
        foreach (ZoomPart one in view.Parts)
        {
            double left = x[one.First.DayNumber];
            double length = x[one.Last.DayNumber + 1] - left;
            double inset = Math.Min(2, length * 0.12);
            if (one.Known == 0)
            {
                svg.HatchedRectangle(new(left, y.ToPosition), length, y.FromPosition - y.ToPosition, gap);
            }
            else if (one.IsPartial)
            {
                svg.HatchedRectangle(new(left + inset, y[Math.Max(0, one.Value)]), length - (2 * inset), Math.Abs(y[0] - y[one.Value]), part);
            }
            else
            {
                whole.Box(new(left + inset, y[Math.Max(0, one.Value)]), length - (2 * inset), Math.Abs(y[0] - y[one.Value]));
            }
        }

        svg.Path(whole, "bar");
    }

    private static PathData Line(ZoomView view, Scale x, Scale y, Func<ZoomPart, double> value)
    {
        PathData path = new();
        long start = view.Parts.Count == 0 ? 0 : view.Parts[0].StartUtcMilliseconds;
        foreach (ZoomPart part in view.Parts)
        {
            double at = view.Ask.Step == ZoomStep.QuarterHour
                ? view.Ask.Range.First.DayNumber + ((part.StartUtcMilliseconds - start) / (double)TimeSpan.MillisecondsPerDay)
                : (part.First.DayNumber + part.Last.DayNumber + 1) / 2.0;
            if (double.IsFinite(value(part)))
            {
                path.To(new(x[at], y[value(part)]));
            }
            else
            {
                path.Lift();
            }
        }

        return path;
    }

    // Months for a long stretch, days for a short one, hours for a few days.
    private static Scale Axis(Svg svg, Frame frame, DayRange range, Formatter formatter, int mostLabels)
    {
        if (range.Count > MostNamedDays)
        {
            return frame.Days(range.First, range.Last, formatter);
        }

        Scale scale = new(range.First.DayNumber, range.Last.DayNumber + 1, frame.Left, frame.Right);
        int every = (int)Math.Ceiling(range.Count / (double)mostLabels);
        for (int index = 0; index < range.Count; index++)
        {
            DateOnly day = range.First.AddDays(index);
            double left = scale[day.DayNumber];
            svg.Line(new(left, frame.Bottom), new(left, frame.Bottom + 6), "axis");
            if (index % every == 0)
            {
                bool hasMonth = index == 0 || day.Day <= every;
                svg.Label(new(left + 2, frame.Bottom + 18), Svg.N(day.Day), "tick");
                svg.Label(new(left + 2, frame.Bottom + 33), hasMonth ? $"{formatter.MonthShort(day.Month)} {day.Year}" : "", "tick strong");
            }

            for (int hour = 6; hour < 24 && range.Count <= MostHourDays; hour += 6)
            {
                double at = scale[day.DayNumber + (hour / 24.0)];
                svg.Line(new(at, frame.Bottom), new(at, frame.Bottom + 4), "axis");
                svg.Label(new(at, frame.Bottom + 18), $"{hour:00}:00", "tick", "middle");
            }
        }

        svg.Line(new(frame.Left, frame.Bottom), new(frame.Right, frame.Bottom), "axis");
        return scale;
    }
}
