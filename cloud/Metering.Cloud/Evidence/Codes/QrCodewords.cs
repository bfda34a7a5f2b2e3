namespace Metering.Cloud.Evidence.Codes;

/// <summary>From bytes to the codewords of a QR code: mode, length, padding, blocks and their error correction (ISO/IEC 18004:2015, 7.4 to 7.6).</summary>
internal static class QrCodewords
{
    private const int LargestVersion = 10;
    private const int LongLength = 10;

    // Level M: error correction codewords of a block, blocks, and data codewords altogether (table 9).
    private static readonly (int Correction, int Blocks, int Data)[] Versions =
    [
        (10, 1, 16), (16, 1, 28), (26, 1, 44), (18, 2, 64), (24, 2, 86), (16, 4, 108), (18, 4, 124), (22, 4, 154), (22, 5, 182), (26, 5, 216),
    ];

    /// <summary>The smallest version that holds the bytes, and all its codewords in the order they are drawn in.</summary>
    /// <exception cref="ArgumentException">They are too many.</exception>
    public static (int Version, byte[] Codewords) Of(ReadOnlySpan<byte> bytes)
    {
        for (int version = 1; version <= LargestVersion; version++)
        {
            (int correction, int blocks, int data) = Versions[version - 1];
            int lengthBits = version < LongLength ? 8 : 16;
            if (4 + lengthBits + (8 * bytes.Length) <= 8 * data)
            {
                return (version, Interleave(DataOf(bytes, lengthBits, data), blocks, correction));
            }
        }

        throw new ArgumentException($"{bytes.Length} bytes are more than a QR code of version {LargestVersion} holds", nameof(bytes));
    }

    /// <summary>Error correction codewords of a block: the rest of its polynomial by the generator, over GF(2^8) with 100011101 (7.5.2, annex A).</summary>
    public static byte[] Correction(ReadOnlySpan<byte> block, int count)
    {
        byte[] generator = Generator(count);
        byte[] rest = new byte[count];
        foreach (byte codeword in block)
        {
            byte factor = (byte)(codeword ^ rest[0]);
            rest.AsSpan(1).CopyTo(rest);
            rest[^1] = 0;
            for (int index = 0; index < count; index++)
            {
                rest[index] ^= Multiply(generator[index], factor);
            }
        }

        return rest;
    }

    private static byte[] DataOf(ReadOnlySpan<byte> bytes, int lengthBits, int count)
    {
        byte[] data = new byte[count];
        int bit = 0;
        Append(data, ref bit, 0b0100, 4);
        Append(data, ref bit, bytes.Length, lengthBits);
        foreach (byte one in bytes)
        {
            Append(data, ref bit, one, 8);
        }

        // A terminator of four zeros, as far as there is room, zeros to the next byte, then two bytes in turn (7.4.10).
        bit = Math.Min(bit + 4, 8 * count);
        int place = (bit + 7) / 8;
        for (bool isFirst = true; place < count; place++, isFirst = !isFirst)
        {
            data[place] = isFirst ? (byte)0xEC : (byte)0x11;
        }

        return data;
    }

    private static void Append(byte[] data, ref int bit, int value, int bits)
    {
        for (int shift = bits - 1; shift >= 0; shift--, bit++)
        {
            data[bit / 8] |= (byte)(((value >> shift) & 1) << (7 - (bit % 8)));
        }
    }

    // The first blocks are one codeword shorter where the data do not divide; of all blocks the first codeword, then the second (7.6).
    private static byte[] Interleave(byte[] data, int blocks, int correction)
    {
        int shorter = data.Length / blocks;
        int shortBlocks = blocks - (data.Length % blocks);
        byte[][] parts = new byte[blocks][];
        byte[][] corrections = new byte[blocks][];
        int start = 0;
        for (int block = 0; block < blocks; block++)
        {
            int length = shorter + (block < shortBlocks ? 0 : 1);
            parts[block] = data[start..(start + length)];
            corrections[block] = Correction(parts[block], correction);
            start += length;
        }

        List<byte> all = new(data.Length + (blocks * correction));
        for (int index = 0; index <= shorter; index++)
        {
            all.AddRange(parts.Where(part => index < part.Length).Select(part => part[index]));
        }

        for (int index = 0; index < correction; index++)
        {
            all.AddRange(corrections.Select(part => part[index]));
        }

        return [.. all];
    }

    // The product of (x - 2^i) for i below the count, without its leading 1.
    private static byte[] Generator(int count)
    {
        byte[] generator = new byte[count];
        generator[^1] = 1;
        byte root = 1;
        for (int factor = 0; factor < count; factor++)
        {
            for (int index = 0; index < count; index++)
            {
                generator[index] = (byte)(Multiply(generator[index], root) ^ (index + 1 < count ? generator[index + 1] : 0));
            }

            root = Multiply(root, 2);
        }

        return generator;
    }

    private static byte Multiply(byte left, byte right)
    {
        int product = 0;
        for (int bit = 7; bit >= 0; bit--)
        {
            product = (product << 1) ^ ((product >> 7) * 0x11D);
            product ^= ((right >> bit) & 1) * left;
        }

        return (byte)product;
    }
}
