namespace Metering.Tests.Mqtt;

/// <summary>A clock that moves only when told, and fires the timers it passes on the caller's thread.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private long ticks;
    private TaskCompletionSource? awaited;
    private TimeSpan awaitedDueTime;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes when a timer of this due time has been set.</summary>
    public Task WaitForTimerAsync(TimeSpan dueTime)
    {
        lock (gate)
        {
            if (timers.Any(timer => timer.DueTime == dueTime))
            {
                return Task.CompletedTask;
            }

            awaitedDueTime = dueTime;
            awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return awaited.Task;
        }
    }

    public void Advance(TimeSpan step)
    {
        long target = GetTimestamp() + step.Ticks;
        while (true)
        {
            ManualTimer? next;
            lock (gate)
            {
                next = timers.Where(timer => timer.Due <= target).MinBy(static timer => timer.Due);
                if (next is null)
                {
                    Interlocked.Exchange(ref ticks, target);
                    return;
                }

                Interlocked.Exchange(ref ticks, next.Due);
                next.Due += next.Period;
                if (next.Period <= 0)
                {
                    timers.Remove(next);
                }
            }

            next.Fire();
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; set; }

        public TimeSpan DueTime { get; private set; }

        public long Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period.Ticks;
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = clock.GetTimestamp() + dueTime.Ticks;
                    DueTime = dueTime;
                    clock.timers.Add(this);
                    if (clock.awaited is not null && clock.awaitedDueTime == dueTime)
                    {
                        clock.awaited.TrySetResult();
                        clock.awaited = null;
                    }
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
