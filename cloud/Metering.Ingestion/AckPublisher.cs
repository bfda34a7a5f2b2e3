using System.Collections.Concurrent;
using System.Threading.Channels;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Store;
using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

/// <summary>
/// Tells gateways how far their chain is durable, and which batches beyond that are. Marks are gathered for <see cref="IngestionOptions.AckInterval"/>, so a
/// gateway in full flow gets some fifty acks a second for thousands of batches. The numbers are read from the store when the
/// ack is signed, so an ack never runs ahead of the disk, and one loop signs them all, so those of one process never run
/// backwards. Those of several processes may: a gateway believes a lower number only in the answer to its own question.
/// A revoked key gets no ack.
/// </summary>
internal sealed class AckPublisher(IngestionOptions options, MqttSession session, IReadingStore store, GatewayKeys keys, (IngestionState State, IngestionCounters Counters) figures, ILogger logger)
{
    /// <summary>Acks on their way to the broker at a time.</summary>
    private const int MaximumInFlight = 64;

    private readonly ConcurrentDictionary<(string Gateway, int KeyEpoch), byte> _due = new();
    private readonly ConcurrentDictionary<string, string> _questions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Ask, long Size)> _logQuestions = new(StringComparer.Ordinal);
    private readonly Channel<byte> _signal = System.Threading.Channels.Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Mark(string gateway, int keyEpoch)
    {
        _due[(gateway, keyEpoch)] = 0;
        _ = _signal.Writer.TryWrite(0);
    }

    /// <summary>Answers a gateway's question where its chain stands, under its newest key; a later question takes the place of an earlier one.</summary>
    public void Answer(string gateway, string ask)
    {
        if (keys.IsEnrolled(gateway))
        {
            _questions[gateway] = ask;
            _ = _signal.Writer.TryWrite(0);
        }
    }

    /// <summary>Tells a gateway where the log stands, with the proof that the entries it has seen are still there; a later question takes the place of an earlier one.</summary>
    public void AnswerLog(string gateway, string ask, long size)
    {
        if (options.LogSince is not null && keys.IsEnrolled(gateway))
        {
            _logQuestions[gateway] = (ask, size);
            _ = _signal.Writer.TryWrite(0);
        }
    }

    /// <summary>Announces where every enrolled gateway stands under its newest key: after a connect, and so after a restart or a restore.</summary>
    public int MarkAll()
    {
        int count = 0;
        foreach (IGrouping<string, GatewayEnrolment> gateway in store.Enrolments().GroupBy(enrolment => enrolment.Gateway, StringComparer.Ordinal))
        {
            count++;
            Mark(gateway.Key, gateway.Max(enrolment => enrolment.KeyEpoch));
        }

        return count;
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
                await SendOneAsync(inFlight, gateway, keyEpoch, default, cancellationToken);
            }

            foreach (string gateway in _questions.Keys)
            {
                if (_questions.TryRemove(gateway, out string? ask) && keys.NewestEpoch(gateway) is int keyEpoch and > 0)
                {
                    await SendOneAsync(inFlight, gateway, keyEpoch, (ask, null), cancellationToken);
                }
            }

            foreach (string gateway in _logQuestions.Keys)
            {
                if (_logQuestions.TryRemove(gateway, out (string Ask, long Size) question) && keys.NewestEpoch(gateway) is int keyEpoch and > 0)
                {
                    await SendOneAsync(inFlight, gateway, keyEpoch, (question.Ask, question.Size), cancellationToken);
                }
            }

            await Task.WhenAll(inFlight);
            inFlight.Clear();
        }
    }

    private async Task SendOneAsync(List<Task> inFlight, string gateway, int keyEpoch, (string? Ask, long? LogSize) question, CancellationToken cancellationToken)
    {
        if (keys.IsRevoked(gateway, keyEpoch))
        {
            return;
        }

        try
        {
            ChainStanding standing = store.Standing(gateway, keyEpoch);
            LogStanding? log = question.LogSize is long size ? options.LogSince!(size) : null;
            if (question.LogSize is not null && log is null)
            {
                return;
            }

            BatchAck ack = new()
            {
                Gateway = gateway,
                KeyEpoch = keyEpoch,
                Through = standing.Head.Through,
                Head = standing.Head.NoteHash,
                Also = standing.Early,
                Answers = question.Ask,
                Log = log,
            };
            Note(gateway, keyEpoch, standing.Head.Through);
            inFlight.Add(SendAsync(gateway, ack.Sign(options.Name, options.Key), cancellationToken));
        }
        catch (StoreException e)
        {
            // The gateway offers again, or asks again, and is answered then.
            logger.AckNotSent(gateway, e.Message);
        }

        if (inFlight.Count == MaximumInFlight)
        {
            await Task.WhenAll(inFlight);
            inFlight.Clear();
        }
    }

    // The chain may have gone on over batches that had come before their turn.
    private void Note(string gateway, int keyEpoch, long through)
    {
        if (figures.State.Find(gateway) is { } activity && activity.KeyEpoch == keyEpoch && activity.Through < through)
        {
            figures.State.Change(gateway, before => before.KeyEpoch == keyEpoch ? before with { Through = Math.Max(before.Through, through) } : before);
        }
    }

    private async Task SendAsync(string gateway, byte[] note, CancellationToken cancellationToken)
    {
        try
        {
            _ = await session.PublishAsync(Topics.Ack(gateway), note, MqttQoS.AtLeastOnce, retain: false, cancellationToken);
            figures.Counters.Ack();
        }
        catch (MqttException e)
        {
            logger.AckNotSent(gateway, e.Message);
        }
    }
}
