using Metering.Store.Maintenance;
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

    /// <summary>
    /// Makes every chunk from the journal alone and drops the rollups, which come back by themselves. No process may append to a
    /// SQLite file meanwhile; in PostgreSQL they may.
    /// </summary>
    /// <param name="location">Where the store stands.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Ends it and leaves a sound store.</param>
    /// <returns>Chunks made.</returns>
    /// <exception cref="StoreException">Another process appends or seals (75), a batch is damaged (74); see also <see cref="Open"/>.</exception>
    public static long Rebuild(StoreLocation location, StoreProgress progress, CancellationToken cancellationToken) =>
        location.Postgres is PostgresAddress address
            ? PostgresStore.Rebuild(address, progress, cancellationToken)
            : SqliteStore.Rebuild(location.File!, progress, cancellationToken);
}
