using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Projects;

/// <summary>
/// From the use of the baseline to what the meter counted over the reporting period. The steps add up exactly:
/// baseline + routine + events - saving = metered, and metered + not counted = register.
/// </summary>
internal sealed record WaterfallAnalysis
{
    /// <summary>Mean daily use of the baseline times the days that count.</summary>
    public required double Baseline { get; init; }

    /// <summary>What other production, weather and calendar would have changed (IPMVP: routine adjustment).</summary>
    public required double Routine { get; init; }

    /// <summary>What decided events changed (IPMVP: non-routine adjustment); 0 when none is decided.</summary>
    public required double Events { get; init; }

    /// <summary>The saving of the measure; negative when more was used.</summary>
    public required double Saving { get; init; }

    /// <summary>Metered use of the days that count.</summary>
    public required double Metered { get; init; }

    /// <summary>
    /// Last register of the reporting period less its first: with it, use on days that do not count is seen. NaN for a
    /// register that began anew.
    /// </summary>
    public required double Register { get; init; }

    /// <summary>The adjusted baseline.</summary>
    public double Adjusted => Baseline + Routine + Events;

    /// <summary>Use on days that do not count: no saving is claimed for it. NaN when the register cannot tell.</summary>
    public double NotCounted => Register - Metered;

    /// <summary>The steps of a saving.</summary>
    /// <param name="savings">The saving.</param>
    /// <param name="plainCounterfactual">The model's use over the same days without any event.</param>
    /// <param name="register">See <see cref="Register"/>.</param>
    public static WaterfallAnalysis Of(SavingsResult savings, double plainCounterfactual, double register)
    {
        BaselineFit fit = savings.Fit;
        double baseline = fit.MeanUse * savings.MeteredByRow.Count;
        return new()
        {
            Baseline = baseline,
            Routine = plainCounterfactual - baseline,
            Events = savings.Counterfactual - plainCounterfactual,
            Saving = savings.Savings,
            Metered = savings.Metered,
            Register = register,
        };
    }
}
