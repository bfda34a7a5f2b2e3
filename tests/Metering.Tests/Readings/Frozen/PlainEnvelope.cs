using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Tests.Readings.Frozen;

/// <summary>An envelope opened with a copy for each part. Not to be changed, see <see cref="PlainLines"/>.</summary>
internal static class PlainEnvelope
{
    private const int LengthPrefix = 4;
    private const int UsualExpansion = 6;
    private const int SmallestOutput = 4096;

    private static ReadOnlySpan<byte> Magic => "MTR1"u8;

    public static (byte[] Note, BatchManifest Manifest, IReadOnlyList<byte[]> Segments) Open(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > BatchLimits.MaximumEnvelopeLength || !bytes.StartsWith(Magic))
        {
            throw new WireFormatException("not a batch of version 1, or larger than the limit");
        }

        ReadOnlySpan<byte> expanded = Expand(bytes[Magic.Length..]);
        int offset = 0;
        byte[] note = ReadPart(expanded, ref offset);
        if (!PlainNote.TrySplit(note, out int textLength, out string signer, out _))
        {
            throw new WireFormatException("the manifest is not a signed note");
        }

        BatchManifest manifest = PlainManifest.Parse(note.AsSpan(0, textLength));
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

        return offset == expanded.Length ? (note, manifest, segments) : throw new WireFormatException("bytes after the last segment");
    }

    public static IReadOnlyList<ChannelSegment> ReadSegments(BatchManifest manifest, IReadOnlyList<byte[]> segments)
    {
        List<ChannelSegment> result = new(segments.Count);
        for (int index = 0; index < segments.Count; index++)
        {
            ManifestChannel line = manifest.Channels[index];
            ChannelSegment segment = PlainSegment.Parse(segments[index]);
            bool fits = segment.Gateway == manifest.Gateway && segment.Batch == manifest.Batch
                && segment.Channel.Id == line.Channel && segment.Count == line.Count
                && segment.UtcMilliseconds.Span[0] >= manifest.FirstUtcMilliseconds
                && segment.UtcMilliseconds.Span[^1] <= manifest.LastUtcMilliseconds;
            result.Add(fits ? segment : throw new WireFormatException($"segment {index} does not belong to its manifest line"));
        }

        return result;
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

    // RFC 1950, 2.2: the data end with their Adler-32, big-endian.
    private static bool EndsWithAdler32(ReadOnlySpan<byte> compressed, ReadOnlySpan<byte> expanded)
    {
        const uint Modulus = 65_521;
        uint a = 1;
        uint b = 0;
        foreach (byte value in expanded)
        {
            a = (a + value) % Modulus;
            b = (b + a) % Modulus;
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
