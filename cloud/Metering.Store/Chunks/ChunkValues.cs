using System.Numerics;

namespace Metering.Store.Chunks;

/// <summary>
/// The values of a chunk, version 2: those of the readings that have one, in order. Differences wrap modulo 2^64, so any
/// 64-bit integers come back bit for bit.
/// <code>
/// byte    form: bit 0 = differences of differences (the difference before the first is 0);
///         bit 1 = differences as they are, else zigzag (0, -1, 1, -2, ... as 0, 1, 2, 3, ...)
/// varint  zigzag of the first value
/// blocks  the differences of all further values, see <see cref="BitBlocks"/>
/// </code>
/// Differences of differences are taken when their bit lengths (of the magnitudes, and a sign bit
/// each where one is negative) add up to less; zigzag when one to be written is negative.
/// </summary>
internal static class ChunkValues
{
    private const int SecondDifferences = 1;
    private const int Plain = 2;
    private const int FormCount = 4;

    /// <summary>The most bytes the values can take, beside those of a block's head.</summary>
    public const int LongestValue = BitBlocks.LongestNumber + 3;

    public static void Write(ref ByteWriter writer, ReadOnlySpan<long> values)
    {
        int form = FormOf(values);
        bool isSecond = (form & SecondDifferences) != 0;
        bool isPlain = (form & Plain) != 0;
        writer.Byte((byte)form);
        writer.Varint(Zigzag(values[0]));
        Span<ulong> block = stackalloc ulong[BitBlocks.Size];
        long before = 0;
        for (int start = 1; start < values.Length; start += BitBlocks.Size)
        {
            Span<ulong> numbers = block[..Math.Min(BitBlocks.Size, values.Length - start)];
            ReadOnlySpan<long> lower = values.Slice(start - 1, numbers.Length);
            ReadOnlySpan<long> upper = values.Slice(start, numbers.Length);
            for (int index = 0; index < numbers.Length; index++)
            {
                long difference = unchecked(upper[index] - lower[index]);
                long number = isSecond ? unchecked(difference - before) : difference;
                before = difference;
                numbers[index] = isPlain ? unchecked((ulong)number) : Zigzag(number);
            }

            BitBlocks.WriteBlock(ref writer, numbers);
        }
    }

    /// <summary>Reads as many values as the caller knows there to be, one or more.</summary>
    public static void Read(ref ByteReader reader, Span<long> values)
    {
        int form = reader.Byte();
        if (form >= FormCount)
        {
            throw new InvalidDataException($"the values of a chunk have form {form}, which this program does not know");
        }

        Span<ulong> block = stackalloc ulong[BitBlocks.Size];
        long value = Unzigzag(reader.Varint());
        long difference = 0;
        values[0] = value;
        for (int start = 1; start < values.Length; start += BitBlocks.Size)
        {
            Span<long> target = values.Slice(start, Math.Min(BitBlocks.Size, values.Length - start));
            Span<ulong> numbers = block[..target.Length];
            BitBlocks.ReadBlock(ref reader, numbers);
            switch (form)
            {
                case 0:
                    AddZigzag(numbers, target, ref value);
                    break;
                case Plain:
                    AddPlain(numbers, target, ref value);
                    break;
                default:
                    AddTwice(numbers, target, form == SecondDifferences, (value, difference));
                    value = target[^1];
                    difference = unchecked(value - (target.Length > 1 ? target[^2] : values[start - 1]));
                    break;
            }
        }
    }

    public static ulong Zigzag(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    public static long Unzigzag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));

    private static int FormOf(ReadOnlySpan<long> values)
    {
        long firstBits = 0;
        long secondBits = 0;
        long firstSigns = 0;
        long secondSigns = 0;
        long before = 0;
        unchecked
        {
            for (int index = 1; index < values.Length; index++)
            {
                long difference = values[index] - values[index - 1];
                long second = difference - before;
                before = difference;
                firstBits += BitsOf(difference);
                secondBits += BitsOf(second);
                firstSigns |= difference;
                secondSigns |= second;
            }
        }

        // A negative one among them costs each a bit for its sign.
        firstBits += firstSigns < 0 ? values.Length : 0;
        secondBits += secondSigns < 0 ? values.Length : 0;
        int form = secondBits < firstBits ? SecondDifferences : 0;
        return (form == 0 ? firstSigns : secondSigns) >= 0 ? form | Plain : form;
    }

    // Of the magnitude, without the sign.
    private static int BitsOf(long value) => 64 - BitOperations.LeadingZeroCount(unchecked((ulong)(value ^ (value >> 63))));

    private static void AddZigzag(ReadOnlySpan<ulong> numbers, Span<long> target, ref long value)
    {
        long sum = value;
        for (int index = 0; index < numbers.Length; index++)
        {
            sum = unchecked(sum + Unzigzag(numbers[index]));
            target[index] = sum;
        }

        value = sum;
    }

    private static void AddPlain(ReadOnlySpan<ulong> numbers, Span<long> target, ref long value)
    {
        long sum = value;
        for (int index = 0; index < numbers.Length; index++)
        {
            sum = unchecked(sum + (long)numbers[index]);
            target[index] = sum;
        }

        value = sum;
    }

    private static void AddTwice(ReadOnlySpan<ulong> numbers, Span<long> target, bool isZigzag, (long Value, long Difference) from)
    {
        (long value, long difference) = from;
        unchecked
        {
            for (int index = 0; index < numbers.Length; index++)
            {
                difference += isZigzag ? Unzigzag(numbers[index]) : (long)numbers[index];
                value += difference;
                target[index] = value;
            }
        }
    }
}
