using System.Runtime.Intrinsics;

namespace Metering.Analytics.ChangePoints;

/// <summary>
/// The search of 5P over pairs of sides, four at a time. With both breakpoints between given knots the cost is convex in the
/// coefficients of the hinges and indicators, and the breakpoints' limits are linear in them, so that the optimum is one of:
/// both breakpoints free in their gaps, one free and one at a knot, both at knots, or a simpler form. Each is solved in closed form
/// and counts when its breakpoints lie where they must; nothing is approximated by a grid.
/// </summary>
internal ref struct HingePairSearch
{
    private readonly HingeSide left;
    private readonly HingeSide right;
    private readonly ReadOnlySpan<double> knots;
    private readonly Vector256<double> signMask;
    private readonly Span<double> u;
    private readonly Span<double> w;
    private readonly int columns;
    private readonly int first;
    private readonly int last;
    private LinearChangePointSearch search;

    /// <param name="workspace">Loaded.</param>
    /// <param name="search">The simpler forms are done; gives the limits.</param>
    public HingePairSearch(LinearChangePointWorkspace workspace, LinearChangePointSearch search)
    {
        left = workspace.Left;
        right = workspace.Right;
        knots = workspace.Knots;
        columns = workspace.Basis.Count;
        u = workspace.RowU.AsSpan(0, columns);
        w = workspace.RowW.AsSpan(0, columns);
        first = search.FirstLeft;
        last = search.LastRight;
        this.search = search;
        signMask = search.Signs ? Vector256<double>.Zero : Vector256<double>.AllBitsSet;
    }

    /// <summary>The best of all pairs and of what the search had before.</summary>
    public HingeCandidate Run()
    {
        for (int i = first; i < last; i++)
        {
            Take(i);
            HeldPairs(i);
        }

        for (int i = first; i < last; i++)
        {
            Take(i);
            OtherPairs(i);
        }

        return search.Best;
    }

    private static Vector256<double> At(double[] values, int index) => Vector256.Create(values.AsSpan(index));

    private readonly void Take(int i)
    {
        for (int q = 0; q < columns; q++)
        {
            u[q] = left.U[(q * left.Stride) + i];
            w[q] = left.W[(q * left.Stride) + i];
        }
    }

    /// <summary>Both breakpoints at knots.</summary>
    private void HeldPairs(int i)
    {
        Vector256<double> e = Vector256.Create(left.E[i]);
        Vector256<double> one = Vector256.Create(1.0);
        Vector256<double> least = Vector256.Create(HingePair.LeastRest);
        for (int r = i + 1; r <= last; r += HingeSide.Padding)
        {
            Vector256<double> inner = Vector256<double>.Zero;
            for (int q = 0; q < columns; q++)
            {
                inner -= Vector256.Create(u[q]) * At(right.U, (q * right.Stride) + r);
            }

            Vector256<double> other = At(right.E, r);
            Vector256<double> rest = one - (inner * inner);
            Vector256<double> ofLeft = (e - (inner * other)) / rest;
            Vector256<double> ofRight = (other - (inner * e)) / rest;
            Vector256<double> reduction = (e * ofLeft) + (other * ofRight);
            Vector256<double> better = Vector256.GreaterThan(reduction, Vector256.Create(search.Best.Reduction))
                & Vector256.GreaterThan(rest, least) & Positive(ofLeft) & Positive(ofRight);
            if (better != Vector256<double>.Zero)
            {
                OfferLanes(better, reduction, Vector256.Create(knots[i]), Vector256<double>.Zero, i, r);
            }
        }
    }

    /// <summary>One or both breakpoints free in the gap inwards of their knot.</summary>
    private void OtherPairs(int i)
    {
        for (int r = i + 1; r <= last; r += HingeSide.Padding)
        {
            Vector256<double> uu = Vector256<double>.Zero;
            Vector256<double> uw = Vector256<double>.Zero;
            Vector256<double> wu = Vector256<double>.Zero;
            Vector256<double> ww = Vector256<double>.Zero;
            for (int q = 0; q < columns; q++)
            {
                Vector256<double> ofU = At(right.U, (q * right.Stride) + r);
                Vector256<double> ofW = At(right.W, (q * right.Stride) + r);
                Vector256<double> thisU = Vector256.Create(u[q]);
                Vector256<double> thisW = Vector256.Create(w[q]);
                uu -= thisU * ofU;
                uw -= thisU * ofW;
                wu -= thisW * ofU;
                ww -= thisW * ofW;
            }

            HeldFree(i, r, uu, uw);
            FreeHeld(i, r, uu, wu);
            FreeFree(i, r, (uu, uw, wu, ww));
        }
    }

    private void HeldFree(int i, int r, Vector256<double> uu, Vector256<double> uw)
    {
        Vector256<double> e = At(right.E, r);
        Vector256<double> f = At(right.F, r);
        Vector256<double> rest = Vector256.Create(1.0) - (uu * uu) - (uw * uw);
        Vector256<double> product = Vector256.Create(left.E[i]) - (uu * e) - (uw * f);
        Vector256<double> ofLeft = product / rest;
        Vector256<double> reduction = (e * e) + (f * f) + (product * ofLeft);
        Vector256<double> better = Vector256.GreaterThan(reduction, Vector256.Create(search.Best.Reduction))
            & Vector256.GreaterThan(rest, Vector256.Create(HingePair.LeastRest)) & Positive(ofLeft);
        if (better != Vector256<double>.Zero)
        {
            better &= RightInGap(r, e - (uu * ofLeft), f - (uw * ofLeft), out Vector256<double> move);
            OfferLanes(better, reduction, Vector256.Create(knots[i]), move, i, r);
        }
    }

    private void FreeHeld(int i, int r, Vector256<double> uu, Vector256<double> wu)
    {
        Vector256<double> e = Vector256.Create(left.E[i]);
        Vector256<double> f = Vector256.Create(left.F[i]);
        Vector256<double> rest = Vector256.Create(1.0) - (uu * uu) - (wu * wu);
        Vector256<double> product = At(right.E, r) - (uu * e) - (wu * f);
        Vector256<double> ofRight = product / rest;
        Vector256<double> reduction = (e * e) + (f * f) + (product * ofRight);
        Vector256<double> better = Vector256.GreaterThan(reduction, Vector256.Create(search.Best.Reduction))
            & Vector256.GreaterThan(rest, Vector256.Create(HingePair.LeastRest)) & Positive(ofRight);
        if (better != Vector256<double>.Zero)
        {
            better &= LeftInGap(i, e - (uu * ofRight), f - (wu * ofRight), out Vector256<double> lower);
            OfferLanes(better, reduction, lower, Vector256<double>.Zero, i, r);
        }
    }

    private void FreeFree(
        int i, int r, (Vector256<double> UU, Vector256<double> UW, Vector256<double> WU, Vector256<double> WW) inner)
    {
        Vector256<double> one = Vector256.Create(1.0);
        Vector256<double> e = Vector256.Create(left.E[i]);
        Vector256<double> f = Vector256.Create(left.F[i]);
        Vector256<double> first11 = one - (inner.UU * inner.UU) - (inner.WU * inner.WU);
        Vector256<double> second22 = one - (inner.UW * inner.UW) - (inner.WW * inner.WW);
        Vector256<double> cross = (inner.UU * inner.UW) + (inner.WU * inner.WW);
        Vector256<double> productE = At(right.E, r) - (inner.UU * e) - (inner.WU * f);
        Vector256<double> productF = At(right.F, r) - (inner.UW * e) - (inner.WW * f);
        Vector256<double> rest = (first11 * second22) - (cross * cross);
        Vector256<double> ofE = ((second22 * productE) + (cross * productF)) / rest;
        Vector256<double> ofF = ((first11 * productF) + (cross * productE)) / rest;
        Vector256<double> reduction = (e * e) + (f * f) + (productE * ofE) + (productF * ofF);
        Vector256<double> better = Vector256.GreaterThan(reduction, Vector256.Create(search.Best.Reduction))
            & Vector256.GreaterThan(rest, Vector256.Create(HingePair.LeastRest));
        if (better != Vector256<double>.Zero)
        {
            Vector256<double> a = e - (inner.UU * ofE) - (inner.UW * ofF);
            Vector256<double> b = f - (inner.WU * ofE) - (inner.WW * ofF);
            better &= RightInGap(r, ofE, ofF, out Vector256<double> move) & LeftInGap(i, a, b, out Vector256<double> lower);
            OfferLanes(better, reduction, lower, move, i + 1, r);
        }
    }

    private readonly Vector256<double> Positive(Vector256<double> coefficient) =>
        Vector256.GreaterThan(coefficient, Vector256<double>.Zero) | signMask;

    /// <summary>Which lanes have the breakpoint in the gap below knot r, and how far below.</summary>
    private readonly Vector256<double> RightInGap(int r, Vector256<double> a, Vector256<double> b, out Vector256<double> move)
    {
        Vector256<double> shift = b * At(right.GapInverse, r);
        Vector256<double> slope = (a * At(right.Inverse, r)) - (At(right.Tilt, r) * shift);
        move = shift / slope;
        return Vector256.GreaterThanOrEqual(shift * ((At(right.Gap, r) * slope) - shift), Vector256<double>.Zero)
            & Positive(slope) & Vector256.Equals(move, move);
    }

    /// <summary>Which lanes have the breakpoint in the gap above knot i, and where.</summary>
    private readonly Vector256<double> LeftInGap(int i, Vector256<double> a, Vector256<double> b, out Vector256<double> lower)
    {
        Vector256<double> shift = b * Vector256.Create(left.GapInverse[i]);
        Vector256<double> slope = (a * Vector256.Create(left.Inverse[i])) - (Vector256.Create(left.Tilt[i]) * shift);
        Vector256<double> move = shift / slope;
        lower = Vector256.Create(knots[i]) + move;
        return Vector256.GreaterThanOrEqual(shift * ((Vector256.Create(left.Gap[i]) * slope) - shift), Vector256<double>.Zero)
            & Positive(slope) & Vector256.Equals(move, move);
    }

    /// <summary>Offers the marked lanes in order; not those at or below knot <paramref name="above"/> or past the last right side.</summary>
    private void OfferLanes(
        Vector256<double> marked, Vector256<double> reduction, Vector256<double> lower, Vector256<double> move, int above, int r)
    {
        if (marked == Vector256<double>.Zero)
        {
            return;
        }

        for (int lane = 0; lane < HingeSide.Padding; lane++)
        {
            int k = r + lane;
            if (marked.AsInt64()[lane] != 0 && k > above && k <= last)
            {
                search.Offer(reduction[lane], lower[lane], knots[k] - move[lane]);
            }
        }
    }
}
