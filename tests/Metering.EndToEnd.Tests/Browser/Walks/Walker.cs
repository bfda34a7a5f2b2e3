using System.Globalization;
using System.Text.RegularExpressions;
using Metering.Cloud.Accounts;
using Metering.Programme.Records;
using Metering.Readings.Texts;
using Metering.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Metering.EndToEnd.Tests.Browser.Walks;

/// <summary>
/// One person before a browser: follows links by the words on them, fills fields by their labels, presses buttons. Only the first address is typed. What a
/// page says is looked up in the product's own texts, so a text that changes changes here, too. Disposal says what pages did wrong on the way.
/// </summary>
internal sealed class Walker : IAsyncDisposable
{
    private const string Password = "cuatro palabras sin relación";

    // What is waited for always comes; how soon is the machine's affair.
    private const float DeadlineMilliseconds = 90_000;
    private static readonly string Pictures = Repository.Path(".artifacts", "screenshots", "walks");

    private readonly IBrowserContext context;
    private readonly Uri portal;
    private readonly Survey survey;
    private readonly string name;
    private readonly int width;
    private int pictures;

    private Walker(IBrowserContext context, IPage page, Uri portal, (Survey Survey, Language Language, string Name, int Width) walk)
    {
        (this.context, Page, this.portal) = (context, page, portal);
        (survey, Language, name, width) = walk;
    }

    /// <summary>The page before the person.</summary>
    public IPage Page { get; }

    /// <summary>The person's language.</summary>
    public Language Language { get; }

    /// <summary>Opens a browser window of one person.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="portal">The portal's address.</param>
    /// <param name="language">The person's language.</param>
    /// <param name="name">Name of the walk, which its pictures bear.</param>
    /// <param name="width">Width of the window in points.</param>
    public static async Task<Walker> BeginAsync(IBrowser browser, Uri portal, Language language, string name, int width = Survey.Wide)
    {
        _ = Directory.CreateDirectory(Pictures);
        IBrowserContext window = await Survey.ContextAsync(browser, width, language.Tag());
        window.SetDefaultTimeout(DeadlineMilliseconds);
        SetDefaultExpectTimeout(DeadlineMilliseconds);
        IPage page = await window.NewPageAsync();
        Survey looks = new(browser, portal);
        looks.Listen(page, name, language.Code());
        return new(window, page, portal, (looks, language, name, width));
    }

    /// <summary>A text of the product in the person's language.</summary>
    public string T(Text text, params object[] values) => values.Length == 0 ? text.In(Language) : text.In(Language, values);

    /// <summary>Types an address.</summary>
    public async Task OpenAsync(string address) => _ = await Page.GotoAsync(new Uri(portal, address).ToString());

    /// <summary>Opens an invitation and chooses a password, by keyboard alone once the first field is reached.</summary>
    public async Task EnterAsync(string invitation)
    {
        await OpenAsync(invitation);
        await Page.GetByLabel(T(AccountWords.NewPassword)).FocusAsync();
        await Page.Keyboard.InsertTextAsync(Password);
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.InsertTextAsync(Password);
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = T(AccountWords.SignOut) })).ToBeVisibleAsync();
    }

    /// <summary>Clicks a link by its words.</summary>
    public Task FollowAsync(Text text, params object[] values) => FollowAsync(T(text, values));

    /// <summary>Clicks a link by its words; the first of them where there are several.</summary>
    public Task FollowAsync(string words) => Page.GetByRole(AriaRole.Link, new() { Name = words, Exact = true }).First.ClickAsync();

    /// <summary>Clicks a link that stands in the page's own part, where the navigation has one of the same words.</summary>
    public Task FollowInMainAsync(Text text) => Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = T(text), Exact = true }).First.ClickAsync();

    /// <summary>Reaches a button by its words and presses it with the Enter key.</summary>
    public Task PressAsync(Text text) => PressAsync(Page.Locator("main"), text);

    /// <summary>Presses a button within a part of the page.</summary>
    public Task PressAsync(ILocator part, Text text) => part.GetByRole(AriaRole.Button, new() { Name = T(text), Exact = true }).First.PressAsync("Enter");

    /// <summary>Writes into a field or chooses from a list, by its label.</summary>
    public Task FillAsync(Text label, string value) => FillAsync(Page.Locator("main"), T(label), value);

    /// <summary>Writes into a field or chooses from a list within a part of the page.</summary>
    public Task FillAsync(ILocator part, Text label, string value) => FillAsync(part, T(label), value);

    /// <summary>The same, by the words that the label begins with.</summary>
    public Task FillAsync(ILocator part, string label, string value) =>
        FillAsync(part.GetByLabel(new Regex("^" + Regex.Escape(label) + @"(\s|$)")).First, value);

    /// <summary>Writes into a field, or chooses from a list by what is shown there or by its word.</summary>
    public static async Task FillAsync(ILocator control, string value)
    {
        if (await control.EvaluateAsync<string>("control => control.tagName") == "SELECT")
        {
            _ = await control.SelectOptionAsync(value);
        }
        else
        {
            await control.FillAsync(value);
        }
    }

    /// <summary>Fills the form of a record of the register and saves it.</summary>
    public async Task AddRecordAsync(RecordKind kind, params (string Field, string Value)[] values)
    {
        await FollowAsync(Cloud.Register.RegisterWords.Register);
        await FollowAsync(kind.Plural);
        await FollowAsync(Cloud.Register.RegisterWords.New);
        foreach ((string field, string value) in values)
        {
            await FillAsync(kind.Fields.Single(one => one.Name == field).Label, value);
        }

        await PressAsync(Cloud.Register.RegisterWords.Save);
        await SeeAsync(Cloud.Register.RegisterWords.History);
    }

    /// <summary>Waits until words stand on the page.</summary>
    public Task SeeAsync(Text text, params object[] values) => SeeAsync(T(text, values));

    /// <summary>Waits until words stand on the page.</summary>
    public async Task SeeAsync(string words)
    {
        try
        {
            await Expect(Page.Locator("main").GetByText(words).Filter(new() { Visible = true }).First).ToBeVisibleAsync();
        }
        catch (PlaywrightException e)
        {
            Assert.Fail($"{name} {Language.Code()}: '{words}' is not on {Page.Url}: {await Page.Locator("main").InnerTextAsync()}\n{e.Message}");
        }
    }

    /// <summary>Takes a picture, and looks at the page as the survey does; with axe-core in a long run.</summary>
    public async Task LookAsync(string what)
    {
        pictures++;
        string file = string.Create(CultureInfo.InvariantCulture, $"{name}-{Language.Code()}-{pictures:00}-{what}.png");
        _ = await Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, file), FullPage = true });
        await survey.LookAsync(Page, $"{name}: {what}", string.Create(CultureInfo.InvariantCulture, $"{width} {Language.Code()}"), Language);
    }

    /// <summary>Follows a link of these words that gives a file, and gives its bytes.</summary>
    public Task<byte[]> DownloadAsync(Text text) => DownloadAsync(Page.GetByRole(AriaRole.Link, new() { Name = T(text), Exact = true }).First);

    /// <summary>Follows a link that gives a file, and gives its bytes.</summary>
    public async Task<byte[]> DownloadAsync(ILocator link)
    {
        IDownload download = await Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        await using Stream stream = await download.CreateReadStreamAsync();
        using MemoryStream bytes = new();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(context.CloseAsync());

    /// <summary>Fails when a page on the way was faulty.</summary>
    public void ExpectNoFaults() => Assert.True(survey.Findings.Count == 0, string.Join('\n', survey.Findings));
}
