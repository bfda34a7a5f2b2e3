using System.Collections.Concurrent;
using System.Security.Cryptography;
using Metering.Mqtt;
using Metering.Readings;
using Topics = Metering.Readings.Topics;

namespace Metering.Interop.Tests.GatewayHost;

/// <summary>The receiving side in a few lines: checks signature, number and chain, keeps the readings, answers with signed acks.</summary>
internal sealed class FakeCloud : IAsyncDisposable
{
    private readonly MqttSession _session;
    private readonly ECDsa _gatewayKey;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<(string Channel, long Instant), (long? Value, string Quality)> _readings = new();
    private readonly Lock _gate = new();
    private Task _receiving = Task.CompletedTask;
    private readonly SortedDictionary<long, BatchEnvelope> _early = [];
    private string _head = BatchManifest.NoPrevious;

    internal FakeCloud(int port, ECDsa gatewayKey)
    {
        _gatewayKey = gatewayKey;
        _session = new MqttSession(
            new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "metering-cloud", CleanStart = true },
            TimeProvider.System,
            [new MqttSubscription(Topics.AllBatches), new MqttSubscription(Topics.AllStatus), new MqttSubscription(Topics.AllMeta), new MqttSubscription(Topics.AllRequests)],
            new MqttBackOff { FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(100) });
    }

    internal ECDsa Key => _key;

    /// <summary>Whether batches that come before their turn are kept and listed in the ack.</summary>
    internal bool KeepsEarly { get; init; }

    /// <summary>Every batch as it came in, with repeats.</summary>
    internal ConcurrentQueue<long> Arrivals { get; } = new();

    /// <summary>Called for each batch before it is confirmed.</summary>
    internal Action<long>? OnArrival { get; set; }

    internal long Through { get; private set; }

    internal long Duplicates { get; private set; }

    internal ConcurrentBag<string> Faults { get; } = [];

    internal ConcurrentQueue<string> Statuses { get; } = new();

    internal string? Meta { get; private set; }

    internal IReadOnlyDictionary<(string Channel, long Instant), (long? Value, string Quality)> Readings => _readings;

    internal List<GapEvent> Gaps { get; } = [];

    internal Task ConnectAsync()
    {
        _session.Start();
        _receiving = ReceiveAsync();
        return _session.WaitUntilConnectedAsync(_stopping.Token).WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Forgets everything behind a batch, as a restore from a backup does.</summary>
    internal void RestoreTo(long through, string head)
    {
        lock (_gate)
        {
            Through = through;
            _head = head;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _session.DisposeAsync();
        await _receiving;
        _stopping.Dispose();
        _key.Dispose();
    }

    private async Task ReceiveAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await foreach (MqttMessage message in _session.Messages.ReadAllAsync(_stopping.Token))
            {
                try
                {
                    await TakeAsync(message);
                }
                catch (Exception e) when (e is WireFormatException or MqttException)
                {
                    Faults.Add(e.Message);
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

    private async Task TakeAsync(MqttMessage message)
    {
        string gateway = Topics.GatewayOf(message.Topic)!;
        if (message.Topic == Topics.Status(gateway))
        {
            Statuses.Enqueue(System.Text.Encoding.UTF8.GetString(message.Payload.Span));
            return;
        }

        if (message.Topic == Topics.Meta(gateway))
        {
            Meta = System.Text.Encoding.UTF8.GetString(message.Payload.Span);
            return;
        }

        if (GatewayRequest.KindOf(message.Payload.Span) == GatewayRequest.Log)
        {
            // As a cloud from before the log.
            return;
        }

        if (message.Topic == Topics.Request(gateway))
        {
            await AckAsync(gateway, GatewayRequest.ParseStanding(message.Payload.Span, gateway));
            return;
        }

        BatchEnvelope envelope = BatchEnvelope.Open(message.Payload.Span);
        if (SignedNote.Verify(envelope.Note.Span, gateway, _gatewayKey) != NoteFault.None)
        {
            Faults.Add($"batch {envelope.Manifest.Batch} is not signed by the gateway");
        }

        lock (_gate)
        {
            Store(envelope);
            while (_early.Remove(Through + 1, out BatchEnvelope? next))
            {
                Store(next);
            }
        }

        Arrivals.Enqueue(envelope.Manifest.Batch);
        OnArrival?.Invoke(envelope.Manifest.Batch);
        await AckAsync(gateway, null);
    }

    private async Task AckAsync(string gateway, string? ask)
    {
        BatchAck ack;
        lock (_gate)
        {
            ack = new BatchAck { Gateway = gateway, KeyEpoch = 1, Through = Through, Head = _head, Also = [.. _early.Keys.Where(batch => batch > Through + 1).Take(BatchAck.MaximumAlso)], Answers = ask };
        }

        _ = await _session.PublishAsync(Topics.Ack(gateway), ack.Sign("metering-cloud", _key), MqttQoS.AtLeastOnce, retain: false, _stopping.Token);
    }

    private void Store(BatchEnvelope envelope)
    {
        BatchManifest manifest = envelope.Manifest;
        if (manifest.Batch != Through + 1)
        {
            bool isKept = KeepsEarly && manifest.Batch > Through && _early.TryAdd(manifest.Batch, envelope);
            Duplicates += isKept ? 0 : 1;
            return;
        }

        if (manifest.PreviousHash != _head)
        {
            Faults.Add($"batch {manifest.Batch} does not follow the one before");
            return;
        }

        foreach (ChannelSegment segment in envelope.ReadSegments())
        {
            for (int index = 0; index < segment.Count; index++)
            {
                long? value = segment.HasValues.Span[index] ? segment.ScaledValues.Span[index] : null;
                _readings[(segment.Channel.Id, segment.UtcMilliseconds.Span[index])] = (value, segment.Qualities.Span[index].ToString());
            }
        }

        Gaps.AddRange(manifest.Gaps);
        Through = manifest.Batch;
        _head = envelope.NoteHash;
    }
}
