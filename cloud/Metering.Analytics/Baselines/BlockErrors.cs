using Metering.Analytics.Statistics;

namespace Metering.Analytics.Baselines;

/// <summary>
/// Errors of a model in blocks of time that were left out of its fit: blocks of a month, or single rows when there are 24 or
/// fewer. Computed from the orthonormal basis Q without fitting again: with the rows B of a block, the errors are
/// e + Q_B (I - Q_B'Q_B)^-1 Q_B'e (the block form of Allen's PRESS). Breakpoints keep their place, their derivatives do not.
/// </summary>
/// <param name="RootMeanSquare">Root of the mean square, in the unit of use.</param>
/// <param name="Mean">Mean (bias out of sample), in the unit of use.</param>
internal readonly record struct BlockErrors(double RootMeanSquare, double Mean)
{
    private const int FewRows = 24;
    private const double MonthDays = 30.436875;
    private const int Blocks = 12;
    private const double Lost = 1e-9;

    /// <summary>The errors of a fit.</summary>
    public static BlockErrors Of(BaselineFit fit)
    {
        int n = fit.N;
        int length = n <= FewRows ? 1 : (int)Math.Max(1, Math.Floor(Math.Min(MonthDays * Math.Max(fit.RowsPerDay, 1.0 / MonthDays), n / (double)Blocks) + 0.5));
        int order = fit.Spread.Count + 1;
        double[] errors = new double[n];
        double[,] system = new double[order, order + 1];
        for (int from = 0; from < n; from += length)
        {
            int to = Math.Min(n, from + length);
            Load(fit, from, to, system);
            Solve(system);
            for (int i = from; i < to; i++)
            {
                double error = fit.Residuals[i];
                for (int j = 0; j < order; j++)
                {
                    error += Basis(fit, j, i) * system[j, order];
                }

                errors[i] = error;
            }
        }

        return new(Math.Sqrt(FixedSum.SumOfSquares(errors) / n), FixedSum.Mean(errors));
    }

    // I - Q_B'Q_B, and Q_B'e beside it.
    private static void Load(BaselineFit fit, int from, int to, double[,] system)
    {
        int order = system.GetLength(0);
        for (int j = 0; j < order; j++)
        {
            for (int k = 0; k < order; k++)
            {
                double product = j == k ? 1 : 0;
                for (int i = from; i < to; i++)
                {
                    product -= Basis(fit, j, i) * Basis(fit, k, i);
                }

                system[j, k] = product;
            }

            double right = 0;
            for (int i = from; i < to; i++)
            {
                right += Basis(fit, j, i) * fit.Residuals[i];
            }

            system[j, order] = right;
        }
    }

    /// <summary>
    /// Solves a symmetric positive system in place, without pivoting; the solution takes the place of the right side in the last
    /// column. A direction that is lost against the largest diagonal element is left out.
    /// </summary>
    internal static void Solve(double[,] system)
    {
        int order = system.GetLength(0);
        double lost = 0;
        for (int j = 0; j < order; j++)
        {
            lost = Math.Max(lost, Lost * system[j, j]);
        }

        for (int j = 0; j < order; j++)
        {
            bool isKnown = system[j, j] > lost;
            for (int k = j + 1; k < order && isKnown; k++)
            {
                double factor = system[k, j] / system[j, j];
                for (int c = j; c <= order; c++)
                {
                    system[k, c] -= factor * system[j, c];
                }
            }
        }

        for (int j = order - 1; j >= 0; j--)
        {
            double value = system[j, order];
            for (int k = j + 1; k < order; k++)
            {
                value -= system[j, k] * system[k, order];
            }

            system[j, order] = system[j, j] > lost ? value / system[j, j] : 0;
        }
    }

    private static double Basis(BaselineFit fit, int column, int row) =>
        column == 0 ? 1 / Math.Sqrt(fit.N) : fit.Spread.Basis[column - 1][row];
}
