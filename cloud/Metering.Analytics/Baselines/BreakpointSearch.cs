using Metering.Analytics.ChangePoints;
using Metering.Analytics.Savings;

namespace Metering.Analytics.Baselines;

/// <summary>Finds the breakpoints of one driver beside linear others. Not for two threads at once.</summary>
internal sealed class BreakpointSearch
{
    private const int FewRows = 60;
    private const int FewestPoints = 5;
    private const int FewestDegrees = 3;

    private readonly PeriodRows rows;
    private readonly int fewestPoints;
    private readonly LinearChangePointWorkspace workspace = new();
    private ChangePointOptions options = ChangePointOptions.Default;
    private int driver;

    public BreakpointSearch(PeriodRows rows)
    {
        this.rows = rows;
        fewestPoints = rows.Count < FewRows ? Math.Max(2, rows.Count / 10) : FewestPoints;
    }

    /// <summary>Takes the driver and the linear drivers of the fits that follow; false when they cannot be fitted.</summary>
    public bool Load(int breakpointDriver, int[] linear)
    {
        driver = breakpointDriver;
        options = new() { MinimumPointsPerSlopedSide = fewestPoints, PhysicalSigns = rows.RoleOf(driver) != DriverRole.Unknown };
        return linear.Length <= LinearChangePointWorkspace.MaximumLinearDrivers
            && workspace.Load(rows.Drivers[driver], rows.Use, linear.Select(other => rows.Drivers[other]).ToArray()) == ChangePointRefusal.None;
    }

    /// <summary>The terms of the driver's sides; false when the form has no optimum of its own in these rows.</summary>
    public bool TryFind(ChangePointForm form, out BaselineTerm[] sides, out double sumOfSquaredErrors)
    {
        sides = [];
        sumOfSquaredErrors = double.NaN;
        if (form != ChangePointForm.Heating && rows.RoleOf(driver) == DriverRole.HeatingTemperature)
        {
            return false;
        }

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

    /// <summary>
    /// The breakpoints of a fitted model with their bounds by profile likelihood; empty when it has none. Autocorrelated rows count
    /// for fewer, so that the bounds are wider.
    /// </summary>
    public static IReadOnlyList<ModelBreakpoint> Bounds(PeriodRows rows, BaselineFit fit, double confidence)
    {
        BaselineTerm[] sides = [.. fit.Terms.Where(term => term.Kind is TermKind.Below or TermKind.Above)];
        if (sides.Length == 0)
        {
            return [];
        }

        BreakpointSearch search = new(rows);
        int[] linear = [.. fit.Terms.Where(term => term.Kind == TermKind.Linear).Select(term => term.Driver)];
        ChangePointForm form = sides.Length == 1 ? (sides[0].Kind == TermKind.Below ? ChangePointForm.Heating : ChangePointForm.Cooling)
            : sides[0].Breakpoint == sides[1].Breakpoint ? ChangePointForm.TwoLines
            : ChangePointForm.HeatingAndCooling;
        ModelBreakpoint[] points = [.. sides.Select(term => new ModelBreakpoint(fit.DriverNames[term.Driver], term.Kind, term.Breakpoint, ""))];
        if (!search.Load(sides[0].Driver, linear))
        {
            return points;
        }

        LinearChangePointFit again = LinearChangePointSolver.Fit(search.workspace, form, search.options);
        double r = AutocorrelatedErrors.Of(fit).Correlation;
        BreakpointIntervalOptions asked = new()
        {
            Limits = search.options,
            Confidence = confidence,
            EffectivePoints = Math.Max(fit.N * (1 - r) / (1 + r), fit.P + FewestDegrees),
        };
        for (int k = 0; k < points.Length && again.Refusal == ChangePointRefusal.None; k++)
        {
            BreakpointSide side = points[k].Side == TermKind.Below ? BreakpointSide.Heating : BreakpointSide.Cooling;
            BreakpointInterval interval = BreakpointProfile.Interval(search.workspace, again, side, asked);
            points[k] = points[k] with
            {
                Bounds = (interval.IsOpenBelow ? double.NegativeInfinity : interval.Lower, interval.IsOpenAbove ? double.PositiveInfinity : interval.Upper),
            };
        }

        return points;
    }
}
