namespace Metering.Tests.Support;

/// <summary>A clock that only moves when told to. Wall clock and monotonic clock move together, unless the wall clock is set.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves both clocks and fires what has come due, in order.</summary>
    public void Advance(TimeSpan time)
    {
        long target;
        lock (_gate)
        {
            target = _ticks + time.Ticks;
        }

        while (true)
        {
            ManualTimer? due;
            lock (_gate)
            {
                due = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
                long to = due is null ? target : Math.Max(due.Due, _ticks);
                _now += TimeSpan.FromTicks(to - _ticks);
                _ticks = to;
                due?.Rearm(_timers);
            }

            if (due is null)
            {
                return;
            }

            due.Fire();
        }
    }

    /// <summary>Sets the wall clock, as NTP or a person does; the monotonic clock stays.</summary>
    public void SetWallClock(DateTimeOffset now)
    {
        lock (_gate)
        {
            _now = now;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _ = clock._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._ticks + dueTime.Ticks;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Rearm(List<ManualTimer> timers)
        {
            if (_period <= TimeSpan.Zero)
            {
                _ = timers.Remove(this);
            }
            else
            {
                Due += _period.Ticks;
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                _ = clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
