using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>A register read by a person: evidence grade C when a photo stands beside it, D without.</summary>
internal sealed record MeterReading : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required string Meter { get; init; }

    public required DateOnly ReadOn { get; init; }

    public required Quantity Register { get; init; }

    public required string Reader { get; init; }

    public string? Photo { get; init; }

    public string? Remark { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "meter-reading", new("Lectura tomada a mano", "Reading taken by hand"), new("Lecturas tomadas a mano", "Readings taken by hand"), RecordJson.Default.MeterReading,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Reference("meter", "meter", "Medidor", "Meter"),
            Field.Date("readOn", "Leído el", "Read on"),
            Field.Amount("register", ["kWh", "MWh", "kvarh", "m3", "L", "t", "kg", "pieces", "h"], "Lectura del registro", "Register") with
            {
                Least = 0,
                Help = new("Todo lo que muestra la carátula, con sus decimales: 12345.6 kWh. No la diferencia.", "All the display shows, decimals included: 12345.6 kWh. Not the difference."),
            },
            Field.Line("reader", "Quién leyó", "Who read it"),
            Field.File("photo", "Foto de la carátula", "Photo of the display"),
            Field.Lines("remark", "Observaciones", "Remark"),
        ])
        .With<MeterReading>(Rules);

    private static void Rules(RecordCheck check, MeterReading record)
    {
        check.Past(record.ReadOn, "readOn");
        if (!check.IsWithdrawn && check.After.Find<MeterRecord>(record.Meter) is { } meter && meter.Plant != record.Plant)
        {
            check.Fault("meter", "Este medidor es de otra planta.", "This meter belongs to another plant.");
        }
    }
}
