using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Something at the plant that changes use and is not the project.</summary>
internal sealed record StaticFactorEvent : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Project { get; init; }

    public required DateOnly FirstDay { get; init; }

    public DateOnly? LastDay { get; init; }

    public required string Description { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "static-factor-event", new("Evento no rutinario", "Non-routine event"), new("Eventos no rutinarios", "Non-routine events"), RecordJson.Default.StaticFactorEvent,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day") with { Help = new("Vacío si sigue.", "Empty while it goes on.") },
            Field.Lines("description", "Qué pasó", "What happened"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<StaticFactorEvent>(Rules);

    private static void Rules(RecordCheck check, StaticFactorEvent record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
        check.Past(record.FirstDay, "firstDay");
    }
}
