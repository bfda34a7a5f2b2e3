using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks.Evidence;

/// <summary>
/// `bench evidence [--days N] [--keep FILE.mevb]`: the bundle of a project over ten meters read every minute, in signed batches of a quarter of an hour: a year is 5,256,000 readings in
/// 35,040 batches. Prints time, processor time and peak memory of `cloud evidence`, first with the log to make and then with nothing new to log, and the size.
/// </summary>
internal static class BundleBench
{
    private const string Gateway = "leon-tannery";
    private const int Meters = 10;
    private const int MinutesPerBatch = 15;
    private const long Minute = 60_000;
    private const int Together = 512;
    private static readonly DateOnly First = new(2025, 1, 1);

    public static async Task<int> RunAsync(string[] arguments)
    {
        int days = arguments is ["--days", string text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 365;
        string? keep = arguments is [.., "--keep", string file] ? file : null;
        string folder = Directory.CreateTempSubdirectory("metering-bench-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "projects.yaml"), Yaml(days));
            await File.WriteAllTextAsync(Path.Combine(folder, "cloud.yaml"), "name: bajio\nkeyFile: cloud.pem\nstore: metering.db\nprojectsFile: projects.yaml\nbroker: { host: 127.0.0.1, port: 1 }\nweb: { port: 0 }\n");
            SigningKey.Create(Path.Combine(folder, "cloud.pem")).Dispose();
            long started = Stopwatch.GetTimestamp();
            using (SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System))
            {
                (long batches, long readings) = await FillAsync(store, days);
                Say($"stored {readings:#,0} readings in {batches:#,0} batches in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            }

            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            string bundle = keep ?? Path.Combine(folder, "project.mevb");
            foreach (string name in (string[])["with the whole log to make", "with nothing new to log"])
            {
                await MakeAsync(name, folder, bundle);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In a process of its own: its memory and its processor time are those of `cloud evidence` alone.
    private static async Task MakeAsync(string name, string folder, string bundle)
    {
        long started = Stopwatch.GetTimestamp();
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Metering.Cloud.dll"), "evidence", "--config", Path.Combine(folder, "cloud.yaml"), "--project", "drives", "--out", bundle])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        (long peak, double processor) = (0, 0);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!process.HasExited && await timer.WaitForNextTickAsync())
        {
            (peak, processor) = Look(process, peak, processor);
        }

        await process.WaitForExitAsync();
        Say($"{name}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, processor {processor:0.0} s, peak {peak / 1024.0:0} MB, file {new FileInfo(bundle).Length / 1e6:0.0} MB, exit {process.ExitCode}");
        Say($"  {(await output).Trim()}");
    }

    private static (long PeakKilobytes, double ProcessorSeconds) Look(Process process, long peak, double processor)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
            long now = line is null ? 0 : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
            return (Math.Max(peak, now), process.TotalProcessorTime.TotalSeconds);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return (peak, processor); // it ended meanwhile
        }
    }

    private static async Task<(long Batches, long Readings)> FillAsync(SqliteStore store, int days)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        store.Enrol(new(Gateway, 1, Gateway, SigningKey.PublicPem(key)));
        Channel[] channels = [.. Enumerable.Range(0, Meters).Select(ChannelOf)];
        Random random = new(7);
        long[] registers = [.. Enumerable.Range(1, Meters).Select(meter => meter * 1_000_000L)];
        string previous = BatchManifest.NoPrevious;
        long start = new DateTimeOffset(First.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(-6)).ToUnixTimeMilliseconds();
        long count = 0;
        List<Task<AppendOutcome>> pending = [];
        for (long batch = 1; batch <= days * 1440L / MinutesPerBatch; batch++)
        {
            List<Reading> readings = new(Meters * MinutesPerBatch);
            for (int minute = 0; minute < MinutesPerBatch; minute++)
            {
                long instant = start + ((((batch - 1) * MinutesPerBatch) + minute) * Minute);
                for (int meter = 0; meter < Meters; meter++)
                {
                    readings.Add(new(instant, registers[meter], meter, ReadingQuality.Good, HasValue: true));
                    registers[meter] += random.Next(3, 40);
                }
            }

            (byte[] bytes, previous) = BatchBuilder.Build(IdentityOf(batch, previous, readings[0].UtcMilliseconds), channels, readings.ToArray(), [], key);
            BatchEnvelope envelope = BatchEnvelope.Open(bytes);
            pending.Add(store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None));
            count += readings.Count;
            if (pending.Count == Together)
            {
                _ = await Task.WhenAll(pending);
                pending.Clear();
            }
        }

        _ = await Task.WhenAll(pending);
        return (store.LastSequence, count);
    }

    private static BatchIdentity IdentityOf(long batch, string previous, long anchor) => new()
    {
        Gateway = Gateway,
        KeyEpoch = 1,
        Boot = "00000000000000a1",
        Batch = batch,
        PreviousHash = previous,
        ConfigHash = new('0', 64),
        Software = "bench/1",
        Clock = ClockState.Synchronised,
        MonotonicMilliseconds = batch,
        AnchorUtcMilliseconds = anchor,
    };

    private static Channel ChannelOf(int meter) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"meter-{meter}.energy"),
        Meter = string.Create(CultureInfo.InvariantCulture, $"meter-{meter}"),
        Unit = "kWh",
        Kind = ChannelKind.Counter,
        DecimalPlaces = 1,
        Modulus = 4_294_967_296,
        Profile = "bench-energy/1",
    };

    // A use and nine drivers, so that all ten meters are the project's.
    private static string Yaml(int days)
    {
        StringBuilder yaml = new($"plants:\n  - {{ id: {Gateway}, name: {{ es: Banco, en: Bench }}, sector: tannery, state: Guanajuato, zone: America/Mexico_City, simulated: true }}\nprojects:\n  - id: drives\n    plant: {Gateway}\n");
        yaml.Append("    title: { es: Banco, en: Bench }\n    measure: { es: Banco, en: Bench }\n    resource: electricity\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    use: {{ gateway: {Gateway}, channel: meter-0.energy }}\n    drivers:\n");
        for (int meter = 1; meter < Meters; meter++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"      - {{ id: line-{meter}, gateway: {Gateway}, channel: meter-{meter}.energy, aggregate: difference }}\n");
        }

        DateOnly baselineLast = First.AddDays((days / 2) - 1);
        yaml.Append(CultureInfo.InvariantCulture, $"    step: 1d\n    baseline: {First:yyyy-MM-dd}..{baselineLast:yyyy-MM-dd}\n    installation: {baselineLast.AddDays(1):yyyy-MM-dd}..{baselineLast.AddDays(2):yyyy-MM-dd}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    reporting: {baselineLast.AddDays(3):yyyy-MM-dd}..{First.AddDays(days - 1):yyyy-MM-dd}\n    confidence: 90\n");
        return yaml.ToString();
    }

    private static void Say(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
