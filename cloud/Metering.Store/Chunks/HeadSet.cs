using Metering.Readings;

namespace Metering.Store.Chunks;

/// <summary>
/// The readings that stand in the journal but not yet in a chunk, by channel and UTC day. While they are being sealed
/// they stay readable as a second layer under what arrives meanwhile. Not for two threads at once: the store holds its lock.
/// </summary>
internal sealed class HeadSet
{
    // Two sealings' worth of memory is kept for the next heads: arrays that live until they are sealed are dear to collect.
    private const int MaximumSpareCapacity = 2 * 262_144;

    private readonly Stack<Head> _spare = [];
    private int _spareCapacity;
    private Dictionary<long, SortedList<long, Head>> _active = [];
    private Dictionary<long, SortedList<long, Head>>? _sealing;
    private long _sealingCount;

    /// <summary>Readings not yet sealed, counted as they arrived.</summary>
    public long ActiveCount { get; private set; }

    /// <summary>Readings held in memory.</summary>
    public long TotalCount => ActiveCount + _sealingCount;

    public void Apply(long channelId, ChannelSegment segment)
    {
        if (!_active.TryGetValue(channelId, out SortedList<long, Head>? days))
        {
            days = [];
            _active.Add(channelId, days);
        }

        ReadOnlySpan<long> instants = segment.UtcMilliseconds.Span;
        int start = 0;
        while (start < instants.Length)
        {
            long day = instants[start] / ChunkCodec.MillisecondsPerDay;
            long end = (day + 1) * ChunkCodec.MillisecondsPerDay;
            int next = instants[^1] < end ? instants.Length : start + ~instants[start..].BinarySearch(new Border(end));
            if (!days.TryGetValue(day, out Head? head))
            {
                head = TakeHead();
                days.Add(day, head);
            }

            head.Append(segment, start, next);
            start = next;
        }

        ActiveCount += segment.Count;
    }

    /// <summary>What is held of a channel from the first to the last day, by day, ascending.</summary>
    public List<(long Day, Columns Readings)> Snapshot(long channelId, long firstDay, long lastDay)
    {
        SortedDictionary<long, Columns> result = [];
        if (_sealing is not null && _sealing.TryGetValue(channelId, out SortedList<long, Head>? days))
        {
            Collect(days, firstDay, lastDay, result);
        }

        if (_active.TryGetValue(channelId, out days))
        {
            Collect(days, firstDay, lastDay, result);
        }

        return [.. result.Select(item => (item.Key, item.Value))];
    }

    /// <summary>The newest day of which something is held, or -1.</summary>
    public long LastDay(long channelId)
    {
        long day = _active.TryGetValue(channelId, out SortedList<long, Head>? days) ? days.Keys[^1] : -1;
        return _sealing is not null && _sealing.TryGetValue(channelId, out days) ? Math.Max(day, days.Keys[^1]) : day;
    }

    /// <summary>Moves what is held to the sealing layer and lists it by channel and day; the layer must be empty.</summary>
    public List<(long ChannelId, long Day, Columns Readings)> Freeze()
    {
        _sealing = _active;
        _sealingCount = ActiveCount;
        _active = [];
        ActiveCount = 0;
        List<(long, long, Columns)> list = [];
        foreach ((long channelId, SortedList<long, Head> days) in _sealing.OrderBy(item => item.Key))
        {
            list.AddRange(days.Select(item => (channelId, item.Key, item.Value.ToColumns())));
        }

        return list;
    }

    /// <summary>Forgets the sealing layer: its readings are in chunks now.</summary>
    public void DropSealing()
    {
        if (_sealing is not null)
        {
            Spare(_sealing);
        }

        _sealing = null;
        _sealingCount = 0;
    }

    public void Clear()
    {
        Spare(_active);
        _active.Clear();
        ActiveCount = 0;
        DropSealing();
    }

    private Head TakeHead()
    {
        if (!_spare.TryPop(out Head? head))
        {
            return new();
        }

        _spareCapacity -= head.Capacity;
        head.Clear();
        return head;
    }

    private void Spare(Dictionary<long, SortedList<long, Head>> layer)
    {
        foreach (SortedList<long, Head> days in layer.Values)
        {
            foreach (Head head in days.Values)
            {
                if (_spareCapacity + head.Capacity <= MaximumSpareCapacity)
                {
                    _spareCapacity += head.Capacity;
                    _spare.Push(head);
                }
            }
        }
    }

    private static void Collect(SortedList<long, Head> days, long firstDay, long lastDay, SortedDictionary<long, Columns> result)
    {
        foreach ((long day, Head head) in days)
        {
            if (day >= firstDay && day <= lastDay)
            {
                result[day] = Columns.Merge(result.GetValueOrDefault(day), head.ToColumns());
            }
        }
    }

    /// <summary>Never equal to an instant, so that a binary search ends at the first instant not below the border.</summary>
    private readonly struct Border(long instant) : IComparable<long>
    {
        public int CompareTo(long other) => instant <= other ? -1 : 1;
    }
}

/// <summary>The unsealed readings of one channel on one UTC day, in the order of arrival.</summary>
internal sealed class Head
{
    private const int FirstCapacity = 16;
    private long[] _instants = new long[FirstCapacity];
    private long[] _values = new long[FirstCapacity];
    private ReadingQuality[] _qualities = new ReadingQuality[FirstCapacity];
    private bool[] _hasValues = new bool[FirstCapacity];
    private int _count;
    private bool _ascends = true;

    /// <summary>Readings there is room for.</summary>
    public int Capacity => _instants.Length;

    /// <summary>Forgets the readings and keeps the room.</summary>
    public void Clear()
    {
        _count = 0;
        _ascends = true;
    }

    public void Append(ChannelSegment segment, int start, int end)
    {
        int length = end - start;
        if (_count + length > _instants.Length)
        {
            int capacity = Math.Max(_count + length, _instants.Length * 2);
            Array.Resize(ref _instants, capacity);
            Array.Resize(ref _values, capacity);
            Array.Resize(ref _qualities, capacity);
            Array.Resize(ref _hasValues, capacity);
        }

        ReadOnlySpan<long> instants = segment.UtcMilliseconds.Span[start..end];
        _ascends &= _count == 0 || instants[0] > _instants[_count - 1];
        instants.CopyTo(_instants.AsSpan(_count));
        segment.ScaledValues.Span[start..end].CopyTo(_values.AsSpan(_count));
        segment.Qualities.Span[start..end].CopyTo(_qualities.AsSpan(_count));
        segment.HasValues.Span[start..end].CopyTo(_hasValues.AsSpan(_count));
        _count += length;
    }

    /// <summary>A copy in order of time; of two readings of one instant the one received last.</summary>
    public Columns ToColumns()
    {
        int[]? order = null;
        int count = _count;
        if (!_ascends)
        {
            order = Order();
            count = order.Length;
        }

        Columns columns = Columns.Uninitialised(count);
        for (int index = 0; index < count; index++)
        {
            int source = order is null ? index : order[index];
            columns.UtcMilliseconds[index] = _instants[source];
            columns.ScaledValues[index] = _hasValues[source] ? _values[source] : 0;
            columns.Qualities[index] = _qualities[source];
            columns.HasValues[index] = _hasValues[source];
        }

        return columns;
    }

    private int[] Order()
    {
        int[] order = new int[_count];
        for (int index = 0; index < _count; index++)
        {
            order[index] = index;
        }

        Array.Sort(order, (left, right) => _instants[left] == _instants[right] ? left.CompareTo(right) : _instants[left].CompareTo(_instants[right]));
        int kept = 0;
        for (int index = 0; index < _count; index++)
        {
            bool isLast = index + 1 == _count || _instants[order[index]] != _instants[order[index + 1]];
            if (isLast)
            {
                order[kept++] = order[index];
            }
        }

        return order[..kept];
    }
}
