using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Outbox;

/// <summary>
/// Stands between field and broker so that nothing acknowledged is ever lost. The poll thread adds cycles; one thread of the
/// outbox makes them durable (one flush for all cycles of <see cref="OutboxOptions.CommitSpacing"/>), gathers durable cycles
/// into batches, signs them and makes those durable too; only then the uplink may see a batch. A batch number is signed once:
/// after a crash the last number, its hash and the last cycle in it are read back, and what no batch holds yet is batched then.
/// </summary>
internal sealed partial class GatewayOutbox : IDisposable
{
    /// <summary>Folder of the signed batches in the state directory.</summary>
    internal const string BatchesName = "batches";

    private OutboxOptions _options;
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
    private OutboxSpace _space;
    private readonly RefusalLedger _refusals;
    private readonly List<FrameAddress> _addresses = [];
    private PendingCycles _pending = new();
    private PendingCycles _writing = new();
    private Exception? _failure;
    private long _lastCommit;
    private long _batchBegun;
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
        _space = new OutboxSpace(options, logger);
        _refusals = new RefusalLedger(options.Table.Channels);
        string batches = Path.Combine(options.Directory, BatchesName);
        _batches = BatchLog.Open(batches, options.Files(batches), new(options.KeyEpoch, options.Rotations), options.SegmentLength);
        _cutter = new BatchCutter(options, _batches);
        _cycles = CycleLog.Open(options.Files(Path.Combine(options.Directory, "cycles")), options.Table, _batches.LastCycle, _cutter);
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

    /// <summary>Readings refused since the start, because there was no room. Every one of them is counted in a sealed gap.</summary>
    internal long RefusedReadings => _refusals.Total;

    /// <summary>Whether only hourly totals of counters are taken now.</summary>
    internal bool IsNarrow => _space.IsNarrow;

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
            OutboxEvents.Opened(logger, outbox._batches, outbox._cycles);
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
        _cycles.DeleteThrough(_batches.SetAcked(through));
        Thin(Math.Clamp((_options.MaximumLength / 2) - _cycles.Length, 0, _options.KeepAckedLength));
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

    private TimeSpan BatchAge => _space.IsNarrow ? OutboxOptions.NarrowBatchAge : _options.MaximumAge;

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

        if (cutAll || (_cutter.Count > 0 && _clock.GetElapsedTime(_batchBegun) >= BatchAge))
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
            if ((hasWork && sinceCommit >= OutboxOptions.CommitSpacing) || (_cutter.Count > 0 && age >= BatchAge))
            {
                return;
            }

            TimeSpan due = hasWork ? OutboxOptions.CommitSpacing - sinceCommit
                : _cutter.Count > 0 ? BatchAge - age
                : Timeout.InfiniteTimeSpan;
            _ = _timer.Change(due, Timeout.InfiniteTimeSpan);
            _ = Monitor.Wait(_gate);
        }
    }

    // Acknowledged batches go first, before anything that is new is refused.
    private void Thin(long wantedLength) =>
        _batches.Thin(wantedLength, (_batches.LastSlot ?? 0) - (long)_options.KeepAckedAge.TotalMilliseconds);

    private void WritePending()
    {
        if (_writing.IsEmpty)
        {
            return;
        }

        if (_cycles.Length + _batches.Length > _options.MaximumLength / 2)
        {
            Thin(wantedLength: 0);
        }

        _space.Look(_cycles.Length + _batches.Length);
        bool isBlocked = _cutter.IsWaiting && !_cutter.TryWrite() && !(_space.TakeReserve() && _cutter.TryWrite());
        bool takesTotals = !isBlocked && _space.AdmitsTotals(_cycles.Length + _batches.Length);
        Intake intake = !takesTotals ? Intake.Nothing : _space.IsNarrow ? Intake.Totals : Intake.Everything;
        long refused = _refusals.Unsealed;
        if (!TryTake(intake) && !(_space.TakeReserve() && TryTake(Intake.Totals)))
        {
            _ = TryTake(Intake.Nothing);
        }

        if (refused > 0 && intake == Intake.Everything && _refusals.Unsealed == 0)
        {
            OutboxEvents.TakesAgain(_logger, _refusals.Total);
        }

        _writing.Clear();
    }

    private bool TryTake(Intake intake)
    {
        PendingCycles taken = _refusals.Choose(_writing, intake, LastSlot);
        if (!taken.IsEmpty && !TryAppend(taken))
        {
            return false;
        }

        _refusals.Confirm();
        Gather(taken);
        return true;
    }

    // Everything becomes durable, or nothing.
    private bool TryAppend(PendingCycles taken)
    {
        try
        {
            Append(taken);
            _lastCommit = _clock.GetTimestamp();
            return true;
        }
        catch (IOException e) when (e is not DiskFlushException)
        {
            return false;
        }
    }

    private void Append(PendingCycles taken)
    {
        _addresses.Clear();
        long lastSlot = LastSlot ?? long.MinValue;
        foreach (PendingCycles.Item item in taken.Items)
        {
            if (item.Gap is not null)
            {
                _cycles.Append(item.Gap);
                _addresses.Add(default);
                continue;
            }

            _addresses.Add(_cycles.Append(item.Header, taken.ReadingsOf(item)));
            lastSlot = Math.Max(lastSlot, item.Header.SlotUtcMilliseconds);
        }

        _cycles.Commit(lastSlot);
    }

    // Hands what is durable on to be signed.
    private void Gather(PendingCycles taken)
    {
        for (int index = 0; index < taken.Items.Count; index++)
        {
            PendingCycles.Item item = taken.Items[index];
            if (item.Gap is not null)
            {
                _cycles.Held.AddGap(item.Gap);
                continue;
            }

            bool begins = _cutter.Count == 0;
            long before = _batches.LastBatch;
            _cycles.Held.Add(_options.Table, item.Header, taken.ReadingsOf(item), _addresses[index]);
            if (begins || _batches.LastBatch != before)
            {
                _batchBegun = _clock.GetTimestamp();
                SignalIfCut();
            }
        }

        _ = Interlocked.Add(ref _durableReadings, taken.ReadingCount);
    }
}
