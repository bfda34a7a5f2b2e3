using System.Security.Cryptography;
using Metering.Benchmarks.Ingestion;
using Metering.Ingestion;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>The load of `bench ingestion` in small: counts and equality, never times.</summary>
public sealed class IngestionLoadTests : IDisposable
{
    private const int Gateways = 100;
    private const int Channels = 40;
    private const int SlotsPerBatch = 6;
    private const int Batches = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private readonly string _folder = Directory.CreateTempSubdirectory("metering-load-").FullName;

    [NeedsFact("mosquitto")]
    public async Task What_a_hundred_gateways_sign_is_stored_once_and_acknowledged_under_the_shipped_access_list()
    {
        LoadGateway[] gateways = [.. Enumerable.Range(0, Gateways).Select(number => new LoadGateway(number, Channels, SlotsPerBatch))];
        using ECDsa cloudKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using SqliteStore store = SqliteStore.Open(Path.Combine(_folder, "metering.db"), TimeProvider.System);
        foreach (LoadGateway gateway in gateways)
        {
            gateway.Build(Batches);
            store.Enrol(new(gateway.Id, 1, "leon", gateway.PublicPem));
        }

        using LoadBroker broker = LoadBroker.Start(Path.Combine(_folder, "broker"), gateways.Select(gateway => gateway.Id), Repository.Root);
        IngestionState state = new();
        IngestionOptions options = new()
        {
            Name = LoadBroker.CloudUser,
            Key = cloudKey,
            BrokerHost = "127.0.0.1",
            BrokerPort = broker.Port,
            UserName = LoadBroker.CloudUser,
            Password = LoadBroker.CloudPassword,
        };
        using IngestionWorker worker = new(options, store, state, TimeProvider.System, NullLogger<IngestionWorker>.Instance);
        using CancellationTokenSource deadline = new(Deadline);
        await worker.StartAsync(deadline.Token);
        Assert.Null(await worker.FirstAttempt.WaitAsync(deadline.Token));
        await using (LoadPublisher publisher = await LoadPublisher.ConnectAsync(gateways, broker.Options, (LoadBroker.CloudUser, cloudKey), deadline.Token))
        {
            await publisher.DeliverAsync(deadline.Token);
            Assert.Equal(Gateways * Batches, publisher.AckTimes().Length);
        }

        await worker.StopAsync(deadline.Token);
        Assert.Equal(new Ledger(Gateways * Batches * Channels * SlotsPerBatch, 0, 0, Gateways * Batches, Gateways * Batches), Ledger.Of(store, gateways));
        Assert.Equal((0, 0), (state.Totals().Quarantined, state.Totals().Forks));
        foreach (LoadGateway gateway in gateways)
        {
            gateway.Dispose();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
