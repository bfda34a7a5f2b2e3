using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>Correlation of residuals by the days between them.</summary>
internal static class AutocorrelationChart
{
    private const double Height = 260;

    /// <summary>The drawing; needs residuals.</summary>
    public static string Draw(string id, ResidualAnalysis residuals, Formatter formatter, ChartWidth width)
    {
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), Height);
        Frame frame = new(svg, 62, 34, Frame.WidthOf(width) - 14, 206);
        double[] known = [.. residuals.Autocorrelation.Where(double.IsFinite)];
        double low = Math.Min(-residuals.Bound, known.DefaultIfEmpty(0).Min());
        double high = Math.Max(residuals.Bound, known.DefaultIfEmpty(0).Max());
        Scale y = frame.Values(low, high, "ρ", 7);
        double slot = (frame.Right - frame.Left) / Math.Max(1, residuals.Autocorrelation.Count);
        svg.Rectangle(new(frame.Left, y[residuals.Bound]), frame.Right - frame.Left, y[-residuals.Bound] - y[residuals.Bound], "band");
        for (int index = 0; index < residuals.Autocorrelation.Count; index++)
        {
            double value = residuals.Autocorrelation[index];
            double x = frame.Left + ((index + 0.5) * slot);
            if (double.IsFinite(value))
            {
                svg.Line(new(x, y[0]), new(x, y[value]), "stem");
            }

            if ((index + 1) % 7 == 0 || index == 0)
            {
                svg.Label(new(x, frame.Bottom + 18), Svg.N(index + 1), "tick", "middle");
            }
        }

        svg.Label(new((frame.Left + frame.Right) / 2, frame.Bottom + 38), Words.AutocorrelationAxis.In(formatter.Language), "tick", "middle");
        return svg.Finish(
            Words.AutocorrelationChart.In(formatter.Language),
            Words.AutocorrelationDescription.In(
                formatter.Language,
                residuals.Autocorrelation.Count,
                Formatter.Number(residuals.Bound, 2),
                Formatter.Number(residuals.Autocorrelation.ElementAtOrDefault(0), 2),
                Formatter.Number(residuals.Autocorrelation.ElementAtOrDefault(6), 2)),
            Frame.StyleOf(width));
    }
}

/// <summary>Residuals in order against the quantiles of a normal distribution: on the line if they are normal.</summary>
internal static class QuantileChart
{
    /// <summary>The drawing; needs residuals.</summary>
    public static string Draw(string id, ResidualAnalysis residuals, Formatter formatter, ChartWidth width)
    {
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), 300);
        Frame frame = new(svg, 62, 34, Frame.WidthOf(width) - 14, 250);
        double most = Math.Max(
            Math.Abs(residuals.Ordered[0]),
            Math.Max(Math.Abs(residuals.Ordered[^1]), residuals.NormalQuantiles[^1]));
        Scale y = frame.Values(-most, most, "s", 7);
        Scale x = frame.Along(residuals.NormalQuantiles[0], residuals.NormalQuantiles[^1], Words.QuantileAxis.In(formatter.Language), 7);
        svg.Line(new(x[residuals.NormalQuantiles[0]], y[residuals.NormalQuantiles[0]]), new(x[residuals.NormalQuantiles[^1]], y[residuals.NormalQuantiles[^1]]), "fit-line");
        PathData dots = new();
        for (int index = 0; index < residuals.Ordered.Count; index++)
        {
            dots.Dot(new(x[residuals.NormalQuantiles[index]], y[residuals.Ordered[index]]));
        }

        svg.Path(dots, "dot-solid");
        return svg.Finish(
            Words.QuantileChart.In(formatter.Language),
            Words.QuantileDescription.In(formatter.Language, Formatter.Number(residuals.Ordered[0], 2), Formatter.Number(residuals.Ordered[^1], 2)),
            Frame.StyleOf(width));
    }
}

/// <summary>Residuals of the baseline against a driver, with the means of stretches of it: a bend says that the form is wrong.</summary>
internal static class ResidualByDriverChart
{
    /// <summary>Stretches of equal numbers of days.</summary>
    public const int Stretches = 8;

    /// <summary>Mean driver and mean residual of each stretch of the driver; fewer stretches where values repeat.</summary>
    public static IReadOnlyList<(double Driver, double Residual, int Days)> Means(IReadOnlyList<ProjectDay> days, int driver)
    {
        List<ProjectDay> ordered = [.. days.Where(day => day.Phase == DayPhase.Baseline && day.Counts).OrderBy(day => day.Drivers[driver])];
        List<(double Driver, double Residual, int Days)> means = [];
        int start = 0;
        while (start < ordered.Count)
        {
            int end = Math.Min(ordered.Count, start + Math.Max(1, (ordered.Count + Stretches - 1) / Stretches));
            while (end < ordered.Count && ordered[end].Drivers[driver] == ordered[end - 1].Drivers[driver])
            {
                end++; // equal values stay together
            }

            List<ProjectDay> stretch = ordered[start..end];
            means.Add((stretch.Average(day => day.Drivers[driver]), stretch.Average(day => -day.Saving), stretch.Count));
            start = end;
        }

        return means;
    }

    /// <summary>The drawing; needs a fit.</summary>
    public static string Draw(string id, ProjectResult result, int driver, Formatter formatter, ChartWidth width)
    {
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), 300);
        Frame frame = new(svg, 62, 34, Frame.WidthOf(width) - 14, 250);
        List<ProjectDay> days = [.. result.Days.Where(day => day.Phase == DayPhase.Baseline && day.Counts)];
        double most = days.Max(day => Math.Abs(day.Saving));
        Scale y = frame.Values(-most, most, UnitNames.PerDay(result.Unit, formatter.Language), 7);
        Scale x = ScatterChart.DriverScale(frame, result, driver, formatter.Language, days.Min(day => day.Drivers[driver]), days.Max(day => day.Drivers[driver]));
        PathData dots = new();
        foreach (ProjectDay day in days)
        {
            dots.Dot(new(x[day.Drivers[driver]], y[-day.Saving]));
        }

        svg.Path(dots, "dot-solid");
        PathData means = new();
        foreach ((double at, double residual, _) in Means(result.Days, driver))
        {
            means.To(new(x[at], y[residual]));
        }

        svg.Path(means, "fit-line");
        return svg.Finish(
            Words.ResidualByDriverChart.In(formatter.Language, DriverNames.Of(result.Project.Drivers[driver].Id, formatter.Language)),
            Words.ResidualByDriverDescription.In(formatter.Language),
            Frame.StyleOf(width));
    }
}
