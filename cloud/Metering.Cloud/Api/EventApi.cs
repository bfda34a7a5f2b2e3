using System.Globalization;
using System.Text.Json.Nodes;
using Metering.Analytics.Events;
using Metering.Cloud.Accounts;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using EventDecision = Metering.Programme.Kinds.EventDecision;

namespace Metering.Cloud.Api;

/// <summary>Events of a project: those the program proposes, those a person entered, and what was decided on them.</summary>
internal static class EventApi
{
    private const string Address = "/projects/{id}/events";

    /// <summary>Adds the addresses.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Address, (string id, HttpContext http, ProjectBoard board, RecordStore store, string? after, string? limit) =>
                ApiPaging.Answer(http, All(ProjectApi.ResultOf(board, id), store.Snapshot), one => one.Id, one => one))
            .Needs(Permission.SeeProject, Target.Project).Told<ApiList<ApiEvent>>("events", "Events of a project with the saving with and without each, and what was decided.");
        api.MapPut(Address + "/{event}/decision", (string id, string @event, HttpContext http, ProjectBoard board, RecordStore store) => DecideAsync(http, board, store, id, @event))
            .Needs(Permission.DecideEvents, Target.Project).Told<ApiRecord>("events", "Decides an event (If-None-Match: *) or decides it anew (If-Match). A proposal becomes a record of its own with its decision, both or none.")
            .Produces<ApiRecord>(StatusCodes.Status201Created)
            .Takes<ApiDecision>(StatusCodes.Status412PreconditionFailed, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status428PreconditionRequired);
    }

    private static IEnumerable<ApiEvent> All(ProjectResult result, RegisterSnapshot register)
    {
        string project = result.Project.Id;
        Dictionary<string, RecordVersion> decisions = register.Versions(EventDecision.Kind)
            .Where(version => !version.IsWithdrawn && version.Record.Project == project).ToDictionary(version => ((EventDecision)version.Record).Event, StringComparer.Ordinal);
        HashSet<string> entered = new(StringComparer.Ordinal);
        foreach (StaticFactorEvent record in register.All<StaticFactorEvent>().Where(record => record.Project == project))
        {
            _ = entered.Add(record.Id);
            yield return new()
            {
                Id = record.Id,
                Origin = "entered",
                FirstDay = record.FirstDay,
                LastDay = record.LastDay,
                Title = record.Title,
                Decision = decisions.TryGetValue(record.Id, out RecordVersion? decision) ? RecordApi.ShapeOf(decision) : null,
            };
        }

        foreach (ProjectEvent told in result.Events.Where(told => told.Decision is null && !entered.Contains(IdOf(result.Project, told.Event))))
        {
            (DateOnly first, DateOnly? last) = RecordedEvents.DaysOf(told.Event, result.Project);
            yield return new()
            {
                Id = IdOf(result.Project, told.Event),
                Origin = "proposed",
                Shape = Field.WordOf(told.Event.Kind),
                FirstDay = first,
                LastDay = last,
                Total = told.Event.Total,
                SavingWith = Saving(told.With),
                SavingWithout = Saving(told.Without),
            };
        }
    }

    private static async Task<IResult> DecideAsync(HttpContext http, ProjectBoard board, RecordStore store, string project, string name)
    {
        Precondition condition = Precondition.Of(http);
        JsonObject body = await RecordBody.ReadAsync(http, "decision", "reason", "decidedOn");
        RegisterSnapshot register = store.Snapshot;
        List<RecordChange> changes = [];
        if (register.Version(new(StaticFactorEvent.Kind.Name, name)) is not { IsWithdrawn: false } known)
        {
            changes.Add(new(Proposed(ProjectApi.ResultOf(board, project), name), register.Version(new(StaticFactorEvent.Kind.Name, name))?.Version ?? 0));
        }
        else if (known.Record.Project != project)
        {
            throw Unknown();
        }

        // A decision bears the identifier of its event, here and on the pages.
        RecordKey key = new(EventDecision.Kind.Name, name);
        RecordVersion? found = register.Version(key);
        long expected = condition.Against(http, found);
        string? reason = RecordBody.TextOf(body, "reason");
        JsonObject values = new()
        {
            ["decision"] = body["decision"]?.DeepClone(),
            ["reason"] = reason,
            ["decidedOn"] = RecordBody.TextOf(body, "decidedOn") ?? store.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["person"] = CurrentActor.Of(http).Name,
        };
        changes.Add(new(
            RecordBody.Record(EventDecision.Kind, values, new Dictionary<string, string>(StringComparer.Ordinal) { [RecordKind.IdField] = key.Id, ["event"] = name, ["project"] = project }), expected));
        RegisterSnapshot after = RecordApi.Save(http, store, changes, changes.Exists(change => change.ExpectedVersion > 0) ? reason : null);
        return RecordApi.Answer(http, after.Version(key)!, expected == 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static ApiRefusal Unknown() => ApiRefusal.Unknown("event", new("el proyecto no tiene ese evento", "the project has no such event"));

    // A proposal is not kept anywhere: it is found again, and becomes a record when somebody decides it.
    private static StaticFactorEvent Proposed(ProjectResult result, string name)
    {
        EventProposal proposal = result.Events.FirstOrDefault(told => IdOf(result.Project, told.Event) == name)?.Event ?? throw Unknown();
        return RecordedEvents.RecordOf(proposal, result.Project, result.Unit, name, RecordedEvents.DaysOf(proposal, result.Project));
    }

    private static string IdOf(Project project, EventProposal proposal) => string.Create(
        CultureInfo.InvariantCulture, $"{project.Id}.{Field.WordOf(proposal.Kind)}.{RecordedEvents.DaysOf(proposal, project).First:yyyyMMdd}");

    private static ApiSaving? Saving(StatedSaving? saving) => saving is null ? null : new(saving.Value, saving.HalfWidth);
}
