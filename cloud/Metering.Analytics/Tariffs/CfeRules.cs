using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>The medium-voltage tariffs that are billed.</summary>
public enum CfeTariff
{
    /// <summary>Medium voltage from 100 kW, by hours.</summary>
    Gdmth = 0,

    /// <summary>Medium voltage below 100 kW, without hours.</summary>
    Gdmto = 1,
}

/// <summary>The rules of one tariff on one day, from the table <c>cfe-rules</c> of a country pack.</summary>
public sealed record CfeRules
{
    /// <summary>FC: share of the hours at full demand that the energy of the bill is taken to stand for, above 0 to 1.</summary>
    public required decimal LoadFactor { get; init; }

    /// <summary>Added to the charges when metered on the low side of the transformer, percent.</summary>
    public required decimal LowSidePercent { get; init; }

    /// <summary>Step to which billed demand is rounded up, kW.</summary>
    public required decimal DemandStepKw { get; init; }

    /// <summary>Power factor below which a penalty and from which a bonus applies, 0 to 1.</summary>
    public required decimal PowerFactorThreshold { get; init; }

    /// <summary>Factor of the penalty, percent.</summary>
    public required decimal PenaltyCoefficientPercent { get; init; }

    /// <summary>Largest penalty, percent.</summary>
    public required decimal PenaltyMaximumPercent { get; init; }

    /// <summary>Factor of the bonus, percent.</summary>
    public required decimal BonusCoefficientPercent { get; init; }

    /// <summary>Largest bonus, percent.</summary>
    public required decimal BonusMaximumPercent { get; init; }

    /// <summary>The rows the rules come from, with their sources.</summary>
    public required IReadOnlyList<PackRow> Rows { get; init; }

    /// <summary>The rules that hold on a day.</summary>
    /// <param name="table">The table <c>cfe-rules</c>.</param>
    /// <param name="tariff">The tariff.</param>
    /// <param name="day">The day: for a bill its last one.</param>
    /// <returns>The rules, or the rows that are missing.</returns>
    /// <exception cref="ArgumentException">A row has no value; names file and line.</exception>
    public static Answer<CfeRules> At(PackTable table, CfeTariff tariff, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(table);
        List<PackRow> rows = [];
        List<string> refusals = [];
        decimal Take(string id)
        {
            PackAnswer answer = table.At(id, day);
            if (!answer.IsFound)
            {
                refusals.Add(answer.Refusal);
                return 0m;
            }

            rows.Add(answer.Row);
            return answer.Row.Value ?? throw answer.Row.Fault("the value is empty");
        }

        CfeRules rules = new()
        {
            LoadFactor = Take($"{Name(tariff)}.load-factor"),
            LowSidePercent = Take("low-side.surcharge"),
            DemandStepKw = Take("demand.rounding"),
            PowerFactorThreshold = Take("power-factor.threshold"),
            PenaltyCoefficientPercent = Take("power-factor.penalty-coefficient"),
            PenaltyMaximumPercent = Take("power-factor.penalty-maximum"),
            BonusCoefficientPercent = Take("power-factor.bonus-coefficient"),
            BonusMaximumPercent = Take("power-factor.bonus-maximum"),
            Rows = rows,
        };
        if (refusals.Count == 0 && (rules.LoadFactor is <= 0m or > 1m || rules.DemandStepKw <= 0m))
        {
            refusals.Add($"{table.Name}.csv: the load factor must lie above 0 and up to 1, and the demand step above 0.");
        }

        return refusals.Count == 0 ? Answer<CfeRules>.Of(rules) : Answer<CfeRules>.Refuse(refusals);
    }

    /// <summary>
    /// Billed demand: the smaller of the measured one and the one the energy stands for, Q / (24 d FC), in whole steps. Charge
    /// formulas for capacity (measured in punta) and distribution (measured in the whole month): agreement A/064/2018.
    /// </summary>
    /// <param name="measuredKw">Largest measured demand, kW.</param>
    /// <param name="energyKwh">Energy of the bill, kWh.</param>
    /// <param name="days">Days of the bill.</param>
    public BilledDemand Demand(decimal measuredKw, decimal energyKwh, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(measuredKw);
        ArgumentOutOfRangeException.ThrowIfNegative(energyKwh);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        decimal capKw = energyKwh / (24m * days * LoadFactor);
        decimal smaller = Math.Min(measuredKw, capKw);
        return new BilledDemand(measuredKw, capKw, decimal.Ceiling(smaller / DemandStepKw) * DemandStepKw);
    }

    /// <summary>
    /// Percentage that the power factor adds to a bill: positive a penalty, negative a bonus. Penalty c (t / f - 1), bonus
    /// c (1 - t / f), both with a maximum; t is the threshold and f the power factor.
    /// </summary>
    /// <param name="powerFactor">Power factor of the bill, above 0 to 1.</param>
    public decimal PowerFactorPercent(decimal powerFactor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(powerFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(powerFactor, 1m);
        decimal ratio = PowerFactorThreshold / powerFactor;
        return powerFactor < PowerFactorThreshold
            ? Math.Min(PenaltyCoefficientPercent * (ratio - 1m), PenaltyMaximumPercent)
            : -Math.Min(BonusCoefficientPercent * (1m - ratio), BonusMaximumPercent);
    }

    internal static string Name(CfeTariff tariff) => tariff switch
    {
        CfeTariff.Gdmth => "gdmth",
        CfeTariff.Gdmto => "gdmto",
        _ => throw new ArgumentOutOfRangeException(nameof(tariff), tariff, "not a tariff that is billed"),
    };
}

/// <summary>A demand as it is billed.</summary>
/// <param name="MeasuredKw">Largest measured demand, kW.</param>
/// <param name="CapKw">Demand the energy stands for, Q / (24 d FC), kW.</param>
/// <param name="BilledKw">The smaller of the two in whole steps, rounded up, kW.</param>
public sealed record BilledDemand(decimal MeasuredKw, decimal CapKw, decimal BilledKw)
{
    /// <summary>Whether the energy limits the demand: then a kWh saved also lowers the demand charge, and a kW saved does not.</summary>
    public bool IsCapped => CapKw < MeasuredKw;
}
