using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Metering.Evidence.Bundle;

/// <summary>
/// Writes a bundle file by file, then seals it: the ZIP that <see cref="BundleFile"/> reads and any other program opens. Needs memory for the
/// directory only. The stream must be empty, and able to be read and sought.
/// </summary>
public sealed class BundleWriter(Stream stream)
{
    private readonly List<ZipRecord> _records = [];
    private bool _isSealed;

    /// <summary>Adds a file.</summary>
    /// <param name="name">One of <see cref="BundleNames"/>, not twice.</param>
    /// <param name="content">Its bytes.</param>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        byte[] bytes = content.ToArray();
        Add(name, target => target.Write(bytes));
    }

    /// <summary>Adds a file that is written as it comes.</summary>
    /// <param name="name">One of <see cref="BundleNames"/>, not twice.</param>
    /// <param name="write">Writes its bytes.</param>
    /// <exception cref="ArgumentException">The name is none of a bundle's, or is there already.</exception>
    /// <exception cref="BundleFormatException">The bundle would be larger than 4 GB, or have too many files.</exception>
    public void Add(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        ObjectDisposedException.ThrowIf(_isSealed, this);
        if (!BundleNames.IsKnown(name) || _records.Exists(record => record.Name == name))
        {
            throw new ArgumentException($"'{name}' is no name of a file in a bundle, or is there already", nameof(name));
        }

        long offset = stream.Position;
        stream.Write(new byte[ZipRecord.LocalLength + name.Length]);
        Counter counter = new();
        using (DeflateStream packed = new(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            counter.Target = packed;
            write(counter);
        }

        long dataOffset = offset + ZipRecord.LocalLength + name.Length;

        // Of nothing the framework's compressor writes nothing, which is no compressed data: an empty file is a stored one.
        ZipRecord record = new(name, offset, dataOffset, IsDeflated: counter.Count > 0, stream.Position - dataOffset, counter.Count, counter.Checksum);
        if (stream.Position > uint.MaxValue || record.Length > BundleFile.MaximumLength || _records.Count >= BundleFile.MaximumFiles)
        {
            throw new BundleFormatException($"the bundle is larger than a bundle may be at '{name}': take a shorter period or fewer channels");
        }

        if (record.Length > record.PackedLength * BundleFile.MaximumExpansion)
        {
            throw new BundleFormatException($"'{name}' shrinks so far that readers would take it for a bomb");
        }

        byte[] header = new byte[ZipRecord.LocalLength + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, ZipRecord.LocalMark);
        WriteShared(header.AsSpan(4), record);
        _ = Encoding.ASCII.GetBytes(name, header.AsSpan(ZipRecord.LocalLength));
        long end = stream.Position;
        stream.Position = offset;
        stream.Write(header);
        stream.Position = end;
        _records.Add(record);
    }

    /// <summary>Writes the directory and seals the file.</summary>
    /// <param name="log">Name of the log.</param>
    /// <param name="key">Its private key.</param>
    public void Seal(string log, ECDsa key)
    {
        ObjectDisposedException.ThrowIf(_isSealed, this);
        _isSealed = true;
        byte[] directory = Directory(stream.Position, out byte[] end);
        stream.Write(directory);
        long length = stream.Position;

        // The comment's length stands before it and is signed with it; a signature is of one of two or three lengths, so some tries meet it.
        byte[] seal = [];
        byte[] before;
        do
        {
            BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(20), (ushort)seal.Length);
            before = seal;
            seal = new BundleSeal(log, length + end.Length, HashOf(length, end)).Sign(key);
        }
        while (seal.Length != before.Length);

        // The last two notes have one length, and the last was signed over that of the one before.
        stream.Write(end);
        stream.Write(seal);
        stream.Flush();
    }

    private string HashOf(long length, byte[] end)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        stream.Flush();
        stream.Position = 0;
        byte[] buffer = new byte[64 * 1024];
        while (stream.Position < length)
        {
            int read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, length - stream.Position));
            hash.AppendData(buffer, 0, read);
        }

        hash.AppendData(end);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private byte[] Directory(long offset, out byte[] end)
    {
        using MemoryStream directory = new();
        foreach (ZipRecord record in _records)
        {
            byte[] header = new byte[ZipRecord.CentralLength + record.Name.Length];
            BinaryPrimitives.WriteUInt32LittleEndian(header, ZipRecord.CentralMark);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), ZipRecord.Version);
            WriteShared(header.AsSpan(6), record);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), (uint)record.Offset);
            _ = Encoding.ASCII.GetBytes(record.Name, header.AsSpan(ZipRecord.CentralLength));
            directory.Write(header);
        }

        end = new byte[ZipRecord.EndLength];
        BinaryPrimitives.WriteUInt32LittleEndian(end, ZipRecord.EndMark);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)_records.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)_records.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)offset);
        return directory.ToArray();
    }

    private static void WriteShared(Span<byte> shared, ZipRecord record)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(shared, ZipRecord.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(shared[4..], record.IsDeflated ? ZipRecord.Deflate : (ushort)0);
        BinaryPrimitives.WriteUInt32LittleEndian(shared[6..], ZipRecord.Date);
        BinaryPrimitives.WriteUInt32LittleEndian(shared[10..], record.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(shared[14..], (uint)record.PackedLength);
        BinaryPrimitives.WriteUInt32LittleEndian(shared[18..], (uint)record.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(shared[22..], (ushort)record.Name.Length);
    }

    /// <summary>Counts and sums on the way into the compressor.</summary>
    private sealed class Counter : Stream
    {
        internal Stream? Target { get; set; }

        internal long Count { get; private set; }

        internal uint Checksum { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Count;

        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int start, int count) => Write(buffer.AsSpan(start, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Checksum = ZipChecksum.Append(Checksum, buffer);
            Count += buffer.Length;
            Target!.Write(buffer);
        }

        public override void Flush() => Target!.Flush();

        public override int Read(byte[] buffer, int start, int count) => throw new NotSupportedException();

        public override long Seek(long toOffset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
