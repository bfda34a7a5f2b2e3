using Metering.Store.Sqlite;

namespace Metering.Store;

/// <summary>Opens the store that a configuration names.</summary>
public static class ReadingStores
{
    /// <summary>Opens a store, or makes an empty one.</summary>
    /// <param name="location">Path of the SQLite file; two more files stand beside it, and a lock file of the process that appends.</param>
    /// <param name="clock">Where the time of quarantine and sealing comes from.</param>
    /// <exception cref="StoreException">It cannot be made (73), the disk fails (74), another process holds it (75), or it is no store of this version (78).</exception>
    public static IReadingStore Open(string location, TimeProvider clock) => SqliteStore.Open(location, clock);
}
