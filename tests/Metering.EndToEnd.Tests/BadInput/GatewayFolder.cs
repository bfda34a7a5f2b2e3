using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.EndToEnd.Tests.BadInput;

/// <summary>A folder with a sound gateway configuration, which a test then spoils.</summary>
internal sealed class GatewayFolder : IDisposable
{
    public const string Sound = """
        gateway: leon-tannery
        keyFile: gateway.pem
        keyEpoch: 1
        profilesDirectory: profiles
        stateDirectory: state
        cloud: { name: metering-cloud, keyFile: cloud.pem.pub }
        broker: { host: 127.0.0.1, port: 1, userName: leon-tannery, passwordFile: broker.password }
        polling: { interval: 1s }
        batch: { maximumAge: 1s, maximumReadings: 2000 }
        buses:
          - id: switchboard
            tcp: { host: 127.0.0.1, port: 1 }
            answerTimeout: 500ms
            meters:
              - { id: mains, unit: 1, profile: simulated-energy }
        """;

    private const string Profile = """
        profile: simulated-energy
        revision: 1
        source: "register map of a test"
        trust: simulated
        addressing: wire
        table: holding
        registers:
          - { quantity: active-energy-import, address: 0, format: uint32, decimals: 1, unit: kWh, kind: counter, modulus: 4294967296 }
        """;

    public GatewayFolder()
    {
        Write("gateway.yaml", Sound);
        Write("profiles/simulated-energy.yaml", Profile);
        Write("broker.password", "secret\n");
        foreach (string name in new[] { "gateway.pem", "cloud.pem" })
        {
            using ECDsa key = SigningKey.Create(At(name));
            Write(name + ".pub", SigningKey.PublicPem(key));
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("metering-test-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text)
    {
        _ = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    /// <summary>The sound configuration with one text replaced.</summary>
    public void Spoil(string sound, string spoilt)
    {
        if (!Sound.Contains(sound, StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{sound}' is not in the configuration", nameof(sound));
        }

        Write("gateway.yaml", Sound.Replace(sound, spoilt, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
