using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Everything a client can ask (MODBUS Application Protocol V1.1b3): bits (6.1, 6.2), registers (6.3, 6.4), the server id (6.13) and the
/// device identification (6.21). It is made by the factories below and by nothing else, so that no other function code can
/// reach a line. PDU: byte 0 function; reads: bytes 1-2 start address, bytes 3-4 quantity, high byte first;
/// identification: byte 1 MEI type 14, byte 2 access code, byte 3 first object.
/// </summary>
internal readonly record struct ReadRequest
{
    internal const int MaximumPduLength = 5;
    internal const int MaximumRegisters = 125;
    internal const int MaximumBits = 2000;
    internal const int AddressCount = 65536;
    internal const byte ExceptionFlag = 0x80;
    internal const byte ReportServerId = 17;
    internal const byte EncapsulatedInterface = 43;
    internal const byte DeviceIdentificationType = 14;
    internal const int ReplyIncomplete = 0;
    internal const int ReplyForeign = -1;
    private const int MaximumReplyPdu = 253;
    private const int BitsPerByte = 8;
    private const int ObjectsOffset = 7;
    private static readonly TimeSpan LongestAnswerTimeout = TimeSpan.FromHours(1);

    private ReadRequest(byte function, ushort start, int count)
    {
        Function = function;
        Start = start;
        Count = count;
    }

    internal byte Function { get; }

    /// <summary>First address; for the device identification the access code in the high byte and the first object in the low one.</summary>
    internal ushort Start { get; }

    /// <summary>Registers or bits; 0 for the two kinds of identification.</summary>
    internal int Count { get; }

    internal int PduLength => Function switch
    {
        ReportServerId => 1,
        EncapsulatedInterface => 4,
        _ => MaximumPduLength,
    };

    /// <summary>Bytes of values in the reply; 0 when the reply says it by itself.</summary>
    internal int PayloadLength => IsBits ? (Count + BitsPerByte - 1) / BitsPerByte : 2 * Count;

    /// <summary>Bytes the reply takes on a serial line with unit and CRC, at most: what its wire time is reckoned from.</summary>
    internal int LongestReplyFrame => Count > 0 ? PayloadLength + 5 : MaximumReplyPdu + 3;

    private bool IsBits => Function <= (byte)ModbusTable.DiscreteInputs;

    // What makes the reply one byte count longer or shorter: a register, or eight bits.
    private int Step => IsBits ? BitsPerByte : 1;

    internal static ReadRequest Registers(ModbusTable table, ushort start, int count, TimeSpan answerTimeout)
    {
        if (table is not (ModbusTable.HoldingRegisters or ModbusTable.InputRegisters))
        {
            throw new ArgumentOutOfRangeException(nameof(table), table, "Only holding and input registers can be read as registers.");
        }

        Check(start, count, MaximumRegisters, answerTimeout);
        return new ReadRequest((byte)table, start, count);
    }

    internal static ReadRequest Bits(ModbusTable table, ushort start, int count, TimeSpan answerTimeout)
    {
        if (table is not (ModbusTable.Coils or ModbusTable.DiscreteInputs))
        {
            throw new ArgumentOutOfRangeException(nameof(table), table, "Only coils and discrete inputs can be read as bits.");
        }

        Check(start, count, MaximumBits, answerTimeout);
        return new ReadRequest((byte)table, start, count);
    }

    internal static ReadRequest Identity(IdentityQuestion question, TimeSpan answerTimeout)
    {
        Check(0, 1, 1, answerTimeout);
        return question.IsServerId
            ? new ReadRequest(ReportServerId, 0, 0)
            : new ReadRequest(EncapsulatedInterface, (ushort)(((byte)question.Access << 8) | question.FirstObject), 0);
    }

    internal static void CheckIdentityRoom(ReadOnlySpan<byte> destination)
    {
        if (destination.Length < MaximumReplyPdu)
        {
            throw new ArgumentException("An identification can take 253 bytes.", nameof(destination));
        }
    }

    /// <summary>Writes the PDU and gives its length.</summary>
    internal int Encode(Span<byte> pdu)
    {
        pdu[0] = Function;
        switch (Function)
        {
            case ReportServerId:
                break;
            case EncapsulatedInterface:
                pdu[1] = DeviceIdentificationType;
                BinaryPrimitives.WriteUInt16BigEndian(pdu[2..], Start);
                break;
            default:
                BinaryPrimitives.WriteUInt16BigEndian(pdu[1..], Start);
                BinaryPrimitives.WriteUInt16BigEndian(pdu[3..], (ushort)Count);
                break;
        }

        return PduLength;
    }

    /// <summary>
    /// Length of the whole reply PDU of which these bytes are the beginning; <see cref="ReplyIncomplete"/> when more bytes must tell,
    /// <see cref="ReplyForeign"/> when they begin no reply to this request. The bytes may be fewer or more than the reply.
    /// </summary>
    internal int FindReplyLength(ReadOnlySpan<byte> pdu)
    {
        if (pdu.Length < 2)
        {
            return pdu.Length == 1 && pdu[0] != Function ? ReplyForeign : ReplyIncomplete;
        }

        if (pdu[0] != Function)
        {
            return ReplyForeign;
        }

        return Function switch
        {
            ReportServerId => pdu[1] is > 0 and <= MaximumReplyPdu - 2 ? 2 + pdu[1] : ReplyForeign,
            EncapsulatedInterface => FindObjectsEnd(pdu, (byte)(Start >> 8), (byte)(Start & 0xFF)),
            _ => pdu[1] == PayloadLength ? 2 + pdu[1] : ReplyForeign,
        };
    }

    /// <summary>The same request with a reply one step longer, or a count of 0 when there is none.</summary>
    internal ReadRequest Longer()
    {
        int count = Count + Step;
        return Count > 0 && count <= (IsBits ? MaximumBits : MaximumRegisters) && Start + count <= AddressCount ? new ReadRequest(Function, Start, count) : default;
    }

    /// <summary>The same request with a reply one step shorter, or a count of 0 when there is none.</summary>
    internal ReadRequest Shorter() => Count > Step ? new ReadRequest(Function, Start, Count - Step) : default;

    /// <summary>One value of another table at the same address: its answer, whatever it says, tells that the device has got this far.</summary>
    internal ReadRequest InTable(ModbusTable table) => new((byte)table, Count > 0 ? Start : (ushort)0, 1);

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

    /// <summary>Copies bits out of a reply; the lowest address is the lowest bit of the first byte (V1.1b3, 6.1).</summary>
    internal static void CopyBits(ReadOnlySpan<byte> payload, Span<bool> destination)
    {
        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = (payload[index / BitsPerByte] & (1 << (index % BitsPerByte))) != 0;
        }
    }

    // V1.1b3, 6.21: byte 2 access code, 3 conformity level, 4 more follows, 5 next object, 6 number of objects, then id, length and value of each.
    internal static int FindObjectsEnd(ReadOnlySpan<byte> pdu, byte access, byte firstObject)
    {
        ReadOnlySpan<byte> expected = [EncapsulatedInterface, DeviceIdentificationType, access];
        int known = Math.Min(pdu.Length, expected.Length);
        if (!pdu[..known].SequenceEqual(expected[..known]))
        {
            return ReplyForeign;
        }

        if (pdu.Length < ObjectsOffset)
        {
            return ReplyIncomplete;
        }

        int end = ObjectsOffset;
        for (int remaining = pdu[6]; remaining > 0; remaining--)
        {
            if (end + 2 > MaximumReplyPdu)
            {
                return ReplyForeign;
            }

            // A follow-up names where to go on; a reply that begins elsewhere answers another question.
            bool isElsewhere = end == ObjectsOffset && firstObject != 0 && pdu.Length > end && pdu[end] != firstObject;
            if (isElsewhere)
            {
                return ReplyForeign;
            }

            if (pdu.Length < end + 2)
            {
                return ReplyIncomplete;
            }

            end += 2 + pdu[end + 1];
        }

        return end <= MaximumReplyPdu ? end : ReplyForeign;
    }

    private static void Check(ushort start, int count, int maximum, TimeSpan answerTimeout)
    {
        if (count < 1 || count > maximum)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"One request reads 1 to {maximum} values.");
        }

        if (start + count > AddressCount)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, "The range runs past address 65535.");
        }

        if (answerTimeout <= TimeSpan.Zero || answerTimeout > LongestAnswerTimeout)
        {
            throw new ArgumentOutOfRangeException(nameof(answerTimeout), answerTimeout, "The answer timeout lies above 0 and is at most one hour.");
        }
    }
}
