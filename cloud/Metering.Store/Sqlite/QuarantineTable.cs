using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>The messages that were put aside. Each member runs in the transaction of its caller.</summary>
internal static class QuarantineTable
{
    private const string Select = "SELECT id, gateway, reason, received, length, bytes IS NOT NULL FROM quarantine ";

    public static void Add(SqliteSession session, string gateway, string reason, long received, ReadOnlyMemory<byte> bytes)
    {
        bool fits = session.Scalar("SELECT sum(length(bytes)) FROM quarantine") + bytes.Length <= StoreLimits.MaximumQuarantineLength;
        _ = session.Execute(
            "INSERT INTO quarantine(gateway, reason, received, length, bytes) VALUES($0, $1, $2, $3, $4)",
            gateway, reason, received, (long)bytes.Length, fits ? bytes.ToArray() : null);
    }

    public static List<QuarantinedMessage> List(SqliteSession session, long after, int maximum, string? gateway)
    {
        using SqliteDataReader reader = gateway is null
            ? session.Query(Select + "WHERE id>$0 ORDER BY id LIMIT $1", after, (long)maximum)
            : session.Query(Select + "WHERE id>$0 AND gateway=$2 ORDER BY id LIMIT $1", after, (long)maximum, gateway);
        return TakeAll(reader);
    }

    public static QuarantinedMessage? Find(SqliteSession session, long number)
    {
        using SqliteDataReader reader = session.Query(Select + "WHERE id=$0", number);
        return TakeAll(reader).FirstOrDefault();
    }

    public static ReadOnlyMemory<byte>? Bytes(SqliteSession session, long number)
    {
        using SqliteDataReader reader = session.Query("SELECT bytes FROM quarantine WHERE id=$0 AND bytes IS NOT NULL", number);
        if (!reader.Read())
        {
            return null;
        }

        // Not in one conditional expression: null would become a memory of no bytes there.
        return SqliteSession.Blob(reader, 0).ToArray();
    }

    public static List<QuarantineCount> Counts(SqliteSession session)
    {
        List<QuarantineCount> counts = [];
        using SqliteDataReader reader = session.Query(
            """
            SELECT gateway, CASE instr(reason, ':') WHEN 0 THEN reason ELSE substr(reason, 1, instr(reason, ':')-1) END AS kind, count(*)
            FROM quarantine GROUP BY gateway, kind ORDER BY gateway, kind
            """);
        while (reader.Read())
        {
            counts.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return counts;
    }

    public static bool Drop(SqliteSession session, long number)
    {
        _ = CancelRetry(session, number);
        return session.Execute("DELETE FROM quarantine WHERE id=$0", number) == 1;
    }

    public static bool CancelRetry(SqliteSession session, long number) => session.Execute("DELETE FROM quarantine_retry WHERE id=$0", number) == 1;

    public static bool RequestRetry(SqliteSession session, long number)
    {
        bool isKept = Find(session, number) is { IsKept: true };
        if (isKept)
        {
            _ = session.Execute("INSERT INTO quarantine_retry(id) VALUES($0) ON CONFLICT DO NOTHING", number);
        }

        return isKept;
    }

    public static List<QuarantinedMessage> RetriesWanted(SqliteSession session, int maximum)
    {
        using SqliteDataReader reader = session.Query(Select + "WHERE id IN (SELECT id FROM quarantine_retry) ORDER BY id LIMIT $0", (long)maximum);
        return TakeAll(reader);
    }

    private static List<QuarantinedMessage> TakeAll(SqliteDataReader reader)
    {
        List<QuarantinedMessage> list = [];
        while (reader.Read())
        {
            list.Add(new(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)), reader.GetInt64(4), reader.GetBoolean(5)));
        }

        return list;
    }
}
