using Metering.Readings;

namespace Metering.Store.Chunks;

/// <summary>Readings in four columns of equal length, strictly ascending by instant; a reading without a value holds 0.</summary>
internal sealed class Columns
{
    /// <summary>Columns of zeros: no value, good.</summary>
    public Columns(int count)
        : this(new long[count], new long[count], new ReadingQuality[count], new bool[count])
    {
    }

    private Columns(long[] utcMilliseconds, long[] scaledValues, ReadingQuality[] qualities, bool[] hasValues)
    {
        UtcMilliseconds = utcMilliseconds;
        ScaledValues = scaledValues;
        Qualities = qualities;
        HasValues = hasValues;
    }

    public long[] UtcMilliseconds { get; }

    public long[] ScaledValues { get; }

    public ReadingQuality[] Qualities { get; }

    public bool[] HasValues { get; }

    public int Count => UtcMilliseconds.Length;

    /// <summary>Columns with whatever the memory held: for a caller that writes every element. A year is 9 MB to be cleared otherwise.</summary>
    public static Columns Uninitialised(int count) => new(
        GC.AllocateUninitializedArray<long>(count), GC.AllocateUninitializedArray<long>(count),
        GC.AllocateUninitializedArray<ReadingQuality>(count), GC.AllocateUninitializedArray<bool>(count));

    /// <summary>Both together; where both have the instant, the newer reading stands.</summary>
    public static Columns Merge(Columns? older, Columns? newer)
    {
        if (older is null || newer is null || older.Count == 0 || newer.Count == 0)
        {
            return newer is null || newer.Count == 0 ? older ?? new(0) : newer;
        }

        Columns merged = Uninitialised(older.Count + newer.Count);
        int left = 0;
        int right = 0;
        int count = 0;
        while (left < older.Count && right < newer.Count)
        {
            // Readings arrive in order but for a few, so that whole stretches of either side go over at once.
            int next = older.LowerBound(newer.UtcMilliseconds[right], left);
            older.CopyTo(left, merged, count, next - left);
            count += next - left;
            left = next;
            long limit = left < older.Count ? older.UtcMilliseconds[left] : long.MaxValue;
            next = newer.LowerBound(limit, right);
            newer.CopyTo(right, merged, count, next - right);
            count += next - right;
            right = next;
            left += right < newer.Count && left < older.Count && newer.UtcMilliseconds[right] == older.UtcMilliseconds[left] ? 1 : 0;
        }

        older.CopyTo(left, merged, count, older.Count - left);
        count += older.Count - left;
        newer.CopyTo(right, merged, count, newer.Count - right);
        count += newer.Count - right;
        return merged.Slice(0, count);
    }

    /// <summary>The readings whose instant lies in [from, to).</summary>
    public Columns Between(long fromUtcMilliseconds, long toUtcMilliseconds)
    {
        int start = LowerBound(fromUtcMilliseconds, 0);
        return Slice(start, Math.Max(0, LowerBound(toUtcMilliseconds, 0) - start));
    }

    public Columns Slice(int start, int count)
    {
        if (start == 0 && count == Count)
        {
            return this;
        }

        Columns slice = Uninitialised(count);
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

    /// <summary>Index of the first reading from an index on that is not before an instant.</summary>
    private int LowerBound(long instant, int start)
    {
        int index = Array.BinarySearch(UtcMilliseconds, start, Count - start, instant);
        return index < 0 ? ~index : index;
    }
}
