using Metering.Analytics.Statistics;

namespace Metering.Analytics.ChangePoints;

/// <summary>
/// Exact least squares of a change-point form in one driver together with up to eight drivers that act in proportion, and an
/// intercept. The linear drivers are taken out first (Frisch and Waugh 1933), so that each position of the breakpoints is a problem
/// of one or two unknowns; their optimum between two data points has a closed form. Guaranteed, for all forms and with sign
/// limits: no breakpoints that <see cref="ChangePointOptions"/> allows give less squares, within 1e-9 of them
/// as long as the linear drivers alone leave at most a hundred thousand times the squares of the best fit. Only + - * / and square
/// roots in a fixed order.
/// </summary>
public static class LinearChangePointSolver
{
    /// <summary>Fits one form to the rows loaded.</summary>
    /// <param name="workspace">Loaded with the rows.</param>
    /// <param name="form">The form of the change-point driver.</param>
    /// <param name="options">Limits on the search. The signs of the linear drivers are never limited.</param>
    /// <returns>The fit, or one with a <see cref="LinearChangePointFit.Refusal"/> and no number.</returns>
    public static LinearChangePointFit Fit(LinearChangePointWorkspace workspace, ChangePointForm form, ChangePointOptions options)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(options);
        ChangePointRefusal why = Check(workspace, form);
        if (why != ChangePointRefusal.None)
        {
            return LinearChangePointFit.Refused(form, why, workspace);
        }

        LinearChangePointSearch search = new(workspace, options);
        bool searched = Run(workspace, ref search, form);
        if (!searched)
        {
            return LinearChangePointFit.Refused(form, ChangePointRefusal.TooFewPoints, workspace);
        }

        HingeCandidate best = search.Best;
        if (form == ChangePointForm.HeatingAndCooling)
        {
            best = new HingePairSearch(workspace, search).Run();
        }

        return Finish(workspace, form, best);
    }

    private static ChangePointRefusal Check(LinearChangePointWorkspace workspace, ChangePointForm form)
    {
        int parameters = ChangePointSolver.Parameters(form);
        if (workspace.Refusal != ChangePointRefusal.None)
        {
            return workspace.Refusal;
        }

        if (workspace.Points <= parameters + workspace.LinearCount)
        {
            return ChangePointRefusal.TooFewPoints;
        }

        return workspace.KnotCount < parameters ? ChangePointRefusal.TooFewDistinct : ChangePointRefusal.None;
    }

    /// <summary>Simpler forms that lie inside the one asked for come first.</summary>
    private static bool Run(LinearChangePointWorkspace workspace, ref LinearChangePointSearch search, ChangePointForm form)
    {
        switch (form)
        {
            case ChangePointForm.Mean:
                return true;
            case ChangePointForm.Line:
                return search.Line();
            case ChangePointForm.Cooling:
                return search.Cooling();
            case ChangePointForm.Heating:
                return search.Heating();
            case ChangePointForm.TwoLines:
                if (search.Signs)
                {
                    search.Cooling();
                    search.Heating();
                }

                return search.TwoLines();
            default:
                search.Cooling();
                search.Heating();
                return search.TwoLines();
        }
    }

    /// <summary>Coefficients and squares from the rows themselves, at the breakpoints found.</summary>
    private static LinearChangePointFit Finish(LinearChangePointWorkspace workspace, ChangePointForm form, HingeCandidate best)
    {
        Span<double> slopes = stackalloc double[2];
        Slopes(workspace, best, slopes);
        Span<double> values = workspace.Scratch(0);
        ReadOnlySpan<int> starts = workspace.Starts;
        for (int k = 0; k < workspace.KnotCount; k++)
        {
            double x = workspace.Knots[k];
            double hinges = x < best.Lower ? slopes[0] * (best.Lower - x) : 0;
            hinges += x > best.Upper ? slopes[1] * (x - best.Upper) : 0;
            for (int row = starts[k]; row < starts[k + 1]; row++)
            {
                values[row] = workspace.Use[row] - hinges;
            }
        }

        Span<double> coefficients = stackalloc double[LinearChangePointWorkspace.MaximumLinearDrivers + 1];
        workspace.Basis.Solve(values, coefficients);
        LinearCoefficients linear = default;
        coefficients.Slice(1, workspace.LinearCount).CopyTo(linear);
        bool line = form == ChangePointForm.Line;
        double level = coefficients[0] + workspace.MeanUse;
        double edge = best.Upper + workspace.MeanX;
        return new LinearChangePointFit
        {
            Form = form,
            AttainedBy = line ? form : Simplest(workspace, best),
            HeatingBreakpoint = best.Lower + workspace.MeanX,
            CoolingBreakpoint = line ? double.NaN : edge,
            Base = line && !double.IsNaN(edge) ? level - (slopes[1] * edge) : level,
            HeatingSlope = line ? slopes[1] : -slopes[0],
            CoolingSlope = slopes[1],
            Linear = linear,
            LinearCount = workspace.LinearCount,
            Sse = FixedSum.SumOfSquares(values),
            ParameterCount = ChangePointSolver.Parameters(form) + workspace.LinearCount,
            Points = workspace.Points,
        };
    }

    /// <summary>Outward slopes of the hinges, heating first; 0 for a side that is not there.</summary>
    private static void Slopes(LinearChangePointWorkspace workspace, HingeCandidate best, Span<double> slopes)
    {
        Span<double> left = workspace.Scratch(1);
        Span<double> right = workspace.Scratch(2);
        double leftNorm = Hinge(workspace, best.Lower, -1, left);
        double rightNorm = Hinge(workspace, best.Upper, 1, right);
        double e = FixedSum.Dot(left, workspace.Rest);
        double f = FixedSum.Dot(right, workspace.Rest);
        if (leftNorm > 0 && rightNorm > 0)
        {
            HingePair pair = HingePair.Of(e, f, FixedSum.Dot(left, right));
            e = pair.First;
            f = pair.Second;
        }

        slopes[0] = leftNorm > 0 ? e / leftNorm : 0;
        slopes[1] = rightNorm > 0 ? f / rightNorm : 0;
    }

    /// <summary>The hinge's part outside the linear drivers, of length one, and its length before; zeros and 0 without a breakpoint.</summary>
    private static double Hinge(LinearChangePointWorkspace workspace, double breakpoint, double outward, Span<double> column)
    {
        column.Clear();
        if (double.IsNaN(breakpoint))
        {
            return 0;
        }

        ReadOnlySpan<int> starts = workspace.Starts;
        for (int k = 0; k < workspace.KnotCount; k++)
        {
            double reach = outward * (workspace.Knots[k] - breakpoint);
            column[starts[k]..starts[k + 1]].Fill(Math.Max(0, reach));
        }

        workspace.Basis.TakeOut(column);
        double norm = Math.Sqrt(FixedSum.SumOfSquares(column));
        for (int i = 0; i < column.Length; i++)
        {
            column[i] /= norm;
        }

        return norm;
    }

    private static ChangePointForm Simplest(LinearChangePointWorkspace workspace, HingeCandidate best)
    {
        bool heating = !double.IsNaN(best.Lower);
        bool cooling = !double.IsNaN(best.Upper);
        if (heating && cooling)
        {
            return best.Lower == best.Upper ? ChangePointForm.TwoLines : ChangePointForm.HeatingAndCooling;
        }

        if (heating)
        {
            return best.Lower >= workspace.Knots[^1] ? ChangePointForm.Line : ChangePointForm.Heating;
        }

        if (cooling)
        {
            return best.Upper <= workspace.Knots[0] ? ChangePointForm.Line : ChangePointForm.Cooling;
        }

        return ChangePointForm.Mean;
    }
}
