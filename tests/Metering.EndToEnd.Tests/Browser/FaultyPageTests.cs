using Metering.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>The survey finds what it is for: a page with one fault of each kind.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class FaultyPageTests(BrowserFixture fixture)
{
    private const string Faulty = """
        <!DOCTYPE html>
        <html lang="fr"><head><title></title><style>a:focus { outline: none } .low { color: #999 } @media (prefers-color-scheme: dark) { .dark { color: #222; background: #111 } }</style></head>
        <body><a href="#nowhere">x</a><h1>One</h1><h1>Two</h1><main><p class="low">grey on white</p><p class="dark">dark on dark</p>
        <img src="http://elsewhere.invalid/picture.png"><input name="n"><div id="wide">wide</div>
        <svg id="drawn" class="chart" viewBox="0 0 100 50" width="100" height="50"><text x="0" y="20">1,000</text><text x="4" y="20">2,000</text><text x="90" y="40">outside</text></svg>
        <table><tr><td style="width:40px;max-width:40px">one of many words in a column that is so narrow that each of them is a line of its own, and nobody who stands before a meter would want to read whatever it says there</td></tr></table>
        <button style="width:30px;overflow:hidden;white-space:nowrap">a long word</button>
        <script>document.getElementById('wide').style.width = '2000px'; console.error('an error');</script>
        <script src="http://elsewhere.invalid/script.js"></script></main></body></html>
        """;

    // One visit serves every row.
    private static Task<Survey>? visit;

    [NeedsTheory("chromium")]
    [InlineData(nameof(Check.Accessibility), "390 light", "image-alt")]
    [InlineData(nameof(Check.Accessibility), "390 light", "label")]
    [InlineData(nameof(Check.Accessibility), "390 light", "color-contrast: .low")]
    [InlineData(nameof(Check.Accessibility), "390 dark", "color-contrast: .dark")]
    [InlineData(nameof(Check.Structure), "390", "there are 2 h1")]
    [InlineData(nameof(Check.Structure), "390", "html lang is 'fr', not 'es-MX'")]
    [InlineData(nameof(Check.Structure), "390", "the title is empty")]
    [InlineData(nameof(Check.Labels), "390", "input")]
    [InlineData(nameof(Check.Sideways), "390", "div#wide")]
    [InlineData(nameof(Check.Legible), "390", "in drawn \"1,000\" stands over \"2,000\"")]
    [InlineData(nameof(Check.Legible), "390", "in drawn \"outside\" stands past the edge")]
    [InlineData(nameof(Check.Legible), "390", "a ladder of")]
    [InlineData(nameof(Check.Legible), "390", "cut off: button")]
    [InlineData(nameof(Check.Keyboard), "390", "not a link to main")]
    [InlineData(nameof(Check.Keyboard), "390", "a \"x\"")]
    [InlineData(nameof(Check.Errors), "390", "an error")]
    [InlineData(nameof(Check.Errors), "390", "did not load")]
    [InlineData(nameof(Check.Policy), "390", "script-src-elem http://elsewhere.invalid/script.js")]
    [InlineData(nameof(Check.Outside), "390", "http://elsewhere.invalid/picture.png")]
    public async Task A_fault_is_found(string check, string look, string words)
    {
        Survey survey = await (visit ??= VisitAsync());
        Assert.True(
            survey.Findings.Any(finding => finding.Check.ToString() == check && finding.Look == look && finding.What.Contains(words, StringComparison.Ordinal)),
            string.Join('\n', survey.Findings));
    }

    private async Task<Survey> VisitAsync()
    {
        await using IBrowserContext context = await Survey.ContextAsync(fixture.Browser, Survey.Phone);
        await context.RouteAsync("**/es/faulty", route => route.FulfillAsync(new()
        {
            ContentType = "text/html; charset=utf-8",
            Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = "script-src 'self' 'unsafe-inline'" },
            Body = Faulty,
        }));
        Survey survey = new(fixture.Browser, fixture.Portal.Address);
        await survey.VisitAsync(context, Survey.Phone, "/es/faulty", isDarkToo: true);
        return survey;
    }
}
