using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

public sealed class BrokerTests
{
    private const string Cloud = """
        name: metering-cloud
        keyFile: cloud.pem
        store: metering.db
        broker: { host: 127.0.0.1, port: 1 }
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [NeedsFact("mosquitto")]
    public async Task Nothing_is_lost_without_a_broker_and_with_a_wrong_cloud_key()
    {
        using GatewayFolder folder = new();
        string port = FreePort();
        folder.Spoil("port: 1, userName: leon-tannery, passwordFile: broker.password", $"port: {port}");
        folder.Write("cloud.yaml", Cloud.Replace("port: 1 ", $"port: {port} ", StringComparison.Ordinal));
        folder.Write("broker.conf", $"listener {port} 127.0.0.1\nallow_anonymous true\n");

        // Without a broker: readings and batches gather on the disk.
        (long batches, _) = await RunGatewayAsync(folder, "Bus switchboard is not connected");
        Assert.True(batches > 0, "no batch was made while the broker was away");

        using Process broker = await StartBrokerAsync(folder);
        Process? cloud = null;
        try
        {
            _ = (await Executable.RunAsync(Executable.Cloud, folder.Path, "gateways", "enrol", "--config", "cloud.yaml", "--id", "leon-tannery", "--plant", "leon", "--key", "gateway.pem.pub")).Expect(0);
            (cloud, _) = await Executable.StartAsync(Executable.Cloud, folder.Path, "run", "--config", "cloud.yaml", "--role", "ingestion");

            // With a wrong key of the cloud: acks do not count, so nothing may be deleted.
            string sound = await File.ReadAllTextAsync(folder.At("gateway.yaml"));
            folder.Write("gateway.yaml", sound.Replace("cloud.pem.pub", "gateway.pem.pub", StringComparison.Ordinal));
            (batches, long acked) = await RunGatewayAsync(folder, "Check cloud.name and cloud.keyFile");
            Assert.Equal(0, acked);

            // With the right key: everything ever made arrives and is acknowledged.
            folder.Write("gateway.yaml", sound);
            (Process gateway, _) = await Executable.StartAsync(Executable.Gateway, folder.Path, "run", "--config", "gateway.yaml");
            using (gateway)
            {
                try
                {
                    await ReachAsync(folder, batches);
                }
                finally
                {
                    Executable.End(gateway);
                }
            }
        }
        finally
        {
            if (cloud is not null)
            {
                Executable.End(cloud);
                cloud.Dispose();
            }

            Executable.End(broker);
        }
    }

    // Runs until the error stream says something; then what the gateway counted.
    private static async Task<(long Batches, long Acked)> RunGatewayAsync(GatewayFolder folder, string until)
    {
        Said said = (await Executable.RunAsync(Executable.Gateway, folder.Path, until, ["run", "--config", "gateway.yaml"])).Expect(0);
        string line = said.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement done = document.RootElement.GetProperty("done");
        return (done.GetProperty("batches").GetInt64(), done.GetProperty("acked").GetInt64());
    }

    private static async Task ReachAsync(GatewayFolder folder, long batches)
    {
        long started = Stopwatch.GetTimestamp();
        long through = 0;
        while (through < batches)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Deadline, $"only {through} of {batches} batches arrived");
            Said said = await Executable.RunAsync(Executable.Cloud, folder.Path, "status", "--config", "cloud.yaml", "--json");
            through = said.Expect(0).Json().GetProperty("gateways")[0].GetProperty("through").GetInt64();
        }
    }

    internal static async Task<Process> StartBrokerAsync(GatewayFolder folder)
    {
        Process broker = Process.Start(new ProcessStartInfo("mosquitto", ["-c", folder.At("broker.conf")]) { UseShellExecute = false, RedirectStandardError = true })!;
        using CancellationTokenSource deadline = new(Deadline);
        while (await broker.StandardError.ReadLineAsync(deadline.Token) is string line && !line.Contains("running", StringComparison.Ordinal))
        {
        }

        // What it says from here on fits into the pipe.
        return broker;
    }

    internal static string FreePort()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        return FormattableString.Invariant($"{((IPEndPoint)free.LocalEndpoint).Port}");
    }
}
