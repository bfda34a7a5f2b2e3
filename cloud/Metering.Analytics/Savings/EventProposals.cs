using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Savings;

/// <summary>Looks for non-routine events in both periods of a project and turns those that a person accepts into adjustments.</summary>
public static class EventProposals
{
    /// <summary>An event can hide a driver, and a wrong model can hide an event: model and events are looked at in turn so often.</summary>
    private const int Rounds = 4;

    /// <summary>
    /// Proposes events: the model is chosen, its residuals are searched, the model is chosen again with the events found, until
    /// neither changes. Empty when the baseline is refused; <see cref="SavingsCalculator.Avoided"/> gives the reasons.
    /// </summary>
    /// <param name="table">Rows of both periods.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="reporting">The period after the project.</param>
    /// <param name="options">Model and rules; its adjustments are not read.</param>
    /// <param name="scan">How to search; the defaults when null.</param>
    /// <exception cref="ArgumentException">As for <see cref="SavingsCalculator.Avoided"/>.</exception>
    public static IReadOnlyList<EventProposal> Propose(
        ModelTable table, Period baseline, Period reporting, SavingsOptions options, EventScanOptions? scan = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        SavingsCalculator.Check(options);
        List<Reason> reasons = [];
        ModelRows rows = ModelRows.Order(table, options.Model != ModelKind.Mean, reasons, []);
        PeriodRows before = rows.Select(baseline, options.Excluded);
        PeriodRows after = rows.Select(reporting, options.Excluded);
        IReadOnlyList<EventProposal> found = [];
        for (int round = 0; round < Rounds && reasons.Count == 0; round++)
        {
            BaselineGate gate = new(options.Rules, rows.Spacing, reasons, []);
            gate.CheckPeriods(baseline, reporting);
            NonRoutineAdjustment[] early = [.. Adjustments(found.Where(proposal => proposal.Period == EventPeriod.Baseline), reporting)];
            if (ModelChoice.Of(before, early, options, gate, isFirstLook: round == 0) is not { } choice || reasons.Count > 0)
            {
                return round == 0 ? [] : found;
            }

            IReadOnlyList<EventProposal> next = Scan(choice.Fit, before.WithEvents(early), after.WithEvents(early), scan);
            bool same = IsSame(found, next);
            found = next;
            if (same)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>
    /// Adjustments for proposals as they stand: what lasts to the end of the baseline lasts through the reporting period. A step or
    /// drift close to the installation is left with the project, whose effect it may be.
    /// </summary>
    /// <param name="proposals">The proposals.</param>
    /// <param name="reporting">The period after the project.</param>
    public static IReadOnlyList<NonRoutineAdjustment> Adjustments(IEnumerable<EventProposal> proposals, Period reporting)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        List<NonRoutineAdjustment> adjustments = [];
        foreach (EventProposal proposal in proposals)
        {
            if (!IsLeftWithProject(proposal))
            {
                adjustments.Add(Adjustment(proposal, adjustments.Count + 1, reporting));
            }
        }

        return adjustments;
    }

    /// <summary>Whether a proposal may be the project itself, coming into effect early or late.</summary>
    /// <param name="proposal">The proposal.</param>
    public static bool IsLeftWithProject(EventProposal proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return proposal.IsNearInstallation && (proposal.Kind == EventKind.StepChange || proposal.Kind == EventKind.Drift);
    }

    /// <summary>What a person's decisions make of a project: adjustments, and spans left out as faults of the data.</summary>
    /// <param name="decisions">The decisions.</param>
    /// <param name="reporting">The period after the project.</param>
    public static (IReadOnlyList<NonRoutineAdjustment> Adjustments, IReadOnlyList<Period> Excluded) Decide(
        IEnumerable<EventDecision> decisions, Period reporting)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        List<NonRoutineAdjustment> adjustments = [];
        List<Period> excluded = [];
        foreach (EventDecision decision in decisions)
        {
            EventProposal proposal = decision.Event;
            long end = proposal.ToUtcMilliseconds ?? reporting.EndUtcMilliseconds;
            switch (decision.Kind)
            {
                case EventDecisionKind.NonRoutinePermanent:
                    adjustments.Add(Adjustment(proposal with { ToUtcMilliseconds = null }, adjustments.Count + 1, reporting));
                    break;
                case EventDecisionKind.NonRoutineTemporary:
                    adjustments.Add(Adjustment(proposal with { ToUtcMilliseconds = end }, adjustments.Count + 1, reporting));
                    break;
                case EventDecisionKind.DataFault:
                    excluded.Add(new Period(proposal.FromUtcMilliseconds, end));
                    break;
                default:
                    break;
            }
        }

        return (adjustments, excluded);
    }

    private static NonRoutineAdjustment Adjustment(EventProposal proposal, int number, Period reporting)
    {
        Period period = new(proposal.FromUtcMilliseconds, proposal.ToUtcMilliseconds ?? reporting.EndUtcMilliseconds);
        long? grown = proposal.Kind == EventKind.Drift ? proposal.LastUtcMilliseconds : null;
        return new NonRoutineAdjustment(string.Create(CultureInfo.InvariantCulture, $"event-{number}"), period)
        {
            GrownUtcMilliseconds = grown,
            TotalDateDeviation = double.IsFinite(proposal.TotalDateDeviation) ? proposal.TotalDateDeviation : 0,
        };
    }

    private static IReadOnlyList<EventProposal> Scan(BaselineFit fit, PeriodRows before, PeriodRows after, EventScanOptions? options)
    {
        EventScanRows early = Rows(fit, before);
        EventScanRows late = Rows(fit, after);
        EventScanResult result = EventScanner.Scan(early, late, options);
        return result.Proposals;
    }

    // The events found so far are taken out of the prediction again, so that they are found again beside others.
    private static EventScanRows Rows(BaselineFit fit, PeriodRows rows)
    {
        int plain = fit.Terms.Count - fit.Events.Count;
        double[] predictions = new double[rows.Count];
        double[] residuals = new double[rows.Count];
        double[] row = new double[rows.Drivers.Length];
        for (int i = 0; i < rows.Count; i++)
        {
            rows.CopyDrivers(i, row);
            predictions[i] = fit.Predict(row);
            for (int k = plain; k < fit.Terms.Count; k++)
            {
                predictions[i] -= fit.Coefficients[k + 1] * fit.Terms[k].Value(row);
            }

            residuals[i] = rows.Use[i] - predictions[i];
        }

        return new EventScanRows
        {
            StartUtcMilliseconds = rows.Start,
            Residuals = residuals,
            Predictions = predictions,
            Drivers = [.. fit.Terms.Take(plain).Select(term => term.Column(rows.Drivers))],
        };
    }

    private static bool IsSame(IReadOnlyList<EventProposal> left, IReadOnlyList<EventProposal> right)
    {
        bool same = left.Count == right.Count;
        for (int i = 0; i < left.Count && same; i++)
        {
            same = left[i].Kind == right[i].Kind && left[i].FromUtcMilliseconds == right[i].FromUtcMilliseconds
                && left[i].ToUtcMilliseconds == right[i].ToUtcMilliseconds;
        }

        return same;
    }
}
