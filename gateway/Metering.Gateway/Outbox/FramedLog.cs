using System.Buffers.Binary;
using System.Numerics;

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
    internal const int MaximumPayloadLength = 16 * 1024 * 1024;
    private const uint Magic = 0x4D_54_52_46;

    /// <summary>What the buffer keeps between commits; a table of many channels, or a cut of many batches, is longer and rare.</summary>
    private const int UsualCommitLength = 256 * 1024;

    private readonly ISegmentFiles _files;
    private readonly long _maximumSegmentLength;
    private readonly Lock _gate = new();
    private readonly Queue<(long First, long Length)> _closed = [];
    private readonly MemoryStream _buffer = new();

    private ISegmentFile? _file;
    private long _closedLength;
    private bool _isBroken;
    private long _segment;
    private long _committedSequence;
    private long _committedLength;

    internal FramedLog(ISegmentFiles files, long maximumSegmentLength)
    {
        _files = files;
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
                return _closedLength + (_file is null ? 0 : _committedLength);
            }
        }
    }

    /// <summary>Opens the log, makes it when there is none, and shows every whole frame in order.</summary>
    /// <exception cref="IOException">The directory or a file cannot be read or written.</exception>
    internal static FramedLog Open(string directory, long maximumSegmentLength, FrameVisitor visit) =>
        Open(new SegmentFolder(directory), maximumSegmentLength, visit);

    /// <inheritdoc cref="Open(string, long, FrameVisitor)"/>
    internal static FramedLog Open(ISegmentFiles files, long maximumSegmentLength, FrameVisitor visit)
    {
        FramedLog log = new(files, maximumSegmentLength);
        log.Replay(visit);
        return log;
    }

    /// <summary>Shows every whole frame in order, once, before anything else. The visitor may read.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    internal void Replay(FrameVisitor visit)
    {
        long[] segments = _files.List();
        for (int index = 0; index < segments.Length; index++)
        {
            OpenSegment(segments[index], index == segments.Length - 1, visit);
        }
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
        if (_isBroken)
        {
            throw new IOException("the log takes nothing more since the disk failed");
        }

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

    /// <summary>
    /// Writes what was appended and waits for the disk. A failed write leaves the log as it was before the appends; after a
    /// failed flush nothing is written any more.
    /// </summary>
    /// <exception cref="DiskFlushException">What the disk holds is unknown.</exception>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    internal void Commit()
    {
        if (_file is null || _buffer.Length == 0)
        {
            return;
        }

        try
        {
            _file.Append(_buffer.GetBuffer().AsSpan(0, (int)_buffer.Length));
        }
        catch (IOException)
        {
            _buffer.SetLength(0);
            NextSequence = _committedSequence + 1;
            _isBroken = true;
            _file.CutTo(_committedLength);
            _isBroken = false;
            throw;
        }

        try
        {
            _file.Flush();
        }
        catch (IOException e)
        {
            _isBroken = true;
            throw new DiskFlushException($"{_files.NameOf(_segment)} cannot be flushed to the disk: {e.Message}", e);
        }

        lock (_gate)
        {
            _committedLength += _buffer.Length;
            _committedSequence = NextSequence - 1;
            _buffer.SetLength(0);
            if (_buffer.Capacity > UsualCommitLength)
            {
                _buffer.Capacity = 0;
            }

            if (_committedLength >= _maximumSegmentLength)
            {
                Close(_segment, _committedLength);
                _file.Dispose();
                _file = null;
            }
        }
    }

    /// <summary>Reads a payload; null when its segment is gone or the bytes no longer fit their sum.</summary>
    internal byte[]? Read(FrameAddress address)
    {
        byte[] frame = new byte[HeaderLength + address.Length];
        return _files.TryRead(address.Segment, address.Offset - HeaderLength, frame) && IsWhole(frame, out int length) && length == address.Length
            ? frame[HeaderLength..]
            : null;
    }

    /// <summary>Deletes the oldest segments, as long as every frame in them is older than a sequence and the log is longer than wanted.</summary>
    /// <returns>The oldest sequence that may still be there.</returns>
    internal long DeleteBefore(long sequence, long wantedLength)
    {
        lock (_gate)
        {
            while (_closed.Count > 0 && Length > wantedLength && FirstBehindOldest() <= sequence)
            {
                (long first, long length) = _closed.Dequeue();
                _closedLength -= length;
                _files.Delete(first);
            }

            return _closed.Count > 0 ? _closed.Peek().First : _segment;
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

    // First sequence of the segment behind the oldest closed one. In the lock.
    private long FirstBehindOldest()
    {
        foreach ((long first, _) in _closed.Skip(1))
        {
            return first;
        }

        return _file is null ? NextSequence : _segment;
    }

    private void Close(long first, long length)
    {
        _closed.Enqueue((first, length));
        _closedLength += length;
    }

    private void OpenSegment(long first, bool isLast, FrameVisitor visit)
    {
        byte[] bytes = _files.ReadAll(first);
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
                    Damages.Add(new(_files.NameOf(first), end, offset - end, NextSequence - 1, sequence));
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
                Damages.Add(new(_files.NameOf(first), end, bytes.Length - end, NextSequence - 1, long.MaxValue));
            }

            Close(first, bytes.Length);
            return;
        }

        TornLength = bytes.Length - end;
        _segment = first;
        _committedSequence = NextSequence - 1;
        _committedLength = end;
        _file = _files.Open(first, end);
    }

    private void StartSegment()
    {
        ISegmentFile file = _files.Create(NextSequence);
        lock (_gate)
        {
            _file = file;
            _segment = NextSequence;
            _committedSequence = NextSequence - 1;
            _committedLength = 0;
        }
    }
}
