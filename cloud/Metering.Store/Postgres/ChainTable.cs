using Metering.Readings;

namespace Metering.Store.Postgres;

/// <summary>Where the chain of one key of one gateway stands, as the transaction that locked it sees and changes it.</summary>
internal sealed class Chain(string gateway, int keyEpoch, ChainHead head)
{
    public string Gateway => gateway;

    public int KeyEpoch => keyEpoch;

    public ChainHead Head { get; private set; } = head;

    /// <summary>Batches of this chain that came before their turn and are kept.</summary>
    public int Waiting { get; set; }

    /// <summary>Readings that this transaction adds.</summary>
    public long AddedReadings { get; private set; }

    /// <summary>Whether anything changed that must be written.</summary>
    public bool IsChanged { get; set; }

    public void MoveTo(PendingBatch batch)
    {
        Head = new(batch.Envelope.Manifest.Batch, batch.Envelope.NoteHash);
        AddedReadings += batch.Envelope.Manifest.ReadingCount;
        IsChanged = true;
    }

    public void PassLost(LostBatches lost)
    {
        Head = new(lost.Last, lost.LastHash);
        IsChanged = true;
    }
}

/// <summary>
/// One row per gateway and key epoch. Whoever appends to a gateway holds all of its rows, so that its batches and channels
/// have one order; rows are locked by gateway and epoch, ascending, so that no two processes wait for each other.
/// </summary>
internal static class ChainTable
{
    public static ChainHead Head(PostgresSession session, string gateway, int keyEpoch)
    {
        ChainHead head = new(0, BatchManifest.NoPrevious);
        _ = session.Query(
            "SELECT through, note_hash FROM chain WHERE gateway=$1 AND epoch=$2 AND through>0",
            [gateway, keyEpoch],
            reader => head = new(reader.GetInt64(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1))));
        return head;
    }

    /// <summary>Locks every chain of these gateways.</summary>
    /// <param name="session">A writing session.</param>
    /// <param name="gateways">The gateways.</param>
    /// <param name="definitions">Receives, for each gateway, the number of times its channels changed.</param>
    public static Dictionary<(string Gateway, int KeyEpoch), Chain> Lock(PostgresSession session, string[] gateways, Dictionary<string, long> definitions)
    {
        Dictionary<(string, int), Chain> chains = [];
        _ = session.Query(
            "SELECT gateway, epoch, through, note_hash, waiting, definitions FROM chain WHERE gateway = ANY($1) ORDER BY gateway, epoch FOR UPDATE",
            [gateways],
            reader =>
            {
                string gateway = reader.GetString(0);
                long through = reader.GetInt64(2);
                ChainHead head = new(through, through == 0 ? BatchManifest.NoPrevious : Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(3)));
                chains.Add((gateway, reader.GetInt32(1)), new(gateway, reader.GetInt32(1), head) { Waiting = reader.GetInt32(4) });
                definitions[gateway] = Math.Max(definitions.GetValueOrDefault(gateway), reader.GetInt64(5));
            });
        return chains;
    }

    /// <summary>Writes where chains stand now.</summary>
    public static (string Sql, object?[] Values) Update(List<Chain> chains) => (
        """
        UPDATE chain SET through=t.through, note_hash=t.note_hash, waiting=t.waiting, readings=chain.readings+t.added
        FROM unnest($1, $2, $3, $4, $5, $6) AS t(gateway, epoch, through, note_hash, waiting, added)
        WHERE chain.gateway=t.gateway AND chain.epoch=t.epoch
        """,
        [
            chains.ConvertAll(chain => chain.Gateway).ToArray(),
            chains.ConvertAll(chain => chain.KeyEpoch).ToArray(),
            chains.ConvertAll(chain => chain.Head.Through).ToArray(),
            chains.ConvertAll(chain => Convert.FromHexString(chain.Head.NoteHash)).ToArray(),
            chains.ConvertAll(chain => chain.Waiting).ToArray(),
            chains.ConvertAll(chain => chain.AddedReadings).ToArray(),
        ]);
}
