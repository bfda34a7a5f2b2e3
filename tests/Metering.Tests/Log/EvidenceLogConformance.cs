using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Log;
using Metering.Programme.Kinds;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Log;

/// <summary>What the log promises in every database.</summary>
public abstract class EvidenceLogConformance : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 6, 30, 18, 0, 0, TimeSpan.Zero);
    private readonly ManualTimeProvider clock = new(Start);
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private EvidenceLog? log;

    private EvidenceLog Log => log ??= Another();

    [StoreFact]
    public void Entries_come_back_as_they_were_appended_and_the_tree_is_theirs()
    {
        Assert.Equal([0L, 1L, 2L], Log.Append([Plan("drives", "a"), LogDraft.Batch("leon", 1, 1, new('a', 64)), Plan("drives", "b")]));
        LoggedEntry plan = Log.Find(2)!;
        Assert.Equal(new LogEntry(LogEntryKind.Plan, Start.ToUnixTimeMilliseconds(), "plan/drives/2", LogEntry.HashOf(plan.Salt.Span, "b"u8)), plan.Entry);
        Assert.Equal(LogEntry.SaltLength, plan.Salt.Length);
        Assert.Equal("b"u8.ToArray(), plan.Body!.Value.ToArray());
        LoggedEntry batch = Log.Find(1)!;
        Assert.Equal(("batch/leon/1/1", new string('a', 64)), (batch.Entry.Subject, batch.Entry.BodyHash));
        Assert.True(batch is { Body: null, IsErased: false, Salt.IsEmpty: true });
        Assert.Equal(3, Log.Count);
        Assert.Null(Log.Find(3));
        Assert.Equal(2, Log.Newest(LogEntryKind.Plan, "drives")!.Index);
        Assert.Equal([0L, 2L], Log.WithSubject("plan/drives").Select(entry => entry.Index));
        Assert.Empty(Log.WithSubject("plan/drive"));
        Assert.Equal([1L], Log.WithSubject("batch/leon/1/1").Select(entry => entry.Index));

        MerkleTree expected = new();
        Assert.All(Another().Read(0, 10), entry => expected.Append(entry.Entry.ToBytes()));
        Assert.Equal(expected.Root(3), Another().WithTree(tree => tree.Root(3)));
        Assert.Equal(expected.Root(3), Log.WithTree(tree => tree.Root(3)));
    }

    [StoreFact]
    public void The_same_source_subject_and_unchanged_body_give_one_entry()
    {
        LogDraft audit = new(LogEntryKind.Edit, "leon", true, "1"u8.ToArray()) { Source = "audit 1" };
        LogDraft sameBody = new(LogEntryKind.Plan, "drives", true, "plan"u8.ToArray()) { OnlyIfChanged = true };
        LogDraft batch = LogDraft.Batch("leon", 1, 1, new('a', 64));
        Assert.Equal([0L, 0L, 1L, 1L, 2L, 2L], Log.Append([audit, audit, sameBody, sameBody, batch, batch]));
        Assert.Equal([0L, 1L, 2L], Another().Append([audit, sameBody, batch]));
        Assert.Equal([3L], Log.Append([sameBody with { Body = "other"u8.ToArray() }]));
        Assert.Equal([4L], Log.Append([sameBody])); // it changed back, which is a change

        // Another body under the same subject is a contradiction that must stay to be seen.
        Assert.Equal([5L], Log.Append([LogDraft.Batch("leon", 1, 1, new('b', 64))]));
        Assert.Equal([2L, 5L], Log.WithSubject("batch/leon/1/1").Select(entry => entry.Index));
        Assert.Empty(Log.Verify(key, CancellationToken.None).Faults);
    }

    [StoreFact]
    public void A_watermark_moves_with_its_entries_or_neither_does()
    {
        LogWatermark none = Log.Watermark("journal");
        Assert.Equal(new LogWatermark("journal", 0, ""), none);
        LogWatermark next = new("journal", 1, "a");
        Assert.Equal([0L], Log.Append([LogDraft.Batch("leon", 1, 1, new('a', 64))], (none, next)));
        Assert.Equal(next, Another().Watermark("journal"));
        Assert.Null(Another().Append([LogDraft.Batch("leon", 1, 2, new('b', 64))], (none, new("journal", 2, "b"))));
        Assert.Equal(1, Log.Count);

        // A draft that cannot be written takes everything back.
        _ = Assert.Throws<WireFormatException>(() => Log.Append([Plan("drives", "a"), Plan("no scope", "b")], (next, new("journal", 3, "c"))));
        Assert.Equal((1, next), (Log.Count, Log.Watermark("journal")));
    }

    [StoreFact]
    public void The_logs_clock_never_goes_back()
    {
        _ = Log.Append([Plan("a", "1")]);
        EvidenceLog behind = new(Open(), "cloud-1", new ManualTimeProvider(Start.AddHours(-1)));
        _ = behind.Append([Plan("a", "2")]);
        Assert.Equal(Log.Find(0)!.Entry.UtcMilliseconds, Log.Find(1)!.Entry.UtcMilliseconds);
        Assert.Equal(Start.ToUnixTimeMilliseconds(), Checkpoint.Open(behind.SignCheckpoint(key), key).UtcMilliseconds);
    }

    [StoreFact]
    public void A_checkpoint_is_signed_once_for_each_size_and_every_later_one_continues_it()
    {
        Assert.Equal(StoreException.Unavailable, Assert.Throws<StoreException>(() => Log.SignCheckpoint(key)).ExitCode);
        Assert.Null(Log.NewestCheckpoint);
        List<Checkpoint> signed = [];
        for (int number = 1; number <= 20; number++)
        {
            _ = Log.Append([Plan("drives", $"{number}")]);
            byte[] note = Another().SignCheckpoint(key);
            Assert.Equal(note, Log.SignCheckpoint(key));
            Assert.Equal(note, Log.NewestCheckpoint);
            signed.Add(Checkpoint.Open(note, key));
        }

        Assert.All(signed.Zip(signed.Skip(1)), pair => Assert.True(MerkleProof.VerifyConsistency(
            pair.First.Size, pair.First.Root.Span, pair.Second.Size, pair.Second.Root.Span, Log.WithTree(tree => tree.ConsistencyProof(pair.First.Size, pair.Second.Size)))));
        LogReport report = Log.Verify(key, CancellationToken.None);
        Assert.Equal((20, 20, 0), (report.Entries, report.Checkpoints, report.FaultCount));
        Assert.Equal(signed[^1].Root.ToArray(), report.Root.ToArray());

        // A new key of the cloud signs for itself, over the entry that tells of it.
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(21, Checkpoint.Open(Log.SignCheckpoint(next), next).Size);
    }

    [StoreFact]
    public void Many_processes_append_without_a_hole_and_follow_every_number_once()
    {
        const int Processes = 4;
        const int Rounds = 25;
        Parallel.For(0, Processes, process =>
        {
            EvidenceLog own = Another();
            for (int done = 0; done < Rounds;)
            {
                LogWatermark place = own.Watermark("audit");
                LogDraft draft = Plan("shared", $"{process} {done}") with { Source = $"audit {place.Value + 1}" };
                done += own.Append([draft, Plan($"own-{process}", $"{done}")], (place, place with { Value = place.Value + 1 })) is null ? 0 : 1;
            }
        });
        Assert.Equal(2 * Processes * Rounds, Log.Count);
        Assert.Equal(Processes * Rounds, Log.Watermark("audit").Value);
        Assert.Equal(Enumerable.Range(1, Processes * Rounds).Select(number => $"plan/shared/{number}"), Log.WithSubject("plan/shared").Select(entry => entry.Entry.Subject));
        Assert.Empty(Log.Verify(key, CancellationToken.None).Faults);
    }

    [StoreFact]
    public void A_year_of_batches_is_appended_at_once()
    {
        const int Batches = 35_040;
        LogDraft[] drafts = [.. Enumerable.Range(1, Batches).Select(number => LogDraft.Batch("leon", 1, number, Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)))))];
        _ = Log.Count;
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(Batches - 1, Log.Append(drafts)[^1]);
        TimeSpan took = Stopwatch.GetElapsedTime(started);

        // Some 0.6 s in SQLite and 1.5 s in PostgreSQL; one journey to the server a row would take minutes on a machine that is busy with other tests.
        Assert.True(took < TimeSpan.FromSeconds(20), $"{took.TotalSeconds} s");
        Assert.Equal(0, Log.Append(drafts)[0]);
        Assert.Equal(Batches, Log.Count);
        Console.WriteLine($"{GetType().Name}: {Batches} batches in {took.TotalSeconds:0.00} s");
    }

    [StoreFact]
    public void What_somebody_changes_in_the_tables_is_found()
    {
        string table = Table("log_entry");
        _ = Log.Append([Plan("a", "1"), Plan("a", "2"), Plan("a", "3"), LogDraft.Batch("leon", 1, 1, new('a', 64))]);
        _ = Log.SignCheckpoint(key);
        foreach (string change in (string[])
            [
                $"UPDATE {table} SET at=at+1 WHERE idx=1",
                $"UPDATE {table} SET subject='plan/a/7' WHERE idx=1",
                $"UPDATE {table} SET body=salt WHERE idx=1",
                $"UPDATE {table} SET body=NULL WHERE idx=1",
                $"UPDATE {table} SET body=NULL, salt=NULL, erased=1 WHERE idx=1",
                $"UPDATE {table} SET body_hash=leaf_hash WHERE idx=3",
                $"UPDATE {table} SET leaf_hash=body_hash WHERE idx=3",
                $"UPDATE {table} SET kind='edit' WHERE idx=2",
                $"DELETE FROM {table} WHERE idx=3",
                $"DELETE FROM {table} WHERE idx=1",
            ])
        {
            Execute($"CREATE TABLE {Table("kept")} AS SELECT * FROM {table}");
            Execute(change);
            Assert.True(Another().Verify(key, CancellationToken.None).FaultCount > 0, change);
            Execute($"DELETE FROM {table}");
            Execute($"INSERT INTO {table} SELECT * FROM {Table("kept")}");
            Execute($"DROP TABLE {Table("kept")}");
            Assert.Equal(0, Another().Verify(key, CancellationToken.None).FaultCount);
        }

        // Whoever writes the end of the log anew, hashes included, is contradicted by the checkpoint.
        Execute($"DELETE FROM {table} WHERE idx=3");
        _ = Assert.Throws<StoreException>(() => Another().SignCheckpoint(key));
        _ = Another().Append([LogDraft.Batch("leon", 1, 1, new('b', 64))]);
        Assert.Contains("not the ones it signed", Assert.Single(Another().Verify(key, CancellationToken.None).Faults).What.In(Metering.Readings.Texts.Language.English), StringComparison.Ordinal);
    }

    [StoreFact]
    public void Checkpoints_of_an_earlier_key_are_no_faults_when_the_change_is_logged()
    {
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _ = Log.Append([Plan("a", "1")]);
        byte[] old = Log.SignCheckpoint(key);
        byte[] now = Another().SignCheckpoint(next);
        Assert.Equal((1, 2), (Checkpoint.Open(old, key).Size, Checkpoint.Open(now, next).Size));
        LogKeyChange change = LogKeyChange.Read(Log.Find(1)!.Body!.Value.Span);
        Assert.Equal(("log-key/cloud-1/1", SigningKey.PublicPem(key), SigningKey.PublicPem(next)), (Log.Find(1)!.Entry.Subject, change.Before, change.After));
        LogReport report = Another().Verify(next, CancellationToken.None);
        Assert.Equal((2, 1, 0), (report.Checkpoints, report.ByEarlierKeys, report.FaultCount));
        Assert.Equal(now, Log.SignCheckpoint(next));

        Assert.NotEqual(0, Another().Verify(stranger, CancellationToken.None).FaultCount);
    }

    [StoreFact]
    public void A_projects_bundles_are_counted_with_their_checkpoints_and_one_made_again_is_the_same()
    {
        _ = Log.Append([Plan("a", "1")]);
        (long number, byte[] first) = Log.BeginBundle("a", key);
        Assert.Equal((1, 1), (number, Checkpoint.Open(first, key).Size));
        Assert.Equal((1, Convert.ToHexString(first)), Another().BeginBundle("a", key) is var again ? (again.Number, Convert.ToHexString(again.Checkpoint)) : default);
        Assert.Equal(2, Log.Count);
        (number, byte[] other) = Log.BeginBundle("b", key);
        Assert.Equal((1, 2), (number, Checkpoint.Read(other).Size));
        (number, byte[] second) = Log.BeginBundle("a", key);
        Assert.Equal((2, 3), (number, Checkpoint.Read(second).Size));
        Assert.Equal([first, second], Log.WithSubject("bundle/a").Select(entry => entry.Body!.Value.ToArray()));
        Assert.Empty(Log.Verify(key, CancellationToken.None).Faults);
        Assert.Null(Log.NewestTimeStamp);
        Assert.True(Log.KeepTimeStamp(second, [1]));
        Assert.True(Another().KeepTimeStamp(second, [2]));
        Assert.False(Log.KeepTimeStamp([7], [1]));
        Assert.Equal(second, Log.NewestTimeStamp!.Value.Note);
        Assert.Equal([2], Log.NewestTimeStamp!.Value.Answer);
    }

    [StoreFact]
    public void A_body_is_erased_once_and_the_log_still_verifies()
    {
        _ = Log.Append([Plan("a", "Ana Pérez"), new(LogEntryKind.Result, "a", false, "{}"u8.ToArray()), LogDraft.Batch("leon", 1, 1, new('a', 64))]);
        byte[] before = Log.SignCheckpoint(key);
        Assert.Equal(3, Log.Erase(0, "asked for"));
        Assert.Equal(3, Log.Erase(0, "asked for again"));
        Assert.True(Log.Find(0) is { IsErased: true, Body: null, Salt.IsEmpty: true });
        Assert.Equal(("erasure/log/1", "{\"index\":0,\"reason\":\"asked for\"}\n"), (Log.Find(3)!.Entry.Subject, Encoding.UTF8.GetString(Log.Find(3)!.Body!.Value.Span)));
        foreach (long index in (long[])[1, 2, 3, 4])
        {
            Assert.Equal(StoreException.BadData, Assert.Throws<StoreException>(() => Log.Erase(index, "asked for")).ExitCode);
        }

        Assert.Equal(4, Log.Count);
        LogReport report = Log.Verify(key, CancellationToken.None);
        Assert.Equal((4, 1, 0), (report.Entries, report.Erased, report.FaultCount));
        Assert.Equal(Checkpoint.Read(before).Root.ToArray(), Log.WithTree(tree => tree.Root(3)));
    }

    [StoreFact]
    public void A_change_that_still_stands_in_the_register_is_not_erased()
    {
        RecordStore register = new(Open(), clock);
        Actor actor = new("luis", "Luis Vega");
        _ = register.Save([new(new Organisation { Id = "ana", Name = "Ana Pérez" }, 0)], actor, null);
        _ = Log.Append([new(LogEntryKind.Edit, "programme", true, "Ana Pérez"u8.ToArray()) { Source = "audit 1" }]);
        Assert.Equal(StoreException.BadData, Assert.Throws<StoreException>(() => Log.Erase(0, "asked for")).ExitCode);
        Assert.False(Log.Find(0)!.IsErased);
        _ = register.Save([new(new Organisation { Id = "ana", Name = "A. P." }, 1)], actor, "asked for");
        _ = Log.Erase(0, "asked for");
        Assert.Equal(["", "A. P."], register.History(new("organisation", "ana")).Select(revision => revision.Fields.FirstOrDefault(field => field.Field.Name == "name")?.After ?? ""));
        Assert.All(register.History(new("organisation", "ana")), revision => Assert.DoesNotContain("Pérez", revision.Entry.Before + revision.Entry.After, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => key.Dispose();

    private protected abstract ProgrammeDatabase Open();

    private protected abstract string Table(string name);

    private protected abstract void Execute(string sql);

    private protected EvidenceLog Another() => new(Open(), "cloud-1", clock);

    private static LogDraft Plan(string scope, string body) => new(LogEntryKind.Plan, scope, true, Encoding.UTF8.GetBytes(body));
}
