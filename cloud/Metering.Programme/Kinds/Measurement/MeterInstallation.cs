using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A meter at a place from a day to a day, with the ratio of its transformers or pulses.</summary>
internal sealed record MeterInstallation : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Meter { get; init; }

    public required string Plant { get; init; }

    public required string Place { get; init; }

    public required decimal Ratio { get; init; }

    public required DateOnly From { get; init; }

    public DateOnly? To { get; init; }

    public string? Gateway { get; init; }

    public string? Channel { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "installation", new("Instalación de medidor", "Meter installation"), new("Instalaciones de medidor", "Meter installations"), RecordJson.Default.MeterInstallation,
        [
            Field.Reference("meter", "meter", "Medidor", "Meter"),
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Line("place", "Lugar", "Place"),
            Field.Number("ratio", "1", "Relación (TC, TP o pulsos)", "Ratio (CT, VT or pulses)") with { Least = 0.000001m },
            Field.Date("from", "Desde", "From"),
            Field.Date("to", "Hasta", "To"),
            Field.Identifier("gateway", "Gateway", "Gateway"),
            Field.Identifier("channel", "Canal", "Channel"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<MeterInstallation>(Rules);

    private static void Rules(RecordCheck check, MeterInstallation record)
    {
        check.InOrder(record.From, record.To, "to");
        check.Past(record.From, "from");
        foreach (MeterInstallation other in check.After.All<MeterInstallation>())
        {
            if (!check.IsWithdrawn && other.Meter == record.Meter && other.Id != record.Id && other.From <= (record.To ?? DateOnly.MaxValue) && record.From <= (other.To ?? DateOnly.MaxValue))
            {
                check.Fault("from", $"El medidor ya está instalado en esos días ({other.Id}).", $"The meter is installed elsewhere on these days ({other.Id}).");
            }
        }
    }
}
