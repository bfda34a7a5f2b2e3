using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// The only request the client knows: read n registers (MODBUS Application Protocol V1.1b3, 6.3 and 6.4).
/// PDU: byte 0 function, bytes 1-2 start address, bytes 3-4 quantity, high byte first.
/// </summary>
internal static class ReadRequest
{
    internal const int PduLength = 5;
    internal const int MaximumRegisters = 125;
    internal const int AddressCount = 65536;
    internal const byte ExceptionFlag = 0x80;
    private static readonly TimeSpan LongestAnswerTimeout = TimeSpan.FromHours(1);

    internal static void Check(ModbusTable table, ushort start, int count, TimeSpan answerTimeout)
    {
        if (table is not (ModbusTable.HoldingRegisters or ModbusTable.InputRegisters))
        {
            throw new ArgumentOutOfRangeException(nameof(table), table, "Only holding and input registers can be read.");
        }

        if (count is < 1 or > MaximumRegisters)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "One request reads 1 to 125 registers.");
        }

        if (start + count > AddressCount)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, "The range runs past register 65535.");
        }

        if (answerTimeout <= TimeSpan.Zero || answerTimeout > LongestAnswerTimeout)
        {
            throw new ArgumentOutOfRangeException(nameof(answerTimeout), answerTimeout, "The answer timeout lies above 0 and is at most one hour.");
        }
    }

    internal static void EncodePdu(Span<byte> pdu, byte function, ushort start, int count)
    {
        pdu[0] = function;
        BinaryPrimitives.WriteUInt16BigEndian(pdu[1..], start);
        BinaryPrimitives.WriteUInt16BigEndian(pdu[3..], (ushort)count);
    }

    /// <summary>Copies registers out of a reply; on the wire the high byte comes first (V1.1b3, 4.2).</summary>
    internal static void CopyRegisters(ReadOnlySpan<byte> payload, Span<ushort> destination)
    {
        ReadOnlySpan<ushort> wire = MemoryMarshal.Cast<byte, ushort>(payload)[..destination.Length];
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(wire, destination);
        }
        else
        {
            wire.CopyTo(destination);
        }
    }
}
