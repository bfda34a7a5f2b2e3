using Metering.Gateway.Commands;
using Metering.Gateway.Configuration;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Meters.Yaml;
using Metering.Tests.Inputs;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Meters;

/// <summary>How fast a counter can be: what the profile rates and what the configuration says.</summary>
public sealed class MaximumRateTests
{
    private const string Head = "profile: simulated-energy\nrevision: 1\nsource: s\ntrust: simulated\naddressing: wire\ntable: holding\nregisters:\n";
    private const string Energy = "  - { quantity: active-energy-import, address: 0, format: uint32, decimals: 1, unit: kWh, kind: counter, modulus: 4294967296";

    [Theory]
    [InlineData("700", null, 7000L)]
    [InlineData("700", "600", 6000L)]
    [InlineData("700", "800", 7000L)]
    [InlineData("0.01", null, 1L)]
    [InlineData(null, "600", 6000L)]
    [InlineData(null, null, null)]
    public void Of_the_profile_s_and_the_configuration_s_rate_the_lower_one_holds(string? rated, string? configured, long? stepsPerHour)
    {
        using GatewayFolder folder = new();
        _ = folder.File("profiles/simulated-energy.yaml", Head + Energy + (rated is null ? "" : $", maximumRate: {{ perHour: \"{rated}\", source: plate }}") + " }\n");
        GatewayConfiguration configuration = folder.Load(configured is null ? "" : $"totalisers: [ {{ channel: mains.active-energy-import, maximumPerHour: {configured}, longestStandstill: 12h }} ]\n");
        Assert.Equal(stepsPerHour, configuration.LimitsOf(configuration.Channels[0]).MaximumStepsPerHour);
        Assert.Equal(configured is null ? null : TimeSpan.FromHours(12), configuration.LimitsOf(configuration.Channels[0]).LongestStandstill);
    }

    [Fact]
    public void Behind_transformers_the_rating_grows_with_their_ratio_and_is_rounded_up()
    {
        DeviceProfile profile = ProfileFile.Parse("simulated-energy.yaml", Head + Energy.Replace(", modulus: 4294967296", ", ratio: ct", StringComparison.Ordinal) + ", maximumRate: { perHour: \"5.1\", source: plate } }\n", new YamlFaults())!;
        Assert.Equal((51L, "plate"), (profile.Registers[0].MaximumStepsPerHour, profile.Registers[0].MaximumRateSource));
        Assert.True(new TransformerRatios(new ExactRatio(50, 3), null).TryApply(profile, out DeviceProfile applied, out _));
        Assert.Equal(850, applied.Registers[0].MaximumStepsPerHour);
        Assert.True(new TransformerRatios(new ExactRatio(51, 5), null).TryApply(profile, out applied, out _));
        Assert.Equal(521, applied.Registers[0].MaximumStepsPerHour);
    }

    [Theory]
    [InlineData("kind: counter, maximumRate: { perHour: \"0\", source: s }", "'0' is no number above zero")]
    [InlineData("kind: counter, maximumRate: { perHour: \"1,5\", source: s }", "'1,5' is no number above zero")]
    [InlineData("kind: counter, maximumRate: { perHour: \"1.5\" }", "source: is missing")]
    [InlineData("kind: gauge, maximumRate: { perHour: \"1.5\", source: s }", "belongs to a counter only")]
    public void A_rating_without_source_or_sense_is_told(string entry, string expected)
    {
        YamlFaults faults = new();
        Assert.Null(ProfileFile.Parse("simulated-energy.yaml", Head + "  - { quantity: e, address: 0, format: uint32, decimals: 1, unit: kWh, " + entry + " }\n", faults));
        Assert.Contains(expected, Assert.Throws<YamlFaultException>(faults.ThrowIfAny).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_shows_its_rating_with_the_source()
    {
        using StringWriter output = new();
        using StringWriter talk = new();
        Assert.Equal(0, new ProfilesReport(Repository.Path("gateway", "profiles"), Language.Spanish, output, talk).Show("eastron-sdm120", json: false));
        Assert.Contains("a lo más 13.50 kWh por hora (Eastron SDM120 data sheet", output.ToString(), StringComparison.Ordinal);
        using StringWriter json = new();
        Assert.Equal(0, new ProfilesReport(Repository.Path("gateway", "profiles"), Language.English, json, talk).Show("eastron-sdm230", json: true));
        Assert.Contains("\"maximumPerHour\":27.60", json.ToString(), StringComparison.Ordinal);
    }
}
