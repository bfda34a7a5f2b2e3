using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion;

/// <summary>A sound batch on its way into the journal.</summary>
internal sealed record PendingBatch(IncomingBatch Incoming, BatchEnvelope Envelope, IReadOnlyList<ChannelSegment> Segments, Task<AppendOutcome> Append)
{
    public string Gateway => Envelope.Manifest.Gateway;

    public int KeyEpoch => Envelope.Manifest.KeyEpoch;

    public long Batch => Envelope.Manifest.Batch;
}

/// <summary>
/// Batches that came before their turn, kept in memory for the moment their predecessors arrive. Few: what does not fit
/// is let go, as the gateway sends it again until it is acknowledged.
/// </summary>
internal sealed class HeldBatches
{
    public const int MaximumOfGateway = 32;
    public const int MaximumOfLane = 128;

    private readonly Dictionary<(string Gateway, int KeyEpoch), SortedDictionary<long, PendingBatch>> _held = [];

    public int Count { get; private set; }

    public bool TryHold(PendingBatch batch)
    {
        if (!_held.TryGetValue((batch.Gateway, batch.KeyEpoch), out SortedDictionary<long, PendingBatch>? mine))
        {
            mine = [];
            _held.Add((batch.Gateway, batch.KeyEpoch), mine);
        }

        bool fits = mine.Count < MaximumOfGateway && Count < MaximumOfLane && mine.TryAdd(batch.Batch, batch);
        Count += fits ? 1 : 0;
        return fits;
    }

    /// <summary>Takes the batch after this one, if it is held; batches that are durable by now are let go.</summary>
    public PendingBatch? TakeAfter(string gateway, int keyEpoch, long through)
    {
        if (!_held.TryGetValue((gateway, keyEpoch), out SortedDictionary<long, PendingBatch>? mine))
        {
            return null;
        }

        PendingBatch? next = null;
        while (mine.Count > 0 && mine.First() is { Key: long batch, Value: PendingBatch first } && batch <= through + 1)
        {
            _ = mine.Remove(batch);
            Count--;
            next = batch == through + 1 ? first : next;
        }

        if (mine.Count == 0)
        {
            _ = _held.Remove((gateway, keyEpoch));
        }

        return next;
    }
}
