namespace Metering.Readings;

/// <summary>How a gateway's wall clock stood when the readings were taken; the letters are those of OCMF's time status.</summary>
public enum ClockState : byte
{
    /// <summary>U: nothing is known of the clock.</summary>
    Unknown = (byte)'U',

    /// <summary>I: set by somebody, not synchronised.</summary>
    Informed = (byte)'I',

    /// <summary>S: synchronised.</summary>
    Synchronised = (byte)'S',

    /// <summary>R: relative, put right afterwards from the monotonic clock.</summary>
    Relative = (byte)'R',
}

/// <summary>
/// One value of one channel at one scheduled instant. The value is exact: <c>ScaledValue x 10^-DecimalPlaces</c> of the
/// channel, so a counter never passes through floating point. 24 bytes.
/// </summary>
/// <param name="UtcMilliseconds">The poll slot the reading was scheduled for, in milliseconds since 1970-01-01 UTC; the real moment differs by the jitter of the poll, which is a diagnostic.</param>
/// <param name="ScaledValue">The integer value; 0 and without meaning when <paramref name="HasValue"/> is false.</param>
/// <param name="ChannelIndex">0-based index into the channel list that travels with the readings.</param>
/// <param name="Quality">Class and reason.</param>
/// <param name="HasValue">False when there is no value at all (silent meter); never replaced by zero.</param>
public readonly record struct Reading(long UtcMilliseconds, long ScaledValue, int ChannelIndex, ReadingQuality Quality, bool HasValue)
{
    /// <summary>A reading without a value, for a poll that failed.</summary>
    public static Reading Missing(long utcMilliseconds, int channelIndex, QualityReason reason) =>
        new(utcMilliseconds, 0, channelIndex, ReadingQuality.Bad(reason), HasValue: false);
}
