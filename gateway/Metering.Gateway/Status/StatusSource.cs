using Metering.Gateway.Polling;
using Metering.Gateway.Service;

namespace Metering.Gateway.Status;

/// <summary>Takes the state of the running gateway together, at most a few times a second however many ask. Asked by one thread at a time.</summary>
internal sealed class StatusSource(GatewayHost host, GatewayService service, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(250);

    private readonly ManualReadings _manual = new();
    private readonly long _started = clock.GetTimestamp();
    private GatewayStatus? _last;
    private long _takenAt;

    internal GatewayStatus Take()
    {
        if (_last is null || clock.GetElapsedTime(_takenAt) > Freshness)
        {
            (_last, _takenAt) = (TakeNow(), clock.GetTimestamp());
        }

        return _last;
    }

    private GatewayStatus TakeNow() => new()
    {
        Gateway = host.Configuration.Gateway,
        Software = GatewayHost.Software,
        ConfigHash = host.Configuration.Hash,
        KeptBecause = service.KeptBecause,
        NoProgress = service.NoProgress,
        AtUtcMilliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        Running = clock.GetElapsedTime(_started),
        Polling = host.Snapshot(),
        Manual = _manual.Take(host.Configuration, host.FieldBook()),
        Outbox = host.Outbox.Standing(),
        Uplink = host.Uplink(),
        Witness = host.Witness(),
        IsClockSynchronised = ClockStatus.IsSynchronised(),
        DiskFreeBytes = FreeBytes(host.Configuration.StateDirectory),
        MemoryBytes = Environment.WorkingSet,
        ProcessorTime = Environment.CpuUsage.TotalTime,
    };

    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
