namespace Metering.Analytics.ChangePoints;

/// <summary>
/// Interval of a breakpoint by its profile: those breakpoints with which the best fit has squares of at most
/// SSE (1 + F/(n' - p)), F the quantile of Fisher's distribution with 1 and n' - p degrees of freedom, p all parameters, n' the
/// effective points (Draper and Smith, Applied Regression Analysis, section on nonlinear regions; Feder 1975 on why standard errors
/// from derivatives fail at a breakpoint). Not symmetric, and open where the data do not bound the breakpoint.
/// </summary>
public static class BreakpointProfile
{
    private const int Halvings = 60;

    /// <summary>Interval of one breakpoint of a fit.</summary>
    /// <param name="workspace">Still loaded with the rows of the fit.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="side">Which breakpoint; 4P has one, under both names.</param>
    /// <param name="options">Confidence, effective points, and the limits the fit was made with.</param>
    /// <returns>
    /// The interval. Each end is exact to the last digits. For 4P and 5P a part of the set that lies between two neighbouring points
    /// and does not hold their middle can go unseen.
    /// </returns>
    /// <exception cref="ArgumentException">A refused fit, other rows than those of the fit, or options out of range.</exception>
    public static BreakpointInterval Interval(
        LinearChangePointWorkspace workspace, in LinearChangePointFit fit, BreakpointSide side, BreakpointIntervalOptions options)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(options);
        CheckOptions(options, fit);
        double own = (side == BreakpointSide.Heating ? fit.HeatingBreakpoint : fit.CoolingBreakpoint) - workspace.MeanX;
        if (fit.Points != workspace.Points || fit.LinearCount != workspace.LinearCount || workspace.Refusal != ChangePointRefusal.None)
        {
            throw new ArgumentException("The workspace does not hold the rows of this fit.", nameof(workspace));
        }

        double points = double.IsNaN(options.EffectivePoints) ? fit.Points : options.EffectivePoints;
        double limit = Limit(fit.Sse, options.Confidence, points - fit.ParameterCount);
        if (double.IsNaN(own))
        {
            return new() { Lower = own, Upper = own, IsOpenBelow = true, IsOpenAbove = true, IsConnected = true, SseLimit = limit };
        }

        ProfileScan scan = new(workspace, fit.Form, side, options.Limits);
        double attained = workspace.RestSquares - scan.Reduction(own);
        if (!(Math.Abs(attained - fit.Sse) <= 1e-6 * workspace.RestSquares))
        {
            throw new ArgumentException("The workspace does not hold the rows of this fit, or the limits are others.", nameof(workspace));
        }

        return Scan(workspace, ref scan, own, limit);
    }

    private static void CheckOptions(BreakpointIntervalOptions options, in LinearChangePointFit fit)
    {
        if (fit.Refusal != ChangePointRefusal.None)
        {
            throw new ArgumentException($"There is no fit: {fit.Refusal}.", nameof(fit));
        }

        if (!(options.Confidence > 0 && options.Confidence < 1))
        {
            throw new ArgumentException("The confidence must be above 0 and below 1.", nameof(options));
        }

        if (options.EffectivePoints <= 0 || options.EffectivePoints > fit.Points)
        {
            throw new ArgumentException("The effective points must be above 0 and at most the points of the fit.", nameof(options));
        }
    }

    private static double Limit(double sse, double confidence, double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0))
        {
            return double.PositiveInfinity;
        }

        double t = Statistics.StudentT.TwoSidedQuantile(confidence, degreesOfFreedom);
        return sse * (1 + (t * t / degreesOfFreedom));
    }

    private static BreakpointInterval Scan(LinearChangePointWorkspace workspace, ref ProfileScan scan, double own, double limit)
    {
        double least = workspace.RestSquares - limit;
        double before = double.NaN;
        double lower = double.NaN;
        double upper = double.NaN;
        bool inside = false;
        bool openBelow = false;
        int parts = 0;
        scan.Start(own);
        while (scan.Next(out double position))
        {
            bool now = position == own || scan.Reduction(position) >= least;
            if (now && !inside)
            {
                parts++;
                openBelow |= double.IsNaN(before);
                lower = parts > 1 ? lower : openBelow ? position : Border(ref scan, before, position, least);
            }
            else if (!now && inside)
            {
                upper = Border(ref scan, position, before, least);
            }

            inside = now;
            before = position;
        }

        return new BreakpointInterval
        {
            Lower = lower + workspace.MeanX,
            Upper = (inside ? before : upper) + workspace.MeanX,
            IsOpenBelow = openBelow,
            IsOpenAbove = inside,
            IsConnected = parts == 1,
            SseLimit = limit,
        };
    }

    /// <summary>The border of the set between a place outside and one inside.</summary>
    private static double Border(ref ProfileScan scan, double outside, double inside, double least)
    {
        for (int step = 0; step < Halvings; step++)
        {
            double middle = (outside + inside) / 2;
            if (middle == outside || middle == inside)
            {
                break;
            }

            if (scan.Reduction(middle) >= least)
            {
                inside = middle;
            }
            else
            {
                outside = middle;
            }
        }

        return inside;
    }
}
