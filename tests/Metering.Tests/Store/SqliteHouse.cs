using Metering.Store;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace Metering.Tests.Store;

/// <summary>A SQLite file in a folder of its own.</summary>
internal sealed class SqliteHouse : IStoreHouse
{
    private readonly string _folder;
    private readonly List<IReadingStore> _opened = [];
    private string _path;
    private int _copies;

    /// <summary>Makes a folder of its own in a folder.</summary>
    public SqliteHouse(string parent)
    {
        _folder = Directory.CreateDirectory(Path.Combine(parent, $"metering-store-{Guid.NewGuid():N}")).FullName;
        _path = Path.Combine(_folder, "metering.db");
    }

    public bool TakesManyWriters => false;

    public IReadingStore Open()
    {
        IReadingStore store = SqliteStore.Open(_path, TimeProvider.System);
        _opened.Add(store);
        return store;
    }

    /// <summary>The files as they are now, while the store is open: what the process would leave behind when killed.</summary>
    public IReadingStore Crash(IReadingStore open)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, $"killed-{_copies++}")).FullName;
        string copy = KilledStore.Copy(_path, folder);
        open.Dispose();
        _path = copy;
        return Open();
    }

    public IReadingStore Abandon(IReadingStore open) => Crash(open);

    public void Damage(ChunkDamage damage)
    {
        _ = Ask(damage switch
        {
            ChunkDamage.Byte => "UPDATE chunk SET data=substr(data, 1, 20) || x'00' || substr(data, 22)",
            ChunkDamage.Empty => "UPDATE chunk SET data=x''",
            ChunkDamage.Exchanged => "UPDATE chunk SET data=(SELECT data FROM chunk ORDER BY id LIMIT 1)",
            ChunkDamage.CountTooHigh => "UPDATE chunk SET count=count+1",
            ChunkDamage.CountZero => "UPDATE chunk SET count=0",
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    public void Damage(RollupDamage damage)
    {
        _ = Ask(damage switch
        {
            RollupDamage.Byte => "UPDATE rollup SET data=substr(data, 1, 4) || CASE substr(data, 5, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr(data, 6)",
            RollupDamage.Empty => "UPDATE rollup SET data=x''",
            RollupDamage.Exchanged => "UPDATE rollup SET data=(SELECT data FROM rollup WHERE step=0 ORDER BY period LIMIT 1)",
            RollupDamage.Source => "UPDATE rollup SET source=x'00'",
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    public string Chunks() => Ask("SELECT group_concat(id || ' ' || version || ' ' || hex(data), ';' ORDER BY id) FROM chunk");

    public long Rebuild() => ReadingStores.Rebuild(StoreLocation.AtFile(_path), (_, _, _) => { }, CancellationToken.None);

    private string Ask(string sql)
    {
        using SqliteConnection connection = new($"Data Source={_path};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as string ?? "";
    }

    public void Dispose()
    {
        _opened.ForEach(store => store.Dispose());
        Directory.Delete(_folder, recursive: true);
    }
}
