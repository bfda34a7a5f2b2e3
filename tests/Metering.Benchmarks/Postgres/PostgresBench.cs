using System.Diagnostics;
using System.Globalization;
using Metering.Interop.Tests.Postgres;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Postgres;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks.Postgres;

/// <summary>
/// `bench postgres`: a real PostgreSQL on this machine with flushes to disk. Readings a second with 1, 2 and 4 workers that
/// append side by side, and what a year of one channel and a dashboard of twenty cost to read, from readings and from rollups; the SQLite store beside it in
/// the same run. Compare the ratios: server and workers share the processors.
/// </summary>
internal static class PostgresBench
{
    private const int Gateways = 40;
    private const int BatchesOfGateway = 25;
    private const int Rounds = 4;

    // Fewer than a store lets wait, so that the batches of a gateway keep their order.
    private const int Window = 6;
    private const int DashboardChannels = 20;
    private const int Days = 365;
    private const long Minute = 60_000;
    private const long DayMilliseconds = 86_400_000;

    public static async Task<int> RunAsync()
    {
        if (Tests.Support.PostgresPrograms.Folder() is null)
        {
            await Console.Error.WriteLineAsync("bench postgres: PostgreSQL is not installed. Run: sudo apt-get install -y --no-install-recommends postgresql");
            return 69;
        }

        using PostgresServer server = PostgresServer.Start();
        string folder = Directory.CreateTempSubdirectory("metering-bench-").FullName;
        try
        {
            List<Work> work = Sign();
            Print($"append: {Gateways} gateways x {BatchesOfGateway} batches of {SampleBatches.Readings} readings, opened before; best of {Rounds}");
            double alone = 0;
            foreach (int workers in (int[])[1, 2, 4])
            {
                double rate = await BestAsync(work, workers, () => Fresh(server));
                alone = workers == 1 ? rate : alone;
                Print($"  PostgreSQL, {workers} workers: {rate / 1e6:0.00} million readings a second, {rate / alone:0.00} times one worker");
            }

            int file = 0;
            double embedded = await BestAsync(work, 1, () => () => SqliteStore.Open(Path.Combine(folder, $"append-{file++}.db"), TimeProvider.System));
            Print($"  SQLite, 1 worker: {embedded / 1e6:0.00} million readings a second");
            using IReadingStore postgres = Fresh(server)();
            using IReadingStore sqlite = SqliteStore.Open(Path.Combine(folder, "read.db"), TimeProvider.System);
            await ReadAsync("PostgreSQL", postgres);
            await ReadAsync("SQLite", sqlite);
            Print($"  PostgreSQL: {server.Ask("SELECT sum(pg_column_size(data)) FROM metering.chunk")} bytes of chunks for {server.Ask("SELECT sum(count) FROM metering.chunk")} readings");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<Work> Sign()
    {
        List<Work> work = [];
        for (int gateway = 0; gateway < Gateways; gateway++)
        {
            using SampleBatches batches = new(gateway: $"bench-{gateway}");
            GatewayEnrolment enrolment = new($"bench-{gateway}", 1, "bench-plant", SigningKey.PublicPem(batches.Key));
            work.Add(new(enrolment, [.. Enumerable.Range(0, BatchesOfGateway).Select(_ => Opened.From(batches.Next()))]));
        }

        return work;
    }

    private static Func<IReadingStore> Fresh(PostgresServer server)
    {
        server.Execute("SET client_min_messages=warning; DROP SCHEMA IF EXISTS metering CASCADE");
        return () => PostgresStore.Open(server.Address, TimeProvider.System);
    }

    // The gateways are dealt out to the workers, as a broker's shared subscription with a hash of the topic would.
    private static async Task<double> BestAsync(List<Work> work, int workers, Func<Func<IReadingStore>> prepare)
    {
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Func<IReadingStore> open = prepare();
            IReadingStore[] stores = [.. Enumerable.Range(0, workers).Select(_ => open())];
            work.ForEach(item => stores[0].Enrol(item.Enrolment));
            Array.ForEach(stores, store => store.BecomeWriter());
            long begin = Stopwatch.GetTimestamp();
            await Task.WhenAll(work.Select((item, index) => SendAsync(stores[index % workers], item)));
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            best = Math.Max(best, (double)Gateways * BatchesOfGateway * SampleBatches.Readings / seconds);
            Array.ForEach(stores, store => store.Dispose());
        }

        return best;
    }

    private static async Task SendAsync(IReadingStore store, Work work)
    {
        Queue<Task<AppendOutcome>> answers = new();
        foreach (Opened batch in work.Batches)
        {
            if (answers.Count == Window)
            {
                await TakeAsync(answers);
            }

            answers.Enqueue(store.AppendAsync(batch.Envelope, batch.Bytes, batch.Segments, CancellationToken.None));
        }

        while (answers.Count > 0)
        {
            await TakeAsync(answers);
        }
    }

    private static async Task TakeAsync(Queue<Task<AppendOutcome>> answers)
    {
        if (await answers.Dequeue() != AppendOutcome.Stored)
        {
            throw new InvalidOperationException("a batch was not stored");
        }
    }

    private static async Task ReadAsync(string name, IReadingStore store)
    {
        using SampleBatches minutes = new(channels: 1, slots: 1440, gateway: "year", step: Minute);
        using SampleBatches quarters = new(channels: DashboardChannels, gateway: "dashboard");
        store.Enrol(new("year", 1, "bench-plant", SigningKey.PublicPem(minutes.Key)));
        store.Enrol(new("dashboard", 1, "bench-plant", SigningKey.PublicPem(quarters.Key)));
        await SendAsync(store, new(null!, [.. Enumerable.Range(0, Days).Select(_ => Opened.From(minutes.Next()))]));
        await SendAsync(store, new(null!, [.. Enumerable.Range(0, Days).Select(_ => Opened.From(quarters.Next()))]));
        Time($"{name}, a year of one channel, one-minute", () => store.Read("year", minutes.Channels[0].Id, SampleBatches.Start, End).Count, "not sealed");
        await store.SealAsync();
        Time($"{name}, a year of one channel, one-minute", () => store.Read("year", minutes.Channels[0].Id, SampleBatches.Start, End).Count, "sealed");
        Time($"{name}, dashboard of {DashboardChannels} channels, a year of quarter hours", () => quarters.Channels.Sum(channel => store.Read("dashboard", channel.Id, SampleBatches.Start, End).Count), "sealed");
        foreach (RollupStep step in (RollupStep[])[RollupStep.QuarterHour, RollupStep.Day])
        {
            Time(
                $"{name}, dashboard of {DashboardChannels} channels, a year of intervals ({step})",
                () => quarters.Channels.Sum(channel => store.ReadIntervals(new() { Gateway = "dashboard", Channel = channel.Id, Step = step, Zone = TimeZoneInfo.Utc }).Count),
                "rollups, the first time computed");
        }
    }

    private static long End => SampleBatches.Start + (Days * DayMilliseconds);

    private static void Time(string what, Func<int> read, string state)
    {
        const int Reads = 15;
        List<double> times = [];
        int count = 0;
        for (int index = 0; index < Reads; index++)
        {
            long begin = Stopwatch.GetTimestamp();
            count = read();
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        double first = times[0];
        times.Sort();
        Print($"  {what}, {state}: {count} rows, best {times[0]:0.0} ms, median {times[Reads / 2]:0.0} ms, first {first:0.0} ms");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Work(GatewayEnrolment Enrolment, Opened[] Batches);

    private sealed record Opened(BatchEnvelope Envelope, byte[] Bytes, IReadOnlyList<ChannelSegment> Segments)
    {
        public static Opened From(byte[] bytes)
        {
            BatchEnvelope envelope = BatchEnvelope.Open(bytes);
            return new(envelope, bytes, envelope.ReadSegments());
        }
    }
}
