using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks.Ingestion;

/// <summary>
/// `bench ingestion`: the whole path (mosquitto, verification, journal with a flush to disk, signed ack) under two loads: as
/// fast as it goes from a few gateways, and 1,000 gateways at an even rate. Publisher, broker and ingestion are processes
/// of their own on one machine; at the end the store is compared with what was signed, reading by reading.
/// </summary>
internal static class IngestionLoad
{
    private const int Channels = 40;
    private const int SlotsPerBatch = 6;
    private const int FastGateways = 8;
    private const int FastBatchesPerSecond = 1_500;
    private const int ManyGateways = 1_000;

    /// <summary>Each channel of the thousand gateways read once a second.</summary>
    private const double ManyReadingsPerSecond = ManyGateways * Channels;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(string[] arguments)
    {
        int seconds = 60;
        bool isWrong = arguments is not ([] or ["--seconds", _])
            || (arguments.Length == 2 && (!int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds is < 1 or > 3600));
        if (isWrong)
        {
            Console.Error.WriteLine("usage: ./metering bench ingestion [--seconds 1..3600]");
            return 64;
        }

        if (LoadBroker.Find() is null)
        {
            Console.Error.WriteLine("bench ingestion: mosquitto is not installed. Run: sudo apt-get install -y mosquitto");
            return 69;
        }

        Console.WriteLine($"batches of {Channels * SlotsPerBatch} readings ({Channels} channels x {SlotsPerBatch} slots), ECDSA P-256, shipped mosquitto.conf and access list, {Environment.ProcessorCount} processors");
        int fastBatches = Math.Max(1, Math.Min(seconds, 20) * FastBatchesPerSecond / FastGateways);
        bool isSound = await MeasureAsync("as fast as it goes", FastGateways, fastBatches, null);
        int manyBatches = Math.Max(1, seconds / SlotsPerBatch);
        isSound &= await MeasureAsync("even rate", ManyGateways, manyBatches, ManyReadingsPerSecond);
        return isSound ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(string name, int gatewayCount, int batches, double? readingsPerSecond)
    {
        string folder = Directory.CreateTempSubdirectory("metering-load-").FullName;
        LoadGateway[] gateways = [.. Enumerable.Range(0, gatewayCount).Select(number => new LoadGateway(number, Channels, SlotsPerBatch))];
        try
        {
            long begin = Stopwatch.GetTimestamp();
            _ = Parallel.ForEach(gateways, gateway => gateway.Build(batches));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {gatewayCount} gateways, {batches} batches each, {gateways[0].Batches[0].Length} bytes a batch, signed beforehand in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s"));
            using CancellationTokenSource deadline = new(Patience);
            await RunLoadAsync(folder, gateways, readingsPerSecond, deadline.Token);
            begin = Stopwatch.GetTimestamp();
            using SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
            Ledger ledger = Ledger.Of(store, gateways);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  ledger: {ledger.Readings} readings as signed, {ledger.Lost} lost, {ledger.Foreign} foreign; {ledger.Batches} of {ledger.BatchesSent} batches in the journal; read back in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s: {(ledger.Balances ? "balances" : "DOES NOT BALANCE")}"));
            return ledger.Balances;
        }
        finally
        {
            foreach (LoadGateway gateway in gateways)
            {
                gateway.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunLoadAsync(string folder, LoadGateway[] gateways, double? readingsPerSecond, CancellationToken cancellationToken)
    {
        using ECDsa cloudKey = SigningKey.Create(Path.Combine(folder, "cloud.pem"));
        Enrol(folder, gateways);
        using LoadBroker broker = LoadBroker.Start(Path.Combine(folder, "broker"), gateways.Select(gateway => gateway.Id));
        using IngestionProcess ingestion = await IngestionProcess.StartAsync(folder, broker.Port, cancellationToken);
        await using LoadPublisher publisher = await LoadPublisher.ConnectAsync(gateways, broker.Options, (LoadBroker.CloudUser, cloudKey), cancellationToken);
        IngestionUse useBefore = await ingestion.UseAsync(cancellationToken);
        TimeSpan publisherBefore = ProcessorTime(Process.GetCurrentProcess());
        TimeSpan brokerBefore = ProcessorTime(broker.Process);
        long begin = Stopwatch.GetTimestamp();
        Task delivery = readingsPerSecond is double rate
            ? publisher.DeliverAsync(rate / gateways[0].ReadingsPerBatch, cancellationToken)
            : publisher.DeliverAsync(cancellationToken);
        await delivery;
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        IngestionUse use = await ingestion.UseAsync(cancellationToken);
        double readings = use.Readings - useBefore.Readings;
        TimeSpan[] acks = publisher.AckTimes();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {readings / seconds:0} readings/s durable and acknowledged for {seconds:0.0} s; ack p50 {Quantile(acks, 0.5):0} ms, p99 {Quantile(acks, 0.99):0} ms, longest {Quantile(acks, 1):0} ms; {publisher.Acks()} acks for {acks.Length} batches"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  processor per reading: ingestion {Each(use.Processor - useBefore.Processor, readings)}, broker {Each(ProcessorTime(broker.Process) - brokerBefore, readings)}, publisher {Each(ProcessorTime(Process.GetCurrentProcess()) - publisherBefore, readings)}; ingestion allocates {(use.Allocated - useBefore.Allocated) / readings:0} bytes a reading, peak memory {use.PeakLength / 1048576.0:0} MB, {use.Refused} refused"));
        await ingestion.StopAsync(cancellationToken);
    }

    private static void Enrol(string folder, LoadGateway[] gateways)
    {
        using SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
        foreach (LoadGateway gateway in gateways)
        {
            store.Enrol(new(gateway.Id, 1, "leon", gateway.PublicPem));
        }
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static double Quantile(TimeSpan[] ascending, double share) =>
        ascending.Length == 0 ? double.NaN : ascending[(int)Math.Min(ascending.Length - 1, share * ascending.Length)].TotalMilliseconds;

    private static string Each(TimeSpan processor, double readings) => string.Create(CultureInfo.InvariantCulture, $"{processor.TotalNanoseconds / readings:0} ns");
}
