namespace Metering.Gateway.Service;

/// <summary>What is looked at to tell whether the gateway still does its work.</summary>
/// <param name="PolledAtUtcMilliseconds">Last slot handed to the outbox; null before the first.</param>
/// <param name="Interval">Longest time between two slots.</param>
/// <param name="PendingReadings">Readings that wait for the disk.</param>
/// <param name="HandledReadings">Readings the outbox has made durable or refused since the start.</param>
internal readonly record struct ProgressSample(long? PolledAtUtcMilliseconds, TimeSpan Interval, long PendingReadings, long HandledReadings);

/// <summary>
/// Decides whether the watchdog may be fed: only while slots go by and what they brought reaches the disk. Time is taken from the
/// monotonic clock, so that a wall clock that jumps is not taken for a gateway that hangs.
/// </summary>
internal sealed class ProgressWatch(TimeProvider clock)
{
    /// <summary>What a cycle, a slow disk or a busy computer may take beyond the interval.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private long _lastSlotChange = clock.GetTimestamp();
    private long _lastWrite = clock.GetTimestamp();
    private long? _slot;
    private long _handled;

    /// <summary>Looks at a sample.</summary>
    /// <returns>Null while there is progress, else what stands still.</returns>
    internal Text? Look(in ProgressSample sample)
    {
        if (sample.PolledAtUtcMilliseconds != _slot)
        {
            _slot = sample.PolledAtUtcMilliseconds;
            _lastSlotChange = clock.GetTimestamp();
        }

        if (sample.PendingReadings == 0 || sample.HandledReadings != _handled)
        {
            _handled = sample.HandledReadings;
            _lastWrite = clock.GetTimestamp();
        }

        return clock.GetElapsedTime(_lastSlotChange) > (sample.Interval * 2) + Grace ? PollingStands
            : clock.GetElapsedTime(_lastWrite) > Grace ? DiskStands
            : null;
    }

    private static readonly Text PollingStands = new(es: "no se ha leído ningún medidor en dos intervalos", en: "no slot has been read for two intervals");

    private static readonly Text DiskStands = new(es: "el disco no guarda las lecturas", en: "the disk does not take the readings");
}
