using System.Buffers.Binary;
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
        long dataOffset = Begin(name);
        PackingStream packing;
        using (packing = new(stream))
        {
            write(packing);
        }

        End(name, dataOffset, packing.Count, packing.Checksum);
    }

    /// <summary>Adds a file that was compressed elsewhere.</summary>
    /// <param name="file">The file; it is finished by it.</param>
    /// <exception cref="ArgumentException">The name is none of a bundle's, or is there already.</exception>
    /// <exception cref="BundleFormatException">The bundle would be larger than 4 GB, or have too many files.</exception>
    public void Add(PackedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        long dataOffset = Begin(file.Name);
        file.CopyTo(stream);
        End(file.Name, dataOffset, file.Length, file.Checksum);
    }

    private long Begin(string name)
    {
        ObjectDisposedException.ThrowIf(_isSealed, this);
        if (!BundleNames.IsKnown(name) || _records.Exists(record => record.Name == name))
        {
            throw new ArgumentException($"'{name}' is no name of a file in a bundle, or is there already", nameof(name));
        }

        stream.Write(new byte[ZipRecord.LocalLength + name.Length]);
        return stream.Position;
    }

    private void End(string name, long dataOffset, long length, uint checksum)
    {
        // An empty file is stored: programs differ over compressed nothing.
        long offset = dataOffset - ZipRecord.LocalLength - name.Length;
        ZipRecord record = new(name, offset, dataOffset, IsDeflated: length > 0, stream.Position - dataOffset, length, checksum);
        if (stream.Position > uint.MaxValue || record.Length > BundleFile.MaximumLength || _records.Count >= BundleFile.MaximumFiles)
        {
            throw new BundleFormatException($"the bundle is larger than a bundle may be at '{name}': take a shorter period or fewer channels");
        }

        if (BundleFile.IsBomb(record))
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
}
