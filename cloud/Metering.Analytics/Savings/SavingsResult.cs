using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Savings;

/// <summary>What kind of saving is stated (IPMVP Core Concepts; ASHRAE Guideline 14-2014, 4.2).</summary>
public enum SavingsKind
{
    /// <summary>The baseline model under the conditions of the reporting period, less what was metered there (forecast).</summary>
    Avoided = 0,

    /// <summary>What was metered in the baseline period, less a model of the reporting period under the conditions of the baseline.</summary>
    Backcast = 1,

    /// <summary>Both models under agreed conditions, one less the other.</summary>
    Normalised = 2,
}

/// <summary>How a saving is computed.</summary>
public sealed record SavingsOptions
{
    /// <summary>Which model; <see cref="ModelKind.Auto"/> chooses among all that the drivers allow.</summary>
    public ModelKind Model { get; init; } = ModelKind.Ols;

    /// <summary>Probability with which the true saving lies inside the interval, above 0 and below 1.</summary>
    public double Confidence { get; init; } = 0.9;

    /// <summary>When to refuse.</summary>
    public BaselineRules Rules { get; init; } = new();

    /// <summary>Non-routine events to adjust for; each is estimated together with the model.</summary>
    public IReadOnlyList<NonRoutineAdjustment> Adjustments { get; init; } = [];

    /// <summary>Spans whose rows are left out of both periods, as faults of the data.</summary>
    public IReadOnlyList<Period> Excluded { get; init; } = [];

    /// <summary>
    /// Drivers are candidates: one that is constant or moves with another is left out with a note instead of refusing the
    /// whole. False: the caller named them and is told.
    /// </summary>
    public bool DriversAreCandidates { get; init; }

    /// <summary>
    /// Accuracy class of the meter in percent of reading (class 1 of IEC 62053-21: 1); 0 when it is not known. Taken as the bound
    /// of a uniform, constant error (GUM 4.3.7) that does not average out.
    /// </summary>
    public double MeterClassPercent { get; init; }

    /// <summary>The meter was replaced between the periods: the errors of the two meters are independent and do not cancel.</summary>
    public bool IsMeterReplaced { get; init; }

    /// <summary>Relative standard uncertainty in percent of a stipulated factor in the use (IPMVP option A); 0 when nothing is stipulated.</summary>
    public double StipulatedPercent { get; init; }

    /// <summary>A claimed saving in the unit of use, for the probability that it was reached; null without a claim.</summary>
    public double? Claim { get; init; }
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

    /// <summary>Probability that the saving is at least <see cref="SavingsOptions.Claim"/>, 0 to 1; null without a claim.</summary>
    public double? ProbabilityOfClaim { get; init; }

    /// <summary>What kind of saving this is.</summary>
    public SavingsKind Kind { get; init; }

    /// <summary>Where the variance of <see cref="Savings"/> comes from.</summary>
    public required SavingsVariance Variance { get; init; }

    /// <summary>Probability of the Ljung-Box test; below 0.01 the autoregression is rejected and moving blocks are used where they are wider. NaN with too few rows.</summary>
    public required double LjungBoxProbability { get; init; }

    /// <summary>Sizes of the non-routine events that were adjusted for.</summary>
    public IReadOnlyList<AdjustmentSize> Adjustments { get; init; } = [];

    /// <summary>Mean of each term of the model over the reporting rows; empty for models without terms.</summary>
    public IReadOnlyList<double> ReportingTermMeans { get; init; } = [];

    /// <summary>Breakpoints of the model; empty when it has none.</summary>
    public IReadOnlyList<ModelBreakpoint> Breakpoints { get; init; } = [];

    /// <summary>The models that were compared, best first; one when the model was given.</summary>
    public IReadOnlyList<CandidateModel> Candidates { get; init; } = [];

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

/// <summary>Where the slope of use over a driver changes.</summary>
/// <param name="Driver">Name of the driver.</param>
/// <param name="Side">Whether the slope lies below (heating) or above (cooling) the breakpoint.</param>
/// <param name="Value">Where.</param>
/// <param name="Unit">Unit when it is not the driver's own column's; empty otherwise.</param>
public readonly record struct ModelBreakpoint(string Driver, TermKind Side, double Value, string Unit)
{
    /// <summary>Bounds of the breakpoint by profile likelihood; infinite on a side where the data set none, NaN when not computed.</summary>
    public (double Low, double High) Bounds { get; init; } = (double.NaN, double.NaN);
}

/// <summary>A saving, or the reasons why there is none.</summary>
public sealed record SavingsOutcome
{
    /// <summary>The saving; null when refused.</summary>
    public SavingsResult? Result { get; init; }

    /// <summary>The saving without any adjustment for events; null when there was none to adjust for, or when refused.</summary>
    public SavingsResult? WithoutEvents { get; init; }

    /// <summary>Whether a number is given.</summary>
    public bool IsAccepted => Result is not null;

    /// <summary>Why it was refused; empty when accepted.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What to look at beside the numbers.</summary>
    public required IReadOnlyList<Reason> Warnings { get; init; }
}
