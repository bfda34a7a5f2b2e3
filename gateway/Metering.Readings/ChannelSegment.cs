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
    /// <summary>Bytes of a usual line, to begin with.</summary>
    internal const int UsualLineLength = 28;

    private static ReadOnlySpan<byte> Header => "metering/v1/segment"u8;

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
        using RentedBuffer buffer = new(Count * UsualLineLength);
        WriteTo(buffer);
        return buffer.Written.ToArray();
    }

    /// <summary>Appends the canonical bytes.</summary>
    internal void WriteTo(RentedBuffer buffer)
    {
        _ = buffer.Append("metering/v1/segment\ngateway "u8).Append(Gateway).Append("\n"u8)
            .Append("batch "u8).Append(Batch).Append("\n"u8)
            .Append("channel "u8).Append(Channel.Id).Append("\n"u8)
            .Append("meter "u8).Append(Channel.Meter).Append("\n"u8)
            .Append("unit "u8).Append(Channel.Unit).Append("\n"u8)
            .Append("decimals "u8).Append(Channel.DecimalsText).Append("\n"u8)
            .Append("kind "u8).Append(Channel.KindText).Append("\n"u8)
            .Append("profile "u8).Append(Channel.Profile).Append("\n\n"u8);
        for (int index = 0; index < Count; index++)
        {
            WriteLine(buffer, index);
        }
    }

    /// <summary>Reads canonical bytes.</summary>
    /// <exception cref="WireFormatException">The bytes are not a canonical segment.</exception>
    public static ChannelSegment Parse(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> body = bytes[BodyOf(bytes)..];
        int count = body.Count((byte)'\n');
        return count <= BatchLimits.MaximumReadings
            ? Parse(bytes, "", new(count), count)
            : throw new WireFormatException($"{count} readings in one segment, the limit is {BatchLimits.MaximumReadings}");
    }

    /// <summary>Reads canonical bytes into columns that several segments share.</summary>
    /// <param name="bytes">The segment.</param>
    /// <param name="gateway">The gateway that is expected, whose text is then used.</param>
    /// <param name="room">Where the readings go.</param>
    /// <param name="count">How many readings must be in the segment; there is room for them.</param>
    /// <exception cref="WireFormatException">The bytes are not a canonical segment of so many readings.</exception>
    internal static ChannelSegment Parse(ReadOnlySpan<byte> bytes, string gateway, ReadingRoom room, int count)
    {
        int bodyStart = BodyOf(bytes);
        CanonicalLines lines = new(bytes[..(bodyStart - 1)]);
        lines.Literal(Header);
        ReadOnlySpan<byte> name = lines.Field("gateway"u8);
        gateway = Ascii.Equals(name, gateway) ? gateway : CanonicalLines.Id(name, "gateway");
        long batch = CanonicalLines.Integer(lines.Field("batch"u8), "batch");
        Channel? channel = ChannelHeaders.Find(lines.Rest);
        if (channel is null)
        {
            ReadOnlySpan<byte> header = lines.Rest;
            channel = ParseChannel(ref lines);
            ChannelHeaders.Keep(header, channel);
        }

        Range place = room.Take(count);
        room.Fill(place, bytes[bodyStart..]);
        if (channel.Form == ValueForm.Binary64)
        {
            RequireFinite(room.Instants.AsSpan(place), room.Values.AsSpan(place));
        }

        return new()
        {
            Gateway = gateway,
            Batch = batch,
            Channel = channel,
            UtcMilliseconds = room.Instants.AsMemory(place),
            ScaledValues = room.Values.AsMemory(place),
            Qualities = room.Qualities.AsMemory(place),
            HasValues = room.HasValues.AsMemory(place),
        };
    }

    private static void RequireFinite(ReadOnlySpan<long> instants, ReadOnlySpan<long> values)
    {
        for (int index = 0; index < values.Length; index++)
        {
            if (!Binary64.IsFinite(values[index]))
            {
                throw new WireFormatException($"the value at {instants[index]} is not a finite number");
            }
        }
    }

    private static int BodyOf(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf("\n\n"u8);
        return end >= 0 ? end + 2 : throw new WireFormatException("a segment must have an empty line after its header");
    }

    private static Channel ParseChannel(ref CanonicalLines lines)
    {
        string id = CanonicalLines.Text(lines.Field("channel"u8), "channel");
        string meter = CanonicalLines.Text(lines.Field("meter"u8), "meter");
        string unit = CanonicalLines.Text(lines.Field("unit"u8), "unit");
        ReadOnlySpan<byte> decimalsText = lines.Field("decimals"u8);
        bool isBinary = Ascii.Equals(decimalsText, Channel.Binary64Text);
        int decimals = isBinary ? 0 : CanonicalLines.Count(decimalsText, "decimals", Channel.MaximumDecimalPlaces);
        (ChannelKind kind, long? modulus) = ParseKind(ref lines);
        Channel channel = new()
        {
            Id = id,
            Meter = meter,
            Unit = unit,
            DecimalPlaces = decimals,
            Form = isBinary ? ValueForm.Binary64 : ValueForm.Decimal,
            Kind = kind,
            Modulus = modulus,
            Profile = CanonicalLines.Text(lines.Field("profile"u8), "profile"),
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

    private static (ChannelKind Kind, long? Modulus) ParseKind(ref CanonicalLines lines)
    {
        if (!lines.NextIs("kind"u8))
        {
            throw new WireFormatException("expected a line 'kind ...'");
        }

        ReadOnlySpan<byte> kind = lines.TakeLine()["kind ".Length..];
        if (kind.SequenceEqual("gauge"u8))
        {
            return (ChannelKind.Gauge, null);
        }

        ReadOnlySpan<byte> counter = "counter "u8;
        if (!kind.StartsWith(counter) || kind[counter.Length..].Contains((byte)' '))
        {
            throw new WireFormatException("line 'kind' must be 'gauge' or 'counter N'");
        }

        kind = kind[counter.Length..];
        return (ChannelKind.Counter, kind.SequenceEqual("-"u8) ? null : CanonicalLines.Integer(kind, "modulus"));
    }

    private void WriteLine(RentedBuffer writer, int index) => writer.Advance(ReadingLine.Write(
        writer.GetSpan(ReadingLine.MaximumLength),
        UtcMilliseconds.Span[index],
        HasValues.Span[index] ? ScaledValues.Span[index] : null,
        Qualities.Span[index]));
}
