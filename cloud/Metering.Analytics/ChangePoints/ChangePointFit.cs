namespace Metering.Analytics.ChangePoints;

/// <summary>A fitted form, or the reason why there is none; then all numbers are NaN.</summary>
public readonly record struct ChangePointFit
{
    /// <summary>The form asked for.</summary>
    public required ChangePointForm Form { get; init; }

    /// <summary>
    /// The simplest form that has this optimum. It differs from <see cref="Form"/> when a slope is zero, when a breakpoint lies at
    /// the end of the data or when both breakpoints coincide: the breakpoint asked for is then not supported by the data.
    /// </summary>
    public ChangePointForm AttainedBy { get; init; }

    /// <summary>Why there is no fit; <see cref="ChangePointRefusal.None"/> when there is one.</summary>
    public ChangePointRefusal Refusal { get; init; }

    /// <summary>Where the heating line ends, in the driver's unit; NaN without one. 4P: the same as <see cref="CoolingBreakpoint"/>.</summary>
    public double HeatingBreakpoint { get; init; }

    /// <summary>Where the cooling line begins, in the driver's unit; NaN without one.</summary>
    public double CoolingBreakpoint { get; init; }

    /// <summary>Use at the breakpoint and on the constant part; for 1P the mean, for 2P the use at a driver of zero.</summary>
    public double Base { get; init; }

    /// <summary>Use per unit of the driver below the heating breakpoint; negative when use falls as the driver rises. 0 without a heating side. 2P: the slope.</summary>
    public double HeatingSlope { get; init; }

    /// <summary>Use per unit of the driver above the cooling breakpoint; 0 without a cooling side. 2P: the slope.</summary>
    public double CoolingSlope { get; init; }

    /// <summary>Sum of squared residuals, from the residuals themselves.</summary>
    public double Sse { get; init; }

    /// <summary>Parameters of <see cref="Form"/>, breakpoints counted: 1 to 5.</summary>
    public int ParameterCount { get; init; }

    /// <summary>Points fitted.</summary>
    public int Points { get; init; }

    /// <summary>The fit's use at a value of the driver; NaN for a refused fit.</summary>
    /// <param name="x">Driver, in the unit of the fitted values.</param>
    public double Predict(double x)
    {
        if (AttainedBy == ChangePointForm.Line && double.IsNaN(HeatingBreakpoint) && double.IsNaN(CoolingBreakpoint))
        {
            return Base + (HeatingSlope * x);
        }

        // A comparison with NaN is false: a side that is not there adds nothing.
        double use = Base;
        if (x < HeatingBreakpoint)
        {
            use += HeatingSlope * (x - HeatingBreakpoint);
        }

        if (x > CoolingBreakpoint)
        {
            use += CoolingSlope * (x - CoolingBreakpoint);
        }

        return use;
    }

    internal static ChangePointFit Refused(ChangePointForm form, ChangePointRefusal why, int points, int parameters) => new()
    {
        Form = form,
        AttainedBy = form,
        Refusal = why,
        HeatingBreakpoint = double.NaN,
        CoolingBreakpoint = double.NaN,
        Base = double.NaN,
        HeatingSlope = double.NaN,
        CoolingSlope = double.NaN,
        Sse = double.NaN,
        ParameterCount = parameters,
        Points = points,
    };
}
