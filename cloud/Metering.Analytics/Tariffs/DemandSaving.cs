using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>What the bill would have been computed from without the project.</summary>
public sealed record DemandCounterfactual
{
    /// <summary>The same bill measured on the expected energy of the model, interval by interval.</summary>
    public required BillMeasurement Expected { get; init; }

    /// <summary>
    /// By how much a single 15-minute demand may lie above the model at most, kW, from 0: for example the largest residual of the
    /// baseline in a month. A model gives means, and means have lower peaks than plants.
    /// </summary>
    public required decimal PeakAboveModelKw { get; init; }

    /// <summary>Half-width of the expected energy of the bill, kWh, from 0: it moves the energy cap.</summary>
    public required decimal EnergyHalfWidthKwh { get; init; }
}

/// <summary>Bounds of what lower demand saved in one bill.</summary>
/// <param name="Lower">
/// Saving with the peaks of the model itself, which are lower than those of a plant, and with the lower energy; may be negative.
/// </param>
/// <param name="Upper">Saving with peaks above the model by the given limit, and with the higher energy.</param>
/// <param name="CapacityKw">Billed capacity that was saved, kW: lower and upper bound.</param>
/// <param name="DistributionKw">Billed distribution that was saved, kW: lower and upper bound.</param>
public sealed record DemandSavingBounds(
    Money Lower, Money Upper, (decimal Lower, decimal Upper) CapacityKw, (decimal Lower, decimal Upper) DistributionKw);

/// <summary>
/// Saving on the charges for demand. It is kept apart from the saving on energy and given as bounds only, because one quarter of
/// an hour decides it.
/// </summary>
public static class DemandSaving
{
    /// <summary>Bounds of the saving in one bill.</summary>
    /// <param name="request">Tariff and division.</param>
    /// <param name="actual">The bill as measured.</param>
    /// <param name="counterfactual">The bill as expected without the project.</param>
    /// <param name="rules">The table <c>cfe-rules</c>.</param>
    /// <param name="rates">The imported rates.</param>
    /// <returns>The bounds, or what is missing.</returns>
    /// <exception cref="ArgumentException">The two bills cover different days, or a limit is below zero.</exception>
    public static Answer<DemandSavingBounds> Bound(
        BillRequest request, BillMeasurement actual, DemandCounterfactual counterfactual, PackTable rules, RateTable rates)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(counterfactual);
        ArgumentNullException.ThrowIfNull(rates);
        if (actual.FirstDay != counterfactual.Expected.FirstDay || actual.LastDay != counterfactual.Expected.LastDay
            || counterfactual.PeakAboveModelKw < 0m || counterfactual.EnergyHalfWidthKwh < 0m)
        {
            throw new ArgumentException("both bills cover the same days, and limits are from 0", nameof(counterfactual));
        }

        Answer<CfeRules> known = CfeRules.At(rules, request.Tariff, actual.LastDay);
        decimal? actualKw = BillCalculator.CapacityKw(request.Tariff, actual);
        decimal? expectedKw = BillCalculator.CapacityKw(request.Tariff, counterfactual.Expected);
        List<string> refusals = [.. known.Refusals];
        if (actualKw is null || expectedKw is null)
        {
            refusals.Add("a bill has no hours of punta, or was measured for another tariff, so its capacity charge is not known.");
        }

        decimal? capacityRate = Rate(request, actual, Charge.Capacity, rates, refusals);
        decimal? distributionRate = Rate(request, actual, Charge.Distribution, rates, refusals);
        if (!known.IsGiven || refusals.Count > 0)
        {
            return Answer<DemandSavingBounds>.Refuse(refusals);
        }

        (decimal Lower, decimal Upper) capacity = Saved(known.Value, actual, actualKw!.Value, counterfactual, expectedKw!.Value);
        (decimal Lower, decimal Upper) distribution =
            Saved(known.Value, actual, actual.MaximumKw, counterfactual, counterfactual.Expected.MaximumKw);
        decimal surcharge = request.IsMeteredOnLowSide ? 1m + (known.Value.LowSidePercent / 100m) : 1m;
        decimal lower = ((capacity.Lower * capacityRate!.Value) + (distribution.Lower * distributionRate!.Value)) * surcharge;
        decimal upper = ((capacity.Upper * capacityRate.Value) + (distribution.Upper * distributionRate.Value)) * surcharge;
        return Answer<DemandSavingBounds>.Of(new DemandSavingBounds(
            new Money(lower, rates.Currency), new Money(upper, rates.Currency), capacity, distribution));
    }

    private static (decimal Lower, decimal Upper) Saved(
        CfeRules rules, BillMeasurement actual, decimal actualKw, DemandCounterfactual counterfactual, decimal expectedKw)
    {
        BillMeasurement expected = counterfactual.Expected;
        decimal billed = rules.Demand(actualKw, actual.Kwh, actual.Days).BilledKw;
        decimal leastKwh = Math.Max(0m, expected.Kwh - counterfactual.EnergyHalfWidthKwh);
        decimal least = rules.Demand(expectedKw, leastKwh, expected.Days).BilledKw;
        decimal most = rules.Demand(
            expectedKw + counterfactual.PeakAboveModelKw, expected.Kwh + counterfactual.EnergyHalfWidthKwh, expected.Days).BilledKw;
        return (least - billed, most - billed);
    }

    // A bill over several months pays each month's rate for its share of that month.
    private static decimal? Rate(BillRequest request, BillMeasurement bill, Charge charge, RateTable rates, List<string> refusals)
    {
        decimal sum = 0m;
        bool isKnown = true;
        foreach (BillMonth month in bill.Months)
        {
            Answer<TariffRate> rate = rates.At(request.Tariff, request.Division, month.Month, charge);
            isKnown &= rate.IsGiven;
            sum += (rate.Value?.Rate ?? 0m) * month.ShareOfMonth;
            refusals.AddRange(rate.Refusals);
        }

        return isKnown ? sum : null;
    }
}
