using System.Security.Cryptography;
using Metering.Gateway.Configuration;
using Metering.Meters.Profiles;
using Metering.Meters.Registers;
using Metering.Meters.Yaml;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Meters;

/// <summary>What the configuration of a meter adds to its profile: the transformers in front of it.</summary>
public sealed class ProfileConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ProfileConfigurationTests()
    {
        using ECDsa key = SigningKey.Create(_folder.Combine("gateway.pem"));
        _ = _folder.Write("cloud.pub.pem", SigningKey.PublicPem(key));
        const string Head = "revision: 1\nsource: s\ntrust: simulated\naddressing: wire\ntable: holding\nregisters:\n";
        _ = _folder.Write("profiles/secondary.yaml", "profile: secondary\n" + Head
            + "  - { quantity: energy, address: 0, format: uint32, decimals: 1, unit: kWh, kind: counter, ratio: ct-pt, modulus: 1000 }\n"
            + "  - { quantity: current, address: 2, format: uint16, decimals: 2, unit: A, kind: gauge, ratio: ct }\n");
        _ = _folder.Write("profiles/primary.yaml", "profile: primary\n" + Head + "  - { quantity: energy, address: 0, format: uint32, decimals: 1, unit: kWh, kind: counter }\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_meter_behind_transformers_is_read_on_their_primary_side()
    {
        MeterConfiguration meter = Load("profile: secondary, currentTransformer: 200/5, voltageTransformer: 13200/120").Buses[0].Meters[0];
        Assert.Equal(new TransformerRatios(new ExactRatio(40, 1), new ExactRatio(110, 1)), meter.Transformers);
        Assert.Equal([new ExactRatio(4400, 1), new ExactRatio(40, 1)], meter.Profile.Registers.Select(register => register.Factor));
        Assert.Equal(4_400_000, meter.Profile.ChannelsOf("m")[0].Modulus);
    }

    [Theory]
    [InlineData("profile: secondary, currentTransformer: 200/5", "(13,9): buses[0].meters[0].voltageTransformer: is missing: secondary gives values of the secondary side, write the ratio on the nameplate of the transformers, such as 200/5, or 1/1 for a direct connection")]
    [InlineData("profile: primary, currentTransformer: 200/5", "(13,65): buses[0].meters[0].currentTransformer: primary counts the transformers in already, remove it here and check the ratio set in the meter")]
    [InlineData("profile: secondary, currentTransformer: 40, voltageTransformer: 1/1", "(13,67): buses[0].meters[0].currentTransformer: '40' is no ratio of whole numbers from 1 to 1000000, write primary/secondary as on the nameplate, such as 200/5")]
    [InlineData("profile: secondary, currentTransformer: 1/7, voltageTransformer: 1/1", "(13,36): buses[0].meters[0].profile: the ratio makes energy too large, or its end a broken number, check the ratios against the nameplates")]
    public void A_ratio_that_is_missing_useless_or_wrong_is_told_with_its_place(string meter, string expected)
    {
        YamlFaultException fault = Assert.Throws<YamlFaultException>(() => Load(meter));
        Assert.Equal(_folder.Combine("gateway.yaml") + expected, fault.Message);
    }

    [Fact]
    public void A_duration_too_long_for_the_clock_is_told_with_its_range()
    {
        YamlFaultException fault = Assert.Throws<YamlFaultException>(() => Load("profile: primary", "999999999d"));
        Assert.EndsWith("gateway.yaml(8,22): polling.interval: 999999999d is outside 1s to 1d, choose a duration in that range", fault.Message, StringComparison.Ordinal);
    }

    private GatewayConfiguration Load(string meter, string interval = "15m") => ConfigurationFile.Load(_folder.Write("gateway.yaml", $$"""
        gateway: g
        keyFile: gateway.pem
        keyEpoch: 1
        stateDirectory: state
        profilesDirectory: profiles
        cloud: { name: c, keyFile: cloud.pub.pem }
        broker: { host: 127.0.0.1, port: 1883 }
        polling: { interval: {{interval}} }
        buses:
          - id: b
            tcp: { host: 127.0.0.1, port: 502 }
            meters:
              - { id: m, unit: 1, {{meter}} }

        """));
}
