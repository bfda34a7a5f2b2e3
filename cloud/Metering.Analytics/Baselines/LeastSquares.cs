using Metering.Analytics.Statistics;

namespace Metering.Analytics.Baselines;

/// <summary>
/// Ordinary least squares with an intercept: columns are centred and scaled to length one, then factored by Householder
/// reflections. Only + - * / and square roots in a fixed order, so that the result is the same on every processor.
/// </summary>
internal sealed class LeastSquares
{
    /// <summary>A column whose part outside the others is below this share of its length is a combination of them.</summary>
    internal const double RankTolerance = 1e-10;

    private readonly int rows;
    private readonly double[][] reflectors;
    private readonly double[,] upper;
    private double[][]? basis;

    private LeastSquares(int rows, double[] means, double[] scales, double[][] reflectors, double[,] upper)
    {
        this.rows = rows;
        Means = means;
        Scales = scales;
        this.reflectors = reflectors;
        this.upper = upper;
    }

    /// <summary>Mean of each driver.</summary>
    public double[] Means { get; }

    /// <summary>Length of each centred driver.</summary>
    public double[] Scales { get; }

    /// <summary>Orthonormal columns that span the centred drivers; formed when first asked for.</summary>
    public IReadOnlyList<double[]> Basis => basis ??= FormBasis(reflectors, rows);

    public int Count => Means.Length;

    /// <summary>Factors the drivers; null when one of them is constant or a combination of the others.</summary>
    public static LeastSquares? Factor(int rows, IReadOnlyList<double[]> drivers)
    {
        int count = drivers.Count;
        double[] means = new double[count];
        double[] scales = new double[count];
        double[][] columns = new double[count][];
        for (int j = 0; j < count; j++)
        {
            columns[j] = Standardise(drivers[j], out means[j], out scales[j]);
            if (!(scales[j] > 0) || !double.IsFinite(scales[j]))
            {
                return null;
            }
        }

        double[,] triangle = new double[count, count];
        for (int j = 0; j < count; j++)
        {
            if (!Reflect(columns, j, triangle))
            {
                return null;
            }
        }

        return new LeastSquares(rows, means, scales, columns, triangle);
    }

    /// <summary>A driver less its mean, divided by its length. The length is 0 for a constant driver.</summary>
    public static double[] Standardise(ReadOnlySpan<double> driver, out double mean, out double length)
    {
        double[] column = new double[driver.Length];
        Standardise(driver, column, out mean, out length);
        return column;
    }

    /// <summary>The same into a given column.</summary>
    public static void Standardise(ReadOnlySpan<double> driver, Span<double> column, out double mean, out double length)
    {
        double first = FixedSum.Mean(driver);
        double largest = 0;
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = driver[i] - first;
            largest = Math.Max(largest, Math.Abs(driver[i]));
        }

        // A second pass takes out the rounding of the first mean.
        double correction = FixedSum.Mean(column);
        mean = first + correction;
        for (int i = 0; i < column.Length; i++)
        {
            column[i] -= correction;
        }

        length = Math.Sqrt(FixedSum.SumOfSquares(column));
        if (length <= 1e-13 * largest * Math.Sqrt(column.Length))
        {
            length = 0;
            return;
        }

        for (int i = 0; i < column.Length; i++)
        {
            column[i] /= length;
        }
    }

    /// <summary>Coefficients of the drivers (without the intercept) for use less its mean.</summary>
    public double[] Solve(ReadOnlySpan<double> centredUse)
    {
        double[] reflected = centredUse.ToArray();
        for (int j = 0; j < Count; j++)
        {
            ApplyReflector(reflectors[j].AsSpan(j), reflected.AsSpan(j));
        }

        double[] slopes = reflected[..Count];
        for (int j = Count - 1; j >= 0; j--)
        {
            for (int k = j + 1; k < Count; k++)
            {
                slopes[j] -= upper[j, k] * slopes[k];
            }

            slopes[j] /= upper[j, j];
        }

        for (int j = 0; j < Count; j++)
        {
            slopes[j] /= Scales[j];
        }

        return slopes;
    }

    /// <summary>
    /// Coordinates of a row of drivers in the orthonormal basis; the squared length plus 1/n is its leverage. Element 0 is
    /// the intercept's, 1/sqrt(n). <paramref name="coordinates"/> has one more element than there are drivers.
    /// </summary>
    public void Coordinates(ReadOnlySpan<double> row, Span<double> coordinates)
    {
        coordinates[0] = 1 / Math.Sqrt(rows);
        for (int j = 0; j < Count; j++)
        {
            double z = (row[j] - Means[j]) / Scales[j];
            for (int k = 0; k < j; k++)
            {
                z -= upper[k, j] * coordinates[k + 1];
            }

            coordinates[j + 1] = z / upper[j, j];
        }
    }

    /// <summary>Variance inflation factor of a driver: diagonal of the inverse correlation matrix.</summary>
    public double VarianceInflation(int driver) => InverseRowSquare(driver);

    /// <summary>Diagonal element of the inverse cross-product matrix of the centred drivers, in the drivers' units.</summary>
    public double InverseDiagonal(int driver) => InverseRowSquare(driver) / (Scales[driver] * Scales[driver]);

    private double InverseRowSquare(int driver)
    {
        // Row of the inverse of the upper triangle, by forward substitution.
        double[] inverse = new double[Count];
        double sum = 0;
        for (int j = driver; j < Count; j++)
        {
            double value = j == driver ? 1 : 0;
            for (int k = driver; k < j; k++)
            {
                value -= inverse[k] * upper[k, j];
            }

            inverse[j] = value / upper[j, j];
            sum += inverse[j] * inverse[j];
        }

        return sum;
    }

    /// <summary>Reflects column j onto its first free axis; the reflector stays in the column. False when nothing is left of it.</summary>
    private static bool Reflect(double[][] columns, int j, double[,] triangle)
    {
        double[] column = columns[j];
        for (int k = 0; k < j; k++)
        {
            ApplyReflector(columns[k].AsSpan(k), column.AsSpan(k));
        }

        // Rows before j now hold the finished part of the triangle.
        for (int k = 0; k < j; k++)
        {
            triangle[k, j] = column[k];
            column[k] = 0;
        }

        if (j >= column.Length)
        {
            return false;
        }

        Span<double> rest = column.AsSpan(j);
        double norm = Math.Sqrt(FixedSum.SumOfSquares(rest));
        if (!(norm > RankTolerance))
        {
            return false;
        }

        double axis = rest[0] > 0 ? -norm : norm;
        triangle[j, j] = axis;
        rest[0] -= axis;
        double scale = 1 / Math.Sqrt(FixedSum.SumOfSquares(rest));
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] *= scale;
        }

        return true;
    }

    /// <summary>target - 2 v (v . target), for a reflector of length one.</summary>
    internal static void ApplyReflector(ReadOnlySpan<double> reflector, Span<double> target)
    {
        double twice = 2 * FixedSum.Dot(reflector, target);
        reflector = reflector[..target.Length];
        for (int i = 0; i < target.Length; i++)
        {
            target[i] -= twice * reflector[i];
        }
    }

    private static double[][] FormBasis(double[][] reflectors, int rows)
    {
        double[][] formed = new double[reflectors.Length][];
        for (int j = 0; j < formed.Length; j++)
        {
            formed[j] = new double[rows];
            formed[j][j] = 1;
            for (int k = j; k >= 0; k--)
            {
                ApplyReflector(reflectors[k].AsSpan(k), formed[j].AsSpan(k));
            }
        }

        return formed;
    }
}
