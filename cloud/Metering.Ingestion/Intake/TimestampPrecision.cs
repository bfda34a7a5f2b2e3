using Metering.Store;

namespace Metering.Ingestion.Intake;

/// <summary>Unit of the timestamps of a request; what is finer than a millisecond is cut off.</summary>
public enum TimestampPrecision : byte
{
    /// <summary>Nanoseconds: what line protocol means without a precision.</summary>
    Nanoseconds,

    /// <summary>Microseconds.</summary>
    Microseconds,

    /// <summary>Milliseconds.</summary>
    Milliseconds,

    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Minutes.</summary>
    Minutes,

    /// <summary>Hours.</summary>
    Hours,
}

/// <summary>Names and arithmetic of <see cref="TimestampPrecision"/>.</summary>
public static class TimestampPrecisions
{
    /// <summary>A precision by its name in a request (both "n" and "ns", "u", "us"); null for anything else.</summary>
    public static TimestampPrecision? Find(string? name) => name switch
    {
        null or "" or "n" or "ns" => TimestampPrecision.Nanoseconds,
        "u" or "us" or "µ" => TimestampPrecision.Microseconds,
        "ms" => TimestampPrecision.Milliseconds,
        "s" => TimestampPrecision.Seconds,
        "m" => TimestampPrecision.Minutes,
        "h" => TimestampPrecision.Hours,
        _ => null,
    };

    /// <summary>Milliseconds since 1970 UTC of a timestamp.</summary>
    /// <returns>False when it lies outside the years the store keeps.</returns>
    public static bool TryToMilliseconds(this TimestampPrecision precision, long timestamp, out long utcMilliseconds)
    {
        Int128 milliseconds = precision switch
        {
            TimestampPrecision.Nanoseconds => Math.DivRem(timestamp, 1_000_000).Quotient,
            TimestampPrecision.Microseconds => Math.DivRem(timestamp, 1_000).Quotient,
            TimestampPrecision.Milliseconds => timestamp,
            TimestampPrecision.Seconds => (Int128)timestamp * 1_000,
            TimestampPrecision.Minutes => (Int128)timestamp * 60_000,
            TimestampPrecision.Hours => (Int128)timestamp * 3_600_000,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        bool isInside = timestamp >= 0 && milliseconds >= StoreLimits.FirstInstantUtcMilliseconds && milliseconds < StoreLimits.EndInstantUtcMilliseconds;
        utcMilliseconds = isInside ? (long)milliseconds : 0;
        return isInside;
    }
}
