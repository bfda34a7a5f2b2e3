using Metering.Meters.Profiles;
using Metering.Readings;

namespace Metering.Meters.Polling;

/// <summary>Why a value should be read once more before it is believed.</summary>
public enum Suspicion
{
    /// <summary>Nothing is odd about it.</summary>
    None = 0,

    /// <summary>A counter shows less than before.</summary>
    WentBack,

    /// <summary>A counter rose several times faster than it ever has.</summary>
    RoseTooFast,

    /// <summary>A gauge came to the end of its possible range, or passed it.</summary>
    AtEdge,
}

/// <summary>What is known of a channel from its earlier values. Changed only by <see cref="SuspicionRule.Accept"/>.</summary>
/// <param name="HasValue">Whether there was one.</param>
/// <param name="ScaledValue">The last good value.</param>
/// <param name="UtcMilliseconds">Its slot.</param>
/// <param name="FastestPerSecond">The fastest rise of a counter so far, scaled integers a second; negative while unknown.</param>
/// <param name="IsAtEdge">Whether the last value of a gauge, good or not, lay at or beyond an end of its range.</param>
public readonly record struct ValueHistory(bool HasValue, long ScaledValue, long UtcMilliseconds, double FastestPerSecond, bool IsAtEdge)
{
    /// <summary>Nothing is known yet.</summary>
    public static ValueHistory Unknown => new(false, 0, 0, -1, false);
}

/// <summary>
/// Which values are read a second time. Only a trigger: what a strange value means (rollover, reset, replaced meter) is decided elsewhere.
/// A suspicion that was wrong costs one short request, and the limit then learns. Pure; allocates nothing.
/// </summary>
public static class SuspicionRule
{
    /// <summary>A counter is suspected when it rises this many times faster than ever before ...</summary>
    public const double FasterFactor = 4;

    /// <summary>... and by more than this many steps of its register.</summary>
    public const long FreeSteps = 8;

    /// <summary>Share of a gauge's range at each end that counts as its edge.</summary>
    public const double EdgeShare = 0.01;

    /// <summary>Two readings of a gauge agree when they are no further apart than this share of the larger.</summary>
    public const double AgreementShare = 0.25;

    // The two readings of one value lie at most this far apart.
    private const double SecondsBetweenReadings = 5;
    private const double UnknownRateShare = 0.001;
    private const double MillisecondsPerSecond = 1000;

    /// <summary>Whether a new value looks wrong.</summary>
    public static Suspicion Judge(RegisterDefinition definition, in ValueHistory history, long scaledValue, long utcMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (definition.Kind == ChannelKind.Gauge)
        {
            return IsAtEdge(definition, scaledValue) && !history.IsAtEdge ? Suspicion.AtEdge : Suspicion.None;
        }

        if (!history.HasValue)
        {
            return Suspicion.None;
        }

        if (scaledValue < history.ScaledValue)
        {
            return Suspicion.WentBack;
        }

        double rise = (double)scaledValue - history.ScaledValue;
        double seconds = Math.Abs(utcMilliseconds - history.UtcMilliseconds) / MillisecondsPerSecond;
        bool isTooFast = history.FastestPerSecond >= 0 && rise > FreeSteps + (FasterFactor * history.FastestPerSecond * seconds);
        return isTooFast ? Suspicion.RoseTooFast : Suspicion.None;
    }

    /// <summary>Whether a second reading a moment later bears the first out: a counter may have gone on a little, a gauge may have moved a little.</summary>
    public static bool Agrees(RegisterDefinition definition, in ValueHistory history, long first, long second)
    {
        ArgumentNullException.ThrowIfNull(definition);
        double difference = (double)second - first;
        if (definition.Kind == ChannelKind.Gauge)
        {
            return Math.Abs(difference) <= FreeSteps + (AgreementShare * Math.Max(Math.Abs((double)first), Math.Abs((double)second)));
        }

        double allowed = history.FastestPerSecond >= 0
            ? FasterFactor * history.FastestPerSecond * SecondsBetweenReadings
            : UnknownRateShare * Math.Abs((double)first);
        return difference >= 0 && difference <= FreeSteps + allowed;
    }

    /// <summary>The history after a value was accepted.</summary>
    /// <param name="definition">The value's definition.</param>
    /// <param name="history">What was known before.</param>
    /// <param name="reading">The reading with its quality; only a good one becomes the value to compare with.</param>
    public static ValueHistory Accept(RegisterDefinition definition, in ValueHistory history, in Reading reading)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!reading.HasValue)
        {
            return history;
        }

        bool isAtEdge = definition.Kind == ChannelKind.Gauge && IsAtEdge(definition, reading.ScaledValue);
        if (!reading.Quality.IsGood)
        {
            return history with { IsAtEdge = isAtEdge };
        }

        double fastest = history.FastestPerSecond;
        double seconds = (reading.UtcMilliseconds - history.UtcMilliseconds) / MillisecondsPerSecond;
        if (history.HasValue && definition.Kind == ChannelKind.Counter && reading.ScaledValue >= history.ScaledValue && seconds > 0)
        {
            fastest = Math.Max(fastest, ((double)reading.ScaledValue - history.ScaledValue) / seconds);
        }

        return new(true, reading.ScaledValue, reading.UtcMilliseconds, fastest, isAtEdge);
    }

    private static bool IsAtEdge(RegisterDefinition definition, long scaledValue)
    {
        bool hasLower = definition.Minimum > long.MinValue;
        bool hasUpper = definition.Maximum < long.MaxValue;
        double margin = hasLower && hasUpper ? EdgeShare * ((double)definition.Maximum - definition.Minimum) : 0;
        return (hasLower && scaledValue <= definition.Minimum + margin) || (hasUpper && scaledValue >= definition.Maximum - margin);
    }
}
