using System.Globalization;
using Metering.Analytics.Events;
using Metering.Cloud.Projects;

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

    /// <summary>The proposed events of a result that nobody decided on, one line each, with the number they have on the pages: kind, period, days.</summary>
    public static IReadOnlyList<Text> Undecided(ProjectResult result) =>
        [.. result.Events.Index().Where(one => one.Item.Decision is null).Select(one => new Text(Line(one, result, Language.Spanish), Line(one, result, Language.English)))];

    /// <summary>What a person decided.</summary>
    public static Text Decision(EventDecisionKind kind) => kind switch
    {
        EventDecisionKind.ProjectEffect => Words.DecidedProject,
        EventDecisionKind.NonRoutinePermanent => Words.DecidedPermanent,
        EventDecisionKind.NonRoutineTemporary => Words.DecidedTemporary,
        EventDecisionKind.Ignored => Words.DecidedIgnored,
        _ => Words.DecidedFault,
    };

    private static string Line((int Index, ProjectEvent Told) one, ProjectResult result, Language language)
    {
        Formatter format = new(language);
        (DateOnly first, DateOnly? last) = RecordedEvents.DaysOf(one.Told.Event, result.Project);
        Text period = one.Told.Event.Period == EventPeriod.Baseline ? Words.BaselinePeriod : Words.ReportingPeriod;
        string until = last is { } end ? format.Date(end) : Words.UntilEnd.In(language);
        return string.Create(CultureInfo.InvariantCulture, $"{one.Index + 1}. {Kind(one.Told.Event.Kind).In(language)} ({period.In(language)}), {format.Date(first)} – {until}");
    }
}
