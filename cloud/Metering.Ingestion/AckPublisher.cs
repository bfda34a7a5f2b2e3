using System.Collections.Concurrent;
using System.Threading.Channels;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>
/// Tells gateways how far their chain is durable. Marks are gathered for <see cref="IngestionOptions.AckInterval"/>, so a
/// gateway in full flow gets some fifty acks a second for thousands of batches. The number is read from the store when the
/// ack is signed, so an ack never runs ahead of the disk, and one loop signs them all, so they never run backwards.
/// </summary>
internal sealed class AckPublisher(IngestionOptions options, MqttSession session, IReadingStore store, IngestionCounters counters, ILogger logger)
{
    /// <summary>Acks on their way to the broker at a time.</summary>
    private const int MaximumInFlight = 64;

    private readonly ConcurrentDictionary<(string Gateway, int KeyEpoch), byte> _due = new();
    private readonly Channel<byte> _signal = System.Threading.Channels.Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Mark(string gateway, int keyEpoch)
    {
        _due[(gateway, keyEpoch)] = 0;
        _ = _signal.Writer.TryWrite(0);
    }

    /// <summary>Announces where every enrolled gateway stands: after a connect, and so after a restart or a restore.</summary>
    public int MarkAll()
    {
        IReadOnlyList<GatewayEnrolment> enrolments = store.Enrolments();
        foreach (GatewayEnrolment enrolment in enrolments)
        {
            Mark(enrolment.Gateway, enrolment.KeyEpoch);
        }

        return enrolments.Count;
    }

    public async Task RunAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        List<Task> inFlight = [];
        await foreach (byte signal in _signal.Reader.ReadAllAsync(cancellationToken))
        {
            await Task.Delay(options.AckInterval, clock, cancellationToken);
            foreach ((string gateway, int keyEpoch) in _due.Keys)
            {
                // Taken off the list before the head is read: what becomes durable later marks it again.
                _ = _due.TryRemove((gateway, keyEpoch), out _);
                inFlight.Add(SendAsync(gateway, Sign(gateway, keyEpoch), cancellationToken));
                if (inFlight.Count == MaximumInFlight)
                {
                    await Task.WhenAll(inFlight);
                    inFlight.Clear();
                }
            }

            await Task.WhenAll(inFlight);
            inFlight.Clear();
        }
    }

    private byte[] Sign(string gateway, int keyEpoch)
    {
        ChainHead head = store.Head(gateway, keyEpoch);
        BatchAck ack = new() { Gateway = gateway, KeyEpoch = keyEpoch, Through = head.Through, Head = head.NoteHash, Also = [] };
        return ack.Sign(options.Name, options.Key);
    }

    private async Task SendAsync(string gateway, byte[] note, CancellationToken cancellationToken)
    {
        try
        {
            _ = await session.PublishAsync(Topics.Ack(gateway), note, MqttQoS.AtLeastOnce, retain: false, cancellationToken);
            counters.Ack();
        }
        catch (MqttException e)
        {
            logger.AckNotSent(gateway, e.Message);
        }
    }
}
