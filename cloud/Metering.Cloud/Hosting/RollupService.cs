using Metering.Cloud.Projects;
using Metering.Store;
using Metering.Store.Sqlite;

namespace Metering.Cloud.Hosting;

/// <summary>
/// Keeps the rollups fresh while the cloud runs, channel by channel in short transactions, and watches the write-ahead log.
/// Belongs to the process that appends. Nothing depends on it: whatever is missing is computed when it is asked for.
/// </summary>
internal sealed partial class RollupService(CloudConfig config, IReadingStore store, TimeProvider clock, ILogger<RollupService> logger) : BackgroundService
{
    /// <summary>A log that grows beyond this is held by a reader that does not end, or by a full disk.</summary>
    private const long LongestLog = 256L * 1024 * 1024;
    private const string DefaultZone = "America/Mexico_City";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private long _through = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Refresh(stoppingToken);
                if (store is SqliteStore { WriteAheadLogLength: > LongestLog and long length })
                {
                    LogLongLog(length / 1024 / 1024);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private void Refresh(CancellationToken cancellationToken)
    {
        try
        {
            long through = store.LastSequence;
            if (through == _through)
            {
                return;
            }

            Dictionary<string, TimeZoneInfo> zones = Zones();
            int made = 0;
            foreach (StoredChannel channel in store.Channels())
            {
                cancellationToken.ThrowIfCancellationRequested();
                made += store.RefreshRollups(channel.Gateway, channel.Channel.Id, zones.GetValueOrDefault(channel.Plant) ?? zones[""]);
            }

            _through = through;
            if (made > 0)
            {
                LogMade(made);
            }
        }
        catch (StoreException e)
        {
            LogFailed(e.Message);
        }
    }

    // A fault of the projects file is told where the pages read it; readings are counted in the usual zone until it is mended.
    private Dictionary<string, TimeZoneInfo> Zones()
    {
        TimeZoneInfo usual = TimeZoneInfo.TryFindSystemTimeZoneById(DefaultZone, out TimeZoneInfo? found) ? found : TimeZoneInfo.Utc;
        Dictionary<string, TimeZoneInfo> zones = new(StringComparer.Ordinal) { [""] = usual };
        try
        {
            foreach (Plant plant in config.ProjectsFile is string file ? ProjectRegister.Load(file).Plants : [])
            {
                zones[plant.Id] = plant.Zone;
            }
        }
        catch (ProjectsFileException e)
        {
            LogFailed(e.Message);
        }

        return zones;
    }

    [LoggerMessage(EventId = 5910, Level = LogLevel.Debug, Message = "{Count} rollups made")]
    private partial void LogMade(int count);

    [LoggerMessage(EventId = 5911, Level = LogLevel.Warning, Message = "Rollups wait: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(EventId = 5912, Level = LogLevel.Warning, Message = "The store's write-ahead log has grown to {Megabytes} MB. Is a command still reading the store, or the disk full?")]
    private partial void LogLongLog(long megabytes);
}
