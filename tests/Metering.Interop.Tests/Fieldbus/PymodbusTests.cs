using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Fieldbus;

/// <summary>Our client against the server of pymodbus (Debian: python3-pymodbus, python3-serial-asyncio).</summary>
public sealed class PymodbusTests
{
    private const string Python = "/usr/bin/python3"; // Debian's own: it has the Debian modules
    private const string Socat = "/usr/bin/socat";
    private const int Registers = 1000;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(5);

    // Holding register a of unit u holds 37 a + u, input register a holds 41 a + u (modulo 65536).
    private const string Server = """
        import sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.server import StartSerialServer, StartTcpServer
        from pymodbus.transaction import ModbusRtuFramer
        def unit(u):
            holding = ModbusSequentialDataBlock(0, [(37 * a + u) % 65536 for a in range(1000)])
            inputs = ModbusSequentialDataBlock(0, [(41 * a + u) % 65536 for a in range(1000)])
            return ModbusSlaveContext(hr=holding, ir=inputs, zero_mode=True)
        context = ModbusServerContext(slaves={u: unit(u) for u in (1, 7, 247)}, single=False)
        if sys.argv[1] == "tcp":
            StartTcpServer(context=context, address=("127.0.0.1", int(sys.argv[2])))
        else:
            StartSerialServer(context=context, framer=ModbusRtuFramer, port=sys.argv[2], baudrate=19200, ignore_missing_slaves=True)
        """;

    [NeedsFact("python3:pymodbus", "python3:serial_asyncio", "socat")]
    public void Our_client_reads_pymodbus_over_TCP()
    {
        if (IsPymodbusMissing())
        {
            return;
        }

        int port = Daemon.FreePort();
        using Daemon server = Daemon.Start(Python, "-c", Server, "tcp", Daemon.Text(port));
        TcpTransportOptions options = new() { FirstReconnectDelay = TimeSpan.Zero };
        using ModbusClient client = new(new TcpTransport("127.0.0.1", port, options));
        ReadEverything(client);
    }

    [NeedsFact("python3:pymodbus", "python3:serial_asyncio", "socat")]
    public void Our_client_reads_pymodbus_over_a_serial_line()
    {
        if (IsPymodbusMissing() || Daemon.IsMissing(Socat))
        {
            return;
        }

        string near = Path.Combine(Path.GetTempPath(), $"metering-{Guid.NewGuid():N}");
        string far = near + "-far";
        using Daemon line = Daemon.Start(Socat, $"pty,raw,echo=0,link={near}", $"pty,raw,echo=0,link={far}");
        Assert.True(Daemon.Eventually(() => File.Exists(near) && File.Exists(far)), "socat made no line");
        using Daemon server = Daemon.Start(Python, "-c", Server, "serial", far);
        SerialPort port = new(near, new SerialSettings { BaudRate = 19200 });
        using ModbusClient client = new(new RtuTransport(port, new RtuTransportOptions()));
        ReadEverything(client);
    }

    private static void ReadEverything(ModbusClient client)
    {
        ushort[] values = new ushort[125];
        Assert.True(Daemon.Eventually(() => client.ReadHoldingRegisters(1, 0, values, TimeSpan.FromMilliseconds(500)).IsOk), "pymodbus did not come up");
        foreach (byte unit in (byte[])[1, 7, 247])
        {
            for (int start = 0; start < Registers; start += values.Length)
            {
                Assert.Equal(ModbusReply.Ok, client.ReadHoldingRegisters(unit, (ushort)start, values, Generous));
                Assert.Equal(Expected(37, unit, start, values.Length), values);
                Assert.Equal(ModbusReply.Ok, client.ReadInputRegisters(unit, (ushort)start, values, Generous));
                Assert.Equal(Expected(41, unit, start, values.Length), values);
            }
        }

        ushort[] one = new ushort[1];
        Assert.Equal(ModbusReply.Ok, client.ReadInputRegisters(7, Registers - 1, one, Generous));
        Assert.Equal(Expected(41, 7, Registers - 1, 1), one);
        Assert.Equal(new ModbusReply(ModbusOutcome.Exception, 2), client.ReadInputRegisters(7, Registers, one, Generous));
    }

    private static ushort[] Expected(int factor, byte unit, int start, int count) =>
        [.. Enumerable.Range(start, count).Select(address => (ushort)(((factor * address) + unit) % 65536))];

    private static bool IsPymodbusMissing()
    {
        if (Daemon.IsMissing(Python))
        {
            return true;
        }

        (int exitCode, string output) = Daemon.Run(Python, "-c", "import pymodbus.server");
        return exitCode != 0 && Daemon.Skip($"pymodbus cannot be loaded (python3-pymodbus, python3-serial-asyncio): {output}");
    }
}
