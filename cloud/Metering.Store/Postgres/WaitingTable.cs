using Metering.Readings;

namespace Metering.Store.Postgres;

/// <summary>
/// Batches that came before their turn, kept on disk until their predecessor is appended. Two of one number may wait: which
/// of them belongs to the chain shows when the predecessor comes. For one transaction that holds the chains.
/// </summary>
internal sealed class WaitingTable(PostgresSession session, long receivedUtcMilliseconds)
{
    private const int Page = 32;

    /// <summary>Keeps batches, as far as there is room and their keys have not ended; each is told whether it is kept.</summary>
    public void Keep(List<PendingBatch> early, Dictionary<(string Gateway, int KeyEpoch), Chain> chains)
    {
        foreach (IGrouping<string, PendingBatch> gateway in early.GroupBy(batch => batch.Envelope.Manifest.Gateway, StringComparer.Ordinal))
        {
            (long count, long length, HashSet<(int, long, string)> known) = Waiting(gateway.Key);
            foreach (PendingBatch batch in gateway)
            {
                BatchManifest manifest = batch.Envelope.Manifest;
                bool isKnown = known.Contains((manifest.KeyEpoch, manifest.Batch, batch.Envelope.NoteHash));
                bool fits = !isKnown && EarlyBatches.Fits(count, length, batch.Bytes.Length) && RegisterTable.FindEnd(session, manifest.Gateway, manifest.KeyEpoch) is null;
                if (fits)
                {
                    Insert(new(manifest.Gateway, manifest.KeyEpoch, manifest.Batch, batch.Envelope.NoteHash, batch.Bytes, batch.ReceivedUtcMilliseconds), chains[(manifest.Gateway, manifest.KeyEpoch)]);
                    (count, length) = (count + 1, length + batch.Bytes.Length);
                    _ = known.Add((manifest.KeyEpoch, manifest.Batch, batch.Envelope.NoteHash));
                }

                batch.Settle(isKnown || fits ? AppendOutcome.Early : AppendOutcome.OutOfOrder);
            }
        }
    }

    /// <summary>Puts a batch back that was taken and whose turn has not come yet.</summary>
    public void PutBack(WaitingRow row, Chain chain) => Insert(row, chain);

    /// <summary>
    /// Takes out of the table the batches that follow the chain without a hole, by number, and those whose number is stored
    /// already; none when there are none.
    /// </summary>
    public List<WaitingRow> Take(Chain chain)
    {
        List<WaitingRow> taken = [];
        chain.Waiting -= session.Query(
            """
            DELETE FROM waiting WHERE gateway=$1 AND epoch=$2 AND (batch, note_hash) IN (
                SELECT batch, note_hash FROM (
                    SELECT batch, note_hash, dense_rank() OVER (ORDER BY batch) AS place FROM waiting WHERE gateway=$1 AND epoch=$2 AND batch>$3) AS later
                WHERE batch-place=$3 AND place<=$4)
            OR gateway=$1 AND epoch=$2 AND batch<=$3
            RETURNING gateway, epoch, batch, note_hash, envelope, received
            """,
            [chain.Gateway, chain.KeyEpoch, chain.Head.Through, (long)Page],
            reader => taken.Add(Row(reader)));
        taken.Sort((left, right) => (left.Batch, left.NoteHash).CompareTo((right.Batch, right.NoteHash)));
        return taken;
    }

    /// <summary>Puts a batch that was kept into quarantine.</summary>
    public void PutAside(WaitingRow row, string reason) => QuarantineTable.Add(session, row.Gateway, reason, receivedUtcMilliseconds, row.Bytes);

    /// <summary>Puts into quarantine what waits of a key that has ended: its turn can never come.</summary>
    public void PutAside(string gateway, int keyEpoch, bool isRevoked)
    {
        // After the end of the key is written: whoever keeps batches holds this row, and looks for the end when it has it.
        _ = session.Execute("SELECT 1 FROM chain WHERE gateway=$1 AND epoch=$2 FOR UPDATE", gateway, keyEpoch);
        List<WaitingRow> rows = [];
        _ = session.Query(
            "DELETE FROM waiting WHERE gateway=$1 AND epoch=$2 RETURNING gateway, epoch, batch, note_hash, envelope, received", [gateway, keyEpoch], reader => rows.Add(Row(reader)));
        rows.Sort((left, right) => (left.Batch, left.NoteHash).CompareTo((right.Batch, right.NoteHash)));
        rows.ForEach(row => PutAside(row, EarlyBatches.Ended(row, isRevoked)));
        _ = session.Execute("UPDATE chain SET waiting=0 WHERE gateway=$1 AND epoch=$2 AND waiting<>0", gateway, keyEpoch);
    }

    /// <summary>The numbers of a chain's waiting batches beyond its head, ascending.</summary>
    public static List<long> Numbers(PostgresSession session, string gateway, int keyEpoch, long through)
    {
        List<long> numbers = [];
        _ = session.Query(
            "SELECT DISTINCT batch FROM waiting WHERE gateway=$1 AND epoch=$2 AND batch>$3 ORDER BY batch LIMIT $4",
            [gateway, keyEpoch, through, (long)BatchAck.MaximumAlso],
            reader => numbers.Add(reader.GetInt64(0)));
        return numbers;
    }

    /// <summary>The newest waiting batches of one gateway, or of each when none is named.</summary>
    public static List<WaitingRow> Newest(PostgresSession session, string? gateway)
    {
        const string Ranked = "SELECT gateway, epoch, batch, note_hash, row_number() OVER (PARTITION BY gateway ORDER BY epoch DESC, batch DESC) AS place FROM waiting";
        const string Join = " JOIN waiting AS w USING(gateway, epoch, batch, note_hash) WHERE place<=$1";
        const string Columns = "SELECT w.gateway, w.epoch, w.batch, w.note_hash, w.envelope, w.received FROM (";
        List<WaitingRow> rows = [];
        _ = gateway is null
            ? session.Query(Columns + Ranked + ") AS newest" + Join, [(long)StoreLimits.EarlyBatchesShown], reader => rows.Add(Row(reader)))
            : session.Query(Columns + Ranked + " WHERE gateway=$2) AS newest" + Join, [(long)StoreLimits.EarlyBatchesShown, gateway], reader => rows.Add(Row(reader)));
        return rows;
    }

    private static WaitingRow Row(Npgsql.NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(3)), reader.GetFieldValue<byte[]>(4), reader.GetInt64(5));

    private (long Count, long Length, HashSet<(int, long, string)> Known) Waiting(string gateway)
    {
        long length = 0;
        HashSet<(int, long, string)> known = [];
        long count = session.Query(
            "SELECT epoch, batch, note_hash, length(envelope) FROM waiting WHERE gateway=$1",
            [gateway],
            reader =>
            {
                length += reader.GetInt32(3);
                _ = known.Add((reader.GetInt32(0), reader.GetInt64(1), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(2))));
            });
        return (count, length, known);
    }

    private void Insert(WaitingRow row, Chain chain)
    {
        _ = session.Execute(
            "INSERT INTO waiting(gateway, epoch, batch, note_hash, received, envelope) VALUES($1, $2, $3, $4, $5, $6)",
            row.Gateway, row.KeyEpoch, row.Batch, Convert.FromHexString(row.NoteHash), row.ReceivedUtcMilliseconds, row.Bytes);
        chain.Waiting++;
        chain.IsChanged = true;
    }
}
