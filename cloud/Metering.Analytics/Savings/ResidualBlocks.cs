using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>
/// Where a first-order autoregression does not describe the residuals, their variance is taken from moving blocks (Künsch,
/// Annals of Statistics 17, 1989). The bootstrap draws blocks at random; the variance it converges to is the mean over all
/// starts of the squared sum of a block, which is computed here exactly and without chance.
/// </summary>
internal static class ResidualBlocks
{
    /// <summary>Below this probability the Ljung-Box test rejects the autoregression.</summary>
    public const double Significance = 0.01;

    private const int FewestLags = 3;
    private const int MostLags = 14;
    private const int RowsPerLag = 5;

    /// <summary>
    /// Probability of innovations at least as autocorrelated as these if the autoregression of first order were right
    /// (Ljung and Box, Biometrika 65, 1978; one degree of freedom less for the fitted correlation). NaN with too few rows.
    /// </summary>
    /// <param name="residuals">Residuals, ascending in time.</param>
    /// <param name="stepsBefore">Steps since the residual before.</param>
    /// <param name="correlation">Lag-1 correlation of the autoregression.</param>
    public static double LjungBox(IReadOnlyList<double> residuals, IReadOnlyList<int> stepsBefore, double correlation)
    {
        int n = residuals.Count - 1;
        int lags = Math.Min(MostLags, n / RowsPerLag);
        if (lags < FewestLags)
        {
            return double.NaN;
        }

        double[] innovations = new double[n];
        for (int i = 0; i < n; i++)
        {
            innovations[i] = residuals[i + 1] - (AutocorrelatedErrors.Decay(correlation, stepsBefore[i + 1]) * residuals[i]);
        }

        double mean = FixedSum.Mean(innovations);
        for (int i = 0; i < n; i++)
        {
            innovations[i] -= mean;
        }

        double squares = FixedSum.SumOfSquares(innovations);
        double q = 0;
        for (int lag = 1; lag <= lags && squares > 0; lag++)
        {
            double r = FixedSum.Dot(innovations.AsSpan(lag), innovations.AsSpan(0, n - lag)) / squares;
            q += r * r / (n - lag);
        }

        return squares > 0 ? ChiSquare.Tail(n * (n + 2.0) * q, lags - 1) : double.NaN;
    }

    /// <summary>
    /// Variance of the weighted sum of residuals, when rows are drawn in blocks from the residuals given: the sum over
    /// consecutive blocks of weights of the mean, over all starts, of (weights of the block . residuals)².
    /// </summary>
    /// <param name="weights">Weights of the rows of one period, ascending in time.</param>
    /// <param name="residuals">Residuals of the baseline; their mean is taken out.</param>
    /// <param name="block">Rows of a block.</param>
    public static double Variance(ReadOnlySpan<double> weights, ReadOnlySpan<double> residuals, int block)
    {
        int length = Math.Min(block, residuals.Length);
        int starts = residuals.Length - length + 1;
        double mean = FixedSum.Mean(residuals);
        double variance = 0;
        for (int from = 0; from < weights.Length; from += length)
        {
            ReadOnlySpan<double> part = weights.Slice(from, Math.Min(length, weights.Length - from));
            double squares = 0;
            for (int start = 0; start < starts; start++)
            {
                double sum = 0;
                for (int k = 0; k < part.Length; k++)
                {
                    sum += part[k] * (residuals[start + k] - mean);
                }

                squares += sum * sum;
            }

            variance += squares / starts;
        }

        return variance;
    }
}
