using System.Net;
using Metering.Cloud.Projects;
using Metering.Cloud.Workflow;
using Metering.Programme.Accounts;
using Metering.Programme.Kinds;
using Metering.Tests.Accounts;
using Metering.Tests.Api;
using Metering.Tests.Pages;
using Metering.Tests.Programme;
using Xunit;

namespace Metering.Tests.Workflow;

public sealed class EventDecisionTests : IAsyncLifetime
{
    private const string Events = $"/en/projects/{WorkflowHost.Project}/events";
    private const string Decide = Events + "/decide";
    private const string Undo = Events + "/undo";

    private readonly WorkflowHost host = new();

    public async Task InitializeAsync()
    {
        await host.InitializeAsync();
        host.Record();
    }

    public Task DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("project-effect", false)]
    [InlineData("ignored", false)]
    [InlineData("non-routine-temporary", true)]
    [InlineData("data-fault", true)]
    [InlineData("non-routine-permanent", true)]
    public async Task Each_decision_is_a_record_with_its_person_and_reason_and_the_saving_with_and_without_follows(string decision, bool changes)
    {
        double before = host.Flow.Result!.Savings!.Savings;
        using WorkflowHost.Reader consultant = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Events, Decide, New(decision))).Status);
        EventDecision record = Assert.Single(host.Register.Snapshot.All<EventDecision>());
        Assert.Equal(("Persona de prueba", "a second shift in May", host.Register.Today), (record.Person, record.Reason, record.DecidedOn));
        ProjectResult after = host.Flow.Result!;
        ProjectEvent told = Assert.Single(after.Events, one => one.Decision is not null);
        Assert.Equal((changes, after.Savings!.Savings), (told.IsApplied, (changes ? told.With! : told.Without!).Value));
        Assert.Equal(changes, before != after.Savings.Savings);
        Assert.Contains("a second shift in May", await consultant.GetAsync("/en/projects/" + WorkflowHost.Project), StringComparison.Ordinal);
        Assert.Contains("Cambiar la decisión", await consultant.GetAsync("/es/projects/" + WorkflowHost.Project), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proposal_of_the_program_changes_nothing_until_it_is_decided_and_comes_back_when_the_decision_is_undone()
    {
        ProjectResult before = host.Flow.Result!;
        DecidedEvent proposed = DecidedEvent.Of(host.Flow).Single(one => one.Told.Event.Kind == Metering.Analytics.Events.EventKind.StepChange && one.Told.Event.SizePerInterval > 0);
        Assert.Null(proposed.Decision);
        (DateOnly first, _) = RecordedEvents.DaysOf(proposed.Told.Event, before.Project);
        Assert.InRange(first, new DateOnly(2026, 4, 24), new DateOnly(2026, 5, 14));
        using WorkflowHost.Reader consultant = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        Dictionary<string, string> form = await consultant.FormAsync(Events, Decide, $"value=\"{proposed.Key}\"");
        (form["first"], form["last"], form["decision"], form["reason"]) = (first.ToString("yyyy-MM-dd", null), "", "non-routine-permanent", "a second line runs since May");
        Dictionary<string, string> second = new(form);
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Events, Decide, form)).Status);
        ProjectResult after = host.Flow.Result!;
        Assert.True(after.Savings!.Savings > before.Savings!.Savings + (200 * proposed.Told.Event.SizePerInterval / 2));
        Assert.Equal(before.Savings.Savings, after.WithoutEvents!.Savings, 6);
        StaticFactorEvent record = Assert.Single(host.Register.Snapshot.All<StaticFactorEvent>());
        Assert.Equal((EventShape.Step, "kWh"), (record.Shape, record.SizePerDay!.Unit));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await consultant.PostAsync(Events, Decide, second)).Status);
        form = await consultant.FormAsync(Events, Undo);
        form["reason"] = "it was the project";
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Events, Undo, form)).Status);
        Assert.Contains(DecidedEvent.Of(host.Flow), one => one.Key == proposed.Key && one.Decision is null);
    }

    [Fact]
    public async Task A_proposal_decided_through_the_API_counts_as_one_decided_on_the_page()
    {
        ProjectResult before = host.Flow.Result!;
        Metering.Analytics.Events.EventProposal proposal = before.Events.Single(one => one.Event.Kind == Metering.Analytics.Events.EventKind.StepChange && one.Event.SizePerInterval > 0).Event;
        using HttpClient consultant = await ApiClients.WithTokenAsync(await PortalAccounts.SignedInAsync(host.App, AccountRole.Consultant, project: WorkflowHost.Project));
        const string events = $"/api/v1/projects/{WorkflowHost.Project}/events";
        string day = RecordedEvents.DaysOf(proposal, before.Project).First.ToString("yyyy-MM-dd", null);
        string id = (await consultant.SendAsync("GET", events)).Items.Single(item => item.GetProperty("firstDay").GetString() == day).GetProperty("id").GetString()!;
        const string decision = """{"decision":"non-routine-permanent","reason":"a second line runs since May"}""";
        Assert.Equal(201, (await consultant.SendAsync("PUT", $"{events}/{id}/decision", decision, ("If-None-Match", "*"))).Status);
        ProjectResult after = host.Flow.Result!;
        Assert.True(after.Savings!.Savings > before.Savings!.Savings + (200 * proposal.SizePerInterval / 2));
        Assert.Equal(EventShape.Step, Assert.Single(host.Register.Snapshot.All<StaticFactorEvent>()).Shape);
        Assert.Contains(DecidedEvent.Of(host.Flow), one => one.Key == id && one.Decision is not null);

        // And the other way: what was decided on the page stands decided in the API.
        using WorkflowHost.Reader reader = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        Assert.Equal(HttpStatusCode.Redirect, (await reader.PostAsync(Events, Decide, New("ignored"))).Status);
        Assert.Equal(2, (await consultant.SendAsync("GET", events)).Items.Count(item => item.TryGetProperty("decision", out System.Text.Json.JsonElement told) && told.ValueKind == System.Text.Json.JsonValueKind.Object));
    }

    [Fact]
    public async Task A_decision_is_changed_and_undone_with_reasons_and_its_history_stays()
    {
        ProjectResult before = host.Flow.Result!;
        using WorkflowHost.Reader consultant = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        _ = await consultant.PostAsync(Events, Decide, New("data-fault"));
        Dictionary<string, string> form = await consultant.FormAsync(Events, Decide, "value=\"1\"");
        Fill(form, "ignored", "the readings were right");
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Events, Decide, form)).Status);
        EventDecision changed = Assert.Single(host.Register.Snapshot.All<EventDecision>());
        Assert.Equal(EventTreatment.Ignored, changed.Decision);
        form = await consultant.FormAsync(Events, Undo);
        form["reason"] = "";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await consultant.PostAsync(Events, Undo, form)).Status);
        form["reason"] = "entered twice";
        Assert.Equal(HttpStatusCode.Redirect, (await consultant.PostAsync(Events, Undo, form)).Status);
        Assert.Empty(host.Register.Snapshot.All<EventDecision>());
        Assert.Empty(host.Register.Snapshot.All<StaticFactorEvent>());
        Assert.Equal(["a second shift in May", "the readings were right", "entered twice"], host.Register.History(new("event-decision", changed.Id)).Select(one => one.Entry.Reason!));
        Assert.Equal(before.Version, host.Flow.Result!.Version);
    }

    [Fact]
    public async Task Who_decides_over_another_persons_newer_decision_is_told_and_changes_nothing()
    {
        using WorkflowHost.Reader consultant = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        _ = await consultant.PostAsync(Events, Decide, New("data-fault"));
        Dictionary<string, string> stale = Fill(await consultant.FormAsync(Events, Decide, "value=\"1\""), "project-effect", "my reason");
        EventDecision first = host.Register.Snapshot.All<EventDecision>()[0];
        _ = host.Register.Save([new(first with { Decision = EventTreatment.Ignored }, 1)], ProgrammeFixture.Luis, "looked again");
        (HttpStatusCode status, string page) = await consultant.PostAsync(Events, Decide, stale);
        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Contains("Luis Vega saved another version", page, StringComparison.Ordinal);
        Assert.Contains("value=\"my reason\"", page, StringComparison.Ordinal);
        Assert.Equal(EventTreatment.Ignored, host.Register.Snapshot.All<EventDecision>()[0].Decision);
    }

    [Theory]
    [InlineData("decision", "", "Choose a decision.")]
    [InlineData("reason", " ", "The reason is missing.")]
    [InlineData("first", "2026-02-30", "in order")]
    [InlineData("last", "2026-01-01", "in order")]
    [InlineData("last", "", "need the event")]
    [InlineData("title", "", "Say what it was.")]
    [InlineData("form", "0-1-12345", "no longer proposed")]
    public async Task A_decision_with_a_fault_comes_back_as_it_was_typed_and_nothing_is_half_written(string field, string value, string told)
    {
        using WorkflowHost.Reader consultant = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        Dictionary<string, string> form = New("data-fault");
        form[field] = value;
        (HttpStatusCode status, string page) = await consultant.PostAsync(Events, Decide, form);
        Assert.Equal(field == "form" ? HttpStatusCode.PreconditionFailed : HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(told, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Empty(host.Register.Snapshot.All<StaticFactorEvent>());
        Assert.Empty(host.Register.Snapshot.All<EventDecision>());
    }

    [Fact]
    public async Task Days_that_touch_no_period_are_refused()
    {
        using WorkflowHost.Reader consultant = await host.ReaderAsync(AccountRole.Consultant, project: WorkflowHost.Project);
        Dictionary<string, string> form = New("data-fault");
        (form["first"], form["last"]) = ("2020-01-01", "2020-01-05");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await consultant.PostAsync(Events, Decide, form)).Status);
    }

    [Fact]
    public async Task Only_the_projects_people_decide_and_a_foreign_project_is_not_there()
    {
        using WorkflowHost.Reader operates = await host.ReaderAsync(AccountRole.Operator, plant: "leon-tannery");
        Assert.Contains("Decisions are made by", await operates.GetAsync(Events), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await operates.PostAsync("/en/account", Decide, New("ignored"))).Status);
        using WorkflowHost.Reader foreign = await host.ReaderAsync(AccountRole.Consultant, project: SampleProjects.Open);
        (HttpStatusCode status, string page) = await foreign.PostAsync("/en/account", Decide, New("ignored"));
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.DoesNotContain("Drives", page, StringComparison.Ordinal);
        Assert.Empty(host.Register.Snapshot.All<EventDecision>());
    }

    [Fact]
    public void A_proposal_goes_into_a_record_and_back_with_its_days_size_and_uncertainty()
    {
        Project project = host.Flow.Result!.Project;
        foreach (Metering.Analytics.Events.EventKind kind in Enum.GetValues<Metering.Analytics.Events.EventKind>())
        {
            Metering.Analytics.Events.EventProposal proposal = RecordedEvents.ProposalOf(
                new() { Id = "e", Project = project.Id, Title = "t", Description = "d", FirstDay = new(2026, 3, 2), LastDay = new(2026, 3, 9), Shape = (EventShape)kind, SizePerDay = new(12.5m, "kWh"), SizeHalfWidth = new(3m, "kWh"), DateDeviation = new(40.25m, "kWh") },
                project);
            StaticFactorEvent record = RecordedEvents.RecordOf(proposal, project, "kWh", "e", RecordedEvents.DaysOf(proposal, project));
            Assert.Equal(proposal, RecordedEvents.ProposalOf(record, project));
            Assert.Equal((kind, 12.5, 3, 40.25), (proposal.Kind, proposal.SizePerInterval, proposal.SizeHalfWidth, proposal.TotalDateDeviation));
        }
    }

    private static Dictionary<string, string> New(string decision) => Fill(
        new(StringComparer.Ordinal) { ["form"] = EventDesk.NewKey, ["event-version"] = "0", ["decision-version"] = "0", ["title"] = "Second shift" }, decision, "a second shift in May");

    private static Dictionary<string, string> Fill(Dictionary<string, string> form, string decision, string reason)
    {
        (form["first"], form["last"], form["decision"], form["reason"]) = ("2026-05-04", "2026-05-15", decision, reason);
        return form;
    }
}
