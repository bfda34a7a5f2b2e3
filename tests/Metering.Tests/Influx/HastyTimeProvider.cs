namespace Metering.Tests.Influx;

/// <summary>A clock on which every wait up to an hour is over at once and noted; longer ones end when told to.</summary>
internal sealed class HastyTimeProvider : TimeProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly List<Action> _long = [];
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate)
            {
                return [.. _waits];
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero && dueTime <= Longest)
        {
            lock (_gate)
            {
                _waits.Add(dueTime);
                _now += dueTime;
            }

            _ = ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
            return new NoTimer();
        }

        lock (_gate)
        {
            _long.Add(() => callback(state));
        }

        return new NoTimer();
    }

    /// <summary>Ends the long waits that have begun.</summary>
    public void EndLongWaits()
    {
        Action[] due;
        lock (_gate)
        {
            due = [.. _long];
            _long.Clear();
        }

        Array.ForEach(due, callback => callback());
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
