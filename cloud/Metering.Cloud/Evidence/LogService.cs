using System.Security.Cryptography;
using Metering.Cloud.Hosting;

namespace Metering.Cloud.Evidence;

/// <summary>Follows every few seconds while the cloud runs, and signs a checkpoint a minute after something was added.</summary>
internal sealed partial class LogService(LogFollower follower, CloudConfig config, TimeProvider clock, ILogger<LogService> logger) : BackgroundService
{
    /// <summary>Time between a look and the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Time between two checkpoints.</summary>
    public static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(1);

    private string? fault;
    private long signedAt;
    private long signedSize;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the first look may take a second, and nobody waits for it
        using ECDsa key = CloudSecrets.LoadKey(config.KeyFile);
        using PeriodicTimer timer = new(Interval, clock);
        try
        {
            do
            {
                await StepAsync(key, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task StepAsync(ECDsa key, CancellationToken cancellationToken)
    {
        try
        {
            await follower.CatchUpAsync(cancellationToken);
            Sign(key);
            fault = null;
        }
#pragma warning disable CA1031 // the outermost loop of a worker: whatever it is, pages and readings go on, and the log catches up later
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            if (fault != e.Message)
            {
                LogBehind(fault = e.Message);
            }
        }
    }

    private void Sign(ECDsa key)
    {
        if (signedSize != 0 && clock.GetElapsedTime(signedAt) < CheckpointInterval)
        {
            return;
        }

        long count = follower.Log.Count;
        if (count > signedSize)
        {
            _ = follower.Log.SignCheckpoint(key);
            (signedSize, signedAt) = (count, clock.GetTimestamp());
        }
    }

    [LoggerMessage(EventId = 6400, Level = LogLevel.Error, Message = "The transparency log is behind what is stored, and will catch up when this is mended: {Reason}")]
    private partial void LogBehind(string reason);
}
