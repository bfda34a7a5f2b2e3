namespace Metering.Evidence.Bundle;

/// <summary>CRC-32 as ZIP and Ethernet have it (reflected polynomial 0xEDB88320), so that other programs accept our files and we notice theirs.</summary>
internal static class ZipChecksum
{
    private const uint Polynomial = 0xEDB88320;
    private const int Lanes = 8;
    private static readonly uint[] Table = Make();

    /// <summary>The sum over all bytes up to now.</summary>
    /// <param name="before">Sum over the bytes before; 0 at the beginning.</param>
    /// <param name="bytes">Further bytes.</param>
    public static uint Append(uint before, ReadOnlySpan<byte> bytes)
    {
        uint sum = ~before;
        while (bytes.Length >= Lanes)
        {
            // Eight bytes by eight tables: each holds what a byte does to the sum so many bytes later.
            uint low = sum ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            sum = Table[(7 * 256) + (int)(low & 255)] ^ Table[(6 * 256) + (int)((low >> 8) & 255)] ^ Table[(5 * 256) + (int)((low >> 16) & 255)] ^ Table[(4 * 256) + (int)(low >> 24)]
                ^ Table[(3 * 256) + (int)(high & 255)] ^ Table[(2 * 256) + (int)((high >> 8) & 255)] ^ Table[256 + (int)((high >> 16) & 255)] ^ Table[(int)(high >> 24)];
            bytes = bytes[Lanes..];
        }

        foreach (byte one in bytes)
        {
            sum = Table[(int)((sum ^ one) & 255)] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static uint[] Make()
    {
        uint[] table = new uint[Lanes * 256];
        for (uint index = 0; index < 256; index++)
        {
            uint value = index;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) * Polynomial);
            }

            table[index] = value;
        }

        for (int index = 256; index < table.Length; index++)
        {
            table[index] = (table[index - 256] >> 8) ^ table[table[index - 256] & 255];
        }

        return table;
    }
}
