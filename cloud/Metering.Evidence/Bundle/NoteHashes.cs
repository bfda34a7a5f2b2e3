using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;

namespace Metering.Evidence.Bundle;

/// <summary>
/// The hashes of a batch's note apart from its text, as they stand in a bundle: 32 bytes each in a file of their own, and "=" in their place. Half of a note is hashes, and as
/// hexadecimal digits no compressor brings them back to their size. The signed text comes back byte for byte.
/// </summary>
public static class NoteHashes
{
    private const int Digits = 2 * SHA256.HashSizeInBytes;

    /// <summary>Parts a note.</summary>
    /// <param name="note">The note.</param>
    /// <param name="text">Gets its text.</param>
    /// <param name="hashes">Gets its hashes.</param>
    /// <exception cref="WireFormatException">A line of it ends with " =", which then could not be told from a hash.</exception>
    public static void Pack(ReadOnlySpan<byte> note, IBufferWriter<byte> text, IBufferWriter<byte> hashes)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(hashes);
        while (!note.IsEmpty)
        {
            ReadOnlySpan<byte> line = LineOf(ref note);
            if (line.EndsWith(" =\n"u8))
            {
                throw new WireFormatException("a line of a note ends with ' =', which stands for a hash in a bundle");
            }

            int start = line.Length - Digits - 1;
            if (start > 0 && line[^1] == (byte)'\n' && line[start - 1] == (byte)' ' && !line[start..^1].ContainsAnyExcept("0123456789abcdef"u8))
            {
                hashes.Write(Convert.FromHexString(Encoding.ASCII.GetString(line[start..^1])));
                text.Write(line[..start]);
                text.Write("=\n"u8);
            }
            else
            {
                text.Write(line);
            }
        }
    }

    /// <summary>Puts a note together again.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="hashes">The hashes, from its first on.</param>
    /// <param name="note">Gets the note.</param>
    /// <exception cref="WireFormatException">There are too few hashes.</exception>
    public static void Unpack(ReadOnlySpan<byte> text, Stream hashes, IBufferWriter<byte> note)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentNullException.ThrowIfNull(note);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> digits = stackalloc byte[Digits];
        while (!text.IsEmpty)
        {
            ReadOnlySpan<byte> line = LineOf(ref text);
            if (!line.EndsWith(" =\n"u8))
            {
                note.Write(line);
                continue;
            }

            if (hashes.ReadAtLeast(hash, hash.Length, throwOnEndOfStream: false) < hash.Length)
            {
                throw new WireFormatException("there are fewer hashes than the notes have places for");
            }

            _ = Convert.TryToHexStringLower(hash, digits, out _);
            note.Write(line[..^2]);
            note.Write(digits);
            note.Write("\n"u8);
        }
    }

    private static ReadOnlySpan<byte> LineOf(ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? text : text[..(end + 1)];
        text = text[line.Length..];
        return line;
    }
}
