using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>What a bill is for.</summary>
[JsonConverter(typeof(WordConverter<BillMedium>))]
internal enum BillMedium
{
    Electricity = 0,
    Water = 1,
    Gas = 2,
    Discharge = 3,
    Fuel = 4,
}

/// <summary>A bill of the utility.</summary>
internal sealed record UtilityBill : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required string Number { get; init; }

    public required BillMedium Medium { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public required Quantity Use { get; init; }

    public required Money Amount { get; init; }

    public string? Tariff { get; init; }

    public string? File { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "utility-bill", new("Recibo", "Utility bill"), new("Recibos", "Utility bills"), RecordJson.Default.UtilityBill,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Line("number", "Número de recibo", "Number of the bill"),
            Field.Choice("medium", "Servicio", "Service",
                (BillMedium.Electricity, "Electricidad", "Electricity"),
                (BillMedium.Water, "Agua", "Water"),
                (BillMedium.Gas, "Gas", "Gas"),
                (BillMedium.Discharge, "Descarga", "Discharge"),
                (BillMedium.Fuel, "Combustible", "Fuel")),
            Field.Date("firstDay", "Primer día", "First day"),
            Field.Date("lastDay", "Último día", "Last day"),
            Field.Amount("use", ["kWh", "m3", "GJ", "L"], "Consumo", "Use"),
            Field.Money("amount", "Importe", "Amount"),
            Field.Line("tariff", "Tarifa", "Tariff"),
            Field.File("file", "Archivo", "File"),
        ])
        .With<UtilityBill>(Rules);

    private static void Rules(RecordCheck check, UtilityBill record)
    {
        check.InOrder(record.FirstDay, record.LastDay, "lastDay");
        check.Past(record.LastDay, "lastDay");
    }
}
