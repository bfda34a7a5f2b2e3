using System.Net;
using Metering.Cloud.Projects;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Xunit;

namespace Metering.Tests.Workflow;

public sealed class RegisteredProjectTests : IAsyncLifetime
{
    private readonly WorkflowHost host = new();

    public Task InitializeAsync() => host.InitializeAsync();

    public Task DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_project_of_the_register_stands_on_the_board_without_a_restart_and_shows_what_the_files_project_shows()
    {
        using WorkflowHost.Reader reader = await host.ReaderAsync(AccountRole.Reviewer);
        Assert.DoesNotContain(WorkflowHost.Project, await reader.GetAsync("/en/"), StringComparison.Ordinal);
        host.Record();
        Assert.Contains("/en/projects/" + WorkflowHost.Project, await reader.GetAsync("/en/"), StringComparison.Ordinal);
        ProjectResult ofFile = host.Board.ResultOf(host.Board.Register.Find(SampleProjects.Accepted)!);
        ProjectResult ofRegister = host.Board.ResultOf(host.Board.Register.Find(WorkflowHost.Project)!);
        Assert.Equal(ofFile.Savings!.Metered, ofRegister.Savings!.Metered, 6);
        Assert.Equal(ofFile.Savings.Savings, ofRegister.Savings.Savings, 3);
        Assert.Equal(HttpStatusCode.OK, await reader.StatusAsync("/es/projects/" + WorkflowHost.Project));
    }

    [Fact]
    public async Task A_title_changed_in_the_register_is_shown_at_once_and_keeps_the_numbers()
    {
        host.Record();
        using WorkflowHost.Reader reader = await host.ReaderAsync(AccountRole.Reviewer);
        string version = host.Flow.Result!.Version;
        ProjectRecord record = host.Register.Snapshot.Find<ProjectRecord>(WorkflowHost.Project)!;
        _ = host.Register.Save([new(record with { TitleEnglish = "Another title" }, 1)], ProgrammeFixture.Ana, "better words");
        Assert.Contains("Another title", await reader.GetAsync("/en/projects/" + WorkflowHost.Project), StringComparison.Ordinal);
        Assert.Equal(version, host.Flow.Result!.Version);
        _ = host.Register.Save([new(record with { ReportingLast = new(2026, 9, 30) }, 2)], ProgrammeFixture.Ana, "shorter");
        Assert.NotEqual(version, host.Flow.Result!.Version);
    }

    [Fact]
    public async Task What_did_not_change_keeps_its_result_and_what_is_withdrawn_goes_even_when_the_file_has_it()
    {
        host.Record();
        ProjectResult before = host.Flow.Result!;
        _ = host.Register.Save([new(ProgrammeFixture.Company("a"), 0)], ProgrammeFixture.Ana, null);
        Assert.Same(before, host.Flow.Result);
        ProgrammeImport.Plan(Path.Combine(host.Folder, "projects.yaml"), host.Register).Run(host.Register, ProgrammeFixture.Ana, isRehearsal: false, Language.English);
        Metering.Programme.Kinds.ProjectDriver[] drivers = [.. host.Register.Snapshot.All<Metering.Programme.Kinds.ProjectDriver>().Where(driver => driver.Project == SampleProjects.Water)];
        Assert.Equal(2, drivers.Length);
        _ = host.Register.Save(
            [.. drivers.Select(driver => new RecordChange(driver, 1) { IsWithdrawal = true }), new(host.Register.Snapshot.Find<ProjectRecord>(SampleProjects.Water)!, 1) { IsWithdrawal = true }],
            ProgrammeFixture.Ana, "not done");
        Assert.Null(host.Board.Register.Find(SampleProjects.Water));
        using WorkflowHost.Reader reader = await host.ReaderAsync(AccountRole.Reviewer);
        Assert.Equal(HttpStatusCode.NotFound, await reader.StatusAsync("/es/projects/" + SampleProjects.Water));
    }

    [Fact]
    public async Task A_project_without_a_measurement_plan_leads_to_its_steps_and_a_foreign_consultant_finds_nothing()
    {
        _ = host.Register.Save(
            [
                new(ProgrammeFixture.Plant("leon-tannery"), 0),
                new(new ProjectRecord { Id = "draft-1", Plant = "leon-tannery", TitleSpanish = "Borrador", TitleEnglish = "Draft", MeasureSpanish = "x", MeasureEnglish = "x", Resource = ProjectResource.Water }, 0),
            ],
            ProgrammeFixture.Ana, null);
        using WorkflowHost.Reader staff = await host.ReaderAsync(AccountRole.Reviewer);
        Assert.Equal(HttpStatusCode.Redirect, await staff.StatusAsync("/es/projects/draft-1"));
        Assert.Contains("Faltan el canal y los periodos.", await staff.GetAsync("/es/projects/draft-1/workflow"), StringComparison.Ordinal);
        Assert.Contains("/es/projects/draft-1", await staff.GetAsync("/es/"), StringComparison.Ordinal);
        using WorkflowHost.Reader own = await host.ReaderAsync(AccountRole.Consultant, project: "draft-1");
        Assert.Equal(HttpStatusCode.OK, await own.StatusAsync("/es/projects/draft-1/workflow"));
        using WorkflowHost.Reader foreign = await host.ReaderAsync(AccountRole.Consultant, project: SampleProjects.Open);
        Assert.Equal(HttpStatusCode.NotFound, await foreign.StatusAsync("/es/projects/draft-1/workflow"));
        Assert.DoesNotContain("Borrador", await foreign.GetAsync("/es/"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_meter_on_record_gives_its_class_and_calibration_to_the_page()
    {
        host.Record();
        _ = host.Register.Save(
            [
                new(new Metering.Programme.Kinds.MeterRecord { Id = "m1", Serial = "123", Plant = "leon-tannery", Model = "EM", Medium = MeterMedium.Electricity, AccuracyClass = "0.5 S", CalibratedOn = new(2025, 1, 2) }, 0),
                new(new MeterInstallation { Id = "i1", Meter = "m1", Plant = "leon-tannery", Place = "acometida", Ratio = 80, From = new(2024, 1, 1), Gateway = "leon-tannery", Channel = "mains.active-energy-import" }, 0),
            ],
            ProgrammeFixture.Ana, null);
        Func<string, string, Metering.Cloud.Projects.MeterRecord?> meterOf = host.Board.Source.MeterOf(host.Flow.Result!.Project, host.Board.Store)!;
        Assert.Equal(new("0.5 S", "80", new DateOnly(2025, 1, 2)), meterOf("leon-tannery", "mains"));
        Assert.Null(meterOf("leon-tannery", "water"));
    }
}
