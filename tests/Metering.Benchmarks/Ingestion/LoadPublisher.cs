using System.Security.Cryptography;
using Metering.Mqtt;
using Metering.Readings;
using Topics = Metering.Readings.Topics;

namespace Metering.Benchmarks.Ingestion;

/// <summary>
/// The uplinks of many gateways, each with an MQTT connection of its own, as the shipped access list demands. Every ack's
/// signature is checked, and the time from when a batch was due to the signed ack that covers it is kept.
/// </summary>
internal sealed class LoadPublisher : IAsyncDisposable
{
    /// <summary>Batches of one gateway on the way that no ack covers, as in the real gateway.</summary>
    public const int Window = 64;

    private const int ConnectTogether = 50;
    private static readonly TimeSpan PaceTick = TimeSpan.FromMilliseconds(2);
    private readonly Uplink[] _uplinks;

    private LoadPublisher(Uplink[] uplinks) => _uplinks = uplinks;

    /// <summary>Connects and subscribes every gateway, some at a time.</summary>
    public static async Task<LoadPublisher> ConnectAsync(
        IReadOnlyList<LoadGateway> gateways, Func<string, MqttClientOptions> options, (string Name, ECDsa Key) cloud, CancellationToken cancellationToken)
    {
        Uplink[] uplinks = [.. gateways.Select(gateway => new Uplink(gateway, options(gateway.Id), cloud))];
        foreach (Uplink[] some in uplinks.Chunk(ConnectTogether))
        {
            await Task.WhenAll(some.Select(uplink => uplink.ConnectAsync(cancellationToken)));
        }

        return new(uplinks);
    }

    /// <summary>Delivers every batch as fast as the windows allow; returns when all are acknowledged.</summary>
    public Task DeliverAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_uplinks.Select(uplink => uplink.DeliverAsync(cancellationToken)));

    /// <summary>Publishes the batches at an even rate, gateway after gateway, whatever comes back; returns when all are acknowledged.</summary>
    public async Task DeliverAsync(double batchesPerSecond, CancellationToken cancellationToken)
    {
        long total = _uplinks.Sum(uplink => (long)uplink.Gateway.Batches.Count);
        long begin = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(PaceTick);
        for (long sent = 0; sent < total;)
        {
            _ = await timer.WaitForNextTickAsync(cancellationToken);
            long due = Math.Min(total, (long)(TimeProvider.System.GetElapsedTime(begin).TotalSeconds * batchesPerSecond));
            for (; sent < due; sent++)
            {
                long dueTime = begin + (long)(sent / batchesPerSecond * TimeProvider.System.TimestampFrequency);
                _uplinks[sent % _uplinks.Length].Publish((int)(sent / _uplinks.Length), dueTime, cancellationToken);
            }
        }

        await Task.WhenAll(_uplinks.Select(uplink => uplink.AllAcknowledged.WaitAsync(cancellationToken)));
    }

    /// <summary>Acknowledgement times in ascending order.</summary>
    public TimeSpan[] AckTimes() => [.. _uplinks.SelectMany(uplink => uplink.AckTimes).Order()];

    public long Acks() => _uplinks.Sum(uplink => uplink.Acks);

    public async ValueTask DisposeAsync()
    {
        foreach (Uplink[] some in _uplinks.Chunk(ConnectTogether))
        {
            await Task.WhenAll(some.Select(uplink => uplink.DisposeAsync().AsTask()));
        }
    }

    private sealed class Uplink : IAsyncDisposable
    {
        private readonly MqttClient _client;
        private readonly (string Name, ECDsa Key) _cloud;
        private readonly string _topic;
        private readonly long[] _dueTimes;
        private readonly TimeSpan[] _ackTimes;
        private readonly SemaphoreSlim _window = new(Window);
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task _listening = Task.CompletedTask;
        private int _through;

        public Uplink(LoadGateway gateway, MqttClientOptions options, (string Name, ECDsa Key) cloud)
        {
            Gateway = gateway;
            _cloud = cloud;
            _topic = Topics.Batch(gateway.Id);
            _client = new(options with { ClientId = gateway.Id, CleanStart = true }, TimeProvider.System);
            _dueTimes = new long[gateway.Batches.Count];
            _ackTimes = new TimeSpan[gateway.Batches.Count];
        }

        public LoadGateway Gateway { get; }

        public Task AllAcknowledged => _all.Task;

        public IEnumerable<TimeSpan> AckTimes => _ackTimes.Take(_through);

        public long Acks { get; private set; }

        public async Task ConnectAsync(CancellationToken cancellationToken)
        {
            _ = await _client.ConnectAsync(cancellationToken);
            await _client.SubscribeAsync(Topics.Ack(Gateway.Id), MqttQoS.AtLeastOnce, cancellationToken);
            _listening = ListenAsync();
        }

        public async Task DeliverAsync(CancellationToken cancellationToken)
        {
            for (int index = 0; index < Gateway.Batches.Count; index++)
            {
                await _window.WaitAsync(cancellationToken);
                Publish(index, TimeProvider.System.GetTimestamp(), cancellationToken);
            }

            await _all.Task.WaitAsync(cancellationToken);
        }

        public void Publish(int index, long dueTime, CancellationToken cancellationToken)
        {
            _dueTimes[index] = dueTime;
            _ = WatchAsync(_client.PublishAsync(_topic, Gateway.Batches[index], MqttQoS.AtLeastOnce, retain: false, cancellationToken));
        }

        public async ValueTask DisposeAsync()
        {
            await _client.DisposeAsync();
            await _listening;
            _window.Dispose();
        }

        private async Task WatchAsync(ValueTask<MqttReasonCode> publish)
        {
            try
            {
                MqttReasonCode code = await publish;
                if (code != MqttReasonCode.Success)
                {
                    _ = _all.TrySetException(new InvalidOperationException($"{Gateway.Id}: the broker answered {code}"));
                }
            }
            catch (MqttException e)
            {
                _ = _all.TrySetException(e);
            }
            catch (OperationCanceledException)
            {
                _ = _all.TrySetCanceled(CancellationToken.None);
            }
        }

        private async Task ListenAsync()
        {
            await foreach (MqttMessage message in _client.Messages.ReadAllAsync(CancellationToken.None))
            {
                BatchAck ack = BatchAck.Open(message.Payload.Span, _cloud.Name, _cloud.Key);
                _client.Acknowledge(message);
                Acks++;
                int through = ack.Gateway == Gateway.Id ? (int)ack.Through : 0;
                for (; _through < through; _through++)
                {
                    _ackTimes[_through] = TimeProvider.System.GetElapsedTime(_dueTimes[_through]);
                    _ = _window.Release();
                }

                if (_through == Gateway.Batches.Count)
                {
                    _ = _all.TrySetResult();
                }
            }
        }
    }
}
