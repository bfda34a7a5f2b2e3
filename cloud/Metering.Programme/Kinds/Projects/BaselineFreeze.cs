using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>The baseline and model of a project, fixed before the result is known.</summary>
internal sealed record BaselineFreeze : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required DateOnly FrozenOn { get; init; }

    public required string ModelHash { get; init; }

    public required string Model { get; init; }

    public string? Note { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "baseline-freeze", new("Línea base congelada", "Baseline freeze"), new("Líneas base congeladas", "Baseline freezes"), RecordJson.Default.BaselineFreeze,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("frozenOn", "Congelada el", "Frozen on"),
            Field.Line("modelHash", "Huella del modelo (SHA-256)", "Hash of the model (SHA-256)"),
            Field.Line("model", "Modelo", "Model"),
            Field.Lines("note", "Notas", "Notes"),
        ])
        .With<BaselineFreeze>(Rules);

    private static void Rules(RecordCheck check, BaselineFreeze record)
    {
        if (record.ModelHash.Length != 64 || record.ModelHash.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            check.Fault("modelHash", "Son 64 cifras hexadecimales en minúsculas.", "It is 64 hexadecimal digits in lower case.");
        }

        check.Past(record.FrozenOn, "frozenOn");
    }
}
