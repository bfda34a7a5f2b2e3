using System.Diagnostics;

namespace Metering.Fieldbus;

/// <summary>
/// A point on the machine's monotonic clock. Not on an injected clock: the kernel waits on this one, so a simulated
/// clock that stood still would wait for ever.
/// </summary>
internal readonly struct Deadline
{
    private readonly long _timestamp;

    private Deadline(long timestamp) => _timestamp = timestamp;

    /// <summary>Time left, below zero once it has passed.</summary>
    internal TimeSpan Remaining => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _timestamp);

    internal static Deadline In(TimeSpan duration) =>
        new(Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency));
}
