using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Metering.Readings;

namespace Metering.Evidence.Bundle;

/// <summary>
/// Writes the segments of one channel as differences, as they stand in a bundle: the text that was signed comes back byte for byte (<see cref="SegmentUnpacker"/>), and takes a fifth of
/// the room. The form stands in this project's README, "Readings as differences". One file, from its first segment on; not safe for use by two threads at once.
/// </summary>
public sealed class SegmentPacker
{
    /// <summary>First line of a file.</summary>
    internal static ReadOnlySpan<byte> Lead => "metering/v1/differences\n"u8;

    private readonly ArrayBufferWriter<byte> _out = new();
    private byte[] _header = [];
    private long _batch;
    private long _next;
    private long _step;
    private long _value;
    private int _count;

    /// <summary>The bytes that a segment adds to the file, valid until the next call.</summary>
    /// <param name="segment">A segment in its canonical form.</param>
    /// <exception cref="WireFormatException">It is not.</exception>
    public ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> segment)
    {
        ChannelSegment parsed = ChannelSegment.Parse(segment);
        _out.ResetWrittenCount();
        if (_count == 0)
        {
            Write(Lead);
        }

        WriteHeader(segment);
        ReadOnlySpan<long> instants = parsed.UtcMilliseconds.Span;
        long step = instants.Length > 1 ? instants[1] - instants[0] : _step;
        bool isExpected = _count > 0 && parsed.Batch == _batch + 1 && instants[0] == _next && step == _step && instants.Length == _count;
        Write("#"u8);
        if (!isExpected)
        {
            Write(parsed.Batch);
            Write(" "u8);
            Write(instants[0]);
            Write(" "u8);
            Write(step);
            Write(" "u8);
            Write(instants.Length);
        }

        Write("\n"u8);
        long expected = instants[0];
        for (int row = 0; row < instants.Length; row++)
        {
            WriteRow(parsed, row, expected);
            expected = unchecked(instants[row] + step);
        }

        (_batch, _next, _step, _count) = (parsed.Batch, expected, step, instants.Length);
        return _out.WrittenSpan;
    }

    private void WriteRow(ChannelSegment segment, int row, long expected)
    {
        if (segment.HasValues.Span[row])
        {
            long value = segment.ScaledValues.Span[row];
            Write(unchecked(value - _value));
            _value = value;
        }

        ReadingQuality quality = segment.Qualities.Span[row];
        if (quality.Code != 0)
        {
            Write(","u8);
            Write(Encoding.ASCII.GetBytes(quality.ToString()));
        }

        long instant = segment.UtcMilliseconds.Span[row];
        if (instant != expected)
        {
            Write("@"u8);
            Write(instant);
        }

        Write("\n"u8);
    }

    // The lines from "channel" to "profile", where they are not those of the segment before.
    private void WriteHeader(ReadOnlySpan<byte> segment)
    {
        int begin = segment.IndexOf("\nchannel "u8) + 1;
        ReadOnlySpan<byte> header = segment[begin..(segment.IndexOf("\n\n"u8) + 1)];
        if (header.SequenceEqual(_header))
        {
            return;
        }

        _header = header.ToArray();
        while (!header.IsEmpty)
        {
            int end = header.IndexOf((byte)'\n') + 1;
            Write(">"u8);
            Write(header[..end]);
            header = header[end..];
        }
    }

    private void Write(ReadOnlySpan<byte> bytes) => _out.Write(bytes);

    private void Write(long number)
    {
        _ = Utf8Formatter.TryFormat(number, _out.GetSpan(20), out int length);
        _out.Advance(length);
    }
}
