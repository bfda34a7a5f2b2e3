using Metering.Programme.Kinds;
using Metering.Programme.Lifecycle;
using Metering.Programme.Records;

namespace Metering.Cloud.Workflow;

/// <summary>
/// Writes the programme's steps that the work on a project proves: baselining (channel and periods), implementing (a frozen baseline), reporting (a measure in
/// operation), verified (two signatures). Nobody types them; each names its evidence. What lies before them, up to the contract, and after them is the programme's own.
/// </summary>
internal static class StepWriter
{
    private static readonly ProjectState[] Proven = [ProjectState.Baselining, ProjectState.Implementing, ProjectState.Reporting, ProjectState.Verified];

    /// <summary>Writes the steps whose evidence is there and whose turn it is; none when the project has not come so far, or its signatures do not hold.</summary>
    /// <param name="records">The register.</param>
    /// <param name="project">Identifier of the project.</param>
    /// <param name="actor">Who did what proves the step.</param>
    /// <param name="isSigned">Whether two people signed the result as it stands.</param>
    /// <returns>The states that were written.</returns>
    public static IReadOnlyList<ProjectState> Advance(RecordStore records, string project, Actor actor, bool isSigned)
    {
        List<ProjectState> written = [];
        foreach (ProjectState state in Proven)
        {
            RegisterSnapshot register = records.Snapshot;
            ProjectState? reached = StateOf(register, project);
            IReadOnlyList<RecordKey> evidence = ProjectLifecycle.EvidenceFor(register, project, state, records.Today);
            string id = $"{project}.{Field.WordOf(state)}";
            if (!ProjectLifecycle.After(reached).Contains(state) || evidence.Count == 0 || (state == ProjectState.Verified && !isSigned)
                || register.Version(new(ProjectStep.Kind.Name, id)) is not null)
            {
                continue;
            }

            ProjectStep step = new() { Id = id, Project = project, State = state, Day = records.Today, Evidence = string.Join(' ', evidence) };
            try
            {
                _ = records.Save([new(step, 0)], actor, null);
                written.Add(state);
            }
            catch (Exception e) when (e is RecordFaultsException or RecordConflictException)
            {
                return written; // somebody wrote a step meanwhile; what is still proven is written at the next act
            }
        }

        return written;
    }

    /// <summary>The state of a project: its last step; null without one.</summary>
    public static ProjectState? StateOf(RegisterSnapshot register, string project) => ProjectLifecycle.StepsOf(register, project) is [.., { } last] ? last.State : null;
}
