using Metering.Analytics.Finance;

namespace Metering.Analytics.Tariffs;

/// <summary>What a bill is asked for.</summary>
public sealed record BillRequest
{
    /// <summary>The tariff.</summary>
    public required CfeTariff Tariff { get; init; }

    /// <summary>The division, exactly as in the rate table.</summary>
    public required string Division { get; init; }

    /// <summary>Whether the meter stands on the low side of the transformer.</summary>
    public bool IsMeteredOnLowSide { get; init; }

    /// <summary>Power factor of the bill, above 0 to 1, where reactive energy was not metered; null to compute it.</summary>
    public decimal? StatedPowerFactor { get; init; }

    /// <summary>Whether value added tax is added, with the imported rate <c>vat</c>.</summary>
    public bool IncludesValueAddedTax { get; init; }

    /// <summary>Whether the street lighting levy is added, with the imported rate <c>street-lighting</c>.</summary>
    public bool IncludesStreetLighting { get; init; }
}

/// <summary>One line of a bill: quantity x rate x share, rounded to cents.</summary>
/// <param name="Charge">What.</param>
/// <param name="Month">First day of the month whose rate it is.</param>
/// <param name="Quantity">kWh, kW, months, or the amount a percentage is taken of.</param>
/// <param name="Unit">Unit of the quantity: kWh, kW, month, or the currency.</param>
/// <param name="Rate">Rate per unit; for a percentage the percentage.</param>
/// <param name="ShareOfMonth">Share of the month the line stands for, 0 to 1; 1 for energy and percentages.</param>
/// <param name="Amount">The amount, rounded to cents.</param>
public sealed record BillLine(
    Charge Charge, DateOnly Month, decimal Quantity, string Unit, decimal Rate, decimal ShareOfMonth, Money Amount);

/// <summary>A bill with every line, so that it can be laid beside the supplier's.</summary>
public sealed record ElectricityBill
{
    /// <summary>What was asked for.</summary>
    public required BillRequest Request { get; init; }

    /// <summary>What it was computed from.</summary>
    public required BillMeasurement Measurement { get; init; }

    /// <summary>Billed capacity; measured in punta, or in the whole bill for a tariff without hours.</summary>
    public required BilledDemand Capacity { get; init; }

    /// <summary>Billed distribution; measured in the whole bill.</summary>
    public required BilledDemand Distribution { get; init; }

    /// <summary>Power factor the bill was computed with.</summary>
    public required decimal PowerFactor { get; init; }

    /// <summary>What the power factor adds, percent: positive a penalty, negative a bonus.</summary>
    public required decimal PowerFactorPercent { get; init; }

    /// <summary>The rules, with the rows they come from.</summary>
    public required CfeRules Rules { get; init; }

    /// <summary>The lines, in order: charges by month, surcharges, taxes.</summary>
    public required IReadOnlyList<BillLine> Lines { get; init; }

    /// <summary>Sum of all lines.</summary>
    public required Money Total { get; init; }

    /// <summary>What a reader must know, one sentence in English each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Which whole demands a charge on a real bill may stand for: quantity x two-decimal rate, to the cent.</summary>
public static class DemandCheck
{
    private const int LargestKw = 1_000_000;

    /// <summary>All pairs of whole kW and two-decimal rate that give exactly the charge.</summary>
    /// <param name="charge">The charge as billed, with cents.</param>
    /// <param name="maximumKw">Largest demand to try, for example the measured one; 1 to 1,000,000.</param>
    /// <param name="lowestRate">Lowest rate per kW that can be meant.</param>
    /// <param name="highestRate">Highest rate per kW that can be meant.</param>
    /// <returns>Pairs, the largest demand first; empty when none fits, which happens when two rates were mixed.</returns>
    public static IReadOnlyList<(int Kw, decimal RatePerKw)> Solve(decimal charge, int maximumKw, decimal lowestRate, decimal highestRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(charge);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumKw, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumKw, LargestKw);
        List<(int Kw, decimal RatePerKw)> pairs = [];
        for (int kw = maximumKw; kw >= 1; kw--)
        {
            decimal rate = charge / kw;
            if (rate > highestRate)
            {
                break;
            }

            decimal rounded = decimal.Round(rate, 2);
            if (rate >= lowestRate && rounded * kw == charge)
            {
                pairs.Add((kw, rounded));
            }
        }

        return pairs;
    }
}
