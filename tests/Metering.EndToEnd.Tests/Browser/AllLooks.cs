using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metering.Tests.Support;
using Microsoft.Playwright;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>
/// Every page as every visitor who sees it, in four looks of one loading: wide and narrow, light and dark. A loading costs more than a look, and at a
/// page that is another's word for word there is nothing to see twice. What it does is written to .artifacts/looks/progress.txt as it happens.
/// </summary>
internal sealed class AllLooks
{
    /// <summary>Windows that look at the same time: while one waits for the cloud, another computes.</summary>
    private const int Windows = 3;

    private const int PagesBetweenWords = 20;
    private static readonly int[] Widths = [Survey.Wide, Survey.Phone];

    private readonly IBrowser browser;
    private readonly Uri portal;
    private readonly Survey survey;
    private readonly string log;
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<string, bool> seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> looks = new(StringComparer.Ordinal);
    private readonly Lock writing = new();
    private int loaded;
    private int alike;
    private int told;

    public AllLooks(IBrowser browser, Uri portal, Survey survey)
    {
        (this.browser, this.portal, this.survey) = (browser, portal, survey);
        log = Path.Combine(Directory.CreateDirectory(Repository.Path(".artifacts", "looks")).FullName, "progress.txt");
        File.WriteAllText(log, "");
    }

    /// <summary>In how many looks a page was read by axe-core, as the visitor who saw it in most.</summary>
    public int LooksOf(string address) => looks.GetValueOrDefault(address)?.Distinct(StringComparer.Ordinal).Count() ?? 0;

    /// <summary>What was done, in one line.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{survey.AxeRuns} runs of axe-core over {looks.Count} addresses, {loaded} pages loaded, {alike} of them alike to another visitor's, {survey.Findings.Count} findings, {Stopwatch.GetElapsedTime(start).TotalMinutes:F1} minutes");

    /// <summary>Visits pages as one visitor.</summary>
    public async Task VisitAsync(Visitor visitor, IEnumerable<string> pages)
    {
        ConcurrentQueue<string> waiting = new(pages.Where(Survey.IsWanted));
        Tell($"{visitor.Name}: {waiting.Count} pages");
        await Task.WhenAll(Enumerable.Range(0, Windows).Select(_ => VisitAsync(visitor, waiting)));
        Tell($"{visitor.Name}: done; {Summary}");
    }

    private async Task VisitAsync(Visitor visitor, ConcurrentQueue<string> waiting)
    {
        await using IBrowserContext context = await Survey.ContextAsync(browser, Survey.Wide);
        await visitor.SignInAsync(context, portal);
        while (waiting.TryDequeue(out string? address))
        {
            await VisitAsync(context, visitor, address);
            if (Interlocked.Increment(ref loaded) % PagesBetweenWords == 0)
            {
                Tell($"{waiting.Count} pages wait; {Summary}");
            }
        }
    }

    private async Task VisitAsync(IBrowserContext context, Visitor visitor, string address)
    {
        IPage page = await context.NewPageAsync();
        try
        {
            string who = visitor.Name.Replace("demo-", "", StringComparison.Ordinal);
            survey.Listen(page, address, who);
            await LookAsync(page, Survey.Wide, ColorScheme.Light);
            _ = await page.GotoAsync(new Uri(portal, address).ToString());
            if (!await IsNewAsync(page))
            {
                _ = Interlocked.Increment(ref alike);
                return;
            }

            await ReadAsync(page, address, who);
            await AxeAsync(page, address, who);
            _ = await survey.AskAsync(page, Check.Policy, address, who, "policy()");
        }
        finally
        {
            await page.CloseAsync();
        }
    }

    // As it comes, with its tables closed: what a reader sees first.
    private async Task ReadAsync(IPage page, string address, string who)
    {
        string language = address.StartsWith("/es", StringComparison.Ordinal) ? "es-MX" : "en";
        _ = await survey.AskAsync(page, Check.Structure, address, who, $"structure('{language}')");
        _ = await survey.AskAsync(page, Check.Labels, address, who, "labels()");
        foreach (int width in Widths)
        {
            string look = string.Create(CultureInfo.InvariantCulture, $"{who} {width}");
            await LookAsync(page, width, ColorScheme.Light);
            _ = await survey.AskAsync(page, Check.Sideways, address, look, "sideways()");
            _ = await survey.AskAsync(page, Check.Legible, address, look, "legible()");
            await survey.TakePictureAsync(page, address, string.Create(CultureInfo.InvariantCulture, $"{width}-light"), who);
            if (Survey.TakesPictures)
            {
                await LookAsync(page, width, ColorScheme.Dark);
                await survey.TakePictureAsync(page, address, string.Create(CultureInfo.InvariantCulture, $"{width}-dark"), who);
            }
        }

        await LookAsync(page, Survey.Phone, ColorScheme.Light);
        if (!address.EndsWith("/report", StringComparison.Ordinal))
        {
            await survey.PressKeysAsync(page, address, who); // a report is one document, to print and to send: it has no navigation to pass
        }
    }

    // With everything open. The first look asks every rule, and so does the narrow one, whose charts are drawings of their own; in the dark colours alone differ.
    private async Task AxeAsync(IPage page, string address, string who)
    {
        _ = await page.EvaluateAsync("() => window.pageChecks.openAll()");
        foreach (int width in Widths)
        {
            await LookAsync(page, width, ColorScheme.Light);
            _ = await survey.AskAsync(page, Check.Sideways, address, string.Create(CultureInfo.InvariantCulture, $"{who} {width}, tables open"), "sideways()");
        }

        _ = await page.EvaluateAsync("most => window.pageChecks.thin(most)", Survey.RowsForAxe);
        foreach (int width in Widths)
        {
            foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                string look = string.Create(CultureInfo.InvariantCulture, $"{width} {(scheme == ColorScheme.Dark ? "dark" : "light")}");
                await LookAsync(page, width, scheme);
                await survey.AxeAsync(page, address, $"{who} {look}", scheme == ColorScheme.Dark ? Survey.Colours : Survey.Everything);
                looks.GetOrAdd(address, _ => []).Add(look);
            }
        }
    }

    // The frame (navigation, foot) is the same on all pages of one visitor, the page's own part often for several: both are kept by their words.
    private async Task<bool> IsNewAsync(IPage page)
    {
        string[] parts = await page.EvaluateAsync<string[]>("() => window.pageChecks.parts()");
        bool isNew = false;
        foreach (string part in parts)
        {
            isNew |= seen.TryAdd(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(part))), true);
        }

        return isNew;
    }

    private static async Task LookAsync(IPage page, int width, ColorScheme scheme)
    {
        if (page.ViewportSize?.Width != width)
        {
            await page.SetViewportSizeAsync(width, Survey.Height);
        }

        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
    }

    private void Tell(string words)
    {
        lock (writing)
        {
            string[] faults = [.. survey.Findings.Skip(told).Select(finding => "  " + finding)];
            told += faults.Length;
            File.AppendAllLines(log, [words, .. faults]);
        }
    }
}
