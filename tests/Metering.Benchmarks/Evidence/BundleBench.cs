using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Evidence;
using Metering.Cloud.Projects;
using Metering.Evidence.Log;
using Metering.Programme.Log;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks.Evidence;

/// <summary>
/// `bench evidence [--days N] [--keep FILE.mevb]`: the bundle of a project over ten meters read every minute, in signed batches of a quarter of an hour: a year is 5,256,000 readings in 35,040 batches. Prints
/// time and peak memory of making it, the second time (nothing new to log) and the size.
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
            string projects = Path.Combine(folder, "projects.yaml");
            await File.WriteAllTextAsync(projects, Yaml(days));
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
            long started = Stopwatch.GetTimestamp();
            (long batches, long readings) = await FillAsync(store, days);
            Say($"stored {readings:#,0} readings in {batches:#,0} batches in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            ProgrammeDatabase database = ProgrammeDatabase.Open(StoreLocation.AtFile(Path.Combine(folder, "programme.db")));
            ProjectSource source = new(ProjectRegister.Load(projects), new RecordStore(database, TimeProvider.System));
            EvidenceLog log = new(database, "bajio", TimeProvider.System);
            using LogFollower follower = new(log, store, database, source, TimeProvider.System);
            started = Stopwatch.GetTimestamp();
            await follower.CatchUpAsync(CancellationToken.None);
            Say($"log of {log.Count:#,0} entries in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            BundleMaker maker = new(new(new(source, store, TimeProvider.System), log, follower.CatchUpAsync, key));
            for (int turn = 1; turn <= 2; turn++)
            {
                await MakeAsync(maker, folder, keep, turn);
            }

            return 0;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MakeAsync(BundleMaker maker, string folder, string? keep, int turn)
    {
        string file = keep ?? Path.Combine(folder, "project.mevb");
        long started = Stopwatch.GetTimestamp();
        BundleStep step = BundleStep.Log;
        long stepStarted = started;
        StringBuilder steps = new();
        BundleSummary summary;
        await using (FileStream stream = new(file, FileMode.Create, FileAccess.ReadWrite))
        {
            summary = await maker.MakeAsync("drives", stream, folder, progress =>
            {
                if (progress.Step != step)
                {
                    steps.Append(CultureInfo.InvariantCulture, $" {step} {Stopwatch.GetElapsedTime(stepStarted).TotalSeconds:0.00} s,");
                    (step, stepStarted) = (progress.Step, Stopwatch.GetTimestamp());
                }
            }, CancellationToken.None);
        }

        steps.Append(CultureInfo.InvariantCulture, $" {step} {Stopwatch.GetElapsedTime(stepStarted).TotalSeconds:0.00} s");
        using Process self = Process.GetCurrentProcess();
        Say($"bundle {turn}: {summary.Readings:#,0} readings, {summary.Batches:#,0} batches, log {Checkpoint.Read(summary.Checkpoint).Size:#,0}, {new FileInfo(file).Length / 1e6:0.0} MB in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s ({steps}); peak of the process {self.PeakWorkingSet64 / 1e6:0} MB");
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
