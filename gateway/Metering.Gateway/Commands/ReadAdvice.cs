using System.Diagnostics;
using System.Globalization;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Meters.Yaml;

namespace Metering.Gateway.Commands;

/// <summary>What a failed read most likely means, and what to check on the wire.</summary>
internal static class ReadAdvice
{
    internal static string KindOf(ModbusOutcome outcome) => outcome switch
    {
        ModbusOutcome.Timeout => "timeout",
        ModbusOutcome.CrcError => "crc",
        ModbusOutcome.Exception => "exception",
        ModbusOutcome.UnexpectedReply => "unexpected-reply",
        ModbusOutcome.Disconnected => "disconnected",
        _ => throw new UnreachableException(),
    };

    internal static string KindOf(FieldbusProblem problem) => problem switch
    {
        FieldbusProblem.NotFound => "not-found",
        FieldbusProblem.PermissionDenied => "permission",
        FieldbusProblem.Busy => "busy",
        FieldbusProblem.Refused => "refused",
        FieldbusProblem.Unreachable => "unreachable",
        FieldbusProblem.TimedOut => "timeout",
        FieldbusProblem.NotASerialPort => "not-a-serial-port",
        FieldbusProblem.UnsupportedSetting => "unsupported-setting",
        FieldbusProblem.Other => "other",
        _ => throw new UnreachableException(),
    };

    internal static string For(ModbusReply reply, BusConfiguration bus, byte unit, ushort start)
    {
        string line = bus.Tcp is TcpAddress tcp ? $"{tcp.Host}:{tcp.Port}" : Describe(bus.Serial!);
        return reply.Outcome switch
        {
            ModbusOutcome.Timeout when bus.Tcp is not null => string.Create(
                CultureInfo.InvariantCulture,
                $"Unit {unit} at {line} gave no answer within {Duration.ToText(bus.AnswerTimeout)}. The host took the connection, so the network is right. Check in this order: the unit id on the meter's display, the cable behind the converter, whether the converter speaks Modbus TCP (not RTU over TCP)."),
            ModbusOutcome.Timeout => string.Create(
                CultureInfo.InvariantCulture,
                $"Unit {unit} on {line} gave no answer within {Duration.ToText(bus.AnswerTimeout)}. Check in this order: A and B swapped (swap them and try again), meter powered and its port set to Modbus RTU, unit id, speed and parity on its display, common ground."),
            ModbusOutcome.CrcError =>
                $"Bytes came from {line}, but no valid frame. Speed or parity differ from the meter's, or A and B are swapped, or two devices share one address. Now and then only: 120 Ω at both ends of the cable, shield on one side, distance from motor cables.",
            ModbusOutcome.Exception => string.Create(
                CultureInfo.InvariantCulture, $"Unit {unit} on {line} answered: {ModbusOutcomeText.Describe(reply)}. {ForException(reply.ExceptionCode, start)}"),
            ModbusOutcome.UnexpectedReply =>
                $"An answer came from {line} that does not fit the question. Two devices may share unit {unit}, another master may use the line, or the converter mixes up answers.",
            ModbusOutcome.Disconnected =>
                $"{line} ended the connection. The converter may serve one client only: close the other program. On a serial line: check the plug of the adapter.",
            _ => throw new UnreachableException(),
        };
    }

    // Codes 10 and 11 come from a converter that did not reach the meter; all others from the meter itself.
    private static string ForException(byte code, ushort start) => code switch
    {
        ModbusExceptionCode.GatewayPathUnavailable =>
            "The network is right; the converter does not reach that unit. Check the unit id, the converter's list of units, and that its serial side is switched on.",
        ModbusExceptionCode.GatewayTargetFailedToRespond =>
            "The network is right; the meter behind the converter is silent. Check in this order: the unit id on the meter's display, the cable behind the converter (A and B swapped?), speed and parity of the converter's serial side.",
        ModbusExceptionCode.ServerDeviceFailure or ModbusExceptionCode.MemoryParityError =>
            "The wiring is right. The device has a fault of its own: switch it off and on; if it stays, ask its maker.",
        ModbusExceptionCode.Acknowledge or ModbusExceptionCode.ServerDeviceBusy =>
            "The wiring is right. The device is busy: try again, and ask it less often.",
        _ when start == 0 => "The wiring is right. Check the table (holding or input), the register and the count in the device's manual.",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"The wiring is right. Check the table (holding or input) and the register: a manual that counts from 1 means register {start - 1} where it prints {start}."),
    };

    private static string Describe(SerialLine serial)
    {
        char parity = serial.Settings.Parity switch { SerialParity.None => 'N', SerialParity.Even => 'E', SerialParity.Odd => 'O', _ => '?' };
        return string.Create(CultureInfo.InvariantCulture, $"{serial.Device} at {serial.Settings.BaudRate} {serial.Settings.DataBits}{parity}{serial.Settings.StopBits}");
    }
}
