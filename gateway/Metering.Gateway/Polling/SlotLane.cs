namespace Metering.Gateway.Polling;

/// <summary>Who reads the groups of one lane, one step at a time: a bus, or the inputs beside Modbus. Disposed with its lane.</summary>
internal interface ILaneWorker : IDisposable
{
    /// <summary>What its thread is called where it has one of its own.</summary>
    string Name { get; }

    /// <summary>Guards its groups and its statistics.</summary>
    object Gate { get; }

    /// <summary>What it reads.</summary>
    IReadOnlyList<SlotGroup> Groups { get; }

    /// <summary>Does one step: a request, an input. Called by one thread at a time, never inside the gate.</summary>
    /// <returns>False when there is nothing to do before the next slot.</returns>
    bool TryWork();

    /// <summary>After <see cref="TryWork"/> has found nothing to do: in how long it may, without a new slot; null when only a slot brings work.</summary>
    TimeSpan? Rest { get; }

    /// <summary>Ends what is begun or waits: what was not read is marked.</summary>
    void GiveUp();
}

/// <summary>
/// One physical bus, or the inputs, on its way from slot to slot. One thread of its crew at a time serves it, so that one request at a time
/// is under way on it; between slots it needs none.
/// </summary>
internal sealed class SlotLane : IDisposable
{
    /// <summary>How long a lane may go on after the stop with what it has begun.</summary>
    internal static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private readonly ILaneWorker _worker;
    private readonly SlotCollector _collector;
    private readonly LaneCrew _crew;
    private readonly TimeProvider _clock;
    private readonly SlotGroup[] _groups;
    private readonly Action _serve;
    private ITimer? _timer;
    private bool _isReleased;
    private bool _isRested;
    private bool _isServed;
    private bool _hasEnded;
    private volatile bool _stopping;

    /// <summary>Nothing is read before the first slot.</summary>
    internal SlotLane(ILaneWorker worker, SlotCollector collector, LaneCrew crew, TimeProvider clock)
    {
        _worker = worker;
        _collector = collector;
        _crew = crew;
        _clock = clock;
        _groups = [.. worker.Groups];
        _serve = Serve;
    }

    /// <summary>Readings that a slot will bring.</summary>
    internal int CountDueAt(long slotUtcMilliseconds)
    {
        int count = 0;
        foreach (SlotGroup group in _groups)
        {
            count += group.IsDueAt(slotUtcMilliseconds) ? group.Channels.Length : 0;
        }

        return count;
    }

    /// <summary>Tells the lane of a slot; returns at once. A slot that still waits is missed then, and marked here, since the lane's own thread may be held up.</summary>
    internal void Release(in SlotTick tick)
    {
        bool isDue = false;
        lock (_worker.Gate)
        {
            foreach (SlotGroup group in _groups)
            {
                if (!group.IsDueAt(tick.SlotUtcMilliseconds))
                {
                    continue;
                }

                isDue = true;
                if (group.HasPending)
                {
                    group.Rate.Missed(group.Pending.SlotUtcMilliseconds);
                    _collector.DeliverMissing(group.Pending, group.Channels, group.MissedReason);
                }

                group.Offer(tick);
            }

            if (isDue)
            {
                _isReleased = true;
                Wake();
            }
        }
    }

    /// <summary>Asks it to end; does not wait.</summary>
    internal void Stop()
    {
        lock (_worker.Gate)
        {
            _stopping = true;
            Wake();
        }
    }

    /// <summary>Closes it: a request that is under way is waited for.</summary>
    public void Dispose()
    {
        Stop();
        lock (_worker.Gate)
        {
            while (!_hasEnded)
            {
                _ = Monitor.Wait(_worker.Gate);
            }
        }

        _timer?.Dispose();
        _worker.Dispose();
    }

    /// <summary>Works until there is nothing to do. For a thread of the crew.</summary>
    private void Serve()
    {
        while (!_stopping)
        {
            if (!_worker.TryWork() && !HasMore())
            {
                return;
            }
        }

        long stopped = _clock.GetTimestamp();
        while (_clock.GetElapsedTime(stopped) < StopGrace && _worker.TryWork())
        {
        }

        _worker.GiveUp();
        lock (_worker.Gate)
        {
            // It stays "served", so that nobody hands it in again.
            _hasEnded = true;
            Monitor.PulseAll(_worker.Gate);
        }
    }

    // In the gate.
    private void Wake()
    {
        if (!_isServed)
        {
            _isServed = true;
            _crew.Serve(_serve);
        }
    }

    // Whether something came while the last step found nothing; if not, the thread is free and the end of the rest, or a slot, calls one again.
    private bool HasMore()
    {
        lock (_worker.Gate)
        {
            if (!_isReleased && !_isRested && !_stopping)
            {
                _isServed = false;
                if (_worker.Rest is TimeSpan rest)
                {
                    // Whole milliseconds, rounded up: a timer that is early would only be set again.
                    _timer ??= _clock.CreateTimer(_ => EndRest(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    _ = _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                }

                return false;
            }

            _isReleased = false;
            _isRested = false;
            return true;
        }
    }

    private void EndRest()
    {
        lock (_worker.Gate)
        {
            _isRested = true;
            Wake();
        }
    }
}
