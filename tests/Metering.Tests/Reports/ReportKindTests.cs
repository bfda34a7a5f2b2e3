using System.Net;
using Metering.Analytics.Finance;
using Metering.Cloud.Reports;
using Metering.Cloud.Spreadsheets;
using Metering.Tests.Pages;
using Xunit;

namespace Metering.Tests.Reports;

public sealed class ReportKindTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task An_anonymous_case_sheet_carries_no_name_id_channel_or_exact_day()
    {
        ProjectResult result = portal.Board.ResultOf(portal.Board.Register.Find(SampleProjects.Accepted)!);
        ReportDocument sheet = CaseSheet.Build(result, new() { IsAnonymous = true, Investment = new Money(100_000m, "MXN"), SavedAYear = new Money(40_000m, "MXN") });
        string[] views =
        [
            System.Text.Encoding.UTF8.GetString(ReportJson.Write(sheet)), WebUtility.HtmlDecode(await ReportHtml.RenderAsync(sheet, null, Language.Spanish)), ReportCsv.Write(sheet, Language.English),
        ];
        foreach (string view in views)
        {
            Assert.DoesNotContain("León", view, StringComparison.Ordinal);
            Assert.DoesNotContain("leon-tannery", view, StringComparison.Ordinal);
            Assert.DoesNotContain(SampleProjects.Accepted, view, StringComparison.Ordinal);
            Assert.Contains("2.5", view, StringComparison.Ordinal);
        }

        Assert.Contains("100,000.00\u00A0MXN", views[1], StringComparison.Ordinal);
        Assert.Contains("León", System.Text.Encoding.UTF8.GetString(ReportJson.Write(CaseSheet.Build(result, new() { IsAnonymous = false }))).Replace("\\u00F3", "ó", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_that_no_firm_gives_is_missing_and_never_zero()
    {
        PlacFirm[] firms =
        [
            new() { Group = "G1", Firm = "A", Projects = 2, WaterM3 = 120, SavedAYear = new Money(50m, "MXN"), Investment = new Money(100m, "MXN") },
            new() { Group = "G1", Firm = "B", Projects = 1, SavedAYear = new Money(10m, "USD") },
        ];
        ReportTable table = PlacReport.Build(firms, (new(2026, 1, 1), new(2026, 12, 31)), "").Sections[0].Table!;
        IReadOnlyList<ReportCell> total = table.Rows[^1];
        Assert.Equal(3, total[2].Number);
        Assert.Equal(120, total[3].Number);
        Assert.Equal(CellKind.Missing, total[4].Kind);
        Assert.Equal(CellKind.Missing, total[7].Kind); // pesos and dollars have no sum
        Assert.Equal(2, table.Rows[0][9].Number);
        Assert.Equal(CellKind.Missing, total[9].Kind);
    }

    [Fact]
    public async Task A_pre_assessment_says_that_its_figures_are_estimates()
    {
        PreAssessmentInput input = new()
        {
            Id = "pre-1",
            Plant = new("Planta de ejemplo", "Example plant"),
            Sector = new("Curtiduría", "Tannery"),
            State = "Guanajuato",
            Day = new(2026, 2, 3),
            Expert = "Especialista 1",
            Findings = [new("Fugas de vapor en el secado.", "Steam leaks in drying.")],
            Opportunities = [new(new("Trampas de vapor", "Steam traps"), 1200, 3400, "kWh", new Money(18_500m, "MXN"), null)],
            Recommendation = new("Pasar a proyecto.", "Go on to a project."),
            SignOffs = [new(new("Revisó", "Reviewed by"), "Especialista 2", new(2026, 2, 10))],
        };
        ReportDocument report = PreAssessmentReport.Build(input);
        string html = await ReportHtml.RenderAsync(report, null, Language.Spanish);
        NumberWalk.Html(html);
        Assert.Contains("estimaciones, no ahorros verificados", html, StringComparison.Ordinal);
        Assert.Contains("1,200\u00A0kWh/a", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("Especialista 2", html, StringComparison.Ordinal);
        Assert.Contains("Especialista 2", NumberWalk.TextOf(ReportWorkbook.Write(report, Language.Spanish)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8.065, 3, "8.0650")]
    [InlineData(0.785, 3, "0.785")]
    [InlineData(8065, 0, "8,065")]
    [InlineData(1234.567, 3, "1,234.567")]
    [InlineData(999.9999, 3, "1,000.000")]
    public void A_decimal_point_never_looks_as_if_it_parted_thousands(double value, int decimals, string printed) =>
        Assert.Equal(printed, ReportFormat.Number(value, decimals));

    [Fact]
    public void A_heading_says_once_that_its_figures_have_no_unit() =>
        Assert.Equal("t (sin unidad)", new ReportFormat(Language.Spanish).Heading(new("t", new("t", "t"), "1")));

    [Theory]
    [InlineData("Projects with a number", "projects", "Projects with a number")]
    [InlineData("Readings", "readings", "Readings")]
    [InlineData("Saving", "days", "Saving (days)")]
    [InlineData("Total", "t", "Total (t)")]
    public void A_heading_that_names_what_is_counted_does_not_name_it_twice(string heading, string unit, string printed) =>
        Assert.Equal(printed, new ReportFormat(Language.English).Heading(new("c", new(heading, heading), unit)));

    [Fact]
    public void Money_is_printed_with_its_currency_and_the_day_of_the_rate() =>
        Assert.Equal(
            "1,234.50\u00A0USD (tipo de cambio del 30/06/2026)",
            new ReportFormat(Language.Spanish).Cell(ReportCell.Of(new Money(1234.5m, "USD"), new DateOnly(2026, 6, 30))));
}
