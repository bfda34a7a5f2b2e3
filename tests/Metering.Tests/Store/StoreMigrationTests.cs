using Metering.Store;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;
using static Metering.Tests.Store.StoreBench;

namespace Metering.Tests.Store;

public sealed class StoreMigrationTests
{
    /// <summary>The schema as the first release wrote it: files like this are in the field, so it is not taken from the program.</summary>
    private const string VersionOne = """
        CREATE TABLE enrolment(gateway TEXT NOT NULL, epoch INTEGER NOT NULL, plant TEXT NOT NULL, public_key TEXT NOT NULL, PRIMARY KEY(gateway, epoch));
        CREATE TABLE journal(sequence INTEGER PRIMARY KEY, gateway TEXT NOT NULL, epoch INTEGER NOT NULL, batch INTEGER NOT NULL,
            note_hash BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, envelope BLOB NOT NULL);
        CREATE UNIQUE INDEX journal_batch ON journal(gateway, epoch, batch);
        CREATE TABLE channel(id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, name TEXT NOT NULL, meter TEXT NOT NULL, unit TEXT NOT NULL,
            kind INTEGER NOT NULL, decimals INTEGER NOT NULL, modulus INTEGER, profile TEXT NOT NULL,
            count INTEGER NOT NULL DEFAULT 0, first INTEGER, last INTEGER, UNIQUE(gateway, name));
        CREATE TABLE chunk(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE quarantine(id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, reason TEXT NOT NULL, received INTEGER NOT NULL, length INTEGER NOT NULL, bytes BLOB);
        CREATE TABLE watermark(name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE dead_letter(id INTEGER PRIMARY KEY, target TEXT NOT NULL, received INTEGER NOT NULL, reason TEXT NOT NULL, line TEXT NOT NULL);
        PRAGMA application_id=0x4D545231;
        PRAGMA user_version=1;
        """;

    [Fact]
    public async Task A_store_of_the_first_version_opens_with_all_it_holds()
    {
        using StoreBench bench = new();
        _ = await bench.AppendAsync(Good(Start, 10), Good(Start + Day, 20));
        await bench.Store.SealAsync();
        _ = await bench.AppendAsync(Good(Start + Day, 21));
        bench.Store.Dispose();
        string old = Path.Combine(bench.Folder, "old.db");
        Run(old, VersionOne);
        Run(old, $"ATTACH '{bench.Path}' AS source; INSERT INTO enrolment SELECT gateway, epoch, plant, public_key FROM source.enrolment; "
            + "INSERT INTO journal SELECT sequence, gateway, epoch, batch, note_hash, first, last, envelope FROM source.journal; "
            + string.Concat(new[] { "channel", "chunk", "watermark" }.Select(table => $"INSERT INTO {table} SELECT * FROM source.{table}; ")));

        using (SqliteStore migrated = SqliteStore.Open(old, TimeProvider.System))
        {
            Assert.Equal([10, 21], migrated.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
            Assert.Equal(2, migrated.LastSequence);
            Assert.Null(Assert.Single(migrated.BatchesAt(GatewayName, Start + Day, 1)).ReceivedUtcMilliseconds); // it was not noted then
            Assert.Equal(AppendOutcome.Stored, await bench.AppendAsync(bench.Next([Good(Start + 5, 12)]), migrated));
            Assert.NotNull(migrated.BatchesAt(GatewayName, Start + 5, 1)[0].ReceivedUtcMilliseconds);
            Assert.True(migrated.KeepBirth(GatewayName, "c", "s", "{}"u8.ToArray()));
            await migrated.SealAsync();
        }

        using SqliteStore again = SqliteStore.Open(old, TimeProvider.System);
        Assert.Equal([10, 12, 21], again.Read(GatewayName, Energy, 0, long.MaxValue).ScaledValues);
        Assert.Equal(SqliteMigrations.Newest, again.File.Read(session => session.Scalar("PRAGMA user_version")));
    }

    [Fact]
    public void A_migrated_store_has_the_schema_of_a_new_one()
    {
        using StoreBench bench = new();
        string old = Path.Combine(bench.Folder, "old.db");
        Run(old, VersionOne);
        using SqliteStore migrated = SqliteStore.Open(old, TimeProvider.System);
        Assert.Equal(Schema(bench.Store), Schema(migrated));

        static List<string> Schema(SqliteStore store) => store.File.Read(session =>
        {
            List<string> statements = [];
            using SqliteDataReader reader = session.Query("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name");
            while (reader.Read())
            {
                statements.Add(reader.GetString(0));
            }

            return statements;
        });
    }

    [Fact]
    public void A_store_of_a_newer_program_is_refused_and_left_as_it_is()
    {
        using StoreBench bench = new();
        bench.Store.Dispose();
        long newer = SqliteMigrations.Newest + 1;
        Run(bench.Path, $"PRAGMA user_version={newer}");
        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Open(bench.Path, TimeProvider.System));
        Assert.Equal(StoreException.Configuration, e.ExitCode);
        Assert.Contains($"version {newer}", e.Message, StringComparison.Ordinal);
    }

    private static void Run(string path, string sql)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        _ = command.ExecuteNonQuery();
    }
}
