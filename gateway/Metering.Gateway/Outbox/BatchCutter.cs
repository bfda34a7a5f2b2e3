using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>Gathers durable cycles into the next batch. Belongs to the writer's thread.</summary>
internal sealed class BatchCutter
{
    private readonly OutboxOptions _options;
    private readonly BatchLog _batches;
    private readonly Reading[] _readings = new Reading[BatchLimits.MaximumReadings];
    private readonly List<GapEvent> _gaps = [];
    private readonly List<GapEvent> _nextGaps = [];
    private long[] _lastSlots = [];
    private CycleTable? _table;
    private CycleHeader _last;
    private long _lastCycle;
    private int _count;

    internal BatchCutter(OutboxOptions options, BatchLog batches)
    {
        _options = options;
        _batches = batches;
    }

    /// <summary>Readings gathered so far.</summary>
    internal int Count => _count;

    // The cloud knows batches that are not here: a number would be signed a second time. The cycles stay in their log.
    private bool IsHalted => _batches.AckedThrough > _batches.LastBatch;

    /// <summary>Adds a gap; it is sealed into the batch of the next cycle.</summary>
    internal void AddGap(GapEvent gap)
    {
        if (_gaps.Count + _nextGaps.Count < BatchLimits.MaximumGaps)
        {
            _nextGaps.Add(gap);
        }
    }

    /// <summary>Adds a durable cycle, after signing what is gathered when the two may not share a batch.</summary>
    internal void Add(CycleTable table, in CycleHeader header, ReadOnlySpan<Reading> readings, long cycle)
    {
        if (IsHalted)
        {
            return;
        }

        bool belongsElsewhere = _count > 0
            && (_count + readings.Length > _options.MaximumReadings
                || !ReferenceEquals(table, _table)
                || header.Clock != _last.Clock
                || !Rises(readings));
        if (belongsElsewhere)
        {
            Cut();
        }

        _gaps.AddRange(_nextGaps);
        _nextGaps.Clear();
        readings.CopyTo(_readings.AsSpan(_count));
        Remember(table, readings);
        _count += readings.Length;
        _table = table;
        _last = header;
        _lastCycle = cycle;
    }

    // Cycles of one slot may come in parts, and slots of slow values behind those of fast ones: only one channel's instants must rise.
    private bool Rises(ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly Reading reading in readings)
        {
            if (reading.UtcMilliseconds <= _lastSlots[reading.ChannelIndex])
            {
                return false;
            }
        }

        return true;
    }

    private void Remember(CycleTable table, ReadOnlySpan<Reading> readings)
    {
        if (_count == 0 || _lastSlots.Length != table.Channels.Count)
        {
            Array.Resize(ref _lastSlots, table.Channels.Count);
            Array.Fill(_lastSlots, long.MinValue);
        }

        foreach (ref readonly Reading reading in readings)
        {
            _lastSlots[reading.ChannelIndex] = reading.UtcMilliseconds;
        }
    }

    /// <summary>Signs what is gathered and stores it; durable on return.</summary>
    internal void Cut()
    {
        if (_count == 0 || _table is null || IsHalted)
        {
            return;
        }

        BatchIdentity identity = new()
        {
            Gateway = _options.Gateway,
            KeyEpoch = _options.KeyEpoch,
            Boot = _table.Boot,
            Batch = _batches.NextNumber,
            PreviousHash = _batches.LastHash,
            ConfigHash = _table.ConfigHash,
            Software = _table.Software,
            Clock = _last.Clock,
            MonotonicMilliseconds = _last.MonotonicMilliseconds,
            AnchorUtcMilliseconds = _last.AnchorUtcMilliseconds,
        };
        (byte[] envelope, string noteHash) = BatchBuilder.Build(identity, _table.Channels, _readings.AsSpan(0, _count), _gaps, _options.Key);
        _batches.Append(noteHash, _lastCycle, _last.SlotUtcMilliseconds, envelope);
        _count = 0;
        _gaps.Clear();
    }
}
