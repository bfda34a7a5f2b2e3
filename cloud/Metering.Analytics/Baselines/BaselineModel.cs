using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Baselines;

/// <summary>Fits a baseline, or refuses with reasons.</summary>
public static class BaselineModel
{
    /// <summary>Most drivers in one model.</summary>
    public const int MaximumDrivers = 32;

    /// <summary>Fits use on the drivers over the rows of the baseline period.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="model">Which model.</param>
    /// <param name="rules">When to refuse; the defaults when null.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, repeated driver names, or more than <see cref="MaximumDrivers"/> drivers.</exception>
    public static BaselineOutcome Fit(ModelTable table, Period baseline, ModelKind model, BaselineRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        rules ??= new BaselineRules();
        List<Reason> reasons = [];
        List<Reason> warnings = [];
        ModelRows rows = ModelRows.Order(table, model != ModelKind.Mean, reasons, warnings);
        PeriodRows chosen = rows.Select(baseline);
        LeastSquares? factors = new BaselineGate(rules, rows.Spacing, reasons, warnings).CheckBaseline(chosen);
        return new BaselineOutcome
        {
            Fit = reasons.Count == 0 && factors is not null ? FitRows(chosen, factors) : null,
            Reasons = reasons,
            Warnings = warnings,
        };
    }

    /// <summary>Fits rows that passed the gate. Without drivers this is the mean.</summary>
    internal static BaselineFit FitRows(PeriodRows rows, LeastSquares factors)
    {
        int n = rows.Count;
        int p = factors.Count + 1;
        double[] centred = Centre(rows.Use, out double mean);
        double[] slopes = factors.Solve(centred);
        double[] fitted = new double[n];
        double[] residuals = new double[n];
        for (int i = 0; i < n; i++)
        {
            double use = mean;
            for (int j = 0; j < slopes.Length; j++)
            {
                use += slopes[j] * (rows.Drivers[j][i] - factors.Means[j]);
            }

            fitted[i] = use;
            residuals[i] = rows.Use[i] - use;
        }

        double total = FixedSum.SumOfSquares(centred);
        double errors = FixedSum.SumOfSquares(residuals);
        double variance = errors / (n - p);
        double r2 = p == 1 || total == 0 ? 0 : 1 - (errors / total);
        double f = p == 1 ? double.NaN : (total - errors) / (p - 1) / variance;
        double scale = mean > 0 ? mean : double.NaN;
        BaselineFit fit = new()
        {
            Model = p == 1 ? ModelKind.Mean : ModelKind.Ols,
            DriverNames = rows.Names,
            Coefficients = Coefficients(mean, slopes, factors),
            StandardErrors = StandardErrors(variance, n, factors),
            TStatistics = [],
            PValues = [],
            N = n,
            P = p,
            MeanUse = mean,
            SumOfSquaredErrors = errors,
            R2 = r2,
            AdjustedR2 = 1 - ((1 - r2) * (n - 1) / (n - p)),
            CvRmse = Math.Sqrt(variance) / scale,
            Nmbe = FixedSum.Sum(residuals) / ((n - p) * scale),
            F = f,
            FProbability = p == 1 ? double.NaN : FisherF.Tail(f, p - 1, n - p),
            Lag1Autocorrelation = Lag1(residuals),
            Coverage = rows.Coverage,
            StartUtcMilliseconds = rows.Start,
            Metered = rows.Use,
            Fitted = fitted,
            Residuals = residuals,
            DriverMinimum = [.. rows.Drivers.Select(driver => driver.Min())],
            DriverMaximum = [.. rows.Drivers.Select(driver => driver.Max())],
            VarianceInflation = [.. rows.Drivers.Select((_, j) => factors.VarianceInflation(j))],
            Factors = factors,
        };
        return WithTests(fit);
    }

    private static double[] Centre(ReadOnlySpan<double> use, out double mean)
    {
        double[] centred = new double[use.Length];
        mean = FixedSum.Mean(use);
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] = use[i] - mean;
        }

        // A second pass takes out the rounding of the first mean.
        double correction = FixedSum.Mean(centred);
        mean += correction;
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] -= correction;
        }

        return centred;
    }

    private static double[] Coefficients(double mean, double[] slopes, LeastSquares factors)
    {
        double[] coefficients = new double[slopes.Length + 1];
        coefficients[0] = mean;
        for (int j = 0; j < slopes.Length; j++)
        {
            coefficients[j + 1] = slopes[j];
            coefficients[0] -= slopes[j] * factors.Means[j];
        }

        return coefficients;
    }

    private static double[] StandardErrors(double variance, int n, LeastSquares factors)
    {
        double[] errors = new double[factors.Count + 1];
        double[] coordinates = new double[factors.Count + 1];
        factors.Coordinates(new double[factors.Count], coordinates);
        double leverage = FixedSum.SumOfSquares(coordinates.AsSpan(1)) + (1.0 / n);
        errors[0] = Math.Sqrt(variance * leverage);
        for (int j = 0; j < factors.Count; j++)
        {
            errors[j + 1] = Math.Sqrt(variance * factors.InverseDiagonal(j));
        }

        return errors;
    }

    private static BaselineFit WithTests(BaselineFit fit)
    {
        double[] t = new double[fit.P];
        double[] probabilities = new double[fit.P];
        for (int j = 0; j < fit.P; j++)
        {
            t[j] = fit.Coefficients[j] / fit.StandardErrors[j];
            probabilities[j] = double.IsNaN(t[j]) ? double.NaN : StudentT.TwoSidedTail(t[j], fit.N - fit.P);
        }

        return fit with { TStatistics = t, PValues = probabilities };
    }

    /// <summary>
    /// Correlation of the residuals with themselves one row earlier, each side about its own mean: with a dozen rows it is
    /// less biased towards zero than the sum of products over the sum of squares. 0 when a side does not vary.
    /// </summary>
    internal static double Lag1(ReadOnlySpan<double> residuals)
    {
        double[] later = Centre(residuals[1..], out _);
        double[] earlier = Centre(residuals[..^1], out _);
        double squares = FixedSum.SumOfSquares(later) * FixedSum.SumOfSquares(earlier);
        return squares > 0 ? FixedSum.Dot(later, earlier) / Math.Sqrt(squares) : 0;
    }
}
