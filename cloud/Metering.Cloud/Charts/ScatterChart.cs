using Metering.Analytics.Baselines;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Charts;

/// <summary>
/// Use against one driver of the model. The other drivers are brought to their baseline means by the model, and events are
/// taken out, so that the line and the points speak of the same conditions; the note says so.
/// </summary>
internal sealed class ScatterChart
{
    private const int LinePoints = 48;

    private readonly ProjectResult result;
    private readonly BaselineFit fit;
    private readonly Formatter formatter;
    private readonly int driver;
    private readonly double[] row;

    /// <summary>The chart of a result that has a fit.</summary>
    /// <param name="result">The result.</param>
    /// <param name="driver">Index of the driver in the project.</param>
    /// <param name="formatter">Numbers and dates.</param>
    public ScatterChart(ProjectResult result, int driver, Formatter formatter)
    {
        this.result = result;
        this.driver = driver;
        this.formatter = formatter;
        fit = result.Fit!;
        row = new double[fit.DriverNames.Count];
        List<ProjectDay> baseline = [.. result.Days.Where(day => day.Phase == DayPhase.Baseline && day.Counts)];
        for (int index = 0; index < result.Project.Drivers.Count; index++)
        {
            row[index] = baseline.Average(day => day.Drivers[index]);
        }
    }

    /// <summary>The drivers that the model uses, those with the strongest terms first; a calendar comes last.</summary>
    public static IReadOnlyList<int> DriversOf(ProjectResult result)
    {
        BaselineFit model = result.Fit!;
        Dictionary<int, double> strengths = [];
        for (int term = 0; term < model.Terms.Count; term++)
        {
            foreach (int used in (int[])[model.Terms[term].Driver, model.Terms[term].Second])
            {
                if (used >= 0 && used < result.Project.Drivers.Count)
                {
                    bool isCalendar = result.Project.Drivers[used].Kind == DriverKind.Workday;
                    double strength = Math.Abs(model.TStatistics[term + 1]) * (isCalendar ? 1e-9 : 1);
                    strengths[used] = Math.Max(strength, strengths.GetValueOrDefault(used, -1));
                }
            }
        }

        return [.. strengths.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key)];
    }

    /// <summary>A day's place: the driver and the use brought to the means of the others.</summary>
    public (double Driver, double Use) PlaceOf(ProjectDay day) =>
        (day.Drivers[driver], day.Use - day.Baseline + LineAt(day.Drivers[driver]));

    /// <summary>The line of the model at the means of the other drivers.</summary>
    public double LineAt(double value)
    {
        double mean = row[driver];
        row[driver] = value;
        double use = fit.Predict(row);
        row[driver] = mean;
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
                (double at, double use) = PlaceOf(day);
                places.Add((day, at, use));
            }
        }

        double low = places.Min(place => place.Use);
        double high = places.Max(place => place.Use);
        Scale y = frame.Values(low >= 0 || low > -0.05 * high ? 0 : low, high, UnitNames.PerDay(result.Unit, formatter.Language), 7);
        Scale x = DriverScale(frame, result, driver, formatter.Language, places.Min(place => place.Driver), places.Max(place => place.Driver));
        PathData before = new();
        PathData after = new();
        foreach ((ProjectDay day, double at, double use) in places)
        {
            Point point = new(x[at], Math.Min(frame.Bottom, y[use]));
            if (day.Phase == DayPhase.Baseline)
            {
                before.Circle(point, 1.8);
            }
            else
            {
                after.Cross(point, 1.8);
            }
        }

        svg.Path(before, "dot-baseline");
        svg.Path(after, "cross-reporting");
        svg.Path(Line(x, y), "fit-line");
        DrawKey(svg, frame);
        return svg.Finish(
            Words.ScatterChart.In(formatter.Language, DriverNames.Of(result.Project.Drivers[driver].Id, formatter.Language)),
            Description(),
            Frame.StyleOf(width));
    }

    /// <summary>Draws the axis of a driver; a working day is a question with two answers and no number of days.</summary>
    public static Scale DriverScale(Frame frame, ProjectResult result, int driver, Language language, double low, double high) => result.Project.Drivers[driver].Kind == DriverKind.Workday
        ? frame.Answers(Words.No.In(language), Words.Yes.In(language), DriverNames.Of(result.Project.Drivers[driver].Id, language))
        : frame.Along(low, high, DriverAxis(result, driver, language), 7);

    /// <summary>Name of a driver with its unit, for an axis.</summary>
    public static string DriverAxis(ProjectResult result, int driver, Language language)
    {
        string name = DriverNames.Of(result.Project.Drivers[driver].Id, language);
        string unit = result.DriverUnits[driver];
        return unit.Length == 0 ? name : $"{name} ({UnitNames.Of(unit, language)})";
    }

    // Drawn only where the baseline has seen the driver, with a corner at each breakpoint.
    private PathData Line(Scale x, Scale y)
    {
        double from = fit.DriverMinimum[driver];
        double to = fit.DriverMaximum[driver];
        List<double> corners = [from, to];
        bool isStraight = true;
        foreach (BaselineTerm term in fit.Terms)
        {
            if (term.Driver == driver && double.IsFinite(term.Breakpoint) && term.Breakpoint > from && term.Breakpoint < to)
            {
                corners.Add(term.Breakpoint);
            }

            isStraight &= term.Kind != TermKind.Product || term.Driver != term.Second;
        }

        for (int index = 1; index < LinePoints && !isStraight; index++)
        {
            corners.Add(from + ((to - from) * index / LinePoints));
        }

        PathData path = new();
        foreach (double corner in corners.Distinct().Order())
        {
            path.To(new(x[corner], y[LineAt(corner)]));
        }

        return path;
    }

    private string Description()
    {
        double from = fit.DriverMinimum[driver];
        double to = fit.DriverMaximum[driver];
        int decimals = Formatter.DecimalsFor(Math.Abs(LineAt(to)) / 100);
        return Words.ScatterDescription.In(
            formatter.Language,
            formatter.Quantity(LineAt(from), result.Unit, decimals),
            formatter.Quantity(LineAt(to), result.Unit, decimals));
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
}
