using Metering.Analytics.ChangePoints;

namespace Metering.Tests.Analytics.ChangePoints;

/// <summary>The plain way: every breakpoint of a grid and at every driver value, each solved by normal equations and elimination.</summary>
internal static class LinearChangePointGrid
{
    public static double Best(double[] x, double[] y, double[][] linear, ChangePointForm form, ChangePointOptions options)
    {
        int steps = form == ChangePointForm.HeatingAndCooling ? 15 : 120;
        int minimum = options.MinimumPointsPerSlopedSide;
        double[] knots = [.. x.Distinct().Order()];
        double[] grid = [.. knots.Concat(Enumerable.Range(0, steps + 1).Select(i => knots[0] + ((knots[^1] - knots[0]) * i / steps))).Distinct().Order()];
        double[] lows = [.. grid.Where(c => knots.Count(k => k <= c) >= 2 && x.Count(v => v <= c) >= minimum)];
        double[] highs = [.. grid.Where(c => knots.Count(k => k >= c) >= 2 && x.Count(v => v >= c) >= minimum)];
        IEnumerable<(double Low, double High)> pairs = form switch
        {
            ChangePointForm.Cooling => highs.Select(c => (double.NaN, c)),
            ChangePointForm.Heating => lows.Select(c => (c, double.NaN)),
            ChangePointForm.TwoLines => lows.Intersect(highs).Select(c => (c, c)),
            _ => lows.SelectMany(low => highs.Where(high => high >= low).Select(high => (low, high))),
        };
        return pairs.Select(pair => Fit(x, y, linear, pair, options.PhysicalSigns)).Append(double.PositiveInfinity).Min();
    }

    /// <summary>Coefficients by normal equations; null when they are near singular.</summary>
    public static double[]? Solve(double[][] columns, double[] y, out double squares)
    {
        int p = columns.Length;
        double[][] a = [.. columns.Select(left => columns.Select(right => left.Zip(right, (v, w) => v * w).Sum()).Append(left.Zip(y, (v, w) => v * w).Sum()).ToArray())];
        double[] diagonal = [.. Enumerable.Range(0, p).Select(j => a[j][j])];
        squares = double.PositiveInfinity;
        for (int j = 0; j < p; j++)
        {
            int pivot = Enumerable.Range(j, p - j).MaxBy(row => Math.Abs(a[row][j]));
            (a[j], a[pivot]) = (a[pivot], a[j]);
            if (Math.Abs(a[j][j]) < 1e-9 * diagonal[j])
            {
                return null;
            }

            for (int row = 0; row < p; row++)
            {
                double factor = row == j ? 0 : a[row][j] / a[j][j];
                for (int k = j; k <= p; k++)
                {
                    a[row][k] -= factor * a[j][k];
                }
            }
        }

        double[] solution = [.. Enumerable.Range(0, p).Select(j => a[j][p] / a[j][j])];
        squares = Enumerable.Range(0, y.Length).Sum(i => Math.Pow(y[i] - Enumerable.Range(0, p).Sum(j => solution[j] * columns[j][i]), 2));
        return solution;
    }

    private static double Fit(double[] x, double[] y, double[][] linear, (double Low, double High) at, bool signs)
    {
        List<double[]> columns = [[.. x.Select(_ => 1.0)], .. linear];
        int heating = double.IsNaN(at.Low) ? -1 : columns.Count;
        if (heating >= 0)
        {
            columns.Add([.. x.Select(v => Math.Max(0, at.Low - v))]);
        }

        int cooling = double.IsNaN(at.High) ? -1 : columns.Count;
        if (cooling >= 0)
        {
            columns.Add([.. x.Select(v => Math.Max(0, v - at.High))]);
        }

        double[]? solution = Solve([.. columns], y, out double squares);
        bool allowed = solution is not null && (!signs || ((heating < 0 || solution[heating] >= 0) && (cooling < 0 || solution[cooling] >= 0)));
        return allowed ? squares : double.PositiveInfinity;
    }
}
