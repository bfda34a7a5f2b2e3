using Metering.Gateway.Commands;
using Metering.Gateway.Configuration;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Installer;

public sealed class ConfigQuestionsTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public void Enter_alone_takes_the_adapter_that_is_plugged_in_and_what_else_stands_in_brackets()
    {
        _ = _root.Write("dev/serial/by-id/usb-FTDI_A1", "");
        (FirstConfiguration? first, string talk) = Ask(Language.Spanish, "\n\n\n\n\nsdm630\n\n\n\n\n");
        Assert.NotNull(first);
        Assert.Equal("leon", first.Gateway);
        Assert.Equal(_root.Combine("dev/serial/by-id/usb-FTDI_A1"), first.Rtu);
        Assert.Equal((9600, "even", "127.0.0.1:1883"), (first.BaudRate, first.Parity, first.Broker));
        Assert.Equal(["{ id: meter-1, unit: 1, profile: eastron-sdm630 }"], first.Meters.Select(meter => meter.ToYaml()));
        Assert.Contains("Adaptadores conectados:", talk, StringComparison.Ordinal);
        _ = Loaded(first);
    }

    [Fact]
    public void Several_meters_by_search_number_and_ratio_pass_the_check()
    {
        string answers = string.Join('\n', "planta-norte", "2", "192.168.1.20", "siemens pac", "1", "7", "", "s", "pac3200", "8", "principal", "200/5", "1/1", "n", "nube.example:8883") + "\n";
        (FirstConfiguration? first, string talk) = Ask(Language.Spanish, answers);
        Assert.True(first is not null, talk);
        Assert.Equal("192.168.1.20:502", first.Tcp);
        GatewayConfiguration configuration = Loaded(first);
        Assert.Equal(["meter-7", "principal"], configuration.Buses[0].Meters.Select(meter => meter.Id));
        Assert.Equal([7, 8], configuration.Buses[0].Meters.Select(meter => (int)meter.Unit));
    }

    [Fact]
    public void An_answer_that_cannot_be_is_asked_for_again_with_the_reason()
    {
        string answers = string.Join('\n', "León", "leon", "3", "2", "not an address", "10.0.0.5:5020", "no-such-meter-at-all", "", "sdm120", "300", "9", "", "y", "sdm120", "9", "10", "meter-9", "meter-10", "n", "") + "\n";
        (FirstConfiguration? first, string talk) = Ask(Language.English, answers);
        Assert.True(first is not null, talk);
        Assert.Equal(["meter-9", "meter-10"], first.Meters.Select(meter => meter.Id));
        foreach (string reason in new[] { "beginning with a letter or digit", "one of: 1, 2", "an address such as", "none is called so", "a whole number from 1 to 247", "has that address already", "is called so already" })
        {
            Assert.Contains(reason, talk, StringComparison.Ordinal);
        }

        _ = Loaded(first);
    }

    [Theory]
    [InlineData("")]
    [InlineData("leon\n2\n10.0.0.5\nsdm120\n")]
    public void Input_that_ends_writes_nothing(string answers) => Assert.Null(Ask(Language.English, answers).First);

    public void Dispose() => _root.Dispose();

    private static GatewayConfiguration Loaded(FirstConfiguration first)
    {
        using InstallerFolder folder = new(ConfigCommand.Build(first, Language.Spanish, out _)! + "profilesDirectory: profiles\n");
        return ConfigurationFile.Load(folder.Config);
    }

    private (FirstConfiguration? First, string Talk) Ask(Language language, string answers)
    {
        using StringReader input = new(answers);
        using StringWriter talk = new();
        FirstConfiguration? first = new ConfigQuestions(input, talk, _root.Path, Repository.Path("gateway", "profiles"), language).Ask("leon");
        return (first, talk.ToString());
    }
}
