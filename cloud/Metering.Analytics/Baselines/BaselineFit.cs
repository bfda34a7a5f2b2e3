using Metering.Analytics.Savings;

namespace Metering.Analytics.Baselines;

/// <summary>
/// A fitted baseline. Arrays of coefficients have the intercept at index 0 and the terms after it, in the order of
/// <see cref="Terms"/>; arrays of rows hold the usable rows of the baseline period, ascending in time.
/// </summary>
public sealed record BaselineFit
{
    /// <summary>The model that was fitted; never <see cref="ModelKind.Auto"/>.</summary>
    public required ModelKind Model { get; init; }

    /// <summary>Names of the drivers of the table, used or not.</summary>
    public required IReadOnlyList<string> DriverNames { get; init; }

    /// <summary>What the coefficients after the first are multiplied with. For ordinary least squares: every driver, in order.</summary>
    public required IReadOnlyList<BaselineTerm> Terms { get; init; }

    /// <summary>Coefficients: use with all terms zero, then use per unit of each term.</summary>
    public required IReadOnlyList<double> Coefficients { get; init; }

    /// <summary>Standard errors of the coefficients, for independent residuals.</summary>
    public required IReadOnlyList<double> StandardErrors { get; init; }

    /// <summary>Coefficients divided by their standard errors.</summary>
    public required IReadOnlyList<double> TStatistics { get; init; }

    /// <summary>Two-sided p values of the t statistics, Student's t with n - p degrees of freedom.</summary>
    public required IReadOnlyList<double> PValues { get; init; }

    /// <summary>Rows fitted.</summary>
    public required int N { get; init; }

    /// <summary>Fitted parameters: intercept, terms and breakpoints.</summary>
    public required int P { get; init; }

    /// <summary>Mean use of the rows fitted.</summary>
    public required double MeanUse { get; init; }

    /// <summary>Sum of squared residuals.</summary>
    public required double SumOfSquaredErrors { get; init; }

    /// <summary>Share of the variance explained, 0 to 1; 0 for the mean.</summary>
    public required double R2 { get; init; }

    /// <summary>1 - (1 - R2)(n - 1)/(n - p).</summary>
    public required double AdjustedR2 { get; init; }

    /// <summary>sqrt(SSE/(n - p)) / mean use, as a fraction; NaN when mean use is not above zero.</summary>
    public required double CvRmse { get; init; }

    /// <summary>Sum of residuals / ((n - p) mean use), as a fraction (ASHRAE Guideline 14); NaN when mean use is not above zero.</summary>
    public required double Nmbe { get; init; }

    /// <summary>F statistic of the whole model; NaN for the mean.</summary>
    public required double F { get; init; }

    /// <summary>p value of <see cref="F"/>; NaN for the mean.</summary>
    public required double FProbability { get; init; }

    /// <summary>Correlation of each residual with the one before it, -1 to 1.</summary>
    public required double Lag1Autocorrelation { get; init; }

    /// <summary>Share of the baseline period that usable rows cover, 0 to 1.</summary>
    public required double Coverage { get; init; }

    /// <summary>Starts of the rows, UTC milliseconds since 1970-01-01.</summary>
    public required IReadOnlyList<long> StartUtcMilliseconds { get; init; }

    /// <summary>Metered use of the rows.</summary>
    public required IReadOnlyList<double> Metered { get; init; }

    /// <summary>The model's use for the rows.</summary>
    public required IReadOnlyList<double> Fitted { get; init; }

    /// <summary>Metered less fitted.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>Smallest value of each driver in the baseline.</summary>
    public required IReadOnlyList<double> DriverMinimum { get; init; }

    /// <summary>Largest value of each driver in the baseline.</summary>
    public required IReadOnlyList<double> DriverMaximum { get; init; }

    /// <summary>Variance inflation factor of each term.</summary>
    public required IReadOnlyList<double> VarianceInflation { get; init; }

    /// <summary>Lengths, means and basis of the terms.</summary>
    internal LeastSquares Factors { get; init; } = null!;

    /// <summary>The same with one column more for each breakpoint: the derivative of use by the breakpoint.</summary>
    internal LeastSquares Spread { get; init; } = null!;

    /// <summary>Breakpoints and the terms that share each.</summary>
    internal IReadOnlyList<(int Driver, double Value)> Breakpoints { get; init; } = [];

    /// <summary>Events of the baseline period; their indicators are the last terms and the last drivers.</summary>
    internal IReadOnlyList<NonRoutineAdjustment> Events { get; init; } = [];

    /// <summary>Variance of the use of rows that were estimated; empty when none was.</summary>
    internal IReadOnlyList<double> UseVariance { get; init; } = [];

    /// <summary>Rows in a day at the usual spacing; below 1 for weeks and months.</summary>
    internal double RowsPerDay { get; init; }

    /// <summary>Steps of the usual spacing between a row and the one before it; 1 without a gap, 0 for the first row.</summary>
    internal IReadOnlyList<int> StepsBefore { get; init; } = [];

    /// <summary>The model's use for a row of drivers.</summary>
    /// <param name="drivers">One value per driver, in the order of <see cref="DriverNames"/>; NaN in a driver that is used gives NaN.</param>
    public double Predict(ReadOnlySpan<double> drivers)
    {
        double use = MeanUse;
        for (int j = 0; j < Factors.Count; j++)
        {
            use += Coefficients[j + 1] * (Terms[j].Value(drivers) - Factors.Means[j]);
        }

        return use;
    }

    /// <summary>Name of a coefficient's term for people.</summary>
    /// <param name="term">Index into <see cref="Terms"/>.</param>
    public string TermName(int term) => Terms[term].Name(DriverNames);

    /// <summary>Terms, then derivatives by the breakpoints, of a row: what <see cref="Spread"/> is made of.</summary>
    internal void Gradient(ReadOnlySpan<double> drivers, Span<double> gradient)
    {
        for (int j = 0; j < Terms.Count; j++)
        {
            gradient[j] = Terms[j].Value(drivers);
        }

        for (int b = Terms.Count; b < gradient.Length; b++)
        {
            gradient[b] = Slope(Breakpoints[b - Terms.Count], drivers);
        }
    }

    // d use / d breakpoint is minus the slope of the side on which the row lies.
    private double Slope((int Driver, double Value) breakpoint, ReadOnlySpan<double> drivers)
    {
        double sum = 0;
        for (int j = 0; j < Terms.Count; j++)
        {
            BaselineTerm term = Terms[j];
            if (term.Driver == breakpoint.Driver && term.Breakpoint == breakpoint.Value)
            {
                sum -= IsActive(term, drivers[term.Driver]) ? Coefficients[j + 1] : 0;
            }
        }

        return sum;
    }

    private static bool IsActive(BaselineTerm term, double value) =>
        term.Kind == TermKind.Below ? value < term.Breakpoint : value > term.Breakpoint;
}

/// <summary>A fitted baseline, or the reasons why there is none.</summary>
public sealed record BaselineOutcome
{
    /// <summary>The fit; null when refused.</summary>
    public BaselineFit? Fit { get; init; }

    /// <summary>The models that were compared, the chosen one first; empty when the model was given.</summary>
    public IReadOnlyList<CandidateModel> Candidates { get; init; } = [];

    /// <summary>Why it was refused; empty when there is a fit.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What to look at beside the numbers.</summary>
    public required IReadOnlyList<Reason> Warnings { get; init; }
}
