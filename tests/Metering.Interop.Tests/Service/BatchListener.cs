using System.Collections.Concurrent;
using Metering.Mqtt;
using Metering.Readings;
using Topics = Metering.Readings.Topics;

namespace Metering.Interop.Tests.Service;

/// <summary>Hears every batch a gateway sends and confirms none.</summary>
internal sealed class BatchListener : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly MqttSession _session;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, BatchEnvelope> _batches = new();
    private readonly SemaphoreSlim _more = new(0);
    private Task _receiving = Task.CompletedTask;

    internal BatchListener(int port) => _session = new MqttSession(
        new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "listener", CleanStart = true },
        TimeProvider.System,
        [new MqttSubscription(Topics.AllBatches), new MqttSubscription(Topics.AllStatus)]);

    internal IReadOnlyDictionary<long, BatchEnvelope> Batches => _batches;

    /// <summary>What the gateway said of itself, in order.</summary>
    internal ConcurrentQueue<string> Statuses { get; } = new();

    internal async Task ConnectAsync()
    {
        _session.Start();
        _receiving = ReceiveAsync();
        await _session.WaitUntilConnectedAsync(_stopping.Token).WaitAsync(Deadline);
    }

    /// <summary>Waits for so many batches that were signed under a configuration.</summary>
    internal async Task WaitForAsync(string configHash, int count)
    {
        using CancellationTokenSource deadline = new(Deadline);
        while (_batches.Values.Count(batch => batch.Manifest.ConfigHash == configHash) < count)
        {
            await _more.WaitAsync(deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _session.DisposeAsync();
        await _receiving;
        _stopping.Dispose();
        _more.Dispose();
    }

    private async Task ReceiveAsync()
    {
        try
        {
            await foreach (MqttMessage message in _session.Messages.ReadAllAsync(_stopping.Token))
            {
                if (message.Topic.EndsWith("/status", StringComparison.Ordinal))
                {
                    Statuses.Enqueue(System.Text.Encoding.UTF8.GetString(message.Payload.Span));
                }
                else
                {
                    BatchEnvelope batch = BatchEnvelope.Open(message.Payload.Span);
                    _batches[batch.Manifest.Batch] = batch;
                    _ = _more.Release();
                }

                if (message.QoS == MqttQoS.AtLeastOnce)
                {
                    _session.Acknowledge(message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }
}
