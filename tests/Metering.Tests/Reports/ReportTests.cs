using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metering.Analytics.Acceptance;
using Metering.Cloud.Reports;
using Metering.Cloud.Spreadsheets;
using Metering.Cloud.Texts;
using Metering.Tests.Pages;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Reports;

public sealed partial class ReportTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    public static TheoryData<string> Projects => [SampleProjects.Accepted, SampleProjects.Water, SampleProjects.Open, SampleProjects.Refused, SampleProjects.Running, SampleProjects.Empty];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Every_number_of_every_view_has_a_unit_and_no_point_that_could_part_thousands(string id)
    {
        ReportDocument report = SavingsReport.Build(ResultOf(id), []);
        foreach (Language language in Languages.All)
        {
            NumberWalk.Html(await ReportHtml.RenderAsync(report, ResultOf(id), language));
            NumberWalk.Csv(ReportCsv.Write(report, language));
            NumberWalk.Xlsx(ReportWorkbook.Write(report, language));
        }

        NumberWalk.Json(ReportJson.Write(report));
    }

    [Theory]
    [InlineData("half-yearly", "2026-H1")]
    [InlineData("annual", "2025")]
    [InlineData("plac", "2026")]
    public async Task Reports_of_all_projects_pass_the_same_walk(string kind, string period)
    {
        ReportDocument report = ReportFiles.OfPortfolio(portal.Board.Summaries(), kind, period)!.Document;
        foreach (Language language in Languages.All)
        {
            NumberWalk.Html(await ReportHtml.RenderAsync(report, null, language));
            NumberWalk.Csv(ReportCsv.Write(report, language));
            NumberWalk.Xlsx(ReportWorkbook.Write(report, language));
        }

        NumberWalk.Json(ReportJson.Write(report));
    }

    [Fact]
    public async Task Two_runs_give_equal_bytes_and_every_view_prints_the_hash_of_the_data()
    {
        ProjectResult result = ResultOf(SampleProjects.Accepted);
        ReportDocument first = SavingsReport.Build(result, []);
        ReportDocument second = SavingsReport.Build(result, []);
        Assert.Equal(ReportJson.Write(first), ReportJson.Write(second));
        string hash = ReportJson.Hash(ReportJson.Write(first));
        foreach (Language language in Languages.All)
        {
            string html = await ReportHtml.RenderAsync(first, result, language);
            Assert.Equal(html, await ReportHtml.RenderAsync(second, result, language));
            Assert.Contains(hash, html, StringComparison.Ordinal);
            Assert.Contains("sha256sum report.json", html, StringComparison.Ordinal);
            Assert.Equal(ReportWorkbook.Write(first, language), ReportWorkbook.Write(second, language));
            Assert.Contains(hash, NumberWalk.TextOf(ReportWorkbook.Write(first, language)), StringComparison.Ordinal);
            Assert.Contains(hash, ReportCsv.Write(first, language), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Both_languages_of_a_file_hold_the_same_numbers()
    {
        ReportDocument report = SavingsReport.Build(ResultOf(SampleProjects.Accepted), []);
        Assert.Equal(NumberWalk.NumbersOf(ReportWorkbook.Write(report, Language.Spanish)), NumberWalk.NumbersOf(ReportWorkbook.Write(report, Language.English)));
    }

    [Fact]
    public async Task The_report_states_the_numbers_of_the_projects_page()
    {
        string page = await portal.Client.GetStringAsync($"/es/projects/{SampleProjects.Accepted}");
        string report = await portal.Client.GetStringAsync($"/es/projects/{SampleProjects.Accepted}/report");
        foreach (string figure in Headings().Matches(page).Select(match => match.Groups[1].Value))
        {
            Assert.Contains(figure, report, StringComparison.Ordinal);
        }

        using JsonDocument api = JsonDocument.Parse(await portal.Client.GetStringAsync($"/api/v1/projects/{SampleProjects.Accepted}.json"));
        using JsonDocument json = JsonDocument.Parse(await portal.Client.GetByteArrayAsync($"/api/v1/projects/{SampleProjects.Accepted}/report.json"));
        JsonElement saving = json.RootElement.GetProperty("sections")[0].GetProperty("facts").EnumerateArray().Single(fact => fact.GetProperty("id").GetString() == "saving").GetProperty("value");
        Assert.Equal(api.RootElement.GetProperty("saving").GetDouble(), saving.GetProperty("number").GetDouble());
        Assert.Equal(api.RootElement.GetProperty("halfWidth").GetDouble(), saving.GetProperty("halfWidth").GetDouble());
    }

    [Fact]
    public void The_headline_is_the_agreed_sentence()
    {
        ProjectResult result = ResultOf(SampleProjects.Accepted);
        Assert.Matches("^Ahorro medido [0-9,]+\u00A0±\u00A0[0-9,]+\u00A0kWh \\(90\u00A0% de confianza\\)$", SavingsReport.Sentences(result)[0].In(Language.Spanish));
        Assert.Matches("^Measured saving [0-9,]+\u00A0±\u00A0[0-9,]+\u00A0kWh \\(90\u00A0% confidence\\)$", SavingsReport.Sentences(result)[0].In(Language.English));
        Assert.Equal("No se puede afirmar un ahorro", SavingsReport.Sentences(ResultOf(SampleProjects.Open))[0].In(Language.Spanish));
        Assert.StartsWith("No damos cifra", SavingsReport.Sentences(ResultOf(SampleProjects.Refused))[0].In(Language.Spanish), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task The_file_needs_no_other_address_and_escapes_names(string id)
    {
        string html = await ReportHtml.RenderAsync(SavingsReport.Build(ResultOf(id), []), ResultOf(id), Language.Spanish);
        Assert.DoesNotMatch("(src|href)=\"(?!data:|#)", html);
        Assert.DoesNotContain("url(h", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<Querétaro>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_a_portfolio_add_up_and_the_whole_period_is_the_pages_number()
    {
        IReadOnlyList<ProjectSummary> results = portal.Board.Summaries();
        ReportDocument report = ReportFiles.OfPortfolio(results, "half-yearly", "2026-H1")!.Document;
        double total = TotalOf(report, "totals");
        double sectors = TotalOf(report, "sectors");
        Assert.Equal(total, sectors, 1e-6);
        ProjectResult accepted = ResultOf(SampleProjects.Accepted);
        Assert.Equal(accepted.Savings!.Savings, PartOfSaving.Of(accepted, new(2025, 1, 1), new(2026, 12, 31))!.Savings);
        double halves = PartOfSaving.Of(accepted, new(2025, 11, 1), new(2026, 4, 30))!.Savings + PartOfSaving.Of(accepted, new(2026, 5, 1), new(2026, 10, 31))!.Savings;
        Assert.Equal(accepted.Savings!.Savings, halves, 1e-6);
        Assert.Null(PartOfSaving.Of(ResultOf(SampleProjects.Refused), new(2025, 1, 1), new(2026, 12, 31)));
    }

    [Fact]
    public void A_limit_is_printed_as_it_is_and_a_probability_never_as_zero()
    {
        ProjectResult result = ResultOf(SampleProjects.Accepted);
        ReportDocument report = SavingsReport.Build(result, []);
        AcceptanceTest[] tests = [.. result.Tests.Where(AcceptanceTexts.Applies)];
        IReadOnlyList<IReadOnlyList<ReportCell>> rows = report.Sections.Single(section => section.Id == "criteria").Table!.Rows;
        Assert.Equal(tests.Length, rows.Count);
        for (int index = 0; index < tests.Length; index++)
        {
            Assert.Equal(tests[index].Threshold, Math.Round(tests[index].Threshold, rows[index][3].Decimals));
            Assert.False(AcceptanceTexts.IsProbability(tests[index].Name) && rows[index][1] is { Kind: CellKind.Number } cell && Math.Round(cell.Number, cell.Decimals) == 0);
        }

        IReadOnlyList<IReadOnlyList<ReportCell>> terms = report.Sections.Single(section => section.Id == "model").Table!.Rows;
        Assert.DoesNotContain(terms, row => row[^1] is { Kind: CellKind.Number } p && Math.Round(p.Number, p.Decimals) == 0);
        Assert.Contains(terms, row => row[^1].Words?.In(Language.Spanish) == AcceptanceTexts.BelowShown);
    }

    [Fact]
    public async Task Addresses_answer_in_every_form_and_say_what_they_do_not_know()
    {
        foreach ((string extension, string type) in ((string, string)[])[("json", "application/json"), ("html", "text/html"), ("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")])
        {
            using HttpResponseMessage answer = await portal.Client.GetAsync(new Uri($"/api/v1/projects/{SampleProjects.Accepted}/report.{extension}?lang=en", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        }

        foreach (string address in (string[])["/api/v1/projects/none/report.json", $"/api/v1/projects/{SampleProjects.Accepted}/report.doc", $"/api/v1/projects/{SampleProjects.Accepted}/report.csv?lang=fr"])
        {
            using HttpResponseMessage answer = await portal.Client.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using HttpResponseMessage bad = await portal.Client.GetAsync(new Uri("/es/portfolio/report?kind=annual&period=2026-H1", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        using HttpResponseMessage page = await portal.Client.GetAsync(new Uri("/en/portfolio/report?kind=half-yearly&period=2026-H1", UriKind.Relative));
        Assert.Contains("style-src 'sha256-", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("Half-yearly programme report", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_browser_the_fault_says_what_to_install()
    {
        PdfException fault = await Assert.ThrowsAsync<PdfException>(() => PdfPrinter.PrintAsync("<p>x</p>", null, CancellationToken.None));
        Assert.Contains("apt install chromium", fault.Message, StringComparison.Ordinal);
    }

    [NeedsFact("chromium")]
    public async Task Chromium_prints_the_report_as_a_PDF()
    {
        byte[] pdf = await ReportFiles.BytesAsync(new(SavingsReport.Build(ResultOf(SampleProjects.Accepted), []), ResultOf(SampleProjects.Accepted)), ReportForm.Pdf, Language.Spanish, CancellationToken.None);
        Assert.Equal("%PDF-"u8.ToArray(), pdf[..5]);
        if (Environment.GetEnvironmentVariable("METERING_KEEP_REPORTS") is { Length: > 0 } folder)
        {
            await KeepAsync(folder);
        }
    }

    private async Task KeepAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (Language language in Languages.All)
        {
            DrawnReport[] reports = [new(SavingsReport.Build(ResultOf(SampleProjects.Accepted), []), ResultOf(SampleProjects.Accepted)), ReportFiles.OfPortfolio(portal.Board.Summaries(), "half-yearly", "2026-H1")!];
            foreach (DrawnReport report in reports)
            {
                foreach (ReportForm form in Enum.GetValues<ReportForm>())
                {
                    byte[] bytes = await ReportFiles.BytesAsync(report, form, language, CancellationToken.None);
                    await File.WriteAllBytesAsync(Path.Combine(folder, $"{report.Document.Kind}-{language.Code()}.{form}".ToLowerInvariant()), bytes);
                }
            }
        }
    }

    private static double TotalOf(ReportDocument report, string section)
    {
        ReportTable table = report.Sections.Single(one => one.Id == section).Table!;
        int verified = table.Columns.ToList().FindIndex(column => column.Id == "verified");
        return table.Rows.Where(row => row[verified].Unit == "kWh").Sum(row => row[verified].Number);
    }

    private ProjectResult ResultOf(string id) => portal.Board.ResultOf(portal.Board.Register.Find(id)!);

    [GeneratedRegex("<p class=\"value\">([^<]+)</p>")]
    private static partial Regex Headings();
}
