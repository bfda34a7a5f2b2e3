using System.Diagnostics;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Xunit;

namespace Metering.Tests.Fieldbus;

public sealed class SerialPortTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);

    [Fact]
    public void Bytes_pass_both_ways_unchanged()
    {
        using PseudoTerminal terminal = new();
        using SerialPort port = SerialPort.Open(terminal.SlavePath, new SerialSettings { BaudRate = 115200, Parity = SerialParity.Even });
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.Equal(SerialStatus.Ok, terminal.Write(all, Generous));
        Assert.Equal(all, ReadExactly(256, (Span<byte> span, out int count) => port.Read(span, Generous, out count)));
        Assert.Equal(SerialStatus.Ok, port.Write(all, Generous));
        Assert.Equal(all, ReadExactly(256, (Span<byte> span, out int count) => terminal.Read(span, Generous, out count)));
    }

    [Fact]
    public void Nothing_to_read_is_a_timeout_after_the_time_given()
    {
        using PseudoTerminal terminal = new();
        using SerialPort port = SerialPort.Open(terminal.SlavePath, new SerialSettings());
        long before = Stopwatch.GetTimestamp();
        Assert.Equal(SerialStatus.Timeout, port.Read(new byte[1], TimeSpan.FromMilliseconds(40), out int count));
        Assert.True(Stopwatch.GetElapsedTime(before) >= TimeSpan.FromMilliseconds(39));
        Assert.Equal(0, count);
        Assert.Equal(SerialStatus.Timeout, port.Read(new byte[1], TimeSpan.Zero, out _));
    }

    [Fact]
    public void A_missing_port_is_told_as_such()
    {
        FieldbusException problem = Assert.Throws<FieldbusException>(() => SerialPort.Open("/dev/serial/by-id/no-such-adapter", new SerialSettings()));
        Assert.Equal(FieldbusProblem.NotFound, problem.Kind);
    }

    [Fact]
    public void A_file_is_no_serial_port()
    {
        string path = Path.GetTempFileName();
        try
        {
            Assert.Equal(FieldbusProblem.NotASerialPort, Assert.Throws<FieldbusException>(() => SerialPort.Open(path, new SerialSettings())).Kind);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(49, 8, 1)]
    [InlineData(4_000_001, 8, 1)]
    [InlineData(9600, 6, 1)]
    [InlineData(9600, 8, 3)]
    public void Settings_no_line_can_have_are_the_callers_fault(int baudRate, int dataBits, int stopBits)
    {
        SerialSettings settings = new() { BaudRate = baudRate, DataBits = dataBits, StopBits = stopBits };
        Assert.Throws<ArgumentOutOfRangeException>(() => new SerialPort("/dev/ttyS0", settings));
    }

    [Fact]
    public void A_character_takes_its_bits_over_the_speed()
    {
        SerialSettings settings = new() { BaudRate = 9600, Parity = SerialParity.Even };
        Assert.Equal(TimeSpan.FromTicks(11458), settings.CharacterTime); // 11 bits / 9600 = 1.1458 ms
    }

    [Fact]
    public void A_port_that_is_pulled_is_disconnected_and_found_again_when_it_returns()
    {
        string link = Path.Combine(Path.GetTempPath(), $"metering-{Guid.NewGuid():N}");
        ManualClock clock = new();
        AddressDevice device = new();
        ushort[] values = new ushort[4];
        PseudoTerminal terminal = new();
        File.CreateSymbolicLink(link, terminal.SlavePath);
        try
        {
            using RtuTransport transport = new(new SerialPort(link, new SerialSettings()), new RtuTransportOptions { Clock = clock });
            using (ModbusRtuServer server = new(terminal, device))
            {
                server.Start();
                Assert.Equal(ModbusOutcome.Ok, Ask(transport));
            }

            terminal.Dispose();
            File.Delete(link);
            Assert.Equal(ModbusOutcome.Disconnected, Ask(transport)); // finds the line hung up
            Assert.Equal(ModbusOutcome.Disconnected, Ask(transport)); // finds no such port
            Assert.Equal(FieldbusProblem.NotFound, transport.LastProblem!.Kind);

            terminal = new PseudoTerminal();
            File.CreateSymbolicLink(link, terminal.SlavePath);
            using ModbusRtuServer again = new(terminal, device);
            again.Start();
            Assert.Equal(ModbusOutcome.Disconnected, Ask(transport)); // not yet
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(ModbusOutcome.Ok, Ask(transport));
            Assert.Equal(2, transport.Counters.Connections);
        }
        finally
        {
            terminal.Dispose();
            File.Delete(link);
        }

        ModbusOutcome Ask(RtuTransport transport) => transport.Exchange(1, ModbusTable.HoldingRegisters, 0, values, Generous).Outcome;
    }

    private delegate SerialStatus Reader(Span<byte> destination, out int count);

    private static byte[] ReadExactly(int length, Reader reader)
    {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length;)
        {
            Assert.Equal(SerialStatus.Ok, reader(bytes.AsSpan(filled), out int count));
            filled += count;
        }

        return bytes;
    }
}
