using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Programme.Lifecycle;

/// <summary>A year of a programme: targets against what the steps and their evidence show. Nothing here is typed in.</summary>
/// <param name="Year">The year with its targets.</param>
/// <param name="PreAssessments">Pre-assessments of plants visited within the year.</param>
/// <param name="Projects">Projects verified within the year.</param>
internal sealed record YearProgress(ProgrammeYear Year, int PreAssessments, int Projects)
{
    /// <summary>All years in their order.</summary>
    public static IReadOnlyList<YearProgress> Of(RegisterSnapshot register) =>
        [.. register.All<ProgrammeYear>().OrderBy(year => year.Programme, StringComparer.Ordinal).ThenBy(year => year.FirstDay).Select(year => new YearProgress(
            year,
            register.All<PreAssessment>().Count(one => IsWithin(year, one.VisitedOn)),
            register.All<ProjectStep>().Where(step => step.State == ProjectState.Verified && IsWithin(year, step.Day)).Select(step => step.Project).Distinct(StringComparer.Ordinal).Count()))];

    private static bool IsWithin(ProgrammeYear year, DateOnly day) => day >= year.FirstDay && day <= year.LastDay;
}
