using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Metering.Tests.Pages;

public sealed partial class PortalTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("en", "/en/")]
    [InlineData("es-MX", "/es/")]
    public async Task The_root_leads_to_the_language_of_the_browser(string language, string address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Add("Accept-Language", language);
        using HttpResponseMessage response = await portal.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(address, response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData(SampleProjects.Accepted, Verdict.Saving, "Ahorro medido", "Measured saving")]
    [InlineData(SampleProjects.Open, Verdict.NotDistinguishable, "No se puede afirmar un ahorro", "No saving can be claimed")]
    [InlineData(SampleProjects.Refused, Verdict.Refused, "Por qué no hay cifra", "Why there is no number")]
    [InlineData(SampleProjects.Running, Verdict.Saving, "Cifra provisional", "Provisional")]
    [InlineData(SampleProjects.Empty, Verdict.Waiting, "Todavía sin cifra", "No number yet")]
    internal async Task A_project_page_says_its_verdict_in_both_languages(string id, Verdict verdict, string spanish, string english)
    {
        Assert.Equal(verdict, Result(id).Verdict);
        Assert.Contains(spanish, await Page($"/es/projects/{id}"), StringComparison.Ordinal);
        Assert.Contains(english, await Page($"/en/projects/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_true_saving_lies_inside_the_interval()
    {
        ProjectResult result = Result(SampleProjects.Accepted);
        double truth = result.Days.Where(day => day.Phase == DayPhase.Reporting && day.Counts).Sum(day => day.Use) * 0.17 / 0.83;
        Assert.InRange(truth, result.Savings!.Savings - result.Savings.HalfWidth, result.Savings.Savings + result.Savings.HalfWidth);
    }

    [Theory]
    [InlineData(SampleProjects.Accepted)]
    [InlineData(SampleProjects.Water)]
    [InlineData(SampleProjects.Open)]
    [InlineData(SampleProjects.Running)]
    public void Days_and_months_add_up_to_the_headline(string id)
    {
        ProjectResult result = Result(id);
        double headline = result.Savings!.Savings;
        double tolerance = 1e-9 * result.Savings.Counterfactual;
        Assert.Equal(headline, result.Months.Sum(month => month.Saving), tolerance);
        Assert.Equal(headline, result.Days.Where(day => day.Phase == DayPhase.Reporting && day.Counts).Sum(day => day.Saving), tolerance);
        Assert.Equal(headline, result.Savings.CumulativeSavings[^1], tolerance);
    }

    [Fact]
    public void Days_in_a_gap_carry_no_saving_and_are_counted_as_missing()
    {
        ProjectResult result = Result(SampleProjects.Accepted);
        Assert.Equal([26, 28], result.Months.Where(month => month is { Year: 2026, Month: 2 }).SelectMany(month => (int[])[month.Days, month.PossibleDays]));
        Assert.Contains(result.Days, day => day.Day == new DateOnly(2025, 3, 5) && day.State == DayState.Missing && double.IsNaN(day.Use));
    }

    [Fact]
    public void A_running_project_judges_only_what_has_arrived()
    {
        ProjectResult result = Result(SampleProjects.Running);
        Assert.Equal(new DateOnly(2026, 3, 17), result.ReportedThrough);
        Assert.False(result.IsComplete);
        Assert.Equal((2026, 3), (result.Months[^1].Year, result.Months[^1].Month));
    }

    [Fact]
    public void The_result_is_kept_until_the_data_change() =>
        Assert.Same(Result(SampleProjects.Accepted), Result(SampleProjects.Accepted));

    [Theory]
    [InlineData("/es/")]
    [InlineData("/en/projects/" + SampleProjects.Accepted)]
    [InlineData("/en/projects/" + SampleProjects.Accepted + "?m=2026-03")]
    [InlineData("/es/projects/" + SampleProjects.Empty)]
    [InlineData("/es/plants/leon-tannery")]
    [InlineData("/en/plants/queretaro-hotel")]
    public async Task A_page_is_whole_safe_and_free_of_scripts_inside_it(string address)
    {
        using HttpResponseMessage response = await portal.Client.GetAsync(new Uri(address, UriKind.Relative));
        string html = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Matches($"<html lang=\"{(address.StartsWith("/es", StringComparison.Ordinal) ? "es-MX" : "en")}\"", html);
        Assert.DoesNotMatch("<script(?! type=\"module\" src=\"/live\\.js\\?v=[0-9a-f]{12}\"></script>)", html);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@">[−-]0(\.0+)?[<\s]", html);
        List<string> ids = [.. Id().Matches(html).Select(match => match.Groups[1].Value)];
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Names_from_the_register_are_escaped()
    {
        string html = await Page("/es/plants/queretaro-hotel");
        Assert.DoesNotContain("<Quer", html, StringComparison.Ordinal);
        Assert.Contains("Hotel &lt;Quer", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/es/projects/" + SampleProjects.Accepted, "/en/projects/" + SampleProjects.Accepted)]
    [InlineData("/en/plants/leon-tannery", "/es/plants/leon-tannery")]
    public async Task The_language_switch_keeps_the_page(string address, string other) =>
        Assert.Contains($"class=\"switch\" lang=\"{(other[1] == 'e' && other[2] == 'n' ? "en" : "es-MX")}\" hreflang=\"{(other[2] == 'n' ? "en" : "es-MX")}\" href=\"{other}\"", await Page(address), StringComparison.Ordinal);

    [Fact]
    public async Task What_is_not_there_and_what_fails_get_a_friendly_page_in_the_language()
    {
        using HttpResponseMessage missing = await portal.Client.GetAsync(new Uri("/es/projects/nothing.here", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("No encontramos esta p", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage failed = await portal.Client.GetAsync(new Uri("/en/fails", UriKind.Relative));
        string html = await failed.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Contains("Something failed on our side", html, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_holds_the_numbers_of_the_page_and_null_where_there_are_none()
    {
        using JsonDocument accepted = JsonDocument.Parse(await Page($"/api/v1/projects/{SampleProjects.Accepted}.json"));
        ProjectResult result = Result(SampleProjects.Accepted);
        Assert.Equal(result.Savings!.Savings, accepted.RootElement.GetProperty("saving").GetDouble());
        Assert.Equal(result.Days.Count, accepted.RootElement.GetProperty("days").GetArrayLength());
        using JsonDocument list = JsonDocument.Parse(await Page("/api/v1/projects"));
        JsonElement empty = list.RootElement.GetProperty("items").EnumerateArray().Single(project => project.GetProperty("id").GetString() == SampleProjects.Empty);
        Assert.Equal(JsonValueKind.Null, empty.GetProperty("saving").ValueKind);
        Assert.Equal("waiting", empty.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task The_monthly_table_adds_up_and_a_missing_day_is_an_empty_field()
    {
        string[] monthly = (await Page($"/api/v1/projects/{SampleProjects.Accepted}/monthly.csv")).TrimEnd().Split("\r\n");
        double sum = monthly.Skip(1).Sum(line => double.Parse(line.Split(',')[4], CultureInfo.InvariantCulture));
        Assert.Equal(Result(SampleProjects.Accepted).Savings!.Savings, sum, 1e-6 * Math.Abs(sum));
        string[] daily = (await Page($"/api/v1/projects/{SampleProjects.Accepted}/daily.csv")).Split("\r\n");
        Assert.Contains("use [kWh]", daily[0], StringComparison.Ordinal);
        string gap = daily.Single(line => line.Contains("2025-03-05T00:00:00-06:00", StringComparison.Ordinal));
        Assert.Equal(["missing", ""], gap.Split(',')[3..5]);
    }

    [Fact]
    public async Task Intervals_add_up_to_the_difference_of_the_register()
    {
        string[] lines = (await Page("/api/v1/channels/silao-auto/mains.active-energy-import/intervals.csv?from=2026-01-01&to=2026-02-01&step=1h")).TrimEnd().Split("\r\n");
        Assert.Equal(31 * 24, lines.Length - 1);
        double sum = lines.Skip(1).Sum(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture));
        double month = Result(SampleProjects.Open).Days.Where(day => day.Day is { Year: 2026, Month: 1 }).Sum(day => day.Use);
        Assert.Equal(month, sum, 1e-6);
    }

    [Theory]
    [InlineData("/api/v1/projects/none.json", 404, "unknown-project")]
    [InlineData("/api/v1/channels/silao-auto/none/intervals.csv", 404, "unknown-channel")]
    [InlineData("/api/v1/channels/silao-auto/hides.count/intervals.csv?step=7m", 400, "bad-step")]
    [InlineData("/api/v1/channels/silao-auto/hides.count/intervals.csv?from=soon", 400, "bad-time")]
    [InlineData("/api/v1/channels/silao-auto/hides.count/intervals.csv?from=2026-02-01&to=2026-01-01", 400, "bad-range")]
    [InlineData("/api/v1/nothing", 404, "unknown-address")]
    public async Task A_bad_request_is_answered_with_problem_details(string address, int status, string code)
    {
        using HttpResponseMessage response = await portal.Client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_unchanged_result_is_answered_with_not_modified()
    {
        Uri address = new($"/api/v1/projects/{SampleProjects.Accepted}.json", UriKind.Relative);
        using HttpResponseMessage first = await portal.Client.GetAsync(address);
        using HttpRequestMessage again = new(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await portal.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Style_icon_and_load_map_are_served_from_any_directory()
    {
        foreach ((string address, string type) in ((string, string)[])[("/site.css", "text/css"), ("/charts.css", "text/css"), ("/icon.svg", "image/svg+xml"), ($"/charts/{SampleProjects.Accepted}/carpet.png", "image/png")])
        {
            using HttpResponseMessage response = await portal.Client.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        }
    }

    private ProjectResult Result(string id) => portal.Board.ResultOf(portal.Board.Register.Find(id)!);

    private async Task<string> Page(string address) => await portal.Client.GetStringAsync(new Uri(address, UriKind.Relative));

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Id();
}
