using Metering.Analytics.ChangePoints;

namespace Metering.Analytics.Baselines;

/// <summary>Finds the breakpoints of one driver beside linear others. Not for two threads at once.</summary>
internal sealed class BreakpointSearch
{
    private const int FewRows = 60;
    private const int FewestPoints = 5;

    private readonly PeriodRows rows;
    private readonly ChangePointOptions options;
    private readonly LinearChangePointWorkspace workspace = new();
    private int driver;

    public BreakpointSearch(PeriodRows rows)
    {
        this.rows = rows;
        options = new() { MinimumPointsPerSlopedSide = rows.Count < FewRows ? Math.Max(2, rows.Count / 10) : FewestPoints };
    }

    /// <summary>Takes the driver and the linear drivers of the fits that follow; false when they cannot be fitted.</summary>
    public bool Load(int breakpointDriver, int[] linear)
    {
        driver = breakpointDriver;
        return linear.Length <= LinearChangePointWorkspace.MaximumLinearDrivers
            && workspace.Load(rows.Drivers[driver], rows.Use, linear.Select(other => rows.Drivers[other]).ToArray()) == ChangePointRefusal.None;
    }

    /// <summary>The terms of the driver's sides; false when the form has no optimum of its own in these rows.</summary>
    public bool TryFind(ChangePointForm form, out BaselineTerm[] sides, out double sumOfSquaredErrors)
    {
        sides = [];
        LinearChangePointFit fit = LinearChangePointSolver.Fit(workspace, form, options);
        sumOfSquaredErrors = fit.Sse;
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
