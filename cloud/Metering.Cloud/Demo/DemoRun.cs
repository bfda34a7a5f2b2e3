using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Metering.Readings;

namespace Metering.Cloud.Demo;

/// <summary>
/// The whole path with real parts: mosquitto, the simulated field on Modbus sockets and lines, a gateway process for each
/// plant, the cloud. Everything on loopback, free ports, one folder.
/// </summary>
internal sealed class DemoRun(DemoOptions options)
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);

    private readonly Stages _stages = new();
    private readonly DemoTexts _texts = options.Texts;
    private readonly List<Child> _gateways = [];
    private string[] _plants = [];
    private string _control = "";
    private Child? _cloud;

    /// <summary>Runs all stages.</summary>
    /// <returns>0, or 70 when a check failed.</returns>
    /// <exception cref="DemoException">A stage cannot be done.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        Stages.Say(_texts.Title);
        Stages.Say(_texts.Simulated);
        await Prerequisites.EnsureMosquittoAsync(_texts, cancellationToken);
        using DemoFolder folder = DemoFolder.Create(options);
        Dictionary<string, string> users = new(StringComparer.Ordinal) { [Broker.CloudUser] = Path.Combine(folder.CloudState, "broker.password") };
        foreach (string plant in DemoPlants.All)
        {
            _ = Directory.CreateDirectory(folder.Gateway(plant));
            users[plant] = Path.Combine(folder.Gateway(plant), "broker.password");
        }

        using Broker broker = await StartBrokerAsync(folder, users, cancellationToken);
        using Child field = await StartFieldAsync(folder, broker, cancellationToken);
        await EnrolAsync(folder, broker, cancellationToken);
        (Child cloud, string address) = await StartCloudAsync(folder, cancellationToken);
        using Child cloudGuard = cloud;
        _cloud = cloud;
        int exitCode;
        try
        {
            HistoryFigures figures = await RunHistoryAsync(folder, cancellationToken);
            exitCode = await new SelfCheck(_texts, folder, address).RunAsync(_plants, figures, cancellationToken);
            string total = Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            Stages.Say($"  {total} s");
            if (!options.Once)
            {
                Stages.Say("");
                Stages.Say(_texts.OpenThis(address));
                Stages.Say(_texts.StopHint);
                await WaitAsync(cloud, cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(_gateways.Select(gateway => gateway.StopAsync()));
            await cloud.StopAsync();
            await field.StopAsync();
            await broker.StopAsync();
            _gateways.ForEach(gateway => gateway.Dispose());
        }

        if (options.Keep is not null)
        {
            Stages.Say(_texts.KeptIn(folder.Root));
        }

        return exitCode;
    }

    private static async Task WaitAsync(Child cloud, CancellationToken cancellationToken)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellationToken.Register(() => asked.TrySetResult());
        Task<int> ended = cloud.ExitedAsync();
        if (await Task.WhenAny(asked.Task, ended) == ended)
        {
            throw new DemoException(70, $"the cloud ended by itself with exit code {await ended}:{Environment.NewLine}{cloud.LastLines()}");
        }
    }

    private async Task<Broker> StartBrokerAsync(DemoFolder folder, Dictionary<string, string> users, CancellationToken cancellationToken)
    {
        Broker? broker = null;
        await Stages.RunAsync(_texts.Broker, async () =>
        {
            broker = await Broker.StartAsync(folder.BrokerState, folder.Logs, users, cancellationToken);
            return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{broker.Port}");
        });
        return broker!;
    }

    private async Task<Child> StartFieldAsync(DemoFolder folder, Broker broker, CancellationToken cancellationToken)
    {
        Child? field = null;
        await Stages.RunAsync(_texts.Field, async () =>
        {
            List<string> arguments =
            [
                "run", "--out", folder.Field, "--broker", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{broker.Port}"),
                "--seed", options.Seed.ToString(CultureInfo.InvariantCulture),
            ];
            AddPeriod(arguments);
            field = Child.StartOwn("field", folder.Logs, "Metering.FirmwareSim", arguments);
            JsonElement ready = await field.Ready.WaitAsync(ReadyDeadline, cancellationToken);
            _control = ready.GetProperty("control").GetString()!;
            _plants = [.. ready.GetProperty("plants").EnumerateArray().Select(plant => plant.GetString()!)];
            return string.Join(", ", _plants);
        });
        return field!;
    }

    private void AddPeriod(List<string> arguments)
    {
        if (options.From is not null)
        {
            arguments.AddRange(["--from", options.From]);
        }

        if (options.Until is not null)
        {
            arguments.AddRange(["--until", options.Until]);
        }
    }

    private Task EnrolAsync(DemoFolder folder, Broker broker, CancellationToken cancellationToken) => Stages.RunAsync(_texts.Keys, async () =>
    {
        string cloudKey = Path.Combine(folder.CloudState, "cloud.pem");
        await File.WriteAllTextAsync(folder.CloudConfig, CloudConfiguration(broker.Port), cancellationToken);
        using System.Security.Cryptography.ECDsa key = SigningKey.Create(cloudKey);
        foreach (string plant in _plants)
        {
            string gateway = folder.Gateway(plant);
            await File.WriteAllTextAsync(Path.Combine(gateway, "cloud.pub.pem"), SigningKey.PublicPem(key), cancellationToken);
            using System.Security.Cryptography.ECDsa gatewayKey = SigningKey.Create(Path.Combine(gateway, "gateway.pem"));
            string publicKey = Path.Combine(gateway, "gateway.pub.pem");
            await File.WriteAllTextAsync(publicKey, SigningKey.PublicPem(gatewayKey), cancellationToken);
            await Tool.RunAsync(folder.Logs, "Metering.Cloud", ["gateways", "enrol", "--config", folder.CloudConfig, "--id", plant, "--plant", plant, "--key", publicKey], cancellationToken);
        }

        return "";
    });

    private static string CloudConfiguration(int brokerPort) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: metering-cloud
        keyFile: cloud.pem
        store: metering.db
        projectsFile: ../field/projects.yaml
        broker: { host: 127.0.0.1, port: {{brokerPort}}, userName: {{Broker.CloudUser}}, passwordFile: broker.password }
        web: { address: 127.0.0.1, port: 0 }

        """);

    private async Task<(Child Cloud, string Address)> StartCloudAsync(DemoFolder folder, CancellationToken cancellationToken)
    {
        Child? cloud = null;
        string address = "";
        await Stages.RunAsync(_texts.Cloud, async () =>
        {
            cloud = Child.StartOwn("cloud", folder.Logs, "Metering.Cloud", ["run", "--config", folder.CloudConfig, "--demo-roles"]);
            JsonElement ready = await cloud.Ready.WaitAsync(ReadyDeadline, cancellationToken);
            address = ready.GetProperty("web").GetString()!;
            return address;
        });
        return (cloud!, address);
    }

    private async Task<HistoryFigures> RunHistoryAsync(DemoFolder folder, CancellationToken cancellationToken)
    {
        using JsonDocument truth = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Field, "truth.json"), cancellationToken));
        string from = truth.RootElement.GetProperty("from").GetString()!;
        string until = truth.RootElement.GetProperty("until").GetString()!;
        HistoryFigures figures = new();
        await Stages.RunAsync(_texts.History, async () =>
        {
            long start = Stopwatch.GetTimestamp();
            foreach (string plant in _plants)
            {
                List<string> arguments =
                [
                    "run", "--config", Path.Combine(folder.Gateway(plant), "gateway.yaml"),
                    "--virtual-clock", _control, "--plant", plant, "--from", from, "--until", until,
                ];
                arguments.AddRange(options.Once ? [] : ["--then-live", "--live-interval", "15s"]);
                _gateways.Add(Child.StartOwn("gateway-" + plant, folder.Logs, "Metering.Gateway", arguments));
            }

            long fromMs = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
            long untilMs = DateTimeOffset.Parse(until, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
            Task all = AllDoneAsync(cancellationToken);
            await _stages.WatchAsync(_plants, index => Fraction(_gateways[index], fromMs, untilMs), () => HistoryLine(start), all);
            for (int index = 0; index < _plants.Length; index++)
            {
                figures.Sent[_plants[index]] = (await _gateways[index].Done).GetProperty("readings").GetInt64();
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            figures.ReadingsPerSecond = figures.Sent.Values.Sum() / seconds;
            return string.Create(CultureInfo.InvariantCulture, $"{figures.Sent.Values.Sum():#,0} {_texts.Readings}, {figures.ReadingsPerSecond:#,0} {_texts.ReadingsPerSecond}");
        });
        return figures;
    }

    private async Task AllDoneAsync(CancellationToken cancellationToken)
    {
        List<Task> open = [.. _gateways.Select(gateway => (Task)gateway.Done)];
        Task<int> cloudEnded = _cloud!.ExitedAsync();
        while (open.Count > 0)
        {
            Task first = await Task.WhenAny([.. open, cloudEnded]).WaitAsync(cancellationToken);
            if (first == cloudEnded)
            {
                throw new DemoException(70, $"the cloud ended by itself with exit code {await cloudEnded}:{Environment.NewLine}{_cloud.LastLines()}");
            }

            await first;
            _ = open.Remove(first);
        }
    }

    private string HistoryLine(long start)
    {
        long readings = _gateways.Sum(gateway => Number(gateway, "readings"));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{readings:#,0} {_texts.Readings}, {readings / seconds:#,0} {_texts.ReadingsPerSecond}");
    }

    private static double Fraction(Child gateway, long fromMs, long untilMs) =>
        gateway.Progress is JsonElement progress && progress.TryGetProperty("slot", out JsonElement slot)
            && DateTimeOffset.TryParse(slot.GetString(), CultureInfo.InvariantCulture, out DateTimeOffset instant)
                ? Math.Clamp((instant.ToUnixTimeMilliseconds() - fromMs) / (double)(untilMs - fromMs), 0, 1)
                : 0;

    private static long Number(Child gateway, string name) =>
        gateway.Progress is JsonElement progress && progress.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;
}
