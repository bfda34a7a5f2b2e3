using Metering.Evidence.Chain;
using Metering.Readings;
using Metering.Store;

namespace Metering.Ingestion;

/// <summary>Why a batch is refused.</summary>
internal sealed record Refusal(RefusalKind Kind, string Sentence);

/// <summary>All that can be said of one batch without its place in the chain.</summary>
internal sealed class BatchCheck(GatewayKeys keys, TimeProvider clock)
{
    private const int MagicLength = 4;

    /// <summary>Opens a batch.</summary>
    /// <returns>Why it is refused, or null when it is sound.</returns>
    public Refusal? Check(IncomingBatch incoming, out BatchEnvelope? envelope, out IReadOnlyList<ChannelSegment> segments)
    {
        ReadOnlySpan<byte> bytes = incoming.Payload.Span;
        ChainFault? fault = SignedBatch.Check(bytes, incoming.Gateway, epoch => keys.Find(incoming.Gateway, epoch), out envelope, out segments);
        if (fault is not null)
        {
            return new(KindOf(incoming.Gateway, bytes, fault.Kind), fault.Message);
        }

        BatchManifest manifest = envelope!.Manifest;
        KeyEnd? end = keys.FindEnd(incoming.Gateway, manifest.KeyEpoch);
        if (end?.RevokedFrom <= clock.GetUtcNow())
        {
            return new(RefusalKind.Revoked, $"batch {manifest.Batch}: key epoch {manifest.KeyEpoch} is revoked since {end.RevokedFrom:yyyy-MM-ddTHH:mm:ssZ} ({end.Reason})");
        }

        return end?.ClosedThrough < manifest.Batch
            ? new(RefusalKind.Closed, $"batch {manifest.Batch}: the gateway closed key epoch {manifest.KeyEpoch} with batch {end.ClosedThrough}")
            : null;
    }

    private RefusalKind KindOf(string gateway, ReadOnlySpan<byte> bytes, ChainFaultKind fault)
    {
        if (!keys.IsEnrolled(gateway))
        {
            return RefusalKind.UnknownGateway;
        }

        return fault switch
        {
            ChainFaultKind.Form => IsLaterVersion(bytes) ? RefusalKind.LaterVersion : RefusalKind.Form,
            ChainFaultKind.OtherGateway => RefusalKind.OtherGateway,
            ChainFaultKind.UnknownKey => RefusalKind.UnknownKey,
            ChainFaultKind.Signature => RefusalKind.Signature,
            ChainFaultKind.Epoch or ChainFaultKind.Missing or ChainFaultKind.Order or ChainFaultKind.Duplicate or ChainFaultKind.Fork or ChainFaultKind.Link or ChainFaultKind.Place
                => RefusalKind.Form,
            _ => RefusalKind.Form,
        };
    }

    private static bool IsLaterVersion(ReadOnlySpan<byte> bytes) =>
        bytes.Length > MagicLength && bytes.StartsWith("MTR"u8) && bytes[MagicLength - 1] is > (byte)'1' and <= (byte)'9';
}
