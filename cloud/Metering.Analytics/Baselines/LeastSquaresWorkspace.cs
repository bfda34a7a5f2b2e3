using Metering.Analytics.Statistics;

namespace Metering.Analytics.Baselines;

/// <summary>
/// The numbers of an ordinary least squares fit with an intercept, into memory that is kept: for many small fits, such as windows
/// and candidates. The arithmetic is that of <see cref="LeastSquares"/>: centred columns of length one, Householder reflections.
/// Not for two threads at once.
/// </summary>
internal sealed class LeastSquaresWorkspace
{
    private double[] columns = [];
    private double[] triangle = [];
    private double[] means = [];
    private double[] scales = [];
    private double[] coefficients = [];
    private double[] errors = [];
    private double[] statistics = [];
    private double[] probabilities = [];
    private double[] inflation = [];
    private double[] scratch = [];
    private int count;

    /// <summary>Intercept, then use per unit of each driver.</summary>
    public ReadOnlySpan<double> Coefficients => coefficients.AsSpan(0, count + 1);

    /// <summary>Standard errors of the coefficients, for independent residuals.</summary>
    public ReadOnlySpan<double> StandardErrors => errors.AsSpan(0, count + 1);

    /// <summary>Coefficients divided by their standard errors.</summary>
    public ReadOnlySpan<double> TStatistics => statistics.AsSpan(0, count + 1);

    /// <summary>Two-sided p values, Student's t with n - p degrees of freedom; NaN where the statistic is.</summary>
    public ReadOnlySpan<double> PValues => probabilities.AsSpan(0, count + 1);

    /// <summary>Variance inflation factor of each driver.</summary>
    public ReadOnlySpan<double> VarianceInflation => inflation.AsSpan(0, count);

    /// <summary>Sum of squared residuals, from the residuals.</summary>
    public double SumOfSquaredErrors { get; private set; }

    /// <summary>Share of the variance explained; 0 without drivers or for a constant use.</summary>
    public double R2 { get; private set; }

    /// <summary>F statistic of the whole model and its p value; NaN without drivers.</summary>
    public double F { get; private set; }

    public double FProbability { get; private set; }

    /// <summary>
    /// Fits. False, and no number means anything, when there are not more rows than parameters or a driver is constant or a
    /// combination of the others. The values are finite.
    /// </summary>
    /// <param name="use">One value a row.</param>
    /// <param name="drivers">As long as <paramref name="use"/>.</param>
    public bool Fit(ReadOnlySpan<double> use, ReadOnlySpan<double[]> drivers)
    {
        int rows = use.Length;
        count = drivers.Length;
        if (rows <= count + 1)
        {
            return false;
        }

        Grow(rows);
        for (int j = 0; j < count; j++)
        {
            LeastSquares.Standardise(drivers[j], Column(j, rows), out means[j], out scales[j]);
            if (!(scales[j] > 0) || !double.IsFinite(scales[j]) || !Reflect(j, rows))
            {
                return false;
            }
        }

        Span<double> rest = Column(count, rows);
        double mean = Centre(use, rest);
        double total = FixedSum.SumOfSquares(rest);
        Solve(mean, rows);
        Residuals(use, drivers, mean);
        Judge(rows, total);
        return true;
    }

    private Span<double> Column(int index, int rows) => columns.AsSpan(index * rows, rows);

    /// <summary>Values less their mean, the mean's rounding taken out by a second pass.</summary>
    private static double Centre(ReadOnlySpan<double> values, Span<double> centred)
    {
        double mean = FixedSum.Mean(values);
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] = values[i] - mean;
        }

        double correction = FixedSum.Mean(centred);
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] -= correction;
        }

        return mean + correction;
    }

    /// <summary>Puts column j onto its axis; the reflector of length one stays in the column. False when nothing is left of it.</summary>
    private bool Reflect(int j, int rows)
    {
        Span<double> column = Column(j, rows);
        for (int k = 0; k < j; k++)
        {
            LeastSquares.ApplyReflector(Column(k, rows)[k..], column[k..]);
            triangle[(k * count) + j] = column[k];
        }

        Span<double> rest = column[j..];
        double squares = FixedSum.SumOfSquares(rest);
        double norm = Math.Sqrt(squares);
        if (!(norm > LeastSquares.RankTolerance))
        {
            return false;
        }

        // The length after moving onto the axis follows from the one before; both parts are positive.
        double axis = rest[0] > 0 ? -norm : norm;
        triangle[(j * count) + j] = axis;
        double scale = 1 / Math.Sqrt(2 * (squares + (norm * Math.Abs(rest[0]))));
        rest[0] -= axis;
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] *= scale;
        }

        return true;
    }

    /// <summary>Coefficients; the use, centred, is in the last column and is reflected there.</summary>
    private void Solve(double mean, int rows)
    {
        Span<double> use = Column(count, rows);
        for (int j = 0; j < count; j++)
        {
            LeastSquares.ApplyReflector(Column(j, rows)[j..], use[j..]);
        }

        for (int j = count - 1; j >= 0; j--)
        {
            double value = use[j];
            for (int k = j + 1; k < count; k++)
            {
                value -= triangle[(j * count) + k] * scratch[k];
            }

            scratch[j] = value / triangle[(j * count) + j];
        }

        coefficients[0] = mean;
        for (int j = 0; j < count; j++)
        {
            coefficients[j + 1] = scratch[j] / scales[j];
            coefficients[0] -= coefficients[j + 1] * means[j];
        }
    }

    private void Residuals(ReadOnlySpan<double> use, ReadOnlySpan<double[]> drivers, double mean)
    {
        Span<double> residuals = Column(count, use.Length);
        for (int i = 0; i < residuals.Length; i++)
        {
            residuals[i] = use[i] - mean;
        }

        for (int j = 0; j < count; j++)
        {
            double slope = coefficients[j + 1];
            double centre = means[j];
            ReadOnlySpan<double> driver = drivers[j].AsSpan(0, residuals.Length);
            for (int i = 0; i < residuals.Length; i++)
            {
                residuals[i] -= slope * (driver[i] - centre);
            }
        }

        SumOfSquaredErrors = FixedSum.SumOfSquares(residuals);
    }

    private void Judge(int rows, double total)
    {
        int freedom = rows - count - 1;
        double variance = SumOfSquaredErrors / freedom;
        R2 = count == 0 || total == 0 ? 0 : 1 - (SumOfSquaredErrors / total);
        F = count == 0 ? double.NaN : (total - SumOfSquaredErrors) / count / variance;
        FProbability = count == 0 ? double.NaN : FisherF.Tail(F, count, freedom);
        errors[0] = Math.Sqrt(variance * (LeverageOfZero() + (1.0 / rows)));
        for (int j = 0; j < count; j++)
        {
            inflation[j] = InverseRowSquare(j);
            errors[j + 1] = Math.Sqrt(variance * inflation[j]) / scales[j];
        }

        for (int j = 0; j <= count; j++)
        {
            statistics[j] = coefficients[j] / errors[j];
            probabilities[j] = double.IsNaN(statistics[j]) ? double.NaN : StudentT.TwoSidedTail(statistics[j], freedom);
        }
    }

    /// <summary>Squared length of the row of zero drivers in the orthonormal basis.</summary>
    private double LeverageOfZero()
    {
        double sum = 0;
        for (int j = 0; j < count; j++)
        {
            double value = -means[j] / scales[j];
            for (int k = 0; k < j; k++)
            {
                value -= triangle[(k * count) + j] * scratch[k];
            }

            scratch[j] = value / triangle[(j * count) + j];
            sum += scratch[j] * scratch[j];
        }

        return sum;
    }

    /// <summary>Squared length of a row of the triangle's inverse.</summary>
    private double InverseRowSquare(int row)
    {
        double sum = 0;
        for (int j = row; j < count; j++)
        {
            double value = j == row ? 1 : 0;
            for (int k = row; k < j; k++)
            {
                value -= scratch[k] * triangle[(k * count) + j];
            }

            scratch[j] = value / triangle[(j * count) + j];
            sum += scratch[j] * scratch[j];
        }

        return sum;
    }

    private void Grow(int rows)
    {
        if (columns.Length < rows * (count + 1))
        {
            columns = new double[rows * (count + 1)];
        }

        if (means.Length < count || coefficients.Length == 0)
        {
            triangle = new double[count * count];
            means = new double[count];
            scales = new double[count];
            inflation = new double[count];
            scratch = new double[count];
            coefficients = new double[count + 1];
            errors = new double[count + 1];
            statistics = new double[count + 1];
            probabilities = new double[count + 1];
        }
    }
}
