using System.Net;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Fieldbus;

/// <summary>Our client against the server of pymodbus, and its client against our servers (Debian: python3-pymodbus, python3-serial-asyncio).</summary>
public sealed class PymodbusTests
{
    private const string Python = "/usr/bin/python3"; // Debian's own: it has the Debian modules
    private const string Socat = "/usr/bin/socat";
    private const int Registers = 1000;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(5);

    // Bits and registers of our server, written and read back; functions 1-6, 15, 16, 22, 23, 17, 43/14.
    private const string Client = """
        import sys
        from pymodbus.client import ModbusSerialClient, ModbusTcpClient
        from pymodbus.transaction import ModbusRtuFramer
        from pymodbus.other_message import ReportSlaveIdRequest
        from pymodbus.mei_message import ReadDeviceInformationRequest
        from pymodbus.diag_message import ReturnQueryDataRequest
        kind, where = sys.argv[1:]
        if kind == "serial":
            client = ModbusSerialClient(port=where, baudrate=19200, timeout=3)
        elif kind == "tcp":
            client = ModbusTcpClient("127.0.0.1", port=int(where), timeout=3)
        else:
            client = ModbusTcpClient("127.0.0.1", port=int(where), framer=ModbusRtuFramer, timeout=3)
        assert client.connect()
        def ok(reply):
            assert not reply.isError(), reply
            return reply
        ok(client.write_coil(5, True, slave=7))
        ok(client.write_coils(10, [True, False, True, True, False, False, True, True, True, False], slave=7))
        assert ok(client.read_coils(5, 1, slave=7)).bits[0] is True
        assert ok(client.read_coils(10, 10, slave=7)).bits[:10] == [True, False, True, True, False, False, True, True, True, False]
        assert ok(client.read_discrete_inputs(10, 10, slave=7)).bits[:3] == [True, False, True]
        ok(client.write_register(20, 0xBEEF, slave=7))
        ok(client.write_registers(21, [1, 2, 3], slave=7))
        assert ok(client.read_holding_registers(20, 4, slave=7)).registers == [0xBEEF, 1, 2, 3]
        assert ok(client.read_input_registers(20, 1, slave=7)).registers == [0xBEEF]
        ok(client.mask_write_register(address=21, and_mask=0x00F2, or_mask=0x0025, unit=7))
        assert ok(client.read_holding_registers(21, 1, slave=7)).registers == [(1 & 0xF2) | (0x25 & ~0xF2)]
        reply = ok(client.readwrite_registers(read_address=30, read_count=2, write_address=30, write_registers=[7, 8], unit=7))
        assert reply.registers == [7, 8], reply.registers
        refused = client.read_holding_registers(5000, 1, slave=7)
        assert refused.isError() and refused.exception_code == 2, refused
        if kind == "tcp":
            assert ok(client.execute(ReportSlaveIdRequest(7))).identifier.startswith(b"MEM-7")
            information = ok(client.execute(ReadDeviceInformationRequest(0x01, 0x00, unit=7))).information
            assert information[0] == b"Metering", information
        print("all right")
        """;

    // Holding register a of unit u holds 37 a + u, input register a holds 41 a + u (modulo 65536).
    private const string Server = """
        import sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.server import StartSerialServer, StartTcpServer
        from pymodbus.transaction import ModbusRtuFramer
        def unit(u):
            holding = ModbusSequentialDataBlock(0, [(37 * a + u) % 65536 for a in range(1000)])
            inputs = ModbusSequentialDataBlock(0, [(41 * a + u) % 65536 for a in range(1000)])
            coils = ModbusSequentialDataBlock(0, [(a * 7 + u) % 3 == 0 for a in range(1000)])
            return ModbusSlaveContext(hr=holding, ir=inputs, co=coils, di=coils, zero_mode=True)
        context = ModbusServerContext(slaves={u: unit(u) for u in (1, 7, 247)}, single=False)
        from pymodbus.device import ModbusDeviceIdentification
        who = ModbusDeviceIdentification(info_name={"VendorName": "Pymodbus", "ProductCode": "PM", "MajorMinorRevision": "3.0.0", "ModelName": "Server"})
        if sys.argv[1] == "tcp":
            StartTcpServer(context=context, identity=who, address=("127.0.0.1", int(sys.argv[2])))
        elif sys.argv[1] == "rtu-over-tcp":
            StartTcpServer(context=context, identity=who, framer=ModbusRtuFramer, address=("127.0.0.1", int(sys.argv[2])))
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
        Assert.Equal(ModbusReply.Ok, client.ReadIdentification(7, IdentificationAccess.Regular, Generous, out DeviceIdentification? who));
        Assert.Equal(("Pymodbus", "PM", "3.0.0"), (who!.VendorName, who.ProductCode, who.Revision));
    }

    [NeedsFact("python3:pymodbus", "python3:serial_asyncio", "socat")]
    public void Our_client_reads_pymodbus_over_RTU_frames_on_TCP()
    {
        if (IsPymodbusMissing())
        {
            return;
        }

        int port = Daemon.FreePort();
        using Daemon server = Daemon.Start(Python, "-c", Server, "rtu-over-tcp", Daemon.Text(port));
        TcpTransportOptions options = new() { FirstReconnectDelay = TimeSpan.Zero };
        using ModbusClient client = new(new RtuOverTcpTransport("127.0.0.1", port, options));
        ReadEverything(client);
    }

    [NeedsTheory("python3:pymodbus", "python3:serial_asyncio", "socat")]
    [InlineData("tcp", ModbusTcpFraming.Mbap)]
    [InlineData("rtu-over-tcp", ModbusTcpFraming.Rtu)]
    public void Pymodbus_reads_and_writes_our_TCP_server(string kind, ModbusTcpFraming framing)
    {
        if (IsPymodbusMissing())
        {
            return;
        }

        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new MemoryDevice(), framing: framing);
        server.Start();
        (int exitCode, string output) = Daemon.Run(Python, "-c", Client, kind, Daemon.Text(server.LocalEndPoint.Port));
        Assert.True(exitCode == 0 && output.Contains("all right", StringComparison.Ordinal), output);
    }

    [NeedsFact("python3:pymodbus", "python3:serial_asyncio", "socat")]
    public void Pymodbus_reads_and_writes_our_serial_server()
    {
        if (IsPymodbusMissing())
        {
            return;
        }

        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new MemoryDevice());
        server.Start();
        (int exitCode, string output) = Daemon.Run(Python, "-c", Client, "serial", terminal.SlavePath);
        Assert.True(exitCode == 0 && output.Contains("all right", StringComparison.Ordinal), output);
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

        bool[] bits = new bool[200];
        Assert.Equal(ModbusReply.Ok, client.ReadCoils(7, 100, bits, Generous));
        Assert.Equal([.. Enumerable.Range(100, bits.Length).Select(address => ((address * 7) + 7) % 3 == 0)], bits);
        Assert.Equal(ModbusReply.Ok, client.ReadDiscreteInputs(247, 0, bits, Generous));
        Assert.Equal([.. Enumerable.Range(0, bits.Length).Select(address => ((address * 7) + 247) % 3 == 0)], bits);
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
