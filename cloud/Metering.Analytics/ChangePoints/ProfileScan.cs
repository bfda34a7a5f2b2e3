namespace Metering.Analytics.ChangePoints;

/// <summary>The best reduction of the squares with one breakpoint at a given place, and the places worth looking at.</summary>
internal ref struct ProfileScan
{
    private readonly HingeSide side;
    private readonly HingeSide other;
    private readonly ReadOnlySpan<double> knots;
    private readonly Span<double> coordinates;
    private readonly Span<double> partner;
    private readonly ChangePointForm form;
    private readonly bool signs;
    private readonly int first;
    private readonly int last;
    private double own;
    private int knot;
    private int stage;

    public ProfileScan(LinearChangePointWorkspace workspace, ChangePointForm form, BreakpointSide which, ChangePointOptions options)
    {
        LinearChangePointSearch limits = new(workspace, options);
        bool heating = which == BreakpointSide.Heating;
        side = heating ? workspace.Left : workspace.Right;
        other = heating ? workspace.Right : workspace.Left;
        knots = workspace.Knots;
        coordinates = workspace.RowU.AsSpan(0, workspace.Basis.Count);
        partner = workspace.RowW.AsSpan(0, workspace.Basis.Count);
        this.form = form;
        signs = limits.Signs;
        first = form == ChangePointForm.Cooling ? 0 : limits.FirstLeft;
        last = form == ChangePointForm.Heating ? knots.Length - 1 : limits.LastRight;
    }

    /// <summary>Begins at the lowest breakpoint allowed.</summary>
    /// <param name="fitted">The fit's own breakpoint, which is one of the places.</param>
    public void Start(double fitted)
    {
        own = fitted;
        knot = first;
        stage = 0;
    }

    /// <summary>The next place, ascending: the knots, one place between each two, and the fit's own.</summary>
    public bool Next(out double position)
    {
        while (knot <= last)
        {
            bool gap = knot < last;
            double between = gap ? Between(knot) : knots[knot];
            position = stage switch
            {
                0 => knots[knot],
                1 => Math.Min(between, own),
                _ => Math.Max(between, own),
            };
            bool valid = stage == 0 || (gap && position > knots[knot] && position < knots[knot + 1]);
            knot += stage == 2 ? 1 : 0;
            stage = (stage + 1) % 3;
            if (valid)
            {
                return true;
            }
        }

        position = double.NaN;
        return false;
    }

    /// <summary>The greatest reduction with the breakpoint there.</summary>
    public readonly double Reduction(double at)
    {
        double product = Hinge(side, at, coordinates);
        double alone = !signs || product > 0 ? product * product : 0;
        return form switch
        {
            ChangePointForm.TwoLines => Both(at, product, alone),
            ChangePointForm.HeatingAndCooling => Math.Max(Both(at, product, alone), WithOther(at, product, alone)),
            _ => alone,
        };
    }

    /// <summary>Where the free line would reach the level (3P, when that is in the gap), or the middle.</summary>
    private readonly double Between(int k)
    {
        if (form is ChangePointForm.Cooling or ChangePointForm.Heating)
        {
            int r = form == ChangePointForm.Cooling ? k + 1 : k;
            (double slope, double shift) = side.Shape(r, side.E[r], side.F[r]);
            if (HingeSide.InGap(slope, shift, side.Gap[r]))
            {
                return knots[r] - (side.Outward * shift / slope);
            }
        }

        return (knots[k] + knots[k + 1]) / 2;
    }

    /// <summary>Coordinates of the hinge at a place, of length one, and its product with the use.</summary>
    private readonly double Hinge(HingeSide of, double at, Span<double> into)
    {
        int found = knots.BinarySearch(at);
        int k = found >= 0 ? found : of.Outward > 0 ? ~found : ~found - 1;
        double inwards = Math.Abs(knots[k] - at);
        double ofFirst = of.Norm[k] * (1 + (inwards * of.Tilt[k]));
        double ofSecond = inwards * of.GapNorm[k];
        double length = Math.Sqrt((ofFirst * ofFirst) + (ofSecond * ofSecond));
        if (!(length > 0))
        {
            into.Clear();
            return 0;
        }

        ofFirst /= length;
        ofSecond /= length;
        for (int q = 0; q < into.Length; q++)
        {
            into[q] = (ofFirst * of.U[(q * of.Stride) + k]) + (ofSecond * of.W[(q * of.Stride) + k]);
        }

        return (ofFirst * of.E[k]) + (ofSecond * of.F[k]);
    }

    /// <summary>Both hinges at one place.</summary>
    private readonly double Both(double at, double product, double alone)
    {
        double second = Hinge(other, at, partner);
        double inner = 0;
        for (int q = 0; q < coordinates.Length; q++)
        {
            inner -= coordinates[q] * partner[q];
        }

        HingePair pair = HingePair.Of(product, second, inner);
        double single = Math.Max(alone, !signs || second > 0 ? second * second : 0);
        return pair.Allowed(signs) ? Math.Max(single, pair.Reduction) : single;
    }

    /// <summary>The other hinge at its best place outwards of this one.</summary>
    private readonly double WithOther(double at, double product, double alone)
    {
        double best = alone;
        for (int k = first; k <= last; k++)
        {
            double distance = other.Outward * (knots[k] - at);
            if (distance < 0)
            {
                continue;
            }

            double inner = 0;
            double innerGap = 0;
            for (int q = 0; q < coordinates.Length; q++)
            {
                inner -= coordinates[q] * other.U[(q * other.Stride) + k];
                innerGap -= coordinates[q] * other.W[(q * other.Stride) + k];
            }

            double e = other.E[k];
            HingePair pair = HingePair.Of(product, e, inner);
            best = Math.Max(best, pair.Allowed(signs) ? pair.Reduction : 0);
            best = Math.Max(best, !signs || e > 0 ? e * e : 0);
            best = Math.Max(best, InGap(k, distance, product, (inner, innerGap)));
        }

        return best;
    }

    /// <summary>The other hinge free in the gap inwards of knot k, as far as this one; 0 when its best place is not there.</summary>
    private readonly double InGap(int k, double distance, double product, (double OfHinge, double OfIndicator) inner)
    {
        double e = other.E[k];
        double f = other.F[k];
        double gap = Math.Min(other.Gap[k], distance);
        (double slope, double shift) = other.Shape(k, e, f);
        bool alone = HingeSide.InGap(slope, shift, gap) && (!signs || slope > 0);
        double best = alone ? (e * e) + (f * f) : 0;
        double rest = 1 - (inner.OfHinge * inner.OfHinge) - (inner.OfIndicator * inner.OfIndicator);
        double remaining = product - (inner.OfHinge * e) - (inner.OfIndicator * f);
        double ofThis = remaining / rest;
        (slope, shift) = other.Shape(k, e - (inner.OfHinge * ofThis), f - (inner.OfIndicator * ofThis));
        bool allowed = rest > HingePair.LeastRest && HingeSide.InGap(slope, shift, gap) && (!signs || (slope > 0 && ofThis > 0));
        return allowed ? Math.Max(best, (e * e) + (f * f) + (remaining * ofThis)) : best;
    }
}
