using Metering.Readings;
using Metering.Store;
using Metering.Store.Chunks;
using Metering.Store.Maintenance;
using Metering.Store.Rollups;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;
using static Metering.Tests.Store.StoreBench;

namespace Metering.Tests.Store;

public sealed class StoreMaintenanceTests
{
    private static readonly TimeZoneInfo MexicoCity = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");
    private static readonly StoreProgress Silent = (_, _, _) => { };

    [Theory]
    [InlineData("UPDATE chunk SET data=substr(data, 1, 9) || CASE substr(data, 10, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr(data, 11) WHERE id=(SELECT min(id) FROM chunk)", "the chunk does not fit its check sum")]
    [InlineData("DELETE FROM chunk WHERE id=(SELECT min(id) FROM chunk)", "the chunk is missing")]
    [InlineData("UPDATE journal SET envelope=substr(envelope, 1, 40) || CASE substr(envelope, 41, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr(envelope, 42) WHERE sequence=3", "cannot be opened")]
    [InlineData("UPDATE journal SET envelope=x'' WHERE sequence=3", "no record says that they were dropped")]
    [InlineData("UPDATE journal SET batch=99 WHERE sequence=12", "says something else than its manifest")]
    [InlineData("DELETE FROM journal WHERE sequence=5", "comes after batch 4")]
    [InlineData("UPDATE enrolment SET public_key=(SELECT '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n')", "is not signed by the enrolled key")]
    public async Task Verification_names_what_was_altered(string damage, string difference)
    {
        using StoreBench bench = await FilledAsync();
        _ = bench.Store.File.Write(session => session.Execute(damage));
        VerificationReport report = bench.Store.Verify(Silent, CancellationToken.None);
        Assert.Contains(report.Differences, found => found.Contains(difference, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chunk_of_other_readings_is_found_though_its_check_sum_fits()
    {
        using StoreBench bench = await FilledAsync();
        _ = bench.Store.File.Write(session =>
        {
            long id = session.Scalar("SELECT min(id) FROM chunk");
            Columns forged = new(1);
            forged.UtcMilliseconds[0] = ChunkCodec.DayOf(id) * ChunkCodec.MillisecondsPerDay;
            forged.HasValues[0] = true;
            ChunkTable.Put(session, id, forged);
            return true;
        });
        VerificationReport report = bench.Store.Verify(Silent, CancellationToken.None);
        Assert.Contains("the chunk is not what the journal gives", Assert.Single(report.Differences), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_waits_for_its_turn_is_in_a_backup_and_goes_into_the_chain_of_the_restored_store()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start, 1));
        byte[] second = bench.Next([Good(Start + 1, 2)]);
        byte[] third = bench.Next([Good(Start + 2, 3)]);
        Assert.Equal(AppendOutcome.Early, await bench.AppendAsync(third));
        BackupReport backup = bench.Store.Backup(Path.Combine(bench.Folder, "backups"), 0, Silent, CancellationToken.None);
        bench.Store.Dispose();
        _ = SqliteStore.Restore(backup.File, bench.Path, mayLoseBatches: false, TimeProvider.System, (Silent, CancellationToken.None));
        bench.Reopen();
        Assert.Equal([3], bench.Store.Standing(GatewayName, 1).Early);
        Assert.Equal(3, Assert.Single(bench.Store.NewestEarly(null)).Reading.ScaledValue);
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(second));
        Assert.Equal([1, 2, 3], bench.All().ScaledValues);
    }

    [Fact]
    public async Task A_waiting_batch_that_the_disk_damaged_is_set_aside_and_can_be_sent_again()
    {
        using StoreBench bench = new();
        byte[] first = bench.Next([Good(Start, 1)]);
        byte[] second = bench.Next([Good(Start + 1, 2)]);
        _ = await bench.AppendAsync(second);
        _ = bench.Store.File.Write(session => session.Execute("UPDATE waiting SET envelope=substr(envelope, 1, 40) || x'0000' || substr(envelope, 43)"));
        Assert.Empty(bench.Store.NewestEarly(null));
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(first));
        Assert.Empty(bench.Store.Standing(GatewayName, 1).Early);
        Assert.Contains("damaged on the disk", Assert.Single(bench.Store.Quarantined(0, 10, null)).Reason, StringComparison.Ordinal);
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(second));
        Assert.Equal([1, 2], bench.All().ScaledValues);
    }

    [Fact]
    public async Task A_rebuilt_store_has_the_same_bytes_however_it_was_sealed()
    {
        using StoreBench bench = await FilledAsync();
        _ = await bench.AppendAsync(Good(Start + 17, 5), Good(Start + (20 * Day), 7), Reading.Missing(Start + (20 * Day) + 1, 0, QualityReason.Crc));
        await bench.Store.SealAsync();
        List<(long, long, byte[])> before = Chunks(bench.Store);
        StoredChannel channel = bench.Store.Channels()[0];
        string version = bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        bench.Store.Dispose();
        long made = SqliteStore.Rebuild(bench.Path, Silent, CancellationToken.None);
        bench.Reopen();
        Assert.Equal(before.Count, made);
        Assert.Equal(before, Chunks(bench.Store), (left, right) => (left.Item1, left.Item2) == (right.Item1, right.Item2) && left.Item3.AsSpan().SequenceEqual(right.Item3));
        Assert.Equal(channel, bench.Store.Channels()[0]);
        Assert.Equal(version, bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue));
        Assert.Equal(0, bench.Store.Info().Rollups);
    }

    [Fact]
    public async Task Rebuilding_heals_whatever_was_done_to_chunks()
    {
        using StoreBench bench = await FilledAsync();
        List<(long Id, long Version, byte[] Data)> before = Chunks(bench.Store);
        _ = bench.Store.File.Write(session => session.Execute("UPDATE chunk SET id=id+4000, count=3, version=1 WHERE id % 3 = 0"));
        bench.Store.Dispose();
        _ = SqliteStore.Rebuild(bench.Path, Silent, CancellationToken.None);
        bench.Reopen();
        Assert.Equal(before.Select(chunk => chunk.Id), Chunks(bench.Store).Select(chunk => chunk.Item1));
        Assert.Empty(bench.Store.Verify(Silent, CancellationToken.None).Differences);
    }

    [Fact]
    public async Task A_store_that_takes_batches_cannot_be_rebuilt_or_replaced()
    {
        using StoreBench bench = await FilledAsync();
        Assert.Equal(StoreException.TryLater, Assert.Throws<StoreException>(() => SqliteStore.Rebuild(bench.Path, Silent, CancellationToken.None)).ExitCode);
        BackupReport backup = bench.Store.Backup(Path.Combine(bench.Folder, "backups"), 0, Silent, CancellationToken.None);
        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Restore(backup.File, bench.Path, false, TimeProvider.System, (Silent, CancellationToken.None)));
        Assert.Equal(StoreException.TryLater, e.ExitCode);
    }

    [Fact]
    public async Task A_backup_of_a_running_store_restores_to_the_same_readings_and_takes_the_next_batch()
    {
        using StoreBench bench = await FilledAsync();
        _ = await bench.AppendAsync(Good(Start + 17, 5));
        string version = bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue);
        BackupReport backup = bench.Store.Backup(Path.Combine(bench.Folder, "backups"), 0, Silent, CancellationToken.None);
        Assert.Equal(13, backup.Verification.Batches);
        string path = Path.Combine(bench.Folder, "restored.db");
        _ = SqliteStore.Restore(backup.File, path, false, TimeProvider.System, (Silent, CancellationToken.None));
        using SqliteStore restored = SqliteStore.Open(path, TimeProvider.System);
        Assert.Equal(version, restored.VersionOf(GatewayName, Energy, 0, long.MaxValue));
        byte[] next = bench.Next([Good(Start + 18, 6)]);
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(next));
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(next, restored));
    }

    [Fact]
    public async Task A_store_with_newer_batches_is_replaced_only_when_told_and_kept_aside()
    {
        using StoreBench bench = await FilledAsync();
        BackupReport backup = bench.Store.Backup(Path.Combine(bench.Folder, "backups"), 0, Silent, CancellationToken.None);
        byte[] newer = bench.Next([Good(Start + 17, 5)]);
        _ = await bench.AppendAsync(newer);
        bench.Store.Dispose();
        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Restore(backup.File, bench.Path, false, TimeProvider.System, (Silent, CancellationToken.None)));
        Assert.Contains("is at batch 13 in key epoch 1, in the backup at 12", e.Message, StringComparison.Ordinal);
        bench.Reopen();
        Assert.Equal(13, bench.Store.Head(GatewayName, 1).Through);
        bench.Store.Dispose();
        BackupReport restored = SqliteStore.Restore(backup.File, bench.Path, true, TimeProvider.System, (Silent, CancellationToken.None));
        bench.Reopen();
        Assert.Equal(12, bench.Store.Head(GatewayName, 1).Through);

        // What the gateway does next: it learns of the lower head and sends the missing batch again.
        Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(newer));
        using SqliteStore aside = SqliteStore.Open(restored.Replaced!, TimeProvider.System);
        Assert.Equal(bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue), aside.VersionOf(GatewayName, Energy, 0, long.MaxValue));
    }

    [Fact]
    public async Task A_damaged_backup_is_refused_and_the_store_left_alone()
    {
        using StoreBench bench = await FilledAsync();
        BackupReport backup = bench.Store.Backup(Path.Combine(bench.Folder, "backups"), 0, Silent, CancellationToken.None);
        using (FileStream stream = new(backup.File, FileMode.Open))
        {
            stream.Position = stream.Length / 2;
            stream.Write(new byte[8_192]);
        }

        bench.Store.Dispose();
        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Restore(backup.File, bench.Path, true, TimeProvider.System, (Silent, CancellationToken.None)));
        Assert.Equal(StoreException.InputOutput, e.ExitCode);
        bench.Reopen();
        Assert.Equal(12, bench.Store.Head(GatewayName, 1).Through);
    }

    [Fact]
    public async Task Only_as_many_backups_stay_as_asked_for()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start, 1));
        string folder = Path.Combine(bench.Folder, "backups");
        for (int day = 1; day <= 4; day++)
        {
            ManualClock clock = new(DateTimeOffset.FromUnixTimeMilliseconds(Start + (day * Day)));
            bench.Store.Dispose();
            using SqliteStore store = SqliteStore.Open(bench.Path, clock);
            _ = store.Backup(folder, 2, Silent, CancellationToken.None);
        }

        Assert.Equal(["metering-20240104T000000Z.db", "metering-20240105T000000Z.db"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Pruning_keeps_what_a_project_needs_says_what_is_gone_and_still_verifies()
    {
        using StoreBench bench = await FilledAsync();
        PruneRequest request = new(Start + (90 * Day), [new(GatewayName, Energy, Start + (30 * Day), Start + (60 * Day))], ThinJournal: true);
        long chunks = bench.Store.Info().Chunks;
        PruneReport wouldGo = bench.Store.Prune(request, isDryRun: true);
        Assert.Equal(chunks, bench.Store.Info().Chunks);
        PruneReport gone = bench.Store.Prune(request, isDryRun: false);
        Assert.Equal((wouldGo.Batches, wouldGo.BatchLength), (gone.Batches, gone.BatchLength));
        Assert.Equal(60, Assert.Single(gone.Channels).Days);
        Assert.Equal(6, gone.Batches);
        Assert.Equal(chunks - 60, bench.Store.Info().Chunks);

        ReadingColumns all = bench.All();
        Assert.Equal([new(Start, Start + (30 * Day)), new(Start + (60 * Day), Start + (90 * Day))], all.Pruned);
        Assert.Equal(60 * 96, all.Count);
        Assert.Equal(60 * 96, bench.Store.Channels()[0].Count);
        Assert.Empty(bench.Store.Read(GatewayName, Energy, Start + (35 * Day), Start + (40 * Day)).Pruned);
        Assert.Equal(2, bench.Store.ReadIntervals(Days()).Pruned.Count);
        VerificationReport report = bench.Store.Verify(Silent, CancellationToken.None);
        Assert.Empty(report.Differences);
        Assert.Equal((6, 6, 60), (report.ThinnedBatches, report.Batches, report.PrunedDays));

        // A late reading of a dropped day stays in the journal; a rebuild brings nothing back.
        _ = await bench.AppendAsync(Good(Start + 17, 5));
        await bench.Store.SealAsync();
        bench.Store.Dispose();
        _ = SqliteStore.Rebuild(bench.Path, Silent, CancellationToken.None);
        bench.Reopen();
        Assert.Equal(60 * 96, bench.All().Count);
        Assert.Empty(bench.Store.Verify(Silent, CancellationToken.None).Differences);
        Assert.Equal((1, 0), (bench.Store.Prune(request, isDryRun: false).Batches, bench.Store.Prune(request, isDryRun: false).Batches));
        Assert.Equal(6, bench.Store.Journal(0, 100).Count);
        Assert.Equal(13, bench.Store.Head(GatewayName, 1).Through);
    }

    [Fact]
    public async Task Without_thinning_pruned_readings_stay_in_the_journal()
    {
        using StoreBench bench = await FilledAsync();
        _ = bench.Store.Prune(new(Start + (90 * Day), [], ThinJournal: false), isDryRun: false);
        Assert.Equal(30 * 96, bench.All().Count);
        Assert.Equal(12, bench.Store.Journal(0, 100).Count);
        Assert.Empty(bench.Store.Verify(Silent, CancellationToken.None).Differences);
    }

    [Fact]
    public async Task A_version_is_taken_from_readings_only_once_while_nothing_changes()
    {
        using StoreBench bench = await FilledAsync();
        VersionReader versions = new(bench.Store.Reader.SealedDays, bench.Store.Reader.Read);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(bench.Store.VersionOf(GatewayName, Energy, 0, long.MaxValue), versions.Of(GatewayName, Energy, 0, long.MaxValue));
        }

        Assert.Equal(1, versions.ComputedCount);
        Assert.Null(versions.Of(GatewayName, "unknown", 0, 1));
    }

    [Fact]
    public async Task The_log_is_brought_into_the_file_by_the_process_that_appends_and_by_no_other()
    {
        using StoreBench bench = await FilledAsync();
        using (SqliteStore other = SqliteStore.Open(bench.Path, TimeProvider.System))
        {
            Assert.Equal(0, other.File.Read(session => session.Scalar("PRAGMA wal_autocheckpoint")));
            Assert.Equal(0, other.File.Write(session => session.Scalar("PRAGMA wal_autocheckpoint")));
        }

        bench.Store.File.Checkpoint(isIdle: true);
        Assert.Equal(0, bench.Store.WriteAheadLogLength);
        _ = await bench.AppendAsync(Good(Start + 17, 5));
        Assert.True(bench.Store.WriteAheadLogLength > 0);
        Assert.Equal((12 * 960) + 1, bench.All().Count);
    }

    private static IntervalRequest Days() => new() { Gateway = GatewayName, Channel = Energy, Step = RollupStep.Day, Zone = MexicoCity };

    private static async Task<StoreBench> FilledAsync()
    {
        StoreBench bench = new();
        for (int batch = 0; batch < 12; batch++)
        {
            _ = await bench.AppendAsync([.. Enumerable.Range(batch * 960, 960).Select(slot => Good(Start + (slot * 900_000L), slot * 11L))]);
            if (batch % 5 == 2)
            {
                await bench.Store.SealAsync();
            }
        }

        await bench.Store.SealAsync();
        _ = bench.Store.ReadIntervals(Days());
        _ = bench.Store.ReadIntervals(Days() with { Step = RollupStep.QuarterHour });
        return bench;
    }

    private static List<(long, long, byte[])> Chunks(SqliteStore store) => store.File.Read(session =>
    {
        List<(long, long, byte[])> chunks = [];
        using SqliteDataReader reader = session.Query("SELECT id, version, data FROM chunk ORDER BY id");
        while (reader.Read())
        {
            chunks.Add((reader.GetInt64(0), reader.GetInt64(1), SqliteSession.Blob(reader, 2).ToArray()));
        }

        return chunks;
    });

    private sealed class ManualClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
