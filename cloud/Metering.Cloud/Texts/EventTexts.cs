using Metering.Analytics.Events;

namespace Metering.Cloud.Texts;

/// <summary>Kinds of events and decisions in the words of the reader.</summary>
internal static class EventTexts
{
    /// <summary>The shape of an event.</summary>
    public static Text Kind(EventKind kind) => kind switch
    {
        EventKind.StepChange => Words.EventStep,
        EventKind.Temporary => Words.EventTemporary,
        EventKind.Drift => Words.EventDrift,
        _ => Words.EventOutlier,
    };

    /// <summary>What a person decided.</summary>
    public static Text Decision(EventDecisionKind kind) => kind switch
    {
        EventDecisionKind.ProjectEffect => Words.DecidedProject,
        EventDecisionKind.NonRoutinePermanent => Words.DecidedPermanent,
        EventDecisionKind.NonRoutineTemporary => Words.DecidedTemporary,
        EventDecisionKind.Ignored => Words.DecidedIgnored,
        _ => Words.DecidedFault,
    };
}
