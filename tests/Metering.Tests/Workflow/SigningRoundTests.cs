using System.Net;
using Metering.Cloud.Workflow;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;
using Metering.Tests.Programme;
using Xunit;

namespace Metering.Tests.Workflow;

/// <summary>A result that comes back from its reviewer, the frozen model beside today's, and the programme's steps that follow from the work.</summary>
public sealed class SigningRoundTests : IAsyncLifetime
{
    private const string Own = $"/en/projects/{WorkflowHost.Project}";
    private const string Steps = Own + "/workflow";
    private const string Sign = Own + "/sign";
    private const string Review = Own + "/review";
    private const string Freeze = Steps + "/freeze";

    private readonly WorkflowHost host = new();
    private WorkflowHost.Reader consultant = null!;
    private WorkflowHost.Reader staff = null!;

    public async Task InitializeAsync()
    {
        await host.InitializeAsync();
        host.Record();
        consultant = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        staff = await host.ReaderAsync(AccountRole.Reviewer);
    }

    public async Task DisposeAsync()
    {
        consultant.Dispose();
        staff.Dispose();
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_returned_result_is_signed_again_by_its_author_or_a_second_one_and_both_rounds_stay(bool isSecondAuthor)
    {
        await ReadyAsync();
        Assert.Equal(HttpStatusCode.Redirect, await SignAsync(consultant));
        Assert.Equal(HttpStatusCode.Redirect, await ReviewAsync("no", "explain May"));
        Assert.Equal(SignState.Returned, host.Flow.SignState);
        using WorkflowHost.Reader second = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        Assert.Contains("may sign it again", await second.GetAsync(Steps), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await SignAsync(isSecondAuthor ? second : consultant));
        Assert.Equal(SignState.AuthorOnly, host.Flow.SignState);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await second.PostAsync(Steps, Sign, new() { ["result"] = host.Flow.Result!.Version })).Status);
        Assert.Equal(HttpStatusCode.Redirect, await ReviewAsync("yes", "explained"));
        Assert.Equal(SignState.Signed, host.Flow.SignState);
        ReviewSignature[] all = [.. host.Register.Snapshot.All<ReviewSignature>()];
        Assert.Equal((2, 2), (all.Count(one => one.Role == SignatureRole.Author), all.Count(one => one.Role == SignatureRole.Reviewer)));
        Assert.Equal(isSecondAuthor ? 2 : 1, all.Where(one => one.Role == SignatureRole.Author).Select(one => one.PersonId).Distinct().Count());
        Assert.Equal(6, host.Register.Snapshot.All<Attachment>().Count);
        Assert.Contains("explain May", await staff.GetAsync(Own + "/signed"), StringComparison.Ordinal);
        Assert.Empty(await consultant.FormAsync(Steps, Sign));
        Assert.NotEmpty(ProjectLifecycle.EvidenceFor(host.Register.Snapshot, WorkflowHost.Project, ProjectState.Verified, host.Register.Today));
    }

    [Theory]
    [InlineData("en", "is the one that was frozen", "is not the one that was frozen")]
    [InlineData("es", "es el que se congeló", "no es el que se congeló")]
    public async Task The_savings_page_tells_the_frozen_model_from_todays_fit(string language, string same, string other)
    {
        string page = $"/{language}/projects/{WorkflowHost.Project}";
        Assert.DoesNotContain("id=\"frozen-model\"", await consultant.GetAsync(page), StringComparison.Ordinal);
        await FreezeAsync();
        BaselineFreeze frozen = host.Flow.Freeze!;
        string held = WebUtility.HtmlDecode(await consultant.GetAsync(page));
        Assert.Contains(same, held, StringComparison.Ordinal);
        Language reader = Languages.All.Single(one => one.Code() == language);
        Assert.Contains($"id=\"frozen-model\">{BaselineMark.Line(host.Flow.Result!.Fit!, reader)} ", held, StringComparison.Ordinal);
        _ = host.Register.Save(
            [
                new(new StaticFactorEvent { Id = "e1", Title = "t", Project = WorkflowHost.Project, FirstDay = new(2025, 3, 3), LastDay = new(2025, 3, 7), Description = "d" }, 0),
                new(new EventDecision { Id = "e1", Event = "e1", Project = WorkflowHost.Project, Decision = EventTreatment.DataFault, DecidedOn = host.Register.Today, Person = "Ana Ruiz", Reason = "off" }, 0),
            ],
            ProgrammeFixture.Ana, null);
        string changed = WebUtility.HtmlDecode(await consultant.GetAsync(page));
        Assert.Contains(other, changed, StringComparison.Ordinal);
        Assert.Contains($"id=\"frozen-model\">{frozen.Model}", changed, StringComparison.Ordinal);
        Assert.Contains($"id=\"model-now\">{BaselineMark.Line(host.Flow.Result!.Fit!, reader)}", changed, StringComparison.Ordinal);
        Assert.NotEqual(frozen.ModelHash, host.Flow.Mark!.ModelHash);
    }

    [Fact]
    public async Task The_programmes_steps_follow_from_the_work_by_themselves_and_name_their_evidence()
    {
        Contract();
        Assert.Equal(ProjectState.Contracted, State);
        await ReadyAsync();
        Assert.Equal(ProjectState.Reporting, State);
        _ = await SignAsync(consultant);
        Assert.Equal(ProjectState.Reporting, State);
        _ = await ReviewAsync("no", "explain May");
        Assert.Equal(ProjectState.Reporting, State);
        _ = await SignAsync(consultant);
        _ = await ReviewAsync("yes", "");
        Assert.Equal(ProjectState.Verified, State);
        ProjectStep[] written = [.. ProjectLifecycle.StepsOf(host.Register.Snapshot, WorkflowHost.Project).Where(step => step.State >= ProjectState.Baselining)];
        Assert.Equal([ProjectState.Baselining, ProjectState.Implementing, ProjectState.Reporting, ProjectState.Verified], written.Select(step => step.State));
        Assert.All(written, step => Assert.Equal(host.Register.Today, step.Day));
        Assert.Contains("baseline-freeze/" + host.Flow.Freeze!.Id, written[1].Evidence, StringComparison.Ordinal);
        Assert.Contains("review-signature/" + host.Flow.Author!.Id, written[3].Evidence + " " + string.Join(' ', ProjectLifecycle.EvidenceFor(host.Register.Snapshot, WorkflowHost.Project, ProjectState.Verified, host.Register.Today)), StringComparison.Ordinal);
        Assert.Contains("State in the programme: Verified", await staff.GetAsync(Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_without_a_contract_gets_no_steps_from_its_measurement()
    {
        await ReadyAsync();
        Assert.Empty(host.Register.Snapshot.All<ProjectStep>());
        Assert.Null(StepWriter.StateOf(host.Register.Snapshot, WorkflowHost.Project));
    }

    private ProjectState? State => StepWriter.StateOf(host.Register.Snapshot, WorkflowHost.Project);

    // The programme's own steps up to the contract, each with the record that allows it.
    private void Contract()
    {
        DateOnly day = host.Register.Today.AddDays(-1);
        IProgrammeRecord[] records =
        [
            new Consultant { Id = "c", Name = "C", IsTrained = true },
            new SelfAssessment { Id = "sa", Plant = "leon-tannery", AnsweredOn = day, Questionnaire = "1", Answers = "agua: sí" },
            new PreAssessment { Id = "pa", Plant = "leon-tannery", VisitedOn = day, Staff = "Ana", Recommendation = Recommendation.Project, Summary = "Bien" },
            new SelectionDecision { Id = "sd", Project = WorkflowHost.Project, DecidedOn = day, Decision = SelectionOutcome.Selected, Committee = "C", Reasons = "R" },
            new Metering.Programme.Kinds.Contract { Id = "ct", Project = WorkflowHost.Project, Consultant = "c", SignedOn = day, Fee = new(8000m, "USD"), CompanyShare = new(4000m, "USD") },
            Step(ProjectState.Lead, ""), Step(ProjectState.SelfAssessed, "self-assessment/sa"), Step(ProjectState.PreAssessed, "pre-assessment/pa"),
            Step(ProjectState.Selected, "selection-decision/sd"), Step(ProjectState.Contracted, "contract/ct"),
        ];
        _ = host.Register.Save([.. records.Select(record => new RecordChange(record, 0))], ProgrammeFixture.Ana, null);

        ProjectStep Step(ProjectState state, string evidence) => new() { Id = $"own-{Field.WordOf(state)}", Project = WorkflowHost.Project, State = state, Day = day, Evidence = evidence.Length == 0 ? null : evidence };
    }

    private async Task ReadyAsync()
    {
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Own + "/plan", Own + "/plan/write", new()
        {
            ["version"] = "0",
            ["option"] = "c",
            ["boundary"] = "The whole plant at its main meter.",
            ["method"] = "Daily regression.",
            ["responsible"] = "The consultant reads, the programme reviews.",
            ["reason"] = "",
        })).Status);
        await FreezeAsync();
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Steps, Steps + "/installed", new() { ["day"] = "2025-10-20", ["version"] = "0" })).Status);
    }

    private async Task FreezeAsync()
    {
        Dictionary<string, string> form = await consultant.FormAsync(Steps, Freeze);
        form["reason"] = "as agreed";
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Steps, Freeze, form)).Status);
    }

    private static async Task<HttpStatusCode> SignAsync(WorkflowHost.Reader reader)
    {
        Dictionary<string, string> form = await reader.FormAsync(Steps, Sign);
        form["seen"] = "yes";
        return (await reader.PostAsync(Steps, Sign, form)).Status;
    }

    private async Task<HttpStatusCode> ReviewAsync(string approve, string findings)
    {
        Dictionary<string, string> form = await staff.FormAsync(Steps, Review);
        (form["approve"], form["findings"], form["seen"]) = (approve, findings, "yes");
        return (await staff.PostAsync(Steps, Review, form)).Status;
    }
}
