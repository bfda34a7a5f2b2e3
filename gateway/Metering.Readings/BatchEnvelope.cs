using System.Buffers;
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
    /// <param name="note">The signed manifest.</param>
    /// <param name="segments">The segments' bytes, in manifest order.</param>
    /// <exception cref="ArgumentException">The envelope is larger than <see cref="BatchLimits.MaximumEnvelopeLength"/>: cut smaller batches.</exception>
    public static byte[] Pack(ReadOnlySpan<byte> note, IReadOnlyList<ReadOnlyMemory<byte>> segments)
    {
        using MemoryStream stream = new(note.Length);
        stream.Write(Magic);
        using (ZLibStream zlib = new(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            WritePart(zlib, note);
            foreach (ReadOnlyMemory<byte> segment in segments)
            {
                WritePart(zlib, segment.Span);
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

        byte[] expanded = Expand(bytes[Magic.Length..], out int length);
        try
        {
            return Read(expanded.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(expanded);
        }
    }

    /// <summary>Reads the segments and checks that each is the one its manifest line names.</summary>
    /// <exception cref="WireFormatException">A segment is not canonical or belongs elsewhere.</exception>
    public IReadOnlyList<ChannelSegment> ReadSegments()
    {
        ChannelSegment[] result = new ChannelSegment[Segments.Count];
        ReadingRoom room = new(Manifest.ReadingCount);
        for (int index = 0; index < result.Length; index++)
        {
            ManifestChannel line = Manifest.Channels[index];
            ChannelSegment segment = ChannelSegment.Parse(Segments[index], Manifest.Gateway, room, line.Count);
            bool fits = segment.Gateway == Manifest.Gateway && segment.Batch == Manifest.Batch
                && segment.Channel.Id == line.Channel
                && segment.UtcMilliseconds.Span[0] >= Manifest.FirstUtcMilliseconds
                && segment.UtcMilliseconds.Span[^1] <= Manifest.LastUtcMilliseconds;
            result[index] = fits ? segment : throw new WireFormatException($"segment {index} does not belong to its manifest line");
        }

        return result;
    }

    private static BatchEnvelope Read(ReadOnlySpan<byte> expanded)
    {
        int offset = 0;
        byte[] note = ReadPart(expanded, ref offset).ToArray();
        if (!SignedNote.TrySplit(note, out int textLength, out string signer, out _))
        {
            throw new WireFormatException("the manifest is not a signed note");
        }

        BatchManifest manifest = BatchManifest.Parse(note.AsSpan(0, textLength));
        if (!string.Equals(signer, manifest.Gateway, StringComparison.Ordinal))
        {
            throw new WireFormatException("the signer is not the gateway of the manifest");
        }

        // One hasher for all: a one-shot hash spends longer on setting up than on the bytes of a usual segment.
        using IncrementalHash hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[][] segments = new byte[manifest.Channels.Count][];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> hexadecimal = stackalloc char[2 * SHA256.HashSizeInBytes];
        for (int index = 0; index < segments.Length; index++)
        {
            ManifestChannel channel = manifest.Channels[index];
            ReadOnlySpan<byte> segment = ReadPart(expanded, ref offset);
            hasher.AppendData(segment);
            _ = hasher.GetHashAndReset(hash);
            _ = Convert.TryToHexStringLower(hash, hexadecimal, out _);
            if (!hexadecimal.SequenceEqual(channel.SegmentHash))
            {
                throw new WireFormatException($"the segment of channel {channel.Channel} does not have the hash that the manifest states");
            }

            segments[index] = segment.ToArray();
        }

        return offset == expanded.Length ? new(note, manifest, segments) : throw new WireFormatException("bytes after the last segment");
    }

    private static void WritePart(Stream stream, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[LengthPrefix];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)part.Length);
        stream.Write(length);
        stream.Write(part);
    }

    private static ReadOnlySpan<byte> ReadPart(ReadOnlySpan<byte> expanded, ref int offset)
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

        ReadOnlySpan<byte> part = expanded.Slice(offset, (int)length);
        offset += (int)length;
        return part;
    }

    /// <summary>Expands into a pooled array that the caller gives back.</summary>
    private static byte[] Expand(ReadOnlySpan<byte> compressed, out int length)
    {
        byte[] input = ArrayPool<byte>.Shared.Rent(compressed.Length);
        byte[] output = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestOutput, UsualExpansion * compressed.Length));
        try
        {
            compressed.CopyTo(input);
            using EndWatchingStream source = new(input.AsMemory(0, compressed.Length));
            length = Expand(source, ref output);
            return source.EndedWhereTheDataEnd
                ? output
                : throw new WireFormatException("the compressed data are cut off, or bytes follow them");
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(output);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
        }
    }

    private static int Expand(EndWatchingStream source, ref byte[] output)
    {
        using ZLibStream zlib = new(source, CompressionMode.Decompress, leaveOpen: true);
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
                    byte[] larger = ArrayPool<byte>.Shared.Rent(2 * length);
                    output.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(output);
                    output = larger;
                }
            }

            return length;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // An IOException (its kind is internal to the framework) is a stream that asks for a preset dictionary, RFC 1950 2.2.
            throw new WireFormatException("the envelope is not readable zlib data", e);
        }
    }

    /// <summary>
    /// Notices whether the compressed data end exactly with the bytes. It hands out its last byte only when asked for nothing
    /// else: the decompressor asks for it exactly when the data end there, so bytes behind them are noticed; and once it has the
    /// whole check sum (RFC 1950, 2.2), which it compares, it asks for no more, so data that are cut off are noticed too. The
    /// framework itself passes over both in silence.
    /// </summary>
    private sealed class EndWatchingStream(ReadOnlyMemory<byte> bytes) : Stream
    {
        private int _position;
        private bool _wasAskedForMore;

        public bool EndedWhereTheDataEnd => _position == bytes.Length && !_wasAskedForMore;

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
            _wasAskedForMore |= _position == bytes.Length;
            int end = _position < bytes.Length - 1 ? bytes.Length - 1 : bytes.Length;
            int count = Math.Min(buffer.Length, end - _position);
            bytes.Span.Slice(_position, count).CopyTo(buffer);
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
