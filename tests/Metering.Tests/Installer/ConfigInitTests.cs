using Metering.Gateway.Commands;
using Metering.Gateway.Configuration;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class ConfigInitTests
{
    [Theory]
    [InlineData("192.168.1.20:502", null, "es")]
    [InlineData(null, "/dev/serial/by-id/usb-FTDI", "en")]
    public void What_init_writes_passes_check(string? tcp, string? rtu, string lang)
    {
        _ = Languages.TryParse(lang, out Language language);
        string yaml = ConfigCommand.Build(new("leon-tannery", "127.0.0.1:1883", tcp, rtu, 7, "eastron-sdm630"), language, out string? problem)!;
        Assert.Null(problem);
        using InstallerFolder folder = new(yaml + "profilesDirectory: profiles\n");
        GatewayConfiguration configuration = ConfigurationFile.Load(folder.Config);
        Assert.Equal("leon-tannery", configuration.Gateway);
        Assert.Equal(7, configuration.Buses[0].Meters[0].Unit);
        Assert.Equal(rtu, configuration.Buses[0].Serial?.Device);
    }

    [Theory]
    [InlineData("León", "127.0.0.1:1883", "127.0.0.1:502", null, "--gateway")]
    [InlineData("leon", "nowhere", "127.0.0.1:502", null, "--broker")]
    [InlineData("leon", "127.0.0.1:1883", null, null, "--tcp")]
    [InlineData("leon", "127.0.0.1:1883", "127.0.0.1:502", "/dev/ttyUSB0", "--rtu")]
    public void What_cannot_be_written_is_told_by_its_option(string gateway, string broker, string? tcp, string? rtu, string option)
    {
        Assert.Null(ConfigCommand.Build(new(gateway, broker, tcp, rtu, 1, "abb-b23"), Language.Spanish, out string? problem));
        Assert.Contains(option, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Framing_of_a_converter_in_transparent_mode_is_a_key_of_tcp()
    {
        string yaml = ConfigCommand.Build(new("leon-tannery", "127.0.0.1:1883", "192.168.1.20:4001", null, 7, "eastron-sdm630"), Language.English, out _)!;
        using InstallerFolder folder = new(yaml.Replace("port: 4001", "port: 4001, framing: rtu", StringComparison.Ordinal) + "profilesDirectory: profiles\n");
        Assert.True(ConfigurationFile.Load(folder.Config).Buses[0].Tcp!.HasRtuFraming);
    }
}
