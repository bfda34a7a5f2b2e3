namespace Metering.Store.Postgres;

/// <summary>
/// How far each gateway is sealed, and which process seals it now. The lease runs by the server's clock: processes stand on
/// machines whose clocks differ.
/// </summary>
internal static class SealTable
{
    // A gateway is due when enough readings wait, or some have waited long enough.
    private const string Unsealed = """
        FROM seal s CROSS JOIN LATERAL (SELECT sum(readings) AS readings FROM chain WHERE chain.gateway=s.gateway) AS c
        WHERE c.readings > s.readings
        """;

    /// <summary>Claims one gateway that nobody else seals; null when there is none.</summary>
    public static string? Claim(PostgresSession session, string owner, SealPolicy policy, bool all)
    {
        string? gateway = null;
        _ = session.Query(
            $"""
            UPDATE seal SET owner=$1, until=clock_timestamp()+make_interval(secs => $2) WHERE gateway=(
                SELECT s.gateway {Unsealed} AND (s.owner IS NULL OR s.until<clock_timestamp())
                    AND ($3 OR c.readings-s.readings >= $4 OR s.sealed_at < clock_timestamp()-make_interval(secs => $5))
                ORDER BY s.sealed_at, s.gateway LIMIT 1 FOR UPDATE OF s SKIP LOCKED)
            RETURNING gateway
            """,
            [owner, policy.Lease.TotalSeconds, all, (long)policy.Readings, policy.Age.TotalSeconds],
            reader => gateway = reader.GetString(0));
        return gateway;
    }

    /// <summary>Whether a gateway has batches up to a place that are not sealed, whoever is at it.</summary>
    public static bool IsUnsealed(PostgresSession session, long throughSequence) =>
        session.Scalar($"SELECT count(*) FROM (SELECT 1 {Unsealed} AND s.sealed < $1 AND EXISTS(SELECT 1 FROM journal j WHERE j.gateway=s.gateway AND j.sequence>s.sealed AND j.sequence<=$1) LIMIT 1) AS t", throughSequence) > 0;

    /// <summary>Locks a claimed gateway's row for this transaction; nobody takes the gateway over before it ends. -1 when somebody already has.</summary>
    public static long Lock(PostgresSession session, string gateway, string owner)
    {
        long place = -1;
        _ = session.Query("SELECT sealed FROM seal WHERE gateway=$1 AND owner=$2 FOR UPDATE", [gateway, owner], reader => place = reader.GetInt64(0));
        return place;
    }

    /// <summary>Notes what is sealed now and extends the lease.</summary>
    public static void Advance(PostgresSession session, string gateway, long through, long readings, TimeSpan lease) =>
        _ = session.Execute(
            "UPDATE seal SET sealed=$2, readings=readings+$3, until=clock_timestamp()+make_interval(secs => $4) WHERE gateway=$1",
            gateway, through, readings, lease.TotalSeconds);

    /// <summary>Gives a gateway back.</summary>
    public static void Release(PostgresSession session, string gateway, string owner) =>
        _ = session.Execute("UPDATE seal SET owner=NULL, until=NULL, sealed_at=clock_timestamp() WHERE gateway=$1 AND owner=$2", gateway, owner);

    /// <summary>How far each gateway is sealed.</summary>
    public static Dictionary<string, long> Places(PostgresSession session)
    {
        Dictionary<string, long> places = new(StringComparer.Ordinal);
        _ = session.Query("SELECT gateway, sealed FROM seal", [], reader => places.Add(reader.GetString(0), reader.GetInt64(1)));
        return places;
    }

    /// <summary>The place up to which every batch of every gateway is in chunks.</summary>
    public static long SealedThrough(PostgresSession session) => session.Scalar(
        """
        SELECT coalesce(min(next) - 1, (SELECT max(sequence) FROM journal))
        FROM seal s CROSS JOIN LATERAL (SELECT min(sequence) AS next FROM journal j WHERE j.gateway=s.gateway AND j.sequence>s.sealed) AS unsealed
        """);

    /// <summary>Claims every gateway that nobody seals.</summary>
    public static HashSet<string> ClaimAll(PostgresSession session, string owner, TimeSpan lease)
    {
        HashSet<string> gateways = new(StringComparer.Ordinal);
        _ = session.Query(
            """
            UPDATE seal SET owner=$1, until=clock_timestamp()+make_interval(secs => $2) WHERE gateway IN (
                SELECT gateway FROM seal WHERE owner IS NULL OR until<clock_timestamp() ORDER BY gateway FOR UPDATE SKIP LOCKED)
            RETURNING gateway
            """,
            [owner, lease.TotalSeconds],
            reader => gateways.Add(reader.GetString(0)));
        return gateways;
    }

    /// <summary>A gateway that is not this owner's, and who has it.</summary>
    public static (string Gateway, string Owner)? FindOther(PostgresSession session, string owner)
    {
        (string, string)? other = null;
        _ = session.Query(
            "SELECT gateway, coalesce(owner, 'of another name') FROM seal WHERE owner IS DISTINCT FROM $1 ORDER BY gateway LIMIT 1",
            [owner],
            reader => other = (reader.GetString(0), reader.GetString(1)));
        return other;
    }

    /// <summary>Extends the lease on all of an owner's gateways and keeps them locked until the transaction ends.</summary>
    /// <returns>How many they are.</returns>
    public static int Renew(PostgresSession session, string owner, TimeSpan lease) =>
        session.Execute("UPDATE seal SET until=clock_timestamp()+make_interval(secs => $2) WHERE owner=$1", owner, lease.TotalSeconds);

    /// <summary>Notes how far gateways are sealed and how many readings that is.</summary>
    public static void Put(PostgresSession session, string[] gateways, long[] readings, long through) => _ = session.Execute(
        "UPDATE seal SET sealed=$3, readings=t.readings FROM unnest($1, $2) AS t(gateway, readings) WHERE seal.gateway=t.gateway",
        gateways, readings, through);

    /// <summary>Gives all of an owner's gateways back.</summary>
    public static int ReleaseAll(PostgresSession session, string owner) =>
        session.Execute("UPDATE seal SET owner=NULL, until=NULL, sealed_at=clock_timestamp() WHERE owner=$1", owner);
}

/// <summary>When a gateway is sealed, and how long a process may be silent before another takes its gateway over.</summary>
/// <param name="Readings">Unsealed readings at which it is due.</param>
/// <param name="Age">Time since it was sealed last after which it is due.</param>
/// <param name="Lease">How long a claim holds without a sign of life; every slice is one.</param>
internal sealed record SealPolicy(int Readings, TimeSpan Age, TimeSpan Lease)
{
    public static readonly SealPolicy Usual = new(32_768, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1));
}
