using System.Threading.Channels;
using Metering.Readings;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>
/// The batches of some of the gateways, in order. Two steps run side by side: checking (processor), and settling what the
/// journal made of each batch (disk). Many batches wait for one flush of the disk together.
/// </summary>
internal sealed class BatchLane(
    IReadingStore store, BatchCheck check, AckPublisher acks, Quarantine quarantine, IngestionState state, IngestionCounters counters, TimeProvider clock, ILogger logger)
{
    private const int QueueLength = 256;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<IncomingBatch> _incoming = System.Threading.Channels.Channel.CreateBounded<IncomingBatch>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Channel<PendingBatch> _pending = System.Threading.Channels.Channel.CreateBounded<PendingBatch>(new BoundedChannelOptions(QueueLength) { SingleReader = true, SingleWriter = true });
    private readonly HashSet<string> _strangers = new(StringComparer.Ordinal);

    /// <summary>How far ahead of this clock an instant may lie without being called implausible.</summary>
    private static readonly TimeSpan LargestLead = TimeSpan.FromDays(1);

    /// <summary>Instants before this are implausible: gateways without a clock begin in 1970 or at the date of their image.</summary>
    private static readonly DateTimeOffset EarliestPlausible = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Tells the broker that a message is dealt with.</summary>
    public required Action<Mqtt.MqttMessage> Acknowledge { get; init; }

    public ValueTask EnqueueAsync(IncomingBatch incoming, CancellationToken cancellationToken) => _incoming.Writer.WriteAsync(incoming, cancellationToken);

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(CheckAllAsync(cancellationToken), SettleAllAsync(cancellationToken));

    private async Task CheckAllAsync(CancellationToken cancellationToken)
    {
        await foreach (IncomingBatch incoming in _incoming.Reader.ReadAllAsync(cancellationToken))
        {
            PendingBatch? pending = Check(incoming, cancellationToken);
            if (pending is null)
            {
                Done(incoming, BatchFate.Refused);
            }
            else
            {
                await _pending.Writer.WriteAsync(pending, cancellationToken);
            }
        }
    }

    private void Done(IncomingBatch incoming, BatchFate fate)
    {
        if (incoming.Message is not null)
        {
            Acknowledge(incoming.Message);
        }

        _ = incoming.Retry?.TrySetResult(fate);
    }

    // Null: refused, and set aside. Whatever the bytes are, the lane goes on.
    private PendingBatch? Check(IncomingBatch incoming, CancellationToken cancellationToken)
    {
        try
        {
            if (check.Check(incoming, out BatchEnvelope? envelope, out IReadOnlyList<ChannelSegment> segments) is not Refusal refusal)
            {
                return new(incoming, envelope!, segments, store.AppendAsync(envelope!, incoming.Payload, segments, cancellationToken));
            }

            if (refusal.Kind == RefusalKind.UnknownGateway && _strangers.Count < IngestionState.MaximumGateways && _strangers.Add(incoming.Gateway))
            {
                logger.UnknownGateway(incoming.Gateway);
            }

            Refuse(incoming, refusal.Kind, refusal.Sentence);
        }
#pragma warning disable CA1031 // The outermost answer for one message: a fault of ours must cost this message only, never the stream behind it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.Unexpected(e, incoming.Topic);
            Refuse(incoming, RefusalKind.Unexpected, e.GetType().Name);
        }

        return null;
    }

    private void Refuse(IncomingBatch incoming, RefusalKind kind, string sentence)
    {
        if (incoming.Message is null)
        {
            // It stays where it is.
            logger.RefusedAgain(incoming.Topic, sentence);
            return;
        }

        quarantine.Keep(incoming.Gateway, incoming.Topic, incoming.Payload, kind, sentence);
    }

    private async Task SettleAllAsync(CancellationToken cancellationToken)
    {
        await foreach (PendingBatch batch in _pending.Reader.ReadAllAsync(cancellationToken))
        {
            Done(batch.Incoming, await SettleAsync(batch, cancellationToken));
        }
    }

    private async Task<BatchFate> SettleAsync(PendingBatch batch, CancellationToken cancellationToken)
    {
        if (await OutcomeAsync(batch, cancellationToken) is not AppendOutcome outcome)
        {
            acks.Mark(batch.Gateway, batch.KeyEpoch);
            return BatchFate.Refused;
        }

        counters.Batch(outcome, batch.Envelope.Manifest.ReadingCount);
        DateTimeOffset now = clock.GetUtcNow();
        state.Change(batch.Gateway, before => Count(before with { LastReceived = now }, batch, outcome));
        switch (outcome)
        {
            case AppendOutcome.Stored:
                CheckClock(batch, now);
                break;
            case AppendOutcome.Duplicate:
                break;
            case AppendOutcome.Early:
                CheckClock(batch, now);
                logger.Early(batch.Gateway, batch.Batch, batch.KeyEpoch);
                break;
            case AppendOutcome.OutOfOrder:
                // Not kept, and the broker is told that we have it all the same: acknowledgements leave in order of receipt, so
                // one withheld would stop every gateway. The gateway keeps the batch until our own ack names it.
                logger.OutOfOrder(batch.Gateway, batch.Batch, batch.KeyEpoch);
                break;
            case AppendOutcome.Fork:
                logger.Fork(batch.Gateway, batch.Batch, batch.KeyEpoch);
                Refuse(batch.Incoming, RefusalKind.Fork, $"batch {batch.Batch} of key epoch {batch.KeyEpoch} contradicts the stored chain");
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        acks.Mark(batch.Gateway, batch.KeyEpoch);
        return outcome switch
        {
            AppendOutcome.Stored or AppendOutcome.Duplicate or AppendOutcome.Early => BatchFate.Durable,
            AppendOutcome.OutOfOrder => BatchFate.Early,
            AppendOutcome.Fork => BatchFate.Refused,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    // What is signed cannot be marked any more, and refused it would hold up the gateway's chain for ever: so it is stored and told.
    private void CheckClock(PendingBatch batch, DateTimeOffset now)
    {
        BatchManifest manifest = batch.Envelope.Manifest;
        if (manifest.FirstUtcMilliseconds < EarliestPlausible.ToUnixTimeMilliseconds() || manifest.LastUtcMilliseconds > (now + LargestLead).ToUnixTimeMilliseconds())
        {
            state.Change(batch.Gateway, before => before with { ImplausibleClock = before.ImplausibleClock + 1 });
            logger.ImplausibleClock(
                batch.Gateway, batch.Batch, DateTimeOffset.FromUnixTimeMilliseconds(manifest.FirstUtcMilliseconds), DateTimeOffset.FromUnixTimeMilliseconds(manifest.LastUtcMilliseconds));
        }
    }

    // Waits for the journal; a store that fails (full disk) is tried again for ever, with nothing acknowledged meanwhile.
    // Null: the store will never take it, and it is set aside.
    private async Task<AppendOutcome?> OutcomeAsync(PendingBatch batch, CancellationToken cancellationToken)
    {
        Task<AppendOutcome> attempt = batch.Append;
        TimeSpan pause = FirstPause;
        bool isRepeat = false;
        while (true)
        {
            try
            {
                AppendOutcome outcome = await attempt;
                bool isItsTurnNow = outcome == AppendOutcome.OutOfOrder && !isRepeat && store.Head(batch.Gateway, batch.KeyEpoch).Through + 1 == batch.Batch;
                if (!isItsTurnNow)
                {
                    return outcome;
                }

                // Its predecessor was still on the way, or had to be tried again, when this one was offered.
                isRepeat = true;
            }
            catch (WireFormatException e)
            {
                Refuse(batch.Incoming, RefusalKind.NeverStorable, $"batch {batch.Batch} of key epoch {batch.KeyEpoch}: {e.Message}");
                return null;
            }
            catch (StoreException e)
            {
                counters.StoreFailure();
                logger.StoreFailed(batch.Gateway, batch.Batch, e.Message, pause);
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            attempt = Append(batch, cancellationToken);
        }
    }

    private Task<AppendOutcome> Append(PendingBatch batch, CancellationToken cancellationToken) =>
        store.AppendAsync(batch.Envelope, batch.Incoming.Payload, batch.Segments, cancellationToken);

    private static GatewayActivity Count(GatewayActivity before, PendingBatch batch, AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Stored => before with
        {
            KeyEpoch = batch.KeyEpoch,
            Through = batch.Batch,
            Batches = before.Batches + 1,
            Readings = before.Readings + batch.Envelope.Manifest.ReadingCount,
        },
        AppendOutcome.Early => before with
        {
            Batches = before.Batches + 1,
            Readings = before.Readings + batch.Envelope.Manifest.ReadingCount,
            Early = before.Early + 1,
        },
        AppendOutcome.Duplicate => before with { Duplicates = before.Duplicates + 1 },
        AppendOutcome.OutOfOrder => before with { OutOfOrder = before.OutOfOrder + 1 },
        AppendOutcome.Fork => before with { Forks = before.Forks + 1 },
        _ => before,
    };
}
