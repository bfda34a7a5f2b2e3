using System.Buffers.Binary;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// The frame of Modbus TCP (Messaging Guide V1.0b, 3.1.3): bytes 0-1 transaction id, 2-3 protocol id (0), 4-5 length of what
/// follows (unit id and PDU, 2-254), 6 unit id, then the PDU. High bytes first.
/// </summary>
internal static class MbapFrame
{
    internal const int HeaderLength = 7;
    internal const int MaximumLength = 260;
    internal const int Incomplete = 0;
    internal const int Malformed = -1;
    private const int PrefixLength = 6;
    private const int ShortestBody = 2;
    private const int LongestBody = 254;

    internal static void WriteHeader(Span<byte> frame, ushort transactionId, int pduLength, byte unit)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame, transactionId);
        BinaryPrimitives.WriteUInt16BigEndian(frame[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], (ushort)(pduLength + 1));
        frame[6] = unit;
    }

    /// <summary>Length of the frame at the start of the bytes; <see cref="Incomplete"/> or <see cref="Malformed"/> otherwise.</summary>
    internal static int FindLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PrefixLength)
        {
            return Incomplete;
        }

        int body = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) != 0 || body is < ShortestBody or > LongestBody)
        {
            return Malformed;
        }

        return bytes.Length < PrefixLength + body ? Incomplete : PrefixLength + body;
    }
}
