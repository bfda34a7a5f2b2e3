using Metering.Analytics.Intervals;

namespace Metering.Store.Rollups;

/// <summary>Intervals in columns that grow; borders have one element more than the others as soon as there is an interval.</summary>
internal sealed class RollupColumns(bool isCounter, int capacity)
{
    public bool IsCounter => isCounter;

    public int Count { get; private set; }

    public long[] Borders { get; private set; } = GC.AllocateUninitializedArray<long>(capacity + 1);

    public double[] Value { get; private set; } = GC.AllocateUninitializedArray<double>(capacity);

    public IntervalCode[] Code { get; private set; } = GC.AllocateUninitializedArray<IntervalCode>(capacity);

    public long[] KnownMilliseconds { get; private set; } = GC.AllocateUninitializedArray<long>(capacity);

    public long[] Known { get; private set; } = GC.AllocateUninitializedArray<long>(isCounter ? capacity : 0);

    public int[] Readings { get; private set; } = GC.AllocateUninitializedArray<int>(isCounter ? 0 : capacity);

    public long[] Minimum { get; private set; } = GC.AllocateUninitializedArray<long>(isCounter ? 0 : capacity);

    public long[] Maximum { get; private set; } = GC.AllocateUninitializedArray<long>(isCounter ? 0 : capacity);

    /// <summary>Makes room for more intervals and gives the index of the first; their columns have no meaning until they are written.</summary>
    public int Add(int count)
    {
        int start = Count;
        Count += count;
        if (Count > Value.Length)
        {
            int room = Math.Max(Count, 2 * Value.Length);
            Borders = Grown(Borders, start == 0 ? 0 : start + 1, room + 1);
            Value = Grown(Value, start, room);
            Code = Grown(Code, start, room);
            KnownMilliseconds = Grown(KnownMilliseconds, start, room);
            Known = Grown(Known, isCounter ? start : 0, isCounter ? room : 0);
            Readings = Grown(Readings, isCounter ? 0 : start, isCounter ? 0 : room);
            Minimum = Grown(Minimum, isCounter ? 0 : start, isCounter ? 0 : room);
            Maximum = Grown(Maximum, isCounter ? 0 : start, isCounter ? 0 : room);
        }

        return start;
    }

    /// <summary>Takes back what was added last.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Copies all intervals of another set behind these.</summary>
    public void Append(RollupColumns other)
    {
        if (other.Count == 0)
        {
            return;
        }

        int start = Add(other.Count);
        Array.Copy(other.Borders, 0, Borders, start, other.Count + 1);
        Array.Copy(other.Value, 0, Value, start, other.Count);
        Array.Copy(other.Code, 0, Code, start, other.Count);
        Array.Copy(other.KnownMilliseconds, 0, KnownMilliseconds, start, other.Count);
        if (isCounter)
        {
            Array.Copy(other.Known, 0, Known, start, other.Count);
            return;
        }

        Array.Copy(other.Readings, 0, Readings, start, other.Count);
        Array.Copy(other.Minimum, 0, Minimum, start, other.Count);
        Array.Copy(other.Maximum, 0, Maximum, start, other.Count);
    }

    /// <summary>Index of the first interval that starts at an instant or later.</summary>
    public int FirstFrom(long utcMilliseconds)
    {
        int index = Borders.AsSpan(0, Count).BinarySearch(utcMilliseconds);
        return index < 0 ? ~index : index;
    }

    private static T[] Grown<T>(T[] old, int used, int room)
    {
        T[] grown = GC.AllocateUninitializedArray<T>(room);
        Array.Copy(old, grown, used);
        return grown;
    }
}
