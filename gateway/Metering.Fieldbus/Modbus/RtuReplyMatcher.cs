namespace Metering.Fieldbus.Modbus;

internal enum RtuMatchKind
{
    None = 0,
    Reply,
    Exception,
}

/// <summary>What was found in the bytes received so far.</summary>
/// <param name="Kind">Whether the reply was found.</param>
/// <param name="Offset">Where the reply begins.</param>
/// <param name="Length">Length of the reply with its CRC.</param>
/// <param name="IsInSync">False when bytes nobody can explain stand before it: then it could be a piece of another frame.</param>
/// <param name="Damaged">Bytes that belong to no whole frame.</param>
/// <param name="HasBadCrc">A frame that looks like the reply has a wrong CRC.</param>
/// <param name="OwnUnitFrames">Whole replies of the asked unit that do not fit the request.</param>
/// <param name="Echoes">Echoes of the request, damaged ones included.</param>
internal readonly record struct RtuMatch(RtuMatchKind Kind, int Offset, int Length, bool IsInSync, int Damaged, bool HasBadCrc, int OwnUnitFrames, int Echoes);

/// <summary>
/// Finds the reply to a request in what a serial line delivered: unit, function, exact byte count and CRC must fit, at any offset.
/// Echoes of the request and whole frames of others are stepped over as a whole, so that nothing inside them is taken for a reply.
/// Frames (V1.02, 2.5.1 and V1.1b3, clause 6): byte 0 unit, byte 1 function, byte 2 byte count or exception code, then data, CRC low, CRC high.
/// </summary>
internal static class RtuReplyMatcher
{
    internal const int LongestRequest = 1 + ReadRequest.MaximumPduLength + ModbusCrc.Length;
    internal const int ExceptionLength = 5;
    internal const int LongestFrame = 256;
    private const int UnitAndCrc = 1 + ModbusCrc.Length;

    // A transceiver that switches while it sends spoils a byte or two of what it hears of itself.
    private const int DamagedEchoBytes = 2;

    /// <param name="received">What came.</param>
    /// <param name="sent">The whole frame that was sent.</param>
    /// <param name="request">What it asked.</param>
    internal static RtuMatch Find(ReadOnlySpan<byte> received, ReadOnlySpan<byte> sent, ReadRequest request)
    {
        int offset = 0;
        int damaged = 0;
        int ownUnitFrames = 0;
        int echoes = 0;
        bool hasBadCrc = false;
        while (offset < received.Length)
        {
            ReadOnlySpan<byte> rest = received[offset..];
            if (rest.StartsWith(sent))
            {
                echoes++;
                offset += sent.Length;
                continue;
            }

            int length = FindReply(rest, sent, request, out bool isDamagedReply);
            if (length > 0)
            {
                return new RtuMatch(RtuMatchKind.Reply, offset, length, damaged == 0, damaged, hasBadCrc, ownUnitFrames, echoes);
            }

            hasBadCrc |= isDamagedReply;
            if (IsException(rest, sent, request.Function))
            {
                return new RtuMatch(RtuMatchKind.Exception, offset, ExceptionLength, damaged == 0, damaged, hasBadCrc, ownUnitFrames, echoes);
            }

            int foreign = RtuFrames.FindLength(rest);
            if (foreign > 0)
            {
                ownUnitFrames += rest[0] == sent[0] ? 1 : 0;
                offset += foreign;
                continue;
            }

            if (offset == 0 && IsDamagedEcho(rest, sent))
            {
                echoes++;
                offset += sent.Length;
                continue;
            }

            damaged++;
            offset++;
        }

        return new RtuMatch(RtuMatchKind.None, 0, 0, IsInSync: false, damaged, hasBadCrc, ownUnitFrames, echoes);
    }

    /// <summary>True while the bytes are the beginning of the reply, so that looking closer can wait for the rest.</summary>
    internal static bool IsReplyUnderWay(ReadOnlySpan<byte> received, ReadOnlySpan<byte> sent, ReadRequest request)
    {
        if (received.Length < UnitAndCrc)
        {
            return true;
        }

        if (received[0] != sent[0])
        {
            return false;
        }

        int length = request.FindReplyLength(received[1..]);
        return length == ReadRequest.ReplyIncomplete || (length > 0 && received.Length < UnitAndCrc + length);
    }

    // Length of the reply at the start of the bytes, 0 if there is none.
    private static int FindReply(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> sent, ReadRequest request, out bool isDamaged)
    {
        isDamaged = false;
        if (rest[0] != sent[0])
        {
            return 0;
        }

        int pduLength = request.FindReplyLength(rest[1..]);
        int length = UnitAndCrc + pduLength;
        if (pduLength <= 0 || rest.Length < length)
        {
            return 0;
        }

        if (!ModbusCrc.IsValid(rest[..length]))
        {
            isDamaged = true;
            return 0;
        }

        // A one-register reply is shorter than the echo of the request: seven bytes of an echo are none.
        return length < sent.Length && sent.StartsWith(rest[..length]) ? 0 : length;
    }

    private static bool IsException(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> sent, byte function) =>
        rest.Length >= ExceptionLength
        && rest[0] == sent[0]
        && rest[1] == (function | ReadRequest.ExceptionFlag)
        && ModbusCrc.IsValid(rest[..ExceptionLength]);

    private static bool IsDamagedEcho(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> sent)
    {
        if (rest.Length < sent.Length)
        {
            return false;
        }

        int different = 0;
        for (int index = 0; index < sent.Length; index++)
        {
            different += rest[index] == sent[index] ? 0 : 1;
        }

        return different <= DamagedEchoBytes;
    }
}
