using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Projects;

/// <summary>The saving of a project over the whole of its reporting period, without its rows.</summary>
/// <param name="Savings">Adjusted baseline less metered use, in the project's unit.</param>
/// <param name="HalfWidth">Half of its interval, same unit.</param>
/// <param name="Percent">Saving in percent of the adjusted baseline.</param>
/// <param name="Metered">Metered use of the days that count, same unit.</param>
/// <param name="Counterfactual">Adjusted baseline, same unit.</param>
/// <param name="Probability">Probability of a saving above zero, 0 to 1.</param>
/// <param name="StandardError">Standard error, same unit.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of the standard error.</param>
internal sealed record SavingFigures(double Savings, double HalfWidth, double Percent, double Metered, double Counterfactual, double Probability, double StandardError, double DegreesOfFreedom)
{
    /// <summary>The figures of a saving; null for none.</summary>
    public static SavingFigures? Of(SavingsResult? saving) => saving is null
        ? null
        : new(saving.Savings, saving.HalfWidth, saving.SavingsPercent, saving.Metered, saving.Counterfactual, saving.ProbabilityOfSaving, saving.StandardError, saving.DegreesOfFreedom);
}

/// <summary>Metered use of a day of a project, as the loads of an effluent project need it.</summary>
/// <param name="Day">The local day.</param>
/// <param name="Phase">Its period.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Use">Metered use; NaN when not known.</param>
internal readonly record struct MeteredDay(DateOnly Day, DayPhase Phase, DayState State, double Use);

/// <summary>The part of a saving that lies in a calendar half-year or year.</summary>
/// <param name="First">First day of it that lies in the reporting period.</param>
/// <param name="Last">Last day of it that has arrived.</param>
/// <param name="Part">The part.</param>
internal sealed record CalendarPart(DateOnly First, DateOnly Last, PartOfSaving Part);

/// <summary>
/// What lists, the portfolio and its reports need of a result: some kilobytes for what is most of a megabyte, so that every project's can be kept.
/// Everything in it comes from the result of the same version.
/// </summary>
internal sealed record ProjectSummary
{
    private const int MonthsOfAHalf = 6;

    /// <summary>The project.</summary>
    public required Project Project { get; init; }

    /// <summary>Version of the result, see <see cref="ProjectVersion"/>.</summary>
    public required string Version { get; init; }

    /// <summary>Unit of the metered use.</summary>
    public required string Unit { get; init; }

    /// <summary>What may be said.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why nothing is said; empty otherwise.</summary>
    public IReadOnlyList<Reason> Reasons { get; init; } = [];

    /// <summary>What to look at beside the number.</summary>
    public IReadOnlyList<Reason> Warnings { get; init; } = [];

    /// <summary>Evidence grade of the weakest channel, see <see cref="ProjectResult.Grade"/>; null without readings.</summary>
    public char? Grade { get; init; }

    /// <summary>Whether the whole reporting period has arrived.</summary>
    public bool IsComplete => ReportedThrough == Project.Reporting.Last;

    /// <summary>The saving; null when there is no number.</summary>
    public SavingFigures? Savings { get; init; }

    /// <summary>Last day of the reporting period that has arrived; null before.</summary>
    public DateOnly? ReportedThrough { get; init; }

    /// <summary>Days of baseline and reporting period that have passed and count, in percent; NaN when none has passed.</summary>
    public double ValidPercent { get; init; } = double.NaN;

    /// <summary>Readings of all channels in the span of the project.</summary>
    public long Readings { get; init; }

    /// <summary>Of these, usable.</summary>
    public long UsableReadings { get; init; }

    /// <summary>The days in blocks of a week.</summary>
    public IReadOnlyList<Block> Weeks { get; init; } = [];

    /// <summary>Saving of each month, by its first day; empty without a number.</summary>
    public IReadOnlyList<(DateOnly Month, double Savings)> Months { get; init; } = [];

    /// <summary>Its parts by calendar half-year and year; empty without a number.</summary>
    public IReadOnlyList<CalendarPart> Parts { get; init; } = [];

    /// <summary>Days that have arrived of an effluent project; empty for any other.</summary>
    public IReadOnlyList<MeteredDay> EffluentDays { get; init; } = [];

    /// <summary>The summary of a result.</summary>
    public static ProjectSummary Of(ProjectResult result) => new()
    {
        Project = result.Project,
        Version = result.Version,
        Unit = result.Unit,
        Verdict = result.Verdict,
        Grade = result.Grade,
        Reasons = result.Reasons,
        Warnings = result.Warnings,
        Savings = SavingFigures.Of(result.Savings),
        ReportedThrough = result.ReportedThrough,
        ValidPercent = result.ValidPercent,
        Readings = result.Evidence.Sum(channel => (long)channel.Count),
        UsableReadings = result.Evidence.Sum(channel => (long)channel.UsableCount),
        Weeks = [.. result.Weeks],
        Months = result.Savings is null ? [] : [.. result.Months.Select(month => (new DateOnly(month.Year, month.Month, 1), month.Saving))],
        Parts = PartsOf(result),
        EffluentDays = result.Project.Resource != Resource.Effluent
            ? []
            : [.. result.MeasuredDays.Where(day => day.State != DayState.Ahead).Select(day => new MeteredDay(day.Day, day.Phase, day.State, day.Use))],
    };

    /// <summary>The saving of the days that lie both in a calendar half-year or year and in the reporting period; null when there is no number or no such day.</summary>
    /// <param name="first">First day: 1 January or 1 July, or any day up to that of the reporting period.</param>
    /// <param name="last">Last day, inclusive: 30 June or 31 December, or any day from the last that has arrived.</param>
    /// <exception cref="ArgumentException">Another span: of that only the whole result knows (<see cref="PartOfSaving.Of"/>).</exception>
    public PartOfSaving? PartIn(DateOnly first, DateOnly last)
    {
        if (Savings is not { } whole || ReportedThrough is not { } through)
        {
            return null;
        }

        (DateOnly from, DateOnly to) = Within(Project, through, first, last);
        if (to < from)
        {
            return null;
        }

        if (from == Project.Reporting.First && to == through)
        {
            return new(whole.Savings, whole.HalfWidth, whole.StandardError, whole.DegreesOfFreedom);
        }

        return Parts.FirstOrDefault(part => part.First == from && part.Last == to)?.Part
            ?? throw new ArgumentException($"a summary knows half-years and years, not {from:yyyy-MM-dd} to {to:yyyy-MM-dd}", nameof(first));
    }

    private static (DateOnly From, DateOnly To) Within(Project project, DateOnly through, DateOnly first, DateOnly last) =>
        (first > project.Reporting.First ? first : project.Reporting.First, last < through ? last : through);

    private static List<CalendarPart> PartsOf(ProjectResult result)
    {
        List<CalendarPart> parts = [];
        if (result.Savings is null || result.ReportedThrough is not { } through)
        {
            return parts;
        }

        for (int year = result.Project.Reporting.First.Year; year <= through.Year; year++)
        {
            DateOnly january = new(year, 1, 1);
            DateOnly july = january.AddMonths(MonthsOfAHalf);
            foreach ((DateOnly first, DateOnly last) in ((DateOnly, DateOnly)[])[(january, july.AddDays(-1)), (july, january.AddYears(1).AddDays(-1)), (january, january.AddYears(1).AddDays(-1))])
            {
                (DateOnly from, DateOnly to) = Within(result.Project, through, first, last);
                if (to >= from && !parts.Exists(part => part.First == from && part.Last == to) && PartOfSaving.Of(result, first, last) is { } part)
                {
                    parts.Add(new(from, to, part));
                }
            }
        }

        return parts;
    }
}
