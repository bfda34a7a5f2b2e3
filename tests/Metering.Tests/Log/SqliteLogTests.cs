using System.Security.Cryptography;
using System.Text;
using Metering.Evidence.Log;
using Metering.Programme.Kinds;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Metering.Tests.Store;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Metering.Tests.Log;

/// <summary>The log in a SQLite file.</summary>
public sealed class SqliteLogTests : EvidenceLogConformance
{
    private readonly TemporaryFolder folder = new();

    private string DatabaseFile => folder.Combine("programme.db");

    [Fact]
    public void A_database_of_the_form_before_gets_the_logs_tables_and_keeps_what_it_has()
    {
        RecordStore register = new(Open(), TimeProvider.System);
        _ = register.Save([new(new Organisation { Id = "a", Name = "Uno" }, 0)], Actor.System, null);
        Execute("DROP TABLE log_entry");
        Execute("DROP TABLE log_checkpoint");
        Execute("DROP TABLE log_watermark");
        Execute("DROP TABLE log_key");
        Execute("DROP TABLE log_time_stamp");
        Execute("UPDATE \"ProgrammeSchema\" SET \"Version\"=1");
        Assert.Equal([0L], Another().Append([new(LogEntryKind.Edit, "programme", true, "x"u8.ToArray())]));
        Assert.NotNull(new RecordStore(Open(), TimeProvider.System).Snapshot.Find<Organisation>("a"));
        Assert.Equal((long)ProgrammeDatabase.SchemaVersion, Ask("SELECT sum(\"Version\") FROM \"ProgrammeSchema\""));
    }

    /// <summary>What a process that is killed leaves are its files of one moment; the follower that goes on from them makes the rest, and nothing twice.</summary>
    [Fact]
    public async Task A_follower_that_is_killed_while_it_appends_leaves_no_hole_and_nothing_twice()
    {
        const int Copies = 10;
        EvidenceLog working = Another();
        using CancellationTokenSource stop = new();
        Task follower = Task.Factory.StartNew(() => Follow(working, int.MaxValue, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        List<string> copies = [];
        for (long last = 0; copies.Count < Copies;)
        {
            long now = Another().Watermark("journal").Value;
            if (now > last)
            {
                last = now;
                copies.Add(KilledStore.Copy(DatabaseFile, Directory.CreateDirectory(folder.Combine($"killed-{copies.Count}")).FullName));
            }
        }

        await stop.CancelAsync();
        await follower;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (string copy in copies)
        {
            EvidenceLog left = new(ProgrammeDatabase.Open(StoreLocation.AtFile(copy)), "cloud-1", TimeProvider.System);
            Assert.Equal(left.Count, left.Watermark("journal").Value);
            int through = (int)left.Count + 55;
            Follow(left, through, CancellationToken.None);
            LogReport report = left.Verify(key, CancellationToken.None);
            Assert.Equal((through, 0), (report.Entries, report.FaultCount));
            Assert.Equal(Enumerable.Range(1, through).Select(number => $"batch/leon/1/{number}"), left.Read(0, through + 1).Select(entry => entry.Entry.Subject));
        }
    }

    [Fact]
    public void Of_a_person_who_is_erased_no_byte_stays_in_the_file_and_the_log_verifies()
    {
        RecordStore register = new(Open(), TimeProvider.System);
        Actor actor = new("luis", "Luis Vega");
        Organisation ana = new() { Id = "org-7", Name = "Persona Zutana Quetzalcoatl" };
        _ = register.Save([new(ana, 0)], actor, null);
        _ = register.Save([new(ana with { Name = "Persona Zutana Quetzalcoatl, viuda" }, 1)], actor, "boda de Zutana Quetzalcoatl");
        _ = register.Withdraw(new("organisation", "org-7"), 2, actor, "lo pidió");
        EvidenceLog log = Another();
        _ = log.Append([.. Enumerable.Range(1, 3).Select(number => new LogDraft(LogEntryKind.Edit, "programme", true, Encoding.UTF8.GetBytes($"Zutana Quetzalcoatl {number}")) { Source = $"audit {number}" })]);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] root = log.WithTree(tree => tree.Root(3));
        Assert.True(Holds("Quetzalcoatl"));
        for (int index = 0; index < 3; index++)
        {
            _ = log.Erase(index, "derecho de cancelación");
        }

        Assert.False(Holds("Quetzalcoatl"));
        Assert.Equal(root, Another().WithTree(tree => tree.Root(3)));
        Assert.Equal((6, 3, 0), Another().Verify(key, CancellationToken.None) is { } report ? (report.Entries, report.Erased, report.FaultCount) : default);
        Assert.Null(new RecordStore(Open(), TimeProvider.System).Snapshot.Version(new("organisation", "org-7")));
    }

    private protected override ProgrammeDatabase Open() => ProgrammeDatabase.Open(StoreLocation.AtFile(DatabaseFile));

    private protected override string Table(string name) => name;

    private protected override void Execute(string sql) => _ = Ask(sql);

    protected override void Dispose(bool disposing)
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
        base.Dispose(disposing);
    }

    private static void Follow(EvidenceLog log, int through, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && log.Watermark("journal") is { } place && place.Value < through)
        {
            long to = Math.Min(through, place.Value + 10);
            LogDraft[] drafts = [.. Enumerable.Range((int)place.Value + 1, (int)(to - place.Value)).Select(number => LogDraft.Batch("leon", 1, number, Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)))))];
            _ = log.Append(drafts, (place, place with { Value = to }));
        }
    }

    private bool Holds(string text) => Directory.GetFiles(folder.Path, "programme.db*")
        .Any(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(text, StringComparison.Ordinal));

    private long Ask(string sql)
    {
        using SqliteConnection connection = new($"Data Source={DatabaseFile};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long value ? value : 0;
    }
}
