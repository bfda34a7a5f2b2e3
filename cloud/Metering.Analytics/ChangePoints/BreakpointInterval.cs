namespace Metering.Analytics.ChangePoints;

/// <summary>Which breakpoint of a fit.</summary>
public enum BreakpointSide
{
    /// <summary><see cref="LinearChangePointFit.HeatingBreakpoint"/>.</summary>
    Heating = 0,

    /// <summary><see cref="LinearChangePointFit.CoolingBreakpoint"/>.</summary>
    Cooling = 1,
}

/// <summary>How sure, and by how many independent points.</summary>
public sealed record BreakpointIntervalOptions
{
    /// <summary>Limits on the search; the same as for the fit.</summary>
    public ChangePointOptions Limits { get; init; } = ChangePointOptions.Default;

    /// <summary>Share of such intervals that hold the true breakpoint, above 0 and below 1.</summary>
    public double Confidence { get; init; } = 0.90;

    /// <summary>
    /// Independent points that the rows are worth, at most their number: n (1 - r)/(1 + r) for residuals whose neighbours correlate
    /// by r. NaN: all rows are independent. Fewer give a wider interval.
    /// </summary>
    public double EffectivePoints { get; init; } = double.NaN;
}

/// <summary>The breakpoints that the data do not rule out.</summary>
public readonly record struct BreakpointInterval
{
    /// <summary>Least such breakpoint, in the driver's unit; NaN when the fit has no such breakpoint.</summary>
    public required double Lower { get; init; }

    /// <summary>Greatest such breakpoint; NaN when the fit has no such breakpoint.</summary>
    public required double Upper { get; init; }

    /// <summary>True when the interval goes on below <see cref="Lower"/>, the end of what the data and the limits let search: the breakpoint is not bounded from below.</summary>
    public required bool IsOpenBelow { get; init; }

    /// <summary>True when the interval goes on above <see cref="Upper"/>.</summary>
    public required bool IsOpenAbove { get; init; }

    /// <summary>False when breakpoints between the ends are ruled out: the set has several parts, and the interval covers them all.</summary>
    public required bool IsConnected { get; init; }

    /// <summary>Squares up to which a breakpoint is not ruled out; infinite when the effective points do not exceed the parameters.</summary>
    public required double SseLimit { get; init; }

    /// <summary>True when both ends are ends of the set.</summary>
    public bool IsBounded => !IsOpenBelow && !IsOpenAbove;
}
