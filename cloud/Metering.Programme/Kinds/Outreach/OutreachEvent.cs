using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Kind of an outreach event.</summary>
[JsonConverter(typeof(WordConverter<OutreachForm>))]
internal enum OutreachForm
{
    Workshop = 0,
    Conference = 1,
    Fair = 2,
    PlantVisit = 3,
    Webinar = 4,
}

/// <summary>A fair, talk or conference.</summary>
internal sealed record OutreachEvent : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required OutreachForm Form { get; init; }

    public required DateOnly Day { get; init; }

    public string? Place { get; init; }

    public int? Attendance { get; init; }

    public string? Feedback { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "outreach-event", new("Evento de difusión", "Outreach event"), new("Eventos de difusión", "Outreach events"), RecordJson.Default.OutreachEvent,
        [
            Field.Line("title", "Título", "Title"),
            Field.Choice("form", "Tipo", "Kind",
                (OutreachForm.Workshop, "Taller", "Workshop"),
                (OutreachForm.Conference, "Conferencia", "Conference"),
                (OutreachForm.Fair, "Feria", "Fair"),
                (OutreachForm.PlantVisit, "Visita a planta", "Plant visit"),
                (OutreachForm.Webinar, "Sesión en línea", "Webinar")),
            Field.Date("day", "Fecha", "Day"),
            Field.Line("place", "Lugar", "Place"),
            Field.Whole("attendance", "Asistentes", "Attendance") with { Least = 0 },
            Field.Lines("feedback", "Opiniones", "Feedback"),
        ]);
}
