namespace Metering.Analytics.Events;

/// <summary>Rows of one period for the search for events: the usable intervals only, ascending in time, no start twice.</summary>
public sealed record EventScanRows
{
    /// <summary>Starts of the intervals, UTC milliseconds since 1970-01-01, ascending. Missing intervals are left out.</summary>
    public required IReadOnlyList<long> StartUtcMilliseconds { get; init; }

    /// <summary>Metered use less the baseline model's use, in the unit of use; finite.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>The baseline model's use, in the unit of use; finite. A saving in proportion to it is not taken for an event.</summary>
    public required IReadOnlyList<double> Predictions { get; init; }

    /// <summary>
    /// The drivers of the model, one column each (products, degrees above a change point), at most 32. Their effects are
    /// estimated together with the events, because an event pulls at the coefficients of the baseline. Without columns the
    /// prediction stands for all of them.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>> Drivers { get; init; } = [];
}

/// <summary>How events are searched for. The defaults were set on simulated plants, see the folder's README.</summary>
public sealed record EventScanOptions
{
    /// <summary>Penalty of a step: this times the logarithm of the number of rows. Above 0.</summary>
    public double StepPenalty { get; init; } = 2.4;

    /// <summary>Penalty of a drift: this times the logarithm of the number of rows. Above 0.</summary>
    public double DriftPenalty { get; init; } = 2.4;

    /// <summary>Penalty of a temporary event: this times the logarithm of the number of rows. Above 0.</summary>
    public double TemporaryPenalty { get; init; } = 3.4;

    /// <summary>
    /// All penalties are multiplied by 1 + this times the squared autocorrelation: noise that hangs together strongly wanders,
    /// and its correlation is itself only estimated. Not negative.
    /// </summary>
    public double PenaltyGrowth { get; init; } = 0.25;

    /// <summary>Shortest step or temporary event; at least three intervals are needed as well. Positive.</summary>
    public TimeSpan ShortestEvent { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Longest temporary event; what lasts longer is two steps. Not below <see cref="ShortestEvent"/>.</summary>
    public TimeSpan LongestTemporary { get; init; } = TimeSpan.FromDays(120);

    /// <summary>Events that begin this close to the installation are marked. Not negative.</summary>
    public TimeSpan NearInstallation { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Distance from the neighbours, in robust standard deviations, that makes an outlier. Above 0.</summary>
    public double OutlierDeviations { get; init; } = 6;

    /// <summary>Most events besides outliers that are proposed in one period, 1 to 16.</summary>
    public int MostEvents { get; init; } = 6;
}

/// <summary>Why a period was not searched.</summary>
public enum EventScanRefusal
{
    /// <summary>It was searched.</summary>
    None = 0,

    /// <summary>The period was not given.</summary>
    NotGiven = 1,

    /// <summary>Fewer than <see cref="EventScanner.FewestRows"/> rows.</summary>
    TooFewRows = 2,

    /// <summary>More than <see cref="EventScanner.MostRows"/> rows; search days instead of hours.</summary>
    TooManyRows = 3,

    /// <summary>The residuals do not scatter: half of them or more are equal, or all are explained by the drivers.</summary>
    NoScatter = 4,
}

/// <summary>What was found in one period.</summary>
public sealed record PeriodScan
{
    /// <summary>Why it was not searched; <see cref="EventScanRefusal.None"/> when it was.</summary>
    public required EventScanRefusal Refusal { get; init; }

    /// <summary>Rows searched, outliers not counted.</summary>
    public required int Rows { get; init; }

    /// <summary>Correlation of the noise from row to row with all events taken out, 0 to 1; NaN when refused.</summary>
    public required double Autocorrelation { get; init; }

    /// <summary>Standard deviation of the noise with all events taken out, in the unit of use, at average use; NaN when refused.</summary>
    public required double NoisePerInterval { get; init; }

    /// <summary>Whether the noise was found to grow with use, and rows were weighted accordingly.</summary>
    public required bool NoiseGrowsWithUse { get; init; }

    /// <summary>Whether more was found than is listed.</summary>
    public required bool IsCut { get; init; }

    /// <summary>The events, by start.</summary>
    public required IReadOnlyList<EventProposal> Proposals { get; init; }
}

/// <summary>What was found in both periods.</summary>
public sealed record EventScanResult
{
    /// <summary>The period before the installation.</summary>
    public required PeriodScan Baseline { get; init; }

    /// <summary>The period after the installation.</summary>
    public required PeriodScan Reporting { get; init; }

    /// <summary>All events, those of the baseline first, each period by start.</summary>
    public required IReadOnlyList<EventProposal> Proposals { get; init; }
}
