using System.Buffers;
using System.Buffers.Text;
using Metering.Readings;

namespace Metering.Evidence.Bundle;

/// <summary>
/// Reads a file of <see cref="SegmentPacker"/> back: the segments as they were signed, one behind the other, with memory for one of them. What is not of the form is told; whether a
/// segment is the signed one its hash says.
/// </summary>
/// <param name="stream">The file.</param>
/// <param name="gateway">Its gateway, which the file's name states.</param>
public sealed class SegmentUnpacker(Stream stream, string gateway)
{
    private const int HeaderLines = 6;
    private const int LongestLine = 1024;
    private const int BatchFields = 4;

    private readonly ArrayBufferWriter<byte> _segment = new();
    private readonly byte[] _gateway = System.Text.Encoding.ASCII.GetBytes(gateway);
    private readonly List<byte> _header = [];
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _isAll;
    private bool _hasBegun;
    private long _batch;
    private long _next;
    private long _step;
    private long _value;
    private int _count;

    /// <summary>The segment, valid until the next one is asked for.</summary>
    public ReadOnlySpan<byte> Current => _segment.WrittenSpan;

    /// <summary>Goes to the next segment.</summary>
    /// <exception cref="WireFormatException">The file is not of its form.</exception>
    public bool MoveNext()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            if (!TryLine(out ReadOnlySpan<byte> lead) || !lead.SequenceEqual(SegmentPacker.Lead[..^1]))
            {
                throw new WireFormatException("a file of readings does not begin with 'metering/v1/differences'");
            }
        }

        if (!TryLine(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        if (line.StartsWith(">"u8))
        {
            _header.Clear();
            for (int index = 0; index < HeaderLines; index++)
            {
                AddHeader(index == 0 ? line : Line());
            }

            line = Line();
        }

        ReadBatch(line);
        Begin();
        long instant = _next;
        for (int row = 0; row < _count; row++)
        {
            instant = ReadRow(Line(), instant);
        }

        _next = instant;
        return true;
    }

    private void AddHeader(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(">"u8))
        {
            throw new WireFormatException("a header of readings has six lines");
        }

        _header.AddRange(line[1..]);
        _header.Add((byte)'\n');
    }

    private void ReadBatch(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("#"u8) || _header.Count == 0 || (line.Length == 1 && _count == 0))
        {
            throw new WireFormatException("a batch of readings begins with '#', and the first one says its numbers");
        }

        if (line.Length == 1)
        {
            _batch++;
            return;
        }

        Span<long> fields = stackalloc long[BatchFields];
        ReadOnlySpan<byte> rest = line[1..];
        for (int field = 0; field < BatchFields; field++)
        {
            int end = field == BatchFields - 1 ? rest.Length : rest.IndexOf((byte)' ');
            fields[field] = Number(end < 0 ? [] : rest[..end], isSigned: false);
            rest = field == BatchFields - 1 ? [] : rest[(end + 1)..];
        }

        (_batch, _next, _step, long count) = (fields[0], fields[1], fields[2], fields[3]);
        if (_batch < 1 || count is < 1 or > BatchLimits.MaximumReadings)
        {
            throw new WireFormatException("a batch of readings has a number and at least one reading");
        }

        _count = (int)count;
    }

    private void Begin()
    {
        _segment.ResetWrittenCount();
        _segment.Write("metering/v1/segment\ngateway "u8);
        _segment.Write(_gateway);
        _segment.Write("\nbatch "u8);
        Write(_batch);
        _segment.Write("\n"u8);
        _segment.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_header));
        _segment.Write("\n"u8);
    }

    // Difference, quality and instant of a reading; the last two only where they are not "G" and the expected one.
    private long ReadRow(ReadOnlySpan<byte> line, long instant)
    {
        int at = line.IndexOf((byte)'@');
        if (at >= 0)
        {
            instant = Number(line[(at + 1)..], isSigned: false);
            line = line[..at];
        }

        int comma = line.IndexOf((byte)',');
        ReadOnlySpan<byte> quality = comma < 0 ? "G"u8 : line[(comma + 1)..];
        ReadOnlySpan<byte> difference = comma < 0 ? line : line[..comma];
        Write(instant);
        _segment.Write(","u8);
        if (!difference.IsEmpty)
        {
            _value = unchecked(_value + Number(difference, isSigned: true));
            Write(_value);
        }

        _segment.Write(","u8);
        _segment.Write(quality);
        _segment.Write("\n"u8);
        return instant <= long.MaxValue - _step ? instant + _step : throw new WireFormatException("an instant of a reading does not fit in 64 bits");
    }

    private static long Number(ReadOnlySpan<byte> text, bool isSigned)
    {
        bool isNegative = text.StartsWith("-"u8);
        ReadOnlySpan<byte> digits = isNegative ? text[1..] : text;
        bool isForm = !digits.IsEmpty && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (digits[0] != (byte)'0' || (digits.Length == 1 && !isNegative));
        return isForm && (isSigned || !isNegative) && Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length
            ? number
            : throw new WireFormatException("a number of a reading is not in its one form");
    }

    private void Write(long number)
    {
        _ = Utf8Formatter.TryFormat(number, _segment.GetSpan(20), out int length);
        _segment.Advance(length);
    }

    private ReadOnlySpan<byte> Line() => TryLine(out ReadOnlySpan<byte> line) ? line : throw new WireFormatException("a file of readings ends inside a batch");

    private bool TryLine(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _buffer.AsSpan(_start, length);
                _start += length + 1;
                return true;
            }

            if (_isAll || _end - _start > LongestLine)
            {
                line = [];
                return _start == _end ? false : throw new WireFormatException("a line of a file of readings is too long, or does not end");
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _isAll = read == 0;
        }
    }
}
