using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Output of a plant in a period, with its source.</summary>
internal sealed record ProductionRecord : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required string Product { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public required Quantity Output { get; init; }

    public Quantity? Rework { get; init; }

    public required string Source { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "production-record", new("Producción", "Production record"), new("Producción", "Production records"), RecordJson.Default.ProductionRecord,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Line("product", "Producto", "Product"),
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day"),
            Field.Amount("output", ["t", "kg", "m2", "pieces", "hides", "vehicles", "guest-nights", "bed-days"], "Producción", "Output"),
            Field.Amount("rework", ["t", "kg", "m2", "pieces", "hides", "vehicles"], "Reproceso incluido", "Rework included"),
            Field.Line("source", "Documento de origen", "Source document"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<ProductionRecord>(Rules);

    private static void Rules(RecordCheck check, ProductionRecord record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
        check.Past(record.LastDay, "lastDay");
    }
}
