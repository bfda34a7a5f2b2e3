namespace Metering.Analytics.ChangePoints;

/// <summary>
/// What one side of a 5P shape can be, as columns: entry k has its breakpoint at knot k, or free in the gap next to it. With the
/// level L, a side costs weight (value - L) squared + a constant, so that the cost of two sides and the level between them is the
/// sum of two constants less (sum of moments) squared / (sum of weights). The prefix sums of the level are part of the entries.
/// </summary>
internal sealed class SideOptions
{
    /// <summary>Entries past the end that no shape can use, for vectors that read over it.</summary>
    public const int Padding = 4;

    /// <summary>Weight of the side less (left) or plus (right) the points before its first level point.</summary>
    public double[] Weight { get; private set; } = [];

    /// <summary>Weight times value, with the sum of use like <see cref="Weight"/>.</summary>
    public double[] Moment { get; private set; } = [];

    /// <summary>Squared residuals of the free line + weight times squared value, with the sum of squared use like <see cref="Weight"/>.</summary>
    public double[] Constant { get; private set; } = [];

    /// <summary>Least level at which the side has its breakpoint in its gap and the sign it must have.</summary>
    public double[] Lowest { get; private set; } = [];

    /// <summary>Greatest such level; below <see cref="Lowest"/> when there is none.</summary>
    public double[] Highest { get; private set; } = [];

    public void Grow(int knots)
    {
        Weight = new double[knots + Padding];
        Moment = new double[knots + Padding];
        Constant = new double[knots + Padding];
        Lowest = new double[knots + Padding];
        Highest = new double[knots + Padding];
    }

    /// <summary>An entry with its breakpoint held at a place.</summary>
    public void SetHeld(int knot, in SideLine line, double at, bool signs)
    {
        double weight = line.Weight(at);
        double value = line.At(at);
        Weight[knot] = weight;
        Moment[knot] = weight * value;
        Constant[knot] = line.Sse + (weight * value * value);
        Lowest[knot] = double.NegativeInfinity;
        Highest[knot] = signs ? line.LevelOfFlatLine(at) : double.PositiveInfinity;
    }

    /// <summary>An entry whose line reaches the level where it likes between two places.</summary>
    public void SetFree(int knot, in SideLine line, double from, double to, bool allowed)
    {
        Weight[knot] = 0;
        Moment[knot] = 0;
        Constant[knot] = line.Sse;
        double first = line.At(from);
        double second = line.At(to);
        Lowest[knot] = allowed ? Math.Min(first, second) : double.PositiveInfinity;
        Highest[knot] = allowed ? Math.Max(first, second) : double.NegativeInfinity;
    }

    /// <summary>Adds the sums of the level before the side; sign -1 for a left side, 1 for a right one.</summary>
    public void AddSums(int knot, double sign, double points, double use, double squares)
    {
        Weight[knot] += sign * points;
        Moment[knot] += sign * use;
        Constant[knot] += sign * squares;
    }

    /// <summary>Makes the entries after the last one impossible.</summary>
    public void Close(int end)
    {
        for (int k = end; k < end + Padding; k++)
        {
            Weight[k] = 1;
            Moment[k] = 0;
            Constant[k] = double.PositiveInfinity;
            Lowest[k] = double.PositiveInfinity;
            Highest[k] = double.NegativeInfinity;
        }
    }
}
