using Metering.Cloud.Charts;
using Metering.Cloud.Reports;
using Metering.Cloud.Texts;
using Metering.Cloud.Workflow;
using Xunit;

namespace Metering.Tests.Pages;

/// <summary>What was once ugly, cut or misleading on a page that somebody looked at.</summary>
public sealed class LooksTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("weather.outdoor-temperature", "weather.outdoor-temperature")]
    [InlineData("outdoor-temperature", "temperatura exterior")]
    [InlineData("steam-heat", "steam heat")]
    public void A_channel_that_explains_the_use_keeps_its_name_letter_by_letter(string driver, string shown) =>
        Assert.Equal(shown, DriverNames.Of(driver, Language.Spanish));

    [Fact]
    public void Hashes_of_frozen_models_are_still_made_of_the_words_they_were_made_of() =>
        Assert.Equal("weather.outdoor temperature", DriverNames.Hashed("weather.outdoor-temperature"));

    [Fact]
    public void A_channel_without_a_day_of_readings_has_no_empty_drawing()
    {
        Assert.Empty(Sparkline.Daily("new", [double.NaN, double.NaN], asBars: true, "new"));
        Assert.Contains("<svg", Sparkline.Daily("old", [double.NaN, 3], asBars: true, "old"), StringComparison.Ordinal);
        Assert.Empty(Sparkline.Savings("new", [], "new"));
    }

    [Fact]
    public async Task The_whole_result_is_saved_as_a_file_and_does_not_replace_the_page()
    {
        string page = await portal.Client.GetStringAsync($"/en/projects/{SampleProjects.Accepted}");
        Assert.Contains($"href=\"/api/v1/projects/{SampleProjects.Accepted}.json\" download=\"{SampleProjects.Accepted}.json\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_plan_and_signed_reports_lead_back_to_the_project_and_its_progress()
    {
        foreach (string address in (string[])[WorkflowRoutes.EventsOf(SampleProjects.Accepted), WorkflowRoutes.PlanOf(SampleProjects.Accepted), WorkflowRoutes.SignedOf(SampleProjects.Accepted)])
        {
            string page = await portal.Client.GetStringAsync("/es" + address);
            string crumbs = page[page.IndexOf("class=\"crumbs\"", StringComparison.Ordinal)..page.IndexOf("<h1>", StringComparison.Ordinal)];
            Assert.Contains($"href=\"/es/projects/{SampleProjects.Accepted}\"", crumbs, StringComparison.Ordinal);
            Assert.Contains($"href=\"/es{WorkflowRoutes.Of(SampleProjects.Accepted)}\"", crumbs, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("2026-H1", true)]
    [InlineData("2025-H1", false)]
    public void A_half_yearly_report_names_projects_and_says_verified_only_beside_a_figure(string period, bool hasFigure)
    {
        ReportDocument report = ReportFiles.OfPortfolio(portal.Board.Results(), "half-yearly", period)!.Document;
        Project project = portal.Board.Register.Find(SampleProjects.Accepted)!;
        IReadOnlyList<ReportCell> row = report.Sections.Single(section => section.Id == "projects").Table!.Rows
            .Single(row => row[0].Words!.In(Language.English) == $"{project.Title.In(Language.English)} ({project.Id})");
        Assert.Equal(hasFigure, row[2].Kind == CellKind.Number);
        Assert.Equal(hasFigure ? "Ahorro verificado" : "Sin días de reporte en el periodo del informe", row[3].Words!.In(Language.Spanish));
    }

    [Theory]
    [InlineData(100, 40, Verdict.Saving)]
    [InlineData(100, 140, Verdict.NotDistinguishable)]
    [InlineData(-100, 40, Verdict.MoreUse)]
    [InlineData(100, double.NaN, Verdict.NotDistinguishable)]
    internal void A_part_of_a_saving_is_judged_by_its_own_interval(double savings, double halfWidth, Verdict verdict) =>
        Assert.Equal(verdict, new PartOfSaving(savings, halfWidth, 1, 30).Verdict);
}
