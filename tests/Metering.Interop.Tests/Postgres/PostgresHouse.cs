using Metering.Store;
using Metering.Store.Postgres;
using Metering.Tests.Store;
using Xunit;

namespace Metering.Interop.Tests.Postgres;

/// <summary>One server for all tests that want one, started by the first.</summary>
public sealed class PostgresFixture : IDisposable
{
    private PostgresServer? _server;

    public PostgresServer Server => _server ??= PostgresServer.Start();

    public void Dispose() => _server?.Dispose();
}

/// <summary>The tests that share the server; one after the other, as each begins with an empty database.</summary>
[CollectionDefinition("postgres")]
#pragma warning disable CA1711 // The name xunit wants.
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>;
#pragma warning restore CA1711

/// <summary>An empty schema in the shared server.</summary>
internal sealed class PostgresHouse : IStoreHouse
{
    private readonly PostgresServer _server;
    private readonly List<IReadingStore> _opened = [];

    public PostgresHouse(PostgresServer server)
    {
        // Emptied, which is quicker than made again, unless a test has changed it. One table more than the steps make holds their numbers.
        _server = server;
        int tables = 1 + PostgresSchema.Steps.Sum(step => step.Split("CREATE TABLE").Length - 1);
        server.Execute(
            $"""
            SET client_min_messages=warning;
            DO $$
            DECLARE name text;
            BEGIN
                IF (SELECT count(*) FROM pg_tables WHERE schemaname='metering') <> {tables} THEN
                    DROP SCHEMA IF EXISTS metering CASCADE;
                ELSIF (SELECT max(number) FROM metering.migration) <> {PostgresSchema.Steps.Length} THEN
                    DROP SCHEMA metering CASCADE;
                ELSE
                    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname='metering' AND tablename<>'migration' LOOP
                        EXECUTE format('DELETE FROM metering.%I', name);
                    END LOOP;
                END IF;
            END $$
            """);
    }

    public bool TakesManyWriters => true;

    public IReadingStore Open()
    {
        IReadingStore store = PostgresStore.Open(_server.Address, TimeProvider.System);
        _opened.Add(store);
        return store;
    }

    public IReadingStore Crash(IReadingStore open)
    {
        _server.Kill();
        _server.StartAgain();
        open.Dispose();
        return Open();
    }

    public IReadingStore Abandon(IReadingStore open)
    {
        _server.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='metering'");
        open.Dispose();
        return Open();
    }

    public void Damage(ChunkDamage damage) => _server.Execute(damage switch
    {
        ChunkDamage.Byte => "UPDATE metering.chunk SET data=set_byte(data, 9, 255-get_byte(data, 9))",
        ChunkDamage.Empty => "UPDATE metering.chunk SET data=''",
        ChunkDamage.Exchanged => "UPDATE metering.chunk SET data=(SELECT data FROM metering.chunk ORDER BY id LIMIT 1)",
        ChunkDamage.CountTooHigh => "UPDATE metering.chunk SET count=count+1",
        ChunkDamage.CountZero => "UPDATE metering.chunk SET count=0",
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    public void Damage(RollupDamage damage) => _server.Execute(damage switch
    {
        RollupDamage.Byte => "UPDATE metering.rollup SET data=set_byte(data, 4, 255-get_byte(data, 4))",
        RollupDamage.Empty => "UPDATE metering.rollup SET data=''",
        RollupDamage.Exchanged => "UPDATE metering.rollup SET data=(SELECT data FROM metering.rollup WHERE step=0 ORDER BY period LIMIT 1)",
        RollupDamage.Source => "UPDATE metering.rollup SET source='\\x00'",
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    public string Chunks() => _server.Ask("SELECT string_agg(id || ' ' || version || ' ' || upper(encode(data, 'hex')), ';' ORDER BY id) FROM metering.chunk") ?? "";

    public long Rebuild() => ReadingStores.Rebuild(StoreLocation.AtPostgres(_server.Address), (_, _, _) => { }, CancellationToken.None);

    public void Dispose() => _opened.ForEach(store => store.Dispose());
}
