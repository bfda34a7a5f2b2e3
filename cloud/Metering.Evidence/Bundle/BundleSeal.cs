using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Evidence.Bundle;

/// <summary>
/// The last bytes of a bundle: its ZIP comment, a <see cref="SignedNote"/> of the log's key over the log's name,
/// and the number and the SHA-256 of all bytes before it.
/// </summary>
/// <param name="Log">Name of the log, the signer.</param>
/// <param name="Length">Bytes before the comment.</param>
/// <param name="Hash">Their SHA-256, lower-case hexadecimal.</param>
public sealed record BundleSeal(string Log, long Length, string Hash)
{
    /// <summary>Most bytes of a seal.</summary>
    public const int MaximumLength = 1024;

    private const string HeaderLead = "metering/v1/bundle/";
    private const string LengthLead = "bytes ";
    private const string HashLead = "sha256 ";

    /// <summary>The signed seal.</summary>
    public byte[] Sign(ECDsa key) => SignedNote.Sign(Encoding.ASCII.GetBytes(Text), Log, key);

    /// <summary>Reads a seal and checks its signature.</summary>
    /// <exception cref="BundleFormatException">It is no seal, or not in its one form.</exception>
    public static (BundleSeal Seal, NoteFault Fault) Open(ReadOnlySpan<byte> note, ECDsa key)
    {
        BundleSeal seal = Read(note);
        return (seal, SignedNote.Verify(note, seal.Log, key));
    }

    /// <summary>Reads a seal without looking at its signature.</summary>
    /// <exception cref="BundleFormatException">It is no seal, or not in its one form.</exception>
    public static BundleSeal Read(ReadOnlySpan<byte> note)
    {
        if (note.Length <= MaximumLength && SignedNote.TrySplit(note, out int length, out string signer, out _))
        {
            string text = Encoding.Latin1.GetString(note[..length]);
            if (text.Split('\n') is [string header, string bytes, string hash, ""] && header == HeaderLead + signer && bytes.StartsWith(LengthLead, StringComparison.Ordinal) && hash.StartsWith(HashLead, StringComparison.Ordinal)
                && long.TryParse(bytes[LengthLead.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            {
                BundleSeal seal = new(signer, count, hash[HashLead.Length..]);
                if (seal.Text == text && seal.Hash.Length == 2 * SHA256.HashSizeInBytes && seal.Hash.All(char.IsAsciiHexDigitLower))
                {
                    return seal;
                }
            }
        }

        throw new BundleFormatException("the end of the file is no seal: its ZIP comment must be the signed note that closes a bundle. Is the file whole, and was it made by 'cloud evidence'?");
    }

    private string Text => string.Create(CultureInfo.InvariantCulture, $"{HeaderLead}{Log}\n{LengthLead}{Length}\n{HashLead}{Hash}\n");
}
