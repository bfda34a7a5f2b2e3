using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Outbox;

/// <summary>
/// Stands between field and broker so that nothing acknowledged is ever lost. The poll thread adds cycles; one thread of the
/// outbox makes them durable (one flush for all cycles of <see cref="OutboxOptions.CommitSpacing"/>), gathers durable cycles
/// into batches, signs them and makes those durable too; only then the uplink may see a batch. A batch number is signed once:
/// after a crash the last number, its hash and the last cycle in it are read back, and what no batch holds yet is batched then.
/// </summary>
internal sealed class GatewayOutbox : IDisposable
{
    /// <summary>Folder of the signed batches in the state directory.</summary>
    internal const string BatchesName = "batches";

    // A slot is at most one interval late, and an interval is at most a day.
    private const long LongestLateness = 86_400_000;

    private readonly OutboxOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly StateLock _lock;
    private readonly BatchLog _batches;
    private readonly CycleLog _cycles;
    private readonly BatchCutter _cutter;
    private readonly AsyncSignal _changed = new();
    private readonly object _gate = new();
    private readonly ITimer _timer;
    private readonly Thread _thread;
    private readonly List<long> _sequences = [];
    private PendingCycles _pending = new();
    private PendingCycles _writing = new();
    private Exception? _failure;
    private long _lastCommit;
    private long _batchBegun;
    private long? _fullSince;
    private long _refused;
    private long _durableReadings;
    private long _signalled;
    private bool _flushRequested;
    private bool _stopping;

    private GatewayOutbox(OutboxOptions options, TimeProvider clock, ILogger logger, StateLock stateLock)
    {
        _options = options;
        _clock = clock;
        _logger = logger;
        _lock = stateLock;
        _batches = BatchLog.Open(Path.Combine(options.Directory, BatchesName), new(options.KeyEpoch, options.Rotations), options.SegmentLength);
        _cutter = new BatchCutter(options, _batches);
        _cycles = CycleLog.Open(Path.Combine(options.Directory, "cycles"), options.Table, _batches.LastCycle, _cutter);
        _lastCommit = clock.GetTimestamp();
        _batchBegun = _lastCommit;
        _timer = clock.CreateTimer(_ => Pulse(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Write) { Name = "outbox", IsBackground = true };
    }

    /// <summary>Completes when a batch was added or an ack came.</summary>
    internal AsyncSignal Changed => _changed;

    /// <summary>Last slot whose readings are durable; null for none.</summary>
    internal long? LastSlot => _cycles.LastSlot is long slot ? Math.Max(slot, _batches.LastSlot ?? slot) : _batches.LastSlot;

    /// <summary>How batches are counted over all key epochs.</summary>
    internal BatchPlaces Places => _batches.Places;

    /// <summary>Place of the newest durable batch (its number, while the key has never changed); 0 for none.</summary>
    internal long LastBatch => _batches.LastBatch;

    /// <summary>Everything up to this place is safe in the cloud.</summary>
    internal long AckedThrough => _batches.AckedThrough;

    /// <summary>Readings made durable since the start.</summary>
    internal long DurableReadings => Interlocked.Read(ref _durableReadings);

    /// <summary>True when the acknowledged batches reach further than the ones kept here: the state directory was lost or set back.</summary>
    internal bool IsBehindCloud => _batches.AckedThrough > _batches.LastBatch;

    /// <summary>Opens the outbox of a state directory and repairs what a power cut left.</summary>
    /// <exception cref="OutboxException">The directory is in use or cannot be used.</exception>
    internal static GatewayOutbox Open(OutboxOptions options, TimeProvider clock, ILogger logger)
    {
        StateLock stateLock = StateLock.Take(options.Directory);
        try
        {
            GatewayOutbox outbox = new(options, clock, logger, stateLock);
            outbox.LogOpening();
            outbox._thread.Start();
            return outbox;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stateLock.Dispose();
            throw new OutboxException($"The outbox in {options.Directory} cannot be opened: {e.Message} Check the disk and the owner of the files.", ExitCode.InputOutput);
        }
    }

    /// <summary>Takes one poll cycle. Waits only when the disk is far behind. Called by the poll thread alone.</summary>
    /// <exception cref="IOException">An earlier flush to the disk failed: what it holds is unknown, so the gateway must start again.</exception>
    internal void Add(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        lock (_gate)
        {
            while (_pending.ReadingCount > OutboxOptions.MaximumPendingReadings && _failure is null)
            {
                _ = Monitor.Wait(_gate);
            }

            ThrowIfFailed();
            bool wasEmpty = _pending.IsEmpty;
            _pending.Add(header, readings);
            if (wasEmpty)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Takes a stretch in which nobody was asked.</summary>
    internal void AddGap(GapEvent gap)
    {
        lock (_gate)
        {
            _pending.Add(gap);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when everything added before is durable and signed.</summary>
    internal void Flush()
    {
        lock (_gate)
        {
            _flushRequested = true;
            Monitor.PulseAll(_gate);
            while (_flushRequested && _failure is null && _thread.IsAlive)
            {
                _ = Monitor.Wait(_gate);
            }

            ThrowIfFailed();
        }
    }

    /// <summary>Reads a batch; false when it is not kept or damaged.</summary>
    internal bool TryRead(long place, out ReadOnlyMemory<byte> envelope, out string noteHash) => _batches.TryRead(place, out envelope, out noteHash);

    /// <summary>Place of the oldest batch still kept, or null when there is none.</summary>
    internal long? OldestKept() => _batches.OldestKept();

    /// <summary>Takes the cloud's word. Going back is allowed: the cloud was restored from a backup.</summary>
    internal void SetAcked(long through)
    {
        bool isNarrow = _cycles.Length + _batches.Length > _options.MaximumLength / 2;
        long cycle = _batches.SetAcked(through, isNarrow ? 0 : _options.KeepAckedLength);
        _cycles.DeleteThrough(cycle);
        _changed.Set();
    }

    /// <summary>Makes everything durable, signs it and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        _timer.Dispose();
        _cycles.Dispose();
        _batches.Dispose();
        _lock.Dispose();
    }

    private void LogOpening()
    {
        foreach (LogDamage damage in _batches.Damages.Concat(_cycles.Damages))
        {
            OutboxEvents.Damaged(_logger, damage.File, damage.Offset, damage.Length, damage.SequenceBefore);
        }

        if (_batches.TornLength + _cycles.TornLength > 0)
        {
            OutboxEvents.TornTail(_logger, _batches.TornLength, _cycles.TornLength);
        }

        if (IsBehindCloud)
        {
            OutboxEvents.BehindCloud(_logger, _batches.AckedThrough, _batches.LastBatch);
        }
    }

    private void Pulse()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new IOException($"the outbox stopped: {_failure.Message}", _failure);
        }
    }

    private void Write()
    {
        try
        {
            while (WriteOnce())
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            OutboxEvents.Failed(_logger, e.Message);
            lock (_gate)
            {
                _failure = e;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool WriteOnce()
    {
        bool cutAll;
        bool stopping;
        lock (_gate)
        {
            WaitForWork();
            (_pending, _writing) = (_writing, _pending);
            cutAll = _flushRequested || _stopping;
            stopping = _stopping;
            Monitor.PulseAll(_gate);
        }

        bool beginsBatch = _cutter.Count == 0;
        WritePending();
        if (beginsBatch && _cutter.Count > 0)
        {
            _batchBegun = _clock.GetTimestamp();
        }

        if (cutAll || (_cutter.Count > 0 && _clock.GetElapsedTime(_batchBegun) >= _options.MaximumAge))
        {
            _cutter.Cut();
        }

        SignalIfCut();
        lock (_gate)
        {
            _flushRequested &= !cutAll || !_pending.IsEmpty;
            Monitor.PulseAll(_gate);
        }

        return !stopping;
    }

    private void SignalIfCut()
    {
        if (_batches.LastBatch != _signalled)
        {
            _signalled = _batches.LastBatch;
            _changed.Set();
        }
    }

    // In the lock. Returns when there is something to write and the spacing allows it, or a batch has come of age, or the end.
    private void WaitForWork()
    {
        while (!_stopping && !_flushRequested)
        {
            TimeSpan sinceCommit = _clock.GetElapsedTime(_lastCommit);
            TimeSpan age = _clock.GetElapsedTime(_batchBegun);
            bool hasWork = !_pending.IsEmpty;
            if ((hasWork && sinceCommit >= OutboxOptions.CommitSpacing) || (_cutter.Count > 0 && age >= _options.MaximumAge))
            {
                return;
            }

            TimeSpan due = hasWork ? OutboxOptions.CommitSpacing - sinceCommit
                : _cutter.Count > 0 ? _options.MaximumAge - age
                : Timeout.InfiniteTimeSpan;
            _ = _timer.Change(due, Timeout.InfiniteTimeSpan);
            _ = Monitor.Wait(_gate);
        }
    }

    private void WritePending()
    {
        if (_writing.IsEmpty)
        {
            return;
        }

        if (_cycles.Length + _batches.Length > _options.MaximumLength)
        {
            Refuse("its limit is reached");
            return;
        }

        try
        {
            AppendPending();
        }
        catch (IOException e)
        {
            Refuse(e.Message);
            return;
        }

        _lastCommit = _clock.GetTimestamp();
        for (int index = 0; index < _writing.Items.Count; index++)
        {
            PendingCycles.Item item = _writing.Items[index];
            if (item.Gap is not null)
            {
                _cutter.AddGap(item.Gap);
            }
            else
            {
                bool begins = _cutter.Count == 0;
                long before = _batches.LastBatch;
                _cutter.Add(_options.Table, item.Header, _writing.ReadingsOf(item), _sequences[index]);
                if (begins || _batches.LastBatch != before)
                {
                    _batchBegun = _clock.GetTimestamp();
                    SignalIfCut();
                }
            }
        }

        _ = Interlocked.Add(ref _durableReadings, _writing.ReadingCount);
        _writing.Clear();
    }

    private void AppendPending()
    {
        _sequences.Clear();
        long lastSlot = _cycles.LastSlot ?? 0;
        GapEvent? full = null;
        for (int index = 0; index < _writing.Items.Count; index++)
        {
            PendingCycles.Item item = _writing.Items[index];
            if (item.Gap is not null)
            {
                _cycles.Append(item.Gap);
                _sequences.Add(0);
                continue;
            }

            if (_fullSince is long since && full is null)
            {
                full = new(since, item.Header.SlotUtcMilliseconds, GapReason.OutboxFull, _refused);
                _cycles.Append(full);
            }

            _sequences.Add(_cycles.Append(item.Header, _writing.ReadingsOf(item)));

            // A late part of a slot comes behind later slots; a wall clock set back further than that is believed.
            bool isLatePart = item.Header.SlotUtcMilliseconds < lastSlot && lastSlot - item.Header.SlotUtcMilliseconds <= LongestLateness;
            lastSlot = isLatePart ? lastSlot : item.Header.SlotUtcMilliseconds;
        }

        _cycles.Commit(lastSlot);
        if (full is not null)
        {
            OutboxEvents.TakesAgain(_logger, _refused);
            _cutter.AddGap(full);
            _fullSince = null;
            _refused = 0;
        }
    }

    private void Refuse(string reason)
    {
        if (_fullSince is null)
        {
            _fullSince = LastSlot ?? _writing.Items[0].Header.SlotUtcMilliseconds;
            OutboxEvents.Full(_logger, _options.Directory, reason);
        }

        _refused += _writing.ReadingCount;
        _writing.Clear();
    }
}
