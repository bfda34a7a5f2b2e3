namespace Metering.Store.Sqlite;

/// <summary>How far followers of the journal are, and the lines that could not be delivered.</summary>
internal static class FollowerTable
{
    public static long Watermark(SqliteSession session, string target) =>
        session.Scalar("SELECT sequence FROM watermark WHERE name=$0", target);

    /// <summary>Moves the watermark on, unless somebody else has moved it meanwhile.</summary>
    public static bool Advance(SqliteSession session, string target, long from, long to)
    {
        _ = session.Execute("INSERT INTO watermark(name, sequence) VALUES($0, 0) ON CONFLICT(name) DO NOTHING", target);
        return session.Execute("UPDATE watermark SET sequence=$2 WHERE name=$0 AND sequence=$1", target, from, to) == 1;
    }

    /// <summary>Puts the watermark somewhere, wherever it was.</summary>
    public static void Set(SqliteSession session, string target, long sequence) => _ = session.Execute(
        "INSERT INTO watermark(name, sequence) VALUES($0, $1) ON CONFLICT(name) DO UPDATE SET sequence=excluded.sequence", target, sequence);

    public static void Reset(SqliteSession session, string target)
    {
        _ = session.Execute("DELETE FROM watermark WHERE name=$0", target);
        _ = session.Execute("DELETE FROM dead_letter WHERE target=$0", target);
    }

    public static long DeadLetters(SqliteSession session, string target) =>
        session.Scalar("SELECT count(*) FROM dead_letter WHERE target=$0", target);

    /// <summary>Keeps a refused line with the server's reason; the same line once only.</summary>
    public static void AddDeadLetter(SqliteSession session, string target, string line, string reason, long received) =>
        _ = session.Execute(
            """
            INSERT INTO dead_letter(target, received, reason, line)
            SELECT $0, $1, $2, $3 WHERE NOT EXISTS(SELECT 1 FROM dead_letter WHERE target=$0 AND line=$3)
            """,
            target, received, reason, line);
}
