namespace Metering.Store.Influx;

/// <summary>One channel and UTC day on which the copy is not the store.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Channel">Channel identifier.</param>
/// <param name="DayUtcMilliseconds">Beginning of the day.</param>
/// <param name="Text">What differs, with both figures.</param>
public sealed record InfluxDifference(string Gateway, string Channel, long DayUtcMilliseconds, string Text);

/// <summary>
/// The comparison of the copy with the store, by channel and UTC day: number of values and number of readings that are
/// not good must be equal; sums may differ by <see cref="RelativeTolerance"/> x the sum of the absolute values, as
/// InfluxDB adds in floating point.
/// </summary>
public sealed record InfluxVerification
{
    /// <summary>The tolerance of sums. A wrong last digit of one reading of a day is larger in all but second-by-second channels.</summary>
    public const double RelativeTolerance = 1e-14;

    /// <summary>Differences listed at most.</summary>
    public const int MaximumDifferences = 1_000;

    /// <summary>Channels compared.</summary>
    public required int Channels { get; init; }

    /// <summary>Channel days compared.</summary>
    public required int Days { get; init; }

    /// <summary>Readings with a value in the store.</summary>
    public required long Values { get; init; }

    /// <summary>Batches that the mirror has not taken across yet: what they hold is a difference, too.</summary>
    public required long Behind { get; init; }

    /// <summary>Lines that InfluxDB refused.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Where the two differ, up to <see cref="MaximumDifferences"/>.</summary>
    public required IReadOnlyList<InfluxDifference> Differences { get; init; }

    /// <summary>Whether the copy equals the store.</summary>
    public bool Matches => Differences.Count == 0;
}
