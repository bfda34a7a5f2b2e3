using System.Security.Cryptography;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>
/// The uplink of a gateway in its simplest right form: keeps every batch until a signed ack covers it, and offers what is
/// not covered again after each connect and whenever acks stop. Checks that every ack is signed and never runs backwards.
/// </summary>
internal sealed class GatewayUplink : IAsyncDisposable
{
    private const int Window = 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AckPatience = TimeSpan.FromSeconds(2);

    private readonly MqttSession _session;
    private readonly ECDsa _cloudKey;
    private readonly Lock _gate = new();
    private readonly List<(long Through, TaskCompletionSource Reached)> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;

    public GatewayUplink(BatchFactory factory, MqttClientOptions options, ECDsa cloudKey)
    {
        Factory = factory;
        _cloudKey = cloudKey;
        MqttBackOff quick = new() { FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(200) };
        _session = new(options with { ClientId = factory.Gateway }, TimeProvider.System, [new(Topics.Ack(factory.Gateway))], quick);
        _session.Start();
        _listening = ListenAsync();
    }

    public BatchFactory Factory { get; }

    /// <summary>The last ack's number; -1 before the first.</summary>
    public long Through { get; private set; } = -1;

    public int Acks { get; private set; }

    /// <summary>What the last ack named beyond its number.</summary>
    public IReadOnlyList<long> Also { get; private set; } = [];

    /// <summary>Whether acks may overtake each other, as those of several processes do.</summary>
    public bool MayRunBack { get; set; }

    public Task ConnectedAsync() => _session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(Deadline);

    public async Task PublishAsync(ReadOnlyMemory<byte> payload, string? topic = null, bool retain = false) =>
        _ = await _session.PublishAsync(topic ?? Topics.Batch(Factory.Gateway), payload, MqttQoS.AtLeastOnce, retain, _stop.Token).AsTask().WaitAsync(Deadline);

    /// <summary>Completes when an ack names at least this batch.</summary>
    public Task WaitThroughAsync(long through)
    {
        lock (_gate)
        {
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Through >= through)
            {
                reached.SetResult();
            }

            _waiting.Add((through, reached));
            return reached.Task.WaitAsync(Deadline);
        }
    }


    /// <summary>Offers batches 1 to n until all are acknowledged.</summary>
    public async Task DeliverAsync(IReadOnlyList<byte[]> batches)
    {
        using CancellationTokenSource deadline = new(Deadline);
        while (Through < batches.Count)
        {
            if (_listening.IsFaulted)
            {
                await _listening;   // a wrong ack
            }

            Assert.False(deadline.IsCancellationRequested, $"stuck at {Through} of {batches.Count}");
            await ConnectedAsync();
            long from = Math.Max(0, Through);
            long to = Math.Min(batches.Count, from + Window);
            try
            {
                for (long index = from; index < to; index++)
                {
                    await PublishAsync(batches[(int)index]);
                }

                await WaitThroughAsync(to).WaitAsync(AckPatience);
            }
            catch (Exception e) when (e is MqttException or TimeoutException)
            {
                // The line broke, or batches or acks were lost on the way: the next round offers them again.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        await foreach (MqttMessage message in _session.Messages.ReadAllAsync(CancellationToken.None))
        {
            BatchAck ack = BatchAck.Open(message.Payload.Span, IngestionRig.CloudName, _cloudKey);
            _session.Acknowledge(message);
            Assert.Equal((Factory.Gateway, Factory.KeyEpoch), (ack.Gateway, ack.KeyEpoch));
            lock (_gate)
            {
                Assert.True(MayRunBack || ack.Through >= Through, $"an ack ran back from {Through} to {ack.Through}");
                Through = Math.Max(Through, ack.Through);
                Also = ack.Also;
                Acks++;
                foreach ((long through, TaskCompletionSource reached) in _waiting)
                {
                    if (Through >= through)
                    {
                        _ = reached.TrySetResult();
                    }
                }
            }
        }
    }
}
