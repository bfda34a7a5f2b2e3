using System.Security.Cryptography;
using Metering.Benchmarks.Ingestion;
using Metering.Mqtt;
using Metering.Readings;
using Topics = Metering.Readings.Topics;

namespace Metering.Benchmarks.Gateway;

/// <summary>The least a gateway needs of a cloud: takes its batches in order and confirms them, signed. It stores nothing.</summary>
internal sealed class AckingCloud : IAsyncDisposable
{
    private readonly MqttSession _session;
    private readonly ECDsa _key;
    private readonly CancellationTokenSource _stopping = new();
    private Task _receiving = Task.CompletedTask;
    private string _head = BatchManifest.NoPrevious;
    private long _through;
    private long _readings;

    internal AckingCloud(LoadBroker broker, ECDsa key)
    {
        _key = key;
        _session = new MqttSession(
            broker.Options(LoadBroker.CloudUser) with { CleanStart = true },
            TimeProvider.System,
            [new MqttSubscription(Topics.AllBatches), new MqttSubscription(Topics.AllRequests)]);
    }

    /// <summary>Batches confirmed.</summary>
    internal long Through => Interlocked.Read(ref _through);

    /// <summary>Readings in them.</summary>
    internal long Readings => Interlocked.Read(ref _readings);

    internal Task StartAsync(CancellationToken cancellationToken)
    {
        _session.Start();
        _receiving = ReceiveAsync();
        return _session.WaitUntilConnectedAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _session.DisposeAsync();
        await _receiving;
        _stopping.Dispose();
    }

    private async Task ReceiveAsync()
    {
        try
        {
            await foreach (MqttMessage message in _session.Messages.ReadAllAsync(_stopping.Token))
            {
                string gateway = Topics.GatewayOf(message.Topic)!;
                bool isRequest = message.Topic == Topics.Request(gateway);
                if (GatewayRequest.KindOf(message.Payload.Span) == GatewayRequest.Log)
                {
                    _session.Acknowledge(message);
                    continue;
                }

                string? ask = isRequest ? GatewayRequest.ParseStanding(message.Payload.Span, gateway) : null;
                if (!isRequest)
                {
                    Take(BatchEnvelope.Open(message.Payload.Span));
                }

                BatchAck ack = new() { Gateway = gateway, KeyEpoch = 1, Through = _through, Head = _head, Also = [], Answers = ask };
                _ = await _session.PublishAsync(Topics.Ack(gateway), ack.Sign(LoadBroker.CloudUser, _key), MqttQoS.AtLeastOnce, retain: false, _stopping.Token);
                _session.Acknowledge(message);
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private void Take(BatchEnvelope envelope)
    {
        if (envelope.Manifest.Batch == _through + 1)
        {
            _head = envelope.NoteHash;
            Interlocked.Add(ref _readings, envelope.Manifest.ReadingCount);
            Interlocked.Increment(ref _through);
        }
    }
}
