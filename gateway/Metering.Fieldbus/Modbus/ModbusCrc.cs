namespace Metering.Fieldbus.Modbus;

/// <summary>
/// The CRC of serial frames: polynomial 0xA001 (reflected 0x8005), start 0xFFFF, sent low byte first
/// (MODBUS over Serial Line V1.02, 6.2.2).
/// </summary>
internal static class ModbusCrc
{
    internal const int Length = 2;
    private static readonly ushort[] Table = BuildTable();

    internal static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        ushort[] table = Table;
        int crc = 0xFFFF;
        foreach (byte value in bytes)
        {
            crc = (crc >> 8) ^ table[(crc ^ value) & 0xFF];
        }

        return (ushort)crc;
    }

    /// <summary>True when the last two bytes are the CRC of those before them.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> frame)
    {
        int length = frame.Length - Length;
        ushort crc = Compute(frame[..length]);
        return frame[length] == (byte)(crc & 0xFF) && frame[length + 1] == (byte)(crc >> 8);
    }

    /// <summary>Writes the CRC of all but the last two bytes into the last two.</summary>
    internal static void Append(Span<byte> frame)
    {
        int length = frame.Length - Length;
        ushort crc = Compute(frame[..length]);
        frame[length] = (byte)(crc & 0xFF);
        frame[length + 1] = (byte)(crc >> 8);
    }

    private static ushort[] BuildTable()
    {
        ushort[] table = new ushort[256];
        for (int value = 0; value < table.Length; value++)
        {
            int crc = value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xA001;
            }

            table[value] = (ushort)crc;
        }

        return table;
    }
}
