using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Metering.Store;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks.Web;

/// <summary>
/// `bench web`: the real cloud in role web over a made-up, marked store, asked by a process of its own through what its proxy would send. Prints what
/// was asked for beside what was measured. Times are from the request to the last byte, on this machine's loopback.
/// </summary>
internal static class WebBench
{
    private const int DefaultProjects = 1_000;
    private const int DefaultReaders = 200;
    private const int DefaultSeconds = 30;
    private const int Repeats = 9;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15); // the host looks every five seconds whether it has memory to give back

    public static async Task<int> RunAsync(string[] arguments)
    {
        Dictionary<string, int> asked = new(StringComparer.Ordinal) { ["--projects"] = DefaultProjects, ["--readers"] = DefaultReaders, ["--seconds"] = DefaultSeconds };
        for (int index = 0; index < arguments.Length; index += 2)
        {
            if (!asked.ContainsKey(arguments[index]) || index + 1 >= arguments.Length
                || !int.TryParse(arguments[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value is < 1 or > 4_000)
            {
                await Console.Error.WriteLineAsync("usage: ./metering bench web [--projects 1..4000] [--readers 1..4000] [--seconds 1..4000]");
                return 64;
            }

            asked[arguments[index]] = value;
        }

        string folder = Directory.CreateTempSubdirectory("metering-web-").FullName;
        try
        {
            return await RunAsync(folder, asked["--projects"], asked["--readers"], TimeSpan.FromSeconds(asked["--seconds"])) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RunAsync(string folder, int projects, int readers, TimeSpan duration)
    {
        using CancellationTokenSource deadline = new(Deadline);
        long begin = Stopwatch.GetTimestamp();
        long readings = await WebFolder.MakeAsync(folder, projects);
        Say($"store: {readings:N0} readings, {projects + 1} projects over two years, made in {Stopwatch.GetElapsedTime(begin).TotalSeconds:F0} s");
        using WebServer server = await WebServer.StartAsync(folder, deadline.Token);
        string cookie = await server.SignInAsync(folder, deadline.Token);
        using HttpClient client = WebServer.ClientOf(server.Address, "10.0.0.2", cookie);
        string savings = "/es/projects/" + WebFolder.Large;
        const string Portfolio = "/es/programme/portfolio";

        PageFigures first = await ReadAsync(client, savings, 1, deadline.Token);
        PageFigures warm = await ReadAsync(client, savings, Repeats, deadline.Token);
        PageFigures portfolioFirst = await ReadAsync(client, Portfolio, 1, deadline.Token);
        PageFigures portfolioWarm = await ReadAsync(client, Portfolio, Repeats, deadline.Token);
        PageFigures portfolioChanged = await AfterChangesAsync(client, folder, Portfolio, deadline.Token);
        PageFigures portfolioFed = await AfterBatchesAsync(client, folder, Portfolio, run => new(string.Create(CultureInfo.InvariantCulture, $"further-{run}"), run, 2, 1), deadline.Token);
        PageFigures portfolioOwn = await AfterBatchesAsync(client, folder, Portfolio, run => new(WebFolder.PlantOf(run), run + 5_000, 2, 1) { KeyEpoch = 2 }, deadline.Token);
        PageFigures list = await ReadAsync(client, "/es/", Repeats, deadline.Token);

        Say($"{"",-72}{"asked",12}{"measured",12}");
        bool isGood = Line($"savings page, {WebFolder.LargeChannels} channels at its plant, warm, ms", 150, warm.Milliseconds)
            & Line("savings page, compressed, kB", 120, warm.CompressedLength / 1000.0)
            & Line($"portfolio of {projects} projects, kept, ms", 300, portfolioWarm.Milliseconds)
            & Line($"portfolio of {projects} projects, after a change of the register, ms", 300, portfolioChanged.Milliseconds)
            & Line($"portfolio of {projects} projects, after a batch of a gateway of none of them, ms", 300, portfolioFed.Milliseconds)
            & Line($"portfolio of {projects} projects, after one of their gateways replaced two years, ms", 300, portfolioOwn.Milliseconds);
        Line("savings page, first after the start, ms", double.NaN, first.Milliseconds);
        Line("savings page, as it is drawn, kB", double.NaN, warm.Length / 1000.0);
        Line("portfolio, first after the start (every project is analysed), ms", double.NaN, portfolioFirst.Milliseconds);
        Line("portfolio, compressed, kB", double.NaN, portfolioWarm.CompressedLength / 1000.0);
        Line("list of all projects, ms", double.NaN, list.Milliseconds);

        string[] mix = [savings, savings, savings, "/en/projects/" + WebFolder.Large, "/es/projects/" + WebFolder.ProjectOf(0), "/es/plants/" + WebFolder.Large, Portfolio, "/es/programme", "/es/programme/logframe", "/es/reference", "/es/measures", "/es/results"];
        isGood &= await UnderLoadAsync(server, cookie, (readers, duration, TimeSpan.FromSeconds(5)), mix, deadline.Token);
        isGood &= await UnderLoadAsync(server, cookie, (readers, duration, TimeSpan.Zero), mix, deadline.Token);
        isGood &= Line("memory of the host after all that, MB resident", 150, server.ResidentBytes / Megabyte);
        Line("most memory it has held, MB resident", double.NaN, server.PeakResidentBytes / Megabyte);
        await Task.Delay(Rest, TimeProvider.System, deadline.Token);
        Line("memory of the host when it has rested, MB resident", double.NaN, server.ResidentBytes / Megabyte);
        await AgainAsync(folder, cookie, Portfolio, deadline.Token);
        return isGood;
    }

    // A second host beside the first, which finds the figures of all projects on disk.
    private static async Task AgainAsync(string folder, string cookie, string portfolio, CancellationToken cancellationToken)
    {
        using WebServer again = await WebServer.StartAsync(folder, cancellationToken);
        using HttpClient client = WebServer.ClientOf(again.Address, "10.0.0.3", cookie);
        PageFigures first = await ReadAsync(client, portfolio, 1, cancellationToken);
        Line("portfolio, first after a second start (figures on disk), ms", double.NaN, first.Milliseconds);
        Line("memory of that host, MB resident", double.NaN, again.ResidentBytes / Megabyte);
    }

    private static async Task<bool> UnderLoadAsync(WebServer server, string cookie, (int Readers, TimeSpan Duration, TimeSpan Pause) load, string[] mix, CancellationToken cancellationToken)
    {
        TimeSpan before = server.Processor;
        ReaderFigures found = await WebReaders.RunAsync(server, cookie, load, mix, cancellationToken);
        double each = (server.Processor - before).TotalMilliseconds / Math.Max(1, found.Pages);
        string how = load.Pause > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"a page every {load.Pause.TotalSeconds:F0} s each") : "without any pause";
        bool isGood = Line($"{load.Readers} readers, {how}, 99 of 100 pages within, ms", 500, found.NinetyNinth.TotalMilliseconds) & found.Faults == 0;
        Say($"    {found.Pages / load.Duration.TotalSeconds:F0} pages/s, half within {found.Median.TotalMilliseconds:F0} ms, all within {found.Longest.TotalMilliseconds:F0} ms, {each:F1} ms of processor a page, {found.Faults} not answered with 200");
        return isGood;
    }

    // A price changes, as when a person corrects it: what was kept of the portfolio counts no more.
    private static async Task<PageFigures> AfterChangesAsync(HttpClient client, string folder, string address, CancellationToken cancellationToken)
    {
        RecordStore register = new(ProgrammeDatabase.Open(StoreLocation.AtFile(Path.Combine(folder, "programme.db"))), TimeProvider.System);
        List<PageFigures> runs = [];
        for (int run = 0; run < Repeats; run++)
        {
            RecordVersion price = register.Snapshot.Versions(ResourcePrice.Kind)[0];
            ResourcePrice known = (ResourcePrice)price.Record;
            _ = register.Save([new(known with { Price = known.Price with { Amount = known.Price.Amount + 0.01m } }, price.Version)], new Actor("benchmark", "made up by the benchmark"), "benchmark");
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken); // the host looks for other processes' changes every two seconds
            runs.Add(await ReadAsync(client, address, 1, cancellationToken));
        }

        return runs.OrderBy(one => one.Milliseconds).ElementAt(Repeats / 2);
    }

    // Batches come, as they do every minute: the projects of other gateways have nothing new.
    private static async Task<PageFigures> AfterBatchesAsync(HttpClient client, string folder, string address, Func<int, WebPlant> plantOf, CancellationToken cancellationToken)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
        store.BecomeWriter();
        List<PageFigures> runs = [];
        for (int run = 0; run < Repeats; run++)
        {
            _ = await plantOf(run).FillAsync(store, key, WebFolder.UnitOf(run));
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken); // the host looks at the journal's end every two seconds
            runs.Add(await ReadAsync(client, address, 1, cancellationToken));
        }

        return runs.OrderBy(one => one.Milliseconds).ElementAt(Repeats / 2);
    }

    private static async Task<PageFigures> ReadAsync(HttpClient client, string address, int repeats, CancellationToken cancellationToken)
    {
        double[] times = new double[repeats];
        byte[] bytes = [];
        bool isCompressed = false;
        for (int run = 0; run < repeats; run++)
        {
            long begin = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await PreparedAsync(client, address, cancellationToken);
            bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            times[run] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            isCompressed = answer.Content.Headers.ContentEncoding.Contains("gzip");
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{address} was answered with {(int)answer.StatusCode}");
            }
        }

        Array.Sort(times);
        return new(times[repeats / 2], bytes.Length, isCompressed ? Inflated(bytes) : bytes.Length);
    }

    // After a start the host says how far the preparation of all projects is, and asks to come again: the time until the page itself is there counts.
    private static async Task<HttpResponseMessage> PreparedAsync(HttpClient client, string address, CancellationToken cancellationToken)
    {
        while (true)
        {
            HttpResponseMessage answer = await client.GetAsync(new Uri(address, UriKind.Relative), cancellationToken);
            if (answer.StatusCode != System.Net.HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter is null)
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }

    private static long Inflated(byte[] bytes)
    {
        using GZipStream stream = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream whole = new();
        stream.CopyTo(whole);
        return whole.Length;
    }

    private static bool Line(string what, double asked, double measured)
    {
        bool isGood = !(measured > asked);
        Say($"{what,-72}{(double.IsNaN(asked) ? "-" : asked.ToString("N0", CultureInfo.InvariantCulture)),12}{measured,12:N1}{(isGood ? "" : "  NOT REACHED")}");
        return isGood;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>How a page was answered; the median of the times, ms.</summary>
    private sealed record PageFigures(double Milliseconds, long CompressedLength, long Length);
}
