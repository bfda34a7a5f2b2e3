namespace Metering.Analytics.Towt;

/// <summary>
/// Cholesky factor of a matrix of sums of squares and products that leaves out every column that follows from the ones before
/// it. A column left out has a zero on the diagonal and its coefficient is zero. Matrices are square, row after row; only the
/// lower triangle is read and written.
/// </summary>
internal static class SkippingCholesky
{
    /// <summary>A column whose part outside the earlier ones is below this share of its sum of squares is left out.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>Replaces the lower triangle by the factor; gives the number of columns kept.</summary>
    public static int Factor(Span<double> matrix, int size)
    {
        int kept = 0;
        for (int j = 0; j < size; j++)
        {
            double square = matrix[(j * size) + j];
            double pivot = square;
            for (int k = 0; k < j; k++)
            {
                double value = matrix[(j * size) + k];
                pivot -= value * value;
            }

            bool keep = pivot > Tolerance * square && square > 0;
            double diagonal = keep ? Math.Sqrt(pivot) : 0;
            kept += keep ? 1 : 0;
            matrix[(j * size) + j] = diagonal;
            for (int i = j + 1; i < size; i++)
            {
                double value = matrix[(i * size) + j];
                for (int k = 0; k < j; k++)
                {
                    value -= matrix[(i * size) + k] * matrix[(j * size) + k];
                }

                matrix[(i * size) + j] = keep ? value / diagonal : 0;
            }
        }

        return kept;
    }

    /// <summary>Solves L z = b in place; elements of columns left out become zero. The squared length of z is b S^-1 b.</summary>
    public static void Forward(ReadOnlySpan<double> factor, int size, Span<double> vector)
    {
        for (int i = 0; i < size; i++)
        {
            double diagonal = factor[(i * size) + i];
            double value = vector[i];
            for (int k = 0; k < i; k++)
            {
                value -= factor[(i * size) + k] * vector[k];
            }

            vector[i] = diagonal > 0 ? value / diagonal : 0;
        }
    }

    /// <summary>Solves S x = b in place; elements of columns left out become zero.</summary>
    public static void Solve(ReadOnlySpan<double> factor, int size, Span<double> vector)
    {
        Forward(factor, size, vector);
        for (int i = size - 1; i >= 0; i--)
        {
            double diagonal = factor[(i * size) + i];
            double value = vector[i];
            for (int k = i + 1; k < size; k++)
            {
                value -= factor[(k * size) + i] * vector[k];
            }

            vector[i] = diagonal > 0 ? value / diagonal : 0;
        }
    }
}
