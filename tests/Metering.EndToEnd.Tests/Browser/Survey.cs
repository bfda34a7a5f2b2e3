using System.Diagnostics;
using System.Globalization;
using Metering.Readings.Texts;
using Metering.Tests.Support;
using Microsoft.Playwright;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>What is looked at on every page.</summary>
internal enum Check
{
    /// <summary>Rules of WCAG 2.0 to 2.2, levels A and AA, as axe-core knows them.</summary>
    Accessibility,

    /// <summary>One h1, one main, a title, the right language, ids once.</summary>
    Structure,

    /// <summary>A label for each control.</summary>
    Labels,

    /// <summary>Nothing wider than the screen, with tables closed and open.</summary>
    Sideways,

    /// <summary>Labels of charts apart from each other and within the drawing, no words cut off, no sentence in a column of one word's width.</summary>
    Legible,

    /// <summary>The link past the navigation, and a visible focus on everything that takes it.</summary>
    Keyboard,

    /// <summary>No error in the console, no script that failed, nothing that did not load.</summary>
    Errors,

    /// <summary>Nothing that the page's own policy forbids.</summary>
    Policy,

    /// <summary>No request to another machine.</summary>
    Outside,
}

/// <summary>A fault of a page.</summary>
internal sealed record Finding(Check Check, string Page, string Look, string What)
{
    public override string ToString() => $"{Page} ({Look}): {What}";
}

/// <summary>One visit to every page in every look; tests then ask it for the faults of one kind.</summary>
internal sealed class Survey
{
    public const int Wide = 1280;
    public const int Phone = 390;

    /// <summary>A page on a full-page picture is cut here: the longest table is 60,000 points long on a phone.</summary>
    private const int LongestPicture = 6000;

    /// <summary>Rows of a table that axe-core reads.</summary>
    public const int RowsForAxe = 30;

    /// <summary>Height of the screen, points.</summary>
    public const int Height = 900;

    private const int Visitors = 2;

    /// <summary>All rules of A and AA.</summary>
    public static readonly object Everything = new { type = "tag", values = new[] { "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa" } };

    /// <summary>What differs between light and dark.</summary>
    public static readonly object Colours = new { type = "rule", values = new[] { "color-contrast", "link-in-text-block" } };

    private readonly IBrowser browser;
    private readonly Uri portal;
    private readonly string pictures = Repository.Path(".artifacts", "screenshots");
    private readonly Lock guard = new();
    private readonly List<Finding> findings = [];
    private readonly SortedSet<string> taken = new(StringComparer.Ordinal);

    public Survey(IBrowser browser, Uri portal)
    {
        this.browser = browser;
        this.portal = portal;
    }

    /// <summary>Faults found so far.</summary>
    public IReadOnlyList<Finding> Findings
    {
        get
        {
            lock (guard)
            {
                return [.. findings];
            }
        }
    }

    /// <summary>Runs of axe-core that gave an answer.</summary>
    public int AxeRuns { get; private set; }

    /// <summary>Whether every page is visited in every look: METERING_LONG=1, or when pictures are made.</summary>
    public static bool IsLong => TakesPictures || Environment.GetEnvironmentVariable("METERING_LONG") == "1";

    /// <summary>Whether pictures of all pages are made: METERING_SCREENSHOTS=1.</summary>
    public static bool TakesPictures => Environment.GetEnvironmentVariable("METERING_SCREENSHOTS") == "1";

    /// <summary>A context of its own, in which every page carries axe-core and our checks.</summary>
    public static async Task<IBrowserContext> ContextAsync(IBrowser browser, int width, string locale = "es-MX")
    {
        IBrowserContext context = await browser.NewContextAsync(new() { Locale = locale, ViewportSize = new() { Width = width, Height = Height }, ReducedMotion = ReducedMotion.Reduce });
        await context.AddInitScriptAsync(scriptPath: Repository.Path("tests", "vendor", "axe-core", "axe.min.js"));
        await context.AddInitScriptAsync(scriptPath: Repository.Path("tests", "Metering.EndToEnd.Tests", "Browser", "checks.js"));
        return context;
    }

    /// <summary>Whether a page is among those that METERING_PAGES=text leaves (the test that counts pages then fails).</summary>
    public static bool IsWanted(string address) =>
        Environment.GetEnvironmentVariable("METERING_PAGES") is not { } only || address.Contains(only, StringComparison.Ordinal);

    /// <summary>Visits all pages once, every other one on a narrow screen: what a usual run does.</summary>
    public async Task VisitOnceAsync(Visitor visitor, IEnumerable<string> pages)
    {
        string[] addresses = [.. pages.Where(IsWanted)];
        await Task.WhenAll(Enumerable.Range(0, Visitors).Select(turn => VisitShareAsync(visitor, [.. addresses.Where((_, index) => index % Visitors == turn)])));
    }

    /// <summary>Writes the page that shows all pictures, when there are any.</summary>
    public Task WriteIndexAsync() => TakesPictures ? ScreenshotIndex.WriteAsync(pictures, taken) : Task.CompletedTask;

    /// <summary>Visits one page in one context and keeps its faults. The colours of the dark look are computed for every run elsewhere, from the style sheet.</summary>
    public async Task VisitAsync(IBrowserContext context, int width, string address, bool isDarkToo)
    {
        string look = width.ToString(CultureInfo.InvariantCulture);
        IPage page = await context.NewPageAsync();
        Listen(page, address, look);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        _ = await page.GotoAsync(new Uri(portal, address).ToString());
        string language = address.StartsWith("/es", StringComparison.Ordinal) ? "es-MX" : "en";
        _ = await AskAsync(page, Check.Structure, address, look, $"structure('{language}')");
        _ = await AskAsync(page, Check.Labels, address, look, "labels()");
        _ = await AskAsync(page, Check.Sideways, address, look, "sideways()");
        _ = await AskAsync(page, Check.Legible, address, look, "legible()");
        if (!address.EndsWith("/report", StringComparison.Ordinal))
        {
            await PressKeysAsync(page, address, look); // a report is one document, to print and to send: it has no navigation to pass
        }

        _ = await page.EvaluateAsync("() => window.pageChecks.openAll()");
        _ = await AskAsync(page, Check.Sideways, address, look + ", tables open", "sideways()");
        _ = await page.EvaluateAsync("most => window.pageChecks.thin(most)", RowsForAxe);
        await AxeAsync(page, address, look + " light", Everything);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        if (isDarkToo)
        {
            await AxeAsync(page, address, look + " dark", Colours);
        }

        _ = await AskAsync(page, Check.Policy, address, look, "policy()");
        await page.CloseAsync();
    }

    /// <summary>Looks at a page as it stands, wherever somebody's way has led, and keeps its faults.</summary>
    /// <param name="page">The page.</param>
    /// <param name="address">What a finding calls it.</param>
    /// <param name="look">Width and language, for a finding.</param>
    /// <param name="language">Language that it must have.</param>
    public async Task LookAsync(IPage page, string address, string look, Language language)
    {
        _ = await AskAsync(page, Check.Structure, address, look, $"structure('{language.Tag()}')");
        _ = await AskAsync(page, Check.Labels, address, look, "labels()");
        _ = await AskAsync(page, Check.Sideways, address, look, "sideways()");
        _ = await AskAsync(page, Check.Legible, address, look, "legible()");
        _ = await AskAsync(page, Check.Policy, address, look, "policy()");
        if (IsLong)
        {
            await AxeAsync(page, address, look, Everything);
        }
    }

    /// <summary>Keeps a fault that somebody else looked for.</summary>
    public void Keep(Check check, string address, string look, bool isFault, string what)
    {
        if (isFault)
        {
            Keep(check, address, look, what);
        }
    }

    /// <summary>Hears of what a page says of itself while it is used.</summary>
    public void Listen(IPage page, string address, string look)
    {
        page.PageError += (_, error) => Keep(Check.Errors, address, look, error);
        page.Console += (_, message) =>
        {
            // That the page itself is "not found" is no fault of it.
            bool isPageItself = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && message.Location.StartsWith(page.Url, StringComparison.Ordinal);
            if (message.Type == "error" && !isPageItself)
            {
                Keep(Check.Errors, address, look, $"{message.Text} at {message.Location}");
            }
        };
        page.RequestFailed += (_, request) =>
        {
            // A link that gives a file leads to no page, which the browser calls an aborted one.
            if (!request.IsNavigationRequest || request.Failure != "net::ERR_ABORTED")
            {
                Keep(Check.Errors, address, look, $"{request.Url} did not load: {request.Failure}");
            }
        };
        page.Request += (_, request) =>
        {
            Uri asked = new(request.Url);
            if (asked.Scheme is "http" or "https" or "ws" or "wss" && asked.Host != "127.0.0.1")
            {
                Keep(Check.Outside, address, look, request.Url);
            }
        };
    }

    /// <summary>Whether a usual run visits a page.</summary>
    public static bool IsSeen(string address) => address.StartsWith("/es", StringComparison.Ordinal)
        || (address.StartsWith("/en/projects/", StringComparison.Ordinal) && address.Count(letter => letter == '/') == 3);

    private async Task VisitShareAsync(Visitor visitor, string[] addresses)
    {
        foreach (int width in (int[])[Wide, Phone])
        {
            // Every Spanish page in one width, turn by turn, and of the English ones those of a project itself, whose components are the most.
            string[] seen = [.. addresses.Where((address, index) => IsSeen(address) && (index % 2 == 0) == (width == Wide))];

            await using IBrowserContext context = await ContextAsync(browser, width);
            await visitor.SignInAsync(context, portal);
            foreach (string address in seen)
            {
                await VisitAsync(context, width, address, isDarkToo: false);
            }
        }
    }

    /// <summary>Tabs past the navigation, and through everything that takes the focus.</summary>
    public async Task PressKeysAsync(IPage page, string address, string look)
    {
        await page.Keyboard.PressAsync("Tab");
        if (await AskAsync(page, Check.Keyboard, address, look, "skipLink()") == 0)
        {
            await page.Keyboard.PressAsync("Enter");
            await page.Keyboard.PressAsync("Tab");
            _ = await AskAsync(page, Check.Keyboard, address, look, "afterSkip()");
        }

        _ = await AskAsync(page, Check.Keyboard, address, look, "focus()");
    }

    /// <summary>Runs axe-core with some of its rules.</summary>
    public async Task AxeAsync(IPage page, string address, string look, object rules)
    {
        string[] faults = await page.EvaluateAsync<string[]>("rules => window.pageChecks.axe(rules)", rules);
        lock (guard)
        {
            AxeRuns++;
        }

        Array.ForEach(faults, fault => Keep(Check.Accessibility, address, look, fault));
    }

    /// <summary>Asks one of our own checks and keeps its faults.</summary>
    /// <returns>How many faults.</returns>
    public async Task<int> AskAsync(IPage page, Check check, string address, string look, string call)
    {
        string[] faults = await page.EvaluateAsync<string[]>($"() => window.pageChecks.{call}");
        Array.ForEach(faults, fault => Keep(check, address, look, fault));
        return faults.Length;
    }

    private void Keep(Check check, string address, string look, string what)
    {
        lock (guard)
        {
            findings.Add(new(check, address, look, what));
        }
    }

    /// <summary>Takes a picture of the whole page, where pictures are wanted.</summary>
    public async Task TakePictureAsync(IPage page, string address, string look, string who)
    {
        if (!TakesPictures)
        {
            return;
        }

        string name = $"{address.Trim('/').Replace('/', '-').Replace('?', '-').Replace('=', '-')}-{look}-{who}.png";
        int height = await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight");
        int width = page.ViewportSize?.Width ?? throw new UnreachableException("a page has a size");
        _ = Directory.CreateDirectory(pictures);
        _ = await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(pictures, name),
            FullPage = true,
            Clip = new() { X = 0, Y = 0, Width = width, Height = Math.Min(height, LongestPicture) },
        });
        lock (guard)
        {
            _ = taken.Add(name);
        }
    }
}
