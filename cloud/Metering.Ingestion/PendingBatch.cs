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
