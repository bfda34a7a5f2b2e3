using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>Computes avoided use with its uncertainty, or refuses with reasons.</summary>
public static class SavingsCalculator
{
    /// <summary>
    /// Avoided use in the reporting period against a baseline fitted on the baseline period (IPMVP option B or C, forecast).
    /// The interval allows for autocorrelated residuals and for the uncertainty of the model itself.
    /// </summary>
    /// <param name="table">Rows of both periods; other rows are not used.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="reporting">The period after the project; it must not share time with the baseline.</param>
    /// <param name="options">Model, confidence, rules; the defaults when null.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, repeated or too many drivers, or options out of range.</exception>
    public static SavingsOutcome Avoided(ModelTable table, Period baseline, Period reporting, SavingsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new SavingsOptions();
        if (!(options.Confidence > 0 && options.Confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Confidence, "The confidence is above 0 and below 1.");
        }

        List<Reason> reasons = [];
        List<Reason> warnings = [];
        ModelRows rows = ModelRows.Order(table, options.Model != ModelKind.Mean, reasons, warnings);
        BaselineGate gate = new(options.Rules, rows.Spacing, reasons, warnings);
        gate.CheckPeriods(baseline, reporting);
        PeriodRows before = rows.Select(baseline);
        PeriodRows after = rows.Select(reporting);
        LeastSquares? factors = gate.CheckBaseline(before);
        if (before.Count > 0)
        {
            gate.CheckReporting(after, before);
        }

        SavingsResult? result = null;
        if (reasons.Count == 0 && factors is not null)
        {
            BaselineFit fit = BaselineModel.FitRows(before, factors);
            if (IsFinite(fit, after))
            {
                gate.WarnOfFit(fit);
                result = Judge(Compute(fit, after, options.Confidence), reasons, warnings);
            }
            else
            {
                reasons.Add(new Reason(ReasonKind.NoCounterfactual,
                    "The values are too large or too small to calculate with. Check the use column and the drivers for a slipped decimal point or exponent."));
            }
        }

        return new SavingsOutcome { Result = result, Reasons = reasons, Warnings = warnings };
    }

    /// <summary>The arithmetic alone, for rows that passed the checks.</summary>
    internal static SavingsResult Compute(BaselineFit fit, PeriodRows rows, double confidence)
    {
        int m = rows.Count;
        AutocorrelatedErrors errors = AutocorrelatedErrors.Of(fit);
        double factor = StudentT.TwoSidedQuantile(confidence, errors.DegreesOfFreedom);
        double[] adjusted = new double[m];
        double[] band = new double[m];
        double[] cumulative = new double[m];
        double[] cumulativeBand = new double[m];
        double[] row = new double[fit.P - 1];
        double[] coordinates = new double[fit.P];
        double[] sum = new double[fit.P];
        double power = 1;
        double saved = 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = rows.Drivers[j][i];
            }

            adjusted[i] = fit.Predict(row);
            fit.Factors.Coordinates(row, coordinates);
            for (int j = 0; j < sum.Length; j++)
            {
                sum[j] += coordinates[j];
            }

            power *= errors.Correlation;
            band[i] = factor * Math.Sqrt(errors.Variance * (errors.OfModel(coordinates) + 1));
            saved += adjusted[i] - rows.Use[i];
            cumulative[i] = saved;
            cumulativeBand[i] = factor * Math.Sqrt(errors.Variance * (errors.OfModel(sum) + errors.OfRows(i + 1, power)));
        }

        double counterfactual = FixedSum.Sum(adjusted);
        double metered = FixedSum.Sum(rows.Use);
        double savings = counterfactual - metered;
        double standardError = Math.Sqrt(errors.Variance * (errors.OfModel(sum) + errors.OfRows(m, power)));
        return new SavingsResult
        {
            Fit = fit,
            Counterfactual = counterfactual,
            Metered = metered,
            Savings = savings,
            SavingsPercent = 100 * savings / counterfactual,
            HalfWidth = factor * standardError,
            Confidence = confidence,
            StandardError = standardError,
            DegreesOfFreedom = errors.DegreesOfFreedom,
            Autocorrelation = errors.Correlation,
            ProbabilityOfSaving = Probability(savings, standardError, errors.DegreesOfFreedom),
            CoveragePercent = 100 * rows.Coverage,
            StartUtcMilliseconds = rows.Start,
            MeteredByRow = rows.Use,
            AdjustedBaseline = adjusted,
            BandHalfWidth = band,
            CumulativeSavings = cumulative,
            CumulativeHalfWidth = cumulativeBand,
            BaselineCusum = Cusum(fit),
        };
    }

    // Squares of numbers beyond 1e154 or so are infinite, and what is made of them is no number.
    private static bool IsFinite(BaselineFit fit, PeriodRows rows) =>
        double.IsFinite(fit.SumOfSquaredErrors) && fit.Coefficients.All(double.IsFinite)
        && double.IsFinite(AutocorrelatedErrors.Of(fit).DegreesOfFreedom) && double.IsFinite(FixedSum.Sum(rows.Use));

    private static SavingsResult? Judge(SavingsResult result, List<Reason> reasons, List<Reason> warnings)
    {
        if (!(result.Counterfactual > 0) || !double.IsFinite(result.Counterfactual) || !double.IsFinite(result.HalfWidth))
        {
            reasons.Add(new Reason(ReasonKind.NoCounterfactual,
                "The model predicts no use in the reporting period, so that there is nothing to save from. Check the use column and the drivers."));
            return null;
        }

        if (Math.Abs(result.Savings) <= result.HalfWidth)
        {
            warnings.Add(new Reason(ReasonKind.NotSignificant,
                "The interval holds zero: at this confidence the data show neither a saving nor a loss."));
        }

        return result;
    }

    private static double Probability(double savings, double standardError, double degreesOfFreedom)
    {
        if (standardError > 0)
        {
            return StudentT.Cumulative(savings / standardError, degreesOfFreedom);
        }

        return savings > 0 ? 1 : 0;
    }

    private static double[] Cusum(BaselineFit fit)
    {
        double[] cusum = new double[fit.N];
        double sum = 0;
        for (int i = 0; i < cusum.Length; i++)
        {
            sum -= fit.Residuals[i];
            cusum[i] = sum;
        }

        return cusum;
    }
}
