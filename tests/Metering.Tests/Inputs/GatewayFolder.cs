using System.Security.Cryptography;
using Metering.Gateway.Configuration;
using Metering.Gateway.Inputs;
using Metering.Meters.Yaml;
using Metering.Readings;
using Metering.Tests.Support;

namespace Metering.Tests.Inputs;

/// <summary>A configuration with inputs, its keys and its state directory.</summary>
internal sealed class GatewayFolder : IDisposable
{
    public const string Inputs = """
        inputs:
          - { id: water-inlet, pulse: { chip: pinctrl-bcm2711, line: 17, litresPerPulse: 10, debounce: 5ms, initialIndex: "1234.5" } }
          - { id: pressure, analogue: { device: ads1015, input: voltage0, shuntOhm: 150, at4mA: 0, at20mA: 16, unit: bar, quantity: pressure } }
          - { id: tank, oneWire: { device: 28-0316a2796bff } }
          - { id: effluent-lab, manual: { quantity: cod, unit: mg/L, decimals: 1, minimum: 0, maximum: 20000 } }
        totalisers:
          - { channel: mains.active-energy-import, maximumPerHour: 600, longestStandstill: 12h }

        """;

    private const string Head = """
        gateway: leon-tannery
        keyFile: gateway.pem
        keyEpoch: 1
        stateDirectory: state
        profilesDirectory: profiles
        cloud: { name: metering-cloud, keyFile: cloud.pub.pem }
        broker: { host: 127.0.0.1, port: 1883 }
        polling: { interval: 15m }
        buses:
          - id: switchboard
            tcp: { host: 127.0.0.1, port: 5020 }
            meters: [ { id: mains, unit: 1, profile: simulated-energy } ]

        """;

    private readonly TemporaryFolder _folder = new(inMemory: true);

    public GatewayFolder()
    {
        Key = SigningKey.Create(_folder.Combine("gateway.pem"));
        _ = _folder.Write("cloud.pub.pem", SigningKey.PublicPem(Key));
        _ = _folder.Write("profiles/simulated-energy.yaml", """
            profile: simulated-energy
            revision: 1
            source: "register map of the simulated field"
            trust: simulated
            addressing: wire
            table: holding
            registers:
              - { quantity: active-energy-import, address: 0, format: uint32, decimals: 1, unit: kWh, kind: counter, modulus: 4294967296 }
              - { quantity: temperature, address: 10, format: int16, decimals: 1, unit: degC, kind: gauge }
            """);
        Configuration = Load(Inputs);
    }

    public ECDsa Key { get; }

    public GatewayConfiguration Configuration { get; }

    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 18, 0, 0, TimeSpan.Zero));

    public FieldBook Book => new(Configuration, 1, Key, KeyOf, Clock);

    public GatewayConfiguration Load(string inputs) => ConfigurationFile.Load(Write(inputs));

    public string Write(string inputs) => _folder.Write("gateway.yaml", Head + inputs);

    public string Faults(string inputs)
    {
        try
        {
            _ = Load(inputs);
            return "";
        }
        catch (YamlFaultException e)
        {
            return e.Message.Replace(_folder.Path + "/", "", StringComparison.Ordinal);
        }
    }

    public string StateFile(string name) => _folder.Combine("state/" + name);

    public string File(string name, string text) => _folder.Write(name, text);

    public ECDsa? KeyOf(int epoch) => epoch == 1 ? Key : null;

    public void Dispose()
    {
        Key.Dispose();
        _folder.Dispose();
    }
}
