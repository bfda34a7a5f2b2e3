using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Metering.Analytics.Intervals;

/// <summary>
/// Tells blocks of readings that need no decision: regular times, and a register that rises at an ordinary pace. Whole
/// numbers only, so that every processor decides alike; and a block that does not pass is only looked at more closely, so
/// that the scan can make work but no difference.
/// </summary>
internal readonly struct OrdinaryScan
{
    /// <summary>Readings in a block. The largest rise is limited so that a block cannot overflow.</summary>
    public const int BlockReadings = 256;

    /// <summary>Pairs of neighbours in one vector.</summary>
    private const int Lanes = 4;

    private const long LargestRise = (1L << 62) / BlockReadings;

    private readonly long shortest;
    private readonly long longest;
    private readonly long largest;
    private readonly long ceiling;

    /// <param name="pace">What is usual.</param>
    /// <param name="ceiling">Largest register that is in range.</param>
    public OrdinaryScan(CounterPace pace, long ceiling)
    {
        this.ceiling = ceiling;
        longest = 2 * pace.Spacing;

        // Readings a little closer than usual pass; the rise is held against the shortest time, which is the stricter limit.
        shortest = Math.Max(pace.Spacing - (pace.Spacing / 4), 1);
        double limit = (pace.CatchUpRate * shortest) + 1;
        largest = limit < LargestRise ? (long)limit : LargestRise;
    }

    /// <summary>
    /// Whether every reading after the first is in range and an ordinary step from its neighbour. The first one is known to
    /// be in range. Saying no for an ordinary block costs time only.
    /// </summary>
    public bool IsOrdinary(ReadOnlySpan<long> time, ReadOnlySpan<long> value)
    {
        int pairs = time.Length - 1;
        if (pairs < Lanes || time[^1] > IntervalBuilder.LatestUtcMilliseconds || value[^1] < 0 || value[^1] > ceiling)
        {
            return false;
        }

        return Vector128.IsHardwareAccelerated ? PassesVectors(time, value, pairs) : PassesOneByOne(time, value);
    }

    private bool PassesVectors(ReadOnlySpan<long> time, ReadOnlySpan<long> value, int pairs)
    {
        value = value[..time.Length];
        Limits limits = new(Vector256.Create(shortest), Vector256.Create(longest), Vector256.Create(largest));
        Vector256<long> even = Vector256<long>.Zero;
        Vector256<long> odd = Vector256<long>.Zero;
        ref long times = ref MemoryMarshal.GetReference(time);
        ref long values = ref MemoryMarshal.GetReference(value);
        nuint last = (nuint)(pairs - Lanes);
        nuint pair = 0;
        unchecked
        {
            for (; pair + Lanes <= last; pair += 2 * Lanes)
            {
                even |= limits.Passed(ref times, ref values, pair);
                odd |= limits.Passed(ref times, ref values, pair + Lanes);
            }
        }

        if (pair <= last)
        {
            even |= limits.Passed(ref times, ref values, pair);
        }

        // The last vector overlaps the one before it instead of leaving a rest.
        odd |= limits.Passed(ref times, ref values, last);
        return (even | odd).ExtractMostSignificantBits() == 0;
    }

    private bool PassesOneByOne(ReadOnlySpan<long> time, ReadOnlySpan<long> value)
    {
        for (int i = 1; i < time.Length; i++)
        {
            long step = unchecked(time[i] - time[i - 1]);
            long rise = unchecked(value[i] - value[i - 1]);
            if (step < shortest || step > longest || rise < 0 || rise > largest)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The limits in every lane.</summary>
    private readonly struct Limits(Vector256<long> low, Vector256<long> high, Vector256<long> most)
    {
        /// <summary>Negative in each lane where a reading is no ordinary step from the one before it; only the sign means something.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<long> Passed(ref long times, ref long values, nuint pair)
        {
            unchecked
            {
                Vector256<long> step = Vector256.LoadUnsafe(ref times, pair + 1) - Vector256.LoadUnsafe(ref times, pair);
                Vector256<long> rise = Vector256.LoadUnsafe(ref values, pair + 1) - Vector256.LoadUnsafe(ref values, pair);
                return (step - low) | (high - step) | rise | (most - rise);
            }
        }
    }
}
