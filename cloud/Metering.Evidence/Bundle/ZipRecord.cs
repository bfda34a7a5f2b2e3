using System.Buffers.Binary;
using System.Text;

namespace Metering.Evidence.Bundle;

/// <summary>A file in a bundle, as the ZIP directory and its local header, which must agree, describe it (APPNOTE 6.3, 4.3.7 and 4.3.12).</summary>
/// <param name="Name">Name, ASCII.</param>
/// <param name="Offset">Where its local header begins.</param>
/// <param name="DataOffset">Where its bytes begin.</param>
/// <param name="IsDeflated">Whether they are compressed (method 8) or stored (method 0).</param>
/// <param name="PackedLength">Bytes in the file.</param>
/// <param name="Length">Bytes once expanded.</param>
/// <param name="Checksum">CRC-32 of the expanded bytes.</param>
internal sealed record ZipRecord(string Name, long Offset, long DataOffset, bool IsDeflated, long PackedLength, long Length, uint Checksum)
{
    internal const int LocalLength = 30;
    internal const int CentralLength = 46;
    internal const int EndLength = 22;
    internal const uint LocalMark = 0x04034b50;
    internal const uint CentralMark = 0x02014b50;
    internal const uint EndMark = 0x06054b50;

    /// <summary>Version 2.0: deflate, no encryption, no ZIP64.</summary>
    internal const ushort Version = 20;

    internal const ushort Deflate = 8;

    /// <summary>1980-01-01 00:00:00, the first date a ZIP can say: a bundle's times stand in its entries.</summary>
    internal const uint Date = 0x00210000;

    /// <summary>Both headers hold the same 26 bytes from the version on, but that the directory has more behind them.</summary>
    internal const int SharedLength = 26;

    /// <summary>Reads the 26 bytes that both headers share and the name behind the header.</summary>
    internal static ZipRecord Read(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> name, long offset)
    {
        ushort method = BinaryPrimitives.ReadUInt16LittleEndian(shared[4..]);
        bool isPlain = BinaryPrimitives.ReadUInt16LittleEndian(shared) == Version && BinaryPrimitives.ReadUInt16LittleEndian(shared[2..]) == 0
            && method is 0 or Deflate && BinaryPrimitives.ReadUInt32LittleEndian(shared[6..]) == Date && BinaryPrimitives.ReadUInt16LittleEndian(shared[24..]) == 0;
        if (!isPlain || name.IsEmpty || name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
        {
            throw new BundleFormatException("a file in the ZIP is encrypted, has extra fields or another form than a bundle's files have");
        }

        long packed = BinaryPrimitives.ReadUInt32LittleEndian(shared[14..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(shared[18..]);
        return method == Deflate || packed == length
            ? new(Encoding.ASCII.GetString(name), offset, offset + LocalLength + name.Length, method == Deflate, packed, length, BinaryPrimitives.ReadUInt32LittleEndian(shared[10..]))
            : throw new BundleFormatException($"'{Encoding.ASCII.GetString(name)}' is stored, but with two lengths");
    }
}
