using Metering.Store;
using Metering.Store.Maintenance;
using Metering.Store.Postgres;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Interop.Tests.Postgres;

/// <summary>Verification and rebuilding where several processes share the store.</summary>
[Collection("postgres")]
public sealed class PostgresMaintenanceTests(PostgresFixture fixture) : IDisposable
{
    private static readonly StoreProgress Silent = (_, _, _) => { };
    private static readonly TimeZoneInfo MexicoCity = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");
    private readonly StoreGateway _gateway = new();
    private PostgresHouse? _house;

    public void Dispose()
    {
        _house?.Dispose();
        _gateway.Dispose();
    }

    [NeedsTheory("postgres")]
    [InlineData("DELETE FROM metering.chunk WHERE id=(SELECT min(id) FROM metering.chunk)", "the chunk is missing")]
    [InlineData("UPDATE metering.chunk SET data=set_byte(data, 9, 255-get_byte(data, 9)) WHERE id=(SELECT min(id) FROM metering.chunk)", "the chunk does not fit its check sum")]
    [InlineData("UPDATE metering.chunk SET id=id+4000 WHERE id=(SELECT min(id) FROM metering.chunk)", "the journal has no reading of it")]
    [InlineData("UPDATE metering.envelope SET bytes=set_byte(bytes, 40, 255-get_byte(bytes, 40)) WHERE batch=3", "cannot be opened")]
    [InlineData("DELETE FROM metering.envelope WHERE batch=3", "no record says that they were dropped")]
    [InlineData("UPDATE metering.envelope SET note_hash=set_byte(note_hash, 3, 255-get_byte(note_hash, 3)) WHERE batch=3", "says something else than its manifest")]
    [InlineData("DELETE FROM metering.journal WHERE sequence=2", "comes after batch 1")]
    [InlineData("UPDATE metering.enrolment SET public_key='-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n'", "is not signed by the enrolled key")]
    public async Task Verification_names_what_was_altered(string damage, string difference)
    {
        IReadingStore store = await FillAsync();
        Assert.Empty(store.Verify(Silent, CancellationToken.None).Differences);
        fixture.Server.Execute(damage);
        Assert.Contains(store.Verify(Silent, CancellationToken.None).Differences, found => found.Contains(difference, StringComparison.Ordinal));
    }

    [NeedsFact("postgres")]
    public async Task Nobody_rebuilds_while_another_process_seals_and_every_seal_is_given_back()
    {
        IReadingStore store = await FillAsync();
        fixture.Server.Execute("UPDATE metering.seal SET owner='other/7', until=clock_timestamp()+interval '1 minute'");
        using StoreGateway second = new("tannery-2");
        store.Enrol(second.Enrolment);
        StoreException e = Assert.Throws<StoreException>(() => _house!.Rebuild());
        Assert.Equal(StoreException.TryLater, e.ExitCode);
        Assert.Contains("other/7", e.Message, StringComparison.Ordinal);
        Assert.Equal("other/7", fixture.Server.Ask("SELECT string_agg(owner, ' ') FROM metering.seal"));
        fixture.Server.Execute("UPDATE metering.seal SET until=clock_timestamp()-interval '1 second'");
        Assert.Equal(4, _house!.Rebuild());
        Assert.Equal("0", fixture.Server.Ask("SELECT count(owner) FROM metering.seal"));
    }

    [NeedsFact("postgres")]
    public async Task Who_lost_the_seals_replaces_nothing()
    {
        _ = await FillAsync();
        using PostgresDatabase database = PostgresDatabase.Open(fixture.Server.Address);
        using SealHold hold = SealHold.Take(database);
        PostgresTables tables = new(database, hold);
        tables.Write(change => change.DropRollups());
        fixture.Server.Execute("UPDATE metering.seal SET owner='other/7'");
        string before = _house!.Chunks();
        StoreException e = Assert.Throws<StoreException>(() => tables.Write(change => change.Drop(tables.Read(moment => moment.ChunkIds((0, 100_000))))));
        Assert.Equal(StoreException.TryLater, e.ExitCode);
        Assert.Equal(before, _house.Chunks());
    }

    [NeedsFact("postgres")]
    public async Task Batches_that_come_during_a_rebuild_are_sealed_after_it()
    {
        IReadingStore store = await FillAsync();
        using PostgresDatabase database = PostgresDatabase.Open(fixture.Server.Address);
        long made;
        using (SealHold hold = SealHold.Take(database))
        {
            bool isSent = false;
            made = new StoreRebuild(
                new PostgresTables(database, hold),
                (_, _, _) =>
                {
                    if (!isSent)
                    {
                        isSent = true;
                        SendDuring(store);
                    }
                }).Run(CancellationToken.None);
        }

        Assert.Equal(4, made);
        Assert.Empty(store.Verify(Silent, CancellationToken.None).Differences);
        Assert.Equal((5, 4), (store.Info().LastSequence, store.Info().SealedThrough));
        await store.SealAsync();
        Assert.Equal((5, 5, 6), (store.Info().Chunks, store.Info().SealedThrough, store.FindChannel(GatewayName, Energy)!.Count));
        Assert.Empty(store.Verify(Silent, CancellationToken.None).Differences);
    }

    [NeedsFact("postgres")]
    public async Task Every_process_that_appends_stores_rollups_and_all_are_served_to_each()
    {
        IReadingStore[] workers = [await FillAsync(), _house!.Open(), _house.Open()];
        Array.ForEach(workers, worker => worker.BecomeWriter());
        _ = await AppendAsync(workers[1], _gateway.Next([.. Enumerable.Range(0, 9_600).Select(slot => Good(Start + (5 * Day) + (slot * 900_000L), 100 + slot))]));
        await workers[1].SealAsync();
        int[] made = await Task.WhenAll(workers.Select(worker => Task.Factory.StartNew(
            () => worker.RefreshRollups(GatewayName, Energy, MexicoCity), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.True(made.Sum() > 6);
        Assert.All(workers, worker => Assert.Equal(0, worker.RefreshRollups(GatewayName, Energy, MexicoCity)));
        VerificationReport report = workers[2].Verify(Silent, CancellationToken.None);
        Assert.Empty(report.Differences);
        Assert.True(report.FreshRollups > 6 && report.StaleRollups == 0);
    }

    [NeedsFact("postgres")]
    public async Task Ranges_that_were_dropped_are_told_and_never_sealed_again()
    {
        IReadingStore store = await FillAsync();
        fixture.Server.Execute($"INSERT INTO metering.pruned SELECT id, {Start / Day}, {(Start / Day) + 2} FROM metering.channel; DELETE FROM metering.chunk WHERE id & 16777215 < {(Start / Day) + 2}");
        Assert.Equal([new(Start, Start + (2 * Day))], store.Read(GatewayName, Energy, 0, long.MaxValue).Pruned);
        Assert.Empty(store.Read(GatewayName, Energy, Start + (2 * Day), long.MaxValue).Pruned);
        IntervalRequest request = new() { Gateway = GatewayName, Channel = Energy, Step = RollupStep.Day, Zone = MexicoCity };
        _ = Assert.Single(store.ReadIntervals(request).Pruned);
        _ = await AppendAsync(store, _gateway.Next([Good(Start + 1, 1)]));
        await store.SealAsync();
        Assert.Equal([2, 3], store.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
        Assert.Empty(store.Verify(Silent, CancellationToken.None).Differences);
        Assert.Equal(2, _house!.Rebuild());
        Assert.Equal((2, 2), (store.Info().Chunks, store.Info().PrunedDays));
    }

    private async Task<IReadingStore> FillAsync()
    {
        _house = new(fixture.Server);
        IReadingStore store = _house.Open();
        store.Enrol(_gateway.Enrolment);
        for (int day = 0; day < 4; day++)
        {
            _ = await AppendAsync(store, _gateway.Next([Good(Start + (day * Day), day)]));
        }

        await store.SealAsync();
        return store;
    }

    private void SendDuring(IReadingStore store)
    {
        byte[] bytes = _gateway.Next([Good(Start + 5, 9), Good(Start + (4 * Day), 4)]);
#pragma warning disable VSTHRD002, CA1849 // The progress of a rebuild is told on a thread that may wait.
        Assert.Equal(AppendOutcome.Stored, AppendAsync(store, bytes).GetAwaiter().GetResult());
#pragma warning restore VSTHRD002, CA1849
    }
}
