using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>Computes bills of the medium-voltage tariffs GDMTH and GDMTO line by line.</summary>
public static class BillCalculator
{
    private static readonly Charge[] EnergyByPeriod = [Charge.EnergyBase, Charge.EnergyIntermedia, Charge.EnergyPunta];
    private static readonly Charge[] PerKwh = [Charge.Transmission, Charge.GridOperator, Charge.Ancillary];

    /// <summary>Computes a bill.</summary>
    /// <param name="request">Tariff, division and options.</param>
    /// <param name="measurement">Energy and demands, measured for the same tariff.</param>
    /// <param name="rules">The table <c>cfe-rules</c> of a country pack; the rules of the last day hold for the bill.</param>
    /// <param name="rates">The imported rates.</param>
    /// <returns>The bill, or all that is missing: each absent rate by the row it would stand in.</returns>
    public static Answer<ElectricityBill> Compute(BillRequest request, BillMeasurement measurement, PackTable rules, RateTable rates)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(rates);
        List<string> refusals = [];
        Answer<CfeRules> known = CfeRules.At(rules, request.Tariff, measurement.LastDay);
        refusals.AddRange(known.Refusals);
        decimal? powerFactor = request.StatedPowerFactor ?? measurement.PowerFactor;
        if (powerFactor is not (> 0m and <= 1m))
        {
            refusals.Add("the power factor is not known: give reactive energy, or the figure of the bill, above 0 to 1.");
        }

        decimal? capacityKw = CapacityKw(request.Tariff, measurement);
        if (capacityKw is null)
        {
            refusals.Add("the bill has no hours of punta, or was measured for another tariff, so its capacity charge is not known.");
        }

        if (!known.IsGiven || powerFactor is null || capacityKw is null)
        {
            return Answer<ElectricityBill>.Refuse(refusals);
        }

        BilledDemand capacity = known.Value.Demand(capacityKw.Value, measurement.Kwh, measurement.Days);
        BilledDemand distribution = known.Value.Demand(measurement.MaximumKw, measurement.Kwh, measurement.Days);
        LineWriter writer = new(request, rates, refusals);
        AddCharges(writer, measurement, capacity, distribution);
        if (refusals.Count > 0)
        {
            return Answer<ElectricityBill>.Refuse(refusals);
        }

        decimal percent = known.Value.PowerFactorPercent(powerFactor.Value);
        AddPercentages(writer, request, measurement.LastDay, known.Value, percent);
        return refusals.Count > 0 ? Answer<ElectricityBill>.Refuse(refusals) : Answer<ElectricityBill>.Of(new ElectricityBill
        {
            Request = request,
            Measurement = measurement,
            Capacity = capacity,
            Distribution = distribution,
            PowerFactor = powerFactor.Value,
            PowerFactorPercent = percent,
            Rules = known.Value,
            Lines = writer.Lines,
            Total = writer.Total,
            Notes = Notes(request, measurement, known.Value),
        });
    }

    internal static decimal? CapacityKw(CfeTariff tariff, BillMeasurement measurement) => tariff switch
    {
        CfeTariff.Gdmth when measurement.MaximumKwByPeriod.Count == TariffCalendar.PeriodCount =>
            measurement.MaximumKwByPeriod[(int)TariffPeriod.Punta],
        CfeTariff.Gdmto when measurement.MaximumKwByPeriod.Count == 1 => measurement.MaximumKw,
        _ => null,
    };

    private static void AddCharges(LineWriter writer, BillMeasurement measurement, BilledDemand capacity, BilledDemand distribution)
    {
        foreach (BillMonth month in measurement.Months)
        {
            writer.Add(Charge.Supplier, month.Month, 1m, month.ShareOfMonth);
            decimal monthKwh = 0m;
            for (int period = 0; period < month.Kwh.Count; period++)
            {
                monthKwh += month.Kwh[period];
                Charge energy = month.Kwh.Count == 1 ? Charge.Energy : EnergyByPeriod[period];
                writer.Add(energy, month.Month, month.Kwh[period], 1m);
            }

            foreach (Charge charge in PerKwh)
            {
                writer.Add(charge, month.Month, monthKwh, 1m);
            }

            writer.Add(Charge.Capacity, month.Month, capacity.BilledKw, month.ShareOfMonth);
            writer.Add(Charge.Distribution, month.Month, distribution.BilledKw, month.ShareOfMonth);
        }
    }

    private static void AddPercentages(LineWriter writer, BillRequest request, DateOnly lastDay, CfeRules rules, decimal powerFactorPercent)
    {
        DateOnly month = new(lastDay.Year, lastDay.Month, 1);
        if (request.IsMeteredOnLowSide)
        {
            writer.AddPercent(Charge.LowSideSurcharge, month, writer.Total, rules.LowSidePercent);
        }

        writer.AddPercent(Charge.PowerFactor, month, writer.Total, powerFactorPercent);
        Money charges = writer.Total;
        if (request.IncludesValueAddedTax)
        {
            writer.AddImportedPercent(Charge.ValueAddedTax, month, charges);
        }

        if (request.IncludesStreetLighting)
        {
            writer.AddImportedPercent(Charge.StreetLighting, month, charges);
        }
    }

    private static List<string> Notes(BillRequest request, BillMeasurement measurement, CfeRules rules)
    {
        List<string> notes = [.. measurement.Notes];
        if (measurement.DemandIsLowerBound)
        {
            notes.Add("Demands are means over an hour; the largest 15 minutes, which are billed, may have been higher.");
        }

        if (measurement.Months.Count > 1)
        {
            notes.Add("The bill touches several calendar months: energy is divided by interval, demand and fixed charges by days.");
        }

        if (!request.IncludesValueAddedTax)
        {
            notes.Add("Without value added tax.");
        }

        foreach (PackRow row in rules.Rows)
        {
            if (row.Confidence == PackConfidence.FromMemoryToVerify)
            {
                notes.Add($"The rule {row.Id} ({row.Value} {row.Unit}) is from memory and to be verified.");
            }
        }

        return notes;
    }

    /// <summary>Writes lines and collects the rates that are missing.</summary>
    private sealed class LineWriter(BillRequest request, RateTable rates, List<string> refusals)
    {
        public List<BillLine> Lines { get; } = [];

        public Money Total { get; private set; } = Money.Zero(rates.Currency);

        public void Add(Charge charge, DateOnly month, decimal quantity, decimal share)
        {
            Answer<TariffRate> rate = rates.At(request.Tariff, request.Division, month, charge);
            if (rate.IsGiven)
            {
                Money amount = new Money(quantity * rate.Value.Rate * share, rates.Currency).Rounded();
                Keep(new BillLine(charge, month, quantity, RateTable.PerUnitOf(charge), rate.Value.Rate, share, amount));
            }

            refusals.AddRange(rate.Refusals);
        }

        public void AddImportedPercent(Charge charge, DateOnly month, Money of)
        {
            Answer<TariffRate> rate = rates.At(request.Tariff, request.Division, month, charge);
            if (rate.IsGiven)
            {
                AddPercent(charge, month, of, rate.Value.Rate);
            }

            refusals.AddRange(rate.Refusals);
        }

        public void AddPercent(Charge charge, DateOnly month, Money of, decimal percent) =>
            Keep(new BillLine(charge, month, of.Amount, of.Currency, percent, 1m, (of * (percent / 100m)).Rounded()));

        private void Keep(BillLine line)
        {
            Lines.Add(line);
            Total += line.Amount;
        }
    }
}
