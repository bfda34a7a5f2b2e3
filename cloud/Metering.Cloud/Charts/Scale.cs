namespace Metering.Cloud.Charts;

/// <summary>A straight map from values to user units.</summary>
internal readonly record struct Scale(double FromValue, double ToValue, double FromPosition, double ToPosition)
{
    /// <summary>The position of a value; values outside the range go outside the positions.</summary>
    public double this[double value] =>
        FromPosition + ((value - FromValue) / (ToValue - FromValue) * (ToPosition - FromPosition));
}

/// <summary>Round numbers that divide a range, for the marks of an axis.</summary>
internal static class Ticks
{
    /// <summary>
    /// Marks 1, 2 or 5 times a power of ten apart, at most so many, that hold the whole range: the first is at or below
    /// the lowest value and the last at or above the highest.
    /// </summary>
    /// <param name="low">Lowest value.</param>
    /// <param name="high">Highest value; when not above the lowest, a range of 1 is taken.</param>
    /// <param name="maximumCount">Most marks, from 2.</param>
    public static IReadOnlyList<double> Around(double low, double high, int maximumCount)
    {
        double top = high > low ? high : low + 1;
        double step = Step(top - low, maximumCount);
        double first = Math.Floor(low / step);
        double last = Math.Ceiling(top / step);
        while (last - first + 1 > maximumCount)
        {
            step = Step(step * 1.01 * (maximumCount - 1), maximumCount);
            first = Math.Floor(low / step);
            last = Math.Ceiling(top / step);
        }

        List<double> ticks = [];
        for (double index = first; index <= last; index++)
        {
            ticks.Add(index * step);
        }

        return ticks;
    }

    /// <summary>Decimals that tell the marks apart.</summary>
    public static int Decimals(IReadOnlyList<double> ticks)
    {
        double step = ticks.Count > 1 ? ticks[1] - ticks[0] : 1;
        return Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 6);
    }

    private static double Step(double range, int maximumCount)
    {
        double rough = range / Math.Max(1, maximumCount - 1);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double lead = rough / power;
        return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
    }
}
