using Npgsql;

namespace Metering.Store.Postgres;

/// <summary>Messages that could not be stored, with the reason. Each member runs in the transaction of its caller.</summary>
internal static class QuarantineTable
{
    private const string Select = "SELECT id, gateway, reason, received, length, bytes IS NOT NULL FROM quarantine ";

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

    public static List<QuarantinedMessage> List(PostgresSession session, long after, int maximum, string? gateway) => gateway is null
        ? TakeAll(session, "WHERE id>$1 ORDER BY id LIMIT $2", after, (long)maximum)
        : TakeAll(session, "WHERE id>$1 AND gateway=$3 ORDER BY id LIMIT $2", after, (long)maximum, gateway);

    public static QuarantinedMessage? Find(PostgresSession session, long number) => TakeAll(session, "WHERE id=$1", number).FirstOrDefault();

    public static ReadOnlyMemory<byte>? Bytes(PostgresSession session, long number)
    {
        ReadOnlyMemory<byte>? bytes = null;
        _ = session.Query("SELECT bytes FROM quarantine WHERE id=$1 AND bytes IS NOT NULL", [number], reader => bytes = reader.GetFieldValue<byte[]>(0));
        return bytes;
    }

    /// <summary>How many there are, by gateway and the words before the first colon.</summary>
    public static List<QuarantineCount> Counts(PostgresSession session)
    {
        List<QuarantineCount> counts = [];
        _ = session.Query(
            """SELECT gateway, split_part(reason, ':', 1) COLLATE "C" AS kind, count(*) FROM quarantine GROUP BY gateway, kind ORDER BY gateway, kind""",
            [],
            reader => counts.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2))));
        return counts;
    }

    /// <summary>Takes a message away, and with it the wish for a retry.</summary>
    public static bool Drop(PostgresSession session, long number) => session.Execute("DELETE FROM quarantine WHERE id=$1", number) == 1;

    public static void CancelRetry(PostgresSession session, long number) => _ = session.Execute("DELETE FROM quarantine_retry WHERE id=$1", number);

    public static bool RequestRetry(PostgresSession session, long number)
    {
        // Held, so that nobody takes it away before the wish is noted.
        long kept = session.Scalar("SELECT id FROM quarantine WHERE id=$1 AND bytes IS NOT NULL FOR UPDATE", number);
        if (kept == 0)
        {
            return false;
        }

        _ = session.Execute("INSERT INTO quarantine_retry(id) VALUES($1) ON CONFLICT DO NOTHING", number);
        return true;
    }

    public static List<QuarantinedMessage> RetriesWanted(PostgresSession session, int maximum) =>
        TakeAll(session, "WHERE id IN (SELECT id FROM quarantine_retry) ORDER BY id LIMIT $1", (long)maximum);

    private static List<QuarantinedMessage> TakeAll(PostgresSession session, string condition, params ReadOnlySpan<object?> values)
    {
        List<QuarantinedMessage> list = [];
        _ = session.Query(Select + condition, values, reader => list.Add(Take(reader)));
        return list;
    }

    private static QuarantinedMessage Take(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)), reader.GetInt64(4), reader.GetBoolean(5));
}
