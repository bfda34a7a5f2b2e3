using System.Text;
using Metering.Readings;

namespace Metering.Tests.Readings.Frozen;

/// <summary>A segment read line by line through the general form. Not to be changed, see <see cref="PlainLines"/>.</summary>
internal static class PlainSegment
{
    private const string Header = "metering/v1/segment";
    private const int LongestLine = 64;

    public static ChannelSegment Parse(ReadOnlySpan<byte> bytes)
    {
        int bodyStart = bytes.IndexOf("\n\n"u8) + 2;
        if (bodyStart < 2)
        {
            throw new WireFormatException("a segment must have an empty line after its header");
        }

        PlainLines lines = new(bytes[..(bodyStart - 1)]);
        lines.Literal(Header);
        string gateway = PlainLines.Id(Field(ref lines, "gateway"), "gateway");
        long batch = PlainLines.Integer(Field(ref lines, "batch"), "batch");
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
            int end = body.IndexOf((byte)'\n');
            ParseLine(body[..end], out instants[index], out values[index], out hasValues[index], out qualities[index]);
            if (index > 0 && instants[index] <= instants[index - 1])
            {
                throw new WireFormatException($"instant {instants[index]} does not come after {instants[index - 1]}");
            }

            body = body[(end + 1)..];
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

    private static Channel ParseChannel(ref PlainLines lines)
    {
        string id = Field(ref lines, "channel");
        string meter = Field(ref lines, "meter");
        string unit = Field(ref lines, "unit");
        int decimals = PlainLines.Count(Field(ref lines, "decimals"), "decimals", Channel.MaximumDecimalPlaces);
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
            modulus = kind == ChannelKind.Counter && parts[2] != "-" ? PlainLines.Integer(parts[2], "modulus") : null;
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

    private static string Field(ref PlainLines lines, string keyword)
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

    private static void ParseLine(ReadOnlySpan<byte> line, out long instant, out long value, out bool hasValue, out ReadingQuality quality)
    {
        int first = line.IndexOf((byte)',');
        int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)',');
        if (first <= 0 || second < 0 || line.Length > LongestLine)
        {
            throw new WireFormatException("a reading's line must be 'instant,value,quality'");
        }

        ReadOnlySpan<byte> valueText = line.Slice(first + 1, second);
        instant = PlainLines.Integer(line[..first], "instant");
        hasValue = !valueText.IsEmpty;
        value = hasValue ? PlainLines.Integer(valueText, "value") : 0;
        if (!ReadingQuality.TryParse(line[(first + second + 2)..], out quality) || (!hasValue && quality.IsUsable))
        {
            throw new WireFormatException("the quality of a reading is unknown, or claims use of a reading without a value");
        }
    }
}
