using System.Security.Cryptography;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Gateway.Uplink;
using Metering.Mqtt;
using Metering.Readings;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Interop.Tests.GatewayHost;

/// <summary>After an outage: the present is seen at once, the past follows in its order, and nothing is lost or doubled.</summary>
public sealed class DrainTests : IDisposable
{
    private const long FirstSlot = 1_767_225_600_000;
    private const long Step = 10_000;
    private const int Backlog = 1_000;
    private const int LiveBatches = 20;
    private const int ArrivalsPerLiveBatch = 40;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(150);
    private static readonly Channel[] Channels = [new() { Id = "mains.energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "p/1" }];

    private readonly string _folder = Directory.CreateTempSubdirectory("metering-drain-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [NeedsFact("mosquitto")]
    public async Task Live_batches_pass_a_backlog_and_arrive_within_a_window()
    {
        using TestBroker broker = new();
        await using FakeCloud cloud = new(broker.Port, _key) { KeepsEarly = true };
        using GatewayOutbox outbox = OpenWithBacklog();
        Dictionary<long, int> begun = [];
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // A live batch each time so many have arrived: the backlog leaves forty times as fast as new ones come in.
        cloud.OnArrival = batch =>
        {
            if (cloud.Arrivals.Count % ArrivalsPerLiveBatch == 0 && begun.Count < LiveBatches)
            {
                AddBatch(outbox, outbox.LastBatch);
                begun[outbox.LastBatch] = cloud.Arrivals.Count;
            }

            if (cloud.Through == Backlog + LiveBatches)
            {
                _ = done.TrySetResult();
            }
        };
        await cloud.ConnectAsync();
        await using BatchUplink uplink = StartUplink(broker, cloud, outbox);
        await done.Task.WaitAsync(Deadline);
        Assert.Empty(cloud.Faults);
        Assert.Equal(Backlog + LiveBatches, cloud.Readings.Count);
        List<long> arrivals = [.. cloud.Arrivals];
        foreach ((long batch, int count) in begun)
        {
            int position = arrivals.IndexOf(batch);
            Assert.InRange(position - count, 0, 2 * UplinkOptions.Window);
        }
    }

    [NeedsFact("mosquitto")]
    public async Task A_cloud_that_keeps_no_early_batch_still_gets_everything_and_few_twice()
    {
        using TestBroker broker = new();
        await using FakeCloud cloud = new(broker.Port, _key);
        using GatewayOutbox outbox = OpenWithBacklog();
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cloud.OnArrival = batch =>
        {
            if (cloud.Through == Backlog)
            {
                _ = done.TrySetResult();
            }
        };
        await cloud.ConnectAsync();
        await using BatchUplink uplink = StartUplink(broker, cloud, outbox);
        await done.Task.WaitAsync(Deadline);
        Assert.Empty(cloud.Faults);
        Assert.Equal(Backlog, cloud.Readings.Count);
        Assert.InRange(cloud.Arrivals.Count, Backlog, Backlog + UplinkOptions.LiveShare + UplinkOptions.Window);
    }

    private static void AddBatch(GatewayOutbox outbox, long index)
    {
        long slot = FirstSlot + (index * Step);
        outbox.Add(new(slot, ClockState.Synchronised, index, slot), [new(slot, index, 0, ReadingQuality.Good, true)]);
        outbox.Flush();
    }

    private GatewayOutbox OpenWithBacklog()
    {
        GatewayOutbox outbox = GatewayOutbox.Open(
            new()
            {
                Directory = Path.Combine(_folder, "state"),
                Gateway = "g",
                KeyEpoch = 1,
                Key = _key,
                Table = new("0123456789abcdef", new string('0', 64), "metering-gateway/0.1.0", Channels),
                MaximumAge = TimeSpan.FromSeconds(60),
                MaximumReadings = 1,
            },
            TimeProvider.System,
            NullLogger.Instance);
        for (int index = 0; index < Backlog; index++)
        {
            long slot = FirstSlot + (index * Step);
            outbox.Add(new(slot, ClockState.Synchronised, index, slot), [new(slot, index, 0, ReadingQuality.Good, true)]);
        }

        outbox.Flush();
        Assert.Equal(Backlog, outbox.LastBatch);
        return outbox;
    }

    private BatchUplink StartUplink(TestBroker broker, FakeCloud cloud, GatewayOutbox outbox)
    {
        BatchUplink uplink = new(
            new()
            {
                Gateway = "g",
                Keys = KeyChain.Open(_folder, 1, _key),
                CloudName = "metering-cloud",
                CloudKey = cloud.Key,
                Meta = () => BirthMessage.Status(isOnline: true),
                Broker = new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "g", CleanStart = true },
            },
            outbox,
            TimeProvider.System,
            NullLogger.Instance);
        uplink.Start();
        return uplink;
    }
}
