using Metering.Store;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;
using static Metering.Tests.Store.StoreBench;

namespace Metering.Tests.Store;

public sealed class StoreFaultTests
{
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

    [Fact]
    public async Task The_copy_that_stands_for_a_kill_is_of_one_moment_also_when_a_checkpoint_comes_between_its_files()
    {
        using StoreBench bench = new();
        for (int batch = 0; batch < 20; batch++)
        {
            _ = await bench.AppendAsync(Good(Start + (batch * 3_600_000L), batch));
            await bench.Store.SealAsync();
            using SqliteStore killed = bench.CopyAsAfterAKill(() => bench.Store.File.Checkpoint(isIdle: true));
            Assert.Null(killed.File.FaultOfPages());
            Assert.Equal(batch + 1, killed.Head(GatewayName, 1).Through);
        }
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

    private static void AssertRefused(string path, int exitCode, string part)
    {
        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Open(path, TimeProvider.System));
        Assert.Equal(exitCode, e.ExitCode);
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
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
