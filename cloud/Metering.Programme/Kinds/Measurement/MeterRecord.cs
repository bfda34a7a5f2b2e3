using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What a meter counts.</summary>
[JsonConverter(typeof(WordConverter<MeterMedium>))]
internal enum MeterMedium
{
    Electricity = 0,
    Water = 1,
    Gas = 2,
    Effluent = 3,
    Steam = 4,
    Production = 5,
}

/// <summary>A meter with its calibration.</summary>
internal sealed record MeterRecord : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Serial { get; init; }

    public required string Plant { get; init; }

    public required string Model { get; init; }

    public required MeterMedium Medium { get; init; }

    public string? AccuracyClass { get; init; }

    public DateOnly? CalibratedOn { get; init; }

    public DateOnly? CalibrationDueOn { get; init; }

    public string? Certificate { get; init; }

    /// <summary>The meter upstream, which counts what this one counts as well; null for one that stands at the entrance.</summary>
    public string? FedBy { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "meter", new("Medidor", "Meter"), new("Medidores", "Meters"), RecordJson.Default.MeterRecord,
        [
            Field.Line("serial", "Número de serie", "Serial number"),
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Line("model", "Marca y modelo", "Make and model"),
            Field.Choice("medium", "Qué mide", "What it measures",
                (MeterMedium.Electricity, "Electricidad", "Electricity"),
                (MeterMedium.Water, "Agua", "Water"),
                (MeterMedium.Gas, "Gas", "Gas"),
                (MeterMedium.Effluent, "Descarga de agua", "Effluent"),
                (MeterMedium.Steam, "Vapor", "Steam"),
                (MeterMedium.Production, "Producción", "Production")),
            Field.Line("accuracyClass", "Clase de exactitud", "Accuracy class") with
            {
                Help = new("El número que marca el medidor, como 0.5 S, clase 2 o ±0.5 %. De él sale la incertidumbre del caudal en las cargas de descarga.", "The number marked on the meter, such as 0.5 S, class 2 or ±0.5 %. The uncertainty of the flow in discharge loads comes from it."),
            },
            Field.Date("calibratedOn", "Calibrado el", "Calibrated on"),
            Field.Date("calibrationDueOn", "Próxima calibración", "Calibration due on"),
            Field.File("certificate", "Certificado", "Certificate"),
            Field.Reference("fedBy", "meter", "Alimentado por", "Fed by") with
            {
                Help = new("El medidor de aguas arriba, que cuenta también lo de este; vacío si está en la acometida.", "The meter upstream, which counts what this one counts as well; empty for one at the entrance."),
            },
        ])
        .With<MeterRecord>(Rules);

    private static void Rules(RecordCheck check, MeterRecord record)
    {
        check.InOrder(record.CalibratedOn, record.CalibrationDueOn, "calibrationDueOn");
        check.Past(record.CalibratedOn, "calibratedOn");
        if (!check.IsWithdrawn && record.FedBy is { } above)
        {
            Upstream(check, record, above);
        }
    }

    private static void Upstream(RecordCheck check, MeterRecord record, string above)
    {
        if (check.After.Find<MeterRecord>(above) is { } parent && (parent.Plant != record.Plant || parent.Medium != record.Medium))
        {
            check.Fault("fedBy", "El medidor de aguas arriba es de otra planta o mide otra cosa.", "The meter upstream belongs to another plant or measures something else.");
            return;
        }

        HashSet<string> seen = [];
        for (string? next = above; next is not null; next = check.After.Find<MeterRecord>(next)?.FedBy)
        {
            if (next == record.Id || !seen.Add(next))
            {
                check.Fault("fedBy", "Así un medidor se alimentaría a sí mismo: revise cuál está aguas arriba.", "This way a meter would feed itself: check which one is upstream.");
                return;
            }
        }
    }
}
