using Metering.Analytics.Statistics;

namespace Metering.Analytics.ChangePoints;

/// <summary>
/// Rows for <see cref="LinearChangePointSolver"/> and its scratch memory. Loading sorts the rows and takes the linear drivers out
/// once; all forms are then fitted on it. Another use over the same drivers does not sort again. Grows when needed, and allocates
/// nothing for rows no more than before. Not for two threads at once.
/// </summary>
public sealed class LinearChangePointWorkspace
{
    /// <summary>Most linear drivers beside the change-point driver.</summary>
    public const int MaximumLinearDrivers = 8;

    private readonly RowOrder order = new();
    private double[] use = [];
    private double[] rest = [];
    private double[] scratch = [];
    private double[] knots = [];
    private int[] starts = [];
    private ChangePointRefusal refusal = ChangePointRefusal.TooFewPoints;
    private ChangePointRefusal refusalOfDrivers;
    private int knotsOfDrivers;

    /// <summary>Rows loaded.</summary>
    public int Points { get; private set; }

    /// <summary>Linear drivers loaded, 0 to 8.</summary>
    public int LinearCount { get; private set; }

    internal LinearBasis Basis { get; } = new();

    internal HingeSide Left { get; } = new(right: false);

    /// <summary>Coordinates of the left side being searched.</summary>
    internal double[] RowU { get; } = new double[MaximumLinearDrivers + 1];

    internal double[] RowW { get; } = new double[MaximumLinearDrivers + 1];

    internal HingeSide Right { get; } = new(right: true);

    /// <summary>Different driver values, ascending, less <see cref="MeanX"/>.</summary>
    internal ReadOnlySpan<double> Knots => knots.AsSpan(0, KnotCount);

    internal ReadOnlySpan<int> Starts => starts.AsSpan(0, KnotCount + 1);

    internal int KnotCount { get; private set; }

    internal double MeanX { get; private set; }

    internal double MeanUse { get; private set; }

    /// <summary>Sum of squares of the use outside the linear drivers: the cost without a breakpoint.</summary>
    internal double RestSquares { get; private set; }

    /// <summary>Use less its mean, in the order of the rows.</summary>
    internal ReadOnlySpan<double> Use => use.AsSpan(0, Points);

    /// <summary>The part of the use outside the linear drivers.</summary>
    internal ReadOnlySpan<double> Rest => rest.AsSpan(0, Points);

    /// <summary>Why these rows cannot be fitted, whatever the form.</summary>
    internal ChangePointRefusal Refusal => refusal;

    /// <summary>Loads rows.</summary>
    /// <param name="x">The driver with the breakpoints, any order, ties allowed.</param>
    /// <param name="y">Use.</param>
    /// <param name="linear">Other drivers, each acting in proportion: at most <see cref="MaximumLinearDrivers"/> columns.</param>
    /// <returns>Why the rows cannot be fitted; every fit is then refused with it. <see cref="ChangePointRefusal.None"/> when they can.</returns>
    /// <exception cref="ArgumentException">A linear column is null.</exception>
    public ChangePointRefusal Load(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double[]> linear)
    {
        Points = x.Length;
        LinearCount = linear.Length;
        KnotCount = 0;
        refusal = Check(x, y, linear);
        if (refusal != ChangePointRefusal.None)
        {
            return refusal;
        }

        Grow();
        bool changed = order.Load(x, linear);
        refusalOfDrivers = changed ? LoadDrivers(linear) : refusalOfDrivers;
        KnotCount = knotsOfDrivers;
        refusal = refusalOfDrivers != ChangePointRefusal.None ? refusalOfDrivers : LoadUse(y);
        return refusal;
    }

    /// <summary>Scratch of one element a row: four columns.</summary>
    internal Span<double> Scratch(int index) => scratch.AsSpan(index * Points, Points);

    private static ChangePointRefusal Check(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double[]> linear)
    {
        if (linear.Length > MaximumLinearDrivers)
        {
            return ChangePointRefusal.TooManyLinear;
        }

        bool finite = x.Length == y.Length && Finite(x) && Finite(y);
        bool sameLength = x.Length == y.Length;
        foreach (double[] column in linear)
        {
            if (column is null)
            {
                throw new ArgumentException("A linear driver has no column.", nameof(linear));
            }

            sameLength &= column.Length == x.Length;
            finite &= Finite(column);
        }

        if (!sameLength)
        {
            return ChangePointRefusal.LengthsDiffer;
        }

        return !finite ? ChangePointRefusal.NotFinite : x.IsEmpty ? ChangePointRefusal.TooFewPoints : ChangePointRefusal.None;
    }

    private static bool Finite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private ChangePointRefusal LoadDrivers(ReadOnlySpan<double[]> linear)
    {
        MeanX = FixedSum.Mean(order.X);
        Span<double> centred = Scratch(0);
        for (int i = 0; i < Points; i++)
        {
            centred[i] = order.X[i] - MeanX;
        }

        if (!ChangePointWorkspace.SquaresFit(centred))
        {
            return ChangePointRefusal.OutOfRange;
        }

        int count = 0;
        for (int i = 0; i < Points; i++)
        {
            if (i == 0 || order.X[i] != order.X[i - 1])
            {
                knots[count] = centred[i];
                starts[count++] = i;
            }
        }

        starts[count] = Points;
        knotsOfDrivers = count;
        if (!Basis.Load(order, linear))
        {
            return ChangePointRefusal.LinearCollinear;
        }

        Left.LoadDrivers(Basis, knots.AsSpan(0, count), starts);
        Right.LoadDrivers(Basis, knots.AsSpan(0, count), starts);
        return ChangePointRefusal.None;
    }

    private ChangePointRefusal LoadUse(ReadOnlySpan<double> y)
    {
        Span<double> values = use.AsSpan(0, Points);
        order.GatherUse(y, values);
        MeanUse = FixedSum.Mean(values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= MeanUse;
        }

        if (!ChangePointWorkspace.SquaresFit(values))
        {
            return ChangePointRefusal.OutOfRange;
        }

        Span<double> outside = rest.AsSpan(0, Points);
        values.CopyTo(outside);
        Basis.TakeOut(outside);
        RestSquares = FixedSum.SumOfSquares(outside);
        Left.LoadUse(outside, Knots, starts);
        Right.LoadUse(outside, Knots, starts);
        return ChangePointRefusal.None;
    }

    private void Grow()
    {
        const int scratchColumns = 4;
        if (use.Length < Points)
        {
            use = new double[Points];
            rest = new double[Points];
            scratch = new double[scratchColumns * Points];
            knots = new double[Points];
            starts = new int[Points + 1];
        }
    }
}
