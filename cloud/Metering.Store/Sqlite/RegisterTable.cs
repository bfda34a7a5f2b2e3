using Metering.Readings;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>Codes, ends of keys and lost batches. Each member runs in the transaction of its caller.</summary>
internal static class RegisterTable
{
    private const string SelectEnd = "SELECT gateway, epoch, revoked_from, reason, closed_through FROM key_end ";

    public static void Revoke(SqliteSession session, string gateway, int keyEpoch, DateTimeOffset from, (string Reason, long NowUtcMilliseconds) what)
    {
        if (EnrolmentTable.Find(session, gateway, keyEpoch) is null)
        {
            throw RegisterRules.NothingToRevoke(gateway, keyEpoch);
        }

        _ = session.Execute(
            """
            INSERT INTO key_end(gateway, epoch, revoked_from, reason) VALUES($0, $1, $2, $3)
            ON CONFLICT(gateway, epoch) DO UPDATE SET revoked_from=excluded.revoked_from, reason=excluded.reason
            WHERE revoked_from IS NULL OR revoked_from>excluded.revoked_from
            """,
            gateway, (long)keyEpoch, from.ToUnixTimeMilliseconds(), what.Reason);
        WaitingTable.PutAside(session, gateway, keyEpoch, isRevoked: true, what.NowUtcMilliseconds);
    }

    public static KeyEnd? FindEnd(SqliteSession session, string gateway, int keyEpoch)
    {
        using SqliteDataReader reader = session.Query(SelectEnd + "WHERE gateway=$0 AND epoch=$1", gateway, (long)keyEpoch);
        return reader.Read() ? TakeEnd(reader) : null;
    }

    public static List<KeyEnd> Ends(SqliteSession session)
    {
        List<KeyEnd> list = [];
        using SqliteDataReader reader = session.Query(SelectEnd + "ORDER BY gateway, epoch");
        while (reader.Read())
        {
            list.Add(TakeEnd(reader));
        }

        return list;
    }

    public static void OfferCode(SqliteSession session, EnrolmentCode code) => _ = session.Execute(
        """
        INSERT INTO enrolment_code(gateway, plant, hash, expires) VALUES($0, $1, $2, $3)
        ON CONFLICT(gateway) DO UPDATE SET plant=excluded.plant, hash=excluded.hash, expires=excluded.expires, attempts=0, used_epoch=NULL
        """,
        code.Gateway, code.Plant, code.CodeHash, code.Expires.ToUnixTimeMilliseconds());

    /// <summary>The code last offered to each gateway, by gateway.</summary>
    public static List<CodeStanding> Codes(SqliteSession session)
    {
        List<CodeStanding> list = [];
        using SqliteDataReader reader = session.Query("SELECT gateway, plant, expires, attempts, used_epoch FROM enrolment_code ORDER BY gateway");
        while (reader.Read())
        {
            list.Add(new(
                reader.GetString(0), reader.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetInt32(4)));
        }

        return list;
    }

    public static bool AcceptLoss(SqliteSession session, LostBatches lost, ReadOnlyMemory<byte> note, DateTimeOffset now)
    {
        ChainHead head = JournalTable.Head(session, lost.Gateway, lost.KeyEpoch);
        if (!RegisterRules.Follows(lost, head) || EnrolmentTable.Find(session, lost.Gateway, lost.KeyEpoch) is null)
        {
            return false;
        }

        _ = session.Execute(
            "INSERT INTO lost_batches(gateway, epoch, first, last, last_hash, received, note) VALUES($0, $1, $2, $3, $4, $5, $6)",
            lost.Gateway, (long)lost.KeyEpoch, lost.First, lost.Last, lost.LastHash, now.ToUnixTimeMilliseconds(), note.ToArray());
        return true;
    }

    /// <summary>The head behind batches that are stated lost right after it; the same head when none are.</summary>
    public static ChainHead PassLost(SqliteSession session, string gateway, int keyEpoch, ChainHead head)
    {
        while (true)
        {
            using SqliteDataReader reader = session.Query(
                "SELECT last, last_hash FROM lost_batches WHERE gateway=$0 AND epoch=$1 AND first=$2", gateway, (long)keyEpoch, head.Through + 1);
            if (!reader.Read())
            {
                return head;
            }

            head = new(reader.GetInt64(0), reader.GetString(1));
        }
    }

    public static List<LostBatches> Losses(SqliteSession session)
    {
        List<LostBatches> list = [];
        using SqliteDataReader reader = session.Query("SELECT gateway, epoch, first, last, last_hash FROM lost_batches ORDER BY gateway, epoch, first");
        while (reader.Read())
        {
            list.Add(new(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4)));
        }

        return list;
    }

    /// <summary>Every loss accepted with its note, by gateway, key epoch and first batch.</summary>
    public static List<LossStatement> LossStatements(SqliteSession session)
    {
        List<LossStatement> list = [];
        using SqliteDataReader reader = session.Query("SELECT gateway, epoch, first, last, last_hash, note FROM lost_batches ORDER BY gateway, epoch, first");
        while (reader.Read())
        {
            list.Add(new(
                new(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4)), SqliteSession.Blob(reader, 5).ToArray()));
        }

        return list;
    }

    private static KeyEnd TakeEnd(SqliteDataReader reader) => new(
        reader.GetString(0),
        reader.GetInt32(1),
        reader.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)),
        reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetInt64(4));

    /// <summary>The register in the transaction of a session. There is one writer, so nobody else changes it meanwhile.</summary>
    public sealed class Rows(SqliteSession session, long nowUtcMilliseconds) : IRegisterRows
    {
        public OfferedCode? FindCode(string gateway)
        {
            using SqliteDataReader reader = session.Query("SELECT plant, hash, expires, attempts, used_epoch FROM enrolment_code WHERE gateway=$0", gateway);
            return reader.Read()
                ? new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetInt32(4))
                : null;
        }

        public void CountWrongProof(string gateway) => _ = session.Execute("UPDATE enrolment_code SET attempts=attempts+1 WHERE gateway=$0", gateway);

        public void UseCode(string gateway, int keyEpoch) => _ = session.Execute("UPDATE enrolment_code SET used_epoch=$1 WHERE gateway=$0", gateway, (long)keyEpoch);

        public int LastEpoch(string gateway) => (int)session.Scalar("SELECT max(epoch) FROM enrolment WHERE gateway=$0", gateway);

        public GatewayEnrolment? FindEnrolment(string gateway, int keyEpoch) => EnrolmentTable.Find(session, gateway, keyEpoch);

        public void Enrol(GatewayEnrolment enrolment) => EnrolmentTable.Add(session, enrolment);

        public KeyEnd? FindEnd(string gateway, int keyEpoch) => RegisterTable.FindEnd(session, gateway, keyEpoch);

        public ChainHead Head(string gateway, int keyEpoch) => JournalTable.Head(session, gateway, keyEpoch);

        public void Close(KeyRotation rotation, ReadOnlyMemory<byte> note)
        {
            _ = session.Execute(
                "INSERT INTO key_end(gateway, epoch, closed_through, note) VALUES($0, $1, $2, $3) ON CONFLICT(gateway, epoch) DO UPDATE SET closed_through=excluded.closed_through, note=excluded.note",
                rotation.Gateway, (long)rotation.KeyEpoch, rotation.Through, note.ToArray());
            WaitingTable.PutAside(session, rotation.Gateway, rotation.KeyEpoch, isRevoked: false, nowUtcMilliseconds);
        }
    }
}
