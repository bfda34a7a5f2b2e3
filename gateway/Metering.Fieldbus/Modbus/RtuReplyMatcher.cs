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
internal readonly record struct RtuMatch(RtuMatchKind Kind, int Offset, int Length, bool IsInSync, int Damaged, bool HasBadCrc, int OwnUnitFrames);

/// <summary>
/// Finds the reply to a request in what a serial line delivered: unit, function, exact byte count and CRC must fit, at any offset.
/// Echoes of the request and whole frames of others are stepped over as a whole, so that nothing inside them is taken for a reply.
/// Frames (V1.02, 2.5.1 and V1.1b3, clause 6): byte 0 unit, byte 1 function, byte 2 byte count or exception code, then data, CRC low, CRC high.
/// </summary>
internal static class RtuReplyMatcher
{
    internal const int RequestLength = 8;
    internal const int ExceptionLength = 5;
    internal const int Overhead = 5;
    internal const int LongestFrame = 256;

    internal static RtuMatch Find(ReadOnlySpan<byte> received, ReadOnlySpan<byte> request, int count)
    {
        byte function = request[1];
        int offset = 0;
        int damaged = 0;
        int ownUnitFrames = 0;
        bool hasBadCrc = false;
        while (offset < received.Length)
        {
            ReadOnlySpan<byte> rest = received[offset..];
            if (rest.StartsWith(request))
            {
                offset += RequestLength;
                continue;
            }

            int length = Overhead + (2 * count);
            if (rest.Length >= length && rest[0] == request[0] && rest[1] == function && rest[2] == 2 * count)
            {
                // A one-register reply is shorter than the echo of the request: the rest of an echo must not be missed.
                bool isEchoPrefix = length < RequestLength && rest.Length == length && request.StartsWith(rest);
                bool isValid = ModbusCrc.IsValid(rest[..length]);
                if (isValid && !isEchoPrefix)
                {
                    return new RtuMatch(RtuMatchKind.Reply, offset, length, damaged == 0, damaged, hasBadCrc, ownUnitFrames);
                }

                hasBadCrc |= !isValid;
            }

            if (rest.Length >= ExceptionLength && rest[0] == request[0] && rest[1] == (function | ReadRequest.ExceptionFlag) && ModbusCrc.IsValid(rest[..ExceptionLength]))
            {
                return new RtuMatch(RtuMatchKind.Exception, offset, ExceptionLength, damaged == 0, damaged, hasBadCrc, ownUnitFrames);
            }

            int foreign = FindFrame(rest);
            if (foreign > 0)
            {
                ownUnitFrames += rest[0] == request[0] ? 1 : 0;
                offset += foreign;
                continue;
            }

            damaged++;
            offset++;
        }

        return new RtuMatch(RtuMatchKind.None, 0, 0, IsInSync: false, damaged, hasBadCrc, ownUnitFrames);
    }

    /// <summary>True while the bytes are the beginning of the reply, so that looking closer can wait for the rest.</summary>
    internal static bool IsReplyUnderWay(ReadOnlySpan<byte> received, ReadOnlySpan<byte> request, int count) =>
        received.Length < 3
        || (received.Length < Overhead + (2 * count) && received[0] == request[0] && received[1] == request[1] && received[2] == 2 * count);

    // Length of a whole frame of anyone: an exception, a read reply, or a request (or write echo) of 8 bytes. 0 if there is none.
    private static int FindFrame(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < ExceptionLength)
        {
            return 0;
        }

        byte function = rest[1];
        if ((function & ReadRequest.ExceptionFlag) != 0)
        {
            return ModbusCrc.IsValid(rest[..ExceptionLength]) ? ExceptionLength : 0;
        }

        if (function is >= 1 and <= 4)
        {
            int length = Overhead + rest[2];
            if (rest[2] > 0 && length <= LongestFrame && rest.Length >= length && ModbusCrc.IsValid(rest[..length]))
            {
                return length;
            }
        }

        bool isShort = function is (>= 1 and <= 6) or 15 or 16;
        return isShort && rest.Length >= RequestLength && ModbusCrc.IsValid(rest[..RequestLength]) ? RequestLength : 0;
    }
}
