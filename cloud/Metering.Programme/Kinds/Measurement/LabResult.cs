using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>How a sample was taken.</summary>
[JsonConverter(typeof(WordConverter<SampleKind>))]
internal enum SampleKind
{
    Instant = 0,
    Composite = 1,
}

/// <summary>A value of a sample, by a method.</summary>
internal sealed record LabResult : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required string Parameter { get; init; }

    public required DateOnly SampledOn { get; init; }

    public required SampleKind Sample { get; init; }

    public required Quantity Value { get; init; }

    public required bool IsBelowLimit { get; init; }

    /// <summary>Expanded uncertainty (k = 2) that the laboratory's report states, percent of the value; null when it states none.</summary>
    public decimal? UncertaintyPercent { get; init; }

    public required string Method { get; init; }

    public required string Laboratory { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "lab-result", new("Resultado de laboratorio", "Lab result"), new("Resultados de laboratorio", "Lab results"), RecordJson.Default.LabResult,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Line("parameter", "Parámetro", "Parameter") with { Help = new("Como DQO, SST o cromo total.", "Such as COD, TSS or total chromium.") },
            Field.Date("sampledOn", "Muestra del", "Sampled on"),
            Field.Choice("sample", "Tipo de muestra", "Kind of sample",
                (SampleKind.Instant, "Instantánea", "Instant"),
                (SampleKind.Composite, "Compuesta", "Composite")),
            Field.Amount("value", ["mg/L", "mL/L", "pH", "Cel", "uS/cm", "MPN/100mL", "TU"], "Valor", "Value"),
            Field.YesNo("isBelowLimit", "¿Por debajo del límite de detección?", "Below the limit of detection?"),
            Field.Number("uncertaintyPercent", "%", "Incertidumbre expandida (k = 2)", "Expanded uncertainty (k = 2)") with
            {
                Least = 0, Most = 200, Help = new("En % del valor, como viene en el informe del laboratorio.", "In % of the value, as the laboratory's report states it."),
            },
            Field.Line("method", "Método", "Method") with { Help = new("Clave de la norma, como NMX-AA-030/2.", "Code of the standard, such as NMX-AA-030/2.") },
            Field.Line("laboratory", "Laboratorio", "Laboratory"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<LabResult>(Rules);

    private static void Rules(RecordCheck check, LabResult record)
    {
        check.Past(record.SampledOn, "sampledOn");
    }
}
