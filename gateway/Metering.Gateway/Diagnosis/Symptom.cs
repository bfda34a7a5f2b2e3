using System.Diagnostics;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;

namespace Metering.Gateway.Diagnosis;

/// <summary>What an installer sees when something is wrong on the way to a meter. Each has its row in <see cref="AdviceTable"/>.</summary>
internal enum Symptom
{
    /// <summary>Nobody answers on a serial line.</summary>
    SilenceOfAllUnits = 0,

    /// <summary>One unit of a serial line is silent, nothing is known of the others.</summary>
    SilenceOfUnit,

    /// <summary>One unit is silent while others on the same line answer.</summary>
    SilenceOfOneUnit,

    /// <summary>The converter took the TCP connection, and the unit does not answer.</summary>
    SilenceBehindConverter,

    /// <summary>Bytes come, and never a whole frame.</summary>
    AlwaysDamaged,

    /// <summary>Some frames are damaged.</summary>
    SometimesDamaged,

    /// <summary>Two devices answer at the same time.</summary>
    OverlappingAnswers,

    /// <summary>The adapter gives back what was sent.</summary>
    Echo,

    /// <summary>A whole answer that does not fit the question.</summary>
    UnexpectedReply,

    /// <summary>Exception 1.</summary>
    IllegalFunction,

    /// <summary>Exception 2.</summary>
    IllegalAddress,

    /// <summary>Exception 3.</summary>
    IllegalValue,

    /// <summary>Exceptions 4 and 8.</summary>
    DeviceFailure,

    /// <summary>Exceptions 5 and 6.</summary>
    DeviceBusy,

    /// <summary>Exception 10.</summary>
    PathUnavailable,

    /// <summary>Exception 11.</summary>
    TargetSilent,

    /// <summary>An exception the standard does not name.</summary>
    UnknownException,

    /// <summary>The host name is not known.</summary>
    HostUnknown,

    /// <summary>The host is there, the port is closed.</summary>
    ConnectionRefused,

    /// <summary>The host did not take the connection in time.</summary>
    ConnectionTimedOut,

    /// <summary>There is no way to the host.</summary>
    NoRoute,

    /// <summary>This machine forbids the connection.</summary>
    ConnectionForbidden,

    /// <summary>The other side ended the connection at once: often because it serves one client only.</summary>
    ConnectionClosed,

    /// <summary>The converter passes RTU frames through instead of speaking Modbus TCP.</summary>
    TransparentConverter,

    /// <summary>The value cannot be, and another order of its words gives one that can.</summary>
    WordOrder,

    /// <summary>The value cannot be.</summary>
    ImpossibleValue,

    /// <summary>A counter went down.</summary>
    CounterDecreased,

    /// <summary>The user may not open the serial port.</summary>
    PermissionDenied,

    /// <summary>Another program holds the serial port.</summary>
    PortBusy,

    /// <summary>There is no such serial port.</summary>
    PortMissing,

    /// <summary>The serial port was there and is gone: the adapter was unplugged.</summary>
    PortGone,

    /// <summary>The path is no serial port.</summary>
    NotASerialPort,

    /// <summary>The adapter does not take the speed or shape of the characters.</summary>
    UnsupportedSetting,

    /// <summary>The line did not open for another reason.</summary>
    CannotOpen,
}

/// <summary>Which symptom an outcome is.</summary>
internal static class Symptoms
{
    /// <summary>The symptom of a request that failed.</summary>
    /// <param name="reply">Not Ok.</param>
    /// <param name="isTcp">Whether the line is a TCP connection.</param>
    internal static Symptom Of(ModbusReply reply, bool isTcp) => reply.Outcome switch
    {
        ModbusOutcome.Timeout => isTcp ? Symptom.SilenceBehindConverter : Symptom.SilenceOfUnit,
        ModbusOutcome.CrcError => Symptom.AlwaysDamaged,
        ModbusOutcome.Exception => OfException(reply.ExceptionCode),
        ModbusOutcome.UnexpectedReply => Symptom.UnexpectedReply,
        ModbusOutcome.Disconnected => isTcp ? Symptom.ConnectionClosed : Symptom.PortGone,
        _ => throw new UnreachableException(),
    };

    /// <summary>The symptom of a line that did not open.</summary>
    /// <param name="problem">Why.</param>
    /// <param name="isTcp">Whether the line is a TCP connection.</param>
    internal static Symptom Of(FieldbusProblem problem, bool isTcp) => problem switch
    {
        FieldbusProblem.NotFound => isTcp ? Symptom.HostUnknown : Symptom.PortMissing,
        FieldbusProblem.PermissionDenied => isTcp ? Symptom.ConnectionForbidden : Symptom.PermissionDenied,
        FieldbusProblem.Busy => Symptom.PortBusy,
        FieldbusProblem.Refused => Symptom.ConnectionRefused,
        FieldbusProblem.Unreachable => Symptom.NoRoute,
        FieldbusProblem.TimedOut => Symptom.ConnectionTimedOut,
        FieldbusProblem.NotASerialPort => Symptom.NotASerialPort,
        FieldbusProblem.UnsupportedSetting => Symptom.UnsupportedSetting,
        FieldbusProblem.Other => Symptom.CannotOpen,
        _ => throw new UnreachableException(),
    };

    /// <summary>The symptom of an exception code (MODBUS Application Protocol V1.1b3, clause 7).</summary>
    internal static Symptom OfException(byte code) => code switch
    {
        ModbusExceptionCode.IllegalFunction => Symptom.IllegalFunction,
        ModbusExceptionCode.IllegalDataAddress => Symptom.IllegalAddress,
        ModbusExceptionCode.IllegalDataValue => Symptom.IllegalValue,
        ModbusExceptionCode.ServerDeviceFailure or ModbusExceptionCode.MemoryParityError => Symptom.DeviceFailure,
        ModbusExceptionCode.Acknowledge or ModbusExceptionCode.ServerDeviceBusy => Symptom.DeviceBusy,
        ModbusExceptionCode.GatewayPathUnavailable => Symptom.PathUnavailable,
        ModbusExceptionCode.GatewayTargetFailedToRespond => Symptom.TargetSilent,
        _ => Symptom.UnknownException,
    };

    /// <summary>The word for a symptom in JSON. Scripts wait for these words, so that they are only ever added to.</summary>
    internal static string KindOf(Symptom symptom) => symptom switch
    {
        Symptom.SilenceOfAllUnits or Symptom.SilenceOfUnit or Symptom.SilenceOfOneUnit or Symptom.SilenceBehindConverter or Symptom.ConnectionTimedOut => "timeout",
        Symptom.AlwaysDamaged or Symptom.SometimesDamaged => "crc",
        Symptom.UnexpectedReply => "unexpected-reply",
        Symptom.OverlappingAnswers => "overlapping",
        Symptom.Echo => "echo",
        Symptom.IllegalFunction or Symptom.IllegalAddress or Symptom.IllegalValue or Symptom.DeviceFailure or Symptom.DeviceBusy
            or Symptom.PathUnavailable or Symptom.TargetSilent or Symptom.UnknownException => "exception",
        Symptom.ConnectionClosed or Symptom.PortGone => "disconnected",
        Symptom.HostUnknown or Symptom.PortMissing => "not-found",
        Symptom.PermissionDenied or Symptom.ConnectionForbidden => "permission",
        Symptom.PortBusy => "busy",
        Symptom.ConnectionRefused => "refused",
        Symptom.NoRoute => "unreachable",
        Symptom.NotASerialPort => "not-a-serial-port",
        Symptom.UnsupportedSetting => "unsupported-setting",
        Symptom.TransparentConverter => "transparent-converter",
        Symptom.WordOrder or Symptom.ImpossibleValue => "impossible-value",
        Symptom.CounterDecreased => "counter-decreased",
        Symptom.CannotOpen => "other",
        _ => throw new UnreachableException(),
    };

    /// <summary>The exit code of a command that ends with this symptom.</summary>
    internal static int ExitCodeOf(Symptom symptom) =>
        symptom is Symptom.PermissionDenied or Symptom.ConnectionForbidden ? ExitCode.Permission : ExitCode.Unavailable;
}
