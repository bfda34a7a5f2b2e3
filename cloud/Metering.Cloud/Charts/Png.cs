using System.Buffers.Binary;
using System.IO.Compression;

namespace Metering.Cloud.Charts;

/// <summary>Writes pictures of at most 256 colours as PNG (ISO/IEC 15948: signature, IHDR, PLTE, tRNS, IDAT, IEND).</summary>
internal static class Png
{
    private const byte IndexedColour = 3;
    private const int ChunkOverhead = 12;

    private static readonly uint[] CrcTable = BuildCrcTable();

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A picture of one byte a pixel.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="pixels">Indices into the palette, row by row from the top.</param>
    /// <param name="palette">Colours 0xRRGGBB; colour 0 is fully transparent.</param>
    public static byte[] Write(int width, ReadOnlySpan<byte> pixels, ReadOnlySpan<int> palette)
    {
        int height = pixels.Length / width;
        using MemoryStream stream = new();
        stream.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a pixel
        header[9] = IndexedColour;
        header[10..].Clear(); // deflate, adaptive filters, not interlaced
        Chunk(stream, "IHDR"u8, header);
        byte[] colours = new byte[3 * palette.Length];
        for (int index = 0; index < palette.Length; index++)
        {
            colours[3 * index] = (byte)((palette[index] >> 16) & 0xFF);
            colours[(3 * index) + 1] = (byte)((palette[index] >> 8) & 0xFF);
            colours[(3 * index) + 2] = (byte)(palette[index] & 0xFF);
        }

        Chunk(stream, "PLTE"u8, colours);
        Chunk(stream, "tRNS"u8, [0]);
        Chunk(stream, "IDAT"u8, Compress(width, pixels));
        Chunk(stream, "IEND"u8, []);
        return stream.ToArray();
    }

    private static byte[] Compress(int width, ReadOnlySpan<byte> pixels)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int start = 0; start < pixels.Length; start += width)
            {
                zlib.WriteByte(0); // filter of the row: none
                zlib.Write(pixels.Slice(start, width));
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(MemoryStream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[data.Length + ChunkOverhead];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, data.Length + 4)));
        stream.Write(chunk);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] BuildCrcTable()
    {
        const uint Polynomial = 0xEDB88320; // ISO 3309, reflected
        uint[] table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            uint value = index;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? Polynomial ^ (value >> 1) : value >> 1;
            }

            table[index] = value;
        }

        return table;
    }
}
