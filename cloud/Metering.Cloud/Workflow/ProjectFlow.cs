using Metering.Cloud.Projects;
using Metering.Cloud.Texts;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Workflow;

/// <summary>How a frozen baseline stands.</summary>
internal enum FreezeState
{
    /// <summary>Nothing was frozen.</summary>
    None = 0,

    /// <summary>The baseline of today's data is the one that was frozen.</summary>
    Holds = 1,

    /// <summary>Data, decisions or the plan would give another baseline today.</summary>
    Changed = 2,
}

/// <summary>How the signatures of a project stand.</summary>
internal enum SignState
{
    /// <summary>Nobody signed.</summary>
    None = 0,

    /// <summary>The author signed; a second person has not.</summary>
    AuthorOnly = 1,

    /// <summary>The second person did not approve.</summary>
    Returned = 2,

    /// <summary>Two people signed the result that the page shows.</summary>
    Signed = 3,

    /// <summary>What was signed is not what the data show now.</summary>
    Void = 4,
}

/// <summary>Where the work on a project stands: everything is read from records and from the result, nothing is typed in.</summary>
internal sealed class ProjectFlow
{
    private ProjectFlow(RegisterSnapshot register, string id, Plant plant, Text title)
    {
        (Register, Id, Plant, Title) = (register, id, plant, title);
        Record = register.Version(new(ProjectRecord.Kind.Name, id)) is { IsWithdrawn: false } found ? found : null;
        PlanVersion = VersionOf(register.All<MeasurementPlan>().FirstOrDefault(plan => plan.Project == id));
        Freeze = register.All<BaselineFreeze>().Where(freeze => freeze.Project == id).MaxBy(freeze => VersionOf(freeze)!.AuditNumber);
        Installed = register.All<Measure>().Where(measure => measure.Project == id && measure.ImplementedOn is not null).MinBy(measure => measure.ImplementedOn);
        Signatures = SignaturePair.Of(register, register.All<ReviewSignature>().Where(one => one.Project == id));
    }

    /// <summary>The register that it was read from.</summary>
    public RegisterSnapshot Register { get; }

    /// <summary>Identifier of the project.</summary>
    public string Id { get; }

    /// <summary>Its plant.</summary>
    public Plant Plant { get; }

    /// <summary>Its title.</summary>
    public Text Title { get; }

    /// <summary>The project in the register; null when it stands in the projects file only.</summary>
    public RecordVersion? Record { get; }

    /// <summary>Its result; null without a measurement plan (channel and periods).</summary>
    public ProjectResult? Result { get; private init; }

    /// <summary>The measurement and verification plan; null before it is written.</summary>
    public MeasurementPlan? Plan => (MeasurementPlan?)PlanVersion?.Record;

    /// <summary>The plan with its version.</summary>
    public RecordVersion? PlanVersion { get; }

    /// <summary>The newest freeze of the baseline.</summary>
    public BaselineFreeze? Freeze { get; }

    /// <summary>The baseline that today's data give; null without a fit.</summary>
    public BaselineMark? Mark { get; private init; }

    /// <summary>The first measure in operation.</summary>
    public Measure? Installed { get; }

    /// <summary>The newest signatures.</summary>
    public SignaturePair Signatures { get; }

    /// <summary>The newest signature of an author.</summary>
    public ReviewSignature? Author => Signatures.Author;

    /// <summary>The newest signature of a reviewer under the same result, given after the author's; null while the author waits for one.</summary>
    public ReviewSignature? Reviewer => Signatures.Reviewer;

    /// <summary>Whether the plan, as it stands, was written when the installation had begun.</summary>
    public bool IsPlanLate => Plan is not null && Result is not null && Plan.WrittenOn >= Result.Project.Installation.First;

    /// <summary>Whether the baseline was frozen when the installation had begun.</summary>
    public bool IsFreezeLate => Freeze is not null && Result is not null && Freeze.FrozenOn >= Result.Project.Installation.First;

    /// <summary>How the frozen baseline stands.</summary>
    public FreezeState FreezeState => Freeze is null ? FreezeState.None : Mark is not null && Mark.Holds(Freeze) ? FreezeState.Holds : FreezeState.Changed;

    /// <summary>How the signatures stand.</summary>
    public SignState SignState => Signatures.StateUnder(Result?.Version);

    /// <summary>Proposed events that nobody decided on.</summary>
    public int UndecidedCount => Undecided.Count;

    /// <summary>The same events, one line each.</summary>
    public IReadOnlyList<Text> Undecided => Result is null ? [] : EventTexts.Undecided(Result);

    /// <summary>Whether a number for the whole reporting period is there, so that somebody may stand for it.</summary>
    public bool IsReported => Result is { Savings: not null, IsComplete: true };

    /// <summary>Decisions made, changed or withdrawn after the author signed.</summary>
    public IReadOnlyList<RecordVersion> DecidedSince
    {
        get
        {
            long signed = Author is null ? long.MaxValue : VersionOf(Author)!.AuditNumber;
            return [.. Register.Versions(EventDecision.Kind).Where(one => one.AuditNumber > signed && one.Record.Project == Id)];
        }
    }

    /// <summary>The flow of a project; null when there is none of this identifier.</summary>
    public static ProjectFlow? Read(ProjectBoard board, RecordStore records, string id)
    {
        ProjectRegister register = board.Register;
        if (register.Find(id) is { } project)
        {
            ProjectResult result = board.ResultOf(project);
            return new(records.Snapshot, id, project.Plant, project.Title)
            {
                Result = result,
                Mark = BaselineMark.Of(result),
            };
        }

        return register.FindDraft(id) is { } draft ? new(records.Snapshot, id, draft.Plant, draft.Title) : null;
    }

    /// <summary>What keeps anybody from signing; empty when nothing does.</summary>
    public IReadOnlyList<Text> MissingForSignature()
    {
        List<Text> missing = [];
        Add(missing, Plan is null, WorkflowWords.NeedsPlan);
        Add(missing, FreezeState == FreezeState.None, WorkflowWords.NeedsFreeze);
        Add(missing, FreezeState == FreezeState.Changed, WorkflowWords.FreezeChanged);
        Add(missing, Result?.Savings is null, WorkflowWords.NeedsNumber);
        Add(missing, Result is { Savings: not null, IsComplete: false }, WorkflowWords.NeedsWholePeriod);
        return missing;
    }

    /// <summary>The version of a record in the register; null for no record.</summary>
    public RecordVersion? VersionOf(IProgrammeRecord? record) => record is null ? null : Register.Version(new(RecordKinds.Of(record.GetType()).Name, record.Id));

    internal static void Add(List<Text> list, bool isMissing, Text text)
    {
        if (isMissing)
        {
            list.Add(text);
        }
    }
}
