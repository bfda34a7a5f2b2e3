using System.Security.Cryptography;
using Metering.Ingestion;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>Batches that come before their turn: real outbox and uplink of the gateway, real broker, real ingestion and store.</summary>
public sealed class EarlyBatchTests : IDisposable
{
    private const string Gateway = "early-gateway";
    private const int Cycles = 6_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("metering-early-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [NeedsFact("mosquitto")]
    public async Task After_an_outage_the_present_is_seen_before_the_past_is_in_and_nothing_is_sent_twice()
    {
        await using IngestionRig undisturbed = await StartAsync();
        await using OutboxGateway steady = OutboxGateway.Start(undisturbed, Gateway, _key, Path.Combine(_folder, "steady"), keepAckedLength: 1 << 24);
        steady.Add(0, Cycles);
        await steady.DrainAsync();

        await using IngestionRig rig = await StartAsync();
        await using OutboxGateway gateway = OutboxGateway.Start(rig, Gateway, _key, Path.Combine(_folder, "cut-off"), keepAckedLength: 1 << 24);
        gateway.Add(0, 40);
        await gateway.DrainAsync();
        await rig.Broker.KillAsync();
        gateway.Add(40, Cycles - 40);
        long newest = OutboxGateway.SlotOf(Cycles - 1);
        long before = rig.Store.Latest(Gateway, "mains.energy")!.Value.UtcMilliseconds;
        await rig.Broker.StartAgainAsync();

        // What waits is not in the chain, so the backlog before it is not in either.
        IReadOnlyList<EarlyReading> shown = [];
        await IngestionRig.UntilAsync(() => (shown = rig.Store.NewestEarly(Gateway)).Any(reading => reading.Reading.UtcMilliseconds == newest));
        Assert.Equal(["air.temperature", "mains.energy"], shown.Select(reading => reading.Channel.Id));
        Assert.All(shown, reading => Assert.Equal((newest, gateway.Outbox.LastBatch), (reading.Reading.UtcMilliseconds, reading.Batch)));
        Assert.True(before < newest);

        await gateway.DrainAsync();
        GatewayActivity activity = rig.State.Find(Gateway)!;
        Assert.Equal(gateway.Outbox.LastBatch, activity.Batches);
        Assert.Equal((0, 0), (activity.Duplicates, activity.OutOfOrder));
        Assert.True(activity.Early > 0);
        Assert.Empty(rig.Store.NewestEarly(null));
        Assert.Equal((undisturbed.Store.LastSequence, 0L), (rig.Store.LastSequence, rig.Store.QuarantineCount));
        Assert.Equal(Enumerable.Range(1, (int)rig.Store.LastSequence).Select(batch => (long)batch), rig.Store.Journal(0, int.MaxValue).Select(record => record.Batch));
        foreach (StoredChannel channel in undisturbed.Store.Channels())
        {
            Assert.Equal(Cycles, channel.Count);
            Assert.Equal(
                undisturbed.Store.VersionOf(Gateway, channel.Channel.Id, long.MinValue, long.MaxValue),
                rig.Store.VersionOf(Gateway, channel.Channel.Id, long.MinValue, long.MaxValue));
        }

        Assert.Empty(rig.Store.Verify((_, _, _) => { }, CancellationToken.None).Differences);
    }

    [NeedsFact("mosquitto")]
    public async Task An_ack_names_the_batches_that_are_kept_before_their_turn()
    {
        using BatchFactory factory = new();
        await using IngestionRig rig = await IngestionRig.StartAsync(factory);
        await rig.StartIngestionAsync();
        GatewayUplink uplink = await rig.ConnectAsync(factory);
        IReadOnlyList<byte[]> batches = factory.Next(5);
        foreach (int index in new[] { 0, 4, 2 })
        {
            await uplink.PublishAsync(batches[index]);
        }

        await IngestionRig.UntilAsync(() => uplink.Also.SequenceEqual([3, 5]));
        Assert.Equal(1, uplink.Through);

        // A new process says the same, before anything is sent to it.
        await rig.StopIngestionAsync();
        int acks = uplink.Acks;
        await rig.StartIngestionAsync();
        await IngestionRig.UntilAsync(() => uplink.Acks > acks && uplink.Also.SequenceEqual([3, 5]));
        await uplink.PublishAsync(batches[1]);
        await uplink.WaitThroughAsync(3);
        await IngestionRig.UntilAsync(() => uplink.Also.SequenceEqual([5]));
        await uplink.PublishAsync(batches[3]);
        await uplink.WaitThroughAsync(5);
        await IngestionRig.UntilAsync(() => uplink.Also.Count == 0);
        Assert.Equal((5, 0L), (rig.Store.LastSequence, rig.Store.QuarantineCount));
    }

    private async Task<IngestionRig> StartAsync()
    {
        IngestionRig rig = await IngestionRig.StartAsync();
        rig.Store.Enrol(new(Gateway, 1, "leon", SigningKey.PublicPem(_key)));
        await rig.StartIngestionAsync();
        return rig;
    }
}
