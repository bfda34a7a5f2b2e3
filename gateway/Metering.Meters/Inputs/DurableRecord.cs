using System.Buffers.Binary;
using System.Numerics;
using Metering.Readings;

namespace Metering.Meters.Inputs;

/// <summary>
/// A small block of bytes that survives power cuts: a file of two halves that are written in turn, each "MREC" | half length,
/// u32 | sequence, u64 | payload length, u32 | CRC-32C of all that and the payload, u32 | payload, little-endian. The whole half with the
/// higher sequence counts; a half torn by a power cut leaves the one before. One write and one flush a save. Belongs to one thread.
/// </summary>
public sealed class DurableRecord : IDisposable
{
    /// <summary>The longest payload.</summary>
    public const int MaximumLength = 8 * 1024 * 1024;

    private const int HeaderLength = 24;
    private const int Grain = 512;
    private const uint Magic = 0x43_45_52_4D;

    private readonly string _path;
    private FileStream? _file;
    private byte[] _buffer = [];
    private int _half;
    private ulong _sequence;

    private DurableRecord(string path) => _path = path;

    /// <summary>What was saved last; null when there is nothing whole.</summary>
    public byte[]? Payload { get; private set; }

    /// <summary>Whether the file was there, but neither half was whole.</summary>
    public bool WasDamaged { get; private set; }

    /// <summary>Opens the record; nothing is made before the first save.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public static DurableRecord Open(string path)
    {
        DurableRecord record = new(path);
        if (File.Exists(path))
        {
            record.Read(File.ReadAllBytes(path));
        }

        return record;
    }

    /// <summary>Saves a payload; durable on return.</summary>
    /// <exception cref="IOException">The disk is full or broken; the last saved payload is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">Not permitted.</exception>
    public void Save(ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaximumLength);
        int needed = (HeaderLength + payload.Length + Grain - 1) / Grain * Grain;
        if (_file is null || needed > _half)
        {
            Make(Math.Max(needed, _half));
        }

        Array.Clear(_buffer);
        Span<byte> header = _buffer.AsSpan(0, HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], _half);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], _sequence + 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], Checksum(header[..20], payload));
        payload.CopyTo(_buffer.AsSpan(HeaderLength));
        _file!.Position = (long)((_sequence + 1) % 2) * _half;
        _file.Write(_buffer);
        _file.Flush(flushToDisk: true);
        _sequence++;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    /// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4) of two stretches of bytes.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in first)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        foreach (byte one in second)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }

    // A longer half needs another layout: both halves go to a new file that takes the old one's place in one step.
    private void Make(int half)
    {
        _file?.Dispose();
        _file = null;
        string partial = _path + ".new";
        bool grows = Payload is not null || _sequence > 0;
        if (!grows || half > _half)
        {
            byte[] old = _half > 0 ? _buffer : [];
            using (FileStream made = new(partial, FileMode.Create, FileAccess.Write))
            {
                made.SetLength(2L * half);
                if (old.Length > 0 && _sequence > 0)
                {
                    WriteHalf(made, half);
                }

                made.Flush(flushToDisk: true);
            }

            File.Move(partial, _path, overwrite: true);
            DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        }

        _half = half;
        _buffer = new byte[half];
        _file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    private void WriteHalf(FileStream made, int half)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(16));
        byte[] moved = new byte[half];
        _buffer.AsSpan(0, HeaderLength + length).CopyTo(moved);
        BinaryPrimitives.WriteInt32LittleEndian(moved.AsSpan(4), half);
        BinaryPrimitives.WriteUInt32LittleEndian(moved.AsSpan(20), Checksum(moved.AsSpan(0, 20), moved.AsSpan(HeaderLength, length)));
        made.Position = (long)(_sequence % 2) * half;
        made.Write(moved);
    }

    private void Read(byte[] bytes)
    {
        int half = bytes.Length / 2;
        WasDamaged = true;
        for (int index = 0; index < 2; index++)
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(index * half, half);
            if (IsWhole(part, half, out ulong sequence, out int length) && sequence > _sequence && sequence % 2 == (ulong)index)
            {
                _sequence = sequence;
                _half = half;
                _buffer = part.ToArray();
                Payload = part.Slice(HeaderLength, length).ToArray();
                WasDamaged = false;
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> part, int half, out ulong sequence, out int length)
    {
        (sequence, length) = (0, 0);
        if (part.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(part) != Magic || BinaryPrimitives.ReadInt32LittleEndian(part[4..]) != half)
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadUInt64LittleEndian(part[8..]);
        length = BinaryPrimitives.ReadInt32LittleEndian(part[16..]);
        return length >= 0 && length <= part.Length - HeaderLength
            && BinaryPrimitives.ReadUInt32LittleEndian(part[20..]) == Checksum(part[..20], part.Slice(HeaderLength, length));
    }
}
