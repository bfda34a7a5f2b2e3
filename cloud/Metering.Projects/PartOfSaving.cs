using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;

namespace Metering.Projects;

/// <summary>The saving of a part of a reporting period, by the model and decisions of the whole: the parts add up to it.</summary>
/// <param name="Savings">Adjusted baseline less metered use over the days that count, in the project's unit.</param>
/// <param name="HalfWidth">Half of the interval at the project's confidence, same unit; NaN when it cannot be stated.</param>
/// <param name="StandardError">Standard error, same unit.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of the standard error.</param>
internal sealed record PartOfSaving(double Savings, double HalfWidth, double StandardError, double DegreesOfFreedom)
{
    /// <summary>What may be said about this part alone; without an interval no saving is claimed.</summary>
    public Verdict Verdict => VerdictOf(Savings, HalfWidth);

    /// <summary>What an interval allows to say.</summary>
    /// <param name="savings">The saving.</param>
    /// <param name="halfWidth">Half of its interval, same unit; NaN when it cannot be stated.</param>
    public static Verdict VerdictOf(double savings, double halfWidth) => savings - halfWidth > 0 ? Verdict.Saving
        : savings + halfWidth < 0 ? Verdict.MoreUse
        : Verdict.NotDistinguishable;

    // A part of a reporting period that passed as a whole is not refused for its own coverage or range again.
    private static readonly BaselineRules PartRules = new() { MinimumCoverage = 0, MaximumShareOutside = 1, MaximumNegativeShare = 1 };

    /// <summary>How a project's saving is computed with the decisions made.</summary>
    public static SavingsOptions OptionsOf(Project project, IReadOnlyList<Metering.Analytics.Events.EventDecision> decisions)
    {
        (IReadOnlyList<NonRoutineAdjustment> adjustments, IReadOnlyList<Period> excluded) = EventProposals.Decide(
            decisions, Period.FromDays(project.Reporting.First, project.Reporting.Last, project.Plant.Zone));
        return new() { Model = ModelKind.Auto, Confidence = project.ConfidencePercent / 100, Adjustments = adjustments, Excluded = excluded };
    }

    /// <summary>The days of a project as the table that models are fitted to.</summary>
    public static ModelTable TableOf(Project project, IReadOnlyList<ProjectDay> days)
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

    /// <summary>
    /// The saving of the days that lie both in a span and in the project's reporting period. Null when the project has no number, or no day of
    /// it lies in the span. The whole reporting period gives the very number of the project's page.
    /// </summary>
    /// <param name="result">The project's result.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, inclusive.</param>
    public static PartOfSaving? Of(ProjectResult result, DateOnly first, DateOnly last)
    {
        if (result.Savings is not { } whole || result.ReportedThrough is not { } through)
        {
            return null;
        }

        Project project = result.Project;
        DateOnly from = first > project.Reporting.First ? first : project.Reporting.First;
        DateOnly to = last < through ? last : through;
        if (to < from)
        {
            return null;
        }

        if (from == project.Reporting.First && to == through)
        {
            return new(whole.Savings, whole.HalfWidth, whole.StandardError, whole.DegreesOfFreedom);
        }

        double savings = 0;
        foreach (ProjectDay day in result.Days)
        {
            savings += day.Day >= from && day.Day <= to && day.Counts ? day.Baseline - day.Use : 0;
        }

        Period baseline = Period.FromDays(project.Baseline.First, project.Baseline.Last, project.Plant.Zone);
        double halfWidth = HalfWidthOf((TableOf(project, result.MeasuredDays), baseline), OptionsOf(project, result.Decisions), whole, Period.FromDays(from, to, project.Plant.Zone)).HalfWidth;
        return new(savings, halfWidth, halfWidth * whole.StandardError / whole.HalfWidth, whole.DegreesOfFreedom);
    }

    /// <summary>Half of the interval of a part, and the number of days it stands on; (NaN, 1) when it cannot be stated.</summary>
    /// <param name="data">The project's days and its baseline period.</param>
    /// <param name="options">What the whole was computed with.</param>
    /// <param name="whole">The saving of the whole reporting period.</param>
    /// <param name="part">The part.</param>
    // Events of the reporting period are estimated from all of it: a part takes their size and its standard error from there.
    public static (double HalfWidth, int Rows) HalfWidthOf((ModelTable Table, Period Baseline) data, SavingsOptions options, SavingsResult whole, Period part)
    {
        NonRoutineAdjustment[] early = [.. options.Adjustments.Where(adjustment => adjustment.Period.StartUtcMilliseconds < data.Baseline.EndUtcMilliseconds)];
        if (SavingsCalculator.Avoided(data.Table, data.Baseline, part, options with { Adjustments = early, Rules = PartRules }).Result is not { } own)
        {
            return (double.NaN, 1);
        }

        double multiplier = whole.StandardError > 0 ? whole.HalfWidth / whole.StandardError : 0;
        double squares = own.HalfWidth * own.HalfWidth;
        foreach (AdjustmentSize size in whole.Adjustments.Where(size => !size.InBaseline))
        {
            double error = multiplier * size.StandardError * own.StartUtcMilliseconds.Sum(size.Adjustment.WeightAt);
            squares += error * error;
        }

        return (Math.Sqrt(squares), own.MeteredByRow.Count);
    }
}
