using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;

namespace Metering.Projects;

/// <summary>An event of a project with what it does to the saving: all other decided events stay as they are decided.</summary>
/// <param name="Event">The event as proposed, or as a person entered it.</param>
/// <param name="Decision">What a person decided; null while it is only a proposal.</param>
/// <param name="With">The saving adjusted for it (a fault of the data: its days left out); null when that is refused.</param>
/// <param name="Without">The saving not adjusted for it; null when that is refused.</param>
internal sealed record ProjectEvent(EventProposal Event, EventDecision? Decision, StatedSaving? With, StatedSaving? Without)
{
    /// <summary>Whether the headline contains the adjustment.</summary>
    public bool IsApplied => Decision is { Kind: not EventDecisionKind.ProjectEffect and not EventDecisionKind.Ignored };
}

/// <summary>A saving with the half-width of its interval, in the unit of use.</summary>
internal sealed record StatedSaving(double Value, double HalfWidth)
{
    /// <summary>The figures of an outcome; null when it was refused.</summary>
    public static StatedSaving? Of(SavingsOutcome outcome) =>
        outcome.Result is { } result ? new(result.Savings, result.HalfWidth) : null;
}

/// <summary>Proposes events and says what each of them, decided or not, does to the saving.</summary>
internal sealed class EventAnalysis(ModelTable table, Period baseline, Period reporting, SavingsOptions options)
{
    /// <summary>Most events told; what a person decided comes first, then what changes the most use.</summary>
    public const int MostEvents = 20;

    /// <summary>Decided events and those that are still to be decided, in order of time.</summary>
    /// <param name="decisions">What was decided so far.</param>
    public IReadOnlyList<ProjectEvent> Of(IReadOnlyList<EventDecision> decisions)
    {
        SavingsOptions plain = options with { Adjustments = [], Excluded = [] };
        IReadOnlyList<EventProposal> proposals = EventProposals.Propose(table, baseline, reporting, plain);
        IEnumerable<EventProposal> open = proposals
            .Where(proposal => !decisions.Any(decision => IsSame(decision.Event, proposal)))
            .OrderByDescending(proposal => Math.Abs(proposal.Total));
        StatedSaving? decided = Saving(decisions);
        List<ProjectEvent> events = [];
        for (int index = 0; index < decisions.Count; index++)
        {
            int own = index;
            EventDecision decision = decisions[index];
            bool changesNothing = decision.Kind is EventDecisionKind.ProjectEffect or EventDecisionKind.Ignored;
            StatedSaving? without = changesNothing ? decided : Saving([.. decisions.Where((_, other) => other != own)]);
            StatedSaving? with = changesNothing
                ? Saving([.. decisions.Where((_, other) => other != own), Preview(decision.Event)])
                : decided;
            events.Add(new(decision.Event, decision, with, without));
        }

        foreach (EventProposal proposal in open.Take(Math.Max(0, MostEvents - decisions.Count)))
        {
            events.Add(new(proposal, null, Saving([.. decisions, Preview(proposal)]), decided));
        }

        return [.. events.OrderBy(told => told.Event.FromUtcMilliseconds)];
    }

    /// <summary>Whether a proposal is what was decided: of one period, and sharing more than half of the shorter one's time.</summary>
    public static bool IsSame(EventProposal decided, EventProposal proposed)
    {
        if (decided.Period != proposed.Period)
        {
            return false;
        }

        (double From, double To) left = SpanOf(decided);
        (double From, double To) right = SpanOf(proposed);
        double shared = Math.Min(left.To, right.To) - Math.Max(left.From, right.From);
        return shared > 0.5 * Math.Min(left.To - left.From, right.To - right.From);
    }

    // What has no end is taken to the last interval that has it.
    private static (double From, double To) SpanOf(EventProposal proposal) => (
        proposal.FromUtcMilliseconds,
        Math.Max(proposal.FromUtcMilliseconds + 1, proposal.ToUtcMilliseconds ?? proposal.LastUtcMilliseconds + TimeSpan.MillisecondsPerDay));

    // An outlier of a day or a few is shown as what it would be without its days; anything else as an adjustment.
    private static EventDecision Preview(EventProposal proposal) => new(
        proposal.Kind == EventKind.OutlierDays ? EventDecisionKind.DataFault
        : proposal.ToUtcMilliseconds is null ? EventDecisionKind.NonRoutinePermanent
        : EventDecisionKind.NonRoutineTemporary,
        proposal,
        nameof(EventAnalysis),
        "preview",
        DateTimeOffset.UnixEpoch);

    private StatedSaving? Saving(IReadOnlyList<EventDecision> decisions)
    {
        (IReadOnlyList<NonRoutineAdjustment> adjustments, IReadOnlyList<Period> excluded) = EventProposals.Decide(decisions, reporting);
        return StatedSaving.Of(SavingsCalculator.Avoided(
            table, baseline, reporting, options with { Adjustments = adjustments, Excluded = excluded }));
    }
}
