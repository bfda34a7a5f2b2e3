using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A person at an event, and what they thought of it.</summary>
internal sealed record EventAttendance : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Person { get; init; }

    public required string Event { get; init; }

    public string? Organisation { get; init; }

    public int? Rating { get; init; }

    public string? Feedback { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "attendance", new("Asistencia", "Attendance"), new("Asistencias", "Attendances"), RecordJson.Default.EventAttendance,
        [
            Field.Line("person", "Persona", "Person"),
            Field.Reference("event", "outreach-event", "Evento", "Event"),
            Field.Reference("organisation", "organisation", "Organización", "Organisation"),
            Field.Whole("rating", "Calificación", "Rating") with { Help = new("De 1 a 5.", "From 1 to 5."), Least = 1, Most = 5 },
            Field.Lines("feedback", "Opinión", "Feedback"),
        ]);
}
