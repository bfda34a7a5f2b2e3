using System.Net;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Interop.Tests.Fieldbus;

/// <summary>
/// A client and a server of libmodbus, compiled here (Debian: gcc, libmodbus-dev): TCP and a serial line, every function we serve that libmodbus knows.
/// </summary>
public sealed class LibmodbusTests
{
    private const string Compiler = "/usr/bin/gcc";
    private const string Header = "/usr/include/modbus/modbus.h";
    private const string Socat = "/usr/bin/socat";
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(5);

    private const string ClientSource = """
        #include <modbus/modbus.h>
        #include <errno.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #define CHECK(condition) if (!(condition)) { printf("line %d: %s\n", __LINE__, modbus_strerror(errno)); return 1; }
        int main(int count, char **arguments)
        {
            modbus_t *bus = strcmp(arguments[1], "tcp") == 0 ? modbus_new_tcp("127.0.0.1", atoi(arguments[2])) : modbus_new_rtu(arguments[2], 115200, 'N', 8, 1);
            uint8_t bits[10] = {1, 0, 1, 1, 0, 0, 1, 1, 1, 0}, back[10];
            uint16_t values[3] = {0xBEEF, 2, 3}, read[3];
            modbus_set_slave(bus, 7);
            modbus_set_response_timeout(bus, 3, 0);
            CHECK(modbus_connect(bus) == 0);
            CHECK(modbus_write_bit(bus, 5, 1) == 1 && modbus_read_bits(bus, 5, 1, back) == 1 && back[0] == 1);
            CHECK(modbus_write_bits(bus, 10, 10, bits) == 10 && modbus_read_bits(bus, 10, 10, back) == 10 && memcmp(bits, back, 10) == 0);
            CHECK(modbus_read_input_bits(bus, 10, 10, back) == 10 && memcmp(bits, back, 10) == 0);
            CHECK(modbus_write_register(bus, 20, 0x1234) == 1 && modbus_read_registers(bus, 20, 1, read) == 1 && read[0] == 0x1234);
            CHECK(modbus_write_registers(bus, 21, 3, values) == 3 && modbus_read_input_registers(bus, 21, 3, read) == 3 && memcmp(values, read, 6) == 0);
            CHECK(modbus_mask_write_register(bus, 22, 0x00F2, 0x0025) == 1 && modbus_read_registers(bus, 22, 1, read) == 1 && read[0] == ((2 & 0xF2) | (0x25 & ~0xF2)));
            CHECK(modbus_write_and_read_registers(bus, 30, 3, values, 30, 3, read) == 3 && memcmp(values, read, 6) == 0);
            uint8_t id[64];
            CHECK(modbus_report_slave_id(bus, sizeof id, id) > 4 && memcmp(id, "MEM-7", 5) == 0);
            CHECK(modbus_read_registers(bus, 5000, 1, read) == -1 && errno == EMBXILADD);
            printf("all right\n");
            return 0;
        }
        """;

    private const string ServerSource = """
        #include <modbus/modbus.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        int main(int count, char **arguments)
        {
            int tcp = strcmp(arguments[1], "tcp") == 0, listener = -1;
            modbus_t *bus = tcp ? modbus_new_tcp("127.0.0.1", atoi(arguments[2])) : modbus_new_rtu(arguments[2], 115200, 'N', 8, 1);
            modbus_mapping_t *map = modbus_mapping_new(1000, 1000, 1000, 1000);
            uint8_t request[MODBUS_MAX_ADU_LENGTH];
            modbus_set_slave(bus, 7);
            for (int address = 0; address < 1000; address++) {
                map->tab_registers[address] = 37 * address + 7;
                map->tab_input_registers[address] = 41 * address + 7;
                map->tab_bits[address] = map->tab_input_bits[address] = address % 3 == 0;
            }
            if (tcp && (listener = modbus_tcp_listen(bus, 4)) < 0) return 1;
            if (!tcp && modbus_connect(bus) < 0) return 1;
            for (;;) {
                if (tcp && modbus_tcp_accept(bus, &listener) < 0) return 1;
                for (;;) {
                    int length = modbus_receive(bus, request);
                    if (length > 0) modbus_reply(bus, request, length, map);
                    else if (length < 0 && tcp) break;
                }
            }
        }
        """;

    [NeedsFact("gcc", "socat")]
    public void Libmodbus_reads_and_writes_our_TCP_server()
    {
        using TemporaryProgram? client = TemporaryProgram.Compile(ClientSource);
        if (client is null)
        {
            return;
        }

        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new MemoryDevice());
        server.Start();
        (int exitCode, string output) = Daemon.Run(client.Path, "tcp", Daemon.Text(server.LocalEndPoint.Port));
        Assert.True(exitCode == 0, output);
        Assert.Equal([1, 2, 3, 4, 5, 6, 15, 16, 17, 22, 23], server.Counters.FunctionsSeen());
    }

    [NeedsFact("gcc", "socat")]
    public void Libmodbus_reads_and_writes_our_serial_server()
    {
        using TemporaryProgram? client = TemporaryProgram.Compile(ClientSource);
        if (client is null)
        {
            return;
        }

        using PseudoTerminal terminal = new();
        using ModbusRtuServer server = new(terminal, new MemoryDevice());
        server.Start();
        (int exitCode, string output) = Daemon.Run(client.Path, "rtu", terminal.SlavePath);
        Assert.True(exitCode == 0, output);
    }

    [NeedsFact("gcc", "socat")]
    public void Our_client_reads_libmodbus_over_TCP()
    {
        using TemporaryProgram? program = TemporaryProgram.Compile(ServerSource);
        if (program is null)
        {
            return;
        }

        int port = Daemon.FreePort();
        using Daemon server = Daemon.Start(program.Path, "tcp", Daemon.Text(port));
        using ModbusClient client = new(new TcpTransport("127.0.0.1", port, new TcpTransportOptions { FirstReconnectDelay = TimeSpan.Zero }));
        ReadEverything(client);
    }

    [NeedsFact("gcc", "socat")]
    public void Our_client_reads_libmodbus_over_a_serial_line()
    {
        using TemporaryProgram? program = TemporaryProgram.Compile(ServerSource);
        if (program is null || Daemon.IsMissing(Socat))
        {
            return;
        }

        string near = Path.Combine(Path.GetTempPath(), $"metering-{Guid.NewGuid():N}");
        string far = near + "-far";
        using Daemon line = Daemon.Start(Socat, $"pty,raw,echo=0,link={near}", $"pty,raw,echo=0,link={far}");
        Assert.True(Daemon.Eventually(() => File.Exists(near) && File.Exists(far)), "socat made no line");
        using Daemon server = Daemon.Start(program.Path, "rtu", far);
        using ModbusClient client = new(new RtuTransport(new SerialPort(near, new SerialSettings { BaudRate = 115200 }), new RtuTransportOptions()));
        ReadEverything(client);
    }

    private static void ReadEverything(ModbusClient client)
    {
        ushort[] values = new ushort[125];
        bool[] bits = new bool[1000];
        Assert.True(Daemon.Eventually(() => client.ReadHoldingRegisters(7, 0, values, TimeSpan.FromMilliseconds(500)).IsOk), "libmodbus did not come up");
        for (int start = 0; start < 1000; start += values.Length)
        {
            Assert.Equal(ModbusReply.Ok, client.ReadHoldingRegisters(7, (ushort)start, values, Generous));
            Assert.Equal([.. Enumerable.Range(start, values.Length).Select(address => unchecked((ushort)((37 * address) + 7)))], values);
            Assert.Equal(ModbusReply.Ok, client.ReadInputRegisters(7, (ushort)start, values, Generous));
            Assert.Equal([.. Enumerable.Range(start, values.Length).Select(address => unchecked((ushort)((41 * address) + 7)))], values);
        }

        Assert.Equal(ModbusReply.Ok, client.ReadCoils(7, 0, bits, Generous));
        Assert.Equal([.. Enumerable.Range(0, bits.Length).Select(address => address % 3 == 0)], bits);
        Assert.Equal(ModbusReply.Ok, client.ReadDiscreteInputs(7, 0, bits, Generous));
        Assert.Equal([.. Enumerable.Range(0, bits.Length).Select(address => address % 3 == 0)], bits);
        Assert.Equal(ModbusReply.Ok, client.ReadServerId(7, Generous, out ServerIdentity? who));
        Assert.Contains("LMB", who!.Text, StringComparison.Ordinal);
        Assert.Equal(new ModbusReply(ModbusOutcome.Exception, 2), client.ReadHoldingRegisters(7, 1000, values.AsSpan(0, 1), Generous));
    }

    private sealed class TemporaryProgram(string folder) : IDisposable
    {
        internal string Path => System.IO.Path.Combine(folder, "program");

        public void Dispose() => Directory.Delete(folder, recursive: true);

        internal static TemporaryProgram? Compile(string source)
        {
            if (Daemon.IsMissing(Compiler, Header))
            {
                return null;
            }

            TemporaryProgram program = new(Directory.CreateTempSubdirectory("metering-libmodbus").FullName);
            File.WriteAllText(program.Path + ".c", source);
            (int exitCode, string output) = Daemon.Run(Compiler, "-O2", "-o", program.Path, program.Path + ".c", "-lmodbus");
            Assert.True(exitCode == 0, output);
            return program;
        }
    }
}
