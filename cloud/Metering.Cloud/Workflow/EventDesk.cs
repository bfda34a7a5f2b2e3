using System.Globalization;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Workflow;

/// <summary>An event with the records of its decision.</summary>
/// <param name="Told">The event as the analysis tells it.</param>
/// <param name="Event">Its record; null while it is only proposed.</param>
/// <param name="Decision">The decision's record; null while nobody decided.</param>
internal sealed record DecidedEvent(ProjectEvent Told, RecordVersion? Event, RecordVersion? Decision)
{
    /// <summary>Key of its form: the record's identifier, or the day and side of the proposal.</summary>
    public string Key => Event?.Record.Id ?? ProposalKey(Told);

    /// <summary>The events of a result with their records.</summary>
    public static IReadOnlyList<DecidedEvent> Of(ProjectFlow flow)
    {
        if (flow.Result is not { } result)
        {
            return [];
        }

        List<DecidedEvent> events = [];
        EventDecision[] decisions = [.. flow.Register.All<EventDecision>().Where(one => one.Project == flow.Id)];
        foreach (ProjectEvent told in result.Events)
        {
            EventDecision? decision = told.Decision is null ? null : Array.Find(
                decisions, one => flow.Register.Find<StaticFactorEvent>(one.Event) is { } record && RecordedEvents.ProposalOf(record, result.Project) == told.Event);
            events.Add(new(told, flow.VersionOf(flow.Register.Find<StaticFactorEvent>(decision?.Event)), flow.VersionOf(decision)));
        }

        return events;
    }

    private static string ProposalKey(ProjectEvent told) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)told.Event.Kind}-{(int)told.Event.Period}-{told.Event.FromUtcMilliseconds}");
}

/// <summary>Takes people's decisions on events: an event and its decision are stored together, or neither is.</summary>
internal sealed class EventDesk(RecordStore records, Language language)
{
    /// <summary>Key of the form for an event that no program proposed.</summary>
    public const string NewKey = "new";

    /// <summary>Stores a decision, new or changed.</summary>
    public async Task<IResult> DecideAsync(HttpContext http, string id)
    {
        if (await FlowForm.ReadAsync(http, records, id) is not { Flow: { Result: { } result, Record: not null } flow } form)
        {
            return await MissingAsync(http, id);
        }

        DecidedEvent? told = DecidedEvent.Of(flow).FirstOrDefault(one => one.Key == form["form"]);
        if (told is null && form["form"] != NewKey)
        {
            return Page(http, id, form.Overtaken(WorkflowWords.EventGone.In(language)));
        }

        string reason = form.Required("reason", WorkflowWords.ReasonMissing);
        (DateOnly First, DateOnly? Last) days = Days(form, result.Project);
        FieldChoice? choice = EventDecision.Kind.Fields.Single(field => field.Name == "decision").Choices.FirstOrDefault(one => one.Word == form["decision"]);
        ProjectFlow.Add(form.Faults, choice is null, WorkflowWords.DecisionMissing);
        string title = told is null ? form.Required("title", WorkflowWords.TitleMissing) : "";
        Refusal? refusal = form.Try(language, () =>
        {
            string record = told?.Event?.Record.Id ?? NewId(flow, days.First);
            StaticFactorEvent about = told is null
                ? new() { Id = record, Title = title, Project = id, FirstDay = days.First, LastDay = days.Last, Description = title }
                : told.Event is { Record: StaticFactorEvent known } ? known with { FirstDay = days.First, LastDay = days.Last }
                : RecordedEvents.RecordOf(told.Told.Event, result.Project, result.Unit, record, days);
            EventDecision decision = new()
            {
                Id = record,
                Event = record,
                Project = id,
                Decision = Enum.GetValues<EventTreatment>().Single(one => Field.WordOf(one) == choice!.Word),
                DecidedOn = records.Today,
                Person = form.Actor.Name,
                Reason = reason,
            };
            _ = records.Save([new(about, form.Version("event-version")), new(decision, form.Version("decision-version"))], form.Actor, reason);
        });
        return refusal is null ? Results.Redirect($"/{language.Code()}{WorkflowRoutes.EventsOf(id)}") : Page(http, id, refusal);
    }

    /// <summary>Withdraws a decision with its event; what the program had proposed is proposed again.</summary>
    public async Task<IResult> UndoAsync(HttpContext http, string id)
    {
        if (await FlowForm.ReadAsync(http, records, id) is not { Flow: { Result: not null, Record: not null } flow } form)
        {
            return await MissingAsync(http, id);
        }

        if (DecidedEvent.Of(flow).FirstOrDefault(one => one.Key == form["form"]) is not { Event: { } about, Decision: { } decision })
        {
            return Page(http, id, form.Overtaken(WorkflowWords.EventGone.In(language)));
        }

        string reason = form.Required("reason", WorkflowWords.ReasonMissing);
        Refusal? refusal = form.Try(language, () => _ = records.Save(
            [
                new(decision.Record, form.Version("decision-version")) { IsWithdrawal = true },
                new(about.Record, form.Version("event-version")) { IsWithdrawal = true },
            ],
            form.Actor, reason));
        return refusal is null ? Results.Redirect($"/{language.Code()}{WorkflowRoutes.EventsOf(id)}") : Page(http, id, refusal);
    }

    // A withdrawn event keeps its identifier, so that its history is never another event's.
    private static string NewId(ProjectFlow flow, DateOnly first)
    {
        string stem = string.Create(CultureInfo.InvariantCulture, $"{flow.Id}.{first:yyyyMMdd}.");
        int number = flow.Register.Versions(StaticFactorEvent.Kind).Count(one => one.Record.Id.StartsWith(stem, StringComparison.Ordinal));
        return string.Create(CultureInfo.InvariantCulture, $"{stem}{number + 1}");
    }

    private static (DateOnly First, DateOnly? Last) Days(FlowForm form, Project project)
    {
        (DateOnly? first, DateOnly? last) = (form.Day("first"), form.Day("last"));
        if (first is not { } begin || (last is null && form["last"].Length > 0) || last < begin)
        {
            form.Faults.Add(WorkflowWords.DayWrong);
            return default;
        }

        bool touches = (begin <= project.Baseline.Last && (last ?? DateOnly.MaxValue) >= project.Baseline.First)
            || (begin <= project.Reporting.Last && (last ?? DateOnly.MaxValue) >= project.Reporting.First);
        ProjectFlow.Add(form.Faults, !touches, WorkflowWords.DayOutside);
        return (begin, last);
    }

    // A draft, or a project of the file only: there is nothing to decide on, and the page says what to do first.
    private async Task<IResult> MissingAsync(HttpContext http, string id) =>
        await FlowForm.ReadAsync(http, records, id) is { } form
            ? Page(http, id, new(StatusCodes.Status422UnprocessableEntity, [(form.Flow.Record is null ? WorkflowWords.NotRecorded : WorkflowWords.NeedsSetup).In(language)], new Dictionary<string, string>()))
            : Portal.NotFound(http);

    private IResult Page(HttpContext http, string id, Refusal refusal) =>
        WorkflowRoutes.Show<EventsPage>(http, records, language, id, WorkflowRoutes.EventsOf(id), WorkflowWords.Events, refusal);
}
