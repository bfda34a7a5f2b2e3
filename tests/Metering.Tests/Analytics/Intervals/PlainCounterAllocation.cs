using Metering.Analytics.Intervals;

namespace Metering.Tests.Analytics.Intervals;

/// <summary>Lays the readings of a register out over intervals: the register at each border is read or interpolated, as a whole number of steps.</summary>
internal sealed class PlainCounterAllocation
{
    private readonly long[] borders;
    private readonly long[] known;
    private readonly long[] knownMilliseconds;
    private readonly bool[] allocated;
    private readonly long longestMeasured;

    /// <param name="borders">Borders of the intervals, ascending.</param>
    /// <param name="longestMeasured">Readings further apart than this (ms) make the borders between them allocated.</param>
    public PlainCounterAllocation(long[] borders, long longestMeasured)
    {
        this.borders = borders;
        this.longestMeasured = longestMeasured;
        int count = Math.Max(borders.Length - 1, 0);
        known = new long[count];
        knownMilliseconds = new long[count];
        allocated = new bool[count];
    }

    public long[] Known => known;

    public long[] KnownMilliseconds => knownMilliseconds;

    /// <summary>Adds one segment: readings ascending in time that never fall.</summary>
    public void Add(ReadOnlySpan<long> time, ReadOnlySpan<long> value)
    {
        if (time.Length < 2)
        {
            return;
        }

        int interval = IndexOf(time[0]);
        int reading = 0;
        long fromTime = time[0];
        long fromValue = value[0];
        long end = time[^1];
        while (borders[interval + 1] < end)
        {
            long border = borders[interval + 1];
            while (time[reading + 1] <= border)
            {
                reading++;
            }

            long at = value[reading];
            if (time[reading] < border)
            {
                long span = time[reading + 1] - time[reading];
                at += Share(value[reading + 1] - at, border - time[reading], span);
                if (span > longestMeasured)
                {
                    allocated[interval] = true;
                    allocated[interval + 1] = true;
                }
            }

            known[interval] += at - fromValue;
            knownMilliseconds[interval] += border - fromTime;
            fromTime = border;
            fromValue = at;
            interval++;
        }

        known[interval] += value[^1] - fromValue;
        knownMilliseconds[interval] += end - fromTime;
    }

    /// <summary>Code of an interval: it has a value only when all its time is known.</summary>
    public IntervalCode CodeOf(int interval)
    {
        if (knownMilliseconds[interval] != borders[interval + 1] - borders[interval])
        {
            return IntervalCode.Missing;
        }

        return allocated[interval] ? IntervalCode.Allocated : IntervalCode.Measured;
    }

    private int IndexOf(long instant)
    {
        int found = Array.BinarySearch(borders, instant);
        return Math.Min(found >= 0 ? found : ~found - 1, borders.Length - 2);
    }

    /// <summary>The part of a rise that belongs to the first <paramref name="part"/> of <paramref name="span"/>, rounded to the nearest step.</summary>
    private static long Share(long rise, long part, long span)
    {
        // Both below 2^31: no product overflows, and the division of the exact test is saved.
        if (((rise | span) >> 31) == 0 || rise <= long.MaxValue / 4 / span)
        {
            return ((rise * part) + (span / 2)) / span;
        }

        return (long)((((Int128)rise * part) + (span / 2)) / span);
    }
}
