using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>
/// Quartiles of a group of plants as they were published, with the contributions they were made of: what was told once stays told, so that later answers
/// are judged together with it, also after a restart and by every host.
/// </summary>
internal sealed record BenchmarkRelease : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Indicator { get; init; }

    public required int Year { get; init; }

    public required string Sector { get; init; }

    /// <summary>State of Mexico; null for all of them.</summary>
    public string? State { get; init; }

    public required string Unit { get; init; }

    public required DateOnly PublishedOn { get; init; }

    public required int PlantCount { get; init; }

    public required decimal Lower { get; init; }

    public required decimal Median { get; init; }

    public required decimal Upper { get; init; }

    /// <summary>One line a plant: plant, version of its answers, value; for the ledger and the staff, never shown on a public page.</summary>
    public required string Contributions { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "benchmark-release", new("Comparación publicada", "Published benchmark"), new("Comparaciones publicadas", "Published benchmarks"), RecordJson.Default.BenchmarkRelease,
        [
            Field.Line("indicator", "Indicador", "Indicator"),
            Field.Whole("year", "Año", "Year"),
            Field.Line("sector", "Sector", "Sector"),
            Field.Line("state", "Estado", "State"),
            Field.Line("unit", "Unidad", "Unit"),
            Field.Date("publishedOn", "Publicado el", "Published on"),
            Field.Whole("plantCount", "Plantas", "Plants"),
            Field.Number("lower", "", "Un cuarto está por debajo de", "A quarter lies below"),
            Field.Number("median", "", "La mitad está por debajo de", "Half lies below"),
            Field.Number("upper", "", "Tres cuartos están por debajo de", "Three quarters lie below"),
            Field.Lines("contributions", "Aportaciones", "Contributions") with { Help = new("Planta, versión de sus respuestas y valor; no se publica.", "Plant, version of its answers and value; not published.") },
        ])
        .ByProgram();
}
