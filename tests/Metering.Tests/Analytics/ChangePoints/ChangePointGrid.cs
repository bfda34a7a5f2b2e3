using Metering.Analytics.ChangePoints;

namespace Metering.Tests.Analytics.ChangePoints;

/// <summary>The plain way: least squares at every breakpoint of a grid and at every driver value.</summary>
internal static class ChangePointGrid
{
    public static double Best(double[] x, double[] y, ChangePointForm form, bool signs, int minimum)
    {
        double[] knots = [.. x.Distinct().Order()];
        double[] grid = [.. knots.Concat(Enumerable.Range(0, 41).Select(i => knots[0] + ((knots[^1] - knots[0]) * i / 40))).Order()];
        double[] lows = [.. grid.Where(c => knots.Count(k => k <= c) >= 2 && x.Count(v => v <= c) >= minimum)];
        double[] highs = [.. grid.Where(c => knots.Count(k => k >= c) >= 2 && x.Count(v => v >= c) >= minimum)];
        IEnumerable<(double Low, double High)> pairs = form switch
        {
            ChangePointForm.Cooling => highs.Select(c => (double.NaN, c)),
            ChangePointForm.Heating => lows.Select(c => (c, double.NaN)),
            ChangePointForm.TwoLines => lows.Intersect(highs).Select(c => (c, c)),
            _ => lows.SelectMany(low => highs.Where(high => high >= low).Select(high => (low, high))),
        };
        return pairs.Select(pair => Fit(x, y, pair.Low, pair.High, signs)).Append(double.PositiveInfinity).Min();
    }

    /// <summary>The two slopes act on different points, so that each can be taken out of the base on its own.</summary>
    private static double Fit(double[] x, double[] y, double low, double high, bool signs)
    {
        double[] left = [.. x.Select(v => v < low ? v - low : 0)];
        double[] right = [.. x.Select(v => v > high ? v - high : 0)];
        double a = left.Sum();
        double aa = left.Sum(v => v * v);
        double ay = left.Zip(y, (p, q) => p * q).Sum();
        double b = right.Sum();
        double bb = right.Sum(v => v * v);
        double by = right.Zip(y, (p, q) => p * q).Sum();
        double level = (y.Sum() - (aa > 0 ? a * ay / aa : 0) - (bb > 0 ? b * by / bb : 0))
            / (x.Length - (aa > 0 ? a * a / aa : 0) - (bb > 0 ? b * b / bb : 0));
        double heating = aa > 0 ? (ay - (a * level)) / aa : 0;
        double cooling = bb > 0 ? (by - (b * level)) / bb : 0;
        if (signs && (heating > 0 || cooling < 0))
        {
            return double.PositiveInfinity;
        }

        return Enumerable.Range(0, x.Length).Sum(i => Math.Pow(y[i] - level - (heating * left[i]) - (cooling * right[i]), 2));
    }
}
