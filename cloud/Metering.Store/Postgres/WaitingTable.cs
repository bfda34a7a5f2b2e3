using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Postgres;

/// <summary>
/// Batches that came before their turn, kept on disk until their predecessor is appended. Two of one number may wait: which
/// of them belongs to the chain shows when the predecessor comes. For one transaction that holds the chains.
/// </summary>
internal sealed class WaitingTable(PostgresSession session, long receivedUtcMilliseconds)
{
    /// <summary>Batches kept for one chain. What does not fit is let go: the gateway sends it again.</summary>
    public const int MaximumOfChain = 128;

    private const int Page = 32;

    /// <summary>Keeps batches, as far as they fit.</summary>
    public void Keep(List<PendingBatch> early, Dictionary<(string Gateway, int KeyEpoch), Chain> chains)
    {
        foreach (PendingBatch batch in early)
        {
            Keep(batch, chains[(batch.Envelope.Manifest.Gateway, batch.Envelope.Manifest.KeyEpoch)]);
        }
    }

    /// <summary>Keeps a batch, if it fits.</summary>
    public void Keep(PendingBatch batch, Chain chain)
    {
        BatchManifest manifest = batch.Envelope.Manifest;
        if (chain.Waiting < MaximumOfChain)
        {
            int added = session.Execute(
                "INSERT INTO waiting(gateway, epoch, batch, note_hash, received, envelope) VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                manifest.Gateway, manifest.KeyEpoch, manifest.Batch, Convert.FromHexString(batch.Envelope.NoteHash), receivedUtcMilliseconds, batch.Bytes);
            chain.Waiting += added;
            chain.IsChanged |= added > 0;
        }
    }

    /// <summary>
    /// Takes out of the table the batches that follow the chain without a hole, by number, and those whose number is stored
    /// already; none when there are none.
    /// </summary>
    public List<PendingBatch> Take(Chain chain)
    {
        List<PendingBatch> taken = [];
        chain.Waiting -= session.Query(
            """
            DELETE FROM waiting WHERE gateway=$1 AND epoch=$2 AND (batch, note_hash) IN (
                SELECT batch, note_hash FROM (
                    SELECT batch, note_hash, dense_rank() OVER (ORDER BY batch) AS place FROM waiting WHERE gateway=$1 AND epoch=$2 AND batch>$3) AS later
                WHERE batch-place=$3 AND place<=$4)
            OR gateway=$1 AND epoch=$2 AND batch<=$3
            RETURNING batch, envelope
            """,
            [chain.Gateway, chain.KeyEpoch, chain.Head.Through, (long)Page],
            reader =>
            {
                byte[] bytes = reader.GetFieldValue<byte[]>(1);
                BatchEnvelope envelope = JournalReplay.Open(0, bytes);
                taken.Add(new(envelope, bytes, envelope.ReadSegments()));
            });
        taken.Sort((left, right) => left.Envelope.Manifest.Batch.CompareTo(right.Envelope.Manifest.Batch));
        return taken;
    }

    /// <summary>Puts a batch that was kept into quarantine.</summary>
    public void PutAside(PendingBatch batch, string reason) =>
        QuarantineTable.Add(session, batch.Envelope.Manifest.Gateway, reason, receivedUtcMilliseconds, batch.Bytes);
}
