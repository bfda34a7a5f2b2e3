using Metering.Analytics.ChangePoints;

namespace Metering.Analytics.Baselines;

/// <summary>Finds the breakpoints of one driver beside linear others.</summary>
internal static class BreakpointSearch
{
    private const int FewRows = 60;
    private const int FewestPoints = 5;

    /// <summary>The terms of the driver's sides; false when the form has no optimum of its own in these rows.</summary>
    public static bool TryFind(PeriodRows rows, int driver, int[] linear, ChangePointForm form, out BaselineTerm[] sides)
    {
        sides = [];
        ChangePointOptions options = new()
        {
            MinimumPointsPerSlopedSide = rows.Count < FewRows ? Math.Max(2, rows.Count / 10) : FewestPoints,
        };
        if (linear.Length > 0) { return false; }
        ChangePointFit fit = ChangePointSolver.Fit(rows.Drivers[driver], rows.Use, form, options, new ChangePointWorkspace());
        if (fit.Refusal != ChangePointRefusal.None || fit.AttainedBy != form)
        {
            return false;
        }

        List<BaselineTerm> terms = [];
        if (!double.IsNaN(fit.HeatingBreakpoint))
        {
            terms.Add(new(TermKind.Below, driver, fit.HeatingBreakpoint, -1));
        }

        if (!double.IsNaN(fit.CoolingBreakpoint))
        {
            terms.Add(new(TermKind.Above, driver, fit.CoolingBreakpoint, -1));
        }

        sides = [.. terms];
        return true;
    }
}
