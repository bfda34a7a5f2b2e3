using Metering.Readings;
using Microsoft.Data.Sqlite;

namespace Metering.Store.Sqlite;

/// <summary>
/// Batches that came before their turn, kept on disk until their predecessor is appended. Two of one number may wait: which
/// of them belongs to the chain shows when the predecessor comes. Each member runs in the transaction of its caller.
/// </summary>
internal static class WaitingTable
{
    private const int Page = 32;
    private const string Select = "SELECT gateway, epoch, batch, note_hash, envelope, received FROM waiting ";

    /// <summary>Keeps a batch. False, and it is not kept, when its gateway has no room left or its key has ended.</summary>
    public static bool Keep(SqliteSession session, PendingBatch batch)
    {
        BatchManifest manifest = batch.Envelope.Manifest;
        byte[] hash = Convert.FromHexString(batch.Envelope.NoteHash);
        if (session.Scalar("SELECT count(*) FROM waiting WHERE gateway=$0 AND epoch=$1 AND batch=$2 AND note_hash=$3", manifest.Gateway, (long)manifest.KeyEpoch, manifest.Batch, hash) > 0)
        {
            return true;
        }

        long count = session.Scalar("SELECT count(*) FROM waiting WHERE gateway=$0", manifest.Gateway);
        long length = session.Scalar("SELECT sum(length(envelope)) FROM waiting WHERE gateway=$0", manifest.Gateway);
        if (!EarlyBatches.Fits(count, length, batch.Bytes.Length) || RegisterTable.FindEnd(session, manifest.Gateway, manifest.KeyEpoch) is not null)
        {
            return false;
        }

        _ = session.Execute(
            "INSERT INTO waiting(gateway, epoch, batch, note_hash, received, envelope) VALUES($0, $1, $2, $3, $4, $5)",
            manifest.Gateway, (long)manifest.KeyEpoch, manifest.Batch, hash, batch.ReceivedUtcMilliseconds, batch.Bytes);
        return true;
    }

    /// <summary>How many of one chain wait.</summary>
    public static long Count(SqliteSession session, string gateway, int keyEpoch) =>
        session.Scalar("SELECT count(*) FROM waiting WHERE gateway=$0 AND epoch=$1", gateway, (long)keyEpoch);

    /// <summary>Takes out of the table the batches up to a number, by number, some at a time; none when there are none.</summary>
    public static List<WaitingRow> Take(SqliteSession session, string gateway, int keyEpoch, long through)
    {
        List<WaitingRow> rows = Rows(session.Query(
            Select + "WHERE gateway=$0 AND epoch=$1 AND batch<=$2 ORDER BY batch, note_hash LIMIT $3", gateway, (long)keyEpoch, through, (long)Page));
        rows.ForEach(row => session.Execute(
            "DELETE FROM waiting WHERE gateway=$0 AND epoch=$1 AND batch=$2 AND note_hash=$3", gateway, (long)keyEpoch, row.Batch, Convert.FromHexString(row.NoteHash)));
        return rows;
    }

    /// <summary>The numbers of a chain's waiting batches beyond its head, ascending.</summary>
    public static List<long> Numbers(SqliteSession session, string gateway, int keyEpoch, long through)
    {
        List<long> numbers = [];
        using SqliteDataReader reader = session.Query(
            "SELECT DISTINCT batch FROM waiting WHERE gateway=$0 AND epoch=$1 AND batch>$2 ORDER BY batch LIMIT $3", gateway, (long)keyEpoch, through, (long)BatchAck.MaximumAlso);
        while (reader.Read())
        {
            numbers.Add(reader.GetInt64(0));
        }

        return numbers;
    }

    /// <summary>The newest waiting batches of one gateway, or of each when none is named.</summary>
    public static List<WaitingRow> Newest(SqliteSession session, string? gateway) => Rows(session.Query(
        """
        SELECT gateway, epoch, batch, note_hash, envelope, received FROM waiting WHERE rowid IN (
            SELECT id FROM (
                SELECT rowid AS id, row_number() OVER (PARTITION BY gateway ORDER BY epoch DESC, batch DESC) AS place FROM waiting WHERE $0 IS NULL OR gateway=$0)
            WHERE place<=$1)
        """,
        gateway, (long)StoreLimits.EarlyBatchesShown));

    /// <summary>Puts into quarantine what waits of a key that has ended: its turn can never come.</summary>
    public static void PutAside(SqliteSession session, string gateway, int keyEpoch, bool isRevoked, long nowUtcMilliseconds)
    {
        while (Take(session, gateway, keyEpoch, long.MaxValue) is { Count: > 0 } rows)
        {
            rows.ForEach(row => QuarantineTable.Add(session, gateway, EarlyBatches.Ended(row, isRevoked), nowUtcMilliseconds, row.Bytes));
        }
    }

    private static List<WaitingRow> Rows(SqliteDataReader reader)
    {
        using (reader)
        {
            List<WaitingRow> rows = [];
            while (reader.Read())
            {
                rows.Add(new(
                    reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), Convert.ToHexStringLower(SqliteSession.Blob(reader, 3)), SqliteSession.Blob(reader, 4).ToArray(), reader.GetInt64(5)));
            }

            return rows;
        }
    }
}
