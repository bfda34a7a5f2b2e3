using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Metering.Benchmarks.Ingestion;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Gateway.Uplink;
using Metering.Readings;
using Metering.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metering.Benchmarks.Outage;

/// <summary>
/// `bench outage`: one gateway with 40 meters read every 10 s, without a broker for 90 days, then with one. The readings enter
/// the real outbox by its own door (nobody polls: 31 million polls would take days), are signed and flushed to disk there, and
/// leave by the real uplink through mosquitto and ingestion into a store, with new readings coming in meanwhile.
/// </summary>
internal static class OutageDrill
{
    private const int Meters = 40;

    /// <summary>What the usual limit of 60 s gives a gateway that polls every 10 s.</summary>
    private const int CyclesPerBatch = 6;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    /// <summary>While the outbox drains, a poll cycle comes in this often: a hundred times as fast as in the field.</summary>
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    public static async Task<int> RunAsync(string[] arguments)
    {
        int days = 90;
        bool isWrong = arguments is not ([] or ["--days", _])
            || (arguments.Length == 2 && (!int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > 366));
        if (isWrong)
        {
            Console.Error.WriteLine("usage: ./metering bench outage [--days 1..366]");
            return 64;
        }

        if (LoadBroker.Find() is null)
        {
            Console.Error.WriteLine("bench outage: mosquitto is not installed. Run: sudo apt-get install -y mosquitto");
            return 69;
        }

        string folder = Directory.CreateTempSubdirectory("metering-outage-").FullName;
        try
        {
            using CancellationTokenSource deadline = new(Patience);
            return await RunAsync(folder, days, deadline.Token) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RunAsync(string folder, int days, CancellationToken cancellationToken)
    {
        LoadMeters meters = new(0, Meters, Interval);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa cloudKey = SigningKey.Create(Path.Combine(folder, "cloud.pem"));
        using (SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System))
        {
            store.Enrol(new(meters.Gateway, 1, "leon", SigningKey.PublicPem(key)));
        }

        long slots = days * (long)(TimeSpan.FromDays(1) / Interval);
        long batches;
        using KeyChain keys = KeyChain.Open(folder, 1, key);
        using (GatewayOutbox outbox = Open(folder, meters, keys))
        {
            WriteOffline(outbox, meters, slots, Path.Combine(folder, "outbox"));
            slots += await DrainAsync(folder, (outbox, keys, cloudKey), meters, slots, cancellationToken);
            batches = outbox.LastBatch;
        }

        long begin = Stopwatch.GetTimestamp();
        using SqliteStore filled = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
        Ledger ledger = Ledger.Of(filled, [(meters, slots)], batches);
        Print($"ledger: {ledger.Readings} readings as taken, {ledger.Lost} lost, {ledger.Foreign} foreign; {ledger.Batches} of {ledger.BatchesSent} batches in the journal; store of {LengthOf(folder, "metering.db*") / 1048576.0:0} MB read back in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s: {(ledger.Balances ? "balances" : "DOES NOT BALANCE")}");
        return ledger.Balances;
    }

    private static GatewayOutbox Open(string folder, LoadMeters meters, KeyChain keys) => GatewayOutbox.Open(
        new()
        {
            Directory = Path.Combine(folder, "outbox"),
            Gateway = meters.Gateway,
            KeyEpoch = keys.KeyEpoch,
            Key = keys.Key,
            Rotations = keys.Steps,
            Table = new("0123456789abcdef", new string('c', 64), "metering-gateway/0.1.0", meters.Channels),
            MaximumAge = TimeSpan.FromSeconds(60),
            MaximumReadings = Meters * CyclesPerBatch,
        },
        TimeProvider.System,
        NullLogger.Instance);

    private static void WriteOffline(GatewayOutbox outbox, LoadMeters meters, long slots, string outboxFolder)
    {
        Reading[] readings = new Reading[Meters];
        long begin = Stopwatch.GetTimestamp();
        long printed = begin;
        for (long slot = 0; slot < slots; slot++)
        {
            Add(outbox, meters, readings, slot);
            if (Stopwatch.GetElapsedTime(printed) >= ProgressInterval)
            {
                printed = Stopwatch.GetTimestamp();
                Print($"  offline: day {slot * Interval / TimeSpan.FromDays(1):0.0}, {outbox.DurableReadings} readings durable, {outbox.LastBatch} batches signed");
            }
        }

        outbox.Flush();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        using Process own = Process.GetCurrentProcess();
        Print($"offline: {slots * Meters} readings of {slots * Interval / TimeSpan.FromDays(1):0.#} days in {outbox.LastBatch} signed batches, written in {seconds:0} s ({slots * Meters / seconds:0} readings/s); outbox of {LengthOf(outboxFolder, "*") / 1048576.0:0} MB, peak memory of the gateway {own.PeakWorkingSet64 / 1048576.0:0} MB");
    }

    private static void Add(GatewayOutbox outbox, LoadMeters meters, Reading[] readings, long slot)
    {
        meters.Fill(readings, slot);
        outbox.Add(new(meters.InstantAt(slot), ClockState.Synchronised, slot * (long)Interval.TotalMilliseconds, meters.InstantAt(slot)), readings);
    }

    // Returns how many slots were read while the outbox drained.
    private static async Task<long> DrainAsync(
        string folder, (GatewayOutbox Outbox, KeyChain Keys, ECDsa CloudKey) gateway, LoadMeters meters, long slots, CancellationToken cancellationToken)
    {
        (GatewayOutbox outbox, KeyChain keys, ECDsa cloudKey) = gateway;
        using LoadBroker broker = LoadBroker.Start(Path.Combine(folder, "broker"), [meters.Gateway]);
        using IngestionProcess ingestion = await IngestionProcess.StartAsync(folder, broker.Port, cancellationToken);
        UplinkOptions options = new()
        {
            Gateway = meters.Gateway,
            Keys = keys,
            CloudName = LoadBroker.CloudUser,
            CloudKey = cloudKey,
            Broker = broker.Options(meters.Gateway) with { CleanStart = true },
            Meta = () => "{\"v\":1}"u8.ToArray(),
        };
        long begin = Stopwatch.GetTimestamp();
        long printed = begin;
        long offline = outbox.LastBatch;
        long live = 0;
        TimeSpan? offlineDrained = null;
        await using BatchUplink uplink = new(options, outbox, TimeProvider.System, NullLogger.Instance);
        uplink.Start();
        Reading[] readings = new Reading[Meters];
        using PeriodicTimer timer = new(LiveInterval);
        while (offlineDrained is null)
        {
            _ = await timer.WaitForNextTickAsync(cancellationToken);
            Add(outbox, meters, readings, slots + live++);
            offlineDrained = outbox.AckedThrough >= offline ? Stopwatch.GetElapsedTime(begin) : null;
            if (Stopwatch.GetElapsedTime(printed) >= ProgressInterval)
            {
                printed = Stopwatch.GetTimestamp();
                Print($"  draining: {outbox.AckedThrough} of {outbox.LastBatch} batches confirmed");
            }
        }

        outbox.Flush();
        await uplink.DrainAsync(cancellationToken);
        IngestionUse use = await ingestion.UseAsync(cancellationToken);
        double seconds = offlineDrained.Value.TotalSeconds;
        using Process own = Process.GetCurrentProcess();
        Print($"drain: {offline} batches confirmed by the cloud in {seconds:0.0} s ({slots * Meters / seconds:0} readings/s) with {live * Meters} live readings on top; peak memory of the gateway {own.PeakWorkingSet64 / 1048576.0:0} MB, of ingestion {use.PeakLength / 1048576.0:0} MB; {use.Refused} refused");
        await ingestion.StopAsync(cancellationToken);
        return live;
    }

    private static long LengthOf(string folder, string pattern) =>
        new DirectoryInfo(folder).EnumerateFiles(pattern, SearchOption.AllDirectories).Sum(file => file.Length);

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
