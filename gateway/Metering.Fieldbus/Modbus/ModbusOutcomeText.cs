using System.Diagnostics;
using System.Globalization;

namespace Metering.Fieldbus.Modbus;

/// <summary>Short English descriptions of outcomes, made to stand behind "Meter 5: " in a message or a log line.</summary>
public static class ModbusOutcomeText
{
    /// <summary>What happened, in a few words without a final stop. Only unknown exception codes allocate.</summary>
    public static string Describe(ModbusReply reply) => reply.Outcome switch
    {
        ModbusOutcome.Ok => "read",
        ModbusOutcome.Timeout => "no answer in time",
        ModbusOutcome.CrcError => "the answer was damaged on the line",
        ModbusOutcome.Exception => DescribeException(reply.ExceptionCode),
        ModbusOutcome.UnexpectedReply => "an answer that does not fit the request",
        ModbusOutcome.Disconnected => "not connected",
        _ => throw new UnreachableException(),
    };

    /// <summary>What an exception code means (V1.1b3, clause 7), with its number.</summary>
    public static string DescribeException(byte exceptionCode) => exceptionCode switch
    {
        ModbusExceptionCode.IllegalFunction => "exception 1, illegal function: the device does not offer this table",
        ModbusExceptionCode.IllegalDataAddress => "exception 2, illegal data address: the device has no such register",
        ModbusExceptionCode.IllegalDataValue => "exception 3, illegal data value: the device does not allow this number of registers",
        ModbusExceptionCode.ServerDeviceFailure => "exception 4, device failure: the device could not carry out the request",
        ModbusExceptionCode.Acknowledge => "exception 5, acknowledge: the device needs longer to answer",
        ModbusExceptionCode.ServerDeviceBusy => "exception 6, device busy: ask again later",
        ModbusExceptionCode.MemoryParityError => "exception 8, memory parity error: the device found its memory damaged",
        ModbusExceptionCode.GatewayPathUnavailable => "exception 10, gateway path unavailable: the converter has no line to this unit",
        ModbusExceptionCode.GatewayTargetFailedToRespond => "exception 11, gateway target failed to respond: the converter got no answer from this unit",
        _ => string.Create(CultureInfo.InvariantCulture, $"exception {exceptionCode}, not named by the standard"),
    };
}
