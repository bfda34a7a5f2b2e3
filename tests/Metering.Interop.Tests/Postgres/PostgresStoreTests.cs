using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Postgres;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Interop.Tests.Postgres;

/// <summary>What only a store for many processes does.</summary>
[Collection("postgres")]
public sealed class PostgresStoreTests(PostgresFixture fixture) : IDisposable
{
    private readonly StoreGateway _gateway = new();
    private readonly List<PostgresStore> _stores = [];

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _gateway.Dispose();
    }

    [NeedsFact("postgres")]
    public async Task Batches_spread_over_processes_in_any_order_need_not_be_sent_again()
    {
        PostgresStore[] workers = Workers(3);
        byte[][] batches = [.. Enumerable.Range(0, 40).Select(slot => _gateway.Next([Good(Start + slot, slot)]))];
        foreach ((int index, byte[] bytes) in batches.Index().Skip(1).Reverse())
        {
            Assert.Equal(AppendOutcome.Early, await AppendAsync(workers[index % 3], bytes));
        }

        Assert.Equal((0, "39"), (workers[0].Head(GatewayName, 1).Through, fixture.Server.Ask("SELECT count(*) FROM metering.waiting")));
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(workers[1], batches[0]));
        Assert.Equal(new(40, _gateway.LastHash), workers[2].Head(GatewayName, 1));
        Assert.Equal(Enumerable.Range(0, 40).Select(value => (long)value), All(workers[2]));
        Assert.Equal(("0", "0"), (fixture.Server.Ask("SELECT count(*) FROM metering.waiting"), fixture.Server.Ask("SELECT waiting FROM metering.chain")));
    }

    [NeedsFact("postgres")]
    public async Task A_follower_never_misses_a_batch_however_many_processes_append()
    {
        PostgresStore[] workers = Workers(4);
        StoreGateway[] gateways = [.. Enumerable.Range(0, 12).Select(index => new StoreGateway($"g{index}"))];
        Array.ForEach(gateways, gateway => workers[0].Enrol(gateway.Enrolment));
        using CancellationTokenSource done = new();
        List<long> seen = [];
        Thread follower = new(() =>
        {
            bool isLast;
            do
            {
                // Asked before the look, so that the last look comes after the last batch.
                isLast = done.IsCancellationRequested;
                seen.AddRange(workers[0].Journal(seen.Count == 0 ? 0 : seen[^1], 1000).Select(record => record.Sequence));
            }
            while (!isLast);
        });
        follower.Start();
        try
        {
            await Task.WhenAll(gateways.Select(async (gateway, index) =>
            {
                for (int batch = 0; batch < 25; batch++)
                {
                    Assert.Equal(AppendOutcome.Stored, await AppendAsync(workers[(index + batch) % 4], gateway.Next([Good(Start + batch, batch)])));
                }
            }));
        }
        finally
        {
            await done.CancelAsync();
            follower.Join();
            Array.ForEach(gateways, gateway => gateway.Dispose());
        }

        Assert.Equal(Enumerable.Range(1, 12 * 25).Select(number => (long)number), seen);
    }

    [NeedsFact("postgres")]
    public async Task A_gateway_is_sealed_by_one_process_at_a_time_and_taken_over_when_its_lease_has_ended()
    {
        PostgresStore store = Workers(1)[0];
        _ = await AppendAsync(store, _gateway.Next([Good(Start, 1)]));
        fixture.Server.Execute("UPDATE metering.seal SET owner='a process that is no more', until=clock_timestamp()+interval '1 hour'");
        SealPolicy policy = SealPolicy.Usual;
        Assert.Null(store.Database.Write(session => SealTable.Claim(session, "me", policy, all: true)));
        Task sealing = store.SealAsync();
        Assert.True(store.Database.Read(session => SealTable.IsUnsealed(session, 1)));
        fixture.Server.Execute("UPDATE metering.seal SET until=clock_timestamp()-interval '1 second'");
        await sealing;
        Assert.False(store.Database.Read(session => SealTable.IsUnsealed(session, 1)));
        Assert.Equal(("1", "1"), (fixture.Server.Ask("SELECT count(*) FROM metering.chunk"), fixture.Server.Ask("SELECT sealed FROM metering.seal")));
        Assert.Equal([1], All(store));

        // Whoever lost its claim writes nothing any more.
        Assert.Equal(-1, store.Database.Write(session => SealTable.Lock(session, GatewayName, "a process that is no more")));
    }

    [NeedsFact("postgres")]
    public async Task Sealing_is_due_when_enough_readings_wait_or_some_have_waited_long_enough()
    {
        PostgresStore[] workers = Workers(2);
        _ = await AppendAsync(workers[0], _gateway.Next([.. Enumerable.Range(0, 100).Select(slot => Good(Start + slot, slot))]));

        // So that nobody seals of his own accord: the other one has never appended.
        workers[0].Dispose();
        PostgresStore store = workers[1];
        string? Claim(SealPolicy policy) => store.Database.Write(session => SealTable.Claim(session, "me", policy, all: false));
        TimeSpan hour = TimeSpan.FromHours(1);
        Assert.Null(Claim(new(101, hour, hour)));
        Assert.Equal(GatewayName, Claim(new(100, hour, TimeSpan.Zero)));
        fixture.Server.Execute("UPDATE metering.seal SET owner=NULL, sealed_at=clock_timestamp()-interval '61 minutes'");
        Assert.Equal(GatewayName, Claim(new(101, hour, hour)));
        Assert.Null(Claim(new(1, TimeSpan.Zero, hour)));
    }

    [NeedsFact("postgres")]
    public async Task Another_process_that_changed_a_channel_is_noticed()
    {
        PostgresStore[] workers = Workers(2);
        _ = await AppendAsync(workers[0], _gateway.Next([Good(Start, 1)]));
        _ = await AppendAsync(workers[1], _gateway.Next([Good(Start + 1, 2)], [Channels[0] with { Meter = "exchanged" }]));
        _ = await AppendAsync(workers[0], _gateway.Next([Good(Start + 2, 3)]));
        Assert.Equal(Channels[0], workers[1].FindChannel(GatewayName, Energy)!.Channel);
        _ = await AppendAsync(workers[1], _gateway.Next([Good(Start + 3, 4, 1)]));
        (byte[] changed, _) = _gateway.Build(5, _gateway.LastHash, [Good(Start + 4, 4, 1)], [Channels[0], Channels[1] with { DecimalPlaces = 5 }]);
        _ = await Assert.ThrowsAsync<WireFormatException>(() => AppendAsync(workers[0], changed));
    }

    [NeedsFact("postgres")]
    public void Any_number_of_processes_may_start_on_an_empty_database()
    {
        fixture.Server.Execute("SET client_min_messages=warning; DROP SCHEMA IF EXISTS metering CASCADE");
        Thread[] starts = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            PostgresStore store = PostgresStore.Open(fixture.Server.Address, TimeProvider.System);
            store.Enrol(_gateway.Enrolment);
            store.Dispose();
        }))];
        Array.ForEach(starts, start => start.Start());
        Array.ForEach(starts, start => start.Join());
        Assert.Equal(($"{PostgresSchema.Steps.Length}", "1"), (fixture.Server.Ask("SELECT count(*) FROM metering.migration"), fixture.Server.Ask("SELECT count(*) FROM metering.enrolment")));
    }

    [NeedsFact("postgres")]
    public void A_code_that_many_keys_redeem_at_once_enrols_one_of_them()
    {
        PostgresStore[] workers = Workers(2);
        for (int round = 1; round <= 5; round++)
        {
            string hash = EnrolmentRequest.HashOf(EnrolmentRequest.NewCode())!;
            workers[0].OfferCode(new("redeemer", "leon", hash, DateTimeOffset.MaxValue));
            CodeRedemption[] answers = new CodeRedemption[6];
            Thread[] threads = [.. answers.Select((_, index) => new Thread(() =>
            {
                using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                answers[index] = workers[index % 2].Redeem(EnrolmentRequest.Open(EnrolmentRequest.Sign("redeemer", hash, key)), DateTimeOffset.UnixEpoch);
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.Equal(new(EnrolmentResult.Enrolled, round, "leon"), Assert.Single(answers, answer => answer.Result != EnrolmentResult.Used));
            Assert.Equal(round, workers[1].EnrolmentsOf("redeemer").Count);
        }
    }

    [NeedsFact("postgres")]
    public async Task Another_process_that_accepted_a_loss_is_noticed_by_those_that_append()
    {
        PostgresStore[] workers = Workers(2);
        byte[][] batches = [.. Enumerable.Range(0, 5).Select(slot => _gateway.Next([Good(Start + slot, slot)]))];
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(workers[0], batches[0]));
        Assert.Equal(AppendOutcome.Early, await AppendAsync(workers[0], batches[3]));
        Assert.True(workers[1].AcceptLoss(new(GatewayName, 1, 2, 3, BatchEnvelope.Open(batches[2]).NoteHash), new byte[] { 1 }, DateTimeOffset.UnixEpoch));
        Assert.Equal(("0", "0"), (fixture.Server.Ask("SELECT count(*) FROM metering.waiting"), fixture.Server.Ask("SELECT waiting FROM metering.chain")));
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(workers[0], batches[4]));
        await workers[0].SealAsync();
        Assert.Equal([0, 3, 4], All(workers[1]));
    }

    private PostgresStore[] Workers(int count)
    {
        using PostgresHouse house = new(fixture.Server);
        for (int index = 0; index < count; index++)
        {
            _stores.Add(PostgresStore.Open(fixture.Server.Address, TimeProvider.System));
        }

        _stores[0].Enrol(_gateway.Enrolment);
        return [.. _stores];
    }

    private static long[] All(PostgresStore store) => store.Read(GatewayName, Energy, long.MinValue, long.MaxValue).ScaledValues;
}
