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

    public DateOnly? WindowFirst { get; init; }

    public DateOnly? WindowLast { get; init; }

    public string? DataHash { get; init; }

    public string? Note { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "baseline-freeze", new("Línea base congelada", "Baseline freeze"), new("Líneas base congeladas", "Baseline freezes"), RecordJson.Default.BaselineFreeze,
        [
            Field.Reference("project", "project", "Proyecto", "Project"),
            Field.Date("frozenOn", "Congelada el", "Frozen on"),
            Field.Line("modelHash", "Huella del modelo (SHA-256)", "Hash of the model (SHA-256)"),
            Field.Line("model", "Modelo", "Model"),
            Field.Date("windowFirst", "Primer día", "First day"),
            Field.Date("windowLast", "Último día", "Last day"),
            Field.Line("dataHash", "Huella de los datos (SHA-256)", "Hash of the data (SHA-256)"),
            Field.Lines("note", "Notas", "Notes"),
        ])
        .With<BaselineFreeze>(Rules);

    private static void Rules(RecordCheck check, BaselineFreeze record)
    {
        Hash(check, record.ModelHash, "modelHash");
        if (record.DataHash is string hash)
        {
            Hash(check, hash, "dataHash");
        }

        check.Past(record.FrozenOn, "frozenOn");
        check.InOrder(record.WindowFirst, record.WindowLast, "windowLast");
    }

    private static void Hash(RecordCheck check, string hash, string field)
    {
        if (hash.Length != 64 || hash.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            check.Fault(field, "Son 64 cifras hexadecimales en minúsculas.", "It is 64 hexadecimal digits in lower case.");
        }
    }
}
