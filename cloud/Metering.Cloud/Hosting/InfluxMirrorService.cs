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
        long before = -1;
        bool waits = false;
        using PeriodicTimer timer = new(ReportInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            long watermark = mirror.Watermark;
            bool waitsNow = mirror.Behind > 0 && watermark == before;
            if (waitsNow && !waits)
            {
                string trouble = mirror.StateText;
                LogTrouble(trouble);
            }
            else if (waits && !waitsNow)
            {
                LogRecovered();
            }

            (before, waits) = (watermark, waitsNow);
        }
    }

    [LoggerMessage(EventId = 5900, Level = LogLevel.Warning, Message = "The copy in InfluxDB waits: {Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(EventId = 5901, Level = LogLevel.Information, Message = "The copy in InfluxDB goes on")]
    private partial void LogRecovered();
}
