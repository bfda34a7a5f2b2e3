namespace Metering.Tests.Analytics.Events;

/// <summary>
/// Least squares by normal equations, written apart from the library: coefficients, and for any combination of them the weight
/// that every row has in it, so that its variance under correlated noise can be summed up exactly.
/// </summary>
internal sealed class SmallRegression
{
    private readonly double[][] columns;
    private readonly double[,] inverse;

    public SmallRegression(IReadOnlyList<double[]> columns, double[] y)
    {
        this.columns = [.. columns];
        int p = this.columns.Length;
        inverse = Invert(p);
        Coefficients = new double[p];
        for (int j = 0; j < p; j++)
        {
            double[] unit = new double[p];
            unit[j] = 1;
            Coefficients[j] = RowWeights(unit).Zip(y, (weight, value) => weight * value).Sum();
        }

        Residuals = [.. y.Select((value, i) => value - Enumerable.Range(0, p).Sum(j => Coefficients[j] * this.columns[j][i]))];
    }

    public double[] Coefficients { get; }

    public double[] Residuals { get; }

    /// <summary>The weight of each row in a combination of coefficients.</summary>
    public double[] RowWeights(double[] combination)
    {
        int p = columns.Length;
        double[] inner = [.. Enumerable.Range(0, p).Select(j => Enumerable.Range(0, p).Sum(k => inverse[j, k] * combination[k]))];
        return [.. Enumerable.Range(0, columns[0].Length).Select(i => Enumerable.Range(0, p).Sum(j => inner[j] * columns[j][i]))];
    }

    /// <summary>a'Oa for noise with the correlation r^|i-j|.</summary>
    public static double Quadratic(double[] a, double r)
    {
        double sum = 0;
        double past = 0;
        foreach (double value in a)
        {
            sum += value * (value + (2 * past));
            past = r * (past + value);
        }

        return sum;
    }

    private double[,] Invert(int p)
    {
        double[,] work = new double[p, 2 * p];
        for (int j = 0; j < p; j++)
        {
            for (int k = 0; k < p; k++)
            {
                work[j, k] = columns[j].Zip(columns[k], (x, z) => x * z).Sum();
            }

            work[j, p + j] = 1;
        }

        for (int pivot = 0; pivot < p; pivot++)
        {
            int largest = Enumerable.Range(pivot, p - pivot).MaxBy(j => Math.Abs(work[j, pivot]));
            for (int k = 0; k < 2 * p; k++)
            {
                (work[pivot, k], work[largest, k]) = (work[largest, k], work[pivot, k]);
            }

            double scale = work[pivot, pivot];
            for (int k = 0; k < 2 * p; k++)
            {
                work[pivot, k] /= scale;
            }

            for (int j = 0; j < p; j++)
            {
                double share = j == pivot ? 0 : work[j, pivot];
                for (int k = 0; k < 2 * p; k++)
                {
                    work[j, k] -= share * work[pivot, k];
                }
            }
        }

        double[,] result = new double[p, p];
        for (int j = 0; j < p; j++)
        {
            for (int k = 0; k < p; k++)
            {
                result[j, k] = work[j, p + k];
            }
        }

        return result;
    }
}
