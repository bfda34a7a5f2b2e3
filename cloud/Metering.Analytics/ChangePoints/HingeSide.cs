namespace Metering.Analytics.ChangePoints;

/// <summary>
/// The hinges of one side at every knot, beside the linear drivers. Outwards of a breakpoint a hinge grows by one per unit of the
/// driver; inwards it is zero. A hinge with its breakpoint at knot k is one direction (U, E); as the breakpoint moves inwards
/// by s into the gap next to k, the hinge becomes that one plus s times the indicator of the points so far, which adds a second
/// direction (W, F). U and W are coordinates in the linear basis, E and F the products with the use: both after scaling the
/// part outside the basis to length one, so that the reduction of the squares is E squared, or E squared plus F squared.
/// Sums over a side are carried from knot to knot relative to the knot, without differences of large sums.
/// </summary>
internal sealed class HingeSide(bool right)
{
    /// <summary>Entries past the end that vectors may read over.</summary>
    public const int Padding = 4;

    /// <summary>A squared length outside the basis below this share of the whole is a combination of the linear drivers.</summary>
    private const double Tolerance = 1e-10;

    private readonly double[] hinge = new double[LinearChangePointWorkspace.MaximumLinearDrivers + 1];
    private readonly double[] indicator = new double[LinearChangePointWorkspace.MaximumLinearDrivers + 1];

    /// <summary>Elements from one coordinate to the next in <see cref="U"/> and <see cref="W"/>.</summary>
    public int Stride { get; private set; }

    public double[] U { get; private set; } = [];

    public double[] W { get; private set; } = [];

    public double[] E { get; private set; } = [];

    public double[] F { get; private set; } = [];

    /// <summary>Length of the hinge outside the basis; 0 for a combination of the linear drivers.</summary>
    public double[] Norm { get; private set; } = [];

    /// <summary>One over <see cref="Norm"/>, or 0.</summary>
    public double[] Inverse { get; private set; } = [];

    /// <summary>Length of the second direction; 0 when there is none.</summary>
    public double[] GapNorm { get; private set; } = [];

    /// <summary>One over <see cref="GapNorm"/>, or 0.</summary>
    public double[] GapInverse { get; private set; } = [];

    /// <summary>Part of the hinge in the indicator.</summary>
    public double[] Tilt { get; private set; } = [];

    /// <summary>Distance to the next knot inwards; 0 at the last.</summary>
    public double[] Gap { get; private set; } = [];

    /// <summary>Points at or beyond the knot.</summary>
    public double[] Count { get; private set; } = [];

    /// <summary>1 when outwards is up (cooling), -1 when it is down (heating).</summary>
    public double Outward { get; } = right ? 1 : -1;

    /// <summary>What depends on the drivers alone.</summary>
    /// <param name="basis">The linear drivers.</param>
    /// <param name="knots">Different driver values.</param>
    /// <param name="starts">First row of each knot, and the number of rows.</param>
    public void LoadDrivers(LinearBasis basis, ReadOnlySpan<double> knots, ReadOnlySpan<int> starts)
    {
        Grow(knots.Length, basis.Count);
        Array.Clear(hinge);
        Array.Clear(indicator);
        double first = 0;
        double second = 0;
        double points = 0;
        for (int step = 0; step < knots.Length; step++)
        {
            int k = right ? knots.Length - 1 - step : step;
            if (step > 0)
            {
                double move = Math.Abs(knots[k] - knots[right ? k + 1 : k - 1]);
                second += (2 * move * first) + (move * move * points);
                first += move * points;
                for (int q = 0; q < basis.Count; q++)
                {
                    hinge[q] += move * indicator[q];
                }
            }

            for (int q = 0; q < basis.Count; q++)
            {
                ReadOnlySpan<double> column = basis.Column(q);
                for (int row = starts[k]; row < starts[k + 1]; row++)
                {
                    indicator[q] += column[row];
                }
            }

            points += starts[k + 1] - starts[k];
            Count[k] = points;
            bool last = step == knots.Length - 1;
            Gap[k] = last ? 0 : Math.Abs(knots[right ? k - 1 : k + 1] - knots[k]);
            Directions(k, basis.Count, first, second);
        }
    }

    /// <summary>What depends on the use: its part outside the basis, row by row.</summary>
    public void LoadUse(ReadOnlySpan<double> rest, ReadOnlySpan<double> knots, ReadOnlySpan<int> starts)
    {
        double ofHinge = 0;
        double ofIndicator = 0;
        for (int step = 0; step < knots.Length; step++)
        {
            int k = right ? knots.Length - 1 - step : step;
            if (step > 0)
            {
                ofHinge += Math.Abs(knots[k] - knots[right ? k + 1 : k - 1]) * ofIndicator;
            }

            for (int row = starts[k]; row < starts[k + 1]; row++)
            {
                ofIndicator += rest[row];
            }

            E[k] = ofHinge * Inverse[k];
            F[k] = (ofIndicator - (Tilt[k] * ofHinge)) * GapInverse[k];
        }
    }

    /// <summary>Slope and shift of the side, from the coefficients of its two directions: the shape is slope x hinge + shift x indicator.</summary>
    public (double Slope, double Shift) Shape(int k, double ofHinge, double ofIndicator)
    {
        double shift = ofIndicator * GapInverse[k];
        return ((ofHinge * Inverse[k]) - (Tilt[k] * shift), shift);
    }

    /// <summary>Whether the breakpoint lies in the gap: the shift is between 0 and the slope times the width.</summary>
    public static bool InGap(double slope, double shift, double gap) => slope != 0 && shift * ((gap * slope) - shift) >= 0;

    private void Directions(int k, int columns, double first, double second)
    {
        double points = Count[k];
        double hh = second;
        double hb = first;
        double bb = points;
        for (int q = 0; q < columns; q++)
        {
            hh -= hinge[q] * hinge[q];
            hb -= hinge[q] * indicator[q];
            bb -= indicator[q] * indicator[q];
        }

        bool held = hh > Tolerance * second;
        Norm[k] = held ? Math.Sqrt(hh) : 0;
        Inverse[k] = held ? 1 / Norm[k] : 0;
        Tilt[k] = held ? hb / hh : 0;
        double rest = bb - (Tilt[k] * hb);
        bool free = held && rest > Tolerance * points;
        GapNorm[k] = free ? Math.Sqrt(rest) : 0;
        GapInverse[k] = free ? 1 / GapNorm[k] : 0;
        for (int q = 0; q < columns; q++)
        {
            U[(q * Stride) + k] = hinge[q] * Inverse[k];
            W[(q * Stride) + k] = (indicator[q] - (Tilt[k] * hinge[q])) * GapInverse[k];
        }
    }

    private void Grow(int knots, int columns)
    {
        if (Count.Length < knots + Padding)
        {
            E = new double[knots + Padding];
            F = new double[knots + Padding];
            Norm = new double[knots + Padding];
            Inverse = new double[knots + Padding];
            GapNorm = new double[knots + Padding];
            GapInverse = new double[knots + Padding];
            Tilt = new double[knots + Padding];
            Gap = new double[knots + Padding];
            Count = new double[knots + Padding];
        }

        Stride = knots + Padding;
        if (U.Length < Stride * columns)
        {
            U = new double[Stride * columns];
            W = new double[Stride * columns];
        }
    }
}
