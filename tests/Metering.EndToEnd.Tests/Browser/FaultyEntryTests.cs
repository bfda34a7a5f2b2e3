using System.Globalization;
using Metering.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>
/// What a person sees who sends a form with nonsense: every form of each kind, in both languages, on a narrow and a wide screen. A usual run takes two forms;
/// METERING_LONG=1 takes all that the pages of any visitor have, with axe-core in light and dark.
/// </summary>
[Collection(BrowserFixture.Collection)]
public sealed class FaultyEntryTests(BrowserFixture fixture)
{
    private static readonly string[] Usual = ["/es/sign-in", "/es/projects/pml-002/records/measure/-new"];

    [NeedsFact("chromium")]
    public async Task A_form_sent_with_nonsense_answers_with_a_page_that_can_be_read()
    {
        Survey survey = new(fixture.Browser, fixture.Portal.Address);
        HashSet<string> kinds = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Visitor visitor in Survey.IsLong ? Visitor.Usual : [Visitor.Usual[0]])
        {
            await using IBrowserContext context = await Survey.ContextAsync(fixture.Browser, Survey.Phone);
            await visitor.SignInAsync(context, fixture.Portal.Address);
            IReadOnlyList<string> addresses = Survey.IsLong ? (await PageList.FindAsync(context.APIRequest, fixture.Portal, seen)).Pages : Usual;
            foreach (string address in (string[])[.. addresses.Where(seen.Add).Where(Survey.IsWanted)])
            {
                await SendAllAsync(context, survey, (visitor.Name, address), kinds);
            }
        }

        await survey.WriteIndexAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kinds.Count} kinds of forms sent with nonsense"));
        Assert.True(kinds.Count >= (Survey.IsLong ? 20 : Usual.Length), string.Join('\n', kinds));
        Assert.True(survey.Findings.Count == 0, string.Join('\n', survey.Findings.Take(40)));
    }

    // Each form of a page, on a page loaded anew: what one form answers is not the page of the next.
    private async Task SendAllAsync(IBrowserContext context, Survey survey, (string Visitor, string Address) place, HashSet<string> kinds)
    {
        IPage page = await context.NewPageAsync();
        string at = new Uri(fixture.Portal.Address, place.Address).ToString();
        _ = await page.GotoAsync(at);
        string[] forms = await page.EvaluateAsync<string[]>("() => window.pageChecks.forms()");
        for (int index = 0; index < forms.Length; index++)
        {
            if (forms[index].Length == 0 || !kinds.Add(place.Address[..3] + " " + forms[index]))
            {
                continue;
            }

            // What an earlier form did may have taken this one away: an alarm that was attended to asks nothing more.
            _ = await page.GotoAsync(at);
            if ((await page.EvaluateAsync<string[]>("() => window.pageChecks.forms()")).ElementAtOrDefault(index) != forms[index])
            {
                continue;
            }

            IResponse answer = await page.RunAndWaitForResponseAsync(
                () => page.EvaluateAsync("index => window.pageChecks.sendNonsense(index)", index), response => response.Request.IsNavigationRequest && response.Status is < 300 or >= 400);

            // The response is there before the page: what was sent from carries a mark that the answer does not.
            _ = await page.WaitForFunctionAsync("() => !window.isSent && document.readyState === 'complete'");
            string what = string.Create(CultureInfo.InvariantCulture, $"{place.Address} form {index} as {place.Visitor}");
            survey.Keep(Check.Errors, what, "nonsense", answer.Status >= 500, $"answered {answer.Status}");
            await LookAsync(page, survey, what, string.Create(CultureInfo.InvariantCulture, $"{place.Address}-nonsense-{index}"));
        }

        await page.CloseAsync();
    }

    private static async Task LookAsync(IPage page, Survey survey, string what, string picture)
    {
        string language = what.StartsWith("/es", StringComparison.Ordinal) ? "es-MX" : "en";
        _ = await survey.AskAsync(page, Check.Structure, what, "nonsense", $"structure('{language}')");
        foreach (int width in (int[])[Survey.Wide, Survey.Phone])
        {
            string look = string.Create(CultureInfo.InvariantCulture, $"nonsense {width}");
            await page.SetViewportSizeAsync(width, Survey.Height);
            _ = await survey.AskAsync(page, Check.Sideways, what, look, "sideways()");
            _ = await survey.AskAsync(page, Check.Legible, what, look, "legible()");
            await survey.TakePictureAsync(page, picture, string.Create(CultureInfo.InvariantCulture, $"{width}"), "light");
        }

        if (Survey.IsLong)
        {
            await survey.AxeAsync(page, what, "nonsense light", Survey.Everything);
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            await survey.AxeAsync(page, what, "nonsense dark", Survey.Colours);
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        }
    }
}
