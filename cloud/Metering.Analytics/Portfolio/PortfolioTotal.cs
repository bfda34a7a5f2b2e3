using Metering.Analytics.Indicators;

namespace Metering.Analytics.Portfolio;

/// <summary>Adds the savings of projects, with the errors they share, and looks for savings counted twice.</summary>
public static class PortfolioTotal
{
    /// <summary>Most results of one call.</summary>
    public const int MaximumResults = 5_000;

    private const double LargestSaving = 1e15;
    private const int DecimalPlaces = 6;

    /// <summary>The total, or the reasons why there is none; always with what is missing and what may be counted twice.</summary>
    /// <param name="projects">Results of one resource, or all in money or greenhouse gases.</param>
    /// <param name="options">Confidence and precision; the defaults when null.</param>
    /// <exception cref="ArgumentException">More than 5000 results, or options out of range.</exception>
    public static PortfolioOutcome Compute(IReadOnlyList<ProjectSaving> projects, PortfolioOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projects);
        options ??= new PortfolioOptions();
        Check(projects, options);
        List<PortfolioReason> reasons = [];
        List<MissingResult> missing = [];
        List<ProjectSaving> given = [];
        foreach (ProjectSaving project in projects)
        {
            if (project.Saving is not { } saving || double.IsNaN(saving.Value))
            {
                missing.Add(new MissingResult(project.Project, project.Reporting, project.WhyMissing.Length > 0 ? project.WhyMissing : "no result"));
                continue;
            }

            CheckNumbers(project, saving, reasons);
            given.Add(project);
        }

        CheckUnits(given, reasons);
        return new PortfolioOutcome
        {
            Result = reasons.Count == 0 ? Sum(given, projects.Count, options) : null,
            Reasons = reasons,
            Missing = missing,
            DoubleCounts = DoubleCounting.Find(given),
        };
    }

    private static PortfolioResult Sum(List<ProjectSaving> given, int asked, PortfolioOptions options)
    {
        MeasureUnit unit = given[0].Saving!.Value.Unit;
        (decimal total, PortfolioErrors errors) = Add(given, unit, options.Confidence);
        double sum = (double)total;
        double halfWidth = PortfolioErrors.Factor(options.Confidence, errors.DegreesOfFreedom) * errors.StandardError;
        double oneSided = PortfolioErrors.Factor((2 * options.AtLeastProbability) - 1, errors.DegreesOfFreedom) * errors.StandardError;
        bool isPositive = sum > 0;
        double? bias = 0;
        foreach (ProjectSaving project in given)
        {
            bias += project.Bias is { } own ? project.Saving!.Value.Unit.Convert(own, unit) : null;
        }

        return new PortfolioResult
        {
            Unit = unit,
            Total = total,
            ResultCount = given.Count,
            AskedCount = asked,
            StandardError = errors.StandardError,
            DegreesOfFreedom = errors.DegreesOfFreedom,
            HalfWidth = halfWidth,
            IndependentOnlyStandardError = errors.IndependentOnly,
            FullyCorrelatedStandardError = errors.FullyCorrelated,
            RelativeHalfWidth = isPositive ? halfWidth / sum : null,
            MeetsPrecision = isPositive && halfWidth <= options.LargestRelativeHalfWidth * sum,
            ResultsNeeded = isPositive ? Needed(errors, sum, given.Count, options) : null,
            AtLeast = sum - oneSided,
            FractionalUncertainty = isPositive ? Math.Sqrt(errors.SquaredHalfWidths) / sum : null,
            RelativeBias = isPositive ? bias / sum : null,
            Causes = errors.Causes,
            Programmes = Parts(given, project => project.Programme, unit, options.Confidence),
            Groups = Parts(given, project => project.Group, unit, options.Confidence),
        };
    }

    // With n results like the mean of these: total n u, independent variance n v, shared variance n^2 s. The relative half-width
    // is z sqrt(v / n + s) / u; more results shrink the first term only.
    private static int? Needed(PortfolioErrors errors, double total, int count, PortfolioOptions options)
    {
        double z = NormalQuantile.Of((1 + options.Confidence) / 2);
        double mean = total / count;
        double room = (options.LargestRelativeHalfWidth * mean / z * (options.LargestRelativeHalfWidth * mean / z))
            - (errors.SharedVariance / ((double)count * count));
        if (!(room > 0))
        {
            return null;
        }

        double needed = Math.Ceiling(errors.IndependentVariance / count / room);
        return needed < int.MaxValue ? Math.Max(1, (int)needed) : null;
    }

    private static (decimal Total, PortfolioErrors Errors) Add(IEnumerable<ProjectSaving> projects, MeasureUnit unit, double confidence)
    {
        PortfolioErrors errors = new();
        decimal total = 0;
        foreach (ProjectSaving project in projects)
        {
            Quantity saving = project.Saving!.Value;
            total += Math.Round((decimal)saving.To(unit).Value, DecimalPlaces);
            errors.Add(project, saving.Unit.Convert(1, unit), confidence);
        }

        return (total, errors);
    }

    private static List<PortfolioPart> Parts(List<ProjectSaving> given, Func<ProjectSaving, string> name, MeasureUnit unit, double confidence)
    {
        List<PortfolioPart> parts = [];
        foreach (IGrouping<string, ProjectSaving> group in given.GroupBy(name).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            (decimal total, PortfolioErrors errors) = Add(group, unit, confidence);
            parts.Add(new PortfolioPart(group.Key, group.Count(), total, errors.StandardError));
        }

        return parts;
    }

    private static void CheckNumbers(ProjectSaving project, Quantity saving, List<PortfolioReason> reasons)
    {
        bool isGood = Math.Abs(saving.Value) <= LargestSaving
            && project.IndependentStandardError >= 0 && project.IndependentStandardError <= LargestSaving
            && project.DegreesOfFreedom >= 1
            && project.Shared.All(shared => Math.Abs(shared.StandardError) <= LargestSaving)
            && (project.Bias is not { } bias || Math.Abs(bias) <= LargestSaving);
        if (!isGood)
        {
            reasons.Add(new PortfolioReason(PortfolioReasonKind.BadNumber, FigureText.Line(
                $"{project.Project}: a saving, error or bias is missing, infinite, negative or above 1e15, or the degrees of freedom are below 1.")));
        }

        if (project.Reporting.DayCount <= 0)
        {
            reasons.Add(new PortfolioReason(PortfolioReasonKind.EmptyPeriod, project.Project + ": the reporting period has no days."));
        }
    }

    private static void CheckUnits(List<ProjectSaving> given, List<PortfolioReason> reasons)
    {
        if (given.Count == 0)
        {
            reasons.Add(new PortfolioReason(PortfolioReasonKind.NoResults, "No project has a result."));
            return;
        }

        MeasureUnit unit = given[0].Saving!.Value.Unit;
        foreach (ProjectSaving project in given)
        {
            MeasureUnit own = project.Saving!.Value.Unit;
            if (!own.IsConvertibleTo(unit))
            {
                reasons.Add(new PortfolioReason(PortfolioReasonKind.UnitsMixed, FigureText.Line(
                    $"{project.Project} is stated in {own.Symbol}, {given[0].Project} in {unit.Symbol}; they are not added.")));
                return;
            }

            if (project.Resource != given[0].Resource && unit.Dimension is not (Dimension.Money or Dimension.GreenhouseGas or Dimension.Energy))
            {
                reasons.Add(new PortfolioReason(PortfolioReasonKind.ResourcesMixed, FigureText.Line(
                    $"{project.Project} saves {project.Resource}, {given[0].Project} {given[0].Resource}; their sum in {unit.Symbol} means nothing.")));
                return;
            }
        }
    }

    private static void Check(IReadOnlyList<ProjectSaving> projects, PortfolioOptions options)
    {
        if (projects.Count > MaximumResults)
        {
            throw new ArgumentException(FigureText.Line($"At most {MaximumResults} results are added in one call."), nameof(projects));
        }

        if (!(options.Confidence > 0 && options.Confidence < 1) || !(options.AtLeastProbability > 0.5 && options.AtLeastProbability < 1)
            || !(options.LargestRelativeHalfWidth > 0 && options.LargestRelativeHalfWidth < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), "Confidence and precision are above 0 and below 1; the one-sided probability is above 0.5.");
        }
    }
}
