using Microsoft.Data.Sqlite;

namespace Metering.Tests.Store;

/// <summary>What a process that is killed leaves of a store: its files as they are at one moment.</summary>
internal static class KilledStore
{
    /// <summary>
    /// Copies a store's file and its log while the store works. A kill takes both at one moment and a copy does not, so a
    /// reader is held open meanwhile: SQLite then neither empties the log nor begins it anew (https://sqlite.org/wal.html,
    /// "Checkpointing"), and the log that is copied last covers every page that changed in the file during the copy.
    /// </summary>
    /// <param name="path">The store's file.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="between">Called when the file is copied and its log is not.</param>
    /// <returns>The copy's path.</returns>
    public static string Copy(string path, string folder, Action? between = null)
    {
        string copy = Path.Combine(folder, "metering.db");
        using SqliteConnection connection = new($"Data Source={path};Pooling=false");
        connection.Open();
        using SqliteTransaction reader = connection.BeginTransaction(deferred: true);
        using SqliteCommand read = connection.CreateCommand();
        read.CommandText = "SELECT count(*) FROM sqlite_master";
        _ = read.ExecuteScalar();
        File.Copy(path, copy);
        between?.Invoke();
        if (File.Exists(path + "-wal"))
        {
            File.Copy(path + "-wal", copy + "-wal");
        }

        return copy;
    }
}
