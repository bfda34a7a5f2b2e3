namespace Metering.Fieldbus;

/// <summary>
/// A point on a monotonic clock: the machine's where the kernel waits, and the line's own where a simulated line tells the time.
/// </summary>
internal readonly struct Deadline
{
    private readonly TimeProvider _clock;
    private readonly long _timestamp;

    private Deadline(TimeProvider clock, long timestamp)
    {
        _clock = clock;
        _timestamp = timestamp;
    }

    /// <summary>Time left, below zero once it has passed.</summary>
    internal TimeSpan Remaining => _clock.GetElapsedTime(_clock.GetTimestamp(), _timestamp);

    internal static Deadline In(TimeSpan duration) => In(duration, TimeProvider.System);

    internal static Deadline In(TimeSpan duration, TimeProvider clock) =>
        new(clock, clock.GetTimestamp() + (long)(duration.TotalSeconds * clock.TimestampFrequency));
}
