using System.Diagnostics;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Projects;

/// <summary>Between the register's events and decisions and those of the analysis.</summary>
internal static class RecordedEvents
{
    // The analysis takes 4,000 characters, the register 8,000; what is cut here stands whole in the record.
    private const int LongestReason = 4000;

    /// <summary>The decisions of a project, in order of the events' days: the order of <see cref="Metering.Projects.Statements.DecisionStatement.InOrder"/>.</summary>
    public static IReadOnlyList<Analytics.Events.EventDecision> Of(RegisterSnapshot register, Project project)
    {
        List<(StaticFactorEvent Event, string Id, Analytics.Events.EventDecision Decision)> decisions = [];
        foreach (Programme.Kinds.EventDecision decision in register.All<Programme.Kinds.EventDecision>())
        {
            if (decision.Project == project.Id && register.Find<StaticFactorEvent>(decision.Event) is { } about)
            {
                decisions.Add((about, decision.Id, DecisionOf(decision, about, register.Find<Attachment>(about.File)?.Sha256, project)));
            }
        }

        return [.. decisions.OrderBy(pair => pair.Event.FirstDay).ThenBy(pair => pair.Event.Id, StringComparer.Ordinal).ThenBy(pair => pair.Id, StringComparer.Ordinal).Select(pair => pair.Decision)];
    }

    /// <summary>The event of a record, as the analysis has it.</summary>
    public static EventProposal ProposalOf(StaticFactorEvent record, Project project)
    {
        EventPeriod period = PeriodOf(record.FirstDay, project);
        DateOnly end = period == EventPeriod.Baseline ? project.Baseline.Last : project.Reporting.Last;
        DateOnly last = record.LastDay ?? (end < record.FirstDay ? record.FirstDay : end);
        int days = last.DayNumber - record.FirstDay.DayNumber + 1;
        double size = (double)(record.SizePerDay?.Amount ?? 0);
        return new()
        {
            Kind = KindOf(record),
            Period = period,
            FromUtcMilliseconds = Start(record.FirstDay, project),
            ToUtcMilliseconds = record.LastDay is { } lastDay ? Start(lastDay.AddDays(1), project) : null,
            LastUtcMilliseconds = Start(record.GrownOn ?? last, project),
            SizePerInterval = size,
            SizeHalfWidth = (double)(record.SizeHalfWidth?.Amount ?? 0),
            Total = size * days,
            ExpectedTotal = size * days,
            TotalDateDeviation = (double)(record.DateDeviation?.Amount ?? 0),
            Intervals = days,
            ShownUtcMilliseconds = [],
            LikelihoodGain = 0,
            Penalty = 0,
            IsNearInstallation = false,
        };
    }

    /// <summary>The record of a proposal; its days may have been corrected by a person.</summary>
    /// <param name="proposal">The proposal.</param>
    /// <param name="project">Its project.</param>
    /// <param name="unit">Unit of the project's use.</param>
    /// <param name="id">Identifier of the record.</param>
    /// <param name="days">First and last day as the person confirmed them; the last one null while it goes on.</param>
    public static StaticFactorEvent RecordOf(EventProposal proposal, Project project, string unit, string id, (DateOnly First, DateOnly? Last) days)
    {
        bool isKnown = Metering.Readings.Units.IsKnown(unit);
        Text kind = Texts.EventTexts.Kind(proposal.Kind);
        return new()
        {
            Id = id,
            Title = kind.In(Language.Spanish),
            Project = project.Id,
            FirstDay = days.First,
            LastDay = days.Last,
            Description = $"{kind.In(Language.Spanish)} / {kind.In(Language.English)}",
            Shape = (EventShape)proposal.Kind,
            GrownOn = proposal.Kind == EventKind.Drift ? PlantCalendar.DayOf(proposal.LastUtcMilliseconds, project.Plant.Zone) : null,
            SizePerDay = isKnown ? Exact(proposal.SizePerInterval, unit) : null,
            SizeHalfWidth = isKnown ? Exact(proposal.SizeHalfWidth, unit) : null,
            DateDeviation = isKnown && proposal.TotalDateDeviation >= 0 ? Exact(proposal.TotalDateDeviation, unit) : null,
        };
    }

    /// <summary>The days of an event: its first, and its last or null when it goes on.</summary>
    public static (DateOnly First, DateOnly? Last) DaysOf(EventProposal proposal, Project project) => (
        PlantCalendar.DayOf(proposal.FromUtcMilliseconds, project.Plant.Zone),
        proposal.ToUtcMilliseconds is { } end ? PlantCalendar.DayOf(end - 1, project.Plant.Zone) : null);

    /// <summary>On which side of the installation a day lies.</summary>
    public static EventPeriod PeriodOf(DateOnly day, Project project) => day < project.Installation.First ? EventPeriod.Baseline : EventPeriod.Reporting;

    /// <summary>A number as the register keeps it, to six places; null when it is none.</summary>
    public static Quantity? Exact(double value, string unit) =>
        double.IsFinite(value) && Math.Abs(value) < 1e15 ? new(Math.Round((decimal)value, 6), unit) : null;

    /// <summary>A decision of the register, as the analysis has it.</summary>
    public static Analytics.Events.EventDecision DecisionOf(Programme.Kinds.EventDecision decision, StaticFactorEvent about, string? sha256, Project project) => new(
        decision.Decision switch
        {
            EventTreatment.ProjectEffect => EventDecisionKind.ProjectEffect,
            EventTreatment.NonRoutinePermanent => EventDecisionKind.NonRoutinePermanent,
            EventTreatment.NonRoutineTemporary => EventDecisionKind.NonRoutineTemporary,
            EventTreatment.DataFault => EventDecisionKind.DataFault,
            EventTreatment.Ignored => EventDecisionKind.Ignored,
            _ => throw new UnreachableException(),
        },
        ProposalOf(about, project),
        decision.Person,
        decision.Reason.Length <= LongestReason ? decision.Reason : decision.Reason[..LongestReason],
        new(decision.DecidedOn.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
        sha256);

    private static EventKind KindOf(StaticFactorEvent record) => record.Shape switch
    {
        EventShape.Drift => EventKind.Drift,
        EventShape.OutlierDays => EventKind.OutlierDays,
        EventShape.Temporary => EventKind.Temporary,
        EventShape.Step => EventKind.StepChange,
        _ => record.LastDay is null ? EventKind.StepChange : EventKind.Temporary,
    };

    private static long Start(DateOnly day, Project project) => PlantCalendar.StartOfDay(day, project.Plant.Zone);
}
