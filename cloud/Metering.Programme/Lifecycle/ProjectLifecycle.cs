using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Programme.Lifecycle;

/// <summary>
/// The states of a project: which follows which, and what must be there first. A state is never typed into a project; it is the last of its
/// steps, and each step was allowed on its day by records that it names.
/// </summary>
internal static class ProjectLifecycle
{
    private static readonly Dictionary<ProjectState, ProjectState[]> Next = new()
    {
        [ProjectState.Lead] = [ProjectState.SelfAssessed],
        [ProjectState.SelfAssessed] = [ProjectState.PreAssessed],
        [ProjectState.PreAssessed] = [ProjectState.Selected, ProjectState.NotSelected],
        [ProjectState.Selected] = [ProjectState.Contracted],
        [ProjectState.NotSelected] = [],
        [ProjectState.Contracted] = [ProjectState.Baselining],
        [ProjectState.Baselining] = [ProjectState.Implementing],
        [ProjectState.Implementing] = [ProjectState.Reporting],
        [ProjectState.Reporting] = [ProjectState.Verified],
        [ProjectState.Verified] = [ProjectState.FollowedUp],
        [ProjectState.FollowedUp] = [ProjectState.Closed],
        [ProjectState.Closed] = [],
        [ProjectState.Withdrawn] = [],
    };

    /// <summary>Days after which a project in this state is overdue; null where nothing is due. Of several programmes that state some, the fewest.</summary>
    // A project names no programme, so the strictest term holds: told too early does less harm than too late.
    public static int? MostDaysIn(RegisterSnapshot register, ProjectState state) =>
        register.All<ProgrammeDefinition>().Min(programme => programme.MostDaysIn(state)) ?? DefaultDaysIn(state);

    /// <summary>Days after which a project in this state is overdue when no programme states its own; null where nothing is due.</summary>
    public static int? DefaultDaysIn(ProjectState state) => state switch
    {
        ProjectState.Lead => 60,
        ProjectState.SelfAssessed or ProjectState.PreAssessed or ProjectState.Selected => 90,
        ProjectState.Contracted => 60,
        ProjectState.Baselining => 420,
        ProjectState.Implementing => 240,
        ProjectState.Reporting => 420,
        ProjectState.Verified => 240,
        ProjectState.FollowedUp => 760,
        _ => null,
    };

    /// <summary>States that may follow; a project that runs may always be withdrawn.</summary>
    /// <param name="state">State the project is in; null before its first step.</param>
    public static IReadOnlyList<ProjectState> After(ProjectState? state) => state is not ProjectState known
        ? [ProjectState.Lead]
        : Next[known].Length == 0 ? [] : [.. Next[known], ProjectState.Withdrawn];

    /// <summary>The steps of a project in their order.</summary>
    public static IReadOnlyList<ProjectStep> StepsOf(RegisterSnapshot register, string project) =>
        [.. InOrder(register.All<ProjectStep>().Where(step => step.Project == project))];

    /// <summary>Every project that has a step, with its state.</summary>
    public static IReadOnlyList<ProjectStanding> Standings(RegisterSnapshot register, DateOnly today) =>
        [.. register.All<ProjectStep>().GroupBy(step => step.Project, StringComparer.Ordinal)
            .Select(steps => InOrder(steps).Last())
            .Where(step => register.Find<ProjectRecord>(step.Project) is not null)
            .Select(step => new ProjectStanding(register.Find<ProjectRecord>(step.Project)!, step, today.DayNumber - step.Day.DayNumber, MostDaysIn(register, step.State)))
            .OrderBy(standing => standing.Project.Id, StringComparer.Ordinal)];

    /// <summary>The records that allow a project to come into a state on a day; empty when something is missing or nothing is needed.</summary>
    public static IReadOnlyList<RecordKey> EvidenceFor(RegisterSnapshot register, string project, ProjectState state, DateOnly day) =>
        ProjectGuards.Look(register, project, state, day).Evidence;

    /// <summary>Checks one step and the whole chain of its project as it would be.</summary>
    internal static void Check(RecordCheck check, ProjectStep step)
    {
        check.Past(step.Day, "day");
        IReadOnlyList<ProjectStep> steps = StepsOf(check.After, step.Project);
        ProjectStep? previous = null;
        foreach (ProjectStep one in steps)
        {
            if (!After(previous?.State).Contains(one.State))
            {
                check.Fault(
                    "state",
                    $"«{NameOf(one.State, Language.Spanish)}» no puede seguir a «{NameOf(previous?.State, Language.Spanish)}».",
                    $"“{NameOf(one.State, Language.English)}” cannot follow “{NameOf(previous?.State, Language.English)}”.");
                return;
            }

            previous = one;
        }

        if (!check.IsWithdrawn)
        {
            CheckGuard(check, step);
        }
    }

    /// <summary>What people call a state; null is the time before the first step.</summary>
    public static string NameOf(ProjectState? state, Language language) => state is ProjectState known
        ? ProjectStep.Kind.Fields.Single(field => field.Name == "state").Choices.Single(choice => choice.Word == Field.WordOf(known)).Label.In(language)
        : language == Language.Spanish ? "sin pasos" : "no step";

    private static void CheckGuard(RecordCheck check, ProjectStep step)
    {
        if (step.State == ProjectState.Withdrawn && step.Note is null)
        {
            check.Fault("note", "Diga por qué se retira el proyecto.", "Say why the project is withdrawn.");
        }

        ProjectGuard guard = ProjectGuards.Look(check.After, step.Project, step.State, step.Day);
        if (guard.Missing is Text missing)
        {
            check.Fault("state", missing.In(Language.Spanish), missing.In(Language.English));
            return;
        }

        string[] named = (step.Evidence ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (RecordKey needed in guard.Evidence)
        {
            if (!named.Contains(needed.ToString(), StringComparer.Ordinal))
            {
                check.Fault("evidence", $"Nombre la evidencia de este paso: {needed}.", $"Name the evidence of this step: {needed}.");
            }
        }
    }

    // Several steps may carry the same day; then the order of the states decides, and withdrawal is last.
    private static IOrderedEnumerable<ProjectStep> InOrder(IEnumerable<ProjectStep> steps) => steps.OrderBy(step => step.Day).ThenBy(step => step.State);
}

/// <summary>Where a project stands.</summary>
/// <param name="Project">The project.</param>
/// <param name="Step">Its last step.</param>
/// <param name="DaysInState">Days since that step.</param>
/// <param name="MostDays">Days after which it is overdue; null where nothing is due.</param>
internal sealed record ProjectStanding(ProjectRecord Project, ProjectStep Step, int DaysInState, int? MostDays)
{
    /// <summary>Whether it has been in its state for longer than it should.</summary>
    public bool IsOverdue => DaysInState > MostDays;
}
