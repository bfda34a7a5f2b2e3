using System.Security.Cryptography;
using Metering.Gateway.Configuration;
using Metering.Meters.Yaml;
using Metering.Readings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.GatewayHost;

public sealed class ConfigurationTests : IDisposable
{
    private const string Good = """
        gateway: leon-tannery
        keyFile: gateway.pem
        keyEpoch: 1
        stateDirectory: state
        profilesDirectory: profiles
        cloud: { name: metering-cloud, keyFile: cloud.pub.pem }
        broker: { host: 127.0.0.1, port: 1883, userName: leon-tannery, passwordFile: broker.password }
        polling: { interval: 15m }
        batch: { maximumAge: 60s, maximumReadings: 2000 }
        buses:
          - id: switchboard
            tcp: { host: 127.0.0.1, port: 5020 }
            answerTimeout: 500ms
            meters:
              - { id: mains, unit: 1, profile: simulated-energy }
          - id: rs485
            serial: { device: /dev/pts/3, baudRate: 19200, dataBits: 8, parity: even, stopBits: 1 }
            answerTimeout: 250ms
            meters: [ { id: water, unit: 7, profile: simulated-energy } ]

        """;

    private readonly TemporaryFolder _folder = new();

    public ConfigurationTests()
    {
        using ECDsa key = SigningKey.Create(_folder.Combine("gateway.pem"));
        _ = _folder.Write("cloud.pub.pem", SigningKey.PublicPem(key));
        _ = _folder.Write("broker.password", "secret\n");
        _ = _folder.Write("profiles/simulated-energy.yaml", """
            profile: simulated-energy
            revision: 1
            source: "register map of the simulated field"
            trust: simulated
            addressing: wire
            table: holding
            registers:
              - { quantity: active-energy-import, address: 0, format: uint32, order: abcd, decimals: 1, unit: kWh, kind: counter, modulus: 4294967296 }
              - { quantity: outdoor-temperature, address: 10, format: int16, decimals: 1, unit: degC, kind: gauge, sentinels: [ -32768 ], minimum: -400, maximum: 800 }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_configuration_is_read_whole()
    {
        GatewayConfiguration configuration = ConfigurationFile.Load(_folder.Write("gateway.yaml", Good));
        Assert.Equal("leon-tannery", configuration.Gateway);
        Assert.Equal(TimeSpan.FromMinutes(15), configuration.Interval);
        Assert.Equal("secret", configuration.Broker.Password);
        Assert.DoesNotContain("secret", configuration.Broker.ToString(), StringComparison.Ordinal);
        Assert.Equal(["mains.active-energy-import", "mains.outdoor-temperature", "water.active-energy-import", "water.outdoor-temperature"], configuration.Channels.Select(channel => channel.Id));
        Assert.Equal(19200, configuration.Buses[1].Serial!.Settings.BaudRate);
        Assert.Equal(_folder.Combine("state"), configuration.StateDirectory);
    }

    [Theory]
    [InlineData("interval: 15m", "interval: 15", "gateway.yaml(8,22): polling.interval: '15' has no unit, write 15s, 15m or 15h")]
    [InlineData("interval: 15m", "interval: 7m", "gateway.yaml(8,22): polling.interval: 7m does not divide a day, choose 5s, 10s, 15s, 30s, 1m, 5m, 15m, 30m or 1h")]
    [InlineData("keyEpoch: 1", "keyEpoch: 0", "gateway.yaml(3,11): keyEpoch: '0' is no whole number from 1 to 2147483647, write digits only")]
    [InlineData("keyEpoch: 1", "keyepoch: 1", "gateway.yaml(1,1): keyEpoch: is missing, add it\ngateway.yaml(3,1): keyepoch: unknown key, did you mean 'keyEpoch'?")]
    [InlineData("keyFile: gateway.pem", "keyFile: other.pem", "gateway.yaml(2,10): keyFile: the file DIR/other.pem does not exist, make it: gateway key --out FILE")]
    [InlineData("keyFile: gateway.pem", "keyFile: cloud.pub.pem", "gateway.yaml(2,10): keyFile: cloud.pub.pem holds no private key, give the private half, the file without .pub; or make a new key: gateway key --out FILE")]
    [InlineData("profile: simulated-energy }\n  - id", "profile: simulated-enrgy }\n  - id", "gateway.yaml(15,40): buses[0].meters[0].profile: there is no profile 'simulated-enrgy' in DIR/profiles, did you mean 'simulated-energy'?")]
    [InlineData("parity: even", "parity: evn", "gateway.yaml(17,73): buses[1].serial.parity: 'evn' is not known, did you mean 'even'?")]
    [InlineData("unit: 7", "unit: 248", "gateway.yaml(19,34): buses[1].meters[0].unit: '248' is no whole number from 1 to 247, write digits only")]
    [InlineData("id: water", "id: mains", "gateway.yaml(19,21): buses[1].meters[0].id: two meters are called 'mains', channel names must differ in the whole gateway")]
    [InlineData("[ { id: water, unit: 7,", "[ { id: air, unit: 7, profile: simulated-energy }, { id: water, unit: 7,", "gateway.yaml(19,83): buses[1].meters[1].unit: unit 7 belongs to 'air' on this bus already, two devices with one address talk at the same time; change one of them")]
    [InlineData("gateway: leon-tannery\n", "gateway: León\n", "gateway.yaml(1,10): gateway: 'León' is no identifier, 1 to 64 of a-z, 0-9, '-', '.', '_', beginning with a letter or digit")]
    [InlineData("answerTimeout: 250ms", "answerTimeout: 2h", "gateway.yaml(18,20): buses[1].answerTimeout: 2h is outside 10ms to 1m, choose a duration in that range")]
    [InlineData("    tcp: { host: 127.0.0.1, port: 5020 }\n", "", "gateway.yaml(11,5): buses[0].tcp: a bus has either tcp or serial, write one of: tcp: { host: ..., port: 502 }, serial: { device: ..., baudRate: 9600, parity: even }")]
    public void A_fault_is_told_with_its_place_its_key_and_a_hint(string from, string to, string expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        string path = _folder.Write("gateway.yaml", Good.Replace(from, to, StringComparison.Ordinal));
        YamlFaultException fault = Assert.Throws<YamlFaultException>(() => ConfigurationFile.Load(path));
        Assert.Equal(expected, fault.Message.Replace(_folder.Path + "/gateway.yaml", "gateway.yaml", StringComparison.Ordinal).Replace(_folder.Path, "DIR", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("interval: 15m", "interval: 15", "gateway.yaml(8,22): polling.interval: '15' no tiene unidad, escriba 15s, 15m o 15h")]
    [InlineData("keyEpoch: 1", "keyepoch: 1", "gateway.yaml(1,1): keyEpoch: falta, agréguelo\ngateway.yaml(3,1): keyepoch: no se conoce esta clave, ¿quiso decir 'keyEpoch'?")]
    [InlineData("keyFile: gateway.pem", "keyFile: other.pem", "gateway.yaml(2,10): keyFile: no existe el archivo DIR/other.pem, hágala: gateway key --out ARCHIVO")]
    [InlineData("unit: 7", "unit: 248", "gateway.yaml(19,34): buses[1].meters[0].unit: '248' no es un número entero de 1 a 247, escriba solo dígitos")]
    [InlineData("gateway: leon-tannery\n", "gateway: León\n", "gateway.yaml(1,10): gateway: 'León' no es un identificador, de 1 a 64 de a-z, 0-9, '-', '.', '_'; empieza con letra o dígito")]
    [InlineData("gateway: leon-tannery\n", "gateway: leon: tannery\n", "gateway.yaml(1,14): syntax: aquí no puede ir otro ':': falta un salto de línea, sobra sangría, o el texto necesita comillas, revise la sangría y las comillas")]
    [InlineData("polling: { interval: 15m }", "polling: { interval: 15m", "gateway.yaml(8,20): syntax: lo que sigue no es YAML, revise la sangría, los corchetes, las llaves y las comillas")]
    public void The_same_fault_is_told_in_spanish(string from, string to, string expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        string path = _folder.Write("gateway.yaml", Good.Replace(from, to, StringComparison.Ordinal));
        YamlFaultException fault = Assert.Throws<YamlFaultException>(() => ConfigurationFile.Load(path));
        Assert.Equal(expected, fault.In(Language.Spanish).Replace(_folder.Path + "/gateway.yaml", "gateway.yaml", StringComparison.Ordinal).Replace(_folder.Path, "DIR", StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_of_the_profiles_are_told_together_with_those_of_the_configuration()
    {
        _ = _folder.Write("profiles/simulated-energy.yaml", "profile: simulated-energy\n");
        string path = _folder.Write("gateway.yaml", Good.Replace("port: 5020", "port: 0", StringComparison.Ordinal));
        YamlFaultException fault = Assert.Throws<YamlFaultException>(() => ConfigurationFile.Load(path));
        Assert.Contains(fault.Faults, one => one.Key == "buses[0].tcp.port");
        Assert.Contains(fault.Faults, one => one.Key == "registers" && one.File.EndsWith("simulated-energy.yaml", StringComparison.Ordinal));
    }
}
