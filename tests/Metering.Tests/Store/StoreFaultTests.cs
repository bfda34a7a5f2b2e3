using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;
using static Metering.Tests.Store.StoreBench;

namespace Metering.Tests.Store;

public sealed class StoreFaultTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    /// <summary>Batches with late, repeated and corrected readings, sealing and reopening in between, against a dictionary.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_store_equals_a_dictionary_after_any_history(int seed)
    {
        Random random = new(seed);
        using StoreBench bench = new();
        Dictionary<(int Channel, long Instant), Reading> model = [];
        for (int step = 0; step < 60; step++)
        {
            Dictionary<(int, long), Reading> batch = [];
            long around = Start + (random.Next(6) * Day) + random.Next(90_000_000);
            for (int count = random.Next(1, 120); count > 0; count--)
            {
                int channel = random.Next(Channels.Length);
                long instant = around + (random.Next(40) * 900_000L);
                batch[(channel, instant)] = random.Next(10) == 0
                    ? Reading.Missing(instant, channel, QualityReason.Crc)
                    : new(instant, random.NextInt64(-1000, 1_000_000), channel, random.Next(8) == 0 ? ReadingQuality.Uncertain(QualityReason.Late) : ReadingQuality.Good, HasValue: true);
            }

            _ = await bench.AppendAsync([.. batch.Values]);
            foreach (((int, long) key, Reading reading) in batch)
            {
                model[key] = reading;
            }

            int fate = random.Next(12);
            if (fate == 0)
            {
                bench.Reopen();
            }
            else if (fate <= 2)
            {
                await bench.Store.SealAsync();
            }

            long from = Start + random.NextInt64(7 * Day);
            AssertSame(bench.Store, model, random.Next(Channels.Length), from, from + random.NextInt64(5 * Day), seed);
        }

        using SqliteStore killed = bench.CopyAsAfterAKill();
        for (int channel = 0; channel < Channels.Length; channel++)
        {
            AssertSame(bench.Store, model, channel, long.MinValue, long.MaxValue, seed);
            AssertSame(killed, model, channel, long.MinValue, long.MaxValue, seed);
        }

        Assert.Equal(model.Count, bench.Store.Channels().Sum(channel => channel.Count));
        Assert.Equal(0, bench.Store.DamagedChunkCount);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_kill_at_any_moment()
    {
        using StoreBench bench = new();
        for (int batch = 0; batch < 30; batch++)
        {
            _ = await bench.AppendAsync(Good(Start + (batch * 3_600_000L), batch), Good(Start + (batch * 3_600_000L) + 1, batch));
            if (batch % 7 == 3)
            {
                await bench.Store.SealAsync();
            }

            using SqliteStore killed = bench.CopyAsAfterAKill();
            Assert.Equal(bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue), killed.VersionOf(GatewayName, Energy, 0, long.MaxValue));
            Assert.Equal(batch + 1, killed.Head(GatewayName, 1).Through);
        }
    }

    [Theory]
    [InlineData("UPDATE chunk SET data=substr(data, 1, 20) || x'00' || substr(data, 22)")]
    [InlineData("UPDATE chunk SET data=x''")]
    [InlineData("UPDATE chunk SET data=(SELECT data FROM chunk ORDER BY id LIMIT 1)")]
    [InlineData("UPDATE chunk SET count=count+1")]
    [InlineData("UPDATE chunk SET count=0")]
    public async Task A_damaged_chunk_is_noticed_and_made_again_from_the_journal(string damage)
    {
        using StoreBench bench = new();
        for (int day = 0; day < 5; day++)
        {
            _ = await bench.AppendAsync([.. Enumerable.Range(0, 96).Select(slot => Good(Start + (day * Day) + (slot * 900_000L), (day * 1000) + slot))]);
        }

        await bench.Store.SealAsync();
        string version = bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        using (SqliteConnection connection = new($"Data Source={bench.Path};Pooling=false"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the test's own rows.
            command.CommandText = damage;
#pragma warning restore CA2100
            _ = command.ExecuteNonQuery();
        }

        Assert.Equal(480, bench.All().Count);
        Assert.Equal(version, bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));
        Assert.InRange(bench.Store.DamagedChunkCount, 4, 5);
        bench.Reopen();
        Assert.Equal(version, bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));
        Assert.Equal(0, bench.Store.DamagedChunkCount);
        Assert.Equal(480, bench.Store.Channels()[0].Count);
    }

    [Fact]
    public async Task Readers_see_whole_batches_while_batches_arrive_and_are_sealed()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Pair(0));
        using CancellationTokenSource stop = new();
        List<string> faults = [];
        Thread[] readers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() => ReadUntil(bench, faults, stop.Token)))];
        Array.ForEach(readers, reader => reader.Start());
        try
        {
            for (int batch = 1; batch < 200; batch++)
            {
                _ = await bench.AppendAsync(Pair(batch));
                if (batch % 20 == 0)
                {
                    await bench.Store.SealAsync();
                }
            }
        }
        finally
        {
            // Also when the writer failed: a reader that outlived the store would end the process and hide why.
            await stop.CancelAsync();
            Array.ForEach(readers, reader => reader.Join());
        }

        Assert.Empty(faults);
        Assert.Equal(400, bench.All().Count);

        static Reading[] Pair(long batch) => [Good(Start + (batch * 7_200_000), batch), Good(Start + (batch * 7_200_000) + 3_600_000, batch)];
    }

    [Fact]
    public async Task Another_process_reads_what_is_appended_and_sealed_but_may_not_append()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start, 1), Good(Start + Day, 2));
        using SqliteStore second = SqliteStore.Open(bench.Path, TimeProvider.System);
        Assert.Equal([1, 2], second.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
        await bench.Store.SealAsync();
        _ = await bench.AppendAsync(Good(Start + 5, 3), Good(Start + Day, 4));
        Assert.Equal([1, 3, 4], second.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
        await bench.Store.SealAsync();
        _ = await bench.AppendAsync(Good(Start + Day, 5));
        Assert.Equal([1, 3, 5], second.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
        Assert.Equal(5, second.Latest(GatewayName, Energy)!.Value.ScaledValue);
        Assert.Equal(3, second.Channels()[0].Count);
        byte[] next = bench.Next([Good(Start + 9, 9)]);
        StoreException e = await Assert.ThrowsAsync<StoreException>(() => bench.AppendAsync(next, second));
        Assert.Equal(StoreException.TryLater, e.ExitCode);
        bench.Store.Dispose();
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(next, second));
        Assert.Equal([1, 3, 9, 5], second.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
    }

    [Fact]
    public async Task Many_batches_at_once_are_all_stored_in_order()
    {
        using StoreBench bench = new();
        byte[][] batches = [.. Enumerable.Range(0, 300).Select(batch => bench.Next([Good(Start + (batch * 60_000L), batch)]))];
        Task<AppendOutcome>[] tasks = [.. batches.Select(bytes => bench.AppendAsync(bytes))];
        Assert.All(await Task.WhenAll(tasks), outcome => Assert.Equal(AppendOutcome.Stored, outcome));
        Assert.Equal(Enumerable.Range(0, 300).Select(value => (long)value), bench.All().ScaledValues);
    }

    [Fact]
    public async Task A_full_disk_refuses_batches_loses_none_and_goes_on_when_there_is_room()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start, 1));
        Limit(isFull: true);
        byte[] large = bench.Next([.. Enumerable.Range(1, 5000).Select(slot => Good(Start + slot, slot * 7919L % 10_007))]);
        StoreException e = await Assert.ThrowsAsync<StoreException>(() => bench.AppendAsync(large));
        Assert.Equal(StoreException.InputOutput, e.ExitCode);
        Assert.Contains("make room", e.Message, StringComparison.Ordinal);
        Assert.Equal((1L, 1), (bench.Store.Head(GatewayName, 1).Through, bench.All().Count));
        Limit(isFull: false);
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(large));
        Assert.Equal(5001, bench.All().Count);

        // SQLite answers "full" beyond this many pages, as it does on a full disk. The limit belongs to the writing connection.
        void Limit(bool isFull) => _ = bench.Store.File.Write(session => session.Scalar(isFull ? "PRAGMA max_page_count=1" : "PRAGMA max_page_count=1000000"));
    }

    [Fact]
    public async Task Sealing_that_goes_on_after_a_failure_also_seals_what_came_meanwhile()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start, 1));
        _ = bench.Store.File.Write(session => session.Execute("CREATE TRIGGER refuse BEFORE INSERT ON chunk BEGIN SELECT RAISE(ABORT, 'refused'); END"));
        _ = await Assert.ThrowsAsync<StoreException>(() => bench.Store.SealAsync());
        _ = await bench.AppendAsync(Good(Start + Day, 2));
        Assert.Equal([1, 2], bench.All().ScaledValues);
        _ = bench.Store.File.Write(session => session.Execute("DROP TRIGGER refuse"));
        await bench.Store.SealAsync();
        Assert.Equal(2, bench.Store.File.Read(session => session.Scalar("SELECT count(*) FROM chunk")));
        Assert.Equal([1, 2], bench.All().ScaledValues);
    }

    [Fact]
    public void Every_commit_is_flushed_to_disk()
    {
        using StoreBench bench = new();
        Assert.Equal(2, bench.Store.File.Write(session => session.Scalar("PRAGMA synchronous")));
        using SqliteConnection connection = new($"Data Source={bench.Path};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", command.ExecuteScalar());
    }

    [Fact]
    public async Task What_is_left_unsealed_is_sealed_when_its_time_comes()
    {
        using StoreBench bench = new();
        TimerTrap clock = new();
        using SqliteStore store = SqliteStore.Open(Path.Combine(bench.Folder, "timed.db"), clock);
        store.Enrol(bench.Enrolment);
        _ = await bench.AppendAsync(bench.Next([Good(Start, 1)]), store);
        Assert.Equal(0, store.File.Read(session => session.Scalar("SELECT count(*) FROM chunk")));
        clock.Fire();

        // The tick stands before this batch in the writer's queue, so it has been served when the batch is durable.
        _ = await bench.AppendAsync(bench.Next([Good(Start + 1, 2)]), store);
        Assert.Equal(1, store.File.Read(session => session.Scalar("SELECT count(*) FROM chunk")));
        Assert.Equal([1, 2], store.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused_with_what_to_do()
    {
        using StoreBench bench = new();
        string text = Path.Combine(bench.Folder, "text.db");
        File.WriteAllText(text, new string('x', 5000));
        AssertRefused(text, StoreException.Configuration, "not a Metering store");
        string foreign = Path.Combine(bench.Folder, "foreign.db");
        using (SqliteConnection connection = new($"Data Source={foreign};Pooling=false"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE t(x)";
            _ = command.ExecuteNonQuery();
        }

        AssertRefused(foreign, StoreException.Configuration, "another program's database");
        AssertRefused(Path.Combine(bench.Folder, "missing", "metering.db"), StoreException.CannotCreate, "directory");
    }

    [Fact]
    public void A_store_held_by_another_process_says_so()
    {
        using StoreBench bench = new();
        using SqliteConnection connection = new($"Data Source={bench.Path};Pooling=false");
        connection.Open();
        using SqliteCommand begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        _ = begin.ExecuteNonQuery();
        StoreException e = Assert.Throws<StoreException>(() => bench.Store.Quarantine(GatewayName, "x", ReadOnlyMemory<byte>.Empty));
        Assert.Equal(StoreException.TryLater, e.ExitCode);
    }

            private static void ReadUntil(StoreBench bench, List<string> faults, CancellationToken token)
            {
                int least = 2;
                while (!token.IsCancellationRequested)
                {
                    string? fault;
                    try
                    {
                        fault = FindFault(bench.All(), ref least);
                    }
    #pragma warning disable CA1031 // The outermost loop of a thread: a failure to read is a fault like any other, told by the test.
                    catch (Exception e)
    #pragma warning restore CA1031
                    {
                        fault = e.ToString();
                    }

                    if (fault is not null)
                    {
                        lock (faults)
                        {
                            faults.Add(fault);
                        }

                        return;
                    }
                }
            }

            private static string? FindFault(ReadingColumns columns, ref int least)
            {
                int known = least;
                least = columns.Count;
                int wrong = Enumerable.Range(0, columns.Count).FirstOrDefault(index => columns.ScaledValues[index] != index / 2, -1);
                return columns.Count % 2 == 0 && columns.Count >= known && wrong < 0
                    ? null
                    : $"{columns.Count} readings after {known}, first wrong one at {wrong}";
            }

    private static void AssertRefused(string path, int exitCode, string part)
    {
        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Open(path, TimeProvider.System));
        Assert.Equal(exitCode, e.ExitCode);
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(SqliteStore store, Dictionary<(int Channel, long Instant), Reading> model, int channel, long from, long to, int seed)
    {
        Reading[] expected = [.. model.Values.Where(reading => reading.ChannelIndex == channel && reading.UtcMilliseconds >= from && reading.UtcMilliseconds < to).OrderBy(reading => reading.UtcMilliseconds)];
        if (store.FindChannel(GatewayName, Channels[channel].Id) is null)
        {
            Assert.Empty(expected);
            return;
        }

        ReadingColumns columns = store.Read(GatewayName, Channels[channel].Id, from, to);
        Reading[] actual = [.. Enumerable.Range(0, columns.Count).Select(index => new Reading(columns.UtcMilliseconds[index], columns.ScaledValues[index], channel, columns.Qualities[index], columns.HasValues[index]))];
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"seed {seed}, channel {channel}, from {from} to {to}: {expected.Length} expected, {actual.Length} found");
    }

    /// <summary>Keeps the store's timer and fires it when told.</summary>
    private sealed class TimerTrap : TimeProvider
    {
        private Action _fire = () => { };

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Fire() => _fire();
    }
}
