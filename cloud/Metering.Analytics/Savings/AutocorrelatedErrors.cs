using Metering.Analytics.Baselines;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>
/// Variance of sums of predictions when residuals follow a first-order autoregression with correlation r^|i-j| (matrix O).
/// With Q the orthonormal basis of the baseline's columns and A = Q'OQ, a sum of predictions with coordinates z in that
/// basis has the variance z'Az (this is w'Ow of w = X (X'X)^-1 x), and the residual variance is SSE / (n - trace A).
/// </summary>
internal sealed class AutocorrelatedErrors
{
    /// <summary>Above this the sum of the residuals is not determined by a year of data.</summary>
    private const double LargestCorrelation = 0.985;

    private const double FewestDegreesOfFreedom = 3;

    /// <summary>
    /// Below so many rows the first-order correction of the bias is raised in proportion. Simulated with 12 rows and a
    /// correlation of 0.6, a nominal 90 % interval then holds the truth in 85 % of projects instead of 82 %.
    /// </summary>
    private const double FewRows = 24;

    private readonly int order;
    private readonly double[,] cross;

    private AutocorrelatedErrors(int order)
    {
        this.order = order;
        cross = new double[order, order];
    }

    /// <summary>Lag-1 correlation, corrected for its bias.</summary>
    public double Correlation { get; private init; }

    /// <summary>Variance of a single residual.</summary>
    public double Variance { get; private set; }

    public double DegreesOfFreedom { get; private init; }

    public static AutocorrelatedErrors Of(BaselineFit fit)
    {
        double lag1 = fit.Lag1Autocorrelation;
        double corrected = lag1 + ((1 + (3 * lag1)) * fit.P / (2.0 * fit.N) * Math.Max(1, FewRows / fit.N));
        double r = Math.Clamp(corrected, 0, LargestCorrelation);
        AutocorrelatedErrors errors = new(fit.P)
        {
            Correlation = r,
            DegreesOfFreedom = Math.Max((fit.N * (1 - r) / (1 + r)) - fit.P, FewestDegreesOfFreedom),
        };
        errors.Cross(fit, r);
        double trace = 0;
        for (int j = 0; j < fit.P; j++)
        {
            trace += errors.cross[j, j];
        }

        errors.Variance = fit.SumOfSquaredErrors / Math.Max(fit.N - trace, 1);
        return errors;
    }

    /// <summary>z'Az: the variance of a sum of predictions, in units of the residual variance.</summary>
    public double OfModel(ReadOnlySpan<double> coordinates)
    {
        double sum = 0;
        for (int j = 0; j < order; j++)
        {
            double row = 0;
            for (int k = 0; k < order; k++)
            {
                row += cross[j, k] * coordinates[k];
            }

            sum += coordinates[j] * row;
        }

        return sum;
    }

    /// <summary>1'O1 over m rows: the variance of the sum of m residuals, in units of the residual variance.</summary>
    /// <param name="m">Number of rows.</param>
    /// <param name="power">r to the power m.</param>
    public double OfRows(int m, double power)
    {
        double r = Correlation;
        return (m * (1 + r) / (1 - r)) - (2 * r * (1 - power) / ((1 - r) * (1 - r)));
    }

    /// <summary>A = Q'OQ, column by column: O applied by one recursion forwards and one backwards.</summary>
    private void Cross(BaselineFit fit, double r)
    {
        int n = fit.N;
        double[] applied = new double[n];
        for (int k = 0; k < order; k++)
        {
            Apply(Column(fit, k), r, applied);
            for (int j = 0; j <= k; j++)
            {
                double value = FixedSum.Dot(Column(fit, j), applied);
                cross[j, k] = value;
                cross[k, j] = value;
            }
        }
    }

    private static double[] Column(BaselineFit fit, int index)
    {
        if (index > 0)
        {
            return fit.Factors.Basis[index - 1];
        }

        double[] constant = new double[fit.N];
        Array.Fill(constant, 1 / Math.Sqrt(fit.N));
        return constant;
    }

    private static void Apply(double[] column, double r, double[] applied)
    {
        double past = 0;
        for (int i = 0; i < column.Length; i++)
        {
            applied[i] = column[i] + past;
            past = r * (past + column[i]);
        }

        double future = 0;
        for (int i = column.Length - 1; i >= 0; i--)
        {
            applied[i] += future;
            future = r * (future + column[i]);
        }
    }
}
