using Metering.Readings;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>Takes messages that somebody wants tried once more back into the lanes, in their old order. What is refused again stays aside.</summary>
internal sealed class RetryLoop(IReadingStore store, BatchLane[] lanes, TimeProvider clock, ILogger logger)
{
    private const int MaximumAtOnce = 1_000;
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Spacing, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await RetryAsync(cancellationToken);
            }
            catch (StoreException e)
            {
                logger.RequestFailed("(retry)", e.Message);
            }
        }
    }

    private async Task RetryAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<QuarantinedMessage> wanted = store.RetriesWanted(MaximumAtOnce);
        if (wanted.Count > 0)
        {
            logger.Retrying(wanted.Count);
        }

        foreach (QuarantinedMessage message in wanted)
        {
            switch (await TakeAsync(message, cancellationToken))
            {
                case BatchFate.Durable:
                    _ = store.DropQuarantined(message.Number);
                    break;
                case BatchFate.Refused:
                    store.CancelRetry(message.Number);
                    break;
                case BatchFate.Early:
                    // It is tried again until its turn comes.
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    private async Task<BatchFate> TakeAsync(QuarantinedMessage message, CancellationToken cancellationToken)
    {
        if (store.QuarantinedBytes(message.Number) is not ReadOnlyMemory<byte> bytes)
        {
            return BatchFate.Refused;
        }

        IncomingBatch incoming = new(message.Gateway, Topics.Batch(message.Gateway), bytes, null) { Retry = new(TaskCreationOptions.RunContinuationsAsynchronously) };
        await lanes[IngestionWorker.LaneOf(message.Gateway, lanes.Length)].EnqueueAsync(incoming, cancellationToken);
        return await incoming.Retry.Task.WaitAsync(cancellationToken);
    }
}
