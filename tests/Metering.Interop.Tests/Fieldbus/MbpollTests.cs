using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Fieldbus;

/// <summary>mbpoll (on libmodbus) against our servers.</summary>
public sealed partial class MbpollTests
{
    private const string Mbpoll = "/usr/bin/mbpoll";

    [NeedsTheory("mbpoll")]
    [InlineData("4", ModbusTable.HoldingRegisters, 125)]
    [InlineData("3", ModbusTable.InputRegisters, 7)]
    [InlineData("0", ModbusTable.Coils, 21)]
    [InlineData("1", ModbusTable.DiscreteInputs, 16)]
    public void Mbpoll_reads_our_TCP_server(string type, ModbusTable table, int count)
    {
        if (Daemon.IsMissing(Mbpoll))
        {
            return;
        }

        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new Plant());
        server.Start();
        string port = Daemon.Text(server.LocalEndPoint.Port);
        (int exitCode, string output) = Daemon.Run(Mbpoll, "-m", "tcp", "-p", port, "-a", "7", "-t", type, "-0", "-r", "300", "-c", Daemon.Text(count), "-1", "127.0.0.1");
        Assert.True(exitCode == 0, output);
        Assert.Equal(Expected(table, 300, count), Parse(output));
    }

    [NeedsTheory("mbpoll")]
    [InlineData("4", ModbusTable.HoldingRegisters, 125)]
    [InlineData("3", ModbusTable.InputRegisters, 7)]
    [InlineData("0", ModbusTable.Coils, 21)]
    public void Mbpoll_reads_our_serial_server(string type, ModbusTable table, int count)
    {
        if (Daemon.IsMissing(Mbpoll))
        {
            return;
        }

        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new Plant());
        server.Start();
        (int exitCode, string output) = Daemon.Run(Mbpoll, "-m", "rtu", "-b", "19200", "-P", "none", "-a", "7", "-t", type, "-0", "-r", "300", "-c", Daemon.Text(count), "-1", terminal.SlavePath);
        Assert.True(exitCode == 0, output);
        Assert.Equal(Expected(table, 300, count), Parse(output));
    }

    [NeedsFact("mbpoll")]
    public void Mbpoll_is_told_that_a_register_does_not_exist()
    {
        if (Daemon.IsMissing(Mbpoll))
        {
            return;
        }

        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new Plant());
        server.Start();
        string port = Daemon.Text(server.LocalEndPoint.Port);
        (_, string output) = Daemon.Run(Mbpoll, "-m", "tcp", "-p", port, "-a", "7", "-t", "4", "-0", "-r", "5000", "-c", "1", "-1", "127.0.0.1");
        Assert.Contains("Illegal data address", output, StringComparison.OrdinalIgnoreCase);
    }

    private static int[] Expected(ModbusTable table, int start, int count) =>
        [.. Enumerable.Range(start, count).Select(address => (int)Plant.Value(7, table, address))];

    // Lines such as "[300]: 	11107" or "[300]: 	40000 (-25536)".
    private static int[] Parse(string output) =>
        [.. ValueLine().Matches(output).Select(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.Integer, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^\[\d+\]:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex ValueLine();

    private sealed class Plant : IModbusDevice
    {
        public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
        {
            if (start + destination.Length > 2000)
            {
                return ModbusAnswer.Exception(ModbusExceptionCode.IllegalDataAddress);
            }

            for (int index = 0; index < destination.Length; index++)
            {
                destination[index] = Value(unit, table, start + index);
            }

            return ModbusAnswer.Ok;
        }

        internal static ushort Value(byte unit, ModbusTable table, int address) => table is ModbusTable.Coils or ModbusTable.DiscreteInputs
            ? (ushort)(address % 3 == 0 ? 1 : 0)
            : (ushort)((address * 37) + unit + (int)table);
    }
}
