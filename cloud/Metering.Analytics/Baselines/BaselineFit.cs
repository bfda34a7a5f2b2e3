namespace Metering.Analytics.Baselines;

/// <summary>
/// A fitted baseline. Arrays of coefficients have the intercept at index 0 and the drivers after it, in the order of
/// <see cref="DriverNames"/>; arrays of rows hold the usable rows of the baseline period, ascending in time.
/// </summary>
public sealed record BaselineFit
{
    /// <summary>The model that was fitted: <see cref="ModelKind.Ols"/> or <see cref="ModelKind.Mean"/>.</summary>
    public required ModelKind Model { get; init; }

    /// <summary>Names of the drivers used.</summary>
    public required IReadOnlyList<string> DriverNames { get; init; }

    /// <summary>Coefficients: use at all drivers zero, then use per unit of each driver.</summary>
    public required IReadOnlyList<double> Coefficients { get; init; }

    /// <summary>Standard errors of the coefficients, for independent residuals.</summary>
    public required IReadOnlyList<double> StandardErrors { get; init; }

    /// <summary>Coefficients divided by their standard errors.</summary>
    public required IReadOnlyList<double> TStatistics { get; init; }

    /// <summary>Two-sided p values of the t statistics, Student's t with n - p degrees of freedom.</summary>
    public required IReadOnlyList<double> PValues { get; init; }

    /// <summary>Rows fitted.</summary>
    public required int N { get; init; }

    /// <summary>Fitted parameters, the intercept among them.</summary>
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

    /// <summary>Variance inflation factor of each driver.</summary>
    public required IReadOnlyList<double> VarianceInflation { get; init; }

    /// <summary>Lengths, means and basis of the drivers.</summary>
    internal LeastSquares Factors { get; init; } = null!;

    /// <summary>The model's use for a row of drivers.</summary>
    /// <param name="drivers">One value per driver, in the order of <see cref="DriverNames"/>; NaN gives NaN.</param>
    public double Predict(ReadOnlySpan<double> drivers)
    {
        double use = MeanUse;
        for (int j = 0; j < Factors.Count; j++)
        {
            use += Coefficients[j + 1] * (drivers[j] - Factors.Means[j]);
        }

        return use;
    }
}

/// <summary>A fitted baseline, or the reasons why there is none.</summary>
public sealed record BaselineOutcome
{
    /// <summary>The fit; null when refused.</summary>
    public BaselineFit? Fit { get; init; }

    /// <summary>Why it was refused; empty when there is a fit.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What to look at beside the numbers.</summary>
    public required IReadOnlyList<Reason> Warnings { get; init; }
}
