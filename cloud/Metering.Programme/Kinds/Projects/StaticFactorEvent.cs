using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>The shape of an event in the use.</summary>
[JsonConverter(typeof(WordConverter<EventShape>))]
internal enum EventShape
{
    Step = 0,
    Temporary = 1,
    Drift = 2,
    OutlierDays = 3,
}

/// <summary>Something at the plant that changes use and is not the project.</summary>
internal sealed record StaticFactorEvent : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Project { get; init; }

    public required DateOnly FirstDay { get; init; }

    public DateOnly? LastDay { get; init; }

    public required string Description { get; init; }

    public EventShape? Shape { get; init; }

    public DateOnly? GrownOn { get; init; }

    public Quantity? SizePerDay { get; init; }

    public Quantity? SizeHalfWidth { get; init; }

    public Quantity? DateDeviation { get; init; }

    public string? File { get; init; }

    private static readonly string[] UseUnits = [.. Metering.Readings.Units.All];

    public static RecordKind Kind { get; } = RecordKind.Of(
        "static-factor-event", new("Evento no rutinario", "Non-routine event"), new("Eventos no rutinarios", "Non-routine events"), RecordJson.Default.StaticFactorEvent,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day") with { Help = new("Vacío si sigue.", "Empty while it goes on.") },
            Field.Lines("description", "Qué pasó", "What happened"),
            Field.Choice("shape", "Forma", "Shape",
                (EventShape.Step, "Escalón", "Step"),
                (EventShape.Temporary, "Pasajero", "Temporary"),
                (EventShape.Drift, "Deriva", "Drift"),
                (EventShape.OutlierDays, "Días fuera de lo común", "Outlier days")) with { Help = new("Como lo propuso el programa; vacío si lo anota una persona.", "As the program proposed it; empty when a person writes it down.") },
            Field.Date("grownOn", "Deriva: día en que deja de crecer", "Drift: day it stops growing"),
            Field.Amount("sizePerDay", UseUnits, "Tamaño por día", "Size per day"),
            Field.Amount("sizeHalfWidth", UseUnits, "± del tamaño, al 90 %", "± of the size, at 90 %"),
            Field.Amount("dateDeviation", UseUnits, "Desviación del total por las fechas", "Deviation of the total from its dates") with { Least = 0 },
            Field.File("file", "Archivo", "File"),
        ])
        .With<StaticFactorEvent>(Rules);

    private static void Rules(RecordCheck check, StaticFactorEvent record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
        check.Past(record.FirstDay, "firstDay");
    }
}
