using System.Buffers.Binary;
using System.Numerics;

namespace Metering.Store.Chunks;

/// <summary>
/// Unsigned 64-bit integers in blocks of 128 (the last one shorter), each block with the bit width that makes it smallest;
/// numbers that do not fit the width are patched (PFOR: M. Zukowski, S. Heman, N. Nes, P. Boncz, "Super-scalar RAM-CPU
/// cache compression", ICDE 2006). One block:
/// <code>
/// byte    width 0 to 64; + 128 when exceptions follow
/// bytes   the low bits of each number, the first number in the lowest bits of the first byte; whole bytes
/// byte    number of exceptions - 1, only when exceptions follow; then for each:
///         index in the block (1 byte), varint of what stands above the width
/// </code>
/// The bytes follow from the numbers alone: of equally small widths the smallest is taken.
/// </summary>
internal static class BitBlocks
{
    public const int Size = 128;

    /// <summary>The most bytes a number can take, beside the one byte a block begins with: of all widths 64 is never larger.</summary>
    public const int LongestNumber = 8;

    private const byte HasExceptions = 0x80;
    private const int WidthMask = 0x7F;
    private const int FullWidth = 64;

    // Beyond this a number that begins inside a byte does not lie within 8 bytes.
    private const int WidestInOneLoad = 57;

    /// <summary>Reads one block, as many numbers as the caller knows it to have.</summary>
    public static void ReadBlock(ref ByteReader reader, scoped Span<ulong> numbers)
    {
        byte head = reader.Byte();
        int width = head & WidthMask;
        int length = PackedLength(numbers.Length, width);

        // Loads take 8 or 9 bytes from where a number begins; at the chunk's end there may be fewer.
        ReadOnlySpan<byte> rest = reader.Rest();
        if (rest.Length >= length + sizeof(ulong) + 1)
        {
            Unpack(rest, width, numbers);
        }
        else
        {
            Span<byte> padded = stackalloc byte[(Size * sizeof(ulong)) + sizeof(ulong) + 1];
            padded.Clear();
            rest[..length].CopyTo(padded);
            Unpack(padded, width, numbers);
        }

        _ = reader.Take(length);
        if ((head & HasExceptions) == 0)
        {
            return;
        }

        for (int left = reader.Byte(); left >= 0; left--)
        {
            int index = reader.Byte();
            numbers[index] |= unchecked(reader.Varint() << width);
        }
    }

    /// <summary>Writes one block, of at most <see cref="Size"/> numbers.</summary>
    public static void WriteBlock(ref ByteWriter writer, scoped ReadOnlySpan<ulong> numbers)
    {
        (int width, int exceptions) = Choose(numbers);
        writer.Byte((byte)(width | (exceptions > 0 ? HasExceptions : 0)));
        Pack(writer.Take(PackedLength(numbers.Length, width)), width, numbers);
        if (exceptions == 0)
        {
            return;
        }

        writer.Byte((byte)(exceptions - 1));
        for (int index = 0; index < numbers.Length; index++)
        {
            if (Bits(numbers[index]) > width)
            {
                writer.Byte((byte)index);
                writer.Varint(numbers[index] >> width);
            }
        }
    }

    /// <summary>The width that takes the fewest bytes, and how many numbers do not fit it.</summary>
    private static (int Width, int Exceptions) Choose(ReadOnlySpan<ulong> numbers)
    {
        Span<byte> counts = stackalloc byte[FullWidth + 1];
        counts.Clear();
        int widest = 0;
        foreach (ulong number in numbers)
        {
            int bits = Bits(number);
            counts[bits]++;
            widest = Math.Max(widest, bits);
        }

        (int Width, int Exceptions) best = (widest, 0);
        int bestLength = 1 + PackedLength(numbers.Length, widest);
        int above = 0;
        for (int width = widest - 1; width >= 0; width--)
        {
            above += counts[width + 1];

            // An exception takes 2 bytes at least.
            int length = 2 + PackedLength(numbers.Length, width) + above;
            if (length + above > bestLength)
            {
                continue;
            }

            for (int bits = width + 1; bits <= widest; bits++)
            {
                length += counts[bits] * VarintLength(bits - width);
            }

            if (length <= bestLength)
            {
                (best, bestLength) = ((width, above), length);
            }
        }

        return best;
    }

    private static void Pack(Span<byte> packed, int width, ReadOnlySpan<ulong> numbers)
    {
        ulong mask = Mask(width);
        ulong word = 0;
        int filled = 0;
        int offset = 0;
        foreach (ulong number in numbers)
        {
            ulong low = number & mask;
            word |= unchecked(low << filled);
            filled += width;
            if (filled < FullWidth)
            {
                continue;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(packed[offset..], word);
            offset += sizeof(ulong);
            filled -= FullWidth;
            word = filled == 0 ? 0 : low >> (width - filled);
        }

        for (; filled > 0; filled -= 8)
        {
            packed[offset++] = unchecked((byte)word);
            word >>= 8;
        }
    }

    private static void Unpack(ReadOnlySpan<byte> packed, int width, Span<ulong> numbers)
    {
        // Bit offsets stay below 2^13, and what is shifted out is not wanted.
        unchecked
        {
            ulong mask = Mask(width);
            int bit = 0;
            if (width <= WidestInOneLoad)
            {
                foreach (ref ulong number in numbers)
                {
                    number = (BinaryPrimitives.ReadUInt64LittleEndian(packed[(bit >> 3)..]) >> (bit & 7)) & mask;
                    bit += width;
                }

                return;
            }

            foreach (ref ulong number in numbers)
            {
                int offset = bit >> 3;
                int shift = bit & 7;
                ulong low = BinaryPrimitives.ReadUInt64LittleEndian(packed[offset..]) >> shift;
                ulong high = ((ulong)packed[offset + sizeof(ulong)] << 1) << (FullWidth - 1 - shift);
                number = (low | high) & mask;
                bit += width;
            }
        }
    }

    private static int PackedLength(int count, int width) => ((count * width) + 7) / 8;

    private static int Bits(ulong number) => FullWidth - BitOperations.LeadingZeroCount(number);

    private static int VarintLength(int bits) => (bits + 6) / 7;

    private static ulong Mask(int width) => width == FullWidth ? ulong.MaxValue : (1UL << width) - 1;
}
