using Metering.Analytics.Indicators;

namespace Metering.Analytics.Portfolio;

/// <summary>
/// Looks for savings claimed twice: same resource, reporting periods that overlap, and the same meter channel or boundaries of
/// which one lies in the other; within a programme and between programmes.
/// </summary>
public static class DoubleCounting
{
    /// <summary>Most findings given, certain and uncertain ones each; beyond it the portfolio has to be sorted out first.</summary>
    public const int MaximumFindings = 1_000;

    /// <summary>Findings in the order of the results, those that cannot be ruled out after the certain ones.</summary>
    /// <param name="projects">Results, at most <see cref="PortfolioTotal.MaximumResults"/>; ones without a figure may be among them.</param>
    /// <exception cref="ArgumentException">Too many results.</exception>
    public static IReadOnlyList<DoubleCount> Find(IReadOnlyList<ProjectSaving> projects)
    {
        ArgumentNullException.ThrowIfNull(projects);
        if (projects.Count > PortfolioTotal.MaximumResults)
        {
            throw new ArgumentException(FigureText.Line($"At most {PortfolioTotal.MaximumResults} results are compared in one call."), nameof(projects));
        }

        List<DoubleCount> certain = [];
        List<DoubleCount> uncertain = [];
        DoubleCountCandidates candidates = new(projects);
        for (int i = 0; i < projects.Count; i++)
        {
            foreach (int j in candidates.After(i))
            {
                if (certain.Count >= MaximumFindings)
                {
                    break;
                }

                if (projects[i].Resource == projects[j].Resource && projects[i].Reporting.Overlaps(projects[j].Reporting)
                    && Judge(projects[i], projects[j]) is { } finding)
                {
                    List<DoubleCount> list = finding.Kind == DoubleCountKind.CannotBeRuledOut ? uncertain : certain;
                    if (list.Count < MaximumFindings)
                    {
                        list.Add(finding);
                    }
                }
            }
        }

        return [.. certain, .. uncertain];
    }

    private static DoubleCount? Judge(ProjectSaving first, ProjectSaving second)
    {
        foreach (string channel in first.Channels)
        {
            if (second.Channels.Contains(channel))
            {
                return Finding(DoubleCountKind.SameChannel, first, second, FigureText.Line($"both read the channel {channel}"));
            }
        }

        if (first.Boundary.Length > 0 && second.Boundary.Length > 0)
        {
            return IsInside(first.Boundary, second.Boundary) || IsInside(second.Boundary, first.Boundary)
                ? Finding(DoubleCountKind.NestedBoundary, first, second, FigureText.Line($"the boundaries \"{first.Boundary}\" and \"{second.Boundary}\" are the same or one lies in the other"))
                : null;
        }

        return first.Project == second.Project
            ? Finding(DoubleCountKind.CannotBeRuledOut, first, second, "it is one project, and a boundary is not stated")
            : first.Channels.Count == 0 || second.Channels.Count == 0
                ? Finding(DoubleCountKind.CannotBeRuledOut, first, second, "neither channels nor boundaries of both are stated")
                : null;
    }

    // "site/hall" lies in "site", "site 2" does not.
    private static bool IsInside(string inner, string outer)
    {
        ReadOnlySpan<char> small = inner.AsSpan().TrimEnd('/');
        ReadOnlySpan<char> large = outer.AsSpan().TrimEnd('/');
        return small.StartsWith(large, StringComparison.Ordinal) && (small.Length == large.Length || small[large.Length] == '/');
    }

    private static DoubleCount Finding(DoubleCountKind kind, ProjectSaving first, ProjectSaving second, string why)
    {
        DateSpan overlap = new(
            first.Reporting.Start > second.Reporting.Start ? first.Reporting.Start : second.Reporting.Start,
            first.Reporting.End < second.Reporting.End ? first.Reporting.End : second.Reporting.End);
        bool isBetween = first.Programme != second.Programme;
        string programmes = isBetween ? FigureText.Line($" in the programmes {first.Programme} and {second.Programme}") : "";
        return new DoubleCount(kind, first, second, overlap, isBetween, FigureText.Line(
            $"{first.Project} and {second.Project} both claim {first.Resource} in {overlap}{programmes}: {why}."));
    }
}
