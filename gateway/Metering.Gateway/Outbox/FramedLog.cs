using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>Where a frame stands.</summary>
/// <param name="Sequence">Its number, ascending over all segments.</param>
/// <param name="Segment">First sequence of its segment file, which names the file.</param>
/// <param name="Offset">Offset of its payload in the file.</param>
/// <param name="Length">Bytes of its payload.</param>
internal readonly record struct FrameAddress(long Sequence, long Segment, long Offset, int Length);

/// <summary>A stretch of a segment file that holds no readable frame.</summary>
internal sealed record LogDamage(string File, long Offset, long Length, long SequenceBefore, long SequenceAfter);

/// <summary>Takes a frame while a log is opened.</summary>
internal delegate void FrameVisitor(FrameAddress address, ReadOnlySpan<byte> payload);

/// <summary>
/// An append-only log in segment files. Frame: "MTRF" | payload length, u32 | sequence, u64 | CRC-32C of the two and the
/// payload, u32 | payload; all big-endian. Appended frames wait in memory until <see cref="Commit"/>, which writes them with
/// one call and returns when the disk has them. On opening, a torn tail (what a power cut leaves) is cut off; a damaged
/// stretch with readable frames behind it is left where it is and reported.
/// One thread appends and commits; any thread may read or delete.
/// </summary>
internal sealed class FramedLog : IDisposable
{
    internal const int HeaderLength = 20;
    internal const int MaximumPayloadLength = 4 * 1024 * 1024;
    private const uint Magic = 0x4D_54_52_46;
    private const string Ending = ".log";

    private readonly string _directory;
    private readonly long _maximumSegmentLength;
    private readonly Lock _gate = new();
    private readonly List<(long First, long Length)> _closed = [];
    private readonly MemoryStream _buffer = new();
    private FileStream? _file;
    private long _segment;
    private long _committedSequence;
    private long _committedLength;

    private FramedLog(string directory, long maximumSegmentLength)
    {
        _directory = directory;
        _maximumSegmentLength = maximumSegmentLength;
    }

    /// <summary>Sequence the next frame gets; the first ever is 1.</summary>
    internal long NextSequence { get; private set; } = 1;

    /// <summary>Damaged stretches found on opening.</summary>
    internal List<LogDamage> Damages { get; } = [];

    /// <summary>Bytes cut off the end on opening.</summary>
    internal long TornLength { get; private set; }

    /// <summary>Whether the next frame opens a new segment file.</summary>
    internal bool StartsSegment => _file is null;

    /// <summary>Bytes of all segment files.</summary>
    internal long Length
    {
        get
        {
            lock (_gate)
            {
                long length = _file is null ? 0 : _committedLength;
                foreach ((_, long closed) in _closed)
                {
                    length += closed;
                }

                return length;
            }
        }
    }

    /// <summary>Opens the log, makes it when there is none, and shows every whole frame in order.</summary>
    /// <exception cref="IOException">The directory or a file cannot be read or written.</exception>
    internal static FramedLog Open(string directory, long maximumSegmentLength, FrameVisitor visit)
    {
        _ = Directory.CreateDirectory(directory);
        FramedLog log = new(directory, maximumSegmentLength);
        long[] segments = [.. Directory.GetFiles(directory, "*" + Ending).Select(FirstSequenceOf).Where(first => first > 0).Order()];
        for (int index = 0; index < segments.Length; index++)
        {
            log.OpenSegment(segments[index], index == segments.Length - 1, visit);
        }

        return log;
    }

    /// <summary>Makes sure that the next sequence is at least this: sequences another log refers to must not be given twice.</summary>
    internal void SkipTo(long sequence)
    {
        if (sequence > NextSequence)
        {
            NextSequence = sequence;
            _committedSequence = sequence - 1;
        }
    }

    /// <summary>Adds a frame; it is durable after the next <see cref="Commit"/>.</summary>
    internal FrameAddress Append(ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaximumPayloadLength);
        if (_file is null)
        {
            StartSegment();
        }

        long sequence = NextSequence++;
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteUInt32BigEndian(header, Magic);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], payload.Length);
        BinaryPrimitives.WriteInt64BigEndian(header[8..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], Checksum(header[4..16], payload));
        long offset = _committedLength + _buffer.Length + HeaderLength;
        _buffer.Write(header);
        _buffer.Write(payload);
        return new(sequence, _segment, offset, payload.Length);
    }

    /// <summary>Writes what was appended and waits for the disk. A failed write leaves the log as it was before the appends.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    internal void Commit()
    {
        if (_file is null || _buffer.Length == 0)
        {
            return;
        }

        try
        {
            _file.Write(_buffer.GetBuffer(), 0, (int)_buffer.Length);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _buffer.SetLength(0);
            NextSequence = _committedSequence + 1;
            _file.SetLength(_committedLength);
            _file.Position = _committedLength;
            throw;
        }

        lock (_gate)
        {
            _committedLength += _buffer.Length;
            _committedSequence = NextSequence - 1;
            _buffer.SetLength(0);
            if (_committedLength >= _maximumSegmentLength)
            {
                _closed.Add((_segment, _committedLength));
                _file.Dispose();
                _file = null;
            }
        }
    }

    /// <summary>Reads a payload; null when its segment is gone or the bytes no longer fit their sum.</summary>
    internal byte[]? Read(FrameAddress address)
    {
        try
        {
            using FileStream file = new(PathOf(address.Segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] frame = new byte[HeaderLength + address.Length];
            file.Position = address.Offset - HeaderLength;
            file.ReadExactly(frame);
            return IsWhole(frame, out int length) && length == address.Length ? frame[HeaderLength..] : null;
        }
        catch (Exception e) when (e is FileNotFoundException or EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>Deletes the oldest segments, as long as every frame in them is older than a sequence and the log is longer than wanted.</summary>
    /// <returns>The oldest sequence that may still be there.</returns>
    internal long DeleteBefore(long sequence, long wantedLength)
    {
        lock (_gate)
        {
            while (_closed.Count > 0 && Length > wantedLength)
            {
                long next = _closed.Count > 1 ? _closed[1].First : _file is null ? NextSequence : _segment;
                if (next > sequence)
                {
                    break;
                }

                File.Delete(PathOf(_closed[0].First));
                _closed.RemoveAt(0);
            }

            return _closed.Count > 0 ? _closed[0].First : _segment;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _buffer.Dispose();
    }

    private static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => ~Continue(Continue(uint.MaxValue, header), payload);

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < HeaderLength || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic)
        {
            return false;
        }

        uint stated = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (stated > MaximumPayloadLength || stated > bytes.Length - HeaderLength)
        {
            return false;
        }

        length = (int)stated;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]) == Checksum(bytes[4..16], bytes.Slice(HeaderLength, length));
    }

    private static long FirstSequenceOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long first) ? first : 0;

    private string PathOf(long segment) => Path.Combine(_directory, segment.ToString("D20", CultureInfo.InvariantCulture) + Ending);

    private void OpenSegment(long first, bool isLast, FrameVisitor visit)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(first));
        NextSequence = Math.Max(NextSequence, first);
        int offset = 0;
        int end = 0;
        while (offset < bytes.Length)
        {
            if (IsWhole(bytes.AsSpan(offset), out int length)
                && BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(offset + 8)) is long sequence && sequence >= NextSequence)
            {
                if (offset > end)
                {
                    Damages.Add(new(PathOf(first), end, offset - end, NextSequence - 1, sequence));
                }

                visit(new(sequence, first, offset + HeaderLength, length), bytes.AsSpan(offset + HeaderLength, length));
                NextSequence = sequence + 1;
                offset += HeaderLength + length;
                end = offset;
            }
            else
            {
                offset++;
            }
        }

        if (!isLast)
        {
            if (end < bytes.Length)
            {
                Damages.Add(new(PathOf(first), end, bytes.Length - end, NextSequence - 1, long.MaxValue));
            }

            _closed.Add((first, bytes.Length));
            return;
        }

        TornLength = bytes.Length - end;
        _segment = first;
        _committedSequence = NextSequence - 1;
        _committedLength = end;
        _file = new FileStream(PathOf(first), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _file.SetLength(end);
        _file.Position = end;
        _file.Flush(flushToDisk: true);
    }

    private void StartSegment()
    {
        FileStream file = new(PathOf(NextSequence), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        DirectorySync.Flush(_directory);
        lock (_gate)
        {
            _file = file;
            _segment = NextSequence;
            _committedSequence = NextSequence - 1;
            _committedLength = 0;
        }
    }
}
