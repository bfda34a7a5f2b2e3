using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Evidence.Chain;

/// <summary>Opens one batch and checks all that can be known from its own bytes and the gateway's key: form, segment hashes, name, signature.</summary>
public static class SignedBatch
{
    /// <summary>Opens and checks a batch.</summary>
    /// <param name="bytes">The envelope as it travelled.</param>
    /// <param name="gateway">The gateway it must come from.</param>
    /// <param name="findKey">The public key of a key epoch, or null when there is none.</param>
    /// <param name="envelope">The opened envelope; null only when <paramref name="bytes"/> could not be opened (fault <see cref="ChainFaultKind.Form"/>).</param>
    /// <param name="segments">Its readings; empty when there is a fault.</param>
    /// <returns>The fault, or null when the batch is sound in itself. Its place in the chain is not looked at.</returns>
    public static ChainFault? Check(
        ReadOnlySpan<byte> bytes, string gateway, Func<int, ECDsa?> findKey, out BatchEnvelope? envelope, out IReadOnlyList<ChannelSegment> segments)
    {
        envelope = null;
        segments = [];
        try
        {
            envelope = BatchEnvelope.Open(bytes);
        }
        catch (WireFormatException e)
        {
            return new(0, 0, ChainFaultKind.Form, e.Message);
        }

        BatchManifest manifest = envelope.Manifest;
        if (manifest.Gateway != gateway)
        {
            return new(manifest.KeyEpoch, manifest.Batch, ChainFaultKind.OtherGateway, $"{manifest.Gateway}, not {gateway}");
        }

        if (findKey(manifest.KeyEpoch) is not ECDsa key)
        {
            return new(manifest.KeyEpoch, manifest.Batch, ChainFaultKind.UnknownKey, "");
        }

        NoteFault signature = SignedNote.Verify(envelope.Note.Span, gateway, key);
        if (signature != NoteFault.None)
        {
            return new(manifest.KeyEpoch, manifest.Batch, ChainFaultKind.Signature, Describe(signature));
        }

        try
        {
            segments = envelope.ReadSegments();
            return null;
        }
        catch (WireFormatException e)
        {
            return new(manifest.KeyEpoch, manifest.Batch, ChainFaultKind.Form, e.Message);
        }
    }

    private static string Describe(NoteFault fault) => fault switch
    {
        NoteFault.WrongKey => "made by another key",
        NoteFault.NotCanonical => "not in its one canonical form",
        NoteFault.BadSignature => "the manifest was altered after signing, or signed by another key",
        NoteFault.None or NoteFault.Malformed or NoteFault.WrongSigner => fault.ToString(),
        _ => fault.ToString(),
    };
}
