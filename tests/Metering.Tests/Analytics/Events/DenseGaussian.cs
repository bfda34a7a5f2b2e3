using Metering.Analytics.Events;

namespace Metering.Tests.Analytics.Events;

/// <summary>Generalised least squares the slow way: the whole correlation matrix r^|i-j|, its Cholesky factor, ordinary least squares on what is left.</summary>
internal sealed class DenseGaussian
{
    private readonly double[,] lower;

    public DenseGaussian(IReadOnlyList<double> position, double r)
    {
        int n = position.Count;
        lower = new double[n, n];
        LogDeterminant = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = Math.Pow(r, position[i] - position[j]);
                for (int k = 0; k < j; k++)
                {
                    sum -= lower[i, k] * lower[j, k];
                }

                lower[i, j] = i == j ? Math.Sqrt(sum) : sum / lower[j, j];
            }

            LogDeterminant += 2 * Math.Log(lower[i, i]);
        }
    }

    /// <summary>Logarithm of the determinant of the correlation matrix.</summary>
    public double LogDeterminant { get; private set; }

    public SmallRegression Fit(IEnumerable<double[]> columns, double[] y) => new([.. columns.Select(White)], White(y));

    private double[] White(double[] x)
    {
        double[] white = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double sum = x[i];
            for (int k = 0; k < i; k++)
            {
                sum -= lower[i, k] * white[k];
            }

            white[i] = sum / lower[i, i];
        }

        return white;
    }

    /// <summary>The column of an event, from its definition.</summary>
    public static double[] Column(EventAtom atom, IReadOnlyList<double> position) =>
        [.. Enumerable.Range(0, position.Count).Select(i => i < atom.First || i >= atom.End ? 0
            : atom.Kind == EventKind.Drift ? position[i] - position[atom.First] : 1.0)];
}
