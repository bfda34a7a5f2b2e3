using System.Buffers.Binary;

namespace Metering.Fieldbus.Modbus;

/// <summary>
/// Function 8 of a server (V1.1b3, 6.8): echo (0), restart (1), diagnostic register (2, always 0), clearing (10, 20) and the counters 11-18.
/// Others, such as listen only (4), are answered with exception 1: a client must not be able to silence a device.
/// </summary>
internal static class ServerDiagnostics
{
    private const int ShortestRequest = 5;
    private const int SubFunctionAndCode = 3;
    private const ushort ReturnQueryData = 0;
    private const ushort Restart = 1;
    private const ushort DiagnosticRegister = 2;
    private const ushort ClearCounters = 10;
    private const ushort FirstCounter = 11;
    private const ushort LastCounter = 18;
    private const ushort ClearOverrun = 20;

    internal static int Answer(ModbusServerCounters counters, ReadOnlySpan<byte> request, Span<byte> response, out ModbusAnswer answer)
    {
        answer = ModbusAnswer.Ok;
        if (request.Length < ShortestRequest || request.Length > ServerPdu.MaximumLength)
        {
            answer = ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataValue);
            return 0;
        }

        ushort subFunction = BinaryPrimitives.ReadUInt16BigEndian(request[1..]);
        ushort data = BinaryPrimitives.ReadUInt16BigEndian(request[3..]);
        bool isCounter = subFunction is >= FirstCounter and <= LastCounter or DiagnosticRegister;
        if (subFunction != ReturnQueryData && request.Length != ShortestRequest)
        {
            answer = ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataValue);
            return 0;
        }

        request.CopyTo(response);
        switch (subFunction)
        {
            case ReturnQueryData:
                break;
            case Restart when data is 0 or 0xFF00:
            case ClearCounters or ClearOverrun when data == 0:
                counters.ClearDiagnostics();
                break;
            case var _ when isCounter && data == 0:
                ushort value = subFunction == DiagnosticRegister ? (ushort)0 : counters.Diagnostic((ServerDiagnostic)(subFunction - FirstCounter));
                BinaryPrimitives.WriteUInt16BigEndian(response[SubFunctionAndCode..], value);
                break;
            default:
                bool isKnown = isCounter || subFunction is Restart or ClearCounters or ClearOverrun;
                answer = ModbusAnswer.Exception(isKnown ? ModbusExceptionCode.IllegalDataValue : ModbusExceptionCode.IllegalFunction);
                return 0;
        }

        return request.Length;
    }
}
