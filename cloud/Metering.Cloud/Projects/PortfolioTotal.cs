namespace Metering.Cloud.Projects;

/// <summary>
/// Savings of all projects that have a number, by resource and unit: those that cannot be told from zero count with what
/// they show, otherwise the sum would be chosen by its result. Half-widths are combined as independent.
/// </summary>
/// <param name="Resource">The resource.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Savings">Sum of the savings.</param>
/// <param name="HalfWidth">Half-width of the interval of the sum.</param>
/// <param name="Baseline">Sum of the adjusted baselines.</param>
/// <param name="Projects">Projects with a number.</param>
/// <param name="AllProjects">Projects of the resource.</param>
internal sealed record PortfolioTotal(
    Resource Resource, string Unit, double Savings, double HalfWidth, double Baseline, int Projects, int AllProjects)
{
    /// <summary>Evidence grade of the weakest project with a number; null when none of them has readings.</summary>
    public char? Grade { get; init; }

    /// <summary>Savings in percent of the adjusted baselines.</summary>
    public double Percent => 100 * Savings / Baseline;

    /// <summary>The totals of the resources that have at least one number.</summary>
    public static IReadOnlyList<PortfolioTotal> Of(IReadOnlyList<ProjectSummary> results)
    {
        List<PortfolioTotal> totals = [];
        foreach (IGrouping<(Resource Resource, string Unit), ProjectSummary> group in results.GroupBy(result => (result.Project.Resource, result.Unit)))
        {
            double savings = 0;
            double variance = 0;
            double baseline = 0;
            int counted = 0;
            foreach (ProjectSummary result in group)
            {
                if (result.Savings is { } one)
                {
                    savings += one.Savings;
                    variance += one.HalfWidth * one.HalfWidth;
                    baseline += one.Counterfactual;
                    counted++;
                }
            }

            if (counted > 0)
            {
                totals.Add(new(group.Key.Resource, group.Key.Unit, savings, Math.Sqrt(variance), baseline, counted, group.Count()) { Grade = Evidence.Grades.Weakest(group) });
            }
        }

        return totals;
    }
}
