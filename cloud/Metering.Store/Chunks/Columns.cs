using Metering.Readings;

namespace Metering.Store.Chunks;

/// <summary>Readings in four columns of equal length, strictly ascending by instant; a reading without a value holds 0.</summary>
internal sealed class Columns(int count)
{
    public long[] UtcMilliseconds { get; } = new long[count];

    public long[] ScaledValues { get; } = new long[count];

    public ReadingQuality[] Qualities { get; } = new ReadingQuality[count];

    public bool[] HasValues { get; } = new bool[count];

    public int Count => UtcMilliseconds.Length;

    /// <summary>Both together; where both have the instant, the newer reading stands.</summary>
    public static Columns Merge(Columns? older, Columns? newer)
    {
        if (older is null || newer is null || older.Count == 0 || newer.Count == 0)
        {
            return newer is null || newer.Count == 0 ? older ?? new(0) : newer;
        }

        Columns merged = new(older.Count + newer.Count);
        int left = 0;
        int right = 0;
        int count = 0;
        while (left < older.Count || right < newer.Count)
        {
            bool takeOlder = right == newer.Count
                || (left < older.Count && older.UtcMilliseconds[left] < newer.UtcMilliseconds[right]);
            if (takeOlder)
            {
                older.CopyTo(left++, merged, count++, 1);
                continue;
            }

            left += left < older.Count && older.UtcMilliseconds[left] == newer.UtcMilliseconds[right] ? 1 : 0;
            newer.CopyTo(right++, merged, count++, 1);
        }

        return merged.Slice(0, count);
    }

    /// <summary>The readings whose instant lies in [from, to).</summary>
    public Columns Between(long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        int start = LowerBound(fromUtcMilliseconds);
        return Slice(start, Math.Max(0, LowerBound(toUtcMilliseconds) - start));
    }

    public Columns Slice(int start, int count)
    {
        if (start == 0 && count == Count)
        {
            return this;
        }

        Columns slice = new(count);
        CopyTo(start, slice, 0, count);
        return slice;
    }

    public void CopyTo(int start, Columns target, int targetStart, int count)
    {
        Array.Copy(UtcMilliseconds, start, target.UtcMilliseconds, targetStart, count);
        Array.Copy(ScaledValues, start, target.ScaledValues, targetStart, count);
        Array.Copy(Qualities, start, target.Qualities, targetStart, count);
        Array.Copy(HasValues, start, target.HasValues, targetStart, count);
    }

    private int LowerBound(long instant)
    {
        int index = Array.BinarySearch(UtcMilliseconds, instant);
        return index < 0 ? ~index : index;
    }
}
