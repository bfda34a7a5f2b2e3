using System.Threading.Channels;
using Metering.Evidence.Chain;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>
/// The batches of some of the gateways, in order. Two steps run side by side: checking (processor), and settling what the
/// journal made of each batch (disk). Many batches wait for one flush of the disk together.
/// </summary>
internal sealed class BatchLane(
    IReadingStore store, GatewayKeys keys, AckPublisher acks, Quarantine quarantine, IngestionState state, IngestionCounters counters, TimeProvider clock, ILogger logger)
{
    private const int QueueLength = 256;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<MqttMessage> _incoming = System.Threading.Channels.Channel.CreateBounded<MqttMessage>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Channel<PendingBatch> _pending = System.Threading.Channels.Channel.CreateBounded<PendingBatch>(new BoundedChannelOptions(QueueLength) { SingleReader = true, SingleWriter = true });
    private readonly HeldBatches _held = new();
    private readonly HashSet<string> _strangers = new(StringComparer.Ordinal);

    /// <summary>Tells the broker that a message is dealt with.</summary>
    public required Action<MqttMessage> Acknowledge { get; init; }

    public ValueTask EnqueueAsync(MqttMessage message, CancellationToken cancellationToken) => _incoming.Writer.WriteAsync(message, cancellationToken);

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(CheckAllAsync(cancellationToken), SettleAllAsync(cancellationToken));

    private async Task CheckAllAsync(CancellationToken cancellationToken)
    {
        await foreach (MqttMessage message in _incoming.Reader.ReadAllAsync(cancellationToken))
        {
            PendingBatch? pending = Check(message, cancellationToken);
            if (pending is null)
            {
                Acknowledge(message);
            }
            else
            {
                await _pending.Writer.WriteAsync(pending, cancellationToken);
            }
        }
    }

    // Null: refused, and set aside. Whatever the bytes are, the lane goes on.
    private PendingBatch? Check(MqttMessage message, CancellationToken cancellationToken)
    {
        string gateway = Topics.GatewayOf(message.Topic)!;
        try
        {
            ChainFault? fault = SignedBatch.Check(
                message.Payload.Span, gateway, epoch => keys.Find(gateway, epoch), out BatchEnvelope? envelope, out IReadOnlyList<ChannelSegment> segments);
            if (fault is null)
            {
                return new(message, envelope!, segments, store.AppendAsync(envelope!, message.Payload, segments, cancellationToken));
            }

            Refuse(gateway, message, fault);
        }
#pragma warning disable CA1031 // The outermost answer for one message: a fault of ours must cost this message only, never the stream behind it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.Unexpected(e, message.Topic);
            state.Change(gateway, before => before with { Quarantined = before.Quarantined + 1 });
            quarantine.Keep(gateway, message, $"unexpected: {e.GetType().Name}");
        }

        return null;
    }

    private void Refuse(string gateway, MqttMessage message, ChainFault fault)
    {
        if (keys.IsEnrolled(gateway))
        {
            state.Change(gateway, before => before with { Quarantined = before.Quarantined + 1 });
        }
        else
        {
            state.CountUnknownGateway();
            if (_strangers.Count < IngestionState.MaximumGateways && _strangers.Add(gateway))
            {
                logger.UnknownGateway(gateway);
            }
        }

        quarantine.Keep(gateway, message, fault.Message);
    }

    private async Task SettleAllAsync(CancellationToken cancellationToken)
    {
        await foreach (PendingBatch batch in _pending.Reader.ReadAllAsync(cancellationToken))
        {
            bool isDurable = await SettleAsync(batch, cancellationToken);
            Acknowledge(batch.Message);
            PendingBatch? last = isDurable ? batch : null;
            while (last is not null && _held.TakeAfter(last.Gateway, last.KeyEpoch, last.Batch) is PendingBatch next)
            {
                isDurable = await SettleAsync(next with { Append = Append(next, cancellationToken) }, cancellationToken);
                last = isDurable ? next : null;
            }
        }
    }

    // True when the batch is durable now.
    private async Task<bool> SettleAsync(PendingBatch batch, CancellationToken cancellationToken)
    {
        if (await OutcomeAsync(batch, cancellationToken) is not AppendOutcome outcome)
        {
            state.Change(batch.Gateway, before => before with { Quarantined = before.Quarantined + 1 });
            acks.Mark(batch.Gateway, batch.KeyEpoch);
            return false;
        }

        counters.Batch(outcome, batch.Envelope.Manifest.ReadingCount);
        DateTimeOffset now = clock.GetUtcNow();
        state.Change(batch.Gateway, before => Count(before with { LastReceived = now }, batch, outcome));
        switch (outcome)
        {
            case AppendOutcome.Stored or AppendOutcome.Duplicate:
                break;
            case AppendOutcome.OutOfOrder:
                // Held or not, the broker is told that we have it: acknowledgements leave in order of receipt, so
                // one withheld would stop every gateway. The gateway keeps the batch until our own ack names it.
                _ = _held.TryHold(batch);
                long through = store.Head(batch.Gateway, batch.KeyEpoch).Through;
                logger.OutOfOrder(batch.Gateway, batch.Batch, through);
                break;
            case AppendOutcome.Fork:
                logger.Fork(batch.Gateway, batch.Batch, batch.KeyEpoch);
                quarantine.Keep(batch.Gateway, batch.Message, $"fork: batch {batch.Batch} of key epoch {batch.KeyEpoch} contradicts the stored chain");
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        acks.Mark(batch.Gateway, batch.KeyEpoch);
        return outcome is AppendOutcome.Stored or AppendOutcome.Duplicate;
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
                quarantine.Keep(batch.Gateway, batch.Message, $"batch {batch.Batch} of key epoch {batch.KeyEpoch}: {e.Message}");
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
        store.AppendAsync(batch.Envelope, batch.Message.Payload, batch.Segments, cancellationToken);

    private static GatewayActivity Count(GatewayActivity before, PendingBatch batch, AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Stored => before with
        {
            KeyEpoch = batch.KeyEpoch,
            Through = batch.Batch,
            Batches = before.Batches + 1,
            Readings = before.Readings + batch.Envelope.Manifest.ReadingCount,
        },
        AppendOutcome.Duplicate => before with { Duplicates = before.Duplicates + 1 },
        AppendOutcome.OutOfOrder => before with { OutOfOrder = before.OutOfOrder + 1 },
        AppendOutcome.Fork => before with { Forks = before.Forks + 1, Quarantined = before.Quarantined + 1 },
        _ => before,
    };
}
