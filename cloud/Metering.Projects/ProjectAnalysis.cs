using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Metering.Readings;

namespace Metering.Projects;

/// <summary>
/// From readings to everything a page shows: days, fit, saving with its interval, weeks, months, quarters of an hour.
/// Pure: the same project and readings give the same result.
/// </summary>
internal sealed class ProjectAnalysis
{
    private const int WeekLength = 7;

    private readonly Project project;
    private readonly ProjectInputs inputs;
    private readonly IReadOnlyList<ProjectDay> days;
    private readonly ModelTable table;
    private readonly Period baseline;

    // The model is chosen among all that the project's stated drivers allow; a stated driver that cannot be used is told, not dropped.
    private readonly SavingsOptions options;

    private ProjectAnalysis(Project project, ProjectInputs inputs)
    {
        this.project = project;
        this.inputs = inputs;
        days = DailyTable.Build(project, inputs.Readings, inputs.Production);
        table = PartOfSaving.TableOf(project, days);
        baseline = Period.FromDays(project.Baseline.First, project.Baseline.Last, project.Plant.Zone);
        options = PartOfSaving.OptionsOf(project, inputs.Decisions);
        days = Excluding(days);
    }

    /// <summary>Analyses a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="inputs">What it is analysed from.</param>
    /// <param name="version">Hash over project, data and decisions.</param>
    /// <param name="previous">
    /// An earlier result of the same project and decisions, or null. Where its days are the same (readings of today do not
    /// change yesterday), model, events and savings are taken over.
    /// </param>
    public static ProjectResult Run(Project project, ProjectInputs inputs, string version, ProjectResult? previous = null) =>
        new ProjectAnalysis(project, inputs).Result(version, previous);

    private ProjectResult Result(string version, ProjectResult? previous)
    {
        ChannelReadings? use = inputs.Readings.GetValueOrDefault(project.Use);
        ProjectDay? lastArrived = days.LastOrDefault(day => day.State != DayState.Ahead);
        DateOnly? through = lastArrived is { Phase: DayPhase.Reporting } ? lastArrived.Day : null;
        Carpet? carpet = use is null || use.Channel.Kind == ChannelKind.Gauge ? null : BuildCarpet(use);
        ProjectResult bare = new()
        {
            Project = project,
            Version = version,
            Unit = use?.Channel.Unit ?? DefaultUnit(project.Resource),
            Verdict = Verdict.Waiting,
            MeasuredDays = days,
            Days = days,
            Weeks = Block.Of(days, WeekLength),
            DriverUnits = [.. project.Drivers.Select(UnitOf)],
            Evidence = inputs.Evidence,
            Decisions = inputs.Decisions,
            Production = inputs.Production,
            Carpet = carpet,
            Load = carpet is null ? [] : LoadAnalysis.Of(carpet, days),
            ReportedThrough = through,
        };
        if (previous is not null && ReferenceEquals(previous.Project, project) && previous.Unit == bare.Unit
            && previous.Decisions.SequenceEqual(inputs.Decisions) && ProjectDay.AreSame(previous.MeasuredDays, days))
        {
            return previous with
            {
                Version = version,
                Evidence = bare.Evidence,
                Carpet = bare.Carpet,
                Load = bare.Load,
                DriverUnits = bare.DriverUnits,
                Production = bare.Production,
                Waterfall = previous.Waterfall is { } waterfall ? waterfall with { Register = RegisterDifference() } : null,
            };
        }

        if (use?.Channel.Kind == ChannelKind.Gauge)
        {
            return bare with { Verdict = Verdict.Refused, Reasons = [new(ReasonKind.UseIsNoCounter, FormattableString.Invariant($"{project.Use.Channel} is a momentary value in {use.Channel.Unit}, not a counter: its differences are no use. Choose a counter."))] };
        }

        return through is { } last ? Judge(bare, last) : WithBaseline(bare, lastArrived);
    }

    // Before the reporting period the page still shows how well the baseline fits, once that is complete.
    private ProjectResult WithBaseline(ProjectResult bare, ProjectDay? lastArrived)
    {
        if (lastArrived is null || lastArrived.Day < project.Baseline.Last)
        {
            return bare;
        }

        BaselineOutcome outcome = BaselineModel.Choose(table, baseline, options with { Adjustments = Early() });
        return outcome.Fit is null
            ? bare with { Verdict = Verdict.Refused, Reasons = outcome.Reasons, Warnings = outcome.Warnings }
            : WithModel(bare, outcome.Fit, null) with
            {
                Warnings = outcome.Warnings,
                Candidates = outcome.Candidates,
                Tests = AcceptanceTables.All(FitStatistics.Of(outcome.Fit, RowFrequency.Daily)),
            };
    }

    private ProjectResult Judge(ProjectResult bare, DateOnly through)
    {
        SavingsOutcome outcome = Avoided(project.Reporting.First, through);
        if (outcome.Result is not { } savings)
        {
            return bare with { Verdict = Verdict.Refused, Reasons = outcome.Reasons, Warnings = outcome.Warnings };
        }

        ProjectResult result = WithModel(bare, savings.Fit, savings);
        Period arrived = Period.FromDays(project.Reporting.First, through, project.Plant.Zone);
        return result with
        {
            Verdict = PartOfSaving.VerdictOf(savings.Savings, savings.HalfWidth),
            Warnings = outcome.Warnings,
            Savings = savings,
            WithoutEvents = outcome.WithoutEvents,
            Candidates = savings.Candidates,
            Tests = SavingsAcceptance.Of(savings),
            Events = new EventAnalysis(table, baseline, arrived, options with { Adjustments = [], Excluded = [] }).Of(inputs.Decisions),
            Waterfall = WaterfallAnalysis.Of(savings, PlainCounterfactual(savings), RegisterDifference()),
            Months = Months(result.Days, savings, through),
        };
    }

    private ProjectResult WithModel(ProjectResult bare, BaselineFit fit, SavingsResult? savings)
    {
        Dictionary<long, int> reportingRows = [];
        for (int row = 0; row < (savings?.StartUtcMilliseconds.Count ?? 0); row++)
        {
            reportingRows[savings!.StartUtcMilliseconds[row]] = row;
        }

        ProjectDay[] modelled = new ProjectDay[days.Count];
        double[] drivers = new double[fit.DriverNames.Count];
        for (int index = 0; index < modelled.Length; index++)
        {
            ProjectDay day = days[index];
            bool isRow = reportingRows.TryGetValue(table.StartUtcMilliseconds[index], out int row);
            FillDrivers(index, drivers, withEvents: true);
            modelled[index] = day with
            {
                Baseline = day.State is DayState.Ahead or DayState.Excluded || Array.Exists(drivers, double.IsNaN) ? double.NaN
                    : isRow ? savings!.AdjustedBaseline[row]
                    : fit.Predict(drivers),
                HalfWidth = isRow ? savings!.BandHalfWidth[row] : double.NaN,
            };
        }

        Block[] weeks = [.. Block.Of(modelled, WeekLength)];
        for (int index = 0; index < weeks.Length && savings is not null; index++)
        {
            Block week = weeks[index];
            if (week.Phase == DayPhase.Reporting && double.IsFinite(week.Baseline))
            {
                (double halfWidth, int rows) = PartHalfWidth(savings, week.First, week.First.AddDays(week.Days - 1));
                weeks[index] = week with { HalfWidth = halfWidth / rows };
            }
        }

        return bare with { Fit = fit, Days = modelled, Weeks = weeks, Residuals = ResidualAnalysis.Of(fit, project.Plant.Zone) };
    }

    private List<MonthRow> Months(IReadOnlyList<ProjectDay> modelled, SavingsResult savings, DateOnly through)
    {
        List<MonthRow> months = [];
        DayRange reporting = project.Reporting;
        for (DateOnly month = new(reporting.First.Year, reporting.First.Month, 1); month <= through; month = month.AddMonths(1))
        {
            DateOnly first = month < reporting.First ? reporting.First : month;
            DateOnly last = month.AddMonths(1).AddDays(-1);
            last = last > through ? through : last;
            double metered = 0;
            double model = 0;
            int counted = 0;
            foreach (ProjectDay day in modelled)
            {
                if (day.Day >= first && day.Day <= last && day.Counts)
                {
                    metered += day.Use;
                    model += day.Baseline;
                    counted++;
                }
            }

            double halfWidth = counted == 0 ? double.NaN : PartHalfWidth(savings, first, last).HalfWidth;
            months.Add(new(month.Year, month.Month, metered, model, halfWidth, counted, last.DayNumber - first.DayNumber + 1));
        }

        return months;
    }

    private (double HalfWidth, int Rows) PartHalfWidth(SavingsResult savings, DateOnly first, DateOnly last) =>
        PartOfSaving.HalfWidthOf((table, baseline), options, savings, Period.FromDays(first, last, project.Plant.Zone));

    private SavingsOutcome Avoided(DateOnly first, DateOnly last) => SavingsCalculator.Avoided(
        table, baseline, Period.FromDays(first, last, project.Plant.Zone), options);

    private NonRoutineAdjustment[] Early() =>
        [.. options.Adjustments.Where(adjustment => adjustment.Period.StartUtcMilliseconds < baseline.EndUtcMilliseconds)];

    // The model's drivers are the project's, then the indicators of the events of the baseline.
    private void FillDrivers(int index, double[] row, bool withEvents)
    {
        int own = project.Drivers.Count;
        for (int driver = 0; driver < own; driver++)
        {
            row[driver] = days[index].Drivers[driver];
        }

        NonRoutineAdjustment[] early = row.Length > own ? Early() : [];
        for (int added = 0; added < early.Length; added++)
        {
            row[own + added] = withEvents ? early[added].WeightAt(table.StartUtcMilliseconds[index]) : 0;
        }
    }

    private double PlainCounterfactual(SavingsResult savings)
    {
        if (options.Adjustments.Count == 0)
        {
            return savings.Counterfactual;
        }

        HashSet<long> rows = [.. savings.StartUtcMilliseconds];
        double[] drivers = new double[savings.Fit.DriverNames.Count];
        double sum = 0;
        for (int index = 0; index < days.Count; index++)
        {
            if (rows.Contains(table.StartUtcMilliseconds[index]))
            {
                FillDrivers(index, drivers, withEvents: false);
                sum += savings.Fit.Predict(drivers);
            }
        }

        return sum;
    }

    private double RegisterDifference()
    {
        ChannelEvidence? use = inputs.Evidence.FirstOrDefault(channel => channel.Name == project.Use);
        RegisterPoint[] points = [.. use?.Registers.Where(point => point.Phase == DayPhase.Reporting) ?? []];
        bool beganAnew = use?.Findings.Any(finding =>
            finding.Kind is FindingKind.Reset or FindingKind.Rollover or FindingKind.Replacement or FindingKind.RecordedReplacement) == true;
        return points.Length == 2 && !beganAnew && inputs.Readings.GetValueOrDefault(project.Use)?.Breaks.Count == 0
            ? points[1].Value - points[0].Value
            : double.NaN;
    }

    private IReadOnlyList<ProjectDay> Excluding(IReadOnlyList<ProjectDay> built) => options.Excluded.Count == 0
        ? built
        : [.. built.Select((day, index) => day.State != DayState.Ahead && options.Excluded.Any(span => span.Contains(table.StartUtcMilliseconds[index]))
            ? day with { State = DayState.Excluded }
            : day)];

    private Carpet BuildCarpet(ChannelReadings use)
    {
        DateOnly first = days[0].Day;
        double[] values = new double[days.Count * Carpet.Slots];
        Array.Fill(values, double.NaN);
        IntervalSeries series = IntervalBuilder.FromCounter(
            use.UtcMilliseconds, use.ScaledValues, use.Usable, RegisterIntervals.Options(use.Channel, IntervalStep.QuarterHour, project.Plant.Zone, use.Breaks));
        int day = 0;
        for (int index = 0; index < series.StartUtcMilliseconds.Count; index++)
        {
            long start = series.StartUtcMilliseconds[index];
            while (day + 1 < days.Count && table.StartUtcMilliseconds[day + 1] <= start)
            {
                day++;
            }

            long slot = (start - table.StartUtcMilliseconds[day]) / IntervalStep.QuarterHour.Milliseconds;
            if (slot is >= 0 and < Carpet.Slots && series.Code[index] == IntervalCode.Measured)
            {
                values[(day * Carpet.Slots) + (int)slot] = series.Value[index];
            }
        }

        return new(first, days.Count, values);
    }

    private string UnitOf(ProjectDriver driver) => driver.Kind == DriverKind.Production
        ? inputs.Production.FirstOrDefault(output => output.Product == driver.Product)?.Unit ?? ""
        : driver.Source is null ? "day" : inputs.Readings.GetValueOrDefault(driver.Source)?.Channel.Unit ?? "";

    private static string DefaultUnit(Resource resource) => resource == Resource.Electricity ? "kWh" : "m3";
}
