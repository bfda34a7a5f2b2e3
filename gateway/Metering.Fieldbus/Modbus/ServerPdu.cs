using System.Buffers.Binary;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Answers one request PDU with a response PDU (V1.1b3, clause 6 and 7): functions 1-8, 15-17, 22, 23 and 43/14 as far as the device offers
/// them, exception 1 for what it does not, exception 3 for a wrong quantity or length, exception 2 for a range past 65535.
/// One instance per connection.
/// </summary>
internal sealed class ServerPdu
{
    internal const int Silence = 0;
    internal const int MaximumLength = 253;
    private readonly IModbusDevice _device;
    private readonly ModbusServerCounters _counters;
    private readonly ServerWrites _writes;
    private readonly ushort[] _values = new ushort[ReadRequest.MaximumBits];

    /// <param name="device">Answers.</param>
    /// <param name="counters">Shared by all connections of a server.</param>
    /// <param name="writing">Held while a request writes; shared by all connections of a server.</param>
    internal ServerPdu(IModbusDevice device, ModbusServerCounters counters, Lock writing)
    {
        _device = device;
        _counters = counters;
        _writes = new ServerWrites(device, writing, _values);
    }

    /// <summary>Length of the response, or <see cref="Silence"/>.</summary>
    internal int Answer(byte unit, ReadOnlySpan<byte> request, Span<byte> response)
    {
        byte function = request[0];
        _counters.CountRequest(function);
        _counters.Count(ServerDiagnostic.BusMessages);
        int length;
        try
        {
            length = Dispatch(unit, function, request, response);
        }
#pragma warning disable CA1031 // The device is foreign code: its fault becomes exception 4, the way the standard says it, and is counted.
        catch (Exception)
#pragma warning restore CA1031
        {
            _counters.CountDeviceFault();
            length = Refuse(response, function, ModbusExceptionCode.ServerDeviceFailure);
        }

        Count(length, response);
        return length;
    }

    /// <summary>Bytes came that were no whole request.</summary>
    internal void CountDamagedFrame() => _counters.Count(ServerDiagnostic.CommunicationErrors);

    private int Dispatch(byte unit, byte function, ReadOnlySpan<byte> request, Span<byte> response)
    {
        switch (function)
        {
            case >= (byte)ModbusTable.Coils and <= (byte)ModbusTable.InputRegisters:
                return AnswerRead(unit, function, request, response);
            case 5 or 6 or 15 or 16 or 22 or 23:
                return Finish(unit, function, _writes.Answer(unit, request, response, out ModbusAnswer written), written, response);
            case 7:
                return Finish(unit, function, ServerIdentities.ReadExceptionStatus(_device, unit, request, response, out ModbusAnswer read), read, response);
            case 8:
                return Finish(unit, function, ServerDiagnostics.Answer(_counters, request, response, out ModbusAnswer told), told, response);
            case ReadRequest.ReportServerId:
                return Finish(unit, function, ServerIdentities.ReportServerId(_device, unit, request, response, out ModbusAnswer reported), reported, response);
            case ReadRequest.EncapsulatedInterface:
                return Finish(unit, function, ServerIdentities.Identify(_device, unit, request, response, out ModbusAnswer identified), identified, response);
            default:
                return RefuseIfPresent(unit, response, function, ModbusExceptionCode.IllegalFunction);
        }
    }

    // What the other classes wrote stands, unless they refuse; a unit that is not there does not even do that.
    private int Finish(byte unit, byte function, int length, ModbusAnswer answer, Span<byte> response)
    {
        if (answer.IsSilence || !_device.HasUnit(unit))
        {
            return Silence;
        }

        return answer.ExceptionCode == 0 ? length : Refuse(response, function, answer.ExceptionCode);
    }

    private int AnswerRead(byte unit, byte function, ReadOnlySpan<byte> request, Span<byte> response)
    {
        bool isBits = function <= (byte)ModbusTable.DiscreteInputs;
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
        ModbusAnswer answer = _device.Read(unit, (ModbusTable)function, start, values);
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

    /// <summary>Byte 0 function, byte 1 byte count, then registers with the high byte first (V1.1b3, 6.3).</summary>
    internal static int WriteRegisters(Span<byte> response, byte function, ReadOnlySpan<ushort> values)
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

    private void Count(int length, ReadOnlySpan<byte> response)
    {
        if (length == Silence)
        {
            _counters.Count(ServerDiagnostic.NoResponses);
            return;
        }

        _counters.Count(ServerDiagnostic.ServerMessages);
        if ((response[0] & ReadRequest.ExceptionFlag) != 0)
        {
            _counters.Count(ServerDiagnostic.Exceptions);
            if (response[1] == ModbusExceptionCode.ServerDeviceBusy)
            {
                _counters.Count(ServerDiagnostic.Busy);
            }
        }
    }

    private int RefuseIfPresent(byte unit, Span<byte> response, byte function, byte exceptionCode) =>
        _device.HasUnit(unit) ? Refuse(response, function, exceptionCode) : Silence;

    private static int Refuse(Span<byte> response, byte function, byte exceptionCode)
    {
        response[0] = (byte)(function | ReadRequest.ExceptionFlag);
        response[1] = exceptionCode;
        return 2;
    }
}
