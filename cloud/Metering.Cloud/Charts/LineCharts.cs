using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>A point of the cumulative saving; the half-width is NaN over the baseline.</summary>
internal readonly record struct CusumPoint(DateOnly Day, double Value, double HalfWidth);

/// <summary>Cumulative sum of model less metered: flat while nothing changes, its slope is the saving per day.</summary>
internal static class CusumChart
{
    /// <summary>The points of a result: over the baseline from its residuals, then from zero over the reporting period.</summary>
    public static (IReadOnlyList<CusumPoint> Baseline, IReadOnlyList<CusumPoint> Reporting) Points(ProjectResult result)
    {
        List<CusumPoint> baseline = [];
        List<CusumPoint> reporting = [];
        if (result is not { Savings: { } savings, Fit: { } fit })
        {
            return (baseline, reporting);
        }

        for (int row = 0; row < fit.StartUtcMilliseconds.Count; row++)
        {
            baseline.Add(new(Day(fit.StartUtcMilliseconds[row], result), savings.BaselineCusum[row], double.NaN));
        }

        for (int row = 0; row < savings.StartUtcMilliseconds.Count; row++)
        {
            reporting.Add(new(Day(savings.StartUtcMilliseconds[row], result), savings.CumulativeSavings[row], savings.CumulativeHalfWidth[row]));
        }

        return (baseline, reporting);
    }

    /// <summary>The drawing.</summary>
    public static string Draw(string id, ProjectResult result, Formatter formatter, ChartWidth width)
    {
        (IReadOnlyList<CusumPoint> baseline, IReadOnlyList<CusumPoint> reporting) = Points(result);
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), 300);
        Frame frame = new(svg, 62, 34, Frame.WidthOf(width) - 14, 256);
        double low = baseline.Concat(reporting).Min(point => point.Value - Or0(point.HalfWidth));
        double high = baseline.Concat(reporting).Max(point => point.Value + Or0(point.HalfWidth));
        Scale y = frame.Values(low, high, UnitNames.Of(result.Unit, formatter.Language), 7);
        Scale x = frame.Days(result.Days[0].Day, result.Days[^1].Day, formatter);
        double left = x[result.Project.Installation.First.DayNumber];
        double right = x[result.Project.Installation.Last.DayNumber + 1];
        svg.Rectangle(new(left, frame.Top), right - left, frame.Bottom - frame.Top, "installation");
        DrawEvents(svg, frame, x, result);
        svg.Path(Band(reporting, x, y), "band saving-band");
        svg.Path(Line(baseline, x, y), "fitted");
        svg.Path(Line(reporting, x, y), "cusum");
        CusumPoint last = reporting[^1];
        string total = formatter.PlusMinus(last.Value, last.HalfWidth, result.Unit);
        svg.Label(new(x[last.Day.DayNumber] - 4, Math.Max(frame.Top + 12, y[last.Value + last.HalfWidth] - 8)), total, "label ink-saving halo", "end");
        return svg.Finish(
            Words.CusumChart.In(formatter.Language),
            Words.CusumDescription.In(formatter.Language, total, formatter.Date(last.Day)),
            Frame.StyleOf(width));
    }

    private static double Or0(double value) => double.IsFinite(value) ? value : 0;

    // Numbers as in the list of events: a filled flag was decided, an open one is a proposal.
    private static void DrawEvents(Svg svg, Frame frame, Scale x, ProjectResult result)
    {
        for (int index = 0; index < result.Events.Count; index++)
        {
            ProjectEvent told = result.Events[index];
            double at = x[Day(told.Event.FromUtcMilliseconds, result).DayNumber];
            svg.Line(new(at, frame.Top), new(at, frame.Bottom), "marker");
            svg.Rectangle(new(at, frame.Top - 16), 17, 15, told.Decision is null ? "flag-open" : "flag-decided");
            svg.Label(new(at + 8.5, frame.Top - 4), Svg.N(index + 1), told.Decision is null ? "tick strong" : "flag-ink", "middle");
        }
    }

    private static DateOnly Day(long utcMilliseconds, ProjectResult result) =>
        Metering.Analytics.Intervals.PlantCalendar.DayOf(utcMilliseconds, result.Project.Plant.Zone);

    private static PathData Line(IReadOnlyList<CusumPoint> points, Scale x, Scale y)
    {
        PathData path = new();
        foreach (CusumPoint point in points)
        {
            path.To(new(x[point.Day.DayNumber + 1], y[point.Value]));
        }

        return path;
    }

    private static PathData Band(IReadOnlyList<CusumPoint> points, Scale x, Scale y)
    {
        PathData path = new();
        foreach (CusumPoint point in points)
        {
            path.To(new(x[point.Day.DayNumber + 1], y[point.Value + point.HalfWidth]));
        }

        foreach (CusumPoint point in points.Reverse())
        {
            path.To(new(x[point.Day.DayNumber + 1], y[point.Value - point.HalfWidth]));
        }

        path.Close();
        return path;
    }
}

/// <summary>What the model leaves over on each day of the baseline: a good model leaves a level cloud without a pattern.</summary>
internal static class ResidualChart
{
    /// <summary>The drawing; needs a fit.</summary>
    public static string Draw(string id, ProjectResult result, Formatter formatter, ChartWidth width)
    {
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), 260);
        Frame frame = new(svg, 62, 34, Frame.WidthOf(width) - 14, 216);
        List<ProjectDay> days = [.. result.Days.Where(day => day.Phase == DayPhase.Baseline)];
        double scatter = Math.Sqrt(result.Fit!.SumOfSquaredErrors / (result.Fit.N - result.Fit.P));
        double most = Math.Max(2 * scatter, days.Where(day => day.Counts).Max(day => Math.Abs(day.Saving)));
        Scale y = frame.Values(-most, most, UnitNames.PerDay(result.Unit, formatter.Language), 7);
        Scale x = frame.Days(days[0].Day, days[^1].Day, formatter);
        svg.Rectangle(new(frame.Left, y[2 * scatter]), frame.Right - frame.Left, y[-2 * scatter] - y[2 * scatter], "band");
        PathData dots = new();
        foreach (ProjectDay day in days)
        {
            if (day.Counts)
            {
                dots.Dot(new(x[day.Day.DayNumber + 0.5], y[-day.Saving]));
            }
        }

        svg.Path(dots, "dot-solid");
        svg.Label(new(frame.Right - 4, y[2 * scatter] - 5), "±2 s", "tick halo", "end");
        return svg.Finish(
            Words.ResidualChart.In(formatter.Language),
            Words.ResidualDescription.In(formatter.Language, formatter.Quantity(scatter, result.Unit, Formatter.DecimalsFor(scatter))),
            Frame.StyleOf(width));
    }
}
