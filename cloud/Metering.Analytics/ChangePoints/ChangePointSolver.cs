namespace Metering.Analytics.ChangePoints;

/// <summary>
/// Exact least squares of the change-point forms: the best breakpoints anywhere in the data's range, not on a grid. Only
/// + - * / in a fixed order: any order of the points gives the same bits on every processor. 5P takes time in the square of the
/// number of different x, whatever the use looks like; all others in its first power after one sort.
/// </summary>
public static class ChangePointSolver
{
    /// <summary>Fits one form.</summary>
    /// <param name="x">Driver, any order, ties allowed.</param>
    /// <param name="y">Use, one value per driver value.</param>
    /// <param name="form">The form.</param>
    /// <param name="options">Limits on the search.</param>
    /// <param name="workspace">Scratch memory; a warm one makes the fit free of allocations.</param>
    /// <returns>The fit, or one with a <see cref="ChangePointFit.Refusal"/> and no number.</returns>
    public static ChangePointFit Fit(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, ChangePointForm form, ChangePointOptions options, ChangePointWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(workspace);
        int parameters = Parameters(form);
        ChangePointRefusal why = Check(x, y, parameters);
        if (why == ChangePointRefusal.None && !workspace.Load(x, y))
        {
            why = ChangePointRefusal.OutOfRange;
        }

        if (why != ChangePointRefusal.None)
        {
            return ChangePointFit.Refused(form, why, x.Length, parameters);
        }

        workspace.Accumulate();
        if (workspace.KnotCount < parameters)
        {
            return ChangePointFit.Refused(form, ChangePointRefusal.TooFewDistinct, x.Length, parameters);
        }

        if (form == ChangePointForm.Line)
        {
            return Line(workspace);
        }

        ChangePointSearch search = new(workspace, options);
        bool searched = Run(ref search, form, options.PhysicalSigns);
        return searched
            ? Finish(workspace, form, parameters, search.Best)
            : ChangePointFit.Refused(form, ChangePointRefusal.TooFewPoints, x.Length, parameters);
    }

    internal static int Parameters(ChangePointForm form) => form switch
    {
        ChangePointForm.Mean => 1,
        ChangePointForm.Line => 2,
        ChangePointForm.Cooling or ChangePointForm.Heating => 3,
        ChangePointForm.TwoLines => 4,
        ChangePointForm.HeatingAndCooling => 5,
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "This form is not known."),
    };

    /// <summary>Simpler forms that lie inside the one asked for come first; they also give the bound that cuts the 5P search short.</summary>
    private static bool Run(ref ChangePointSearch search, ChangePointForm form, bool signs)
    {
        search.Mean();
        switch (form)
        {
            case ChangePointForm.Mean:
                return true;
            case ChangePointForm.Cooling:
                return search.Cooling();
            case ChangePointForm.Heating:
                return search.Heating();
            case ChangePointForm.TwoLines:
                if (signs)
                {
                    search.Cooling();
                    search.Heating();
                }

                return search.TwoLines();
            default:
                search.Cooling();
                search.Heating();
                bool any = search.TwoLines();
                return search.Pairs() || any;
        }
    }

    private static ChangePointRefusal Check(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int parameters)
    {
        if (x.Length != y.Length)
        {
            return ChangePointRefusal.LengthsDiffer;
        }

        for (int i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
            {
                return ChangePointRefusal.NotFinite;
            }
        }

        return x.Length <= parameters ? ChangePointRefusal.TooFewPoints : ChangePointRefusal.None;
    }

    private static ChangePointFit Line(ChangePointWorkspace workspace)
    {
        ref readonly SideLine line = ref workspace.Left[workspace.KnotCount - 1];
        double sse = 0;
        ReadOnlySpan<double> x = workspace.X;
        ReadOnlySpan<double> y = workspace.Y;
        for (int i = 0; i < x.Length; i++)
        {
            double rest = y[i] - line.At(x[i]);
            sse += rest * rest;
        }

        return new ChangePointFit
        {
            Form = ChangePointForm.Line,
            AttainedBy = ChangePointForm.Line,
            HeatingBreakpoint = double.NaN,
            CoolingBreakpoint = double.NaN,
            Base = workspace.MeanY + line.At(0) - (line.Slope * workspace.MeanX),
            HeatingSlope = line.Slope,
            CoolingSlope = line.Slope,
            Sse = sse,
            ParameterCount = 2,
            Points = workspace.Points,
        };
    }

    private static ChangePointFit Finish(ChangePointWorkspace workspace, ChangePointForm form, int parameters, in Candidate best)
    {
        double sse = 0;
        ReadOnlySpan<double> x = workspace.X;
        ReadOnlySpan<double> y = workspace.Y;
        for (int i = 0; i < x.Length; i++)
        {
            double rest = y[i] - best.Level;
            rest -= x[i] < best.Lower ? best.Heating * (x[i] - best.Lower) : 0;
            rest -= x[i] > best.Upper ? best.Cooling * (x[i] - best.Upper) : 0;
            sse += rest * rest;
        }

        return new ChangePointFit
        {
            Form = form,
            AttainedBy = Simplest(workspace, best),
            HeatingBreakpoint = best.Lower + workspace.MeanX,
            CoolingBreakpoint = best.Upper + workspace.MeanX,
            Base = best.Level + workspace.MeanY,
            HeatingSlope = best.Heating,
            CoolingSlope = best.Cooling,
            Sse = sse,
            ParameterCount = parameters,
            Points = workspace.Points,
        };
    }

    private static ChangePointForm Simplest(ChangePointWorkspace workspace, in Candidate best)
    {
        bool heating = !double.IsNaN(best.Lower);
        bool cooling = !double.IsNaN(best.Upper);
        if (heating && cooling)
        {
            return best.Lower == best.Upper ? ChangePointForm.TwoLines : ChangePointForm.HeatingAndCooling;
        }

        if (heating)
        {
            return best.Lower >= workspace.Knots[workspace.KnotCount - 1] ? ChangePointForm.Line : ChangePointForm.Heating;
        }

        if (cooling)
        {
            return best.Upper <= workspace.Knots[0] ? ChangePointForm.Line : ChangePointForm.Cooling;
        }

        return ChangePointForm.Mean;
    }
}
