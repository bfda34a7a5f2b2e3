namespace Metering.Fieldbus.Modbus;

/// <summary>How a request ended. A fault of the field is data, so it is never thrown.</summary>
public enum ModbusOutcome : byte
{
    /// <summary>The values are in the caller's buffer.</summary>
    Ok = 0,

    /// <summary>Nothing came back in time.</summary>
    Timeout,

    /// <summary>Something came back, and it was damaged: wrong CRC, cut off, or noise.</summary>
    CrcError,

    /// <summary>The device answered with an exception code.</summary>
    Exception,

    /// <summary>A whole reply came back that does not fit the request (unit, function, count, transaction).</summary>
    UnexpectedReply,

    /// <summary>The connection or the port is closed, or is not to be tried again yet.</summary>
    Disconnected,
}

/// <summary>How a request ended, with the exception code if the device sent one (else 0).</summary>
public readonly record struct ModbusReply(ModbusOutcome Outcome, byte ExceptionCode)
{
    /// <summary>The values are in the caller's buffer.</summary>
    public static ModbusReply Ok => default;

    /// <summary>True when the values are in the caller's buffer; otherwise the buffer is untouched.</summary>
    public bool IsOk => Outcome == ModbusOutcome.Ok;

    internal static ModbusReply Failed(ModbusOutcome outcome) => new(outcome, 0);

    internal static ModbusReply Refused(byte exceptionCode) => new(ModbusOutcome.Exception, exceptionCode);
}
