using Metering.Readings;
using Metering.Store;
using Metering.Store.Postgres;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Xunit;
using static Metering.Tests.Store.StoreGateway;

namespace Metering.Interop.Tests.Postgres;

/// <summary>
/// Ingestion over a shared subscription: every batch reaches any worker, some reach two, in no order; one worker dies with
/// its connections in the middle. What it had not answered the broker gives to the others.
/// </summary>
[Collection("postgres")]
public sealed class ManyWorkersTests(PostgresFixture fixture)
{
    private const int Gateways = 40;
    private const int Batches = 12;
    private const int InFlight = 24;

    [NeedsTheory("postgres")]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    public async Task The_store_holds_exactly_what_was_sent_however_many_workers_take_it(int workerCount, int seed)
    {
        Random random = new(seed);
        using PostgresHouse house = new(fixture.Server);
        using IReadingStore reader = house.Open();
        List<PostgresStore> workers = [.. Enumerable.Range(0, workerCount).Select(_ => (PostgresStore)house.Open())];
        StoreGateway[] gateways = [.. Enumerable.Range(0, Gateways).Select(index => new StoreGateway($"gateway-{index:00}"))];
        Array.ForEach(gateways, gateway => reader.Enrol(gateway.Enrolment));
        Dictionary<(string, long), long> ledger = [];
        List<byte[]> stream = Stream(gateways, ledger, random);
        Task sealing = workers[0].SealAsync();
        int killAt = stream.Count / 2;
        for (int next = 0; next < stream.Count; next += InFlight)
        {
            bool kill = workers.Count > 1 && next <= killAt && next + InFlight > killAt;
            List<byte[]> unanswered = await DeliverAsync(workers, stream.GetRange(next, Math.Min(InFlight, stream.Count - next)), random, kill);
            if (kill)
            {
                workers[0].Dispose();
                workers.RemoveAt(0);
                Assert.Empty(await DeliverAsync(workers, unanswered, random, kill: false));
            }
        }

        try
        {
            await sealing;
        }
        catch (ObjectDisposedException) when (workerCount > 1)
        {
            // It ended with its worker; another one seals below.
        }

        AssertLedger(reader, gateways, ledger, seed);
        await workers[^1].SealAsync();
        AssertLedger(reader, gateways, ledger, seed);
        Assert.Equal("0", fixture.Server.Ask("SELECT count(*) FROM metering.waiting"));
        Array.ForEach(gateways, gateway => gateway.Dispose());
    }

    // The batches of all gateways, each moved a few places away from its turn, one in ten twice.
    private static List<byte[]> Stream(StoreGateway[] gateways, Dictionary<(string, long), long> ledger, Random random)
    {
        List<(double Place, byte[] Bytes)> stream = [];
        for (int batch = 0; batch < Batches; batch++)
        {
            foreach (StoreGateway gateway in gateways)
            {
                Reading[] readings = [.. Enumerable.Range(0, 12).Select(slot => Good(Start + (((batch * 10) + slot) * 3_600_000L), random.Next(1_000_000)))];
                Array.ForEach(readings, reading => ledger[(gateway.Name, reading.UtcMilliseconds)] = reading.ScaledValue);
                byte[] bytes = gateway.Next(readings);
                stream.Add((batch + (random.NextDouble() * 2.5), bytes));
                if (random.Next(10) == 0)
                {
                    stream.Add((batch + (random.NextDouble() * 4), bytes));
                }
            }
        }

        return [.. stream.OrderBy(item => item.Place).Select(item => item.Bytes)];
    }

    private async Task<List<byte[]>> DeliverAsync(List<PostgresStore> workers, List<byte[]> batches, Random random, bool kill)
    {
        List<(byte[] Bytes, Task<AppendOutcome> Answer)> sent = [.. batches.Select(bytes => (bytes, AppendAsync(workers[random.Next(workers.Count)], bytes)))];
        if (kill)
        {
            // Whatever transactions are open end in the middle, those of the others too; they try again by themselves.
            fixture.Server.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='metering'");
        }

        List<byte[]> unanswered = [];
        foreach ((byte[] bytes, Task<AppendOutcome> answer) in sent)
        {
            try
            {
                Assert.NotEqual(AppendOutcome.Fork, await answer);
            }
            catch (StoreException) when (kill)
            {
                unanswered.Add(bytes);
            }
        }

        return unanswered;
    }

    private static void AssertLedger(IReadingStore store, StoreGateway[] gateways, Dictionary<(string, long), long> ledger, int seed)
    {
        foreach (StoreGateway gateway in gateways)
        {
            Assert.Equal(new(gateway.LastBatch, gateway.LastHash), store.Head(gateway.Name, 1));
            ReadingColumns columns = store.Read(gateway.Name, Energy, long.MinValue, long.MaxValue);
            Assert.True(columns.Count == ledger.Keys.Count(key => key.Item1 == gateway.Name), $"seed {seed}: {gateway.Name} has {columns.Count} readings");
            for (int index = 0; index < columns.Count; index++)
            {
                Assert.True(ledger[(gateway.Name, columns.UtcMilliseconds[index])] == columns.ScaledValues[index], $"seed {seed}: {gateway.Name} at {columns.UtcMilliseconds[index]}");
            }
        }

        Assert.Equal(Gateways * Batches, store.LastSequence);
        Assert.Equal(Gateways * Batches, store.Journal(0, int.MaxValue).Select(record => (record.Gateway, record.Batch)).Distinct().Count());
    }
}
