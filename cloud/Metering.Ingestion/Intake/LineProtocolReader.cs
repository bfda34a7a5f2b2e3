using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Metering.Ingestion.Intake;

/// <summary>
/// Reads InfluxDB's line protocol: <c>measurement[,tag=value...] field=value[,field=value...] [timestamp]</c>, one point a line,
/// escapes by backslash, strings in double quotes, comment lines with '#'. Nothing is copied: keys are handed out as they stand in
/// the body. SOURCE: docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference ("Special characters", "Data types").
/// </summary>
internal ref struct LineProtocolReader(ReadOnlySpan<byte> body)
{
    /// <summary>The longest line read, in bytes.</summary>
    public const int LongestLine = 64 * 1024;

    private static readonly SearchValues<byte> KeyEnds = SearchValues.Create(", \\"u8);
    private static readonly SearchValues<byte> QuotedEnds = SearchValues.Create("\"\\"u8);

    private ReadOnlySpan<byte> _rest = body;
    private ReadOnlySpan<byte> _fields;

    /// <summary>Line of the current point, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Measurement and tags as written, without the fields.</summary>
    public ReadOnlySpan<byte> Series { get; private set; }

    /// <summary>Timestamp as written, in the precision of the request; null when there is none.</summary>
    public long? Timestamp { get; private set; }

    /// <summary>Name of the current field as written.</summary>
    public ReadOnlySpan<byte> FieldName { get; private set; }

    /// <summary>Type of the current field.</summary>
    public FieldType FieldType { get; private set; }

    /// <summary>Value of a float.</summary>
    public double Number { get; private set; }

    /// <summary>Value of an integer, or 1 and 0 of a boolean.</summary>
    public long Integer { get; private set; }

    /// <summary>Moves to the next point; false at the end of the body.</summary>
    /// <exception cref="LineProtocolException">The line is no point; the next call goes on behind it.</exception>
    public bool ReadPoint()
    {
        while (!_rest.IsEmpty)
        {
            Line++;
            int length = LengthOfLine(_rest, out int newlines);
            ReadOnlySpan<byte> line = _rest[..length];
            _rest = length < _rest.Length ? _rest[(length + 1)..] : default;
            int first = Line;
            line = line.TrimStart((byte)' ').TrimEnd(" \r"u8);
            if (line.IsEmpty || line[0] == (byte)'#')
            {
                Line += newlines;
                continue;
            }

            if (line.Length > LongestLine)
            {
                throw new LineProtocolException($"the line has {line.Length} bytes, the limit is {LongestLine}");
            }

            Split(line);
            Line = first + newlines;
            return true;
        }

        return false;
    }

    /// <summary>Moves to the next field of the point; false behind the last.</summary>
    /// <exception cref="LineProtocolException">The rest of the line is no field.</exception>
    public bool ReadField()
    {
        if (_fields.IsEmpty)
        {
            return false;
        }

        int equals = EndOfKey(_fields, (byte)'=');
        if (equals <= 0 || equals >= _fields.Length || _fields[equals] != (byte)'=')
        {
            throw new LineProtocolException("a field must be 'name=value'");
        }

        FieldName = _fields[..equals];
        ReadOnlySpan<byte> rest = _fields[(equals + 1)..];
        int end = EndOfValue(rest);
        ReadOnlySpan<byte> value = rest[..end];
        if (end + 1 == rest.Length)
        {
            throw new LineProtocolException("a comma without a field behind it");
        }

        _fields = end < rest.Length ? rest[(end + 1)..] : default;
        ReadValue(value);
        return true;
    }

    // Newlines inside quotes belong to a string field; quotes begin only behind '=' in the fields, but a string is refused in any
    // case, so an odd quote elsewhere costs its own line only.
    private static int LengthOfLine(ReadOnlySpan<byte> text, out int newlines)
    {
        newlines = 0;
        int end = text.IndexOf((byte)'\n');
        end = end < 0 ? text.Length : end;
        if (text[..end].IndexOf("=\""u8) < 0)
        {
            return end;
        }

        int at = 0;
        bool isQuoted = false;
        while (at < text.Length && at <= LongestLine)
        {
            byte character = text[at];
            if (character == (byte)'\\')
            {
                at += 2;
                continue;
            }

            if (character == (byte)'\n' && !isQuoted)
            {
                return at;
            }

            newlines += character == (byte)'\n' ? 1 : 0;
            bool opens = !isQuoted && character == (byte)'"' && at > 0 && text[at - 1] == (byte)'=';
            isQuoted = opens || (isQuoted && character != (byte)'"');
            at++;
        }

        // A quote that is never closed: the line ends where its first line ends.
        newlines = 0;
        return !isQuoted && at >= text.Length ? text.Length : end;
    }

    private void Split(ReadOnlySpan<byte> line)
    {
        int series = EndOfKey(line, (byte)' ');
        if (series == 0 || series >= line.Length || line[0] == (byte)',')
        {
            throw new LineProtocolException("expected 'measurement[,tag=value] field=value [timestamp]'");
        }

        Series = line[..series];
        ReadOnlySpan<byte> rest = line[series..].TrimStart((byte)' ');
        int at = 0;
        while (at < rest.Length && rest[at] != (byte)' ')
        {
            int equals = EndOfKey(rest[at..], (byte)'=');
            if (at + equals >= rest.Length || rest[at + equals] != (byte)'=')
            {
                throw new LineProtocolException("a field must be 'name=value'");
            }

            at += equals + 1;
            at += EndOfValue(rest[at..]);
            at += at < rest.Length && rest[at] == (byte)',' ? 1 : 0;
        }

        _fields = rest[..at];
        if (_fields.IsEmpty)
        {
            throw new LineProtocolException("the line has no field");
        }

        ReadOnlySpan<byte> stamp = rest[at..].Trim((byte)' ');
        Timestamp = null;
        if (!stamp.IsEmpty)
        {
            Timestamp = Utf8Parser.TryParse(stamp, out long value, out int used) && used == stamp.Length
                ? value
                : throw new LineProtocolException("the timestamp is no whole number");
        }
    }

    // The first unescaped comma or space, or the stop character: where a measurement with its tags, or a name, ends.
    private static int EndOfKey(ReadOnlySpan<byte> text, byte stop)
    {
        int at = 0;
        while (at < text.Length)
        {
            byte character = text[at];
            if (character == (byte)'\\')
            {
                at += 2;
                continue;
            }

            if (character == stop || (stop == (byte)'=' && KeyEnds.Contains(character)))
            {
                return at;
            }

            at++;
        }

        return text.Length;
    }

    private static int EndOfValue(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != (byte)'"')
        {
            int plain = text.IndexOfAny((byte)',', (byte)' ');
            return plain < 0 ? text.Length : plain;
        }

        int at = 1;
        while (at < text.Length)
        {
            int step = text[at..].IndexOfAny(QuotedEnds);
            if (step < 0)
            {
                break;
            }

            at += step;
            if (text[at] == (byte)'"')
            {
                return at + 1;
            }

            at += 2;
        }

        throw new LineProtocolException("a quote is not closed");
    }

    private void ReadValue(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            throw new LineProtocolException("a field without a value");
        }

        if (value[0] == (byte)'"')
        {
            FieldType = FieldType.Text;
            return;
        }

        if (value[^1] is (byte)'i' or (byte)'u')
        {
            // Above 2^63 - 1 an unsigned value has no place in a register of ours.
            bool isInteger = Utf8Parser.TryParse(value[..^1], out long integer, out int used) && used == value.Length - 1 && (value[^1] == (byte)'i' || integer >= 0);
            (FieldType, Integer) = isInteger ? (FieldType.Integer, integer) : throw new LineProtocolException("the value is no 64-bit integer, or above 2^63 - 1");
            return;
        }

        if (value.SequenceEqual("t"u8) || value.SequenceEqual("T"u8) || value.SequenceEqual("true"u8) || value.SequenceEqual("True"u8) || value.SequenceEqual("TRUE"u8))
        {
            (FieldType, Integer) = (FieldType.Boolean, 1);
            return;
        }

        if (value.SequenceEqual("f"u8) || value.SequenceEqual("F"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("False"u8) || value.SequenceEqual("FALSE"u8))
        {
            (FieldType, Integer) = (FieldType.Boolean, 0);
            return;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool isNumber = double.TryParse(value, Style, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
        (FieldType, Number) = isNumber ? (FieldType.Float, number) : throw new LineProtocolException("the value is no finite number, boolean or string");
    }
}
