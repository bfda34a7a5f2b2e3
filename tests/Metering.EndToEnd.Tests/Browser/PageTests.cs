using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd.Tests.Browser;

/// <summary>Every page of the product in a real Chromium: both languages, light and dark, desk and phone.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class PageTests(BrowserFixture fixture)
{
    [NeedsFact("chromium")]
    public async Task Every_route_for_people_leads_to_a_page_that_some_page_links_to()
    {
        (PageList pages, Survey survey) = await fixture.SurveyAsync();
        Assert.Empty(pages.Unreached);
        Assert.True(pages.Pages.Count >= 26, string.Join('\n', pages.Pages));
        Assert.Empty(fixture.Unlooked);
        Assert.True(Survey.IsLong || pages.Pages.Count(Survey.IsSeen) == survey.AxeRuns, $"{survey.AxeRuns} runs of axe-core over {pages.Pages.Count} pages");
    }

    [NeedsFact("chromium")]
    public async Task Every_page_is_there_in_both_languages()
    {
        (PageList pages, _) = await fixture.SurveyAsync();
        string[] spanish = Without("/es", pages.Pages.Where(page => page != "/es/no-hay"));
        string[] english = Without("/en", pages.Pages.Where(page => page != "/en/no-such"));
        Assert.Equal(spanish, english);
    }

    [NeedsFact("chromium")]
    public Task No_page_violates_a_rule_of_WCAG_A_or_AA() => ExpectNoneAsync(Check.Accessibility);

    [NeedsFact("chromium")]
    public Task Every_page_has_one_heading_one_main_a_title_and_its_language() => ExpectNoneAsync(Check.Structure);

    [NeedsFact("chromium")]
    public Task Every_control_has_a_label() => ExpectNoneAsync(Check.Labels);

    [NeedsFact("chromium")]
    public Task No_page_is_wider_than_the_screen() => ExpectNoneAsync(Check.Sideways);

    [NeedsFact("chromium")]
    public Task Every_word_can_be_read() => ExpectNoneAsync(Check.Legible);

    [NeedsFact("chromium")]
    public Task The_keyboard_passes_the_navigation_and_always_shows_where_it_is() => ExpectNoneAsync(Check.Keyboard);

    [NeedsFact("chromium")]
    public Task Nothing_fails_to_load_or_to_run() => ExpectNoneAsync(Check.Errors);

    [NeedsFact("chromium")]
    public Task No_page_breaks_its_own_policy() => ExpectNoneAsync(Check.Policy);

    [NeedsFact("chromium")]
    public Task Nothing_is_asked_of_another_machine() => ExpectNoneAsync(Check.Outside);

    private static string[] Without(string language, IEnumerable<string> pages) =>
        [.. pages.Where(page => page.StartsWith(language + "/", StringComparison.Ordinal)).Select(page => page[3..]).Order(StringComparer.Ordinal)];

    private async Task ExpectNoneAsync(Check check)
    {
        (_, Survey survey) = await fixture.SurveyAsync();
        Finding[] faults = [.. survey.Findings.Where(finding => finding.Check == check)];
        Assert.True(faults.Length == 0, $"{faults.Length} faults:\n" + string.Join('\n', faults.Take(40)));
    }
}
