using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>How an event is treated.</summary>
[JsonConverter(typeof(WordConverter<EventTreatment>))]
internal enum EventTreatment
{
    ProjectEffect = 0,
    NonRoutinePermanent = 1,
    NonRoutineTemporary = 2,
    DataFault = 3,
    Ignored = 4,
}

/// <summary>What a person decided about an event.</summary>
internal sealed record EventDecision : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Event { get; init; }

    public required string Project { get; init; }

    public required EventTreatment Decision { get; init; }

    public required DateOnly DecidedOn { get; init; }

    public required string Person { get; init; }

    public required string Reason { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "event-decision", new("Decisión sobre un evento", "Event decision"), new("Decisiones sobre eventos", "Event decisions"), RecordJson.Default.EventDecision,
        [
            Field.Reference("event", "static-factor-event", "Evento", "Event"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Choice("decision", "Decisión", "Decision",
                (EventTreatment.ProjectEffect, "Efecto del proyecto", "Effect of the project"),
                (EventTreatment.NonRoutinePermanent, "No rutinario, permanente", "Non-routine, permanent"),
                (EventTreatment.NonRoutineTemporary, "No rutinario, temporal", "Non-routine, temporary"),
                (EventTreatment.DataFault, "Falla de datos", "Fault of the data"),
                (EventTreatment.Ignored, "Se ignora", "Ignored")),
            Field.Date("decidedOn", "Decidido el", "Decided on"),
            Field.Line("person", "Quién", "Who"),
            Field.Lines("reason", "Por qué", "Why"),
        ])
        .With<EventDecision>(Rules);

    private static void Rules(RecordCheck check, EventDecision record)
    {
        check.Past(record.DecidedOn, "decidedOn");
        EventDecision? other = check.IsWithdrawn ? null : check.After.All<EventDecision>().FirstOrDefault(one => one.Event == record.Event && one.Id != record.Id);
        if (other is not null)
        {
            check.Fault("event", $"Ya hay una decisión sobre este evento ({other.Id}); cambie esa.", $"There is a decision on this event already ({other.Id}); change that one.");
        }

        StaticFactorEvent? about = check.After.Find<StaticFactorEvent>(record.Event);
        if (about is not null && about.Project != record.Project)
        {
            check.Fault("event", "El evento es de otro proyecto.", "The event is of another project.");
        }

        if (about is { LastDay: null } && record.Decision is EventTreatment.NonRoutineTemporary or EventTreatment.DataFault)
        {
            check.Fault("decision", "Lo pasajero y las fallas de datos necesitan el último día del evento.", "What is temporary and faults of the data need the event's last day.");
        }
    }
}
