using Metering.Analytics.Statistics;

namespace Metering.Analytics.ChangePoints;

/// <summary>
/// Scratch memory for <see cref="ChangePointSolver"/>. Grows when needed; a fit of no more points than one before it allocates
/// nothing, and the same driver values as in the call before are not sorted again. Not for two threads at once.
/// </summary>
public sealed class ChangePointWorkspace
{
    private readonly RowOrder order = new();
    private double[] sortedX = [];
    private double[] sortedY = [];

    /// <summary>Different x, ascending, less the mean.</summary>
    internal double[] Knots { get; private set; } = [];

    /// <summary>Points, use and squared use before each knot; one element more than knots.</summary>
    internal double[] CountBefore { get; private set; } = [];

    internal double[] UseBefore { get; private set; } = [];

    internal double[] SquareBefore { get; private set; } = [];

    /// <summary>Line through the points up to each knot; valid from index 1.</summary>
    internal SideLine[] Left { get; private set; } = [];

    /// <summary>Line through the points from each knot on; valid to the last knot but one.</summary>
    internal SideLine[] Right { get; private set; } = [];

    /// <summary>Left sides of 5P with the breakpoint at each knot, and in the gap above it.</summary>
    internal SideOptions LeftHeld { get; } = new();

    internal SideOptions LeftFree { get; } = new();

    /// <summary>Right sides of 5P with the breakpoint at each knot, and in the gap below it.</summary>
    internal SideOptions RightHeld { get; } = new();

    internal SideOptions RightFree { get; } = new();

    internal int KnotCount { get; private set; }

    internal int Points { get; private set; }

    internal double MeanX { get; private set; }

    internal double MeanY { get; private set; }

    internal ReadOnlySpan<double> X => sortedX.AsSpan(0, Points);

    internal ReadOnlySpan<double> Y => sortedY.AsSpan(0, Points);

    /// <summary>Sorts and centres the points. All are finite. False when squares of them do not fit a double.</summary>
    internal bool Load(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Grow(x.Length);
        Points = x.Length;
        Span<double> xs = sortedX.AsSpan(0, Points);
        Span<double> ys = sortedY.AsSpan(0, Points);
        order.Load(x, []);
        order.X.CopyTo(xs);
        order.GatherUse(y, ys);
        MeanX = Centre(xs);
        MeanY = Centre(ys);
        return SquaresFit(xs) && SquaresFit(ys);
    }

    /// <summary>Whether squares of centred values fit a double. Equal values are well; a spread that is lost in the squares is not.</summary>
    internal static bool SquaresFit(ReadOnlySpan<double> centred)
    {
        const double tiny = 1e-280;
        double squares = FixedSum.SumOfSquares(centred);
        return double.IsFinite(squares) && (squares > tiny || Flat(centred));
    }

    /// <summary>Sums and lines of every knot.</summary>
    internal void Accumulate()
    {
        KnotCount = 0;
        SideLine line = default;
        double use = 0;
        double squares = 0;
        for (int i = 0; i < Points; i++)
        {
            line.Add(sortedX[i], sortedY[i]);
            use += sortedY[i];
            squares += sortedY[i] * sortedY[i];
            if (i + 1 == Points || sortedX[i + 1] != sortedX[i])
            {
                line.Close();
                Left[KnotCount] = line;
                Knots[KnotCount++] = sortedX[i];
                CountBefore[KnotCount] = i + 1;
                UseBefore[KnotCount] = use;
                SquareBefore[KnotCount] = squares;
            }
        }

        line = default;
        int knot = KnotCount;
        for (int i = Points - 1; i >= 0; i--)
        {
            line.Add(sortedX[i], sortedY[i]);
            if (i == 0 || sortedX[i - 1] != sortedX[i])
            {
                line.Close();
                Right[--knot] = line;
            }
        }
    }

    /// <summary>Takes the mean out. The rounding of a mean moves all points alike and does no harm.</summary>
    private static double Centre(Span<double> values)
    {
        double mean = FixedSum.Mean(values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= mean;
        }

        return mean;
    }

    private static bool Flat(ReadOnlySpan<double> values) => values.IndexOfAnyExcept(values[0]) < 0;

    private void Grow(int points)
    {
        if (sortedX.Length >= points)
        {
            return;
        }

        sortedX = new double[points];
        sortedY = new double[points];
        Knots = new double[points];
        CountBefore = new double[points + 1];
        UseBefore = new double[points + 1];
        SquareBefore = new double[points + 1];
        Left = new SideLine[points];
        Right = new SideLine[points];
        LeftHeld.Grow(points);
        LeftFree.Grow(points);
        RightHeld.Grow(points);
        RightFree.Grow(points);
    }
}
