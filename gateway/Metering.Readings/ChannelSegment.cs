using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Metering.Readings;

/// <summary>
/// The readings of one channel in one batch, in columns. Its bytes are a canonical text that stands alone, so that one
/// channel can be disclosed without the others:
/// <code>
/// metering/v1/segment
/// gateway tannery-1
/// batch 42
/// channel mains.active-energy
/// meter mains
/// unit kWh
/// decimals 1
/// kind counter 4294967296
/// profile generic-energy/1
/// (empty line)
/// 1704067200000,123456,G
/// 1704068100000,,B.timeout
/// </code>
/// Instants ascend strictly. A field that is empty means: no value; it is never zero. "decimals binary64" in place of a number
/// says that the integers are doubles, see <see cref="ValueForm.Binary64"/>; readers that know only numbers refuse it.
/// </summary>
public sealed class ChannelSegment
{
    private const string Header = "metering/v1/segment";
    private const int LongestLine = 64;

    /// <summary>Gateway that wrote it.</summary>
    public required string Gateway { get; init; }

    /// <summary>Number of the batch it belongs to.</summary>
    public required long Batch { get; init; }

    /// <summary>What the channel is.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Scheduled instants, milliseconds since 1970-01-01 UTC, strictly ascending.</summary>
    public required ReadOnlyMemory<long> UtcMilliseconds { get; init; }

    /// <summary>Scaled integers, as long as the instants; 0 without meaning where there is no value.</summary>
    public required ReadOnlyMemory<long> ScaledValues { get; init; }

    /// <summary>Qualities, as long as the instants.</summary>
    public required ReadOnlyMemory<ReadingQuality> Qualities { get; init; }

    /// <summary>Whether there is a value, as long as the instants.</summary>
    public required ReadOnlyMemory<bool> HasValues { get; init; }

    /// <summary>Number of readings.</summary>
    public int Count => UtcMilliseconds.Length;

    /// <summary>The canonical bytes.</summary>
    public byte[] ToBytes()
    {
        StringBuilder header = new();
        _ = header.Append(Header).Append('\n')
            .Append("gateway ").Append(Gateway).Append('\n')
            .Append("batch ").Append(Batch.ToString(CultureInfo.InvariantCulture)).Append('\n')
            .Append("channel ").Append(Channel.Id).Append('\n')
            .Append("meter ").Append(Channel.Meter).Append('\n')
            .Append("unit ").Append(Channel.Unit).Append('\n')
            .Append("decimals ").Append(Channel.DecimalsText).Append('\n')
            .Append("kind ").Append(Channel.KindText).Append('\n')
            .Append("profile ").Append(Channel.Profile).Append("\n\n");
        ArrayBufferWriter<byte> writer = new(header.Length + (Count * 28));
        _ = Encoding.ASCII.GetBytes(header.ToString(), writer);
        for (int index = 0; index < Count; index++)
        {
            WriteLine(writer, index);
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads canonical bytes.</summary>
    /// <exception cref="WireFormatException">The bytes are not a canonical segment.</exception>
    public static ChannelSegment Parse(ReadOnlySpan<byte> bytes)
    {
        int bodyStart = bytes.IndexOf("\n\n"u8) + 2;
        if (bodyStart < 2)
        {
            throw new WireFormatException("a segment must have an empty line after its header");
        }

        CanonicalLines lines = new(bytes[..(bodyStart - 1)]);
        lines.Literal(Header);
        string gateway = CanonicalLines.Id(Field(ref lines, "gateway"), "gateway");
        long batch = CanonicalLines.Integer(Field(ref lines, "batch"), "batch");
        Channel channel = ParseChannel(ref lines);
        ReadOnlySpan<byte> body = bytes[bodyStart..];
        int count = body.Count((byte)'\n');
        if (count > BatchLimits.MaximumReadings)
        {
            throw new WireFormatException($"{count} readings in one segment, the limit is {BatchLimits.MaximumReadings}");
        }

        long[] instants = new long[count];
        long[] values = new long[count];
        ReadingQuality[] qualities = new ReadingQuality[count];
        bool[] hasValues = new bool[count];
        for (int index = 0; index < count; index++)
        {
            int next = TryGood(body, out instants[index], out values[index]);
            hasValues[index] = next > 0;
            if (next == 0)
            {
                int end = body.IndexOf((byte)'\n');
                ParseLine(body[..end], out instants[index], out values[index], out hasValues[index], out qualities[index]);
                next = end + 1;
            }

            if (index > 0 && instants[index] <= instants[index - 1])
            {
                throw new WireFormatException($"instant {instants[index]} does not come after {instants[index - 1]}");
            }

            if (channel.Form == ValueForm.Binary64 && !Binary64.IsFinite(values[index]))
            {
                throw new WireFormatException($"the value at {instants[index]} is not a finite number");
            }

            body = body[next..];
        }

        return body.IsEmpty
            ? new ChannelSegment
            {
                Gateway = gateway,
                Batch = batch,
                Channel = channel,
                UtcMilliseconds = instants,
                ScaledValues = values,
                Qualities = qualities,
                HasValues = hasValues,
            }
            : throw new WireFormatException("the last line of the segment has no line feed");
    }

    private static Channel ParseChannel(ref CanonicalLines lines)
    {
        string id = Field(ref lines, "channel");
        string meter = Field(ref lines, "meter");
        string unit = Field(ref lines, "unit");
        string decimalsText = Field(ref lines, "decimals");
        bool isBinary = decimalsText == Channel.Binary64Text;
        int decimals = isBinary ? 0 : CanonicalLines.Count(decimalsText, "decimals", Channel.MaximumDecimalPlaces);
        ChannelKind kind = ChannelKind.Gauge;
        long? modulus = null;
        if (lines.NextIs("kind"))
        {
            string[] parts = Encoding.ASCII.GetString(lines.TakeLine()).Split(' ');
            kind = parts switch
            {
                [_, "gauge"] => ChannelKind.Gauge,
                [_, "counter", _] => ChannelKind.Counter,
                _ => throw new WireFormatException("line 'kind' must be 'gauge' or 'counter N'"),
            };
            modulus = kind == ChannelKind.Counter && parts[2] != "-" ? CanonicalLines.Integer(parts[2], "modulus") : null;
        }
        else
        {
            throw new WireFormatException("expected a line 'kind ...'");
        }

        Channel channel = new()
        {
            Id = id,
            Meter = meter,
            Unit = unit,
            DecimalPlaces = decimals,
            Form = isBinary ? ValueForm.Binary64 : ValueForm.Decimal,
            Kind = kind,
            Modulus = modulus,
            Profile = Field(ref lines, "profile"),
        };
        try
        {
            channel.Check();
        }
        catch (ArgumentException e)
        {
            throw new WireFormatException(e.Message, e);
        }

        return lines.AtEnd ? channel : throw new WireFormatException("a line after 'profile' in the segment's header");
    }

    /// <summary>The one field of a line "keyword field", without the arrays that several fields need.</summary>
    private static string Field(ref CanonicalLines lines, string keyword)
    {
        if (!lines.NextIs(keyword))
        {
            throw new WireFormatException($"expected a line '{keyword} ...'");
        }

        ReadOnlySpan<byte> field = lines.TakeLine()[(keyword.Length + 1)..];
        return field.IsEmpty || field.Contains((byte)' ')
            ? throw new WireFormatException($"line '{keyword}' must have 1 fields")
            : Encoding.ASCII.GetString(field);
    }

    /// <summary>
    /// Reads a line of the commonest form, "instant,value,G" with numbers of at most 18 digits, in one pass. Gives the length
    /// with its line feed; 0 for any other line, good or bad, which <see cref="ParseLine"/> then judges.
    /// </summary>
    private static int TryGood(ReadOnlySpan<byte> body, out long instant, out long value)
    {
        value = 0;
        int at = TryDigits(body, 0, out instant);
        if (at == 0 || at + 2 >= body.Length || body[at] != (byte)',')
        {
            return 0;
        }

        bool isNegative = body[++at] == (byte)'-';
        at = TryDigits(body, isNegative ? at + 1 : at, out value);
        if (at == 0 || (isNegative && value == 0))
        {
            return 0;
        }

        value = isNegative ? -value : value;
        return body[at..].StartsWith(",G\n"u8) ? at + 3 : 0;
    }

    /// <summary>Reads 1 to 18 digits without a leading zero. Gives the place after them, 0 when they are not there.</summary>
    private static int TryDigits(ReadOnlySpan<byte> text, int at, out long number)
    {
        const int MostDigits = 18;
        int start = at;
        number = 0;
        unchecked
        {
            // 18 digits do not reach the end of a long.
            for (; at < text.Length && at - start < MostDigits && (uint)(text[at] - '0') <= 9; at++)
            {
                number = (number * 10) + (text[at] - '0');
            }
        }

        return at > start && (text[start] != (byte)'0' || at == start + 1) ? at : 0;
    }

    private static void ParseLine(ReadOnlySpan<byte> line, out long instant, out long value, out bool hasValue, out ReadingQuality quality)
    {
        int first = line.IndexOf((byte)',');
        int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)',');
        if (first <= 0 || second < 0 || line.Length > LongestLine)
        {
            throw new WireFormatException("a reading's line must be 'instant,value,quality'");
        }

        ReadOnlySpan<byte> valueText = line.Slice(first + 1, second);
        instant = CanonicalLines.Integer(line[..first], "instant");
        hasValue = !valueText.IsEmpty;
        value = hasValue ? CanonicalLines.Integer(valueText, "value") : 0;
        if (!ReadingQuality.TryParse(line[(first + second + 2)..], out quality) || (!hasValue && quality.IsUsable))
        {
            throw new WireFormatException("the quality of a reading is unknown, or claims use of a reading without a value");
        }
    }

    private void WriteLine(ArrayBufferWriter<byte> writer, int index)
    {
        Span<byte> line = writer.GetSpan(LongestLine);
        _ = Utf8Formatter.TryFormat(UtcMilliseconds.Span[index], line, out int length);
        line[length++] = (byte)',';
        if (HasValues.Span[index])
        {
            _ = Utf8Formatter.TryFormat(ScaledValues.Span[index], line[length..], out int written);
            length += written;
        }

        line[length++] = (byte)',';
        ReadingQuality quality = Qualities.Span[index];
        length += quality.Code == 0 ? PutGood(line[length..]) : Encoding.ASCII.GetBytes(quality.ToString(), line[length..]);
        line[length++] = (byte)'\n';
        writer.Advance(length);
    }

    private static int PutGood(Span<byte> destination)
    {
        destination[0] = (byte)'G';
        return 1;
    }
}
