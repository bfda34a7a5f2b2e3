namespace Metering.Analytics.Events;

/// <summary>The shape of a change that no driver explains.</summary>
public enum EventKind
{
    /// <summary>Use is higher or lower from one interval to the end of the period.</summary>
    StepChange = 0,

    /// <summary>Use is higher or lower between two intervals and returns: two opposite shifts of one size.</summary>
    Temporary = 1,

    /// <summary>Use grows or falls evenly from one interval to the end of the period.</summary>
    Drift = 2,

    /// <summary>One to three neighbouring intervals far from all others. They took no part in the search for the other kinds.</summary>
    OutlierDays = 3,
}

/// <summary>On which side of the installation an event lies.</summary>
public enum EventPeriod
{
    /// <summary>Before the installation.</summary>
    Baseline = 0,

    /// <summary>After the installation.</summary>
    Reporting = 1,
}

/// <summary>A change in use that no driver explains, found in the residuals. It changes no saving until a person has classified it.</summary>
public sealed record EventProposal
{
    /// <summary>The shape.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>On which side of the installation it lies.</summary>
    public required EventPeriod Period { get; init; }

    /// <summary>Start of the first interval that shows it, UTC milliseconds since 1970-01-01. Of a drift: of the interval from which it grows, itself still without it.</summary>
    public required long FromUtcMilliseconds { get; init; }

    /// <summary>Start of the first interval without it, UTC milliseconds since 1970-01-01; null when it lasts to the end of the period.</summary>
    public required long? ToUtcMilliseconds { get; init; }

    /// <summary>Start of the last interval of the period that has it, UTC milliseconds since 1970-01-01.</summary>
    public required long LastUtcMilliseconds { get; init; }

    /// <summary>Use added in each interval, in the unit of use; negative when use fell. Of a drift: what is added in its last interval.</summary>
    public required double SizePerInterval { get; init; }

    /// <summary>
    /// The true size lies within this distance of <see cref="SizePerInterval"/> with a probability of 90 %, the dates taken as
    /// known and the noise as a first-order autoregression (generalised least squares).
    /// </summary>
    public required double SizeHalfWidth { get; init; }

    /// <summary>Growth per day of a drift, in the unit of use per interval and day; null for the other kinds.</summary>
    public double? SlopePerDay { get; init; }

    /// <summary>Sum of the event over the intervals of its period, in the unit of use.</summary>
    public required double Total { get; init; }

    /// <summary>
    /// Mean of <see cref="Total"/> over the dates it may have, and over a drift in place of a step, each weighed by its likelihood:
    /// the better estimate of what to take off a saving. Of outlier days the total itself.
    /// </summary>
    public required double ExpectedTotal { get; init; }

    /// <summary>
    /// Standard deviation of <see cref="Total"/> that comes from its dates alone: how far the total moves when it begins and ends
    /// elsewhere, or is a drift instead of a step, each alternative weighed by its likelihood. Its square adds to the variance of a
    /// saving that is adjusted for the event. 0 for outlier days.
    /// </summary>
    public required double TotalDateDeviation { get; init; }

    /// <summary>Intervals with readings between its first and its last.</summary>
    public required int Intervals { get; init; }

    /// <summary>
    /// Starts of the intervals that show it, UTC milliseconds since 1970-01-01: those that lie nearer to the level with it than
    /// to the level without.
    /// </summary>
    public required IReadOnlyList<long> ShownUtcMilliseconds { get; init; }

    /// <summary>
    /// Twice the rise of the logarithm of the likelihood through this event beside all others, the autocorrelation estimated anew
    /// with and without it. Of outlier days: the squared distance in standard deviations.
    /// </summary>
    public required double LikelihoodGain { get; init; }

    /// <summary>What the gain had to pass.</summary>
    public required double Penalty { get; init; }

    /// <summary>Whether it begins within <see cref="EventScanOptions.NearInstallation"/> of the installation: it may be the project itself, coming into effect late or early.</summary>
    public required bool IsNearInstallation { get; init; }

    /// <summary>
    /// The value of the event's indicator for an interval, for a column in a regression: 1 with the event, 0 without; of a drift
    /// 0 where it begins, growing evenly to 1 in its last interval and on beyond it.
    /// </summary>
    /// <param name="startUtcMilliseconds">Start of the interval, UTC milliseconds since 1970-01-01.</param>
    public double WeightAt(long startUtcMilliseconds)
    {
        if (startUtcMilliseconds < FromUtcMilliseconds || startUtcMilliseconds >= (ToUtcMilliseconds ?? long.MaxValue))
        {
            return 0;
        }

        return Kind == EventKind.Drift && LastUtcMilliseconds > FromUtcMilliseconds
            ? (startUtcMilliseconds - FromUtcMilliseconds) / (double)(LastUtcMilliseconds - FromUtcMilliseconds)
            : 1;
    }
}
