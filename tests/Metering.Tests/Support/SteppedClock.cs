namespace Metering.Tests.Support;

/// <summary>A clock that moves only when told to, and whose timers allocate nothing when they are set: for tests that count bytes.</summary>
public sealed class SteppedClock(long utcMilliseconds) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<SteppedTimer> _timers = [];
    private long _now = utcMilliseconds;

    public override long TimestampFrequency => 1000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _now));

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        SteppedTimer timer = new(callback, state);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Moves the clock and wakes everybody who has a timer, due or not: they look at the clock themselves.</summary>
    public void Step(TimeSpan time)
    {
        _ = Interlocked.Add(ref _now, (long)time.TotalMilliseconds);
        lock (_gate)
        {
            foreach (SteppedTimer timer in _timers)
            {
                timer.Fire();
            }
        }
    }

    private sealed class SteppedTimer(TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Fire() => callback(state);

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
