namespace Metering.Gateway.Polling;

/// <summary>Who reads the groups of one lane, one step at a time: a bus, or the inputs beside Modbus. Disposed with its lane.</summary>
internal interface ILaneWorker : IDisposable
{
    /// <summary>What its thread is called.</summary>
    string Name { get; }

    /// <summary>Guards its groups and its statistics; its lane waits on it.</summary>
    object Gate { get; }

    /// <summary>What it reads.</summary>
    IReadOnlyList<SlotGroup> Groups { get; }

    /// <summary>Does one step: a request, an input. Called by the lane's thread alone, never inside the gate.</summary>
    /// <returns>False when there is nothing to do before the next slot.</returns>
    bool TryWork();

    /// <summary>After <see cref="TryWork"/> has found nothing to do: in how long it may, without a new slot; null when only a slot brings work.</summary>
    TimeSpan? Rest { get; }

    /// <summary>Ends what is begun or waits: what was not read is marked.</summary>
    void GiveUp();
}

/// <summary>
/// A thread of its own for one physical bus, so that one request at a time is under way on it and no other bus ever waits for it.
/// </summary>
internal sealed class SlotLane : IDisposable
{
    // Deep enough for a request, its log line and its answer; a thousand of them are then small change.
    private const int StackLength = 256 * 1024;

    /// <summary>How long a lane may go on after the stop with what it has begun.</summary>
    internal static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private readonly ILaneWorker _worker;
    private readonly SlotCollector _collector;
    private readonly TimeProvider _clock;
    private readonly Thread _thread;
    private readonly SlotGroup[] _groups;
    private ITimer? _timer;
    private bool _isReleased;
    private bool _isRested;
    private volatile bool _stopping;

    /// <summary>Starts the thread.</summary>
    internal SlotLane(ILaneWorker worker, SlotCollector collector, TimeProvider clock)
    {
        _worker = worker;
        _collector = collector;
        _clock = clock;
        _groups = [.. worker.Groups];
        _thread = new Thread(Run, StackLength) { Name = worker.Name, IsBackground = true };
        _thread.Start();
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
                Monitor.Pulse(_worker.Gate);
            }
        }
    }

    /// <summary>Asks it to end; does not wait.</summary>
    internal void Stop()
    {
        lock (_worker.Gate)
        {
            _stopping = true;
            Monitor.Pulse(_worker.Gate);
        }
    }

    /// <summary>Ends the thread: a request that is under way is waited for.</summary>
    public void Dispose()
    {
        Stop();
        _thread.Join();
        _timer?.Dispose();
        _worker.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            if (!_worker.TryWork())
            {
                WaitForSlot();
            }
        }

        long stopped = _clock.GetTimestamp();
        while (_clock.GetElapsedTime(stopped) < StopGrace && _worker.TryWork())
        {
        }

        _worker.GiveUp();
    }

    private void WaitForSlot()
    {
        lock (_worker.Gate)
        {
            _isRested = false;
            if (_worker.Rest is TimeSpan rest)
            {
                // Whole milliseconds, rounded up: a timer that is early would only be set again.
                _timer ??= _clock.CreateTimer(_ => EndRest(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _ = _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
            }

            while (!_isReleased && !_isRested && !_stopping)
            {
                _ = Monitor.Wait(_worker.Gate);
            }

            _isReleased = false;
        }
    }

    private void EndRest()
    {
        lock (_worker.Gate)
        {
            _isRested = true;
            Monitor.Pulse(_worker.Gate);
        }
    }
}
