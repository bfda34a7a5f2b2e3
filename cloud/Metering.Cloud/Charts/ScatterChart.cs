using Metering.Analytics.Baselines;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>
/// Use against the driver that explains most. The other drivers are brought to their baseline means by the model, so that
/// the line and the points speak of the same conditions; the axis says so.
/// </summary>
internal sealed class ScatterChart
{
    private readonly ProjectResult result;
    private readonly BaselineFit fit;
    private readonly Formatter formatter;
    private readonly double[] means;

    /// <summary>The chart of a result that has a fit with at least one driver.</summary>
    public ScatterChart(ProjectResult result, Formatter formatter)
    {
        this.result = result;
        this.formatter = formatter;
        fit = result.Fit!;
        means = new double[fit.DriverNames.Count];
        List<ProjectDay> baseline = [.. result.Days.Where(day => day.Phase == DayPhase.Baseline && day.Counts)];
        for (int driver = 0; driver < means.Length; driver++)
        {
            means[driver] = baseline.Average(day => day.Drivers[driver]);
        }

        Main = MainDriver(result, fit);
    }

    /// <summary>Index of the driver on the axis: the largest |t| among those that are more than a yes or no.</summary>
    public int Main { get; }

    /// <summary>A day's place: the main driver and the use brought to the means of the others.</summary>
    public (double Driver, double Use) PlaceOf(ProjectDay day)
    {
        double use = day.Use;
        for (int driver = 0; driver < means.Length; driver++)
        {
            if (driver != Main)
            {
                use -= fit.Coefficients[driver + 1] * (day.Drivers[driver] - means[driver]);
            }
        }

        return (day.Drivers[Main], use);
    }

    /// <summary>The line of the model at the means of the other drivers.</summary>
    public double LineAt(double value)
    {
        double use = fit.Coefficients[0];
        for (int driver = 0; driver < means.Length; driver++)
        {
            use += fit.Coefficients[driver + 1] * (driver == Main ? value : means[driver]);
        }

        return use;
    }

    /// <summary>The drawing.</summary>
    public string Draw(string id, ChartWidth width)
    {
        Svg svg = new(id + Frame.SuffixOf(width), Frame.WidthOf(width), 300);
        Frame frame = new(svg, 62, 48, Frame.WidthOf(width) - 14, 250);
        List<(ProjectDay Day, double Driver, double Use)> places = [];
        foreach (ProjectDay day in result.Days)
        {
            if (day.Counts && (day.Phase is DayPhase.Baseline or DayPhase.Reporting))
            {
                (double driver, double use) = PlaceOf(day);
                places.Add((day, driver, use));
            }
        }

        double low = places.Min(place => place.Use);
        double high = places.Max(place => place.Use);
        Scale y = frame.Values(low >= 0 || low > -0.05 * high ? 0 : low, high, UnitNames.PerDay(result.Unit, formatter.Language), 7);
        Scale x = frame.Along(places.Min(place => place.Driver), places.Max(place => place.Driver), DriverAxis(), 7);
        PathData before = new();
        PathData after = new();
        foreach ((ProjectDay day, double driver, double use) in places)
        {
            Point at = new(x[driver], Math.Min(frame.Bottom, y[use]));
            if (day.Phase == DayPhase.Baseline)
            {
                before.Circle(at, 1.8);
            }
            else
            {
                after.Cross(at, 1.8);
            }
        }

        svg.Path(before, "dot-baseline");
        svg.Path(after, "cross-reporting");
        double from = fit.DriverMinimum[Main];
        double to = fit.DriverMaximum[Main];
        svg.Line(new(x[from], y[LineAt(from)]), new(x[to], y[LineAt(to)]), "fit-line");
        DrawKey(svg, frame);
        return svg.Finish(
            Words.ScatterChart.In(formatter.Language, DriverNames.Of(fit.DriverNames[Main], formatter.Language)),
            Words.ScatterDescription.In(formatter.Language, Formatter.Significant(fit.Coefficients[Main + 1], 3), result.Unit),
            Frame.StyleOf(width));
    }

    private static int MainDriver(ProjectResult result, BaselineFit fit)
    {
        int main = 0;
        double best = -1;
        for (int driver = 0; driver < fit.DriverNames.Count; driver++)
        {
            bool isCalendar = result.Project.Drivers[driver].Kind == DriverKind.Workday;
            double strength = Math.Abs(fit.TStatistics[driver + 1]) * (isCalendar ? 1e-9 : 1);
            if (strength > best)
            {
                best = strength;
                main = driver;
            }
        }

        return main;
    }

    private void DrawKey(Svg svg, Frame frame)
    {
        PathData circle = new();
        circle.Circle(new(frame.Left + 8, 16), 3);
        svg.Path(circle, "dot-baseline");
        svg.Label(new(frame.Left + 16, 20), Words.BaselinePeriod.In(formatter.Language), "label ink-baseline");
        PathData cross = new();
        cross.Cross(new(frame.Left + 128, 16), 3);
        svg.Path(cross, "cross-reporting");
        svg.Label(new(frame.Left + 137, 20), Words.ReportingPeriod.In(formatter.Language), "label ink-use");
    }

    private string DriverAxis()
    {
        string name = DriverNames.Of(fit.DriverNames[Main], formatter.Language);
        string unit = result.DriverUnits[Main];
        return unit.Length == 0 ? name : $"{name} ({UnitNames.Of(unit, formatter.Language)})";
    }
}
