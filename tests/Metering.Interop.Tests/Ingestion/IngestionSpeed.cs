using System.Diagnostics;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>Figures, not limits: printed for whoever compares machines.</summary>
public sealed class IngestionSpeed(ITestOutputHelper output)
{
    private const int Gateways = 4;
    private const int BatchesOfGateway = 300;

    [NeedsFact("mosquitto")]
    public async Task Batches_of_768_readings_pass_from_the_broker_into_the_journal()
    {
        BatchFactory[] factories = [.. Enumerable.Range(0, Gateways).Select(index => new BatchFactory($"gateway-{index}", channels: 8, slotsPerBatch: 96))];
        await using IngestionRig rig = await IngestionRig.StartAsync(factories);

        List<(GatewayUplink Uplink, IReadOnlyList<byte[]> Batches)> uplinks = [];
        foreach (BatchFactory factory in factories)
        {
            uplinks.Add((await rig.ConnectAsync(factory), factory.Next(BatchesOfGateway)));
        }

        await rig.StartIngestionAsync();
        Stopwatch watch = Stopwatch.StartNew();
        await Task.WhenAll(uplinks.Select(item => item.Uplink.DeliverAsync(item.Batches)));
        double seconds = watch.Elapsed.TotalSeconds;
        long readings = factories.Sum(factory => factory.ReadingsBuilt);
        Assert.Equal(readings, rig.State.Totals().Readings);
        output.WriteLine($"broker to journal, window 20: {readings / seconds:F0} readings/s, {Gateways * BatchesOfGateway / seconds:F0} batches/s");
        foreach (BatchFactory factory in factories)
        {
            factory.Dispose();
        }
    }

    [Fact]
    public async Task Batches_of_768_readings_are_verified_and_journalled_in_process()
    {
        BatchFactory[] factories = [.. Enumerable.Range(0, Gateways).Select(index => new BatchFactory($"gateway-{index}", channels: 8, slotsPerBatch: 96))];
        string folder = Directory.CreateTempSubdirectory("metering-speed-").FullName;
        using (SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System))
        {
            List<byte[]>[] batches = [.. factories.Select(factory => factory.Next(BatchesOfGateway).ToList())];
            foreach (BatchFactory factory in factories)
            {
                store.Enrol(new(factory.Gateway, 1, "leon", factory.PublicPem));
            }

            Stopwatch watch = Stopwatch.StartNew();
            await Parallel.ForEachAsync(Enumerable.Range(0, Gateways), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (gateway, stop) =>
            {
                List<Task<AppendOutcome>> appends = [];
                foreach (byte[] bytes in batches[gateway])
                {
                    Assert.Null(Metering.Evidence.Chain.SignedBatch.Check(bytes, factories[gateway].Gateway, _ => factories[gateway].Key, out BatchEnvelope? envelope, out IReadOnlyList<ChannelSegment> segments));
                    appends.Add(store.AppendAsync(envelope!, bytes, segments, stop));
                    if (appends.Count >= 64)
                    {
                        Assert.Equal(AppendOutcome.Stored, await appends[0]);
                        appends.RemoveAt(0);
                    }
                }

                _ = await Task.WhenAll(appends);
            });
            double seconds = watch.Elapsed.TotalSeconds;
            long readings = factories.Sum(factory => factory.ReadingsBuilt);
            output.WriteLine($"check and journal in process: {readings / seconds:F0} readings/s");
            watch.Restart();
            foreach (byte[] bytes in batches[0])
            {
                _ = Metering.Evidence.Chain.SignedBatch.Check(bytes, factories[0].Gateway, _ => factories[0].Key, out _, out _);
            }

            output.WriteLine($"check alone, one thread: {factories[0].ReadingsBuilt / watch.Elapsed.TotalSeconds:F0} readings/s, {batches[0].Count / watch.Elapsed.TotalSeconds:F0} batches/s, {batches[0][0].Length} bytes a batch");
        }

        foreach (BatchFactory factory in factories)
        {
            factory.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }
}
