using Metering.Analytics.Statistics;

namespace Metering.Analytics.ChangePoints;

/// <summary>
/// An orthonormal basis of the intercept and the linear drivers, over rows in the order of the change-point driver. What is left
/// of a column beside the basis decides what a breakpoint can add (Frisch and Waugh 1933, Lovell 1963): partialling out once
/// makes every breakpoint a small problem. Gram-Schmidt, each column twice.
/// </summary>
internal sealed class LinearBasis
{
    /// <summary>A column whose part outside the others is below this share of its length is a combination of them.</summary>
    private const double RankTolerance = 1e-10;

    /// <summary>Deviations below this share of the largest value are rounding.</summary>
    private const double ConstantTolerance = 1e-13;

    private readonly double[] means = new double[LinearChangePointWorkspace.MaximumLinearDrivers + 1];
    private readonly double[] scales = new double[LinearChangePointWorkspace.MaximumLinearDrivers + 1];
    private readonly double[] triangle =
        new double[(LinearChangePointWorkspace.MaximumLinearDrivers + 1) * (LinearChangePointWorkspace.MaximumLinearDrivers + 1)];

    private double[] columns = [];

    /// <summary>Columns, the intercept's among them.</summary>
    public int Count { get; private set; }

    private int Rows { get; set; }

    public ReadOnlySpan<double> Column(int index) => columns.AsSpan(index * Rows, Rows);

    /// <summary>Builds the basis. False when a driver is constant or a combination of the others.</summary>
    public bool Load(RowOrder order, ReadOnlySpan<double[]> linear)
    {
        Rows = order.X.Length;
        Count = 1;
        if (columns.Length < Rows * (linear.Length + 1))
        {
            columns = new double[Rows * (linear.Length + 1)];
        }

        columns.AsSpan(0, Rows).Fill(1 / Math.Sqrt(Rows));
        for (int k = 1; k <= linear.Length; k++)
        {
            Span<double> column = columns.AsSpan(k * Rows, Rows);
            order.Gather(linear[k - 1], column);
            if (!Standardise(column, k) || !Reduce(column, k))
            {
                return false;
            }

            Count++;
        }

        return true;
    }

    /// <summary>Takes the part inside the basis out of a column, in two rounds.</summary>
    public void TakeOut(Span<double> column)
    {
        for (int round = 0; round < 2; round++)
        {
            for (int j = 0; j < Count; j++)
            {
                Subtract(Column(j), FixedSum.Dot(Column(j), column), column);
            }
        }
    }

    /// <summary>Coefficients of the intercept (first) and the linear drivers for a column of values; the values become their residuals.</summary>
    public void Solve(Span<double> values, Span<double> coefficients)
    {
        double mean = FixedSum.Mean(values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= mean;
        }

        coefficients[..Count].Clear();
        for (int round = 0; round < 2; round++)
        {
            for (int j = 0; j < Count; j++)
            {
                double part = FixedSum.Dot(Column(j), values);
                Subtract(Column(j), part, values);
                coefficients[j] += part;
            }
        }

        mean += coefficients[0] / Math.Sqrt(Rows);
        for (int j = Count - 1; j >= 1; j--)
        {
            for (int k = j + 1; k < Count; k++)
            {
                coefficients[j] -= triangle[(j * means.Length) + k] * coefficients[k];
            }

            coefficients[j] /= triangle[(j * means.Length) + j];
        }

        for (int j = 1; j < Count; j++)
        {
            coefficients[j] /= scales[j];
            mean -= coefficients[j] * means[j];
        }

        coefficients[0] = mean;
    }

    private static void Subtract(ReadOnlySpan<double> direction, double amount, Span<double> column)
    {
        direction = direction[..column.Length];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] -= amount * direction[i];
        }
    }

    /// <summary>A column less its mean, of length one. False for a constant one.</summary>
    private bool Standardise(Span<double> column, int index)
    {
        double mean = FixedSum.Mean(column);
        double largest = 0;
        for (int i = 0; i < column.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(column[i]));
            column[i] -= mean;
        }

        double length = Math.Sqrt(FixedSum.SumOfSquares(column));
        means[index] = mean;
        scales[index] = length;
        if (!(length > ConstantTolerance * largest * Math.Sqrt(column.Length)) || !double.IsFinite(length))
        {
            return false;
        }

        for (int i = 0; i < column.Length; i++)
        {
            column[i] /= length;
        }

        return true;
    }

    /// <summary>Makes a column orthogonal to those before it and of length one; keeps the triangle. False when nothing is left.</summary>
    private bool Reduce(Span<double> column, int index)
    {
        for (int j = 0; j <= index; j++)
        {
            triangle[(j * means.Length) + index] = 0;
        }

        for (int round = 0; round < 2; round++)
        {
            for (int j = 0; j < index; j++)
            {
                double part = FixedSum.Dot(Column(j), column);
                Subtract(Column(j), part, column);
                triangle[(j * means.Length) + index] += part;
            }
        }

        double rest = Math.Sqrt(FixedSum.SumOfSquares(column));
        triangle[(index * means.Length) + index] = rest;
        for (int i = 0; i < column.Length; i++)
        {
            column[i] /= rest;
        }

        return rest > RankTolerance;
    }
}
