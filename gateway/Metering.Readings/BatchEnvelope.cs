using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Metering.Readings;

/// <summary>
/// A batch as it travels: one MQTT message, one journal record, one evidence item.
/// Bytes: "MTR1" | zlib (RFC 1950)( for the manifest note and then each segment in manifest order: length, u32 big-endian | bytes ).
/// zlib because every standard library can open it. The signature covers the manifest, the manifest covers the segments
/// by hash; the compression itself carries no meaning.
/// </summary>
public sealed class BatchEnvelope
{
    private const int LengthPrefix = 4;

    /// <summary>Readings of meters shrink to a quarter or a fifth; more is grown into.</summary>
    private const int UsualExpansion = 6;
    private const int SmallestOutput = 4096;

    private BatchEnvelope(byte[] note, BatchManifest manifest, IReadOnlyList<byte[]> segments)
    {
        Note = note;
        Manifest = manifest;
        Segments = segments;
        NoteHash = BatchManifest.HashOf(note);
    }

    private static ReadOnlySpan<byte> Magic => "MTR1"u8;

    /// <summary>The signed manifest.</summary>
    public ReadOnlyMemory<byte> Note { get; }

    /// <summary>The manifest read from the note.</summary>
    public BatchManifest Manifest { get; }

    /// <summary>SHA-256 of the note, which the next batch names as its previous one.</summary>
    public string NoteHash { get; }

    /// <summary>Canonical bytes of each segment, in manifest order.</summary>
    public IReadOnlyList<byte[]> Segments { get; }

    /// <summary>Packs a signed note and its segments into the bytes that travel.</summary>
    /// <exception cref="ArgumentException">The envelope is larger than <see cref="BatchLimits.MaximumEnvelopeLength"/>: cut smaller batches.</exception>
    public static byte[] Pack(ReadOnlySpan<byte> note, IReadOnlyList<byte[]> segments)
    {
        using MemoryStream stream = new();
        stream.Write(Magic);
        using (ZLibStream zlib = new(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            WritePart(zlib, note);
            foreach (byte[] segment in segments)
            {
                WritePart(zlib, segment);
            }
        }

        return stream.Length <= BatchLimits.MaximumEnvelopeLength
            ? stream.ToArray()
            : throw new ArgumentException($"the envelope has {stream.Length} bytes, the limit is {BatchLimits.MaximumEnvelopeLength}", nameof(segments));
    }

    /// <summary>
    /// Opens an envelope and checks its form, every segment's hash and that each segment names this gateway, batch and
    /// channel. The signature is checked apart, by <see cref="SignedNote.Verify"/>, as it needs the gateway's key.
    /// </summary>
    /// <exception cref="WireFormatException">Something does not fit; the message says what.</exception>
    public static BatchEnvelope Open(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > BatchLimits.MaximumEnvelopeLength || !bytes.StartsWith(Magic))
        {
            throw new WireFormatException("not a batch of version 1, or larger than the limit");
        }

        ReadOnlySpan<byte> expanded = Expand(bytes[Magic.Length..]);
        int offset = 0;
        byte[] note = ReadPart(expanded, ref offset);
        if (!SignedNote.TrySplit(note, out int textLength, out string signer, out _))
        {
            throw new WireFormatException("the manifest is not a signed note");
        }

        BatchManifest manifest = BatchManifest.Parse(note.AsSpan(0, textLength));
        if (!string.Equals(signer, manifest.Gateway, StringComparison.Ordinal))
        {
            throw new WireFormatException("the signer is not the gateway of the manifest");
        }

        List<byte[]> segments = new(manifest.Channels.Count);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> hexadecimal = stackalloc char[2 * SHA256.HashSizeInBytes];
        foreach (ManifestChannel channel in manifest.Channels)
        {
            byte[] segment = ReadPart(expanded, ref offset);
            _ = SHA256.HashData(segment, hash);
            _ = Convert.TryToHexStringLower(hash, hexadecimal, out _);
            if (!hexadecimal.SequenceEqual(channel.SegmentHash))
            {
                throw new WireFormatException($"the segment of channel {channel.Channel} does not have the hash that the manifest states");
            }

            segments.Add(segment);
        }

        return offset == expanded.Length ? new(note, manifest, segments) : throw new WireFormatException("bytes after the last segment");
    }

    /// <summary>Reads the segments and checks that each is the one its manifest line names.</summary>
    /// <exception cref="WireFormatException">A segment is not canonical or belongs elsewhere.</exception>
    public IReadOnlyList<ChannelSegment> ReadSegments()
    {
        List<ChannelSegment> result = new(Segments.Count);
        for (int index = 0; index < Segments.Count; index++)
        {
            ManifestChannel line = Manifest.Channels[index];
            ChannelSegment segment = ChannelSegment.Parse(Segments[index]);
            bool fits = segment.Gateway == Manifest.Gateway && segment.Batch == Manifest.Batch
                && segment.Channel.Id == line.Channel && segment.Count == line.Count
                && segment.UtcMilliseconds.Span[0] >= Manifest.FirstUtcMilliseconds
                && segment.UtcMilliseconds.Span[^1] <= Manifest.LastUtcMilliseconds;
            result.Add(fits ? segment : throw new WireFormatException($"segment {index} does not belong to its manifest line"));
        }

        return result;
    }

    private static void WritePart(Stream stream, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[LengthPrefix];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)part.Length);
        stream.Write(length);
        stream.Write(part);
    }

    private static byte[] ReadPart(ReadOnlySpan<byte> expanded, ref int offset)
    {
        if (expanded.Length - offset < LengthPrefix)
        {
            throw new WireFormatException("the envelope ends before its last part");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(expanded[offset..]);
        offset += LengthPrefix;
        if (length > (uint)(expanded.Length - offset))
        {
            throw new WireFormatException("a part of the envelope is longer than the envelope");
        }

        byte[] part = expanded.Slice(offset, (int)length).ToArray();
        offset += (int)length;
        return part;
    }

    private static ReadOnlySpan<byte> Expand(ReadOnlySpan<byte> compressed)
    {
        using EndWatchingStream input = new(compressed.ToArray());
        using ZLibStream zlib = new(input, CompressionMode.Decompress);
        byte[] output = new byte[Math.Max(SmallestOutput, UsualExpansion * compressed.Length)];
        int length = 0;
        try
        {
            int read;
            while ((read = zlib.Read(output.AsSpan(length))) > 0)
            {
                length += read;
                if (length > BatchLimits.MaximumExpandedLength)
                {
                    throw new WireFormatException($"the envelope expands to more than {BatchLimits.MaximumExpandedLength} bytes");
                }

                if (length == output.Length)
                {
                    Array.Resize(ref output, 2 * length);
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new WireFormatException("the envelope is not readable zlib data", e);
        }

        ReadOnlySpan<byte> expanded = output.AsSpan(0, length);
        return input.WasReadToItsEnd && EndsWithAdler32(compressed, expanded)
            ? expanded
            : throw new WireFormatException("the compressed data are cut off, or bytes follow them");
    }

    /// <summary>
    /// RFC 1950, 2.2: compressed data end with the Adler-32 of the data, big-endian. The framework passes over a stream
    /// that is cut off inside that check sum, so it is checked here.
    /// </summary>
    private static bool EndsWithAdler32(ReadOnlySpan<byte> compressed, ReadOnlySpan<byte> expanded)
    {
        const uint Modulus = 65_521;
        const int LongestRunWithoutOverflow = 5_552;
        uint a = 1;
        uint b = 0;
        while (!expanded.IsEmpty)
        {
            ReadOnlySpan<byte> run = expanded[..Math.Min(expanded.Length, LongestRunWithoutOverflow)];
            expanded = expanded[run.Length..];
            unchecked
            {
                // Eight bytes at once: b takes a before them eight times, and each byte as often as it has followers, plus one.
                for (; run.Length >= 8; run = run[8..])
                {
                    b += (8 * a) + (8u * run[0]) + (7u * run[1]) + (6u * run[2]) + (5u * run[3]) + (4u * run[4]) + (3u * run[5]) + (2u * run[6]) + run[7];
                    a += (uint)run[0] + run[1] + run[2] + run[3] + run[4] + run[5] + run[6] + run[7];
                }

                foreach (byte value in run)
                {
                    a += value;
                    b += a;
                }
            }

            a %= Modulus;
            b %= Modulus;
        }

        return compressed.Length > 4 && BinaryPrimitives.ReadUInt32BigEndian(compressed[^4..]) == ((b << 16) | a);
    }

    /// <summary>
    /// Hands out its last byte only when asked for nothing else: the decompressor asks for it exactly when the compressed
    /// data end there, so data appended behind them are noticed. The framework itself passes over them in silence.
    /// </summary>
    private sealed class EndWatchingStream(byte[] bytes) : Stream
    {
        private int _position;

        public bool WasReadToItsEnd => _position == bytes.Length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => bytes.Length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int end = _position < bytes.Length - 1 ? bytes.Length - 1 : bytes.Length;
            int count = Math.Min(buffer.Length, end - _position);
            bytes.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
