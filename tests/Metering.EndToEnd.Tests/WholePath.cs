using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Metering.Cloud.Demo;
using Metering.Readings;
using Metering.Store.Sqlite;
using Xunit;

namespace Metering.EndToEnd;

/// <summary>
/// One gateway's whole real path: simulated field, gateway, mosquitto and cloud, each a process of its own on loopback.
/// Any of them can be ended by force and started again. Disposal ends all of them and removes the folder.
/// </summary>
internal sealed class WholePath : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HistoryDeadline = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly DemoFolder _folder = DemoFolder.Create(new() { Once = true, Keep = null, Seed = 0, From = null, Until = null, Texts = new(spanish: false) });
    private readonly string _id;
    private IDisposable? _broker;
    private int _brokerPort;
    private Child? _field;
    private Child? _cloud;
    private Child? _gateway;
    private SqliteStore? _store;
    private int _starts;

    private WholePath(string id) => _id = id;

    /// <summary>HOST:PORT of the simulated field's control port.</summary>
    public string Control { get; private set; } = "";

    /// <summary>Address of the cloud's pages.</summary>
    public Uri Web { get; private set; } = null!;

    /// <summary>What the simulated field says of itself.</summary>
    public JsonElement Truth { get; private set; }

    /// <summary>Folder of the gateway: configuration, profiles, keys, state.</summary>
    public string GatewayFolder => _folder.Gateway(_id);

    /// <summary>The projects file.</summary>
    public string ProjectsFile => Path.Combine(_folder.Field, "projects.yaml");

    /// <summary>The cloud's configuration.</summary>
    public string CloudConfig => _folder.CloudConfig;

    /// <summary>The cloud's store, open for reading beside the running cloud.</summary>
    public SqliteStore Store => _store ??= SqliteStore.Open(Path.Combine(_folder.CloudState, "metering.db"), TimeProvider.System);

    /// <summary>Starts everything but the gateway.</summary>
    /// <param name="id">Gateway and plant id.</param>
    /// <param name="field">The simulator's verb and its arguments, without --out and --broker.</param>
    /// <param name="cloud">Further lines of the cloud's configuration.</param>
    /// <param name="batchReadings">Readings of a full batch.</param>
    public static async Task<WholePath> StartAsync(string id, IReadOnlyList<string> field, string cloud = "", int batchReadings = 2000)
    {
        WholePath path = new(id);
        try
        {
            await path.StartBrokerAsync();
            await path.StartFieldAsync(field, batchReadings);
            await path.EnrolAsync(cloud);
            await path.StartCloudAsync();
            return path;
        }
        catch
        {
            await path.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the gateway on its history; it goes on behind what it has already.</summary>
    public void StartGateway()
    {
        string from = Truth.GetProperty("from").GetString()!;
        string until = Truth.GetProperty("until").GetString()!;
        string config = Path.Combine(GatewayFolder, "gateway.yaml");
        _gateway = Child.StartOwn(LogName("gateway"), _folder.Logs, "Metering.Gateway", ["run", "--config", config, "--virtual-clock", Control, "--plant", _id, "--from", from, "--until", until]);
    }

    /// <summary>Starts the cloud and waits until it is ready.</summary>
    public async Task StartCloudAsync()
    {
        _cloud = Child.StartOwn(LogName("cloud"), _folder.Logs, "Metering.Cloud", ["run", "--config", CloudConfig, "--demo-roles"]);
        JsonElement ready = await _cloud.Ready.WaitAsync(ReadyDeadline);
        Web = new(ready.GetProperty("web").GetString()!);
    }

    /// <summary>Starts mosquitto again on its port, its configuration and what it kept.</summary>
    public async Task StartBrokerAgainAsync()
    {
        _broker = Child.Start(LogName("mosquitto"), _folder.Logs, Broker.Find()!, ["-c", Path.Combine(_folder.BrokerState, "mosquitto.conf")]);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, _brokerPort);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start) < ReadyDeadline)
            {
                await Task.Delay(BetweenLooks, TimeProvider.System);
            }
        }
    }

    /// <summary>Whether the gateway has walked its history and everything of it is confirmed.</summary>
    public bool IsGatewayDone => _gateway!.Done.IsCompleted;

    /// <summary>Ends the gateway at once (SIGKILL).</summary>
    public void KillGateway() => Kill(ref _gateway);

    /// <summary>Ends the cloud at once (SIGKILL).</summary>
    public void KillCloud() => Kill(ref _cloud);

    /// <summary>Ends mosquitto at once (SIGKILL).</summary>
    public void KillBroker() => Kill(ref _broker);

    /// <summary>Waits until the store holds so many batches.</summary>
    public async Task StoredAsync(long batches)
    {
        long start = Stopwatch.GetTimestamp();
        while (Store.LastSequence < batches)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < HistoryDeadline, $"the store holds {Store.LastSequence} batches, not {batches}; the gateway said: {_gateway?.LastLines()}");
            await Task.Delay(BetweenLooks, TimeProvider.System);
        }
    }

    /// <summary>Waits until the gateway has walked its history, everything is confirmed, and it has ended with exit code 0.</summary>
    /// <returns>Readings it polled since it was last started.</returns>
    public async Task<long> FinishGatewayAsync()
    {
        JsonElement done = await _gateway!.Done.WaitAsync(HistoryDeadline);
        Assert.Equal(0, await _gateway.ExitedAsync().WaitAsync(ReadyDeadline));
        Assert.Equal(done.GetProperty("batches").GetInt64(), done.GetProperty("acked").GetInt64());
        return done.GetProperty("readings").GetInt64();
    }

    /// <summary>Every channel's canonical file, as the cloud's own command exports it.</summary>
    public async Task<SortedDictionary<string, byte[]>> ExportReadingsAsync()
    {
        string folder = Path.Combine(_folder.Exports, "readings");
        _ = (await Programs.RunOwnAsync("Metering.Cloud", "export", "readings", "--config", CloudConfig, "--out", folder)).Expect(0);
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(folder))
        {
            files[Path.GetFileName(file)] = await File.ReadAllBytesAsync(file);
        }

        return files;
    }

    /// <summary>The batches as the cloud's own command exports them, checked by the stand-alone verifier.</summary>
    public async Task VerifyChainAsync()
    {
        string archive = Path.Combine(_folder.Exports, "batches.zip");
        _ = (await Programs.RunOwnAsync("Metering.Cloud", "export", "batches", "--config", CloudConfig, "--gateway", _id, "--out", archive)).Expect(0);
        _ = (await Programs.RunOwnAsync("Metering.Verifier", archive, "--trust", Path.Combine(GatewayFolder, "gateway.pub.pem"))).Expect(0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cloud is not null)
        {
            await _cloud.StopAsync();
        }

        _store?.Dispose();
        foreach (IDisposable? process in new IDisposable?[] { _gateway, _cloud, _field, _broker })
        {
            process?.Dispose();
        }

        _folder.Dispose();
    }

    private async Task StartBrokerAsync()
    {
        _ = Directory.CreateDirectory(GatewayFolder);
        Dictionary<string, string> users = new(StringComparer.Ordinal)
        {
            [Broker.CloudUser] = Path.Combine(_folder.CloudState, "broker.password"),
            [_id] = Path.Combine(GatewayFolder, "broker.password"),
        };
        Broker broker = await Broker.StartAsync(_folder.BrokerState, _folder.Logs, users, CancellationToken.None);
        (_broker, _brokerPort) = (broker, broker.Port);
    }

    private async Task StartFieldAsync(IReadOnlyList<string> field, int batchReadings)
    {
        string broker = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_brokerPort}");
        _field = Child.StartOwn("field", _folder.Logs, "Metering.FirmwareSim", [.. field, "--out", _folder.Field, "--broker", broker]);
        JsonElement ready = await _field.Ready.WaitAsync(ReadyDeadline);
        Control = ready.GetProperty("control").GetString()!;
        using JsonDocument truth = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Field, "truth.json")));
        Truth = truth.RootElement.Clone();
        string config = Path.Combine(GatewayFolder, "gateway.yaml");
        string text = await File.ReadAllTextAsync(config);
        Assert.Contains("maximumReadings: 2000", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(config, text.Replace("maximumReadings: 2000", string.Create(CultureInfo.InvariantCulture, $"maximumReadings: {batchReadings}"), StringComparison.Ordinal));
    }

    private async Task EnrolAsync(string cloud)
    {
        string configuration = string.Create(CultureInfo.InvariantCulture, $$"""
            name: metering-cloud
            keyFile: cloud.pem
            store: metering.db
            projectsFile: ../field/projects.yaml
            broker: { host: 127.0.0.1, port: {{_brokerPort}}, userName: {{Broker.CloudUser}}, passwordFile: broker.password }
            web: { address: 127.0.0.1, port: 0 }

            """);
        await File.WriteAllTextAsync(CloudConfig, configuration + cloud);
        using ECDsa cloudKey = SigningKey.Create(Path.Combine(_folder.CloudState, "cloud.pem"));
        using ECDsa gatewayKey = SigningKey.Create(Path.Combine(GatewayFolder, "gateway.pem"));
        string publicKey = Path.Combine(GatewayFolder, "gateway.pub.pem");
        await File.WriteAllTextAsync(Path.Combine(GatewayFolder, "cloud.pub.pem"), SigningKey.PublicPem(cloudKey));
        await File.WriteAllTextAsync(publicKey, SigningKey.PublicPem(gatewayKey));
        _ = (await Programs.RunOwnAsync("Metering.Cloud", "gateways", "enrol", "--config", CloudConfig, "--id", _id, "--plant", _id, "--key", publicKey)).Expect(0);
    }

    // Disposing a process that still runs ends it with SIGKILL.
    private static void Kill<T>(ref T? process)
        where T : class, IDisposable
    {
        process!.Dispose();
        process = null;
    }

    private string LogName(string program) => string.Create(CultureInfo.InvariantCulture, $"{program}-{++_starts}");
}
