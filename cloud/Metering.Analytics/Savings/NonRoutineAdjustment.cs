using Metering.Analytics.Intervals;

namespace Metering.Analytics.Savings;

/// <summary>
/// A change of use that the project did not cause (IPMVP: non-routine event), with the rows in which it acted. Its size is
/// estimated together with the model. A change that began before the project and lasted ends with the reporting period.
/// </summary>
/// <param name="Name">Name, unique among the adjustments.</param>
/// <param name="Period">When it acted, half-open.</param>
public sealed record NonRoutineAdjustment(string Name, Period Period)
{
    /// <summary>Start of the row in which a drift has reached its size; null for what acts in full from its first row on.</summary>
    public long? GrownUtcMilliseconds { get; init; }

    /// <summary>Standard deviation of the event's total from not knowing its dates exactly, in the unit of use; 0 when a person knows them.</summary>
    public double TotalDateDeviation { get; init; }

    /// <summary>How much of it acts in a row: 0 outside of <see cref="Period"/>, 1 inside; of a drift growing evenly to 1.</summary>
    /// <param name="startUtcMilliseconds">Start of the row.</param>
    public double WeightAt(long startUtcMilliseconds)
    {
        if (!Period.Contains(startUtcMilliseconds))
        {
            return 0;
        }

        return GrownUtcMilliseconds is { } grown && grown > Period.StartUtcMilliseconds
            ? Math.Min(1, (startUtcMilliseconds - Period.StartUtcMilliseconds) / (double)(grown - Period.StartUtcMilliseconds))
            : 1;
    }
}

/// <summary>The estimated size of an adjustment.</summary>
/// <param name="Adjustment">What was adjusted for.</param>
/// <param name="InBaseline">Whether it began in the baseline period; otherwise in the reporting period.</param>
/// <param name="UsePerRow">Change of use per row while it acted, in the unit of use; positive when more was used.</param>
/// <param name="StandardError">Standard error of <paramref name="UsePerRow"/>, autocorrelation allowed for.</param>
/// <param name="Rows">Rows of the reporting period in which it acted.</param>
public sealed record AdjustmentSize(NonRoutineAdjustment Adjustment, bool InBaseline, double UsePerRow, double StandardError, int Rows);

/// <summary>Where the variance of a saving comes from, in squared units of use.</summary>
public sealed record SavingsVariance
{
    /// <summary>Scatter of the baseline rows, through the coefficients and the breakpoints.</summary>
    public required double Model { get; init; }

    /// <summary>Part of <see cref="Model"/> that the breakpoints add; 0 without one.</summary>
    public required double Breakpoints { get; init; }

    /// <summary>Scatter of the reporting rows, estimated events among them.</summary>
    public required double Reporting { get; init; }

    /// <summary>Accuracy class of the meter.</summary>
    public double MeterClass { get; init; }

    /// <summary>Rows that were estimated instead of metered.</summary>
    public double Estimated { get; init; }

    /// <summary>Disagreement of the candidate models.</summary>
    public double BetweenModels { get; init; }

    /// <summary>Stipulated parameters (IPMVP option A).</summary>
    public double Stipulated { get; init; }

    /// <summary>Dates of events that were read from the data.</summary>
    public double EventDates { get; init; }

    /// <summary>What moving blocks add where the autoregression is rejected.</summary>
    public double Blocks { get; init; }

    /// <summary>Their sum.</summary>
    public double Total => Model + Reporting + MeterClass + Estimated + BetweenModels + Stipulated + EventDates + Blocks;
}
