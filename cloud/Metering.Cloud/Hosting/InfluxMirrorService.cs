using Metering.Store.Influx;

namespace Metering.Cloud.Hosting;

/// <summary>Feeds the copy in InfluxDB while the cloud runs. Trouble there never touches the store or the gateways.</summary>
internal sealed partial class InfluxMirrorService(InfluxMirror mirror, InfluxIntervalMirror intervals, TimeProvider clock, ILogger<InfluxMirrorService> logger) : BackgroundService
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(mirror.RunAsync(stoppingToken), intervals.RunAsync(stoppingToken), ReportAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop; the store knows how far the copy is.
        }
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        MirrorWatch readings = new();
        MirrorWatch averages = new();
        using PeriodicTimer timer = new(ReportInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            Tell(readings.Look(mirror.Watermark, mirror.Behind), "readings", mirror.StateText);
            Tell(averages.Look(intervals.Watermark, intervals.Behind), "intervals", intervals.StateText);
        }
    }

    private void Tell(MirrorNews news, string what, string state)
    {
        if (news == MirrorNews.Waits)
        {
            LogTrouble(what, state);
        }
        else if (news == MirrorNews.GoesOn)
        {
            LogRecovered(what);
        }
    }

    [LoggerMessage(EventId = 5900, Level = LogLevel.Warning, Message = "The copy of the {What} in InfluxDB waits: {Trouble}")]
    private partial void LogTrouble(string what, string trouble);

    [LoggerMessage(EventId = 5901, Level = LogLevel.Information, Message = "The copy of the {What} in InfluxDB goes on")]
    private partial void LogRecovered(string what);
}

/// <summary>What has changed since the last look at a mirror.</summary>
internal enum MirrorNews
{
    /// <summary>Nothing that has not been told.</summary>
    None,

    /// <summary>It has stood still since the last look though something waits.</summary>
    Waits,

    /// <summary>It moves again, or nothing waits any more.</summary>
    GoesOn,
}

/// <summary>Sees whether a mirror stands still, and tells each change once.</summary>
internal sealed class MirrorWatch
{
    private long _before = -1;
    private bool _waits;

    /// <summary>Looks at how far the mirror is.</summary>
    /// <param name="watermark">The last batch that is copied.</param>
    /// <param name="behind">Batches that wait.</param>
    public MirrorNews Look(long watermark, long behind)
    {
        bool waits = behind > 0 && watermark == _before;
        MirrorNews news = waits == _waits ? MirrorNews.None : waits ? MirrorNews.Waits : MirrorNews.GoesOn;
        (_before, _waits) = (watermark, waits);
        return news;
    }
}
