using System.Text.Json.Serialization;
using Metering.Programme.Records;

namespace Metering.Programme.Kinds;

/// <summary>Tariffs of CFE that a plant may be billed by.</summary>
[JsonConverter(typeof(WordConverter<ElectricityTariff>))]
internal enum ElectricityTariff
{
    Gdmth = 0,
    Gdmto = 1,
}

/// <summary>
/// What a plant's electricity costs in one month, in MXN without taxes, as CFE publishes it for the plant's tariff and division or as the bill states it. A charge
/// that is left empty is not known: it is told and never taken for zero.
/// </summary>
internal sealed record ElectricityRates : IProgrammeRecord
{
    public required string Id { get; init; }

    public required string Plant { get; init; }

    public required ElectricityTariff Tariff { get; init; }

    public required string Division { get; init; }

    public required DateOnly Month { get; init; }

    public decimal? Energy { get; init; }

    public decimal? Base { get; init; }

    public decimal? Intermedia { get; init; }

    public decimal? Punta { get; init; }

    public decimal? Transmission { get; init; }

    public decimal? GridOperator { get; init; }

    public decimal? Ancillary { get; init; }

    public decimal? Capacity { get; init; }

    public decimal? Distribution { get; init; }

    public decimal? Supplier { get; init; }

    public required string Source { get; init; }

    public static RecordKind Kind { get; } = RecordKind.Of(
        "electricity-rates", new("Tarifa eléctrica del mes", "Electricity rates of a month"), new("Tarifas eléctricas por mes", "Electricity rates by month"), RecordJson.Default.ElectricityRates,
        [
            Field.Reference("plant", "plant", "Planta", "Plant"),
            Field.Choice("tariff", "Tarifa", "Tariff",
                (ElectricityTariff.Gdmth, "GDMTH (con horarios)", "GDMTH (by hours)"),
                (ElectricityTariff.Gdmto, "GDMTO (sin horarios)", "GDMTO (without hours)")),
            Field.Line("division", "División", "Division") with { Help = new("Como en el recibo: Bajío, Golfo Norte…", "As on the bill: Bajío, Golfo Norte…") },
            Field.Date("month", "Mes", "Month") with { Help = new("El primer día del mes, como 2026-10-01.", "The first day of the month, such as 2026-10-01.") },
            Rate("energy", "MXN/kWh", "Energía (GDMTO)", "Energy (GDMTO)"),
            Rate("base", "MXN/kWh", "Energía base (GDMTH)", "Energy, base (GDMTH)"),
            Rate("intermedia", "MXN/kWh", "Energía intermedia (GDMTH)", "Energy, intermedia (GDMTH)"),
            Rate("punta", "MXN/kWh", "Energía punta (GDMTH)", "Energy, punta (GDMTH)"),
            Rate("transmission", "MXN/kWh", "Transmisión", "Transmission"),
            Rate("gridOperator", "MXN/kWh", "Operación del CENACE", "Operation of CENACE"),
            Rate("ancillary", "MXN/kWh", "Servicios conexos (SCnMEM)", "Ancillary services (SCnMEM)"),
            Rate("capacity", "MXN/kW", "Capacidad", "Capacity"),
            Rate("distribution", "MXN/kW", "Distribución", "Distribution"),
            Rate("supplier", "MXN", "Cargo fijo de suministro, al mes", "Fixed charge of the supplier, a month"),
            Field.Line("source", "Documento de origen", "Source document"),
        ])
        .With<ElectricityRates>(Rules);

    private static Field Rate(string name, string unit, string es, string en) => Field.Number(name, unit, es, en) with { Least = 0, Most = 1_000_000m };

    private static void Rules(RecordCheck check, ElectricityRates record)
    {
        if (record.Month.Day != 1)
        {
            check.Fault("month", "Escriba el primer día del mes: los precios son por mes de calendario.", "Write the first day of the month: rates hold for calendar months.");
        }

        bool isByHours = record.Tariff == ElectricityTariff.Gdmth;
        if (isByHours ? record.Base is null || record.Intermedia is null || record.Punta is null : record.Energy is null)
        {
            check.Fault(isByHours ? "base" : "energy", "Falta el precio de la energía de esta tarifa: GDMTH lleva base, intermedia y punta; GDMTO, uno solo.", "The price of energy of this tariff is missing: GDMTH has base, intermedia and punta; GDMTO a single one.");
        }

        if (!check.IsWithdrawn && check.After.All<ElectricityRates>().Any(other => other.Id != record.Id && other.Plant == record.Plant && other.Month == record.Month))
        {
            check.Fault("month", "La planta ya tiene precios de este mes.", "The plant has rates of this month already.");
        }
    }
}
