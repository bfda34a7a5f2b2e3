using System.Runtime.Intrinsics;

namespace Metering.Analytics.ChangePoints;

/// <summary>A shape with its cost, in centred units. A breakpoint is NaN where there is no slope.</summary>
internal readonly record struct Candidate(double Sse, double Level, double Lower, double Heating, double Upper, double Cooling);

/// <summary>A breakpoint put at a fixed place: its side's line is held to the level there, at a cost of weight (value - level) squared.</summary>
internal readonly record struct Held(double At, double Weight, double Value)
{
    public static Held To(in SideLine line, double at) => new(at, line.Weight(at), line.At(at));
}

/// <summary>
/// The search over cells. A cell fixes which points are on which side: those up to knot i on the heating line, knots i + 1 to j on
/// the level, the rest on the cooling line. In a cell the cost is convex, so that its optimum is either free (each line reaches the
/// level inside its gap) or has a breakpoint at an end of its gap. The sum of the three free costs bounds the whole cell from below.
/// </summary>
internal ref struct ChangePointSearch
{
    private readonly ChangePointWorkspace work;
    private readonly ReadOnlySpan<double> knots;
    private readonly bool signs;
    private readonly int minimum;
    private readonly int count;
    private Candidate best;

    /// <param name="workspace">Loaded and accumulated.</param>
    /// <param name="options">Limits.</param>
    public ChangePointSearch(ChangePointWorkspace workspace, ChangePointOptions options)
    {
        work = workspace;
        count = workspace.KnotCount;
        knots = workspace.Knots.AsSpan(0, count);
        signs = options.PhysicalSigns;
        minimum = Math.Max(2, options.MinimumPointsPerSlopedSide);
        best = new Candidate(double.PositiveInfinity, 0, double.NaN, 0, double.NaN, 0);
    }

    /// <summary>The cheapest shape found; the first of equals.</summary>
    public readonly Candidate Best => best;

    public void Mean()
    {
        double sse = Level(0, count - 1, out _, out double mean);
        best = new Candidate(sse, mean, double.NaN, 0, double.NaN, 0);
    }

    /// <summary>Level, then line. False when no breakpoint leaves enough points.</summary>
    public bool Cooling()
    {
        bool any = false;
        for (int j = 0; j <= count - 3 && RightHasEnough(j); j++)
        {
            any = true;
            ref readonly SideLine line = ref work.Right[j + 1];
            double sse = Level(0, j, out double points, out double mean) + line.Sse;
            if (sse >= best.Sse)
            {
                continue;
            }

            double crossing = line.Reaches(mean);
            if (Inside(crossing, j))
            {
                Offer(new Candidate(sse, mean, double.NaN, 0, crossing, line.Slope));
                continue;
            }

            for (int end = j; end <= j + 1; end++)
            {
                OfferHeld(sse, points, mean, null, Held.To(line, knots[end]), 0, j + 1);
            }
        }

        return any;
    }

    /// <summary>Line, then level. False when no breakpoint leaves enough points.</summary>
    public bool Heating()
    {
        bool any = false;
        for (int i = 1; i <= count - 2; i++)
        {
            if (!LeftHasEnough(i))
            {
                continue;
            }

            any = true;
            ref readonly SideLine line = ref work.Left[i];
            double sse = Level(i + 1, count - 1, out double points, out double mean) + line.Sse;
            if (sse >= best.Sse)
            {
                continue;
            }

            double crossing = line.Reaches(mean);
            if (Inside(crossing, i))
            {
                Offer(new Candidate(sse, mean, crossing, line.Slope, double.NaN, 0));
                continue;
            }

            for (int end = i; end <= i + 1; end++)
            {
                OfferHeld(sse, points, mean, Held.To(line, knots[end]), null, i, 0);
            }
        }

        return any;
    }

    /// <summary>Two lines that meet, and for 5P all shapes without a point on the level. False when no breakpoint leaves enough points.</summary>
    public bool TwoLines()
    {
        bool any = false;
        for (int i = 1; i <= count - 3; i++)
        {
            if (!LeftHasEnough(i) || !RightHasEnough(i))
            {
                continue;
            }

            any = true;
            ref readonly SideLine left = ref work.Left[i];
            ref readonly SideLine right = ref work.Right[i + 1];
            double sse = left.Sse + right.Sse;
            if (sse >= best.Sse)
            {
                continue;
            }

            double apart = left.At(knots[i]) - right.At(knots[i]);
            double crossing = knots[i] + (apart / (right.Slope - left.Slope));
            if (Inside(crossing, i))
            {
                Offer(new Candidate(sse, left.At(crossing), crossing, left.Slope, crossing, right.Slope));
            }

            for (int end = i; end <= i + 1; end++)
            {
                OfferHeld(sse, 0, 0, Held.To(left, knots[end]), Held.To(right, knots[end]), i, i + 1);
            }
        }

        return any;
    }

    /// <summary>
    /// Line, level, line, with all pairs of breakpoints that are not in one gap, four at a time; the shapes of two lines are done.
    /// False when no pair of breakpoints leaves enough points.
    /// </summary>
    public bool Pairs()
    {
        int last = FillOptions();
        bool any = false;
        int first = 0;
        for (int i = 1; i < last; i++)
        {
            if (!LeftHasEnough(i))
            {
                continue;
            }

            any = true;
            double left = work.Left[i].Sse;
            first = Math.Max(first, i + 1);

            // A side costs more the more points it has: what is too dear now stays so further on.
            while (first <= last && left + work.Right[first].Sse >= best.Sse)
            {
                first++;
            }

            if (first > last)
            {
                break;
            }

            Row(work.LeftHeld, work.RightHeld, i, first, last, Kind.HeldHeld);
            Row(work.LeftHeld, work.RightFree, i, first, last, Kind.HeldFree);
            Row(work.LeftFree, work.RightHeld, i, first, last, Kind.FreeHeld);
            Row(work.LeftFree, work.RightFree, i, Math.Max(first, i + 2), last, Kind.FreeFree);
        }

        return any;
    }

    /// <summary>Tables of the sides. Gives the last knot a right side may begin at; 0 when there is none.</summary>
    private readonly int FillOptions()
    {
        int last = 0;
        for (int k = 1; k <= count - 2; k++)
        {
            ref readonly SideLine left = ref work.Left[k];
            work.LeftHeld.SetHeld(k, left, knots[k], signs);
            work.LeftFree.SetFree(k, left, knots[k], knots[k + 1], left.Slope < 0 || (left.Slope > 0 && !signs));
            work.LeftHeld.AddSums(k, -1, work.CountBefore[k + 1], work.UseBefore[k + 1], work.SquareBefore[k + 1]);
            work.LeftFree.AddSums(k, -1, work.CountBefore[k + 1], work.UseBefore[k + 1], work.SquareBefore[k + 1]);
            ref readonly SideLine right = ref work.Right[k];
            work.RightHeld.SetHeld(k, right, knots[k], signs);
            work.RightFree.SetFree(k, right, knots[k - 1], knots[k], right.Slope > 0 || (right.Slope < 0 && !signs));
            work.RightHeld.AddSums(k, 1, work.CountBefore[k], work.UseBefore[k], work.SquareBefore[k]);
            work.RightFree.AddSums(k, 1, work.CountBefore[k], work.UseBefore[k], work.SquareBefore[k]);
            last = right.Count >= minimum ? k : last;
        }

        work.RightHeld.Close(last + 1);
        work.RightFree.Close(last + 1);
        return last;
    }

    /// <summary>One left side with all right sides; what promises to be better is computed again, with more care.</summary>
    private void Row(SideOptions lefts, SideOptions rights, int i, int first, int last, Kind kind)
    {
        Vector256<double> weight = Vector256.Create(lefts.Weight[i]);
        Vector256<double> moment = Vector256.Create(lefts.Moment[i]);
        Vector256<double> constant = Vector256.Create(lefts.Constant[i]);
        Vector256<double> lowest = Vector256.Create(lefts.Lowest[i]);
        Vector256<double> highest = Vector256.Create(lefts.Highest[i]);
        Vector256<double> limit = Vector256.Create(best.Sse);
        for (int r = first; r <= last; r += SideOptions.Padding)
        {
            Vector256<double> moments = moment + Vector256.Create(rights.Moment.AsSpan(r));
            Vector256<double> level = moments / (weight + Vector256.Create(rights.Weight.AsSpan(r)));
            Vector256<double> cost = constant + Vector256.Create(rights.Constant.AsSpan(r)) - (moments * level);
            Vector256<double> promising = Vector256.LessThan(cost, limit)
                & Vector256.GreaterThanOrEqual(level, Vector256.Max(lowest, Vector256.Create(rights.Lowest.AsSpan(r))))
                & Vector256.LessThanOrEqual(level, Vector256.Min(highest, Vector256.Create(rights.Highest.AsSpan(r))));
            if (promising == Vector256<double>.Zero)
            {
                continue;
            }

            for (int lane = 0; lane < SideOptions.Padding; lane++)
            {
                if (promising.AsInt64()[lane] != 0)
                {
                    OfferPair(i, r + lane, kind);
                }
            }

            limit = Vector256.Create(best.Sse);
        }
    }

    private void OfferPair(int i, int r, Kind kind)
    {
        ref readonly SideLine left = ref work.Left[i];
        ref readonly SideLine right = ref work.Right[r];
        double points = 0;
        double mean = 0;
        double sse = left.Sse + right.Sse;
        if (r > i + 1)
        {
            sse += Level(i + 1, r - 1, out points, out mean);
        }

        if (kind != Kind.FreeFree)
        {
            Held? heating = kind == Kind.FreeHeld ? null : Held.To(left, knots[i]);
            Held? cooling = kind == Kind.HeldFree ? null : Held.To(right, knots[r]);
            OfferHeld(sse, points, mean, heating, cooling, i, r);
            return;
        }

        double lower = left.Reaches(mean);
        double upper = right.Reaches(mean);
        if (Inside(lower, i) && Inside(upper, r - 1))
        {
            Offer(new Candidate(sse, mean, lower, left.Slope, upper, right.Slope));
        }
    }

    /// <summary>
    /// Offers the shape whose given breakpoints are held. A side that is not held keeps its free line, which must reach the level
    /// inside its gap; its index is 0 when there is no such side.
    /// </summary>
    private void OfferHeld(double free, double points, double mean, Held? heating, Held? cooling, int leftIndex, int rightIndex)
    {
        Held low = heating ?? default;
        Held high = cooling ?? default;
        double level = ((low.Weight * low.Value) + (points * mean) + (high.Weight * high.Value)) / (low.Weight + points + high.Weight);
        double sse = free + (low.Weight * Square(low.Value - level)) + (points * Square(mean - level)) + (high.Weight * Square(high.Value - level));
        if (!(sse < best.Sse))
        {
            return;
        }

        double lower = double.NaN;
        double heatingSlope = 0;
        if (leftIndex > 0)
        {
            ref readonly SideLine left = ref work.Left[leftIndex];
            lower = heating is null ? left.Reaches(level) : low.At;
            heatingSlope = heating is null ? left.Slope : left.SlopeThrough(low.At, level);
            if (heating is null && !Inside(lower, leftIndex))
            {
                return;
            }
        }

        double upper = double.NaN;
        double coolingSlope = 0;
        if (rightIndex > 0)
        {
            ref readonly SideLine right = ref work.Right[rightIndex];
            upper = cooling is null ? right.Reaches(level) : high.At;
            coolingSlope = cooling is null ? right.Slope : right.SlopeThrough(high.At, level);
            if (cooling is null && !Inside(upper, rightIndex - 1))
            {
                return;
            }
        }

        Offer(new Candidate(sse, level, lower, heatingSlope, upper, coolingSlope));
    }

    private void Offer(in Candidate candidate)
    {
        bool allowed = !signs
            || ((double.IsNaN(candidate.Lower) || candidate.Heating < 0) && (double.IsNaN(candidate.Upper) || candidate.Cooling > 0));
        if (allowed && candidate.Sse < best.Sse)
        {
            best = candidate;
        }
    }

    /// <summary>Cost, points and mean of the level over knots first to last; at least one.</summary>
    private readonly double Level(int first, int last, out double points, out double mean)
    {
        points = work.CountBefore[last + 1] - work.CountBefore[first];
        double use = work.UseBefore[last + 1] - work.UseBefore[first];
        mean = use / points;
        return Math.Max(0, work.SquareBefore[last + 1] - work.SquareBefore[first] - (use * mean));
    }

    private readonly bool Inside(double x, int gap) => x >= knots[gap] && x <= knots[gap + 1];

    private readonly bool LeftHasEnough(int i) => work.Left[i].Count >= minimum;

    private readonly bool RightHasEnough(int j) => work.Right[j + 1].Count >= minimum;

    private static double Square(double value) => value * value;

    private enum Kind
    {
        HeldHeld,
        HeldFree,
        FreeHeld,
        FreeFree,
    }
}
