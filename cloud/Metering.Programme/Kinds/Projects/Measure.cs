using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Where a measure stands.</summary>
[JsonConverter(typeof(WordConverter<MeasureStatus>))]
internal enum MeasureStatus
{
    Proposed = 0,
    Approved = 1,
    Implemented = 2,
    Rejected = 3,
}

/// <summary>A measure of a project: what it costs, what it should save, and whether it was done.</summary>
internal sealed record Measure : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Project { get; init; }

    public required SavedResource Resource { get; init; }

    public required MeasureStatus Status { get; init; }

    public Money? Investment { get; init; }

    public string? Supplier { get; init; }

    public Quantity? ExpectedPerYear { get; init; }

    public decimal? LifeYears { get; init; }

    public DateOnly? ImplementedOn { get; init; }

    public string? Reason { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "measure", new("Medida", "Measure"), new("Medidas", "Measures"), RecordJson.Default.Measure,
        [
            Field.Line("title", "Título", "Title"),
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Choice("resource", "Recurso", "Resource",
                (SavedResource.Electricity, "Electricidad", "Electricity"),
                (SavedResource.Water, "Agua", "Water"),
                (SavedResource.Gas, "Gas", "Gas"),
                (SavedResource.Effluent, "Descarga de agua", "Effluent"),
                (SavedResource.Fuel, "Otro combustible", "Other fuel"),
                (SavedResource.Material, "Materiales", "Materials"),
                (SavedResource.Waste, "Residuos", "Waste")),
            Field.Choice("status", "Estado", "Status",
                (MeasureStatus.Proposed, "Propuesta", "Proposed"),
                (MeasureStatus.Approved, "Aprobada", "Approved"),
                (MeasureStatus.Implemented, "Implementada", "Implemented"),
                (MeasureStatus.Rejected, "Rechazada", "Rejected")),
            Field.Money("investment", "Inversión", "Investment"),
            Field.Line("supplier", "Proveedor", "Supplier"),
            Field.Amount("expectedPerYear", ["kWh", "m3", "GJ", "L", "kg", "t"], "Ahorro esperado al año", "Expected saving a year"),
            Field.Number("lifeYears", "a", "Vida útil, en años", "Life, in years") with { Least = 0, Most = 100 },
            Field.Date("implementedOn", "En operación desde", "In operation since"),
            Field.Lines("reason", "Por qué se rechazó", "Why it was rejected"),
        ])
        .With<Measure>(Rules);

    private static void Rules(RecordCheck check, Measure record)
    {
        if ((record.Status == MeasureStatus.Implemented) != (record.ImplementedOn is not null))
        {
            check.Fault("implementedOn", "La fecha va con una medida implementada, y solo con ella.", "The day goes with an implemented measure, and only with one.");
        }

        if (record.Status == MeasureStatus.Rejected && record.Reason is null)
        {
            check.Fault("reason", "Diga por qué se rechazó.", "Say why it was rejected.");
        }

        check.Past(record.ImplementedOn, "implementedOn");
    }
}
