using Metering.Analytics.Indicators;
using Metering.Analytics.Portfolio;
using SumOfSavings = Metering.Analytics.Portfolio.PortfolioTotal;

namespace Metering.Cloud.Projects;

/// <summary>
/// Savings of all projects that have a number, by resource and unit: those that cannot be told from zero count with what
/// they show, otherwise the sum would be chosen by its result. Errors are combined as independent, as on every other page and report (<see cref="SumOfSavings"/>).
/// </summary>
/// <param name="Resource">The resource.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Savings">Sum of the savings.</param>
/// <param name="HalfWidth">Half-width of the interval of the sum, 90 %; NaN when an error is not known.</param>
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
            double baseline = 0;
            List<ProjectSaving> counted = [];
            foreach (ProjectSummary result in group)
            {
                if (result.Savings is { } one)
                {
                    savings += one.Savings;
                    baseline += one.Counterfactual;
                    counted.Add(SavingOf(result, one));
                }
            }

            if (counted.Count > 0)
            {
                double halfWidth = SumOfSavings.Compute(counted).Result?.HalfWidth ?? double.NaN;
                totals.Add(new(group.Key.Resource, group.Key.Unit, savings, halfWidth, baseline, counted.Count, group.Count()) { Grade = Evidence.Grades.Weakest(group) });
            }
        }

        return totals;
    }

    // All of a group are in one unit, whatever it is called: here they are pieces of it.
    private static ProjectSaving SavingOf(ProjectSummary result, SavingFigures saving) => new()
    {
        Project = result.Project.Id,
        Programme = "",
        Resource = SavedResource.Material,
        Saving = new Quantity(saving.Savings, MeasureUnit.Of(QuantityUnit.Piece)),
        IndependentStandardError = saving.StandardError,
        DegreesOfFreedom = saving.DegreesOfFreedom,
        Reporting = new(result.Project.Reporting.First, result.Project.Reporting.Last.AddDays(1)),
        Channels = [],
    };
}
