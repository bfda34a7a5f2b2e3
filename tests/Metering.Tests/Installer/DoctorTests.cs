using Metering.Fieldbus.Serial;
using Metering.Gateway.Commands;
using Metering.Gateway.Diagnosis.Health;
using Metering.Mqtt;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class DoctorTests
{
    [Fact]
    public void The_mini_uart_of_a_Raspberry_Pi_cannot_serve_a_meter_with_parity()
    {
        using TemporaryFolder root = new();
        _ = root.Write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
        _ = root.Write("dev/ttyS0", "");
        _ = root.Write("sys/class/tty/ttyS0/device/of_node/compatible", "brcm,bcm2835-aux-uart\0");
        HealthCheck even = Find(new SerialHealth("/dev/ttyS0", SerialParity.Even, root.Path).Check(), "mini-uart");
        Assert.Equal((HealthMark.Bad, 78), (even.Mark, even.ExitCode));
        Assert.Contains("dtoverlay=disable-bt", even.Remedy!.In(Language.Spanish), StringComparison.Ordinal);
        Assert.Equal(HealthMark.Notice, Find(new SerialHealth("/dev/ttyS0", SerialParity.None, root.Path).Check(), "mini-uart").Mark);
    }

    [Fact]
    public void A_full_UART_and_other_boards_are_not_blamed()
    {
        using TemporaryFolder root = new();
        _ = root.Write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
        _ = root.Write("dev/ttyAMA0", "");
        _ = root.Write("sys/class/tty/ttyAMA0/device/of_node/compatible", "arm,pl011\0");
        Assert.DoesNotContain(new SerialHealth("/dev/ttyAMA0", SerialParity.Even, root.Path).Check(), check => check.Name == "mini-uart");
    }

    [Fact]
    public void The_chip_its_latency_and_its_lasting_name_are_told()
    {
        using TemporaryFolder root = new();
        _ = root.Write("dev/ttyUSB0", "");
        _ = root.Write("sys/devices/usb1/idVendor", "0403\n");
        _ = root.Write("sys/devices/usb1/product", "FT232R USB UART\n");
        _ = Directory.CreateDirectory(root.Combine("sys/devices/usb1/interface/ttyUSB0"));
        _ = Directory.CreateDirectory(root.Combine("sys/class/tty/ttyUSB0"));
        _ = File.CreateSymbolicLink(root.Combine("sys/class/tty/ttyUSB0/device"), root.Combine("sys/devices/usb1/interface/ttyUSB0"));
        _ = root.Write("sys/bus/usb-serial/devices/ttyUSB0/latency_timer", "16\n");
        _ = Directory.CreateDirectory(root.Combine("dev/serial/by-id"));
        _ = File.CreateSymbolicLink(root.Combine("dev/serial/by-id/usb-FTDI-if00"), root.Combine("dev/ttyUSB0"));
        HealthCheck[] checks = [.. new SerialHealth("/dev/ttyUSB0", null, root.Path).Check()];
        Assert.Equal("USB adapter: FTDI, FT232R USB UART.", Find(checks, "serial-chip").What.In(Language.English));
        Assert.Contains("16 ms", Find(checks, "serial-latency").What.In(Language.English), StringComparison.Ordinal);
        Assert.EndsWith("/dev/serial/by-id/usb-FTDI-if00", Find(checks, "serial-name").Remedy!.In(Language.English), StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_not_there_ends_with_69_and_one_line()
    {
        using TemporaryFolder root = new();
        HealthCheck check = Assert.Single(new SerialHealth("/dev/ttyUSB0", null, root.Path).Check());
        Assert.Equal(69, HealthCheck.WorstExitCode([check]));
        Assert.StartsWith("✖ El puerto serie /dev/ttyUSB0 no existe. → ", DoctorCommand.Line(check, Language.Spanish), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100L << 30, 200L << 30, false)]
    [InlineData(100L << 20, 200L << 20, true)]
    [InlineData(4L << 30, 200L << 30, true)]
    public void A_disk_without_room_is_bad(long free, long total, bool isBad) =>
        Assert.Equal(isBad ? HealthMark.Bad : HealthMark.Good, MachineHealth.Room(free, total).Mark);

    [Fact]
    public async Task The_way_to_the_broker_ends_at_the_stage_that_fails()
    {
        MqttClientOptions options = new() { Host = "127.0.0.1", Port = 1, ClientId = "doctor" };
        IReadOnlyList<HealthCheck> checks = await BrokerHealth.CheckAsync(options, isRunning: false, TimeProvider.System, CancellationToken.None);
        Assert.Equal(["broker-dns", "broker-tcp"], checks.Select(check => check.Name));
        Assert.Equal(HealthMark.Bad, checks[1].Mark);
    }

    [Fact]
    public void The_worst_check_gives_the_exit_code()
    {
        Text text = new(es: "uno", en: "one");
        Assert.Equal(0, HealthCheck.WorstExitCode([HealthCheck.Good("a", "uno", "one"), HealthCheck.Notice("b", text, text)]));
        Assert.Equal(78, HealthCheck.WorstExitCode([HealthCheck.Bad("a", text, text, 69), HealthCheck.Bad("b", text, text, 78), HealthCheck.Bad("c", text, text, 77)]));
    }

    private static HealthCheck Find(IEnumerable<HealthCheck> checks, string name) => checks.Single(check => check.Name == name);
}
