namespace Metering.Analytics.ChangePoints;

/// <summary>Breakpoints and by how much they lower the squares below those of the linear drivers alone. A breakpoint is NaN where there is no slope.</summary>
internal readonly record struct HingeCandidate(double Reduction, double Lower, double Upper);

/// <summary>
/// The search of 3P and 4P. Between two knots the reduction is a square of a linear function of the breakpoint over a quadratic
/// one. Its greatest value is where the free line meets the level (Hudson 1966), when that is between the knots, or at a knot.
/// </summary>
internal ref struct LinearChangePointSearch
{
    private readonly HingeSide left;
    private readonly HingeSide right;
    private readonly ReadOnlySpan<double> knots;
    private readonly int columns;
    private readonly bool signs;

    public LinearChangePointSearch(LinearChangePointWorkspace workspace, ChangePointOptions options)
    {
        left = workspace.Left;
        right = workspace.Right;
        knots = workspace.Knots;
        columns = workspace.Basis.Count;
        signs = options.PhysicalSigns;
        int minimum = Math.Max(2, options.MinimumPointsPerSlopedSide);
        int count = knots.Length;
        FirstLeft = 1;
        while (FirstLeft < count - 1 && left.Count[FirstLeft] < minimum)
        {
            FirstLeft++;
        }

        LastRight = count - 2;
        while (LastRight > 0 && right.Count[LastRight] < minimum)
        {
            LastRight--;
        }

        Best = new HingeCandidate(0, double.NaN, double.NaN);
    }

    /// <summary>Best so far; the first of equals.</summary>
    public HingeCandidate Best { get; private set; }

    /// <summary>First knot that may end a heating side; the last knot or more when there is none.</summary>
    public int FirstLeft { get; }

    /// <summary>Last knot that may begin a cooling side; 0 or less when there is none.</summary>
    public int LastRight { get; }

    public readonly bool Signs => signs;

    /// <summary>One line over the whole driver. Its sign is free.</summary>
    public bool Line()
    {
        double reduction = right.E[0] * right.E[0];
        if (reduction > 0)
        {
            Best = new HingeCandidate(reduction, double.NaN, knots[0]);
        }

        return true;
    }

    /// <summary>Level, then line. False when no breakpoint leaves enough points.</summary>
    public bool Cooling()
    {
        for (int r = 0; r <= LastRight && LastRight >= 1; r++)
        {
            if (r > 0)
            {
                (double slope, double shift) = right.Shape(r, right.E[r], right.F[r]);
                if (HingeSide.InGap(slope, shift, right.Gap[r]) && (!signs || slope > 0))
                {
                    Offer((right.E[r] * right.E[r]) + (right.F[r] * right.F[r]), double.NaN, knots[r] - (shift / slope));
                }
            }

            if (!signs || right.E[r] > 0)
            {
                Offer(right.E[r] * right.E[r], double.NaN, knots[r]);
            }
        }

        return LastRight >= 1;
    }

    /// <summary>Line, then level. False when no breakpoint leaves enough points.</summary>
    public bool Heating()
    {
        int count = knots.Length;
        for (int i = FirstLeft; i < count && FirstLeft <= count - 2; i++)
        {
            if (i < count - 1)
            {
                (double slope, double shift) = left.Shape(i, left.E[i], left.F[i]);
                if (HingeSide.InGap(slope, shift, left.Gap[i]) && (!signs || slope > 0))
                {
                    Offer((left.E[i] * left.E[i]) + (left.F[i] * left.F[i]), knots[i] + (shift / slope), double.NaN);
                }
            }

            if (!signs || left.E[i] > 0)
            {
                Offer(left.E[i] * left.E[i], knots[i], double.NaN);
            }
        }

        return FirstLeft <= count - 2;
    }

    /// <summary>Two lines that meet. False when no breakpoint leaves enough points.</summary>
    public bool TwoLines()
    {
        for (int k = FirstLeft; k <= LastRight && FirstLeft < LastRight; k++)
        {
            TwoLinesAt(k);
            if (k < LastRight)
            {
                TwoLinesInGap(k);
            }
        }

        return FirstLeft < LastRight;
    }

    public void Offer(double reduction, double lower, double upper)
    {
        if (reduction > Best.Reduction)
        {
            Best = new HingeCandidate(reduction, lower, upper);
        }
    }

    private void TwoLinesAt(int k)
    {
        double inner = 0;
        for (int q = 0; q < columns; q++)
        {
            inner -= left.U[(q * left.Stride) + k] * right.U[(q * right.Stride) + k];
        }

        HingePair pair = HingePair.Of(left.E[k], right.E[k], inner);
        if (pair.Allowed(signs))
        {
            Offer(pair.Reduction, knots[k], knots[k]);
        }
    }

    /// <summary>Two free lines that meet between two knots: the indicators of both sides are one direction beside the intercept.</summary>
    private void TwoLinesInGap(int k)
    {
        int r = k + 1;
        double first = 0;
        double second = 0;
        for (int q = 0; q < columns; q++)
        {
            first -= left.U[(q * left.Stride) + k] * right.U[(q * right.Stride) + r];
            second -= left.W[(q * left.Stride) + k] * right.U[(q * right.Stride) + r];
        }

        double e = left.E[k];
        double f = left.F[k];
        double rest = 1 - (first * first) - (second * second);
        double product = right.E[r] - (first * e) - (second * f);
        double ofRight = product / rest;
        (double slope, double shift) = left.Shape(k, e - (first * ofRight), f - (second * ofRight));
        double other = ofRight * right.Inverse[r];
        double meeting = ((slope * knots[k]) + shift + (other * knots[r])) / (slope + other);
        bool allowed = rest > HingePair.LeastRest && meeting >= knots[k] && meeting <= knots[r];
        if (allowed && (!signs || (slope > 0 && other > 0)))
        {
            Offer((e * e) + (f * f) + (product * ofRight), meeting, meeting);
        }
    }
}

/// <summary>Two directions of length one together: their coefficients and the reduction of the squares.</summary>
internal readonly record struct HingePair(double First, double Second, double Reduction)
{
    /// <summary>Below this squared sine the two are one direction.</summary>
    public const double LeastRest = 1e-9;

    public static HingePair Of(double first, double second, double inner)
    {
        double rest = 1 - (inner * inner);
        double ofFirst = (first - (inner * second)) / rest;
        double ofSecond = (second - (inner * first)) / rest;
        return rest > LeastRest
            ? new(ofFirst, ofSecond, (first * ofFirst) + (second * ofSecond))
            : new(double.NaN, double.NaN, double.NegativeInfinity);
    }

    public bool Allowed(bool signs) => !signs || (First > 0 && Second > 0);
}
