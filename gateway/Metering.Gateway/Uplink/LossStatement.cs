using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Readings;

namespace Metering.Gateway.Uplink;

/// <summary>
/// Says, signed, that batches a restored cloud asks for were freed here long ago. Without it the cloud would wait for them
/// for ever and take nothing behind them.
/// </summary>
internal static class LossStatement
{
    /// <summary>The statement for the batches that are missing from a place on; null when the batch there may still be had, or nobody can say what follows.</summary>
    internal static (LostBatches Lost, byte[] Note)? Make(string gateway, GatewayOutbox outbox, KeyChain keys, long place)
    {
        if (outbox.OldestKept() is long oldest && oldest <= place)
        {
            return null;
        }

        (int epoch, long first) = outbox.Places.At(place);
        long next = outbox.OldestKept() ?? outbox.LastBatch + 1;
        KeyRotation? end = outbox.Places.EndOf(epoch);
        if (end is not null && outbox.Places.At(next).KeyEpoch != epoch)
        {
            return first > end.Through ? null : Sign(new(gateway, epoch, first, end.Through, end.Head), keys);
        }

        if (next <= place || !outbox.TryRead(next, out ReadOnlyMemory<byte> envelope, out _))
        {
            return null;
        }

        BatchManifest manifest = BatchEnvelope.Open(envelope.Span).Manifest;
        return Sign(new(gateway, epoch, first, manifest.Batch - 1, manifest.PreviousHash), keys);
    }

    private static (LostBatches Lost, byte[] Note) Sign(LostBatches lost, KeyChain keys) => (lost, lost.Sign(keys.KeyOf(lost.KeyEpoch)));
}
