using System.Buffers.Binary;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Answers one request PDU with a response PDU (V1.1b3, clause 6 and 7): functions 1 to 4 from the device, exception 1 for every other
/// function, exception 3 for a wrong quantity, exception 2 for a range past 65535. One instance per connection.
/// </summary>
internal sealed class ServerPdu(IModbusDevice device)
{
    internal const int Silence = 0;
    internal const int MaximumLength = 253;
    private readonly ushort[] _values = new ushort[ReadRequest.MaximumBits];
    private long _faults;

    /// <summary>Requests during which the device threw; they were answered with exception 4.</summary>
    internal long DeviceFaults => Volatile.Read(ref _faults);

    /// <summary>Length of the response, or <see cref="Silence"/>.</summary>
    internal int Answer(byte unit, ReadOnlySpan<byte> request, Span<byte> response)
    {
        byte function = request[0];
        try
        {
            return AnswerRead(unit, function, request, response);
        }
#pragma warning disable CA1031 // The device is foreign code: its fault becomes exception 4, the way the standard says it, and is counted.
        catch (Exception)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _faults, _faults + 1);
            return Refuse(response, function, ModbusExceptionCode.ServerDeviceFailure);
        }
    }

    private int AnswerRead(byte unit, byte function, ReadOnlySpan<byte> request, Span<byte> response)
    {
        bool isBits = function is (byte)ModbusTable.Coils or (byte)ModbusTable.DiscreteInputs;
        if (!isBits && function is not ((byte)ModbusTable.HoldingRegisters or (byte)ModbusTable.InputRegisters))
        {
            return RefuseIfPresent(unit, response, function, ModbusExceptionCode.IllegalFunction);
        }

        if (request.Length != ReadRequest.MaximumPduLength)
        {
            return RefuseIfPresent(unit, response, function, ModbusExceptionCode.IllegalDataValue);
        }

        ushort start = BinaryPrimitives.ReadUInt16BigEndian(request[1..]);
        int count = BinaryPrimitives.ReadUInt16BigEndian(request[3..]);
        if (count < 1 || count > (isBits ? ReadRequest.MaximumBits : ReadRequest.MaximumRegisters))
        {
            return RefuseIfPresent(unit, response, function, ModbusExceptionCode.IllegalDataValue);
        }

        if (start + count > ReadRequest.AddressCount)
        {
            return RefuseIfPresent(unit, response, function, ModbusExceptionCode.IllegalDataAddress);
        }

        Span<ushort> values = _values.AsSpan(0, count);
        ModbusAnswer answer = device.Read(unit, (ModbusTable)function, start, values);
        if (answer.IsSilence)
        {
            return Silence;
        }

        if (answer.ExceptionCode != 0)
        {
            return Refuse(response, function, answer.ExceptionCode);
        }

        return isBits ? WriteBits(response, function, values) : WriteRegisters(response, function, values);
    }

    // Byte 0 function, byte 1 byte count, then registers with the high byte first (V1.1b3, 6.3).
    private static int WriteRegisters(Span<byte> response, byte function, ReadOnlySpan<ushort> values)
    {
        response[0] = function;
        response[1] = (byte)(values.Length * 2);
        for (int index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(response[(2 + (index * 2))..], values[index]);
        }

        return 2 + (values.Length * 2);
    }

    // Byte 0 function, byte 1 byte count, then bits with the lowest address in the lowest bit (V1.1b3, 6.1).
    private static int WriteBits(Span<byte> response, byte function, ReadOnlySpan<ushort> values)
    {
        int byteCount = (values.Length + 7) / 8;
        response[0] = function;
        response[1] = (byte)byteCount;
        response.Slice(2, byteCount).Clear();
        for (int index = 0; index < values.Length; index++)
        {
            if (values[index] != 0)
            {
                response[2 + (index / 8)] |= (byte)(1 << (index % 8));
            }
        }

        return 2 + byteCount;
    }

    private int RefuseIfPresent(byte unit, Span<byte> response, byte function, byte exceptionCode) =>
        device.HasUnit(unit) ? Refuse(response, function, exceptionCode) : Silence;

    private static int Refuse(Span<byte> response, byte function, byte exceptionCode)
    {
        response[0] = (byte)(function | ReadRequest.ExceptionFlag);
        response[1] = exceptionCode;
        return 2;
    }
}
