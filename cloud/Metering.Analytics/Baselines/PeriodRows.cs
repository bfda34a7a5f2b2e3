using Metering.Analytics.Savings;

namespace Metering.Analytics.Baselines;

/// <summary>The usable rows of one period, ascending in time.</summary>
internal sealed record PeriodRows
{
    public required long[] Start { get; init; }

    /// <summary>Steps of the usual spacing since the row before; 0 for the first row.</summary>
    public required int[] StepsBefore { get; init; }

    public required double[] Use { get; init; }

    public required double[][] Drivers { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Usable rows as a share of the rows that the period holds at the usual spacing, 0 to 1.</summary>
    public required double Coverage { get; init; }

    public required double Expected { get; init; }

    public required int Negative { get; init; }

    /// <summary>What is known of the drivers; those past the last are unknown.</summary>
    public IReadOnlyList<DriverRole> Roles { get; init; } = [];

    /// <summary>Variance of estimated use; empty when all was metered.</summary>
    public double[] UseVariance { get; init; } = [];

    /// <summary>Rows in a day at the usual spacing.</summary>
    public double RowsPerDay { get; init; }

    /// <summary>Events whose indicators are the last drivers.</summary>
    public IReadOnlyList<NonRoutineAdjustment> Events { get; init; } = [];

    public int Count => Start.Length;

    public DriverRole RoleOf(int driver) => driver < Roles.Count ? Roles[driver] : DriverRole.Unknown;

    public void CopyDrivers(int row, Span<double> values)
    {
        for (int j = 0; j < Drivers.Length; j++)
        {
            values[j] = Drivers[j][row];
        }
    }

    /// <summary>The same rows with one driver more for each event: 1 where it acted.</summary>
    public PeriodRows WithEvents(IReadOnlyList<NonRoutineAdjustment> events) => events.Count == 0 ? this : this with
    {
        Drivers = [.. Drivers, .. events.Select(adjustment => ReportingEvents.Indicator(this, adjustment))],
        Names = [.. Names, .. events.Select(adjustment => adjustment.Name)],
        Events = events,
    };
}
