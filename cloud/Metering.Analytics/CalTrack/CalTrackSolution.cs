using Metering.Analytics.Baselines;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.CalTrack;

/// <summary>Weighted least squares of the chosen model, on centred columns.</summary>
internal static class CalTrackSolution
{
    public static CalTrackFit Solve(List<MeteredInterval> rows, BalancePointWorkspace points, BalancePointSearch search)
    {
        BalancePointModel chosen = search[0];
        double[] weights = points.Weights.ToArray();
        double[][] columns = Columns(points, chosen);
        double[] means = [.. columns.Select(column => Mean(column, weights))];
        double[] slopes = Slopes(columns, means, points, weights, out double[] inverse);
        int n = rows.Count;
        int p = slopes.Length + 1;
        double[] fitted = new double[n];
        double[] residuals = new double[n];
        double squares = 0;
        for (int row = 0; row < n; row++)
        {
            double perDay = points.MeanUse;
            for (int j = 0; j < slopes.Length; j++)
            {
                perDay += slopes[j] * (columns[j][row] - means[j]);
            }

            double rest = points.Use[row] - perDay;
            squares += weights[row] * rest * rest;
            fitted[row] = perDay * rows[row].Days;
            residuals[row] = rows[row].Use - fitted[row];
        }

        double variance = n > p ? squares / (n - p) : double.NaN;
        double[] coefficients = Coefficients(slopes, means, points.MeanUse);
        double[] standardErrors = StandardErrors(inverse, means, variance, points.TotalWeight);
        double r2 = p == 1 ? 0 : 1 - (squares / points.Variation);
        CalTrackFit fit = new()
        {
            IsBilling = false,
            Fuel = MeteredFuel.Electricity,
            HeatingBalanceFahrenheit = Fahrenheit(chosen.HeatingPoint),
            CoolingBalanceFahrenheit = Fahrenheit(chosen.CoolingPoint),
            BasePerDay = coefficients[0],
            HeatingPerDegreeDay = chosen.HeatingPoint >= 0 ? slopes[0] : 0,
            CoolingPerDegreeDay = chosen.CoolingPoint >= 0 ? slopes[^1] : 0,
            TermNames = Names(chosen),
            Coefficients = coefficients,
            StandardErrors = standardErrors,
            PValues = PValues(coefficients, standardErrors, n - p),
            FProbability = p == 1 || n <= p ? double.NaN : FisherF.Tail((points.Variation - squares) / (p - 1) / variance, p - 1, n - p),
            R2 = r2,
            AdjustedR2 = p == 1 ? 0 : 1 - ((1 - r2) * (n - 1) / (n - p)),
            CandidateCount = search.CandidateCount,
            QualifiedCount = search.QualifiedCount,
            Best = Best(search),
            N = n,
            P = p,
            Intervals = rows,
            Weights = weights,
            HeatingDegreeDaysPerDay = chosen.HeatingPoint >= 0 ? columns[0] : [],
            CoolingDegreeDaysPerDay = chosen.CoolingPoint >= 0 ? columns[^1] : [],
            Fitted = fitted,
            Residuals = residuals,
        };
        return WithErrors(fit, residuals);
    }

    /// <summary>Adds what is said of the rows' use, not of their use per day.</summary>
    private static CalTrackFit WithErrors(CalTrackFit fit, double[] residuals)
    {
        double[] use = [.. fit.Intervals.Select(row => row.Use)];
        double[] days = [.. fit.Intervals.Select(row => row.Days)];
        double mean = FixedSum.Mean(use);
        double errors = FixedSum.SumOfSquares(residuals);
        return fit with
        {
            MeanUse = mean,
            SumOfSquaredErrors = errors,
            ResidualSum = FixedSum.Sum(residuals),
            CvRmse = mean > 0 && fit.N > fit.P ? Math.Sqrt(errors / (fit.N - fit.P)) / mean : double.NaN,
            Lag1Autocorrelation = fit.N > 1 ? BaselineModel.Lag1(residuals, []) : 0,
            CoveredDays = FixedSum.Sum(days),
        };
    }

    private static double Fahrenheit(int point) => point >= 0 ? BalancePointWorkspace.LowestFahrenheit + point : double.NaN;

    private static double[][] Columns(BalancePointWorkspace points, BalancePointModel model)
    {
        List<double[]> columns = [];
        if (model.HeatingPoint >= 0)
        {
            double[] column = new double[points.Rows];
            for (int row = 0; row < column.Length; row++)
            {
                column[row] = points.HeatingOf(row, model.HeatingPoint);
            }

            columns.Add(column);
        }

        if (model.CoolingPoint >= 0)
        {
            double[] column = new double[points.Rows];
            for (int row = 0; row < column.Length; row++)
            {
                column[row] = points.CoolingOf(row, model.CoolingPoint);
            }

            columns.Add(column);
        }

        return [.. columns];
    }

    private static string[] Names(BalancePointModel model)
    {
        List<string> names = [];
        if (model.HeatingPoint >= 0)
        {
            names.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"hdd_{Fahrenheit(model.HeatingPoint)}"));
        }

        if (model.CoolingPoint >= 0)
        {
            names.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cdd_{Fahrenheit(model.CoolingPoint)}"));
        }

        return [.. names];
    }

    private static CalTrackCandidate[] Best(BalancePointSearch search)
    {
        CalTrackCandidate[] best = new CalTrackCandidate[search.BestCount];
        for (int i = 0; i < best.Length; i++)
        {
            BalancePointModel model = search[i];
            best[i] = new CalTrackCandidate(Fahrenheit(model.HeatingPoint), Fahrenheit(model.CoolingPoint), model.AdjustedR2);
        }

        return best;
    }

    private static double Mean(double[] column, double[] weights)
    {
        double total = 0;
        double sum = 0;
        for (int row = 0; row < column.Length; row++)
        {
            total += weights[row];
            sum += weights[row] * column[row];
        }

        double mean = sum / total;

        // A second pass takes out the rounding of the first mean.
        double rest = 0;
        for (int row = 0; row < column.Length; row++)
        {
            rest += weights[row] * (column[row] - mean);
        }

        return mean + (rest / total);
    }

    /// <summary>Slopes of none, one or two columns; <paramref name="inverse"/> has the inverse cross products, row by row.</summary>
    private static double[] Slopes(double[][] columns, double[] means, BalancePointWorkspace points, double[] weights, out double[] inverse)
    {
        if (columns.Length == 0)
        {
            inverse = [];
            return [];
        }

        double[] first = columns[0];
        double[] second = columns[^1];
        double firstMean = means[0];
        double secondMean = means[^1];
        double aa = 0;
        double ab = 0;
        double bb = 0;
        double ay = 0;
        double by = 0;
        for (int row = 0; row < first.Length; row++)
        {
            double a = first[row] - firstMean;
            double b = second[row] - secondMean;
            double y = points.Use[row] - points.MeanUse;
            aa += weights[row] * a * a;
            ab += weights[row] * a * b;
            bb += weights[row] * b * b;
            ay += weights[row] * a * y;
            by += weights[row] * b * y;
        }

        if (columns.Length == 1)
        {
            inverse = [1 / aa];
            return [ay / aa];
        }

        double determinant = (aa * bb) - (ab * ab);
        inverse = [bb / determinant, -ab / determinant, -ab / determinant, aa / determinant];
        return [((bb * ay) - (ab * by)) / determinant, ((aa * by) - (ab * ay)) / determinant];
    }

    private static double[] Coefficients(double[] slopes, double[] means, double meanUse)
    {
        double[] coefficients = [meanUse, .. slopes];
        for (int j = 0; j < slopes.Length; j++)
        {
            coefficients[0] -= slopes[j] * means[j];
        }

        return coefficients;
    }

    private static double[] StandardErrors(double[] inverse, double[] means, double variance, double totalWeight)
    {
        int count = means.Length;
        double[] errors = new double[count + 1];
        double leverage = 1 / totalWeight;
        for (int j = 0; j < count; j++)
        {
            for (int k = 0; k < count; k++)
            {
                leverage += means[j] * means[k] * inverse[(j * count) + k];
            }

            errors[j + 1] = Math.Sqrt(variance * inverse[(j * count) + j]);
        }

        errors[0] = Math.Sqrt(variance * leverage);
        return errors;
    }

    private static double[] PValues(double[] coefficients, double[] errors, int degreesOfFreedom)
    {
        double[] probabilities = new double[errors.Length];
        for (int j = 0; j < errors.Length; j++)
        {
            double t = coefficients[j] / errors[j];
            probabilities[j] = degreesOfFreedom < 1 || double.IsNaN(t) ? double.NaN : StudentT.TwoSidedTail(t, degreesOfFreedom);
        }

        return probabilities;
    }
}
