using Metering.Store.Maintenance;

namespace Metering.Store.Postgres;

/// <content>What the store tells of itself, and making its chunks again.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public StoreInfo Info() => _database.Read(session => new StoreInfo(
        session.Scalar("SELECT max(number) FROM migration"),
        session.Scalar("SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace WHERE n.nspname='metering' AND c.relkind='r'"),
        0,
        session.Scalar("SELECT count(*) FROM journal"),
        0,
        JournalTable.LastSequence(session),
        SealTable.SealedThrough(session),
        session.Scalar("SELECT count(*) FROM channel"),
        session.Scalar("SELECT count(*) FROM chunk"),
        session.Scalar("SELECT sum(count) FROM chunk"),
        session.Scalar("SELECT sum(length(data)) FROM chunk"),
        session.Scalar("SELECT count(*) FROM rollup WHERE step>=0"),
        session.Scalar("SELECT sum(length(data)) FROM rollup WHERE step>=0"),
        session.Scalar("SELECT sum(end_day - first_day) FROM pruned"),
        session.Scalar("SELECT count(*) FROM quarantine")));

    /// <inheritdoc/>
    public VerificationReport Verify(StoreProgress progress, CancellationToken cancellationToken) =>
        new StoreVerification(new PostgresTables(_database, null), progress).Run(cancellationToken);

    /// <summary>
    /// Makes every chunk from the journal alone and drops the rollups, which come back by themselves. Other processes may
    /// append meanwhile and seal afterwards; none should read: what a channel holds is counted anew at the end only.
    /// </summary>
    /// <param name="address">The database.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Ends it and leaves a sound store.</param>
    /// <returns>Chunks made.</returns>
    /// <exception cref="StoreException">Another process seals at this moment (75), or a batch is damaged (74); see also <see cref="Open(PostgresAddress, TimeProvider)"/>.</exception>
    public static long Rebuild(PostgresAddress address, StoreProgress progress, CancellationToken cancellationToken)
    {
        using PostgresDatabase database = PostgresDatabase.Open(address);
        using SealHold hold = SealHold.Take(database);
        return new StoreRebuild(new PostgresTables(database, hold), progress).Run(cancellationToken);
    }
}
