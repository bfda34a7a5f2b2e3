using System.Runtime.CompilerServices;

namespace Metering.Analytics.ChangePoints;

/// <summary>Coefficients of the linear drivers, use per unit of each, in their order; those past the last driver are 0.</summary>
[InlineArray(LinearChangePointWorkspace.MaximumLinearDrivers)]
public struct LinearCoefficients
{
    private double first;
}

/// <summary>A fitted form with its linear drivers, or the reason why there is none; then all numbers are NaN.</summary>
public readonly struct LinearChangePointFit
{
    /// <summary>The form asked for.</summary>
    public required ChangePointForm Form { get; init; }

    /// <summary>The simplest form that has this optimum, as in <see cref="ChangePointFit.AttainedBy"/>; <see cref="ChangePointForm.Mean"/> means the linear drivers alone.</summary>
    public ChangePointForm AttainedBy { get; init; }

    /// <summary>Why there is no fit; <see cref="ChangePointRefusal.None"/> when there is one.</summary>
    public ChangePointRefusal Refusal { get; init; }

    /// <summary>Where the heating line ends, in the driver's unit; NaN without one. 4P: the same as <see cref="CoolingBreakpoint"/>.</summary>
    public double HeatingBreakpoint { get; init; }

    /// <summary>Where the cooling line begins, in the driver's unit; NaN without one.</summary>
    public double CoolingBreakpoint { get; init; }

    /// <summary>Use between the breakpoints with all linear drivers at zero; for 2P also with the driver at zero.</summary>
    public double Base { get; init; }

    /// <summary>Use per unit of the driver below the heating breakpoint; negative when use falls as the driver rises. 0 without a heating side. 2P: the slope.</summary>
    public double HeatingSlope { get; init; }

    /// <summary>Use per unit of the driver above the cooling breakpoint; 0 without a cooling side. 2P: the slope.</summary>
    public double CoolingSlope { get; init; }

    /// <summary>Coefficients of the linear drivers.</summary>
    public LinearCoefficients Linear { get; init; }

    /// <summary>Number of linear drivers, 0 to 8.</summary>
    public int LinearCount { get; init; }

    /// <summary>Sum of squared residuals, from the residuals themselves.</summary>
    public double Sse { get; init; }

    /// <summary>Parameters of <see cref="Form"/>, breakpoints counted, and the linear drivers.</summary>
    public int ParameterCount { get; init; }

    /// <summary>Points fitted.</summary>
    public int Points { get; init; }

    /// <summary>The fit's use; NaN for a refused fit.</summary>
    /// <param name="x">The change-point driver, in the unit of the fitted values.</param>
    /// <param name="linear">The linear drivers, in the order of the fit.</param>
    /// <exception cref="ArgumentException">Another number of linear drivers than fitted.</exception>
    public double Predict(double x, ReadOnlySpan<double> linear)
    {
        if (linear.Length != LinearCount)
        {
            throw new ArgumentException($"The fit has {LinearCount} linear drivers.", nameof(linear));
        }

        double use = Base;
        LinearCoefficients copy = Linear;
        ReadOnlySpan<double> coefficients = copy;
        for (int k = 0; k < linear.Length; k++)
        {
            use += coefficients[k] * linear[k];
        }

        if (AttainedBy == ChangePointForm.Line && double.IsNaN(HeatingBreakpoint) && double.IsNaN(CoolingBreakpoint))
        {
            return use + (HeatingSlope * x);
        }

        // A comparison with NaN is false: a side that is not there adds nothing.
        use += x < HeatingBreakpoint ? HeatingSlope * (x - HeatingBreakpoint) : 0;
        return x > CoolingBreakpoint ? use + (CoolingSlope * (x - CoolingBreakpoint)) : use;
    }

    internal static LinearChangePointFit Refused(ChangePointForm form, ChangePointRefusal why, LinearChangePointWorkspace workspace) => new()
    {
        Form = form,
        AttainedBy = form,
        Refusal = why,
        HeatingBreakpoint = double.NaN,
        CoolingBreakpoint = double.NaN,
        Base = double.NaN,
        HeatingSlope = double.NaN,
        CoolingSlope = double.NaN,
        Linear = default,
        LinearCount = workspace.LinearCount,
        Sse = double.NaN,
        ParameterCount = ChangePointSolver.Parameters(form) + workspace.LinearCount,
        Points = workspace.Points,
    };
}
