using System.Buffers.Binary;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// The writing functions of a server (V1.1b3, 6.5, 6.6, 6.11, 6.12, 6.16, 6.17): for simulated devices and for tests of other masters. Nothing of the client uses it.
/// </summary>
internal sealed class ServerWrites(IModbusDevice device, Lock gate, ushort[] values)
{
    private const int MaximumCoils = 1968;
    private const int MaximumRegisters = 123;
    private const int MaximumRegistersWithRead = 121;
    private const ushort CoilOn = 0xFF00;
    private const int EchoLength = 5;
    private const int MaskLength = 7;

    /// <summary>Length of the response; the answer says whether it stands.</summary>
    internal int Answer(byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        lock (gate)
        {
            return request[0] switch
            {
                5 => WriteCoil(unit, request, response, out answer),
                6 => WriteRegister(unit, request, response, out answer),
                15 => WriteCoils(unit, request, response, out answer),
                16 => WriteRegisters(unit, request, response, out answer),
                22 => MaskRegister(unit, request, response, out answer),
                _ => WriteAndRead(unit, request, response, out answer),
            };
        }
    }

    // 6.5: bytes 1-2 address, bytes 3-4 FF00 or 0000; the response is an echo.
    private int WriteCoil(byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        if (request.Length != EchoLength || BinaryPrimitives.ReadUInt16BigEndian(request[3..]) is not (0 or CoilOn))
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        ushort value = request[3] == 0 ? (ushort)0 : (ushort)1;
        answer = device.Write(unit, ModbusTable.Coils, BinaryPrimitives.ReadUInt16BigEndian(request[1..]), [value]);
        return Echo(request, EchoLength, response);
    }

    // 6.6: bytes 1-2 address, bytes 3-4 value; the response is an echo.
    private int WriteRegister(byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        if (request.Length != EchoLength)
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        ushort value = BinaryPrimitives.ReadUInt16BigEndian(request[3..]);
        answer = device.Write(unit, ModbusTable.HoldingRegisters, BinaryPrimitives.ReadUInt16BigEndian(request[1..]), [value]);
        return Echo(request, EchoLength, response);
    }

    // 6.11: bytes 1-2 start, 3-4 quantity, 5 byte count, then bits; the response repeats start and quantity.
    private int WriteCoils(byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        int count = request.Length > 5 ? BinaryPrimitives.ReadUInt16BigEndian(request[3..]) : 0;
        if (count is < 1 or > MaximumCoils || request[5] != (count + 7) / 8 || request.Length != 6 + request[5])
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        for (int index = 0; index < count; index++)
        {
            values[index] = (ushort)((request[6 + (index / 8)] >> (index % 8)) & 1);
        }

        Write(unit, ModbusTable.Coils, BinaryPrimitives.ReadUInt16BigEndian(request[1..]), count, out answer);
        return Echo(request, EchoLength, response);
    }

    // 6.12: bytes 1-2 start, 3-4 quantity, 5 byte count, then registers; the response repeats start and quantity.
    private int WriteRegisters(byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        int count = request.Length > 5 ? BinaryPrimitives.ReadUInt16BigEndian(request[3..]) : 0;
        if (count is < 1 or > MaximumRegisters || request[5] != 2 * count || request.Length != 6 + request[5])
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        Take(request[6..], count);
        Write(unit, ModbusTable.HoldingRegisters, BinaryPrimitives.ReadUInt16BigEndian(request[1..]), count, out answer);
        return Echo(request, EchoLength, response);
    }

    // 6.16: bytes 1-2 address, 3-4 and-mask, 5-6 or-mask; the result is (value and and-mask) or (or-mask and not and-mask); the response is an echo.
    private int MaskRegister(byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        if (request.Length != MaskLength)
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        ushort address = BinaryPrimitives.ReadUInt16BigEndian(request[1..]);
        int and = BinaryPrimitives.ReadUInt16BigEndian(request[3..]);
        int or = BinaryPrimitives.ReadUInt16BigEndian(request[5..]);
        answer = device.Read(unit, ModbusTable.HoldingRegisters, address, values.AsSpan(0, 1));
        if (answer == ModbusAnswer.Ok)
        {
            values[0] = (ushort)((values[0] & and) | (or & ~and));
            answer = device.Write(unit, ModbusTable.HoldingRegisters, address, values.AsSpan(0, 1));
        }

        return Echo(request, MaskLength, response);
    }

    // 6.17: bytes 1-2 and 3-4 what to read, 5-6 and 7-8 what to write, 9 byte count, then registers. The write comes first.
    private int WriteAndRead(byte unit, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        const int Header = 10;
        int readCount = request.Length >= Header ? BinaryPrimitives.ReadUInt16BigEndian(request[3..]) : 0;
        int writeCount = request.Length >= Header ? BinaryPrimitives.ReadUInt16BigEndian(request[7..]) : 0;
        bool isSound = readCount is >= 1 and <= ReadRequest.MaximumRegisters && writeCount is >= 1 and <= MaximumRegistersWithRead
            && request[9] == 2 * writeCount && request.Length == Header + request[9];
        if (!isSound)
        {
            return Refuse(ModbusExceptionCode.IllegalDataValue, out answer);
        }

        int readStart = BinaryPrimitives.ReadUInt16BigEndian(request[1..]);
        if (readStart + readCount > ReadRequest.AddressCount)
        {
            return Refuse(ModbusExceptionCode.IllegalDataAddress, out answer);
        }

        Take(request[Header..], writeCount);
        Write(unit, ModbusTable.HoldingRegisters, BinaryPrimitives.ReadUInt16BigEndian(request[5..]), writeCount, out answer);
        if (answer != ModbusAnswer.Ok)
        {
            return 0;
        }

        answer = device.Read(unit, ModbusTable.HoldingRegisters, (ushort)readStart, values.AsSpan(0, readCount));
        return ServerPdu.WriteRegisters(response, request[0], values.AsSpan(0, readCount));
    }

    private void Write(byte unit, ModbusTable table, ushort start, int count, out ModbusAnswer answer) =>
        answer = start + count > ReadRequest.AddressCount
            ? ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress)
            : device.Write(unit, table, start, values.AsSpan(0, count));

    private void Take(ReadOnlySpan<byte> payload, int count)
    {
        for (int index = 0; index < count; index++)
        {
            values[index] = BinaryPrimitives.ReadUInt16BigEndian(payload[(2 * index)..]);
        }
    }

    private static int Echo(ReadOnlySpan<byte> request, int length, Span<byte> response)
    {
        request[..length].CopyTo(response);
        return length;
    }

    private static int Refuse(byte code, out ModbusAnswer answer)
    {
        answer = ModbusAnswer.Exception(code);
        return 0;
    }
}
