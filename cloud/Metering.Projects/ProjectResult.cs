using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Savings;

namespace Metering.Projects;

/// <summary>What may be said about a project's saving.</summary>
internal enum Verdict
{
    /// <summary>Nothing yet: the history that the project needs has not arrived.</summary>
    Waiting = 0,

    /// <summary>The data cannot carry a number; the reasons say why.</summary>
    Refused = 1,

    /// <summary>The interval contains zero: no saving can be claimed.</summary>
    NotDistinguishable = 2,

    /// <summary>The whole interval lies above zero.</summary>
    Saving = 3,

    /// <summary>The whole interval lies below zero: more was used than the baseline.</summary>
    MoreUse = 4,
}

/// <summary>One month of the reporting period; the months add up to the project's saving.</summary>
/// <param name="Year">Year.</param>
/// <param name="Month">Month, 1 to 12.</param>
/// <param name="Metered">Metered use of the days that count.</param>
/// <param name="Baseline">Adjusted baseline of the same days.</param>
/// <param name="HalfWidth">Half-width of the interval of the month's saving; NaN when it was refused.</param>
/// <param name="Days">Days that count.</param>
/// <param name="PossibleDays">Days of the month that lie in the reporting period and have passed.</param>
internal sealed record MonthRow(int Year, int Month, double Metered, double Baseline, double HalfWidth, int Days, int PossibleDays)
{
    /// <summary>Saving of the month.</summary>
    public double Saving => Baseline - Metered;
}

/// <summary>Mean power or flow of each quarter of an hour of each day; NaN where it is not known.</summary>
/// <param name="First">First day.</param>
/// <param name="Days">Number of days.</param>
/// <param name="Values">96 values a day, in the resource's unit per quarter of an hour.</param>
internal sealed record Carpet(DateOnly First, int Days, double[] Values)
{
    /// <summary>Quarters of an hour in a day.</summary>
    public const int Slots = 96;
}

/// <summary>Everything a page shows of a project.</summary>
internal sealed record ProjectResult
{
    /// <summary>The project.</summary>
    public required Project Project { get; init; }

    /// <summary>Hash over the project's definition and the data; the same version shows the same numbers.</summary>
    public required string Version { get; init; }

    /// <summary>Unit of the metered use.</summary>
    public required string Unit { get; init; }

    /// <summary>What may be said.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why nothing is said; empty otherwise.</summary>
    public IReadOnlyList<Reason> Reasons { get; init; } = [];

    /// <summary>What to look at beside the number.</summary>
    public IReadOnlyList<Reason> Warnings { get; init; } = [];

    /// <summary>Every day from the first of the baseline to the last of the reporting period.</summary>
    public required IReadOnlyList<ProjectDay> Days { get; init; }

    /// <summary>The days in blocks of a week, with the exact interval of each block's mean.</summary>
    public IReadOnlyList<Block> Weeks { get; init; } = [];

    /// <summary>The months of the reporting period.</summary>
    public IReadOnlyList<MonthRow> Months { get; init; } = [];

    /// <summary>The fit; null when refused.</summary>
    public BaselineFit? Fit { get; init; }

    /// <summary>The saving; null when refused.</summary>
    public SavingsResult? Savings { get; init; }

    /// <summary>The days before a model was put beside them.</summary>
    public IReadOnlyList<ProjectDay> MeasuredDays { get; init; } = [];

    /// <summary>The saving without any adjustment for events; null when none was decided.</summary>
    public SavingsResult? WithoutEvents { get; init; }

    /// <summary>The models that were compared, the chosen one first.</summary>
    public IReadOnlyList<CandidateModel> Candidates { get; init; } = [];

    /// <summary>The criteria of the usual protocols, each with its value and limit; empty without a fit.</summary>
    public IReadOnlyList<AcceptanceTest> Tests { get; init; } = [];

    /// <summary>What persons decided on events.</summary>
    public IReadOnlyList<EventDecision> Decisions { get; init; } = [];

    /// <summary>Output of the products that its drivers name.</summary>
    public IReadOnlyList<DailyOutput> Production { get; init; } = [];

    /// <summary>Events, decided or proposed, in order of time; empty without a saving.</summary>
    public IReadOnlyList<ProjectEvent> Events { get; init; } = [];

    /// <summary>What the residuals look like; null without a fit.</summary>
    public ResidualAnalysis? Residuals { get; init; }

    /// <summary>From the baseline to what was metered; null without a saving.</summary>
    public WaterfallAnalysis? Waterfall { get; init; }

    /// <summary>Load of the baseline and of the reporting period in order of size; empty without readings.</summary>
    public IReadOnlyList<LoadAnalysis> Load { get; init; } = [];

    /// <summary>Units of the drivers, per day.</summary>
    public IReadOnlyList<string> DriverUnits { get; init; } = [];

    /// <summary>Channels, the use first.</summary>
    public required IReadOnlyList<ChannelEvidence> Evidence { get; init; }

    /// <summary>The quarters of an hour; null when there are no readings.</summary>
    public Carpet? Carpet { get; init; }

    /// <summary>Evidence grade: that of the weakest channel with readings; null without readings.</summary>
    public char? Grade => Evidence.Select(channel => channel.Grade).OfType<char>().Select(grade => (char?)grade).DefaultIfEmpty(null).Max();

    /// <summary>Last day of the reporting period that has arrived; null before.</summary>
    public DateOnly? ReportedThrough { get; init; }

    /// <summary>Whether the whole reporting period has arrived.</summary>
    public bool IsComplete => ReportedThrough == Project.Reporting.Last;

    /// <summary>Days of baseline and reporting period that have passed and count, in percent; NaN when none has passed.</summary>
    public double ValidPercent
    {
        get
        {
            int possible = 0;
            int valid = 0;
            foreach (ProjectDay day in Days)
            {
                bool belongs = (day.Phase is DayPhase.Baseline or DayPhase.Reporting) && day.State != DayState.Ahead;
                possible += belongs ? 1 : 0;
                valid += belongs && (day.State is DayState.Measured or DayState.Allocated) ? 1 : 0;
            }

            return possible == 0 ? double.NaN : 100.0 * valid / possible;
        }
    }
}
