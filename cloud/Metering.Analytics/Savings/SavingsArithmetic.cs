using Metering.Analytics.Baselines;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>The arithmetic of avoided use, for rows that passed the checks.</summary>
internal static class SavingsArithmetic
{
    private const double RowsPerWeek = 7;

    public static SavingsResult Compute(BaselineFit fit, PeriodRows rows, ReportingEvents events, SavingsOptions options)
    {
        AutocorrelatedErrors errors = AutocorrelatedErrors.Of(fit);
        Bands bands = Bands.Walk(fit, rows, events, errors);
        double counterfactual = FixedSum.Sum(bands.Adjusted);
        double metered = FixedSum.Sum(rows.Use);
        double savings = counterfactual - metered;
        double ljungBox = ResidualBlocks.LjungBox(fit.Residuals, fit.StepsBefore, errors.Correlation);
        SavingsVariance variance = new()
        {
            Model = errors.Variance * errors.OfModel(bands.Sum),
            Breakpoints = errors.Variance * BreakpointPart(errors, bands.Sum, fit.Terms.Count),
            Reporting = errors.Variance * bands.NoiseOfSum,
            MeterClass = MeterClass(options, counterfactual, metered),
            Stipulated = Square(options.StipulatedPercent / 100 * savings),
            EventDates = events.DateVariance,
            Estimated = Estimated(fit, rows, bands.Sum, events),
        };
        variance = variance with { Blocks = Blocks(fit, events, bands, variance, ljungBox) };
        StatedInterval stated = StatedInterval.Of(savings, variance.Total, errors.DegreesOfFreedom, options);
        return new SavingsResult
        {
            Fit = fit,
            Counterfactual = counterfactual,
            Metered = metered,
            Savings = savings,
            SavingsPercent = 100 * savings / counterfactual,
            HalfWidth = stated.HalfWidth,
            Confidence = options.Confidence,
            StandardError = stated.StandardError,
            DegreesOfFreedom = errors.DegreesOfFreedom,
            Autocorrelation = errors.Correlation,
            ProbabilityOfSaving = stated.ProbabilityOfSaving,
            ProbabilityOfClaim = stated.ProbabilityOfClaim,
            CoveragePercent = 100 * rows.Coverage,
            Variance = variance,
            LjungBoxProbability = ljungBox,
            Adjustments = events.Sizes(fit, errors),
            StartUtcMilliseconds = rows.Start,
            MeteredByRow = rows.Use,
            AdjustedBaseline = bands.Adjusted,
            BandHalfWidth = Scaled(bands.RowVariance, stated.Factor, errors.Variance),
            CumulativeSavings = bands.Cumulative,
            CumulativeHalfWidth = Widen(Scaled(bands.CumulativeVariance, stated.Factor, errors.Variance), stated.HalfWidth),
            BaselineCusum = Cusum(fit),
            ReportingTermMeans = [.. bands.GradientSum.Take(fit.Terms.Count).Select(sum => sum / rows.Count)],
            Breakpoints = [.. fit.Terms.Where(term => term.Kind is TermKind.Below or TermKind.Above)
                .Select(term => new ModelBreakpoint(fit.DriverNames[term.Driver], term.Kind, term.Breakpoint, ""))],
        };
    }

    // The variance with the derivatives by the breakpoints, less the variance without them.
    private static double BreakpointPart(AutocorrelatedErrors errors, double[] sum, int terms)
    {
        if (errors.Order == terms + 1)
        {
            return 0;
        }

        double[] without = [.. sum];
        without.AsSpan(terms + 1).Clear();
        return Math.Max(0, errors.OfModel(sum) - errors.OfModel(without));
    }

    // A constant error g of one meter scales both sides alike: the saving is wrong by g times itself. Two meters do not cancel.
    internal static double MeterClass(SavingsOptions options, double counterfactual, double metered)
    {
        double deviation = options.MeterClassPercent / 100 / Math.Sqrt(3);
        return options.IsMeterReplaced
            ? Square(deviation * counterfactual) + Square(deviation * metered)
            : Square(deviation * (counterfactual - metered));
    }

    private static double Estimated(BaselineFit fit, PeriodRows rows, double[] sum, ReportingEvents events)
    {
        double variance = 0;
        for (int i = 0; i < rows.UseVariance.Length; i++)
        {
            variance += rows.UseVariance[i] * Square(events.Weight(i));
        }

        if (fit.UseVariance.Count > 0)
        {
            double[] influence = Influence(fit, sum);
            for (int i = 0; i < influence.Length; i++)
            {
                variance += fit.UseVariance[i] * Square(influence[i]);
            }
        }

        return variance;
    }

    // Where the autoregression is rejected, what moving blocks of a week give beyond it.
    private static double Blocks(BaselineFit fit, ReportingEvents events, Bands bands, SavingsVariance variance, double ljungBox)
    {
        if (!(ljungBox < ResidualBlocks.Significance))
        {
            return 0;
        }

        double[] residuals = [.. fit.Residuals];
        int block = fit.RowsPerDay > 1 ? (int)(RowsPerWeek * fit.RowsPerDay) : (int)RowsPerWeek;
        double inflation = fit.N / (double)Math.Max(1, fit.N - fit.P);
        double blocks = ResidualBlocks.Variance(Influence(fit, bands.Sum), residuals, block)
            + ResidualBlocks.Variance(events.Weights(), residuals, block);
        return Math.Max(0, (inflation * blocks) - variance.Model - variance.Reporting);
    }

    /// <summary>Derivative of a sum of predictions by the use of each baseline row: Qz.</summary>
    private static double[] Influence(BaselineFit fit, double[] sum)
    {
        double[] influence = new double[fit.N];
        Array.Fill(influence, sum[0] / Math.Sqrt(fit.N));
        for (int j = 1; j < sum.Length; j++)
        {
            double[] column = fit.Spread.Basis[j - 1];
            for (int i = 0; i < influence.Length; i++)
            {
                influence[i] += sum[j] * column[i];
            }
        }

        return influence;
    }

    private static double[] Scaled(double[] variances, double factor, double unit)
    {
        double[] halfWidths = new double[variances.Length];
        for (int i = 0; i < halfWidths.Length; i++)
        {
            halfWidths[i] = factor * Math.Sqrt(unit * variances[i]);
        }

        return halfWidths;
    }

    // What is added to the variance of the whole is spread over the way in proportion, so that the last one is the whole's.
    private static double[] Widen(double[] halfWidths, double last)
    {
        double scale = halfWidths.Length > 0 && halfWidths[^1] > 0 ? last / halfWidths[^1] : 1;
        for (int i = 0; i < halfWidths.Length - 1 && scale > 1; i++)
        {
            halfWidths[i] *= scale;
        }

        if (halfWidths.Length > 0)
        {
            halfWidths[^1] = last;
        }

        return halfWidths;
    }

    internal static double[] Cusum(BaselineFit fit)
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

    private static double Square(double x) => x * x;
}
