using System.Diagnostics;
using System.Globalization;

namespace Metering.Benchmarks.Web;

/// <summary>What many readers found.</summary>
/// <param name="Pages">Pages read.</param>
/// <param name="Faults">Answers other than 200.</param>
/// <param name="Median">Half of the pages were there by then.</param>
/// <param name="NinetyNinth">99 of 100 were.</param>
/// <param name="Longest">All were.</param>
internal sealed record ReaderFigures(long Pages, long Faults, TimeSpan Median, TimeSpan NinetyNinth, TimeSpan Longest);

/// <summary>Many readers of a mix of pages, in a process of their own so that their work is not the host's.</summary>
internal static class WebReaders
{
    /// <summary>The verb under which this program starts itself as the readers.</summary>
    public const string Verb = "web-readers";

    /// <summary>Runs the readers and waits for what they found.</summary>
    /// <param name="server">The host.</param>
    /// <param name="cookie">Cookie of the session all of them use.</param>
    /// <param name="load">Readers, how long they read, and the mean pause of a reader between two pages, zero for none.</param>
    /// <param name="addresses">Pages, each as likely as the others.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ReaderFigures> RunAsync(
        WebServer server, string cookie, (int Readers, TimeSpan Duration, TimeSpan Pause) load, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[
            typeof(WebReaders).Assembly.Location, Verb, server.Address.ToString(), load.Readers.ToString(CultureInfo.InvariantCulture),
            load.Duration.TotalSeconds.ToString("R", CultureInfo.InvariantCulture), load.Pause.TotalSeconds.ToString("R", CultureInfo.InvariantCulture), .. addresses])
        {
            start.ArgumentList.Add(argument);
        }

        using Process child = Process.Start(start)!;
        await child.StandardInput.WriteLineAsync(cookie.AsMemory(), cancellationToken);
        string line = await child.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("the readers ended without figures");
        await child.WaitForExitAsync(cancellationToken);
        long[] numbers = [.. line.Split(' ').Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        return new(numbers[0], numbers[1], TimeSpan.FromTicks(numbers[2]), TimeSpan.FromTicks(numbers[3]), TimeSpan.FromTicks(numbers[4]));
    }

    /// <summary>The readers' process itself.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        Uri address = new(arguments[0]);
        int readers = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        TimeSpan duration = TimeSpan.FromSeconds(double.Parse(arguments[2], CultureInfo.InvariantCulture));
        TimeSpan pause = TimeSpan.FromSeconds(double.Parse(arguments[3], CultureInfo.InvariantCulture));
        string cookie = Console.ReadLine() ?? "";
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        (List<long> Times, long Faults)[] found = await Task.WhenAll(
            Enumerable.Range(0, readers).Select(reader => ReadAsync(address, cookie, (reader, pause), arguments[4..], end)));
        long[] times = [.. found.SelectMany(one => one.Times).Order()];
        long At(double share) => times.Length == 0 ? 0 : times[Math.Min(times.Length - 1, (int)(share * times.Length))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Length} {found.Sum(one => one.Faults)} {At(0.5)} {At(0.99)} {At(1)}"));
        return 0;
    }

    private static async Task<(List<long> Times, long Faults)> ReadAsync(Uri address, string cookie, (int Number, TimeSpan Pause) reader, string[] pages, long end)
    {
        using HttpClient client = WebServer.ClientOf(address, string.Create(CultureInfo.InvariantCulture, $"10.1.{reader.Number / 250}.{(reader.Number % 250) + 1}"), cookie);
        Random random = new(reader.Number);
        List<long> times = [];
        long faults = 0;
        if (reader.Pause > TimeSpan.Zero)
        {
            await Task.Delay(random.NextDouble() * reader.Pause, TimeProvider.System); // they do not all come at once
        }

        while (Stopwatch.GetTimestamp() < end)
        {
            long begin = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await client.GetAsync(new Uri(pages[random.Next(pages.Length)], UriKind.Relative));
            _ = await answer.Content.ReadAsByteArrayAsync();
            times.Add(Stopwatch.GetElapsedTime(begin).Ticks);
            faults += answer.IsSuccessStatusCode ? 0 : 1;
            if (reader.Pause > TimeSpan.Zero)
            {
                await Task.Delay(2 * random.NextDouble() * reader.Pause, TimeProvider.System);
            }
        }

        return (times, faults);
    }
}
