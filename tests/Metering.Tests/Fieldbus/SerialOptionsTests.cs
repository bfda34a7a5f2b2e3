using System.Runtime.CompilerServices;
using Metering.Fieldbus;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Xunit;

namespace Metering.Tests.Fieldbus;

public sealed class SerialOptionsTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(10);

    [Fact]
    public void The_structures_of_the_kernel_have_its_sizes()
    {
        Assert.Equal(44, Unsafe.SizeOf<LibC.Termios>());
        Assert.Equal(32, Unsafe.SizeOf<LibC.Rs485>());
        Assert.Equal(80, Unsafe.SizeOf<LibC.InterruptCounters>());
    }

    // A pseudo-terminal drops parity; the C library then refuses a mode that differs in parity alone.
    [Fact]
    public void A_pseudo_terminal_can_be_opened_again_with_another_parity()
    {
        using PseudoTerminal terminal = new();
        foreach (SerialParity parity in (SerialParity[])[SerialParity.Even, SerialParity.Odd, SerialParity.None, SerialParity.Even])
        {
            using SerialPort port = SerialPort.Open(terminal.SlavePath, new SerialSettings { BaudRate = 19200, Parity = parity });
            Assert.Equal(SerialStatus.Ok, terminal.Write([0x55], Generous));
            Assert.Equal(SerialStatus.Ok, port.Read(new byte[1], Generous, out _));
        }
    }

    [Theory]
    [InlineData(50)]
    [InlineData(14400)]
    [InlineData(31250)]
    [InlineData(250_000)]
    [InlineData(4_000_000)]
    public void Odd_speeds_are_taken(int baudRate)
    {
        using PseudoTerminal terminal = new();
        using SerialPort port = SerialPort.Open(terminal.SlavePath, new SerialSettings { BaudRate = baudRate });
        Assert.True(port.IsOpen);
    }

    [Fact]
    public void A_driver_that_does_not_switch_directions_says_so_clearly()
    {
        using PseudoTerminal terminal = new();
        SerialSettings settings = new() { Rs485 = new Rs485Settings { DelayAfterSend = TimeSpan.FromMilliseconds(1) } };
        FieldbusException problem = Assert.Throws<FieldbusException>(() => SerialPort.Open(terminal.SlavePath, settings));
        Assert.Equal(FieldbusProblem.UnsupportedSetting, problem.Kind);
        Assert.Contains("rs485", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_direction_setting_is_encoded_as_in_linux_serial_h()
    {
        LibC.Rs485 encoded = SerialDriver.Encode(new Rs485Settings { RtsOnSend = false, RtsAfterSend = true, DelayBeforeSend = TimeSpan.FromMilliseconds(3), DelayAfterSend = TimeSpan.FromMilliseconds(7), ReceivesDuringSend = true });
        Assert.Equal((0x15u, 3u, 7u), (encoded.Flags, encoded.MillisecondsBeforeSend, encoded.MillisecondsAfterSend));
        Assert.Equal(0x3u, SerialDriver.Encode(new Rs485Settings()).Flags);
    }

    [Theory]
    [InlineData(true, true, 0)]
    [InlineData(true, false, 101)]
    [InlineData(true, false, -1)]
    public void A_direction_setting_that_cannot_work_is_the_callers_fault(bool onSend, bool afterSend, int milliseconds)
    {
        SerialSettings settings = new() { Rs485 = new Rs485Settings { RtsOnSend = onSend, RtsAfterSend = afterSend, DelayAfterSend = TimeSpan.FromMilliseconds(milliseconds) } };
        Assert.ThrowsAny<ArgumentException>(() => new SerialPort("/dev/ttyS0", settings));
    }

    [Fact]
    public void Counters_of_the_driver_are_read_in_the_order_of_linux_serial_h()
    {
        LibC.InterruptCounters raw = new() { Received = 5, Sent = 6, Frame = 7, Overrun = 8, Parity = 9, Break = 10, BufferOverrun = -1 };
        Assert.Equal(new SerialLineCounters(5, 6, 7, 8, 9, 10, uint.MaxValue), SerialDriver.Decode(raw));
    }

    [Fact]
    public void Where_nothing_is_counted_there_is_no_snapshot()
    {
        using PseudoTerminal terminal = new();
        using RtuTransport transport = new(new SerialPort(terminal.SlavePath, new SerialSettings()), new RtuTransportOptions());
        Assert.Null(transport.ReadLineCounters());
        transport.Open();
        Assert.Null(transport.ReadLineCounters());
    }

    [Fact]
    public void Two_hundred_unplugs_and_replugs_leak_neither_descriptors_nor_threads()
    {
        string link = Path.Combine(Path.GetTempPath(), $"metering-{Guid.NewGuid():N}");
        AddressDevice device = new();
        ushort[] values = new ushort[4];
        RtuTransportOptions options = new() { SilenceBeforeRequest = TimeSpan.Zero, FirstReopenDelay = TimeSpan.Zero, QuietAfterFault = TimeSpan.FromMilliseconds(1) };
        using RtuTransport transport = new(new SerialPort(link, new SerialSettings { BaudRate = 115200 }), options);
        int descriptors = 0;
        int threads = 0;
        try
        {
            for (int round = 0; round < 200; round++)
            {
                using (PseudoTerminal terminal = new())
                {
                    File.CreateSymbolicLink(link, terminal.SlavePath);
                    using ScriptedRtuSlave slave = new((_, request) => [ScriptedRtuSlave.Reply(request)], terminal);
                    Assert.Equal(ModbusOutcome.Ok, Ask());
                    Assert.True(AddressDevice.IsRight(1, ModbusTable.HoldingRegisters, 0, values));
                }

                File.Delete(link);
                Assert.Equal(ModbusOutcome.Disconnected, Ask()); // hung up: closed at once
                Assert.Equal(ModbusOutcome.Disconnected, Ask()); // no such port
                if (round == 20)
                {
                    descriptors = Count("/proc/self/fd");
                    threads = Count("/proc/self/task");
                }
            }

            // Other tests run beside this one and open what they need; a leak of one a round would show as 179 more.
            Assert.InRange(Count("/proc/self/fd"), 0, descriptors + 90);
            Assert.InRange(Count("/proc/self/task"), 0, threads + 90);
            Assert.Equal(200, transport.Counters.Connections);
        }
        finally
        {
            File.Delete(link);
        }

        ModbusOutcome Ask() => transport.Exchange(1, ModbusTable.HoldingRegisters, 0, values, Generous).Outcome;

        static int Count(string folder) => Directory.GetFileSystemEntries(folder).Length;
    }
}
