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
            Field.Line("accuracyClass", "Clase de exactitud", "Accuracy class"),
            Field.Date("calibratedOn", "Calibrado el", "Calibrated on"),
            Field.Date("calibrationDueOn", "Próxima calibración", "Calibration due on"),
            Field.File("certificate", "Certificado", "Certificate"),
        ])
        .With<MeterRecord>(Rules);

    private static void Rules(RecordCheck check, MeterRecord record)
    {
        check.InOrder(record.CalibratedOn, record.CalibrationDueOn, "calibrationDueOn");
        check.Past(record.CalibratedOn, "calibratedOn");
    }
}
