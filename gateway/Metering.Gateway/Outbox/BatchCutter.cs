using System.Buffers;
using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>
/// Gathers durable cycles into the next cut: one batch, or one for each <see cref="BatchLimits.MaximumChannels"/> channels
/// that occur. Belongs to the writer's thread.
/// </summary>
internal sealed class BatchCutter
{
    private const int FirstRoom = 1024;

    private OutboxOptions _options;
    private readonly BatchLog _batches;
    private Reading[] _readings = new Reading[FirstRoom];
    private readonly List<GapEvent> _gaps = [];
    private readonly List<GapEvent> _nextGaps = [];
    private readonly List<List<SignedBatch>> _unwritten = [];
    private CycleTable? _table;
    private CycleHeader _last;
    private long[] _lastSlots = [];
    private int[] _counts = [];
    private long _lastSlot;
    private long _lastCycle;
    private long _number;
    private string _hash = "";
    private long _cycleOfLastCut;
    private int _count;
    private int _fullCount;

    internal BatchCutter(OutboxOptions options, BatchLog batches)
    {
        _options = options;
        _batches = batches;
    }

    /// <summary>Readings gathered so far.</summary>
    internal int Count => _count;

    /// <summary>Whether signed batches wait for room on the disk; <see cref="TryWrite"/> tries again.</summary>
    internal bool IsWaiting => _unwritten.Count > 0;

    // The cloud knows batches that are not here: a number would be signed a second time. The cycles stay in their log.
    private bool IsHalted => _batches.AckedThrough > _batches.LastBatch;

    /// <summary>Goes on with other limits; nothing is gathered.</summary>
    internal void Use(OutboxOptions options) => _options = options;

    /// <summary>Adds a gap; it is sealed into the batch of the next cycle.</summary>
    internal void AddGap(GapEvent gap)
    {
        if (_gaps.Count + _nextGaps.Count < BatchLimits.MaximumGaps)
        {
            _nextGaps.Add(gap);
        }
    }

    /// <summary>Adds a durable cycle, after signing what is gathered when the two may not share a batch. Slots rise for each channel, not over all: parts of cycles may come in any order.</summary>
    internal void Add(CycleTable table, in CycleHeader header, ReadOnlySpan<Reading> readings, long cycle)
    {
        if (IsHalted)
        {
            return;
        }

        bool belongsElsewhere = _count > 0
            && (_count + readings.Length > _fullCount
                || !ReferenceEquals(table, _table)
                || header.Clock != _last.Clock
                || GoesBack(header.SlotUtcMilliseconds, readings));
        if (belongsElsewhere)
        {
            Cut();
        }

        if (_count == 0)
        {
            Begin(table);
        }

        _gaps.AddRange(_nextGaps);
        _nextGaps.Clear();
        if (_count + readings.Length > _readings.Length)
        {
            Array.Resize(ref _readings, Math.Max(Math.Min(2 * _readings.Length, BatchLimits.MaximumReadings), _count + readings.Length));
        }

        foreach (ref readonly Reading reading in readings)
        {
            _readings[_count++] = reading;
            _counts[reading.ChannelIndex]++;
            _lastSlots[reading.ChannelIndex] = header.SlotUtcMilliseconds;
        }

        _lastSlot = Math.Max(_lastSlot, header.SlotUtcMilliseconds);
        _last = header;
        _lastCycle = cycle;
    }

    /// <summary>Signs what is gathered and stores it; durable on return, unless <see cref="IsWaiting"/>.</summary>
    internal void Cut()
    {
        if (_count == 0 || _table is null || IsHalted)
        {
            return;
        }

        if (_unwritten.Count == 0)
        {
            (_number, _hash, _cycleOfLastCut) = (_batches.NextNumber, _batches.LastHash, _batches.LastCycle);
        }

        _unwritten.Add(Sign(_table));
        _cycleOfLastCut = _lastCycle;
        _count = 0;
        _gaps.Clear();
        _ = TryWrite();
    }

    /// <summary>Stores what is signed.</summary>
    /// <returns>False when the disk has no room: the same bytes are tried again later, since a number is signed once.</returns>
    /// <exception cref="DiskFlushException">Whether it is durable is unknown.</exception>
    internal bool TryWrite()
    {
        while (_unwritten.Count > 0)
        {
            try
            {
                _batches.Append(_unwritten[0]);
            }
            catch (IOException e) when (e is not DiskFlushException)
            {
                return false;
            }

            _unwritten.RemoveAt(0);
        }

        return true;
    }

    private void Begin(CycleTable table)
    {
        if (_lastSlots.Length < table.Channels.Count)
        {
            _lastSlots = new long[table.Channels.Count];
            _counts = new int[table.Channels.Count];
        }

        Array.Fill(_lastSlots, long.MinValue);
        Array.Clear(_counts);
        _table = table;
        _lastSlot = long.MinValue;
        int batches = (table.Channels.Count + BatchLimits.MaximumChannels - 1) / BatchLimits.MaximumChannels;
        _fullCount = (int)Math.Min(BatchLimits.MaximumReadings, (long)_options.MaximumReadings * Math.Max(1, batches));
    }

    private bool GoesBack(long slotUtcMilliseconds, ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly Reading reading in readings)
        {
            if (slotUtcMilliseconds <= _lastSlots[reading.ChannelIndex])
            {
                return true;
            }
        }

        return false;
    }

    private List<SignedBatch> Sign(CycleTable table)
    {
        int present = 0;
        for (int channel = 0; channel < table.Channels.Count; channel++)
        {
            present += _counts[channel] > 0 ? 1 : 0;
        }

        List<SignedBatch> cut = [];
        if (present <= BatchLimits.MaximumChannels)
        {
            cut.Add(Sign(table, _readings.AsSpan(0, _count), _gaps, isLast: true));
            return cut;
        }

        // Every channel belongs to a group by its rank among those that occur.
        for (int first = 0; first < table.Channels.Count;)
        {
            int end = first;
            int size = 0;
            for (int taken = 0; end < table.Channels.Count && (_counts[end] == 0 || taken < BatchLimits.MaximumChannels); end++)
            {
                taken += _counts[end] > 0 ? 1 : 0;
                size += _counts[end];
            }

            Reading[] group = ArrayPool<Reading>.Shared.Rent(size);
            int count = 0;
            foreach (ref readonly Reading reading in _readings.AsSpan(0, _count))
            {
                if (reading.ChannelIndex >= first && reading.ChannelIndex < end)
                {
                    group[count++] = reading;
                }
            }

            first = end;
            cut.Add(Sign(table, group.AsSpan(0, count), cut.Count == 0 ? _gaps : [], isLast: end == table.Channels.Count));
            ArrayPool<Reading>.Shared.Return(group);
        }

        return cut;
    }

    private SignedBatch Sign(CycleTable table, ReadOnlySpan<Reading> readings, IReadOnlyList<GapEvent> gaps, bool isLast)
    {
        BatchIdentity identity = new()
        {
            Gateway = _options.Gateway,
            KeyEpoch = _options.KeyEpoch,
            Boot = table.Boot,
            Batch = _number,
            PreviousHash = _hash,
            ConfigHash = table.ConfigHash,
            Software = table.Software,
            Clock = _last.Clock,
            MonotonicMilliseconds = _last.MonotonicMilliseconds,
            AnchorUtcMilliseconds = _last.AnchorUtcMilliseconds,
        };
        (byte[] envelope, string noteHash) = BatchBuilder.Build(identity, table.Channels, readings, gaps, _options.Key);
        (_number, _hash) = (_number + 1, noteHash);
        return new(noteHash, isLast ? _lastCycle : _cycleOfLastCut, _lastSlot, envelope);
    }
}
