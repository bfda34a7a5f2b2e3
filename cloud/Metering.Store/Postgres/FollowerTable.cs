namespace Metering.Store.Postgres;

/// <summary>How far followers of the journal are, and the lines that could not be delivered.</summary>
internal static class FollowerTable
{
    public static long Watermark(PostgresSession session, string follower) =>
        session.Scalar("SELECT sequence FROM watermark WHERE name=$1", follower);

    /// <summary>Moves the watermark on, unless somebody else has moved it meanwhile.</summary>
    public static bool Advance(PostgresSession session, string follower, long from, long to)
    {
        _ = session.Execute("INSERT INTO watermark(name, sequence) VALUES($1, 0) ON CONFLICT(name) DO NOTHING", follower);
        return session.Execute("UPDATE watermark SET sequence=$3 WHERE name=$1 AND sequence=$2", follower, from, to) == 1;
    }

    public static void Reset(PostgresSession session, string follower)
    {
        _ = session.Execute("DELETE FROM watermark WHERE name=$1", follower);
        _ = session.Execute("DELETE FROM dead_letter WHERE target=$1", follower);
    }

    public static long DeadLetters(PostgresSession session, string follower) =>
        session.Scalar("SELECT count(*) FROM dead_letter WHERE target=$1", follower);

    /// <summary>Keeps a refused line with the server's reason; the same line once only.</summary>
    public static void AddDeadLetter(PostgresSession session, string follower, string line, string reason, long received) =>
        _ = session.Execute(
            """
            INSERT INTO dead_letter(target, received, reason, line)
            SELECT $1, $2, $3, $4 WHERE NOT EXISTS(SELECT 1 FROM dead_letter WHERE target=$1 AND line=$4)
            """,
            follower, received, reason, line);
}
