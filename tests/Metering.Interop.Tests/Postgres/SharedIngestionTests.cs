using Metering.Ingestion;
using Metering.Interop.Tests.Ingestion;
using Metering.Interop.Tests.Mqtt;
using Metering.Store;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Interop.Tests.Postgres;

/// <summary>Ingestions that share one subscription at a real broker and one store at a real server, as broker.share sets them up.</summary>
[Collection("postgres")]
public sealed class SharedIngestionTests(PostgresFixture fixture)
{
    private const int Gateways = 8;
    private const int Batches = 40;

    // Kept back until the first ingestion has ended: a quick machine stores everything else before that.
    private const int Last = 10;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [NeedsFact("mosquitto", "postgres")]
    public async Task The_store_equals_the_ledger_and_every_gateway_gets_its_ack_though_one_ingestion_ends_in_the_middle()
    {
        using PostgresHouse house = new(fixture.Server);
        using IReadingStore store = house.Open();
        BatchFactory[] factories = [.. Enumerable.Range(0, Gateways).Select(index => new BatchFactory($"gateway-{index}"))];
        Array.ForEach(factories, factory => store.Enrol(new(factory.Gateway, 1, "leon", factory.PublicPem)));
        await using IngestionRig rig = await IngestionRig.StartAsync();
        using TornWire wire = new(rig.Broker.Port);
        IngestionState[] states = [new(), new()];
        using IReadingStore storeOfFirst = house.Open();
        using IReadingStore storeOfSecond = house.Open();
        using IngestionWorker first = Worker(rig.Options with { ClientId = "cloud-0", BrokerPort = wire.Port }, storeOfFirst, states[0]);
        using IngestionWorker second = Worker(rig.Options with { ClientId = "cloud-1" }, storeOfSecond, states[1]);
        await StartAsync(first);
        await StartAsync(second);

        List<GatewayUplink> uplinks = [];
        foreach (BatchFactory factory in factories)
        {
            GatewayUplink uplink = await rig.ConnectAsync(factory);
            uplink.MayRunBack = true;
            uplinks.Add(uplink);
        }

        IReadOnlyList<byte[]>[] batches = [.. uplinks.Select(uplink => uplink.Factory.Next(Batches))];
        Task[] deliveries = [.. uplinks.Select((uplink, index) => uplink.DeliverAsync([.. batches[index].Take(Batches - Last)]))];
        await Task.WhenAny(uplinks.Select(uplink => uplink.WaitThroughAsync(Batches / 4)));
        wire.Tear();
        fixture.Server.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='metering'");
        storeOfFirst.Dispose();
        long storedAtEnd = states[1].Totals().Batches;
        await first.StopAsync(CancellationToken.None).WaitAsync(Deadline);
        await Task.WhenAll(deliveries).WaitAsync(Deadline);
        await Task.WhenAll(uplinks.Select((uplink, index) => uplink.DeliverAsync(batches[index]))).WaitAsync(Deadline);

        Assert.True(states[0].Totals().Batches > 0, "the first ingestion stored nothing before it ended");
        Assert.True(states[1].Totals().Batches > storedAtEnd, "nothing was left to store after the first ingestion had ended");
        Assert.All(uplinks, uplink => Assert.Equal(Batches, uplink.Through));
        await second.StopAsync(CancellationToken.None).WaitAsync(Deadline);
        AssertLedger(store, factories);
        await store.SealAsync();
        AssertLedger(store, factories);
        Array.ForEach(factories, factory => factory.Dispose());
    }

    private static IngestionWorker Worker(IngestionOptions options, IReadingStore store, IngestionState state) =>
        new(options with { Share = "ingestion" }, store, state, TimeProvider.System, NullLogger<IngestionWorker>.Instance);

    private static async Task StartAsync(IngestionWorker worker)
    {
        await worker.StartAsync(CancellationToken.None);
        Assert.Null(await worker.FirstAttempt.WaitAsync(Deadline));
    }

    private void AssertLedger(IReadingStore store, BatchFactory[] factories)
    {
        foreach (BatchFactory factory in factories)
        {
            Assert.Equal(new(Batches, factory.Head), store.Head(factory.Gateway, 1));
            for (int channel = 0; channel < factory.Channels.Count; channel++)
            {
                ReadingColumns columns = store.Read(factory.Gateway, factory.Channels[channel].Id, 0, long.MaxValue);
                int slots = Batches * factory.SlotsPerBatch;
                Assert.Equal(Enumerable.Range(0, slots).Select(slot => BatchFactory.StartUtcMilliseconds + (slot * BatchFactory.StepMilliseconds)), columns.UtcMilliseconds);
                Assert.Equal(Enumerable.Range(0, slots).Select(slot => BatchFactory.ValueAt(channel, slot)), columns.ScaledValues);
            }
        }

        Assert.Equal(Gateways * Batches, store.LastSequence);
        Assert.Equal(Gateways * Batches, store.Journal(0, int.MaxValue).Select(record => (record.Gateway, record.Batch)).Distinct().Count());
        Assert.Equal((0, "0"), (store.QuarantineCount, fixture.Server.Ask("SELECT count(*) FROM metering.waiting")));
    }
}
