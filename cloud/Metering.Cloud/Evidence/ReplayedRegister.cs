using System.Text.Json;
using Metering.Cloud.Projects;
using Metering.Programme.Kinds;
using Metering.Programme.Records;
using Metering.Projects.Statements;

namespace Metering.Cloud.Evidence;

/// <summary>
/// Of the register as it was after each change what plans and decisions are made of: it goes through the audit trail once more, so that every version has its body, also of
/// those that came between two looks.
/// </summary>
/// <param name="file">Plants of the projects file, which a project of the register may stand in.</param>
internal sealed class ReplayedRegister(ProjectRegister file)
{
    private static readonly string[] Followed =
    [
        PlantRecord.Kind.Name, ProjectRecord.Kind.Name, Programme.Kinds.ProjectDriver.Kind.Name, MeasurementPlan.Kind.Name, StaticFactorEvent.Kind.Name, EventDecision.Kind.Name, Attachment.Kind.Name,
    ];

    private readonly Dictionary<(string Kind, string Id), int> versions = [];
    private readonly Dictionary<string, Dictionary<string, Standing>> records = Followed.ToDictionary(kind => kind, _ => new Dictionary<string, Standing>(StringComparer.Ordinal), StringComparer.Ordinal);
    private readonly Dictionary<string, DecisionStatement> decisions = new(StringComparer.Ordinal);
    private readonly List<DecisionStatement> changed = [];

    /// <summary>Number of the last change it knows of.</summary>
    public long Number { get; private set; }

    /// <summary>A record; null when the text is null, or was erased.</summary>
    public static IProgrammeRecord? Read(RecordKind kind, string? json)
    {
        try
        {
            return json is null ? null : kind.FromJson(json);
        }
        catch (JsonException)
        {
            return null; // a program before or after this one wrote it: it is logged as the text it is
        }
    }

    /// <summary>Takes the next change.</summary>
    /// <returns>Version of the record, from 1.</returns>
    public int Take(AuditEntry row)
    {
        Number = row.Number;
        (string, string) key = (row.Kind, row.RecordId);
        int version = versions[key] = versions.GetValueOrDefault(key) + 1;
        changed.Clear();
        if (!records.TryGetValue(row.Kind, out Dictionary<string, Standing>? own))
        {
            return version;
        }

        IProgrammeRecord? after = Read(RecordKinds.Find(row.Kind)!, row.After);
        if (after is not null)
        {
            own[row.RecordId] = new(after, false, row.ActorId);
        }
        else if (own.TryGetValue(row.RecordId, out Standing? last))
        {
            own[row.RecordId] = new(last.Record, true, row.ActorId);
        }

        NoteDecisions(row);
        return version;
    }

    /// <summary>Projects whose definition a change may have changed.</summary>
    public IReadOnlyList<string> ProjectsOf(AuditEntry row) => row.Kind switch
    {
        "project" => [row.RecordId],
        "project-driver" or "measurement-plan" => row.Project is { } project ? [project] : [],
        "plant" => [.. All<ProjectRecord>().Where(one => one.Plant == row.RecordId).Select(one => one.Id)],
        _ => [],
    };

    /// <summary>Body of a project's plan; null when it is not written yet, or withdrawn.</summary>
    public byte[]? PlanOf(string id)
    {
        if (ProjectOf(id) is not { } project)
        {
            return null;
        }

        MeasurementPlan? plan = All<MeasurementPlan>().FirstOrDefault(one => one.Project == id);
        return PlanStatement.Write(project, plan is null ? null : TextOf(plan));
    }

    /// <summary>What the last change made of decisions, each that is another than before.</summary>
    public IReadOnlyList<DecisionStatement> DecisionsChanged(AuditEntry row) => row.Number == Number ? [.. changed] : [];

    /// <summary>A measurement plan in the words of the log.</summary>
    public static MeasurementText TextOf(MeasurementPlan plan) =>
        new(plan.Option.ToString(), plan.Boundary, plan.Method, plan.Responsible, plan.StaticFactors, plan.ModelHash, plan.WrittenOn);

    private void NoteDecisions(AuditEntry row)
    {
        foreach ((EventDecision decision, bool isWithdrawn, string actor) in Touched(row))
        {
            if (Find<StaticFactorEvent>(decision.Event) is not { } about || ProjectOf(decision.Project) is not { } project)
            {
                continue;
            }

            DecisionStatement? before = decisions.GetValueOrDefault(decision.Id);
            DecisionStatement next = StatementOf(decision, about, project, (isWithdrawn, actor));
            if (before is not null && before.Project != next.Project && !before.IsWithdrawn)
            {
                changed.Add(before with { IsWithdrawn = true, Version = next.Version, Actor = actor }); // moved: it counts no more where it was
            }

            if (before is null || !before.ToBytes().AsSpan().SequenceEqual(next.ToBytes()))
            {
                changed.Add(next);
            }

            decisions[decision.Id] = next;
        }

        changed.Reverse(); // the decision itself first
    }

    private IEnumerable<(EventDecision Decision, bool IsWithdrawn, string Actor)> Touched(AuditEntry row)
    {
        HashSet<string> projects = [.. ProjectsOf(row)];
        List<(EventDecision Decision, bool IsWithdrawn, string Actor)> found = [];
        foreach ((IProgrammeRecord record, bool isWithdrawn, string actor) in records[EventDecision.Kind.Name].Values)
        {
            if (record is EventDecision decision && (row.Kind switch
            {
                "event-decision" => decision.Id == row.RecordId,
                "static-factor-event" => decision.Event == row.RecordId,
                "attachment" => Find<StaticFactorEvent>(decision.Event)?.File == row.RecordId,
                _ => projects.Contains(decision.Project),
            }))
            {
                found.Add((decision, isWithdrawn, actor));
            }
        }

        return found.OrderByDescending(one => one.Decision.Id, StringComparer.Ordinal);
    }

    // A decision changes with its event: its version counts the changes of both, so that it grows with every entry.
    private DecisionStatement StatementOf(EventDecision decision, StaticFactorEvent about, Project project, (bool IsWithdrawn, string Actor) standing) => new()
    {
        Id = decision.Id,
        Version = versions[(EventDecision.Kind.Name, decision.Id)] + versions[(StaticFactorEvent.Kind.Name, about.Id)] - 1,
        IsWithdrawn = standing.IsWithdrawn,
        Project = decision.Project,
        EventId = about.Id,
        FirstDay = about.FirstDay,
        Decision = RecordedEvents.DecisionOf(decision, about, Find<Attachment>(about.File)?.Sha256, project),
        Actor = standing.Actor,
    };

    private Project? ProjectOf(string id)
    {
        if (Find<ProjectRecord>(id) is not { } record || PlantOf(record.Plant) is not { } plant)
        {
            return null;
        }

        return RegisterMerge.ProjectOf(record, All<Programme.Kinds.ProjectDriver>().Where(driver => driver.Project == id), plant);
    }

    private Plant? PlantOf(string id) => Find<PlantRecord>(id) is { } record ? RegisterMerge.PlantOf(record) : file.FindPlant(id);

    private TRecord? Find<TRecord>(string? id)
        where TRecord : class, IProgrammeRecord =>
        id is not null && records[RecordKinds.Of(typeof(TRecord)).Name].TryGetValue(id, out Standing? found) && !found.IsWithdrawn ? (TRecord)found.Record : null;

    private IEnumerable<TRecord> All<TRecord>()
        where TRecord : class, IProgrammeRecord => records[RecordKinds.Of(typeof(TRecord)).Name].Values.Where(one => !one.IsWithdrawn).Select(one => (TRecord)one.Record);

    private sealed record Standing(IProgrammeRecord Record, bool IsWithdrawn, string Actor);
}
