using System.Net;
using Metering.Cloud.Reports;
using Metering.Cloud.Workflow;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Programme;
using Xunit;
using ProjectDriver = Metering.Programme.Kinds.ProjectDriver;

namespace Metering.Tests.Workflow;

public sealed class SetupTests : IAsyncLifetime
{
    private const string New = "/en/projects/-new?plant=leon-tannery";
    private const string SaveNew = "/en/projects/-new/save";
    private const string Own = $"/en/projects/{WorkflowHost.Project}";
    private const string Setup = Own + "/setup";
    private const string Save = Setup + "/save";

    private readonly WorkflowHost host = new();
    private WorkflowHost.Reader staff = null!;

    public async Task InitializeAsync()
    {
        await host.InitializeAsync();
        staff = await host.ReaderAsync(AccountRole.Reviewer);
    }

    public async Task DisposeAsync()
    {
        staff.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Coverage_and_fit_are_seen_before_anything_is_saved_and_no_saving_is()
    {
        _ = host.Register.Save([new(ProgrammeFixture.Plant("leon-tannery"), 0)], ProgrammeFixture.Ana, null);
        Assert.Contains("leon-tannery/mains.active-energy-import", await staff.GetAsync(New), StringComparison.Ordinal);
        Dictionary<string, string> form = await FilledAsync();
        form["action"] = "look";
        (HttpStatusCode status, string page) = await staff.PostAsync(New, SaveNew, form);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("CV(RMSE)", page, StringComparison.Ordinal);
        Assert.Contains("Nothing was saved yet.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("±", page, StringComparison.Ordinal);
        Assert.Empty(host.Register.Snapshot.All<ProjectRecord>());
        form["action"] = "save";
        Assert.Equal(HttpStatusCode.Redirect, (await staff.PostAsync(New, SaveNew, form)).Status);
        Assert.Equal(["difference", "above", "workday"], host.Register.Snapshot.All<ProjectDriver>().OrderBy(one => one.Position).Select(one => Field.WordOf(one.Form)));
        Assert.NotNull(host.Flow.Result!.Savings);
    }

    [Fact]
    public async Task A_new_projects_form_proposes_channel_drivers_and_periods_and_the_look_counts_the_days_covered()
    {
        _ = host.Register.Save([new(ProgrammeFixture.Plant("leon-tannery"), 0)], ProgrammeFixture.Ana, null);
        string page = WebUtility.HtmlDecode(await staff.GetAsync(New));
        Assert.Contains("are a proposal from what the plant has sent", page, StringComparison.Ordinal);
        Assert.Contains("<option value=\"leon-tannery/mains.active-energy-import\" selected", page, StringComparison.Ordinal);
        IReadOnlyDictionary<string, string> proposed = SetupDefaults.Of(
            [.. host.Board.Store.Channels().Where(channel => channel.Plant == "leon-tannery")], TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City"));
        Assert.Equal(("leon-tannery/mains.active-energy-import", "electricity"), (proposed["use"], proposed["resource"]));
        Assert.All((string[])["baselineFirst", "baselineLast", "installationFirst", "installationLast", "reportingFirst", "reportingLast"], field => Assert.Contains($"value=\"{proposed[field]}\"", page, StringComparison.Ordinal));
        Assert.True(string.CompareOrdinal(proposed["baselineLast"], proposed["installationFirst"]) < 0 && string.CompareOrdinal(proposed["installationLast"], proposed["reportingFirst"]) < 0);
        Assert.Equal("difference", proposed["driver-leon-tannery/hides.count"]);
        Dictionary<string, string> form = await FilledAsync();
        form["action"] = "look";
        string look = WebUtility.HtmlDecode((await staff.PostAsync(New, SaveNew, form)).Page);
        Assert.Matches("[0-9]+ of 315 days with data, 0 still to come", look);
        Assert.Matches("[0-9]+ of 365 days with data, [0-9]+ still to come", look);
        Assert.Contains("look-coverage-w", look, StringComparison.Ordinal);
        Assert.Empty(host.Register.Snapshot.All<ProjectRecord>());
        Assert.Empty(SetupDefaults.Of([], TimeZoneInfo.Utc));
    }

    [Fact]
    public async Task Production_records_are_a_driver_and_a_day_without_one_does_not_count()
    {
        DateOnly first = new(2024, 11, 20);
        ProductionRecord Made(int day, int days) => new()
        {
            Id = "p" + day.ToString(System.Globalization.CultureInfo.InvariantCulture), Plant = "leon-tannery", Product = "Cuero", FirstDay = first.AddDays(day), LastDay = first.AddDays(day + days - 1),
            Output = new(700 + (day % 11), "hides"), Source = "Bitácora",
        };
        _ = host.Register.Save([new(ProgrammeFixture.Plant("leon-tannery"), 0), .. Enumerable.Range(0, 60).Select(day => new RecordChange(Made(day, 1), 0)), new(Made(61, 7), 0), new(Made(70, 31), 0)], ProgrammeFixture.Ana, null);
        Assert.Contains("Production records: Cuero", WebUtility.HtmlDecode(await staff.GetAsync(New)), StringComparison.Ordinal);
        Dictionary<string, string> form = await FilledAsync();
        _ = form.Remove("driver-leon-tannery/hides.count");
        form["driver-product:Cuero"] = "production";
        form["action"] = "save";
        Assert.Equal(HttpStatusCode.Redirect, (await staff.PostAsync(New, SaveNew, form)).Status);
        ProjectDriver driver = host.Register.Snapshot.All<ProjectDriver>().Single(one => one.Form == DriverForm.Production);
        Assert.Equal(("production", "Cuero", null), (driver.Name, driver.Product, driver.Channel));
        Metering.Projects.ProjectResult result = host.Flow.Result!;
        int index = result.Project.Drivers.ToList().FindIndex(one => one.Product == "Cuero");
        Assert.Equal("hides", result.DriverUnits[index]);
        Assert.Equal(703, result.Days[3].Drivers[index]);
        Assert.Equal((700 + (61 % 11)) / 7.0, result.Days[64].Drivers[index], 9);
        Assert.True(double.IsNaN(result.Days[60].Drivers[index])); // no record
        Assert.True(double.IsNaN(result.Days[80].Drivers[index])); // a month's record says nothing of its days
        Assert.Equal(Metering.Projects.DayState.DriverMissing, result.Days[60].State);
        string page = WebUtility.HtmlDecode(await staff.GetAsync("/en/projects/" + result.Project.Id));
        string provenance = page[page.IndexOf("Where the data come from", StringComparison.Ordinal)..];
        Assert.Contains("Production records: Cuero</h3>", provenance, StringComparison.Ordinal);
        Assert.Contains("<dd>62</dd>", provenance, StringComparison.Ordinal);
        ReportSection told = ReportFiles.OfProject(result, "savings")!.Document.Sections.Single(section => section.Id == "production-records");
        Assert.Equal([ReportCell.Of("Cuero"), ReportCell.Count(62, "records"), ReportCell.Of(first), ReportCell.Of(first.AddDays(100))], Assert.Single(told.Table!.Rows));
        string before = result.Version;
        _ = host.Register.Save([new(Made(60, 1), 0)], ProgrammeFixture.Ana, null);
        Assert.NotEqual(before, host.Flow.Result!.Version);
        Assert.Equal(705, host.Flow.Result!.Days[60].Drivers[index]);
    }

    [Theory]
    [InlineData("use", "", "gateway, channel and the six days")]
    [InlineData("baselineLast", "2025-10-15", "lies before the first")]
    [InlineData("titleSpanish", "", "is missing")]
    [InlineData("confidencePercent", "120", "more than")]
    [InlineData("threshold-leon-tannery/weather.outdoor-temperature", "", "base goes with")]
    [InlineData("id", "UPPER", "is no identifier")]
    [InlineData("use", "leon-tannery/weather.outdoor-temperature", "a momentary value and not a counter")]
    public async Task A_fault_comes_back_with_what_was_typed_and_nothing_is_half_written(string field, string value, string told)
    {
        _ = host.Register.Save([new(ProgrammeFixture.Plant("leon-tannery"), 0)], ProgrammeFixture.Ana, null);
        Dictionary<string, string> form = await FilledAsync();
        form[field] = value;
        foreach (string action in (string[])["look", "save"])
        {
            form["action"] = action;
            (HttpStatusCode status, string page) = await staff.PostAsync(New, SaveNew, form);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains(told, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
            Assert.Contains("value=\"Drives\"", page, StringComparison.Ordinal);
        }

        Assert.Empty(host.Register.Snapshot.All<ProjectRecord>());
        Assert.Empty(host.Register.Snapshot.All<ProjectDriver>());
    }

    [Fact]
    public async Task The_projects_consultant_changes_its_drivers_and_nobodys_newer_change_is_written_over()
    {
        host.Record();
        using WorkflowHost.Reader consultant = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        Dictionary<string, string> form = await FilledAsync(consultant, Setup, Save);
        form["driver-workday"] = "";
        form["reason"] = "the plant works every day";
        Dictionary<string, string> stale = new(form);
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Setup, Save, form)).Status);
        Assert.Equal(["cooling-degrees", "production"], host.Register.Snapshot.All<ProjectDriver>().Select(one => one.Name));
        Assert.Equal(2, host.Flow.Result!.Project.Drivers.Count);
        (HttpStatusCode status, string page) = await consultant.PostAsync(Setup, Save, stale);
        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Contains("Somebody changed the project", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await consultant.StatusAsync("/en/projects/-new"));
        using WorkflowHost.Reader foreign = await host.ReaderAsync(AccountRole.Consultant, project: "pml-003");
        Assert.Equal(HttpStatusCode.NotFound, await foreign.StatusAsync(Setup));
    }

    private Task<Dictionary<string, string>> FilledAsync() => FilledAsync(staff, New, SaveNew);

    private static async Task<Dictionary<string, string>> FilledAsync(WorkflowHost.Reader reader, string page, string action)
    {
        Dictionary<string, string> form = await reader.FormAsync(page, action);
        foreach ((string name, string value) in new Dictionary<string, string>
        {
            ["id"] = WorkflowHost.Project, ["titleSpanish"] = "Variadores", ["titleEnglish"] = "Drives", ["measureSpanish"] = "Variadores", ["measureEnglish"] = "Drives",
            ["resource"] = "electricity", ["use"] = "leon-tannery/mains.active-energy-import", ["confidencePercent"] = "90",
            ["baselineFirst"] = "2024-11-20", ["baselineLast"] = "2025-09-30", ["installationFirst"] = "2025-10-01", ["installationLast"] = "2025-10-31",
            ["reportingFirst"] = "2025-11-01", ["reportingLast"] = "2026-10-31",
            ["driver-leon-tannery/hides.count"] = "difference", ["driver-leon-tannery/weather.outdoor-temperature"] = "above",
            ["threshold-leon-tannery/weather.outdoor-temperature"] = "18", ["driver-workday"] = "workday", ["action"] = "save",
        })
        {
            form[name] = value;
        }

        return form;
    }
}
