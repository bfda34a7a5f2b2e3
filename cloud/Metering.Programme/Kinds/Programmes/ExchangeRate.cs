using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Pesos for one US dollar on a day, by a published series.</summary>
internal sealed record ExchangeRate : IProgrammeRecord
{
    public required string Id { get; init; }

    public required DateOnly Day { get; init; }

    public required decimal PesosPerDollar { get; init; }

    public required string Source { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "exchange-rate", new("Tipo de cambio", "Exchange rate"), new("Tipos de cambio", "Exchange rates"), RecordJson.Default.ExchangeRate,
        [
            Field.Date("day", "Fecha", "Day"),
            Field.Number("pesosPerDollar", "MXN/USD", "Pesos por dólar", "Pesos per dollar") with { Least = 0.01m, Most = 1000m },
            Field.Line("source", "Fuente", "Source"),
        ])
        .With<ExchangeRate>(Rules);

    private static void Rules(RecordCheck check, ExchangeRate record)
    {
        check.Past(record.Day, "day");
    }
}
