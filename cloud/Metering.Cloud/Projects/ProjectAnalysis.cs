using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Metering.Cloud.Charts;

namespace Metering.Cloud.Projects;

/// <summary>
/// From readings to everything a page shows: days, fit, saving with its interval, weeks, months, quarters of an hour.
/// Pure: the same project and readings give the same result.
/// </summary>
internal sealed class ProjectAnalysis
{
    private const int WeekLength = 7;

    // A part of a reporting period that passed as a whole is not refused for its own coverage or range again.
    private static readonly BaselineRules PartRules = new() { MinimumCoverage = 0, MaximumShareOutside = 1, MaximumNegativeShare = 1 };

    private readonly Project project;
    private readonly IReadOnlyDictionary<ChannelName, ChannelReadings> readings;
    private readonly IReadOnlyList<ProjectDay> days;
    private readonly ModelTable table;
    private readonly Period baseline;

    private ProjectAnalysis(Project project, IReadOnlyDictionary<ChannelName, ChannelReadings> readings)
    {
        this.project = project;
        this.readings = readings;
        days = DailyTable.Build(project, readings);
        table = Table(days, project);
        baseline = Period.FromDays(project.Baseline.First, project.Baseline.Last, project.Plant.Zone);
    }

    /// <summary>Analyses a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="readings">Readings of its channels; a channel that is not there has none.</param>
    /// <param name="evidence">Where they come from, the use first.</param>
    /// <param name="version">Hash over project and data.</param>
    public static ProjectResult Run(
        Project project, IReadOnlyDictionary<ChannelName, ChannelReadings> readings, IReadOnlyList<ChannelEvidence> evidence, string version) =>
        new ProjectAnalysis(project, readings).Result(evidence, version);

    private ProjectResult Result(IReadOnlyList<ChannelEvidence> evidence, string version)
    {
        ChannelReadings? use = readings.GetValueOrDefault(project.Use);
        ProjectDay? lastArrived = days.LastOrDefault(day => day.State != DayState.Ahead);
        DateOnly? through = lastArrived is { Phase: DayPhase.Reporting } ? lastArrived.Day : null;
        ProjectResult bare = new()
        {
            Project = project,
            Version = version,
            Unit = use?.Channel.Unit ?? DefaultUnit(project.Resource),
            Verdict = Verdict.Waiting,
            Days = days,
            Weeks = Block.Of(days, WeekLength),
            DriverUnits = [.. project.Drivers.Select(driver => driver.Source is null ? "day" : readings.GetValueOrDefault(driver.Source)?.Channel.Unit ?? "")],
            Evidence = evidence,
            Carpet = use is null ? null : BuildCarpet(use),
            ReportedThrough = through,
        };
        return through is { } last ? Judge(bare, last) : WithBaseline(bare, lastArrived);
    }

    // Before the reporting period the page still shows how well the baseline fits, once that is complete.
    private ProjectResult WithBaseline(ProjectResult bare, ProjectDay? lastArrived)
    {
        if (lastArrived is null || lastArrived.Day < project.Baseline.Last)
        {
            return bare;
        }

        BaselineOutcome outcome = BaselineModel.Fit(table, baseline, ModelKind.Ols);
        return outcome.Fit is null
            ? bare with { Verdict = Verdict.Refused, Reasons = outcome.Reasons, Warnings = outcome.Warnings }
            : WithModel(bare, outcome.Fit, null) with { Warnings = outcome.Warnings };
    }

    private ProjectResult Judge(ProjectResult bare, DateOnly through)
    {
        SavingsOutcome outcome = Avoided(project.Reporting.First, through, new BaselineRules());
        if (outcome.Result is not { } savings)
        {
            return bare with { Verdict = Verdict.Refused, Reasons = outcome.Reasons, Warnings = outcome.Warnings };
        }

        Verdict verdict = savings.Savings - savings.HalfWidth > 0 ? Verdict.Saving
            : savings.Savings + savings.HalfWidth < 0 ? Verdict.MoreUse
            : Verdict.NotDistinguishable;
        ProjectResult result = WithModel(bare, savings.Fit, savings);
        return result with
        {
            Verdict = verdict,
            Warnings = outcome.Warnings,
            Savings = savings,
            Months = Months(result.Days, through),
        };
    }

    private ProjectResult WithModel(ProjectResult bare, BaselineFit fit, SavingsResult? savings)
    {
        Dictionary<long, double> halfWidths = [];
        for (int row = 0; row < (savings?.StartUtcMilliseconds.Count ?? 0); row++)
        {
            halfWidths[savings!.StartUtcMilliseconds[row]] = savings.BandHalfWidth[row];
        }

        ProjectDay[] modelled = new ProjectDay[days.Count];
        double[] row0 = new double[project.Drivers.Count];
        for (int index = 0; index < modelled.Length; index++)
        {
            ProjectDay day = days[index];
            for (int driver = 0; driver < row0.Length; driver++)
            {
                row0[driver] = day.Drivers[driver];
            }

            modelled[index] = day with
            {
                Baseline = day.State == DayState.Ahead ? double.NaN : fit.Predict(row0),
                HalfWidth = halfWidths.GetValueOrDefault(table.StartUtcMilliseconds[index], double.NaN),
            };
        }

        Block[] weeks = [.. Block.Of(modelled, WeekLength)];
        for (int index = 0; index < weeks.Length && savings is not null; index++)
        {
            Block week = weeks[index];
            if (week.Phase == DayPhase.Reporting && double.IsFinite(week.Baseline))
            {
                SavingsResult? part = Avoided(week.First, week.First.AddDays(week.Days - 1), PartRules).Result;
                weeks[index] = week with { HalfWidth = part is null ? double.NaN : part.HalfWidth / part.MeteredByRow.Count };
            }
        }

        return bare with { Fit = fit, Days = modelled, Weeks = weeks };
    }

    private List<MonthRow> Months(IReadOnlyList<ProjectDay> modelled, DateOnly through)
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

            double halfWidth = counted == 0 ? double.NaN : Avoided(first, last, PartRules).Result?.HalfWidth ?? double.NaN;
            months.Add(new(month.Year, month.Month, metered, model, halfWidth, counted, last.DayNumber - first.DayNumber + 1));
        }

        return months;
    }

    private SavingsOutcome Avoided(DateOnly first, DateOnly last, BaselineRules rules) => SavingsCalculator.Avoided(
        table,
        baseline,
        Period.FromDays(first, last, project.Plant.Zone),
        new() { Confidence = project.ConfidencePercent / 100, Rules = rules });

    private static ModelTable Table(IReadOnlyList<ProjectDay> days, Project project)
    {
        Driver[] drivers = new Driver[project.Drivers.Count];
        for (int driver = 0; driver < drivers.Length; driver++)
        {
            drivers[driver] = new(project.Drivers[driver].Id, [.. days.Select(day => day.Drivers[driver])]);
        }

        return new()
        {
            StartUtcMilliseconds = [.. days.Select(day => PlantCalendar.StartOfDay(day.Day, project.Plant.Zone))],
            Use = [.. days.Select(day => day.Use)],
            Drivers = drivers,
        };
    }

    private Carpet BuildCarpet(ChannelReadings use)
    {
        DateOnly first = days[0].Day;
        double[] values = new double[days.Count * Carpet.Slots];
        Array.Fill(values, double.NaN);
        IntervalSeries series = IntervalBuilder.FromCounter(
            use.UtcMilliseconds, use.ScaledValues, use.Usable, Register.Options(use.Channel, IntervalStep.QuarterHour, project.Plant.Zone, use.Breaks));
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

    private static string DefaultUnit(Resource resource) => resource == Resource.Electricity ? "kWh" : "m3";
}
