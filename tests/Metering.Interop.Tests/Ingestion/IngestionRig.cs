using System.Security.Cryptography;
using Metering.Ingestion;
using Metering.Interop.Tests.Mqtt;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>A real broker, a store on disk and the ingestion worker between them.</summary>
internal sealed class IngestionRig : IAsyncDisposable
{
    public const string CloudName = "metering-cloud";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(150);
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-ingestion-").FullName;
    private readonly List<GatewayUplink> _uplinks = [];

    private IngestionRig(Mosquitto broker)
    {
        Broker = broker;
        Store = SqliteStore.Open(StorePath, TimeProvider.System);
    }

    public Mosquitto Broker { get; }

    public SqliteStore Store { get; private set; }

    private string StorePath => Path.Combine(_folder, "metering.db");

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

    public IngestionOptions Options => new()
    {
        Name = CloudName,
        Key = CloudKey,
        BrokerHost = "127.0.0.1",
        BrokerPort = Broker.Port,
        BackOff = new() { FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(200) },
        Lanes = 2,
        LogSince = LogSince,
    };

    /// <summary>Where the log stands; null for a cloud without one.</summary>
    public Func<long, Metering.Readings.LogStanding?>? LogSince { get; set; }

    /// <summary>A copy of the store as it is now, as a backup makes it.</summary>
    public string Backup()
    {
        string copy = Path.Combine(_folder, $"backup-{Guid.NewGuid():N}.db");
        using SqliteConnection from = new($"Data Source={StorePath};Pooling=False");
        using SqliteConnection to = new($"Data Source={copy};Pooling=False");
        from.Open();
        to.Open();
        from.BackupDatabase(to);
        return copy;
    }

    /// <summary>Puts a backup in the store's place; ingestion must be stopped.</summary>
    public void Restore(string backup)
    {
        Store.Dispose();
        foreach (string file in Directory.GetFiles(_folder, "metering.db*"))
        {
            File.Delete(file);
        }

        File.Copy(backup, StorePath);
        Store = SqliteStore.Open(StorePath, TimeProvider.System);
    }

    public async Task StartIngestionAsync(IReadingStore? store = null, ushort receiveMaximum = IngestionOptions.DefaultReceiveMaximum)
    {
        State = new();
        Worker = new(Options with { ReceiveMaximum = receiveMaximum }, store ?? Store, State, TimeProvider.System, NullLogger<IngestionWorker>.Instance);
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
