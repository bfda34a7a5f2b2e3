using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Evidence.Log;

/// <summary>
/// What the log says of itself at one moment, in the shape of C2SP's tlog-checkpoint: origin, size, root in base64, then the extension line "at".
/// Signed as a <see cref="SignedNote"/> by the log's key under the name of the log.
/// </summary>
/// <param name="Log">Name of the log, an <see cref="Identifier"/>; also the signer.</param>
/// <param name="Size">Number of entries.</param>
/// <param name="Root">Root of the tree, 32 bytes.</param>
/// <param name="UtcMilliseconds">When, by the log's clock.</param>
public sealed record Checkpoint(string Log, long Size, ReadOnlyMemory<byte> Root, long UtcMilliseconds)
{
    private const string OriginLead = "metering/v1/log/";
    private const string TimeLead = "at ";

    /// <summary>The signed checkpoint.</summary>
    public byte[] Sign(ECDsa key) => SignedNote.Sign(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{OriginLead}{Log}\n{Size}\n{Convert.ToBase64String(Root.Span)}\n{TimeLead}{LogEntry.Instant(UtcMilliseconds)}\n")), Log, key);

    /// <summary>Reads a checkpoint and checks its signature.</summary>
    /// <param name="note">The signed note.</param>
    /// <param name="key">The log's public key.</param>
    /// <exception cref="WireFormatException">It is no checkpoint, not in its one form, or not signed by this key.</exception>
    public static Checkpoint Open(ReadOnlySpan<byte> note, ECDsa key)
    {
        Checkpoint checkpoint = Read(note);
        NoteFault fault = SignedNote.Verify(note, checkpoint.Log, key);
        return fault == NoteFault.None ? checkpoint : throw new WireFormatException($"the checkpoint is not signed by the log's key ({fault})");
    }

    /// <summary>Reads a checkpoint without looking at its signature.</summary>
    /// <exception cref="WireFormatException">It is no checkpoint, or not in its one form.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> note)
    {
        if (!SignedNote.TrySplit(note, out int length, out string signer, out _))
        {
            throw new WireFormatException("not a signed note");
        }

        string text = Encoding.Latin1.GetString(note[..length]);
        string[] lines = text.Split('\n');
        if (lines is [string origin, string count, string encoded, string at, ""]
            && origin == OriginLead + signer
            && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0
            && TryRoot(encoded, out byte[] root)
            && at.StartsWith(TimeLead, StringComparison.Ordinal) && LogEntry.TryInstant(at[TimeLead.Length..], out long utcMilliseconds)
            && text == string.Create(CultureInfo.InvariantCulture, $"{OriginLead}{signer}\n{size}\n{Convert.ToBase64String(root)}\n{TimeLead}{LogEntry.Instant(utcMilliseconds)}\n"))
        {
            return new(signer, size, root, utcMilliseconds);
        }

        throw new WireFormatException("not a checkpoint of version 1 in its one form");
    }

    private static bool TryRoot(string text, out byte[] root)
    {
        root = new byte[MerkleHash.Length + 2];
        bool isBase64 = Convert.TryFromBase64String(text, root, out int length) && length == MerkleHash.Length;
        root = root[..MerkleHash.Length];
        return isBase64;
    }
}
