namespace Metering.Fieldbus.Modbus;

/// <summary>Functions 7, 17 and 43/14 of a server (V1.1b3, 6.7, 6.13, 6.21).</summary>
internal static class ServerIdentities
{
    private const int LongestServerId = 251;
    private const int LongestObject = 244;
    private const int IdentifyLength = 4;
    private const int ObjectsOffset = 7;
    private const byte OneObject = 4;
    private const byte LastBasicObject = 2;
    private const byte LastRegularObject = 6;
    private const byte LevelMask = 0x7F;
    private const byte MoreFollows = 0xFF;

    internal static int ReadExceptionStatus(IModbusDevice device, byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        if (request.Length != 1)
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        if (device.ReadExceptionStatus(unit) is not byte status)
        {
            return Refuse(ModbusExceptionCode.IllegalFunction, out answer);
        }

        answer = ModbusAnswer.Ok;
        response[0] = request[0];
        response[1] = status;
        return 2;
    }

    internal static int ReportServerId(IModbusDevice device, byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        if (request.Length != 1)
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        if (device.ReadServerId(unit) is not { Data.Length: > 0 and <= LongestServerId } identity)
        {
            return Refuse(ModbusExceptionCode.IllegalFunction, out answer);
        }

        answer = ModbusAnswer.Ok;
        response[0] = request[0];
        response[1] = (byte)identity.Data.Length;
        identity.Data.Span.CopyTo(response[2..]);
        return 2 + identity.Data.Length;
    }

    // Request: byte 1 MEI type 14, byte 2 access 1-4, byte 3 object. Response: the same up to the access, 3 conformity, 4 more follows,
    // 5 next object, 6 number of objects, then id, length and value of each.
    internal static int Identify(IModbusDevice device, byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        if (request.Length < 2 || request[1] != ReadRequest.DeviceIdentificationType || device.ReadIdentification(unit) is not { } identification)
        {
            return Refuse(ModbusExceptionCode.IllegalFunction, out answer);
        }

        if (request.Length != IdentifyLength || request[2] is < 1 or > OneObject)
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        IReadOnlyList<IdentificationObject> objects = identification.Objects;
        byte access = request[2];
        byte level = (byte)(identification.ConformityLevel & LevelMask);
        byte last = Math.Min(access, level) switch { 1 => LastBasicObject, 2 => LastRegularObject, _ => byte.MaxValue };
        int index = IndexOf(objects, request[3]);
        if (access == OneObject && index < 0)
        {
            return Refuse(ModbusExceptionCode.IllegalDataAddress, out answer);
        }

        answer = ModbusAnswer.Ok;
        request[..3].CopyTo(response);
        response[3] = identification.ConformityLevel;
        return access == OneObject
            ? Fill(response, objects, index, index + 1, byte.MaxValue)
            : Fill(response, objects, Math.Max(index, 0), objects.Count, last); // an unknown object means: from the beginning (6.21)
    }

    private static int Fill(Span<byte> response, IReadOnlyList<IdentificationObject> objects, int from, int end, byte lastId)
    {
        int length = ObjectsOffset;
        response[4] = 0;
        response[5] = 0;
        response[6] = 0;
        for (int index = from; index < end && objects[index].Id <= lastId; index++)
        {
            ReadOnlySpan<byte> value = objects[index].Value.Span;
            value = value[..Math.Min(value.Length, LongestObject)];
            if (length + 2 + value.Length > ServerPdu.MaximumLength)
            {
                response[4] = MoreFollows;
                response[5] = objects[index].Id;
                break;
            }

            response[length] = objects[index].Id;
            response[length + 1] = (byte)value.Length;
            value.CopyTo(response[(length + 2)..]);
            length += 2 + value.Length;
            response[6]++;
        }

        return length;
    }

    private static int IndexOf(IReadOnlyList<IdentificationObject> objects, byte id)
    {
        for (int index = 0; index < objects.Count; index++)
        {
            if (objects[index].Id == id)
            {
                return index;
            }
        }

        return -1;
    }

    private static int Refuse(byte code, out ModbusAnswer answer)
    {
        answer = ModbusAnswer.Exception(code);
        return 0;
    }
}
