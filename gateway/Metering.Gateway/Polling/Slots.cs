namespace Metering.Gateway.Polling;

/// <summary>Arithmetic of slots: whole multiples of an interval since 1970-01-01 UTC.</summary>
internal static class Slots
{
    /// <summary>The first whole multiple of the interval that is not before an instant.</summary>
    internal static long AlignUp(long utcMilliseconds, TimeSpan interval)
    {
        long step = (long)interval.TotalMilliseconds;
        long rest = utcMilliseconds % step;
        return rest == 0 ? utcMilliseconds : rest > 0 ? utcMilliseconds - rest + step : utcMilliseconds - rest;
    }

    /// <summary>The first slot of any of some intervals that is not before an instant.</summary>
    internal static long AlignUp(long utcMilliseconds, ReadOnlySpan<TimeSpan> intervals)
    {
        long first = long.MaxValue;
        foreach (TimeSpan interval in intervals)
        {
            first = Math.Min(first, AlignUp(utcMilliseconds, interval));
        }

        return first;
    }
}
