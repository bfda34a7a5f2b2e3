using System.Buffers.Text;
using System.Text;
using Metering.Readings;

namespace Metering.Store.Influx;

/// <summary>
/// Lines of InfluxDB's line protocol. Readings: measurement "reading", tags channel, gateway, meter, plant, unit (in this order,
/// always all of them), field value, always a float, printed as the exact decimal, and field quality, an integer code,
/// only when the reading is not good. Intervals: measurement "interval_15m", the same tags, fields consumption, mean, min, max and
/// completeness (floats, those without a value left out) and flag, an integer. No tag can hold a character that needs escaping: all but the unit are
/// <see cref="Identifier"/>, and the units are a closed list.
/// </summary>
internal sealed class LineBuffer
{
    /// <summary>The last instant that InfluxDB can hold: nanoseconds in 64 bits end in 2262 (influxdata/influxdb 1.8, models/time.go). One less, so that "before the next" can be written, too.</summary>
    public const long LastInstantUtcMilliseconds = 9_223_372_036_853;

    private const int LongestFields = 240;
    private readonly List<int> _ends = [];
    private byte[] _bytes = new byte[64 * 1024];

    public int Count => _ends.Count;

    /// <summary>The bytes of the lines from one index to another, the latter not included.</summary>
    public ReadOnlyMemory<byte> Lines(int start, int end) => _bytes.AsMemory(StartOf(start)..StartOf(end));

    public void Clear() => _ends.Clear();

    /// <summary>Takes lines out.</summary>
    /// <param name="indices">Which, ascending.</param>
    public void Remove(IEnumerable<int> indices)
    {
        int removed = 0;
        foreach (int index in indices)
        {
            int start = StartOf(index - removed);
            int length = _ends[index - removed] - start;
            _bytes.AsSpan(_ends[index - removed]..StartOf(_ends.Count)).CopyTo(_bytes.AsSpan(start));
            _ends.RemoveAt(index - removed);
            for (int later = index - removed; later < _ends.Count; later++)
            {
                _ends[later] -= length;
            }

            removed++;
        }
    }

    /// <summary>What a channel's lines begin with.</summary>
    public static byte[] Prefix(string plant, string gateway, Channel channel, string measurement = "reading") => Encoding.ASCII.GetBytes(
        $"{measurement},channel={Identifier.Require(channel.Id, nameof(channel))},gateway={Identifier.Require(gateway, nameof(gateway))}"
        + $",meter={Identifier.Require(channel.Meter, nameof(channel))},plant={Identifier.Require(plant, nameof(plant))},unit={channel.Unit} ");

    /// <summary>Adds a line.</summary>
    /// <param name="prefix">From <see cref="Prefix"/>.</param>
    /// <param name="decimals">Decimal places of the scaled value, or <see cref="Channel.Binary64Code"/>.</param>
    /// <param name="reading">The reading.</param>
    /// <param name="alwaysQuality">Writes the quality of a good reading too, because another may stand there already: fields not written stay as they were.</param>
    public void Add(ReadOnlySpan<byte> prefix, int decimals, in Reading reading, bool alwaysQuality)
    {
        Span<byte> rest = Begin(prefix);
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

        End(prefix.Length, length, rest, reading.UtcMilliseconds);
    }

    /// <summary>Adds a line for an interval.</summary>
    /// <param name="prefix">From <see cref="Prefix"/>.</param>
    /// <param name="interval">The interval; values that are not finite are left out.</param>
    public void Add(ReadOnlySpan<byte> prefix, MirroredInterval interval)
    {
        Span<byte> rest = Begin(prefix);
        int length = Put(rest, "flag="u8);
        _ = Utf8Formatter.TryFormat(interval.Flag, rest[length..], out int written);
        length += written;
        rest[length++] = (byte)'i';
        length += Put(rest[length..], ",completeness="u8, interval.Completeness);
        length += Put(rest[length..], ",consumption="u8, interval.Consumption);
        length += Put(rest[length..], ",mean="u8, interval.Mean);
        length += Put(rest[length..], ",min="u8, interval.Minimum);
        length += Put(rest[length..], ",max="u8, interval.Maximum);
        End(prefix.Length, length, rest, interval.StartUtcMilliseconds);
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
            _ = Utf8Formatter.TryFormat(Binary64.FromOrdered(scaled), target, out length);
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

    private Span<byte> Begin(ReadOnlySpan<byte> prefix)
    {
        int start = StartOf(_ends.Count);
        if (_bytes.Length < start + prefix.Length + LongestFields)
        {
            Array.Resize(ref _bytes, (_bytes.Length * 2) + prefix.Length);
        }

        prefix.CopyTo(_bytes.AsSpan(start));
        return _bytes.AsSpan(start + prefix.Length);
    }

    private void End(int prefixLength, int length, Span<byte> rest, long utcMilliseconds)
    {
        rest[length++] = (byte)' ';
        _ = Utf8Formatter.TryFormat(utcMilliseconds, rest[length..], out int digits);
        length += digits;
        rest[length++] = (byte)'\n';
        _ends.Add(StartOf(_ends.Count) + prefixLength + length);
    }

    private static int Put(Span<byte> target, ReadOnlySpan<byte> name, double value)
    {
        if (!double.IsFinite(value))
        {
            return 0;
        }

        int length = Put(target, name);
        _ = Utf8Formatter.TryFormat(value, target[length..], out int written);
        return length + written;
    }

    private static int Put(Span<byte> target, ReadOnlySpan<byte> text)
    {
        text.CopyTo(target);
        return text.Length;
    }
}
