using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
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
        PeriodRows chosen = rows.Select(baseline, []);
        LeastSquares? factors = new BaselineGate(rules, rows.Spacing, reasons, warnings).CheckBaseline(chosen);
        return new BaselineOutcome
        {
            Fit = reasons.Count == 0 && factors is not null ? FitRows(chosen, ModelDesign.Linear(chosen.Drivers.Length), factors) : null,
            Reasons = reasons,
            Warnings = warnings,
        };
    }

    /// <summary>Chooses and fits a model as a saving would, before there is a reporting period.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="options">Which models, and how strict; its adjustments are those of the baseline.</param>
    /// <exception cref="ArgumentException">As for <see cref="Fit"/>, or options out of range.</exception>
    public static BaselineOutcome Choose(ModelTable table, Period baseline, SavingsOptions options)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        SavingsCalculator.Check(options);
        List<Reason> reasons = [];
        List<Reason> warnings = [];
        ModelRows rows = ModelRows.Order(table, options.Model != ModelKind.Mean, reasons, warnings);
        BaselineGate gate = new(options.Rules, rows.Spacing, reasons, warnings);
        ModelChoice? choice = ModelChoice.Of(rows.Select(baseline, options.Excluded), options.Adjustments, options, gate);
        bool isAccepted = reasons.Count == 0 && choice is not null;
        return new BaselineOutcome
        {
            Fit = isAccepted ? choice!.Fit : null,
            Candidates = isAccepted ? [.. choice!.Candidates.Select(candidate => candidate.Model)] : [],
            Reasons = reasons,
            Warnings = warnings,
        };
    }

    /// <summary>Fits rows that passed the gate. Without terms this is the mean.</summary>
    internal static BaselineFit FitRows(PeriodRows rows, ModelDesign design, LeastSquares factors)
    {
        int n = rows.Count;
        int p = design.ParameterCount;
        double[] centred = Centre(rows.Use, out double mean);
        double[] slopes = factors.Solve(centred);
        double[] fitted = Predictions(rows, design, factors, slopes, mean);
        double[] residuals = new double[n];
        for (int i = 0; i < n; i++)
        {
            residuals[i] = rows.Use[i] - fitted[i];
        }

        double total = FixedSum.SumOfSquares(centred);
        double errors = FixedSum.SumOfSquares(residuals);
        double variance = errors / (n - p);
        double r2 = p == 1 || total == 0 ? 0 : 1 - (errors / total);
        double f = p == 1 ? double.NaN : (total - errors) / (p - 1) / variance;
        double scale = mean > 0 ? mean : double.NaN;
        BaselineFit fit = new()
        {
            Model = design.Kind,
            DriverNames = rows.Names,
            Terms = design.Terms,
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
            Lag1Autocorrelation = Lag1(residuals, rows.StepsBefore),
            Coverage = rows.Coverage,
            StartUtcMilliseconds = rows.Start,
            Metered = rows.Use,
            Fitted = fitted,
            Residuals = residuals,
            DriverMinimum = Extremes(rows.Drivers, -1),
            DriverMaximum = Extremes(rows.Drivers, 1),
            VarianceInflation = Inflation(factors),
            Factors = factors,
            Spread = factors,
            Breakpoints = design.Breakpoints,
            StepsBefore = rows.StepsBefore,
            UseVariance = rows.UseVariance,
            RowsPerDay = rows.RowsPerDay,
            Events = rows.Events,
        };
        return WithBreakpoints(WithTests(fit), rows);
    }

    // The largest value of each driver times the sign, times the sign again: with -1 the smallest.
    private static double[] Extremes(double[][] drivers, double sign)
    {
        double[] extremes = new double[drivers.Length];
        for (int j = 0; j < drivers.Length; j++)
        {
            double extreme = drivers[j][0];
            foreach (double value in drivers[j])
            {
                extreme = sign * value > sign * extreme ? value : extreme;
            }

            extremes[j] = extreme;
        }

        return extremes;
    }

    private static double[] Inflation(LeastSquares factors)
    {
        double[] inflation = new double[factors.Count];
        for (int j = 0; j < inflation.Length; j++)
        {
            inflation[j] = factors.VarianceInflation(j);
        }

        return inflation;
    }

    private static double[] Predictions(PeriodRows rows, ModelDesign design, LeastSquares factors, double[] slopes, double mean)
    {
        double[] fitted = new double[rows.Count];
        double[] row = new double[rows.Drivers.Length];
        for (int i = 0; i < fitted.Length; i++)
        {
            rows.CopyDrivers(i, row);
            double use = mean;
            for (int j = 0; j < slopes.Length; j++)
            {
                use += slopes[j] * (design.Terms[j].Value(row) - factors.Means[j]);
            }

            fitted[i] = use;
        }

        return fitted;
    }

    // Breakpoints were fitted too: their derivatives stand beside the terms when the spread of predictions is computed. A
    // derivative that the terms already span (a kink without a bend) adds no direction and is left out.
    private static BaselineFit WithBreakpoints(BaselineFit fit, PeriodRows rows)
    {
        if (fit.Breakpoints.Count == 0)
        {
            return fit;
        }

        int terms = fit.Terms.Count;
        double[][] columns = new double[terms + fit.Breakpoints.Count][];
        for (int j = 0; j < columns.Length; j++)
        {
            columns[j] = new double[rows.Count];
        }

        double[] row = new double[rows.Drivers.Length];
        double[] gradient = new double[columns.Length];
        for (int i = 0; i < rows.Count; i++)
        {
            rows.CopyDrivers(i, row);
            fit.Gradient(row, gradient);
            for (int j = 0; j < columns.Length; j++)
            {
                columns[j][i] = gradient[j];
            }
        }

        List<double[]> spanned = [.. columns.Take(terms)];
        List<(int Driver, double Value)> kept = [];
        LeastSquares spread = fit.Factors;
        for (int b = 0; b < fit.Breakpoints.Count; b++)
        {
            if (LeastSquares.Factor(rows.Count, [.. spanned, columns[terms + b]]) is { } factored)
            {
                spread = factored;
                spanned.Add(columns[terms + b]);
                kept.Add(fit.Breakpoints[b]);
            }
        }

        return fit with { Breakpoints = kept, Spread = spread };
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
        double[] t = new double[fit.Coefficients.Count];
        double[] probabilities = new double[t.Length];
        for (int j = 0; j < t.Length; j++)
        {
            t[j] = fit.Coefficients[j] / fit.StandardErrors[j];
            probabilities[j] = double.IsNaN(t[j]) ? double.NaN : StudentT.TwoSidedTail(t[j], fit.N - fit.P);
        }

        return fit with { TStatistics = t, PValues = probabilities };
    }

    /// <summary>
    /// Correlation of the residuals with themselves one step earlier, each side about its own mean: with a dozen rows it is
    /// less biased towards zero than the sum of products over the sum of squares. Rows after a gap are left out as long as
    /// enough neighbours remain; without steps no row has a gap before it. 0 when a side does not vary.
    /// </summary>
    internal static double Lag1(ReadOnlySpan<double> residuals, ReadOnlySpan<int> stepsBefore)
    {
        const int fewestPairs = 8;
        int pairs = 0;
        for (int i = 1; i < residuals.Length; i++)
        {
            pairs += stepsBefore.IsEmpty || stepsBefore[i] == 1 ? 1 : 0;
        }

        bool all = pairs == residuals.Length - 1 || pairs < fewestPairs;
        double[] later = Centre(all ? residuals[1..] : Neighbours(residuals, stepsBefore, pairs, 0), out _);
        double[] earlier = Centre(all ? residuals[..^1] : Neighbours(residuals, stepsBefore, pairs, 1), out _);
        double squares = FixedSum.SumOfSquares(later) * FixedSum.SumOfSquares(earlier);
        return squares > 0 ? FixedSum.Dot(later, earlier) / Math.Sqrt(squares) : 0;
    }

    private static double[] Neighbours(ReadOnlySpan<double> residuals, ReadOnlySpan<int> stepsBefore, int pairs, int back)
    {
        double[] chosen = new double[pairs];
        int next = 0;
        for (int i = 1; i < residuals.Length; i++)
        {
            if (stepsBefore[i] == 1)
            {
                chosen[next++] = residuals[i - back];
            }
        }

        return chosen;
    }
}
