using System.Buffers.Binary;
using System.IO.Compression;

namespace Metering.Evidence.Bundle;

/// <summary>
/// Reads the ZIP of a bundle, and only the one form that bundles have: local headers, directory and end stand one behind the other without a gap,
/// both headers of a file agree, no name twice, none but those of a bundle, lengths within limits. So no two programs can see two different contents.
/// Needs memory for the directory and for one file at a time; files are read as streams.
/// </summary>
public sealed class BundleFile
{
    /// <summary>Most files of a bundle.</summary>
    public const int MaximumFiles = 60_000;

    /// <summary>Most bytes of one file once expanded.</summary>
    public const long MaximumLength = 2L * 1024 * 1024 * 1024;

    /// <summary>What shrinks more than this, and is larger than <see cref="HarmlessLength"/>, expands without end.</summary>
    public const int MaximumExpansion = 1_000;

    /// <summary>A file of so many bytes or less is read, however far it was shrunk.</summary>
    public const long HarmlessLength = 64L * 1024 * 1024;

    private const int LongestName = 200;
    private readonly Stream _stream;
    private readonly Dictionary<string, ZipRecord> _records;

    private BundleFile(Stream stream, Dictionary<string, ZipRecord> records, long sealedLength, byte[] seal) =>
        (_stream, _records, SealedLength, Seal) = (stream, records, sealedLength, seal);

    /// <summary>Names of the files, in the order of the directory.</summary>
    public IEnumerable<string> Names => _records.Keys;

    /// <summary>Bytes before the seal.</summary>
    public long SealedLength { get; }

    /// <summary>The ZIP comment.</summary>
    public ReadOnlyMemory<byte> Seal { get; }

    /// <summary>Opens a bundle.</summary>
    /// <param name="stream">Can seek; stays the caller's, who must not use it meanwhile.</param>
    /// <exception cref="BundleFormatException">Not a ZIP of a bundle's form; the message says what is wrong.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BundleFile Open(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (long endOffset, byte[] end, byte[] comment) = FindEnd(stream);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(10));
        long directoryLength = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(12));
        long directoryOffset = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        bool isOneDisk = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(4)) == 0 && BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(8)) == count;
        if (!isOneDisk || count is 0 or > MaximumFiles || directoryOffset + directoryLength != endOffset || directoryLength > count * (long)(ZipRecord.CentralLength + LongestName))
        {
            throw new BundleFormatException("the directory of the ZIP does not end where the ZIP ends, or counts its files wrongly: bytes were added, taken away or exchanged")
            {
                Fault = !BeginsWithFile(stream) ? BundleFormFault.InFront : directoryOffset + directoryLength < endOffset ? BundleFormFault.Hidden : BundleFormFault.Other,
            };
        }

        byte[] directory = ReadAt(stream, directoryOffset, (int)directoryLength);
        Dictionary<string, ZipRecord> records = new(count, StringComparer.Ordinal);
        long next = 0;
        int place = 0;
        for (int index = 0; index < count; index++)
        {
            ZipRecord record = ReadCentral(directory, ref place);
            if (record.Offset != next)
            {
                throw new BundleFormatException($"'{record.Name}' does not begin where the file before it ends: there are hidden or shared bytes between them") { Fault = BundleFormFault.Hidden };
            }

            CheckName(record.Name);
            if (!records.TryAdd(record.Name, record))
            {
                throw new BundleFormatException($"'{record.Name}' is there twice: one program could read the first and another the second") { Fault = BundleFormFault.Twice };
            }

            CheckLocal(stream, record);
            CheckSize(record);
            next = record.DataOffset + record.PackedLength;
        }

        return next == directoryOffset && place == directory.Length
            ? new(stream, records, endOffset + ZipRecord.EndLength, comment)
            : throw new BundleFormatException("there are bytes between the last file and the directory of the ZIP") { Fault = BundleFormFault.Hidden };
    }

    /// <summary>Whether there is a file of this name.</summary>
    public bool Has(string name) => _records.ContainsKey(name);

    /// <summary>Bytes of a file once expanded, as its headers say; 0 when there is none.</summary>
    public long LengthOf(string name) => _records.GetValueOrDefault(name)?.Length ?? 0;

    /// <summary>A whole file; length and check sum are held against its headers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="maximum">Most bytes to take.</param>
    /// <exception cref="BundleFormatException">There is none, it is larger, or it is not what its headers say.</exception>
    public byte[] Read(string name, int maximum)
    {
        using Stream stream = OpenRead(name, maximum);
        byte[] bytes = new byte[_records[name].Length];
        stream.ReadExactly(bytes);
        return stream.ReadByte() < 0 ? bytes : throw new BundleFormatException($"'{name}' is longer than its headers say");
    }

    /// <summary>A file as a stream, to be read to its end, where length and check sum are held against its headers. Several may be open, by one thread.</summary>
    /// <exception cref="BundleFormatException">There is none, or it is larger than the maximum.</exception>
    public Stream OpenRead(string name, long maximum)
    {
        if (!_records.TryGetValue(name, out ZipRecord? record))
        {
            throw new BundleFormatException($"the bundle has no '{name}'");
        }

        if (record.Length > maximum)
        {
            throw new BundleFormatException($"'{name}' has {record.Length} bytes, and at most {maximum} are taken");
        }

        Slice slice = new(_stream, record.DataOffset, record.PackedLength);
        return new CheckedStream(record.IsDeflated ? new DeflateStream(slice, CompressionMode.Decompress) : slice, slice, record);
    }

    private static (long Offset, byte[] End, byte[] Comment) FindEnd(Stream stream)
    {
        int tail = (int)Math.Min(stream.Length, ZipRecord.EndLength + BundleSeal.MaximumLength);
        byte[] bytes = ReadAt(stream, stream.Length - tail, tail);
        BundleFormFault fault = BundleFormFault.CutOff;
        for (int place = tail - ZipRecord.EndLength; place >= 0; place--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(place)) != ZipRecord.EndMark)
            {
                continue;
            }

            // Exactly one end: its comment runs to the last byte of the file.
            int left = tail - place - ZipRecord.EndLength;
            int comment = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(place + 20));
            if (comment == left)
            {
                return (stream.Length - tail + place, bytes[place..(place + ZipRecord.EndLength)], bytes[(place + ZipRecord.EndLength)..]);
            }

            fault = comment < left ? BundleFormFault.Appended : fault;
        }

        throw new BundleFormatException("not a ZIP file, or bytes were cut off or added at its end") { Fault = fault };
    }

    private static bool BeginsWithFile(Stream stream) =>
        stream.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(ReadAt(stream, 0, sizeof(uint))) == ZipRecord.LocalMark;

    private static ZipRecord ReadCentral(ReadOnlySpan<byte> directory, ref int place)
    {
        ReadOnlySpan<byte> header = directory[place..];
        if (header.Length < ZipRecord.CentralLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != ZipRecord.CentralMark)
        {
            throw new BundleFormatException("the directory of the ZIP is damaged");
        }

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        bool isPlain = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]) == ZipRecord.Version && !header[32..42].ContainsAnyExcept((byte)0);
        if (!isPlain || header.Length < ZipRecord.CentralLength + nameLength)
        {
            throw new BundleFormatException("the directory of the ZIP has comments, attributes or other disks, which no bundle has");
        }

        place += ZipRecord.CentralLength + nameLength;
        return ZipRecord.Read(header.Slice(6, ZipRecord.SharedLength), header.Slice(ZipRecord.CentralLength, nameLength), BinaryPrimitives.ReadUInt32LittleEndian(header[42..]));
    }

    private static void CheckLocal(Stream stream, ZipRecord record)
    {
        byte[] header = ReadAt(stream, record.Offset, ZipRecord.LocalLength + record.Name.Length);
        bool isLocal = BinaryPrimitives.ReadUInt32LittleEndian(header) == ZipRecord.LocalMark && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) == record.Name.Length;
        if (!isLocal || ZipRecord.Read(header.AsSpan(4, ZipRecord.SharedLength), header.AsSpan(ZipRecord.LocalLength), record.Offset) != record)
        {
            throw new BundleFormatException($"the two headers of '{record.Name}' do not agree: one program could read one thing and another something else") { Fault = BundleFormFault.Headers };
        }
    }

    private static void CheckSize(ZipRecord record)
    {
        if (record.Length > MaximumLength || IsBomb(record))
        {
            throw new BundleFormatException($"'{record.Name}' would expand from {record.PackedLength} to {record.Length} bytes, which no bundle's file does") { Fault = BundleFormFault.Bomb };
        }
    }

    /// <summary>Whether a file expands beyond what a file of a bundle does: equal readings shrink without bound, so that only what grows large counts.</summary>
    internal static bool IsBomb(ZipRecord record) => record.Length > HarmlessLength && record.Length > record.PackedLength * MaximumExpansion;

    private static void CheckName(string name)
    {
        if (name.Length > LongestName || !BundleNames.IsKnown(name))
        {
            throw new BundleFormatException($"'{name[..Math.Min(name.Length, LongestName)]}' is no name of a file in a bundle") { Fault = BundleFormFault.Name };
        }
    }

    private static byte[] ReadAt(Stream stream, long offset, int length)
    {
        if (offset < 0 || offset + length > stream.Length)
        {
            throw new BundleFormatException("the ZIP points to bytes that it does not have");
        }

        byte[] bytes = new byte[length];
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// A stretch of the file. Its last bytes are given one by one: so a decompressor takes no byte behind the end of its data, and whoever looks sees whether
    /// there are any, or whether it asked for more than there is.
    /// </summary>
    private sealed class Slice(Stream stream, long offset, long length) : Stream
    {
        private const int OneByOne = 64;
        private long _done;
        private bool _isShort;

        /// <summary>Whether what was read is the whole stretch, and no more was asked for.</summary>
        public bool IsExact => _done == length && !_isShort;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _done;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int start, int count) => Read(buffer.AsSpan(start, count));

        public override int Read(Span<byte> buffer)
        {
            long left = length - _done;
            int wanted = (int)Math.Min(buffer.Length, left > OneByOne ? left - OneByOne : Math.Min(1, left));
            _isShort |= left == 0 && buffer.Length > 0;
            stream.Position = offset + _done;
            int read = wanted == 0 ? 0 : stream.Read(buffer[..wanted]);
            _done += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long toOffset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int start, int count) => throw new NotSupportedException();
    }

    /// <summary>Counts and sums what is read; the length in the headers is a claim.</summary>
    private sealed class CheckedStream(Stream inner, Slice slice, ZipRecord record) : Stream
    {
        private uint _checksum;
        private long _done;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => record.Length;

        public override long Position
        {
            get => _done;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int start, int count) => Read(buffer.AsSpan(start, count));

        public override int Read(Span<byte> buffer)
        {
            int read;
            try
            {
                read = inner.Read(buffer);
            }
            catch (InvalidDataException e)
            {
                throw new BundleFormatException($"'{record.Name}' cannot be expanded: its bytes are damaged", e);
            }

            _checksum = ZipChecksum.Append(_checksum, buffer[..read]);
            _done += read;
            bool isEnd = read == 0 && buffer.Length > 0;
            if (_done > record.Length || (isEnd && (_done != record.Length || _checksum != record.Checksum)))
            {
                throw new BundleFormatException($"'{record.Name}' is not what its headers say: length or check sum differ");
            }

            if (isEnd && record.IsDeflated && !slice.IsExact)
            {
                throw new BundleFormatException($"the compressed bytes of '{record.Name}' do not end where its headers say: bytes are hidden behind them, or they are cut off");
            }

            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long toOffset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int start, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
