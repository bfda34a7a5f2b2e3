using Metering.Store.Postgres;
using Metering.Store.Sqlite;

namespace Metering.Store;

/// <summary>Opens the store that a configuration names.</summary>
public static class ReadingStores
{
    /// <summary>Opens a store, or makes an empty one.</summary>
    /// <param name="location">Where it stands.</param>
    /// <param name="clock">Where the time of quarantine and sealing comes from.</param>
    /// <exception cref="StoreException">
    /// Nothing answers (69), it cannot be made (73), the disk fails (74), another process holds it or the server is busy (75),
    /// the server does not let this user in (77), or it is no store of this version (78).
    /// </exception>
    public static IReadingStore Open(StoreLocation location, TimeProvider clock) =>
        location.Postgres is PostgresAddress address ? PostgresStore.Open(address, clock) : SqliteStore.Open(location.File!, clock);
}
