using System.Diagnostics;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

public sealed class GatewayConfigurationTests
{
    [Theory]
    [InlineData("keyEpoch: 1", "keyEpok: 1", "gateway.yaml(3,1): keyEpok: unknown key, did you mean 'keyEpoch'?")]
    [InlineData("keyEpoch: 1", "keyEpoch: 1\nkeyEpoch: 2", "gateway.yaml(4,1): keyEpoch: given twice, first in line 3, remove one of them")]
    [InlineData("interval: 1s", "interval: 15", "polling.interval: '15' has no unit, write 15s, 15m or 15h")]
    [InlineData("interval: 1s", "interval: -5s", "write a whole number and its unit")]
    [InlineData("unit: 1, profile: simulated-energy }", "unit: 1, profile: simulated-energy }\n      - { id: second, unit: 1, profile: simulated-energy }", "unit 1 belongs to 'mains' on this bus already")]
    [InlineData("profile: simulated-energy", "profile: simulated-enrgy", "there is no profile 'simulated-enrgy'", "did you mean 'simulated-energy'?")]
    [InlineData("profilesDirectory: profiles", "profilesDirectory: nowhere", "that folder does not exist or holds no profile: check profilesDirectory")]
    [InlineData("keyFile: gateway.pem", "keyFile: none.pem", "none.pem does not exist, make it: gateway key --out FILE")]
    [InlineData("keyFile: gateway.pem", "keyFile: gateway.pem.pub", "holds no private key, give the private half, the file without .pub")]
    [InlineData("host: 127.0.0.1, port: 1,", "host: 127.0.0.1, port: 99999,", "'99999' is no whole number from 1 to 65535")]
    [InlineData("  - id: switchboard", "\t- id: switchboard", "found invalid tab as indentation, check the indentation")]
    public async Task A_faulty_configuration_is_explained_with_its_place(string sound, string spoilt, params string[] words)
    {
        using GatewayFolder folder = new();
        folder.Spoil(sound, spoilt);
        Said said = await Executable.RunAsync(Executable.Gateway, folder.Path, "check", "--config", "gateway.yaml");
        Assert.Equal("", said.Expect(78, words).Output);
    }

    [Theory]
    [InlineData("none.yaml", "none.yaml: there is no such file, check the path")]
    [InlineData("profiles", "profiles: is a folder, name the file in it")]
    public async Task A_configuration_that_is_not_there_is_named(string name, string words)
    {
        using GatewayFolder folder = new();
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "run", "--config", name)).Expect(78, words);
    }

    [Fact]
    public async Task The_sound_configuration_passes()
    {
        using GatewayFolder folder = new();
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "check", "--config", "gateway.yaml")).Expect(0, "gateway leon-tannery, 1 channels every 1s");
    }

    [Theory]
    [InlineData("/proc/metering-state")]
    [InlineData("gateway.pem")]
    public async Task A_state_directory_that_cannot_be_made_is_named(string directory)
    {
        using GatewayFolder folder = new();
        folder.Spoil("stateDirectory: state", "stateDirectory: " + directory);
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "run", "--config", "gateway.yaml")).Expect(73, directory, "cannot be made", "Check stateDirectory");
    }

    [Fact]
    public async Task A_second_gateway_on_one_state_directory_is_told_to_try_later_and_the_first_goes_on()
    {
        using GatewayFolder folder = new();
        (Process first, string line) = await Executable.StartAsync(Executable.Gateway, folder.Path, "run", "--config", "gateway.yaml");
        using (first)
        {
            try
            {
                Assert.Equal("{\"ready\":true}", line);
                _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "run", "--config", "gateway.yaml")).Expect(75, "Another gateway uses the state directory", "Stop it first");
                Executable.Terminate(first);
                using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
                string rest = await first.StandardOutput.ReadToEndAsync(deadline.Token);
                await first.WaitForExitAsync(deadline.Token);
                Assert.Equal(0, first.ExitCode);
                Assert.Contains("{\"done\":{\"slot\":", rest, StringComparison.Ordinal);
            }
            finally
            {
                Executable.End(first);
            }
        }
    }

    [Fact]
    public async Task An_absent_broker_is_told_and_polling_goes_on()
    {
        using GatewayFolder folder = new();
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, "cannot be reached", ["run", "--config", "gateway.yaml"]))
            .Expect(0, "The broker at 127.0.0.1:1 cannot be reached", "Polling goes on and readings are kept; trying again");
    }

    [Theory]
    [InlineData("--virtual-clock is", "run", "--config", "gateway.yaml", "--virtual-clock", "nowhere")]
    [InlineData("belong to --virtual-clock", "run", "--config", "gateway.yaml", "--plant", "x")]
    [InlineData("--from and --until are instants", "run", "--config", "gateway.yaml", "--virtual-clock", "127.0.0.1:1", "--plant", "x", "--from", "yesterday", "--until", "2024-01-02")]
    [InlineData("Unrecognized command or argument '--nonsense'", "run", "--config", "gateway.yaml", "--nonsense")]
    [InlineData("Option '--config' is required", "run")]
    public async Task A_wrong_command_line_ends_with_64(string words, params string[] arguments)
    {
        using GatewayFolder folder = new();
        string expected = words.Replace("--virtual-clock is", "--virtual-clock 'nowhere' is not HOST:PORT", StringComparison.Ordinal);
        _ = (await Executable.RunAsync(Executable.Gateway, folder.Path, arguments)).Expect(64, expected);
    }
}
