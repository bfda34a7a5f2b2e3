using Metering.Analytics.Baselines;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>
/// What a model of another family (time of week, CalTRACK) hands over: fitted and predicted rows, and by how much each baseline row
/// moves the predicted total. That is all the interval needs.
/// </summary>
public sealed record ProjectedModel
{
    /// <summary>Which model.</summary>
    public required ModelKind Model { get; init; }

    /// <summary>Names of the coefficients told to the reader; may be empty for models with hundreds.</summary>
    public required IReadOnlyList<string> CoefficientNames { get; init; }

    /// <summary>Coefficients, as many as names.</summary>
    public required IReadOnlyList<double> Coefficients { get; init; }

    /// <summary>Balance points, in the order of the coefficients; empty when there is none.</summary>
    public required IReadOnlyList<ModelBreakpoint> Breakpoints { get; init; }

    /// <summary>Fitted parameters, balance points among them.</summary>
    public required int P { get; init; }

    /// <summary>Starts of the baseline rows, ascending, UTC milliseconds since 1970-01-01.</summary>
    public required IReadOnlyList<long> BaselineStartUtcMilliseconds { get; init; }

    /// <summary>Metered use of the baseline rows; no NaN.</summary>
    public required IReadOnlyList<double> BaselineUse { get; init; }

    /// <summary>Fitted use of the baseline rows.</summary>
    public required IReadOnlyList<double> Fitted { get; init; }

    /// <summary>Derivative of the predicted total of the reporting period by the use of each baseline row.</summary>
    public required IReadOnlyList<double> Influence { get; init; }

    /// <summary>Starts of the reporting rows, ascending, UTC milliseconds since 1970-01-01.</summary>
    public required IReadOnlyList<long> ReportingStartUtcMilliseconds { get; init; }

    /// <summary>Metered use of the reporting rows; no NaN.</summary>
    public required IReadOnlyList<double> ReportingUse { get; init; }

    /// <summary>Predicted use of the reporting rows.</summary>
    public required IReadOnlyList<double> Predicted { get; init; }

    /// <summary>Rows that errors are summed over before their correlation is looked at: 24 for hours, so that the daily cycle does not count as correlation from day to day.</summary>
    public required int RowsPerGroup { get; init; }

    /// <summary>Share of the baseline period that its rows cover, 0 to 1.</summary>
    public required double BaselineCoverage { get; init; }

    /// <summary>Share of the reporting period that its rows cover, 0 to 1.</summary>
    public required double ReportingCoverage { get; init; }
}

/// <summary>Avoided use with its interval for models that bring their own predictions.</summary>
public static class ProjectedSavings
{
    private const int BlockGroups = 7;

    /// <summary>
    /// The saving. Residuals are summed over groups of rows (days for hourly rows); the groups follow a first-order autoregression,
    /// or moving blocks of seven groups where that is rejected and gives more.
    /// </summary>
    /// <param name="model">The model's rows.</param>
    /// <param name="options">Confidence, claim and meter class; events and the model's kind are not read.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, no rows, or options out of range.</exception>
    public static SavingsResult Compute(ProjectedModel model, SavingsOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        SavingsCalculator.CheckValues(options);
        Check(model);
        double[] use = [.. model.BaselineUse];
        double[] residuals = new double[use.Length];
        for (int i = 0; i < residuals.Length; i++)
        {
            residuals[i] = use[i] - model.Fitted[i];
        }

        BaselineFit fit = Describe(model, use, residuals);
        Groups before = Groups.Of(model.BaselineStartUtcMilliseconds, model.RowsPerGroup, residuals, [.. model.Influence]);
        Groups after = Groups.Of(model.ReportingStartUtcMilliseconds, model.RowsPerGroup, [.. model.ReportingUse], null);
        double lag1 = before.Count > 2 ? BaselineModel.Lag1(before.Errors, before.Steps) : 0;
        double correlation = AutocorrelatedErrors.Corrected(lag1, Math.Min(model.P, before.Count / 2), before.Count);
        double variance = FixedSum.SumOfSquares(before.Errors) / Freedom(before, model.P, use.Length, correlation);
        double modelPart = variance * Noise(before.Weights, before.Steps, correlation);
        double reportingPart = variance * Noise(after.Weights, after.Steps, correlation);
        fit = fit with { Lag1Autocorrelation = lag1 };
        return Finish(model, options, fit, new(before, after, correlation, modelPart, reportingPart, variance));
    }

    private sealed record Parts(Groups Before, Groups After, double Correlation, double Model, double Reporting, double GroupVariance);

    private static SavingsResult Finish(ProjectedModel model, SavingsOptions options, BaselineFit fit, Parts parts)
    {
        double[] predicted = [.. model.Predicted];
        double[] metered = [.. model.ReportingUse];
        double counterfactual = FixedSum.Sum(predicted);
        double total = FixedSum.Sum(metered);
        double savings = counterfactual - total;
        double ljungBox = parts.Before.LjungBox(parts.Correlation);
        SavingsVariance variance = new()
        {
            Model = parts.Model,
            Breakpoints = 0,
            Reporting = parts.Reporting,
            MeterClass = SavingsArithmetic.MeterClass(options, counterfactual, total),
            Blocks = ljungBox < ResidualBlocks.Significance ? Blocks(parts) : 0,
        };
        double degrees = AutocorrelatedErrors.Degrees(parts.Correlation, Math.Min(model.P, parts.Before.Count / 4), parts.Before.Count);
        StatedInterval stated = StatedInterval.Of(savings, variance.Total, degrees, options);
        double rowError = Math.Sqrt(fit.SumOfSquaredErrors / Math.Max(1, fit.N - fit.P) * (1 + (fit.P / (double)fit.N)));
        (double[] cumulative, double[] halfWidths) = Walk(predicted, metered, parts, stated.HalfWidth);
        return new SavingsResult
        {
            Fit = fit,
            Counterfactual = counterfactual,
            Metered = total,
            Savings = savings,
            SavingsPercent = 100 * savings / counterfactual,
            HalfWidth = stated.HalfWidth,
            Confidence = options.Confidence,
            StandardError = stated.StandardError,
            DegreesOfFreedom = degrees,
            Autocorrelation = parts.Correlation,
            ProbabilityOfSaving = stated.ProbabilityOfSaving,
            ProbabilityOfClaim = stated.ProbabilityOfClaim,
            CoveragePercent = 100 * model.ReportingCoverage,
            Variance = variance,
            LjungBoxProbability = ljungBox,
            StartUtcMilliseconds = model.ReportingStartUtcMilliseconds,
            MeteredByRow = metered,
            AdjustedBaseline = predicted,
            BandHalfWidth = [.. predicted.Select(_ => stated.Factor * rowError)],
            CumulativeSavings = cumulative,
            CumulativeHalfWidth = halfWidths,
            BaselineCusum = SavingsArithmetic.Cusum(fit),
            Breakpoints = model.Breakpoints,
        };
    }

    private static double Blocks(Parts parts)
    {
        double blocks = ResidualBlocks.Variance(parts.Before.Weights, parts.Before.Errors, BlockGroups)
            + ResidualBlocks.Variance(parts.After.Weights, parts.Before.Errors, BlockGroups);
        return Math.Max(0, blocks - parts.Model - parts.Reporting);
    }

    // Parameters of an hourly model act on hours; of what they take, a day of residuals feels the share that is smooth over days.
    private static double Freedom(Groups groups, int p, int rows, double correlation)
    {
        double share = p * (groups.Count / (double)rows) * (1 + correlation) / (1 - correlation);
        return Math.Max(groups.Count - Math.Min(share, groups.Count / 2.0), 1);
    }

    private static (double[] Cumulative, double[] HalfWidths) Walk(double[] predicted, double[] metered, Parts parts, double last)
    {
        double[] cumulative = new double[predicted.Length];
        double[] variances = new double[predicted.Length];
        double[] group = parts.After.NoiseByGroup(parts.Correlation);
        double saved = 0;
        for (int i = 0; i < cumulative.Length; i++)
        {
            saved += predicted[i] - metered[i];
            cumulative[i] = saved;
            double share = (i + 1) / (double)cumulative.Length;
            variances[i] = (parts.Model * share * share) + (parts.GroupVariance * group[parts.After.GroupOfRow[i]]);
        }

        double whole = variances.Length > 0 ? variances[^1] : 0;
        return (cumulative, [.. variances.Select(value => whole > 0 ? last * Math.Sqrt(value / whole) : last)]);
    }

    private static double Noise(double[] weights, int[] steps, double correlation)
    {
        double[] applied = new double[weights.Length];
        AutocorrelatedErrors.Apply(weights, steps, correlation, applied);
        return FixedSum.Dot(weights, applied);
    }

    private static BaselineFit Describe(ProjectedModel model, double[] use, double[] residuals)
    {
        int n = use.Length;
        double mean = FixedSum.Mean(use);
        double total = 0;
        foreach (double value in use)
        {
            total += (value - mean) * (value - mean);
        }

        double errors = FixedSum.SumOfSquares(residuals);
        double r2 = total > 0 && model.P > 1 ? 1 - (errors / total) : 0;
        double freedom = Math.Max(1, n - model.P);
        double scale = mean > 0 ? mean : double.NaN;
        double f = model.P > 1 ? (total - errors) / (model.P - 1) / (errors / freedom) : double.NaN;
        return new BaselineFit
        {
            Model = model.Model,
            DriverNames = model.CoefficientNames,
            Terms = [],
            Coefficients = model.Coefficients,
            StandardErrors = [],
            TStatistics = [],
            PValues = [],
            N = n,
            P = model.P,
            MeanUse = mean,
            SumOfSquaredErrors = errors,
            R2 = r2,
            AdjustedR2 = 1 - ((1 - r2) * (n - 1) / freedom),
            CvRmse = Math.Sqrt(errors / freedom) / scale,
            Nmbe = FixedSum.Sum(residuals) / (freedom * scale),
            F = f,
            FProbability = model.P > 1 ? FisherF.Tail(f, model.P - 1, freedom) : double.NaN,
            Lag1Autocorrelation = double.NaN,
            Coverage = model.BaselineCoverage,
            StartUtcMilliseconds = model.BaselineStartUtcMilliseconds,
            Metered = use,
            Fitted = model.Fitted,
            Residuals = residuals,
            DriverMinimum = [],
            DriverMaximum = [],
            VarianceInflation = [],
        };
    }

    private static void Check(ProjectedModel model)
    {
        int n = model.BaselineStartUtcMilliseconds.Count;
        int m = model.ReportingStartUtcMilliseconds.Count;
        if (n < 2 || m < 1 || model.RowsPerGroup < 1 || model.P < 1)
        {
            throw new ArgumentException("A projected saving needs two baseline rows, one reporting row, rows per group and a parameter.", nameof(model));
        }

        if (model.BaselineUse.Count != n || model.Fitted.Count != n || model.Influence.Count != n
            || model.ReportingUse.Count != m || model.Predicted.Count != m || model.Coefficients.Count != model.CoefficientNames.Count)
        {
            throw new ArgumentException("The columns of the projected model have different lengths.", nameof(model));
        }
    }
}
