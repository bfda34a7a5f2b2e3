using System.Net;
using System.Security.Cryptography;
using System.Text;
using Metering.Cloud.Reports;
using Metering.Cloud.Workflow;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Xunit;

namespace Metering.Tests.Workflow;

public sealed class SignOffTests : IAsyncLifetime
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

    // The lists tell the next step from the register and the summary alone.
    private NextStep Waits() => new ProjectStandings(host.Register.Snapshot).Of(ProjectSummary.Of(host.Flow.Result!));

    [Fact]
    public async Task Nothing_is_signed_before_plan_and_frozen_baseline_and_the_steps_say_what_is_missing()
    {
        Assert.Equal([false, false, false], FlowStep.Of(host.Flow).Take(3).Select(step => step.IsDone));
        Assert.Equal(NextStep.Plan, Waits());
        Assert.Empty(await consultant.FormAsync(Steps, Sign));
        (HttpStatusCode status, string page) = await consultant.PostAsync(Steps, Sign, new() { ["result"] = host.Flow.Result!.Version });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("The baseline is not frozen.", page, StringComparison.Ordinal);
        Assert.Contains("Falta escribir el plan", await consultant.GetAsync($"/es/projects/{WorkflowHost.Project}/workflow"), StringComparison.Ordinal);
        Assert.Empty(host.Register.Snapshot.All<ReviewSignature>());
        Assert.Empty(host.Register.Snapshot.All<Attachment>());
    }

    [Fact]
    public async Task The_plan_bears_todays_date_and_a_warning_that_stays_when_the_installation_had_begun()
    {
        Assert.Equal(HttpStatusCode.Redirect, (await PlanAsync("")).Status);
        MeasurementPlan plan = host.Flow.Plan!;
        Assert.Equal((host.Register.Today, host.Flow.Mark!.ModelHash), (plan.WrittenOn, plan.ModelHash));
        string page = await consultant.GetAsync(Own + "/plan");
        Assert.Contains("A warning that stays", page, StringComparison.Ordinal);
        Assert.Contains(PlanDesk.HashOf(plan), page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PlanAsync("no longer new", version: "0")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PlanAsync("", version: "1")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await PlanAsync("clearer words", version: "1")).Status);
        Assert.Equal(2, host.Flow.PlanVersion!.Version);
    }

    [Fact]
    public async Task A_baseline_that_changes_after_its_freeze_is_told_and_never_signed_until_it_is_frozen_again()
    {
        await FreezeAsync("as agreed");
        Assert.Equal(FreezeState.Holds, host.Flow.FreezeState);
        BaselineFreeze first = host.Flow.Freeze!;
        Assert.Equal((new DateOnly(2024, 11, 20), new DateOnly(2025, 9, 30), host.Flow.Mark!.DataHash), (first.WindowFirst, first.WindowLast, first.DataHash));
        AddFault(new(2025, 3, 3), new(2025, 3, 7));
        Assert.Equal(FreezeState.Changed, host.Flow.FreezeState);
        Assert.Contains("no longer the one that was frozen", await consultant.GetAsync(Own), StringComparison.Ordinal);
        Assert.Contains(WorkflowWords.FreezeChanged, host.Flow.MissingForSignature());
        Dictionary<string, string> stale = new() { ["model"] = first.ModelHash, ["data"] = first.DataHash!, ["freeze"] = first.Id, ["reason"] = "unseen" };
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await consultant.PostAsync(Steps, Freeze, stale)).Status);
        await FreezeAsync("the gateway was off");
        Assert.Equal(FreezeState.Holds, host.Flow.FreezeState);
        Assert.Equal(2, host.Register.Snapshot.All<BaselineFreeze>().Count);
    }

    [Fact]
    public async Task Two_people_sign_one_result_and_the_report_is_kept_byte_for_byte()
    {
        await ReadyAsync();
        byte[] json = ReportJson.Write(ReportFiles.OfProject(host.Flow.Result!, "savings")!.Document);
        Assert.Equal(HttpStatusCode.Redirect, (await SignAsync()).Status);
        Assert.Equal(SignState.AuthorOnly, host.Flow.SignState);
        Assert.Equal(NextStep.Reviewer, Waits());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await consultant.PostAsync(Steps, Sign, new() { ["result"] = host.Flow.Result!.Version })).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ReviewAsync(staff, "no", "")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await ReviewAsync(staff, "no", "explain May")).Status);
        Assert.Equal(SignState.Returned, host.Flow.SignState);
        Assert.Equal(HttpStatusCode.Redirect, (await ReviewAsync(staff, "yes", "explained")).Status);
        Assert.Equal(SignState.Signed, host.Flow.SignState);
        Assert.Equal(NextStep.Nothing, Waits());
        Assert.Contains("Verified saving</span>", await staff.GetAsync(Own), StringComparison.Ordinal);
        Assert.All(FlowStep.Of(host.Flow).Where((_, index) => index != 3), step => Assert.True(step.IsDone, step.Title.In(Language.English)));
        Assert.NotEmpty(ProjectLifecycle.EvidenceFor(host.Register.Snapshot, WorkflowHost.Project, ProjectState.Verified, host.Register.Today));
        ReviewSignature author = host.Flow.Author!;
        byte[] kept = await staff.BytesAsync($"{Own}/signed?document={author.ReportJson}");
        Assert.Equal(json, kept);
        foreach (string? id in (string?[])[author.ReportJson, author.ReportSpanish, author.ReportEnglish])
        {
            byte[] bytes = await staff.BytesAsync($"{Own}/signed?document={id}");
            Assert.Equal(host.Register.Snapshot.Find<Attachment>(id)!.Sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }

        Assert.StartsWith("<!DOCTYPE html>", Encoding.UTF8.GetString(await staff.BytesAsync($"{Own}/signed?document={author.ReportSpanish}")), StringComparison.OrdinalIgnoreCase);
        string page = await consultant.GetAsync(Own);
        Assert.Contains("Persona de prueba", page, StringComparison.Ordinal);
        Assert.Contains("Evidence grade", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proposed_events_without_a_decision_are_named_and_nobody_signs_without_saying_that_they_were_seen()
    {
        await ReadyAsync();
        IReadOnlyList<Text> events = host.Flow.Undecided;
        Assert.NotEmpty(events);
        string form = WebUtility.HtmlDecode(await consultant.GetAsync(Steps));
        Assert.All(events, one => Assert.Contains(one.In(Language.English), form, StringComparison.Ordinal));
        Assert.Contains(WorkflowWords.IHaveSeen(events.Count).In(Language.English), form, StringComparison.Ordinal);
        (HttpStatusCode status, string refused) = await SignAsync(isSeen: false);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(WorkflowWords.SeenMissing.In(Language.English), refused, StringComparison.Ordinal);
        Assert.Empty(host.Register.Snapshot.All<ReviewSignature>());
        Assert.Equal(HttpStatusCode.Redirect, (await SignAsync()).Status);
        ReviewSignature author = host.Flow.Author!;
        Assert.Equal(events.Count, author.UndecidedEvents);
        Assert.Equal(events.Select(one => one.In(Language.English)), author.EventsSeen!.Split('\n'));
        (HttpStatusCode unseen, string unseenPage) = await ReviewAsync(staff, "yes", "", isSeen: false);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unseen);
        Assert.Contains(WorkflowWords.SeenMissing.In(Language.English), unseenPage, StringComparison.Ordinal);
        Assert.Null(host.Flow.Reviewer);
        Assert.Equal(HttpStatusCode.Redirect, (await ReviewAsync(staff, "yes", "")).Status);
        Assert.Equal((events.Count, author.EventsSeen), (host.Flow.Reviewer!.UndecidedEvents, host.Flow.Reviewer.EventsSeen));
        string page = WebUtility.HtmlDecode(await staff.GetAsync(Own + "/signed"));
        Assert.Contains(WorkflowWords.HasSeen("Persona de prueba", events.Count).In(Language.English), page, StringComparison.Ordinal);
        Assert.Contains(events[0].In(Language.English), page, StringComparison.Ordinal);
        foreach ((string? id, Language language) in ((string?, Language)[])[(author.ReportSpanish, Language.Spanish), (author.ReportEnglish, Language.English)])
        {
            string report = WebUtility.HtmlDecode(Encoding.UTF8.GetString(await staff.BytesAsync($"{Own}/signed?document={id}")));
            Assert.Contains(ReportWords.UndecidedStatement.In(language), report, StringComparison.Ordinal);
            Assert.All(events, one => Assert.Contains(one.In(language), report, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_author_cannot_be_the_second_person_and_nobody_signs_what_he_did_not_see()
    {
        await ReadyAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await staff.PostAsync(Steps, Sign, new() { ["result"] = host.Flow.Result!.Version })).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await consultant.PostAsync(Steps, Sign, new() { ["result"] = new('0', 64) })).Status);
        using WorkflowHost.Reader both = await host.BothAsync();
        Dictionary<string, string> own = await both.FormAsync(Steps, Sign);
        own["seen"] = "yes";
        Assert.Equal(HttpStatusCode.Redirect, (await both.PostAsync(Steps, Sign, own)).Status);
        Assert.Empty(await both.FormAsync(Steps, Review));
        (HttpStatusCode status, string page) = await both.PostAsync(Steps, Review, new() { ["result"] = host.Flow.Result!.Version, ["version"] = "0", ["approve"] = "yes" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("the author cannot review it", page, StringComparison.Ordinal);
        Assert.Equal(SignState.AuthorOnly, host.Flow.SignState);
        Assert.Equal(HttpStatusCode.Forbidden, (await consultant.PostAsync(Steps, Review, new() { ["approve"] = "yes" })).Status);
    }

    [Fact]
    public async Task A_decision_after_the_signatures_makes_them_void_and_the_difference_is_told()
    {
        await ReadyAsync();
        _ = await SignAsync();
        _ = await ReviewAsync(staff, "yes", "");
        double signed = host.Flow.Result!.Savings!.Savings;
        AddFault(new(2026, 5, 4), new(2026, 5, 15));
        Assert.Equal(SignState.Void, host.Flow.SignState);
        Assert.NotEqual(signed, host.Flow.Result!.Savings!.Savings);
        string page = WebUtility.HtmlDecode(await staff.GetAsync(Steps));
        Assert.Contains("Signed on other data", page, StringComparison.Ordinal);
        Assert.Contains("Difference:", page, StringComparison.Ordinal);
        Assert.Contains("Decisions after the signature: 1.", page, StringComparison.Ordinal);
        Assert.Contains("Se firmó con otros datos", WebUtility.HtmlDecode(await staff.GetAsync($"/es/projects/{WorkflowHost.Project}")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ReviewAsync(staff, "yes", "")).Status);
        EventDecision decision = host.Register.Snapshot.All<EventDecision>()[0];
        _ = host.Register.Save([new(decision, 1) { IsWithdrawal = true }, new(host.Register.Snapshot.Find<StaticFactorEvent>(decision.Event)!, 1) { IsWithdrawal = true }], ProgrammeFixture.Ana, "wrong plant");
        Assert.Equal(SignState.Signed, host.Flow.SignState);
    }

    [Fact]
    public async Task A_foreign_consultant_finds_neither_steps_nor_plan_nor_signed_reports()
    {
        await ReadyAsync();
        _ = await SignAsync();
        using WorkflowHost.Reader foreign = await host.ReaderAsync(AccountRole.Consultant, project: SampleProjects.Open);
        foreach (string address in (string[])[Steps, Own + "/plan", Own + "/events", Own + "/signed", $"{Own}/signed?document={host.Flow.Author!.ReportJson}"])
        {
            Assert.Equal(HttpStatusCode.NotFound, await foreign.StatusAsync(address));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await foreign.PostAsync("/en/account", Sign, new() { ["result"] = host.Flow.Result!.Version })).Status);
        Assert.Equal(HttpStatusCode.NotFound, await staff.StatusAsync($"/en/projects/{SampleProjects.Accepted}/signed?document={host.Flow.Author.ReportJson}"));
    }

    private async Task ReadyAsync()
    {
        _ = await PlanAsync("");
        await FreezeAsync("as agreed");
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Steps, Steps + "/installed", new() { ["day"] = "2025-10-20", ["version"] = "0" })).Status);
        Assert.Empty(host.Flow.MissingForSignature());
    }

    private Task<(HttpStatusCode Status, string Page)> PlanAsync(string reason, string version = "0") => consultant.PostAsync(Own + "/plan", Own + "/plan/write", new()
    {
        ["version"] = version,
        ["option"] = "c",
        ["boundary"] = "The whole plant at its main meter.",
        ["method"] = "Daily regression. " + reason,
        ["responsible"] = "The consultant reads, the programme reviews.",
        ["reason"] = reason,
    });

    private async Task FreezeAsync(string reason)
    {
        Dictionary<string, string> form = await consultant.FormAsync(Steps, Freeze);
        form["reason"] = reason;
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Steps, Freeze, form)).Status);
    }

    private async Task<(HttpStatusCode Status, string Page)> SignAsync(bool isSeen = true)
    {
        Dictionary<string, string> form = await consultant.FormAsync(Steps, Sign);
        form["seen"] = isSeen ? "yes" : "";
        return await consultant.PostAsync(Steps, Sign, form);
    }

    private async Task<(HttpStatusCode Status, string Page)> ReviewAsync(WorkflowHost.Reader reader, string approve, string findings, bool isSeen = true)
    {
        Dictionary<string, string> form = await reader.FormAsync(Steps, Review);
        (form["approve"], form["findings"], form["seen"]) = (approve, findings, isSeen ? "yes" : "");
        return await reader.PostAsync(Steps, Review, form);
    }

    private void AddFault(DateOnly first, DateOnly last) => host.Register.Save(
        [
            new(new StaticFactorEvent { Id = "e1", Title = "t", Project = WorkflowHost.Project, FirstDay = first, LastDay = last, Description = "d" }, 0),
            new(new EventDecision { Id = "e1", Event = "e1", Project = WorkflowHost.Project, Decision = EventTreatment.DataFault, DecidedOn = host.Register.Today, Person = "Ana Ruiz", Reason = "gateway off" }, 0),
        ],
        ProgrammeFixture.Ana, null);
}
