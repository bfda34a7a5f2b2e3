using System.Diagnostics;
using System.Text.Json;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

/// <summary>A gateway's keys from the first code to the last word, by the commands a person types.</summary>
public sealed class KeyLifeTests
{
    private const string Cloud = """
        name: metering-cloud
        keyFile: cloud.pem
        store: metering.db
        broker: { host: 127.0.0.1, port: PORT }
        """;

    [NeedsFact("mosquitto")]
    public async Task A_gateway_is_enrolled_by_code_changes_its_key_and_is_revoked()
    {
        using GatewayFolder folder = new();
        string port = BrokerTests.FreePort();
        folder.Spoil("port: 1, userName: leon-tannery, passwordFile: broker.password", $"port: {port}");
        folder.Write("cloud.yaml", Cloud.Replace("PORT", port, StringComparison.Ordinal));
        folder.Write("broker.conf", $"listener {port} 127.0.0.1\nallow_anonymous true\n");
        using Process broker = await BrokerTests.StartBrokerAsync(folder);
        Process? cloud = null;
        try
        {
            (cloud, _) = await Executable.StartAsync(Executable.Cloud, folder.Path, "run", "--config", "cloud.yaml", "--role", "ingestion");
            string code = (await CloudAsync(folder, 0, "gateways", "code", "--gateway", "leon-tannery", "--plant", "leon")).Output.Split('\n')[0];
            _ = (await GatewayAsync(folder, "enrol", "--code", "abc")).Expect(64, "--code is no code");
            _ = (await GatewayAsync(folder, "enrol", "--code", "0000-0000-0000-0000-0000")).Expect(77, "knows no such code");
            _ = (await GatewayAsync(folder, "enrol", "--code", code)).Expect(0, "enrolled for plant leon, key epoch 1");
            _ = (await GatewayAsync(folder, "key", "rotate")).Expect(0, "signs with key epoch 2 from its next start");

            // The next start brings the new key to the cloud by itself.
            (Process gateway, _) = await Executable.StartAsync(Executable.Gateway, folder.Path, "run", "--config", "gateway.yaml");
            using (gateway)
            {
                try
                {
                    await ReachAsync(folder, "in use", 2);
                    _ = (await GatewayAsync(folder, "key", "rotate")).Expect(75, "Stop it first");
                }
                finally
                {
                    Executable.End(gateway);
                }
            }

            _ = await CloudAsync(folder, 78, "gateways", "revoke", "--id", "leon-tannery", "--epoch", "9", "--reason", "stolen");
            _ = (await CloudAsync(folder, 0, "gateways", "revoke", "--id", "leon-tannery", "--reason", "stolen")).Expect(0, "key epoch 2 is revoked from");
            _ = (await CloudAsync(folder, 0, "gateways", "list")).Expect(0, "closed with batch", "revoked from", "stolen");
            _ = (await CloudAsync(folder, 0, "quarantine", "list")).Expect(0);
            _ = (await CloudAsync(folder, 65, "quarantine", "show", "99999")).Expect(65, "there is no message 99999");
            _ = (await CloudAsync(folder, 64, "quarantine", "drop")).Expect(64, "give the number of a message");
        }
        finally
        {
            if (cloud is not null)
            {
                Executable.End(cloud);
            }

            Executable.End(broker);
        }
    }

    [Fact]
    public async Task Sharing_one_file_among_processes_is_refused_at_the_start()
    {
        using GatewayFolder folder = new();
        folder.Write("cloud.yaml", Cloud.Replace("port: PORT", "port: 1, share: ingestion", StringComparison.Ordinal));
        _ = (await CloudAsync(folder, 78, "run")).Expect(78, "broker.share is for several processes");
        folder.Write("cloud.yaml", Cloud.Replace("port: PORT", "port: 1, share: ingestion, gateways: leon-tannery", StringComparison.Ordinal));
        _ = (await CloudAsync(folder, 78, "run")).Expect(78, "does not go with 'share'");
    }

    private static async Task<Said> CloudAsync(GatewayFolder folder, int exitCode, params string[] arguments) =>
        (await Executable.RunAsync(Executable.Cloud, folder.Path, [.. arguments, "--config", "cloud.yaml"])).Expect(exitCode);

    private static Task<Said> GatewayAsync(GatewayFolder folder, params string[] arguments) =>
        Executable.RunAsync(Executable.Gateway, folder.Path, [.. arguments, "--config", "gateway.yaml"]);

    private static async Task ReachAsync(GatewayFolder folder, string state, int keyEpoch)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            Said said = await CloudAsync(folder, 0, "status", "--json");
            JsonElement gateway = said.Json().GetProperty("gateways")[0];
            if (gateway.GetProperty("keyEpoch").GetInt32() == keyEpoch && gateway.GetProperty("through").GetInt64() > 0)
            {
                _ = (await CloudAsync(folder, 0, "gateways", "list")).Expect(0, state);
                return;
            }

            _ = await timer.WaitForNextTickAsync(deadline.Token);
        }
    }
}
