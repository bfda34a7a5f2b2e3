using Metering.Analytics.CountryPacks;
using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>How blocks of volume are charged.</summary>
public enum WaterBlockRule
{
    /// <summary>Each block's volume at the block's own price.</summary>
    EachBlockAtItsPrice = 0,

    /// <summary>The whole volume at the price of the block it ends in: one m3 more can make all of them dearer.</summary>
    WholeVolumeAtLastPrice = 1,
}

/// <summary>A block of volume.</summary>
/// <param name="FromM3">Volume a month at which the block begins; the first begins at 0.</param>
/// <param name="PricePerM3">Price per m3 in the currency of the tariff, from 0.</param>
public readonly record struct WaterBlock(decimal FromM3, decimal PricePerM3);

/// <summary>A month's water bill.</summary>
/// <param name="Water">Fixed charge and volume, rounded to cents.</param>
/// <param name="Sewerage">Percentage of the water charge, rounded to cents.</param>
/// <param name="Treatment">Percentage of the water charge, rounded to cents.</param>
public sealed record WaterBill(Money Water, Money Sewerage, Money Treatment)
{
    /// <summary>The sum.</summary>
    public Money Total => Water + Sewerage + Treatment;
}

/// <summary>A utility's monthly water tariff of one class of use: rising blocks, sewerage and treatment.</summary>
public sealed class WaterTariff
{
    private readonly WaterBlock[] blocks;

    /// <summary>Makes a tariff.</summary>
    /// <param name="fixedPerMonth">Charge for a month without use; gives the currency.</param>
    /// <param name="blocks">Blocks, ascending, the first from 0 m3.</param>
    /// <param name="rule">How they are charged.</param>
    /// <param name="seweragePercent">Sewerage, percent of the water charge, from 0.</param>
    /// <param name="treatmentPercent">Treatment, percent of the water charge, from 0.</param>
    /// <exception cref="ArgumentException">No blocks, blocks out of order, a negative price or percentage.</exception>
    public WaterTariff(
        Money fixedPerMonth, IReadOnlyList<WaterBlock> blocks, WaterBlockRule rule, decimal seweragePercent, decimal treatmentPercent)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentOutOfRangeException.ThrowIfNegative(fixedPerMonth.Amount);
        ArgumentOutOfRangeException.ThrowIfNegative(seweragePercent);
        ArgumentOutOfRangeException.ThrowIfNegative(treatmentPercent);
        FixedPerMonth = fixedPerMonth;
        Rule = rule;
        SeweragePercent = seweragePercent;
        TreatmentPercent = treatmentPercent;
        this.blocks = [.. blocks];
        if (blocks.Count == 0 || blocks[0].FromM3 != 0m)
        {
            throw new ArgumentException("the first block begins at 0 m3", nameof(blocks));
        }

        for (int index = 0; index < blocks.Count; index++)
        {
            if (blocks[index].PricePerM3 < 0m || (index > 0 && blocks[index].FromM3 <= blocks[index - 1].FromM3))
            {
                throw new ArgumentException($"the block from {blocks[index].FromM3} m3 is out of order or has a negative price", nameof(blocks));
            }
        }
    }

    /// <summary>Charge for a month without use.</summary>
    public Money FixedPerMonth { get; }

    /// <summary>How blocks are charged.</summary>
    public WaterBlockRule Rule { get; }

    /// <summary>Sewerage, percent of the water charge.</summary>
    public decimal SeweragePercent { get; }

    /// <summary>Treatment, percent of the water charge.</summary>
    public decimal TreatmentPercent { get; }

    /// <summary>
    /// Reads the tariff of a class of use from a table with the usual columns and <c>use_class</c>, <c>kind</c> (fixed, block,
    /// sewerage, treatment) and <c>from_m3</c> (for blocks). Units: MXN/month, MXN/m3, %.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="useClass">The class of use, exactly as in the table.</param>
    /// <param name="rule">How blocks are charged: utilities differ, the table does not say.</param>
    /// <param name="day">The day it must hold on.</param>
    /// <returns>The tariff, or what is missing. A percentage of zero must stand in the table; none is taken for zero.</returns>
    /// <exception cref="ArgumentException">A row that cannot be read; names file and line.</exception>
    public static Answer<WaterTariff> Read(PackTable table, string useClass, WaterBlockRule rule, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(table);
        List<WaterBlock> found = [];
        Dictionary<string, decimal> single = new(StringComparer.Ordinal);
        string? currency = null;
        foreach (PackRow row in table.Rows)
        {
            if (row["use_class"] != useClass || !row.HoldsOn(day))
            {
                continue;
            }

            decimal value = row.Value ?? throw row.Fault("the value is empty");
            string kind = row["kind"];
            string unit = kind switch
            {
                "fixed" => "/month",
                "block" => "/m3",
                "sewerage" or "treatment" => "%",
                _ => throw row.Fault($"kind is '{kind}'; it must be fixed, block, sewerage or treatment"),
            };
            if (!row.Unit.EndsWith(unit, StringComparison.Ordinal) || row.Unit.Length != unit.Length + (unit == "%" ? 0 : 3))
            {
                throw row.Fault($"the unit is '{row.Unit}'; it must be {(unit == "%" ? unit : "MXN" + unit)}");
            }

            if (unit != "%" && (currency ??= row.Unit[..3]) != row.Unit[..3])
            {
                throw row.Fault($"{row.Unit} beside {currency}; a tariff has one currency");
            }

            if (kind == "block")
            {
                found.Add(new WaterBlock(row.Number("from_m3") ?? throw row.Fault("from_m3 is empty"), value));
            }
            else if (!single.TryAdd(kind, value))
            {
                throw row.Fault($"{kind} of {useClass} stands there twice for {day:yyyy-MM-dd}");
            }
        }

        if (currency is null || found.Count == 0 || single.Count < 3)
        {
            return Answer<WaterTariff>.Refuse(
                $"{table.Name}.csv does not have all of fixed, block, sewerage and treatment for {useClass} on {day:yyyy-MM-dd}.");
        }

        found.Sort((a, b) => a.FromM3.CompareTo(b.FromM3));
        return Answer<WaterTariff>.Of(new WaterTariff(
            new Money(single["fixed"], currency), found, rule, single["sewerage"], single["treatment"]));
    }

    /// <summary>The bill of a month.</summary>
    /// <param name="volumeM3">Volume of the month, m3, from 0.</param>
    public WaterBill Bill(decimal volumeM3)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(volumeM3);
        decimal charge = 0m;
        for (int index = 0; index < blocks.Length; index++)
        {
            decimal end = index + 1 < blocks.Length ? Math.Min(volumeM3, blocks[index + 1].FromM3) : volumeM3;
            if (end <= blocks[index].FromM3)
            {
                break;
            }

            charge = Rule == WaterBlockRule.EachBlockAtItsPrice
                ? charge + ((end - blocks[index].FromM3) * blocks[index].PricePerM3)
                : volumeM3 * blocks[index].PricePerM3;
        }

        Money water = (FixedPerMonth + new Money(charge, FixedPerMonth.Currency)).Rounded();
        return new WaterBill(
            water, (water * (SeweragePercent / 100m)).Rounded(), (water * (TreatmentPercent / 100m)).Rounded());
    }

    /// <summary>
    /// What a month's saving is worth: the bill of the expected volume less the bill of the measured one, so that every m3 has the
    /// price of the block it lies in.
    /// </summary>
    /// <param name="expectedM3">Volume expected without the project, m3, from 0.</param>
    /// <param name="measuredM3">Volume measured, m3, from 0.</param>
    public Money Saving(decimal expectedM3, decimal measuredM3) => Bill(expectedM3).Total - Bill(measuredM3).Total;
}
