namespace Metering.Store.Postgres;

/// <summary>Messages that could not be stored, with the reason.</summary>
internal static class QuarantineTable
{
    /// <summary>Keeps a message; its bytes only while <see cref="StoreLimits.MaximumQuarantineLength"/> is not reached.</summary>
    public static void Add(PostgresSession session, string gateway, string reason, long received, byte[] bytes) =>
        _ = session.Execute(
            """
            INSERT INTO quarantine(gateway, reason, received, length, bytes)
            SELECT $1, $2, $3, length($4), CASE WHEN (SELECT coalesce(sum(length(bytes)), 0) FROM quarantine) + length($4) <= $5 THEN $4 END
            """,
            gateway, reason, received, bytes, StoreLimits.MaximumQuarantineLength);

    public static long Count(PostgresSession session) => session.Scalar("SELECT count(*) FROM quarantine");

    public static long CountOf(PostgresSession session, string gateway) => session.Scalar("SELECT count(*) FROM quarantine WHERE gateway=$1", gateway);
}
