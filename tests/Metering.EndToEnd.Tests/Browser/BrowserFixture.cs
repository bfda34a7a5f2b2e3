using System.Reflection;
using Metering.EndToEnd.Tests.Browser.Walks;
using Microsoft.Playwright;
using Xunit;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>One Chromium, one portal and one survey of its pages for the whole suite.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public const string Collection = "browser";
    private const string Chromium = "/usr/bin/chromium";

    /// <summary>Wide and narrow, light and dark.</summary>
    private const int Looks = 4;

    private IPlaywright? playwright;
    private IBrowser? browser;
    private PortalHost? portal;
    private Task<(PageList Pages, Survey Survey)>? surveying;
    private Task<WalkHost>? walks;

    /// <summary>The browser; where it is not installed tests are skipped before they ask, or fail here.</summary>
    internal IBrowser Browser => browser ?? throw new InvalidOperationException($"{Chromium} is not installed");

    /// <summary>The portal.</summary>
    internal PortalHost Portal => portal ?? throw new InvalidOperationException($"{Chromium} is not installed");

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        string package = typeof(BrowserFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "PlaywrightPackage").Value!;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", package);
        Task<PortalHost> starting = PortalHost.StartAsync();
        playwright = await Playwright.CreateAsync();

        // No name is ever looked up: what a page asks of another machine fails and is found.
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"] });
        portal = await starting;
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.CloseAsync();
        }

        playwright?.Dispose();
        if (walks is not null)
        {
            await (await walks).DisposeAsync();
        }

        if (portal is not null)
        {
            await portal.DisposeAsync();
        }
    }

    /// <summary>Pages that a long run did not see in all looks.</summary>
    internal IReadOnlyList<string> Unlooked { get; private set; } = [];

    /// <summary>What all walks share; started by whichever asks first.</summary>
    internal Task<WalkHost> WalksAsync() => walks ??= WalkHost.StartAsync();

    /// <summary>Every page visited in every look; done once, by whichever test asks first.</summary>
    internal Task<(PageList Pages, Survey Survey)> SurveyAsync() => surveying ??= VisitAsync();

    private async Task<(PageList Pages, Survey Survey)> VisitAsync()
    {
        Survey survey = new(Browser, Portal.Address);
        AllLooks? all = Survey.IsLong ? new(Browser, Portal.Address, survey) : null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<PageList> lists = [];
        foreach (Visitor visitor in all is null ? Visitor.Usual : Visitor.All)
        {
            await using IBrowserContext context = await Browser.NewContextAsync();
            await visitor.SignInAsync(context, Portal.Address);
            PageList pages = await PageList.FindAsync(context.APIRequest, Portal, all is null ? seen : new HashSet<string>(StringComparer.Ordinal));
            lists.Add(pages);

            // In a usual run, a page that an earlier visitor saw is taken to look the same to this one.
            string[] unseen = [.. pages.Pages.Where(seen.Add)];
            await (all is null ? survey.VisitOnceAsync(visitor, unseen) : all.VisitAsync(visitor, pages.Pages));
        }

        await survey.WriteIndexAsync();
        PageList union = PageList.Union(lists);
        Console.WriteLine(all?.Summary ?? $"{survey.AxeRuns} runs of axe-core over {seen.Count} pages");
        Unlooked = all is null ? [] : [.. union.Pages.Where(page => all.LooksOf(page) < Looks)];
        return (union, survey);
    }
}

[CollectionDefinition(BrowserFixture.Collection)]
#pragma warning disable CA1711 // The runner calls it a collection.
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>;
#pragma warning restore CA1711
