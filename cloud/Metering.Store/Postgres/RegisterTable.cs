using Metering.Readings;
using Npgsql;

namespace Metering.Store.Postgres;

/// <summary>Codes, ends of keys and lost batches. Each member runs in the transaction of its caller.</summary>
internal static class RegisterTable
{
    private const string SelectEnd = "SELECT gateway, epoch, revoked_from, reason, closed_through FROM key_end ";

    /// <summary>
    /// Holds the keys of a gateway until the transaction ends. An advisory lock, because a gateway may not have a row yet; always
    /// taken before the rows of chains, so that nobody waits in a circle.
    /// </summary>
    public static void Lock(PostgresSession session, string gateway) =>
        _ = session.Execute($"SELECT pg_advisory_xact_lock({PostgresSchema.RegisterLockSpace}, hashtext($1))", gateway);

    public static void Revoke(PostgresSession session, string gateway, int keyEpoch, DateTimeOffset from, (string Reason, long NowUtcMilliseconds) what)
    {
        if (EnrolmentTable.Find(session, gateway, keyEpoch) is null)
        {
            throw RegisterRules.NothingToRevoke(gateway, keyEpoch);
        }

        _ = session.Execute(
            """
            INSERT INTO key_end(gateway, epoch, revoked_from, reason) VALUES($1, $2, $3, $4)
            ON CONFLICT(gateway, epoch) DO UPDATE SET revoked_from=excluded.revoked_from, reason=excluded.reason
            WHERE key_end.revoked_from IS NULL OR key_end.revoked_from>excluded.revoked_from
            """,
            gateway, keyEpoch, from.ToUnixTimeMilliseconds(), what.Reason);
        new WaitingTable(session, what.NowUtcMilliseconds).PutAside(gateway, keyEpoch, isRevoked: true);
    }

    public static KeyEnd? FindEnd(PostgresSession session, string gateway, int keyEpoch)
    {
        KeyEnd? end = null;
        _ = session.Query(SelectEnd + "WHERE gateway=$1 AND epoch=$2", [gateway, keyEpoch], reader => end = TakeEnd(reader));
        return end;
    }

    /// <summary>Every key that ended, by gateway and key epoch.</summary>
    public static List<KeyEnd> Ends(PostgresSession session)
    {
        List<KeyEnd> list = [];
        _ = session.Query(SelectEnd + "ORDER BY gateway, epoch", [], reader => list.Add(TakeEnd(reader)));
        return list;
    }

    public static void OfferCode(PostgresSession session, EnrolmentCode code) => _ = session.Execute(
        """
        INSERT INTO enrolment_code(gateway, plant, hash, expires) VALUES($1, $2, $3, $4)
        ON CONFLICT(gateway) DO UPDATE SET plant=excluded.plant, hash=excluded.hash, expires=excluded.expires, attempts=0, used_epoch=NULL
        """,
        code.Gateway, code.Plant, code.CodeHash, code.Expires.ToUnixTimeMilliseconds());

    /// <summary>The code last offered to each gateway, by gateway.</summary>
    public static List<CodeStanding> Codes(PostgresSession session)
    {
        List<CodeStanding> list = [];
        _ = session.Query(
            "SELECT gateway, plant, expires, attempts, used_epoch FROM enrolment_code ORDER BY gateway",
            [],
            reader => list.Add(new(
                reader.GetString(0), reader.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetInt32(4))));
        return list;
    }

    /// <summary>Keeps a statement of loss that was accepted.</summary>
    public static void AddLoss(PostgresSession session, LostBatches lost, ReadOnlyMemory<byte> note, DateTimeOffset now) => _ = session.Execute(
        "INSERT INTO lost_batches(gateway, epoch, first, last, last_hash, received, note) VALUES($1, $2, $3, $4, $5, $6, $7)",
        lost.Gateway, lost.KeyEpoch, lost.First, lost.Last, Convert.FromHexString(lost.LastHash), now.ToUnixTimeMilliseconds(), note.ToArray());

    /// <summary>Every loss accepted, by gateway, key epoch and first batch.</summary>
    public static List<LostBatches> Losses(PostgresSession session)
    {
        List<LostBatches> list = [];
        _ = session.Query(
            "SELECT gateway, epoch, first, last, last_hash FROM lost_batches ORDER BY gateway, epoch, first",
            [],
            reader => list.Add(new(
                reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(4)))));
        return list;
    }

    /// <summary>Every loss accepted with its note, by gateway, key epoch and first batch.</summary>
    public static List<LossStatement> LossStatements(PostgresSession session)
    {
        List<LossStatement> list = [];
        _ = session.Query(
            "SELECT gateway, epoch, first, last, last_hash, note FROM lost_batches ORDER BY gateway, epoch, first",
            [],
            reader => list.Add(new(
                new(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(4))), reader.GetFieldValue<byte[]>(5))));
        return list;
    }

    private static KeyEnd TakeEnd(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        reader.GetInt32(1),
        reader.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)),
        reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetInt64(4));

    /// <summary>The register of one gateway in the transaction of a session that holds its <see cref="Lock"/>.</summary>
    public sealed class Rows(PostgresSession session, long nowUtcMilliseconds) : IRegisterRows
    {
        public OfferedCode? FindCode(string gateway)
        {
            OfferedCode? code = null;
            _ = session.Query(
                "SELECT plant, hash, expires, attempts, used_epoch FROM enrolment_code WHERE gateway=$1",
                [gateway],
                reader => code = new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetInt32(4)));
            return code;
        }

        public void CountWrongProof(string gateway) => _ = session.Execute("UPDATE enrolment_code SET attempts=attempts+1 WHERE gateway=$1", gateway);

        public void UseCode(string gateway, int keyEpoch) => _ = session.Execute("UPDATE enrolment_code SET used_epoch=$2 WHERE gateway=$1", gateway, keyEpoch);

        public int LastEpoch(string gateway) => (int)session.Scalar("SELECT max(epoch) FROM enrolment WHERE gateway=$1", gateway);

        public GatewayEnrolment? FindEnrolment(string gateway, int keyEpoch) => EnrolmentTable.Find(session, gateway, keyEpoch);

        public void Enrol(GatewayEnrolment enrolment) => EnrolmentTable.Add(session, enrolment);

        public KeyEnd? FindEnd(string gateway, int keyEpoch) => RegisterTable.FindEnd(session, gateway, keyEpoch);

        /// <summary>Where a chain stands; it stays there until the transaction ends.</summary>
        public ChainHead Head(string gateway, int keyEpoch)
        {
            _ = session.Execute("SELECT 1 FROM chain WHERE gateway=$1 AND epoch=$2 FOR UPDATE", gateway, keyEpoch);
            return ChainTable.Head(session, gateway, keyEpoch);
        }

        public void Close(KeyRotation rotation, ReadOnlyMemory<byte> note)
        {
            _ = session.Execute(
                "INSERT INTO key_end(gateway, epoch, closed_through, note) VALUES($1, $2, $3, $4) ON CONFLICT(gateway, epoch) DO UPDATE SET closed_through=excluded.closed_through, note=excluded.note",
                rotation.Gateway, rotation.KeyEpoch, rotation.Through, note.ToArray());
            new WaitingTable(session, nowUtcMilliseconds).PutAside(rotation.Gateway, rotation.KeyEpoch, isRevoked: false);
        }
    }
}
