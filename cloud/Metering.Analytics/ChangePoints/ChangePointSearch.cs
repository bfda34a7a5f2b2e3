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
    private readonly bool levelBetween;
    private readonly int minimum;
    private readonly int count;
    private Candidate best;

    /// <param name="workspace">Loaded and accumulated.</param>
    /// <param name="options">Limits.</param>
    /// <param name="levelBetween">True when a level may lie between two lines inside one gap (5P).</param>
    public ChangePointSearch(ChangePointWorkspace workspace, ChangePointOptions options, bool levelBetween)
    {
        work = workspace;
        count = workspace.KnotCount;
        knots = workspace.Knots.AsSpan(0, count);
        signs = options.PhysicalSigns;
        minimum = Math.Max(2, options.MinimumPointsPerSlopedSide);
        this.levelBetween = levelBetween;
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
            else if (levelBetween && !signs)
            {
                OfferLevelInGap(sse, left, right, i);
            }

            for (int end = i; end <= i + 1; end++)
            {
                OfferHeld(sse, 0, 0, Held.To(left, knots[end]), Held.To(right, knots[end]), i, i + 1);
            }

            if (levelBetween)
            {
                OfferHeld(sse, 0, 0, Held.To(left, knots[i]), Held.To(right, knots[i + 1]), i, i + 1);
            }
        }

        return any;
    }

    /// <summary>Line, level with at least one point, line. False when no pair of breakpoints leaves enough points.</summary>
    public bool Pairs()
    {
        bool any = false;
        for (int i = 1; i <= count - 4; i++)
        {
            if (!LeftHasEnough(i))
            {
                continue;
            }

            ref readonly SideLine left = ref work.Left[i];
            double leftBound = signs && left.Slope > 0 ? left.FlatSse : left.Sse;
            for (int j = i + 1; j <= count - 3 && RightHasEnough(j); j++)
            {
                any = true;
                ref readonly SideLine right = ref work.Right[j + 1];
                double level = Level(i + 1, j, out double points, out double mean);
                double rightBound = signs && right.Slope < 0 ? right.FlatSse : right.Sse;
                if (level + leftBound + rightBound < best.Sse)
                {
                    Cell(i, j, level + left.Sse + right.Sse, points, mean);
                }
            }
        }

        return any;
    }

    private void Cell(int i, int j, double sse, double points, double mean)
    {
        ref readonly SideLine left = ref work.Left[i];
        ref readonly SideLine right = ref work.Right[j + 1];
        double lower = left.Reaches(mean);
        double upper = right.Reaches(mean);
        if (Inside(lower, i) && Inside(upper, j))
        {
            Offer(new Candidate(sse, mean, lower, left.Slope, upper, right.Slope));
            return;
        }

        for (int end = i; end <= i + 1; end++)
        {
            Held heating = Held.To(left, knots[end]);
            OfferHeld(sse, points, mean, heating, null, i, j + 1);
            OfferHeld(sse, points, mean, heating, Held.To(right, knots[j]), i, j + 1);
            OfferHeld(sse, points, mean, heating, Held.To(right, knots[j + 1]), i, j + 1);
        }

        OfferHeld(sse, points, mean, null, Held.To(right, knots[j]), i, j + 1);
        OfferHeld(sse, points, mean, null, Held.To(right, knots[j + 1]), i, j + 1);
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

    /// <summary>
    /// Two free lines with a level between them inside one gap. The difference of the breakpoints is linear in the level, so that
    /// one of the two ends of the possible levels serves when any level does.
    /// </summary>
    private void OfferLevelInGap(double sse, in SideLine left, in SideLine right, int gap)
    {
        double leftFrom = left.At(knots[gap]);
        double leftTo = left.At(knots[gap + 1]);
        double rightFrom = right.At(knots[gap]);
        double rightTo = right.At(knots[gap + 1]);
        double lowest = Math.Max(Math.Min(leftFrom, leftTo), Math.Min(rightFrom, rightTo));
        double highest = Math.Min(Math.Max(leftFrom, leftTo), Math.Max(rightFrom, rightTo));
        if (!(lowest <= highest) || left.Slope == 0 || right.Slope == 0)
        {
            return;
        }

        for (int end = 0; end < 2; end++)
        {
            double level = end == 0 ? lowest : highest;
            double lower = Math.Clamp(left.Reaches(level), knots[gap], knots[gap + 1]);
            double upper = Math.Clamp(right.Reaches(level), knots[gap], knots[gap + 1]);
            if (lower <= upper)
            {
                // Held to the level at the clamped places, so that the shape is continuous to the last bit.
                Offer(new Candidate(sse, level, lower, left.SlopeThrough(lower, level), upper, right.SlopeThrough(upper, level)));
                return;
            }
        }
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
}
