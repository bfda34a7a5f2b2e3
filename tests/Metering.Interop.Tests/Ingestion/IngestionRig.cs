using System.Security.Cryptography;
using Metering.Ingestion;
using Metering.Interop.Tests.Mqtt;
using Metering.Mqtt;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>A real broker, a store on disk and the ingestion worker between them.</summary>
internal sealed class IngestionRig : IAsyncDisposable
{
    public const string CloudName = "metering-cloud";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-ingestion-").FullName;
    private readonly List<GatewayUplink> _uplinks = [];

    private IngestionRig(Mosquitto broker)
    {
        Broker = broker;
        Store = SqliteStore.Open(Path.Combine(_folder, "metering.db"), TimeProvider.System);
    }

    public Mosquitto Broker { get; }

    public SqliteStore Store { get; }

    public ECDsa CloudKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public IngestionState State { get; private set; } = new();

    public IngestionWorker? Worker { get; private set; }

    /// <summary>Null when there is no broker on this machine; the reason is printed.</summary>
    public static async Task<IngestionRig> StartAsync(params BatchFactory[] enrolled)
    {
        Mosquitto broker = await Mosquitto.StartAsync();
        IngestionRig rig = new(broker);
        foreach (BatchFactory factory in enrolled)
        {
            rig.Enrol(factory);
        }

        return rig;
    }

    public void Enrol(BatchFactory factory) => Store.Enrol(new(factory.Gateway, factory.KeyEpoch, "leon", factory.PublicPem));

    public async Task StartIngestionAsync()
    {
        MqttBackOff quick = new() { FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(200) };
        IngestionOptions options = new() { Name = CloudName, Key = CloudKey, BrokerHost = "127.0.0.1", BrokerPort = Broker.Port, BackOff = quick, Lanes = 2 };
        State = new();
        Worker = new(options, Store, State, TimeProvider.System, NullLogger<IngestionWorker>.Instance);
        await Worker.StartAsync(CancellationToken.None);
        _ = await Worker.FirstAttempt.WaitAsync(Deadline);
    }

    public async Task StopIngestionAsync()
    {
        if (Worker is not null)
        {
            await Worker.StopAsync(CancellationToken.None);
            Worker.Dispose();
            Worker = null;
        }
    }

    public async Task<GatewayUplink> ConnectAsync(BatchFactory factory)
    {
        GatewayUplink uplink = new(factory, Broker.Options(factory.Gateway), CloudKey);
        _uplinks.Add(uplink);
        await uplink.ConnectedAsync();
        return uplink;
    }

    /// <summary>Waits until something that has no event of its own is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        using CancellationTokenSource deadline = new(Deadline);
        while (!isSo())
        {
            _ = await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GatewayUplink uplink in _uplinks)
        {
            await uplink.DisposeAsync();
        }

        await StopIngestionAsync();
        Store.Dispose();
        await Broker.DisposeAsync();
        CloudKey.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
