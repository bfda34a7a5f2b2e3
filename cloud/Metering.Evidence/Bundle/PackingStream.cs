using System.IO.Compression;

namespace Metering.Evidence.Bundle;

/// <summary>Counts and sums what is written on its way into the compressor; the target stays open. Nothing written gives no byte at all.</summary>
internal sealed class PackingStream(Stream target) : Stream
{
    // Segments have some hundred bytes: one by one, calling the compressor would cost more than its work.
    private const int BufferLength = 64 * 1024;

    private readonly BufferedStream _packed = new(new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true), BufferLength);

    /// <summary>Bytes written.</summary>
    public long Count { get; private set; }

    /// <summary>CRC-32 of them.</summary>
    public uint Checksum { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Count;

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Checksum = ZipChecksum.Append(Checksum, buffer);
        Count += buffer.Length;
        _packed.Write(buffer);
    }

    public override void Flush() => _packed.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _packed.Dispose();
        }

        base.Dispose(disposing);
    }
}
