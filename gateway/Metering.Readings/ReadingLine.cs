using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Text;

namespace Metering.Readings;

/// <summary>The line of one reading in a segment, "instant,value,quality": its one spelling, read and written.</summary>
internal static class ReadingLine
{
    /// <summary>Longest line, with its line feed, in bytes.</summary>
    public const int MaximumLength = 64;

    private const ulong Zeros = 0x3030303030303030;

    /// <summary>
    /// Reads a line of the commonest form, "instant,value,G" with numbers of at most 15 digits, eight digits at a time. Gives
    /// the length with its line feed; 0 for any other line, good or bad, which <see cref="Parse"/> then judges.
    /// </summary>
    public static int TryGood(ReadOnlySpan<byte> body, out long instant, out long value)
    {
        value = 0;
        int comma = TryDigits(body, 0, out instant);
        if (comma == 0 || body[comma] != (byte)',')
        {
            return 0;
        }

        int start = comma + 1;
        bool isNegative = start < body.Length && body[start] == (byte)'-';
        int end = TryDigits(body, isNegative ? start + 1 : start, out value);
        if (end == 0 || (isNegative && value == 0))
        {
            return 0;
        }

        value = isNegative ? -value : value;
        return body[end..].StartsWith(",G\n"u8) ? end + 3 : 0;
    }

    /// <summary>Reads any line, without its line feed.</summary>
    /// <exception cref="WireFormatException">The line is not in its one spelling.</exception>
    public static void Parse(ReadOnlySpan<byte> line, out long instant, out long value, out bool hasValue, out ReadingQuality quality)
    {
        int first = line.IndexOf((byte)',');
        int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)',');
        if (first <= 0 || second < 0 || line.Length > MaximumLength)
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

    /// <summary>Writes a line with its line feed.</summary>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> line, long instant, long? value, ReadingQuality quality)
    {
        _ = Utf8Formatter.TryFormat(instant, line, out int length);
        line[length++] = (byte)',';
        if (value is long number)
        {
            _ = Utf8Formatter.TryFormat(number, line[length..], out int written);
            length += written;
        }

        line[length++] = (byte)',';
        if (quality.Code == 0)
        {
            line[length++] = (byte)'G';
        }
        else
        {
            length += Encoding.ASCII.GetBytes(quality.ToString(), line[length..]);
        }

        line[length++] = (byte)'\n';
        return length;
    }

    /// <summary>
    /// Reads 1 to 15 digits without a leading zero, as far as whole words of eight bytes are there. Gives the place after
    /// them, which is inside the text; 0 when they are not there or need a closer look.
    /// </summary>
    private static int TryDigits(ReadOnlySpan<byte> text, int at, out long number)
    {
        number = 0;
        if (text.Length - at < sizeof(ulong))
        {
            return 0;
        }

        ulong head = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]) ^ Zeros;
        int count = DigitsIn(head);
        bool leadsWithZero = (head & 0xFF) == 0 && count > 1;
        if (count == 0 || leadsWithZero)
        {
            return 0;
        }

        number = ValueOf(head, count);
        if (count < sizeof(ulong))
        {
            return at + count;
        }

        if (text.Length - at < 2 * sizeof(ulong))
        {
            return 0;
        }

        ulong tail = BinaryPrimitives.ReadUInt64LittleEndian(text[(at + sizeof(ulong))..]) ^ Zeros;
        int more = DigitsIn(tail);
        if (more == sizeof(ulong))
        {
            return 0;
        }

        number = (number * PowersOfTen[more]) + (more == 0 ? 0 : ValueOf(tail, more));
        return at + sizeof(ulong) + more;
    }

    private static ReadOnlySpan<int> PowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

    /// <summary>How many bytes from the first on are 0 to 9. Adding 0x76 sets the top bit of a byte from 10 to 127; a carry only reaches the bytes behind it.</summary>
    private static int DigitsIn(ulong word) =>
        BitOperations.TrailingZeroCount(unchecked((word + 0x7676767676767676) | word) & 0x8080808080808080) / 8;

    /// <summary>The number that the first 1 to 8 bytes of the word write, the first byte being the highest digit: by pairs, fours, eights.</summary>
    private static long ValueOf(ulong word, int count)
    {
        unchecked
        {
            word <<= 8 * (sizeof(ulong) - count);
            word = (word * 10) + (word >> 8);
            ulong high = (word & 0x000000FF000000FF) * 0x000F424000000064;
            ulong low = ((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001;
            return (long)((high + low) >> 32);
        }
    }
}
