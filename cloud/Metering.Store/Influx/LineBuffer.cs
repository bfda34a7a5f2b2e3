using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Metering.Readings;

namespace Metering.Store.Influx;

/// <summary>
/// Lines of InfluxDB's line protocol: measurement "reading", tags channel, gateway, meter, plant, unit (in this order,
/// always all of them), field value, always a float, printed as the exact decimal, and field quality, an integer code,
/// only when the reading is not good. No tag can hold a character that needs escaping: all but the unit are
/// <see cref="Identifier"/>, and the units are a closed list.
/// </summary>
internal sealed class LineBuffer
{
    private const int LongestFields = 96;
    private readonly List<int> _ends = [];
    private byte[] _bytes = new byte[64 * 1024];

    public int Count => _ends.Count;

    /// <summary>The bytes of the lines from one index to another, the latter not included.</summary>
    public ReadOnlyMemory<byte> Lines(int start, int end) => _bytes.AsMemory(StartOf(start)..StartOf(end));

    public void Clear() => _ends.Clear();

    /// <summary>What a channel's lines begin with.</summary>
    public static byte[] Prefix(string plant, string gateway, Channel channel) => Encoding.ASCII.GetBytes(
        $"reading,channel={Identifier.Require(channel.Id, nameof(channel))},gateway={Identifier.Require(gateway, nameof(gateway))}"
        + $",meter={Identifier.Require(channel.Meter, nameof(channel))},plant={Identifier.Require(plant, nameof(plant))},unit={channel.Unit} ");

    /// <summary>Adds a line.</summary>
    /// <param name="prefix">From <see cref="Prefix"/>.</param>
    /// <param name="decimals">Decimal places of the scaled value, or <see cref="Channel.Binary64Code"/>.</param>
    /// <param name="reading">The reading.</param>
    /// <param name="alwaysQuality">Writes the quality of a good reading too, because another may stand there already: fields not written stay as they were.</param>
    public void Add(ReadOnlySpan<byte> prefix, int decimals, in Reading reading, bool alwaysQuality)
    {
        int start = StartOf(_ends.Count);
        if (_bytes.Length < start + prefix.Length + LongestFields)
        {
            Array.Resize(ref _bytes, (_bytes.Length * 2) + prefix.Length);
        }

        prefix.CopyTo(_bytes.AsSpan(start));
        Span<byte> rest = _bytes.AsSpan(start + prefix.Length);
        int length = 0;
        if (reading.HasValue)
        {
            length += Put(rest, "value="u8);
            length += FormatExact(reading.ScaledValue, decimals, rest[length..]);
        }

        if (!reading.HasValue || alwaysQuality || reading.Quality.Code != 0)
        {
            length += Put(rest[length..], reading.HasValue ? ",quality="u8 : "quality="u8);
            _ = Utf8Formatter.TryFormat(reading.Quality.Code, rest[length..], out int written);
            length += written;
            length += Put(rest[length..], "i"u8);
        }

        rest[length++] = (byte)' ';
        _ = Utf8Formatter.TryFormat(reading.UtcMilliseconds, rest[length..], out int digits);
        length += digits;
        rest[length++] = (byte)'\n';
        _ends.Add(start + prefix.Length + length);
    }

    /// <summary>
    /// Writes scaled x 10^-decimals as a decimal, exact to the last digit, or a double as the shortest text that reads back as the
    /// same, and gives the number of bytes.
    /// </summary>
    public static int FormatExact(long scaled, int decimals, Span<byte> target)
    {
        int length = 0;
        if (decimals == Channel.Binary64Code)
        {
            _ = Binary64.FromOrdered(scaled).TryFormat(target, out length, default, CultureInfo.InvariantCulture);
            return length;
        }

        if (scaled < 0)
        {
            target[length++] = (byte)'-';
        }

        ulong magnitude = scaled < 0 ? unchecked(0UL - (ulong)scaled) : (ulong)scaled;
        ulong divisor = 1;
        for (int place = 0; place < decimals; place++)
        {
            divisor *= 10;
        }

        _ = Utf8Formatter.TryFormat(magnitude / divisor, target[length..], out int written);
        length += written;
        if (decimals > 0)
        {
            target[length++] = (byte)'.';
            _ = Utf8Formatter.TryFormat(magnitude % divisor, target[length..], out written, new('D', (byte)decimals));
            length += written;
        }

        return length;
    }

    private int StartOf(int index) => index == 0 ? 0 : _ends[index - 1];

    private static int Put(Span<byte> target, ReadOnlySpan<byte> text)
    {
        text.CopyTo(target);
        return text.Length;
    }
}
