using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Programme.FollowUps;

/// <summary>A follow-up of a verified project.</summary>
/// <param name="Project">The project.</param>
/// <param name="After">Which one.</param>
/// <param name="DueOn">Day it is due: so many months after the project was verified.</param>
/// <param name="Visit">The visit; null when there was none.</param>
internal sealed record DueFollowUp(ProjectRecord Project, FollowUpMonth After, DateOnly DueOn, FollowUp? Visit);

/// <summary>When follow-ups are due, 6, 12 and 24 months after a project was verified. Pure.</summary>
internal static class FollowUpSchedule
{
    private static readonly (FollowUpMonth After, int Months)[] Steps = [(FollowUpMonth.SixMonths, 6), (FollowUpMonth.TwelveMonths, 12), (FollowUpMonth.TwentyFourMonths, 24)];

    /// <summary>All follow-ups of verified projects that were not withdrawn afterwards, by the day they are due.</summary>
    public static IReadOnlyList<DueFollowUp> Of(RegisterSnapshot register)
    {
        HashSet<string> withdrawn = register.All<ProjectStep>().Where(step => step.State == ProjectState.Withdrawn).Select(step => step.Project).ToHashSet(StringComparer.Ordinal);
        List<DueFollowUp> found = [];
        foreach (ProjectStep step in register.All<ProjectStep>().Where(step => step.State == ProjectState.Verified && !withdrawn.Contains(step.Project)))
        {
            if (register.Find<ProjectRecord>(step.Project) is { } project)
            {
                found.AddRange(Steps.Select(one => new DueFollowUp(
                    project, one.After, step.Day.AddMonths(one.Months), register.All<FollowUp>().Where(visit => visit.Project == project.Id && visit.After == one.After).MaxBy(visit => visit.VisitedOn))));
            }
        }

        return [.. found.OrderBy(one => one.DueOn).ThenBy(one => one.Project.Id, StringComparer.Ordinal)];
    }
}
