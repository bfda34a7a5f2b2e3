using System.Net;
using System.Text.RegularExpressions;
using Metering.Cloud.Assessment;
using Metering.Tests.Pages;
using Xunit;

namespace Metering.Tests.Programme.Assessment;

public sealed class SelfAssessmentPageTests(ReferenceDataFixture pages) : IClassFixture<ReferenceDataFixture>
{
    [Theory]
    [InlineData("es", "No se guarda nada")]
    [InlineData("en", "Nothing is kept")]
    public async Task The_form_of_each_sector_asks_and_says_why(string language, string notice)
    {
        Assert.Contains(notice, await pages.Client.GetStringAsync($"/{language}/self-assessment"), StringComparison.Ordinal);
        foreach (string sector in (string[])["tanning", "automotive", "chemical", "hospital", "hotel"])
        {
            string html = await pages.Client.GetStringAsync($"/{language}/self-assessment?sector={sector}");
            Assert.Contains($"name=\"amount.{sector}.output\"", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_complete_answer_gives_figures_bands_and_reasons()
    {
        using HttpResponseMessage response = await Post("en", Complete());
        string html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("30\u00A0m³/t", html, StringComparison.Ordinal);
        Assert.Contains("<svg id=\"bands-Water-w\"", html, StringComparison.Ordinal);
        Assert.Contains("Batch rinses and flow limiters", html, StringComparison.Ordinal);
        Assert.Contains("Are rinses done in batches, without running water, and with flow limiters? – no", html, StringComparison.Ordinal);
        Assert.Contains("Module 4:", html, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task An_ambiguous_amount_is_refused_and_all_that_was_typed_is_kept()
    {
        Dictionary<string, string> answers = Complete();
        answers["amount.water-well"] = "30.000";
        using HttpResponseMessage response = await Post("es", answers);
        string html = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("value=\"30.000\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"800,000.5\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"#field-water-well\"", html, StringComparison.Ordinal);
        Assert.Contains("puede leerse como", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_amount_with_the_mark_that_it_is_not_used_is_refused()
    {
        Dictionary<string, string> answers = Complete();
        answers["unused.water-well"] = "1";
        using HttpResponseMessage response = await Post("en", answers);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task Going_back_from_the_result_keeps_the_answers()
    {
        Dictionary<string, string> answers = Complete();
        answers["edit"] = "1";
        using HttpResponseMessage response = await Post("en", answers);
        string html = await response.Content.ReadAsStringAsync();
        Assert.Contains("value=\"800,000.5\"", html, StringComparison.Ordinal);
        Assert.Matches("value=\"No\"[^>]*checked", html);
    }

    [Fact]
    public async Task A_form_that_is_not_understood_is_answered_with_a_page()
    {
        using HttpResponseMessage unknown = await Post("en", new() { ["sector"] = "<b>mining" });
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.DoesNotContain("<b>mining", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using StringContent text = new("hello");
        using HttpResponseMessage plain = await pages.Client.PostAsync(new Uri("/en/self-assessment", UriKind.Relative), text);
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
        using HttpResponseMessage large = await Post("en", new() { ["sector"] = new string('x', 100_000) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Theory]
    [InlineData("12345", 12345)]
    [InlineData("12,345.6", 12345.6)]
    [InlineData("12 345,6", 12345.6)]
    [InlineData("12,5", 12.5)]
    [InlineData("0.125", 0.125)]
    [InlineData("1,234,567", 1234567)]
    [InlineData("8.0650", 8.065)]
    public void An_amount_is_read_when_it_can_mean_one_number_only(string text, double expected)
    {
        Assert.Null(AssessmentForm.NumberFault(text, out double value));
        Assert.Equal(expected, value, 9);
    }

    [Theory]
    [InlineData("8.065")]
    [InlineData("12,345")]
    [InlineData("-5")]
    [InlineData("12 kWh")]
    [InlineData("1e9")]
    [InlineData("9999999999999999")]
    public void An_amount_that_can_mean_two_numbers_or_none_is_refused(string text) =>
        Assert.NotNull(AssessmentForm.NumberFault(text, out _));

    private static Dictionary<string, string> Complete() => new(StringComparer.Ordinal)
    {
        ["sector"] = "tanning",
        ["year"] = "2023",
        ["amount.tanning.output"] = "1000",
        ["unit.tanning.output"] = "t",
        ["amount.electricity"] = "800,000.5",
        ["unit.electricity"] = "kWh",
        ["amount.natural-gas"] = "3600",
        ["unit.natural-gas"] = "GJ",
        ["unused.lp-gas"] = "1",
        ["unused.diesel"] = "1",
        ["unused.fuel-oil"] = "1",
        ["unused.water-utility"] = "1",
        ["unused.water-other"] = "1",
        ["amount.water-well"] = "30000",
        ["unit.water-well"] = "m3",
        ["amount.wastewater"] = "26000",
        ["unit.wastewater"] = "m3",
        ["practice.tanning.rinses"] = "No",
        ["practice.compressed-air"] = "Partly",
        ["practice.sub-meters"] = "No",
    };

    // As a browser does: the page is read first; its cookie and its token go along.
    private async Task<HttpResponseMessage> Post(string language, Dictionary<string, string> fields)
    {
        Uri address = new($"/{language}/self-assessment", UriKind.Relative);
        using HttpResponseMessage page = await pages.Client.GetAsync(new Uri(address + "?sector=tanning", UriKind.Relative));
        string cookie = page.Headers.GetValues("Set-Cookie").Single(header => header.StartsWith("metering-form=", StringComparison.Ordinal)).Split(';')[0];
        fields["__RequestVerificationToken"] = Regex.Match(await page.Content.ReadAsStringAsync(), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Cookie", $"{pages.Cookie}; {cookie}");
        return await pages.Client.SendAsync(request);
    }
}
