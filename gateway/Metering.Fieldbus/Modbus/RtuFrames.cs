namespace Metering.Fieldbus.Modbus;

/// <summary>Lengths of the frames of a serial line (MODBUS over Serial Line V1.02, 2.5.1; V1.1b3, clause 6), all with unit and CRC.</summary>
internal static class RtuFrames
{
    private const int Shortest = 4;
    private const int Exception = 5;
    private const int Usual = 8;
    private const int MaskWrite = 10;
    private const int Longest = 256;
    private const byte MaskWriteFunction = 22;

    /// <summary>Length of the whole frame of anyone at the start of the bytes (reply, request or exception); 0 if there is none.</summary>
    internal static int FindLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Shortest)
        {
            return 0;
        }

        byte function = bytes[1];
        if ((function & ReadRequest.ExceptionFlag) != 0)
        {
            return IsWhole(bytes, Exception) ? Exception : 0;
        }

        int reply = ReplyLength(bytes);
        if (reply > 0 && IsWhole(bytes, reply))
        {
            return reply;
        }

        int request = RequestLength(bytes);
        if (request > 0 && IsWhole(bytes, request))
        {
            return request;
        }

        return function is 15 or 16 && IsWhole(bytes, Usual) ? Usual : 0;
    }

    /// <summary>Length a request will have; 0 when it is not known yet, or not known at all.</summary>
    internal static int RequestLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return 0;
        }

        return bytes[1] switch
        {
            (>= 1 and <= 6) or 8 => Usual,
            7 or 11 or 12 or ReadRequest.ReportServerId => Shortest,
            15 or 16 => bytes.Length > 6 ? 9 + bytes[6] : 0,
            MaskWriteFunction => MaskWrite,
            23 => bytes.Length > 10 ? 13 + bytes[10] : 0,
            ReadRequest.EncapsulatedInterface => bytes.Length > 2 && bytes[2] == ReadRequest.DeviceIdentificationType ? 7 : 0,
            _ => 0,
        };
    }

    private static int ReplyLength(ReadOnlySpan<byte> bytes)
    {
        switch (bytes[1])
        {
            case (>= 1 and <= 4) or ReadRequest.ReportServerId or 23:
                return bytes[2] > 0 ? 5 + bytes[2] : 0;
            case ReadRequest.EncapsulatedInterface:
                // Any access code and any first object will do: the frame is stepped over, not read.
                int pdu = ReadRequest.FindObjectsEnd(bytes[1..], bytes[3], firstObject: 0);
                return pdu > 0 ? 3 + pdu : 0;
            default:
                return 0;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes, int length) =>
        length <= Longest && bytes.Length >= length && ModbusCrc.IsValid(bytes[..length]);
}
