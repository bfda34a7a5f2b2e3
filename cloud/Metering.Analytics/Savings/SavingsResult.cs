using Metering.Analytics.Baselines;

namespace Metering.Analytics.Savings;

/// <summary>How a saving is computed.</summary>
public sealed record SavingsOptions
{
    /// <summary>Which model.</summary>
    public ModelKind Model { get; init; } = ModelKind.Auto;

    /// <summary>Probability with which the true saving lies inside the interval, above 0 and below 1.</summary>
    public double Confidence { get; init; } = 0.9;

    /// <summary>When to refuse.</summary>
    public BaselineRules Rules { get; init; } = new();
}

/// <summary>
/// Avoided use over the reporting period: what the baseline model would have used under the conditions of each interval,
/// less what was metered. Intervals without metered use or without drivers are left out on both sides.
/// </summary>
public sealed record SavingsResult
{
    /// <summary>The baseline.</summary>
    public required BaselineFit Fit { get; init; }

    /// <summary>Sum of the adjusted baseline.</summary>
    public required double Counterfactual { get; init; }

    /// <summary>Sum of the metered use.</summary>
    public required double Metered { get; init; }

    /// <summary>Counterfactual less metered; negative when more was used.</summary>
    public required double Savings { get; init; }

    /// <summary>Savings in percent of the counterfactual.</summary>
    public required double SavingsPercent { get; init; }

    /// <summary>The true saving lies within this distance of <see cref="Savings"/> with the probability <see cref="Confidence"/>.</summary>
    public required double HalfWidth { get; init; }

    /// <summary>Probability of the interval, as a fraction.</summary>
    public required double Confidence { get; init; }

    /// <summary>Standard error of the saving.</summary>
    public required double StandardError { get; init; }

    /// <summary>Degrees of freedom of the interval, after what autocorrelation takes away.</summary>
    public required double DegreesOfFreedom { get; init; }

    /// <summary>Lag-1 autocorrelation used, after correction of its bias.</summary>
    public required double Autocorrelation { get; init; }

    /// <summary>Probability that there is a saving at all, 0 to 1.</summary>
    public required double ProbabilityOfSaving { get; init; }

    /// <summary>Share of the reporting period covered by usable rows, in percent.</summary>
    public required double CoveragePercent { get; init; }

    /// <summary>Starts of the reporting rows, UTC milliseconds since 1970-01-01. The next columns have the same rows.</summary>
    public required IReadOnlyList<long> StartUtcMilliseconds { get; init; }

    /// <summary>Metered use per row.</summary>
    public required IReadOnlyList<double> MeteredByRow { get; init; }

    /// <summary>The baseline model's use per row.</summary>
    public required IReadOnlyList<double> AdjustedBaseline { get; init; }

    /// <summary>Half-width of the interval around the adjusted baseline of each row: a single row without project lies inside with the probability <see cref="Confidence"/>.</summary>
    public required IReadOnlyList<double> BandHalfWidth { get; init; }

    /// <summary>Sum of the savings up to and with each row.</summary>
    public required IReadOnlyList<double> CumulativeSavings { get; init; }

    /// <summary>Half-width of the interval around each cumulative saving; the last one is <see cref="HalfWidth"/>.</summary>
    public required IReadOnlyList<double> CumulativeHalfWidth { get; init; }

    /// <summary>Cumulative sum of fitted less metered over the rows of the baseline: it ends near zero and shows drifts on the way.</summary>
    public required IReadOnlyList<double> BaselineCusum { get; init; }
}

/// <summary>A saving, or the reasons why there is none.</summary>
public sealed record SavingsOutcome
{
    /// <summary>The saving; null when refused.</summary>
    public SavingsResult? Result { get; init; }

    /// <summary>Whether a number is given.</summary>
    public bool IsAccepted => Result is not null;

    /// <summary>Why it was refused; empty when accepted.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What to look at beside the numbers.</summary>
    public required IReadOnlyList<Reason> Warnings { get; init; }
}
