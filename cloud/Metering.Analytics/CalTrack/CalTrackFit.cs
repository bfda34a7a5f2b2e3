using Metering.Analytics.Baselines;

namespace Metering.Analytics.CalTrack;

/// <summary>One model of the search.</summary>
/// <param name="HeatingBalanceFahrenheit">Heating balance point, degrees Fahrenheit; NaN when the model has no heating.</param>
/// <param name="CoolingBalanceFahrenheit">Cooling balance point, degrees Fahrenheit; NaN when the model has no cooling.</param>
/// <param name="AdjustedR2">1 - (1 - R2)(n - 1)/(n - c - 1) of use per day; 0 for the mean, which may also beat others that are negative.</param>
public readonly record struct CalTrackCandidate(double HeatingBalanceFahrenheit, double CoolingBalanceFahrenheit, double AdjustedR2);

/// <summary>
/// A fitted CalTRACK 2.0 model: use per day = base + heating slope x HDD + cooling slope x CDD (3.3.2). Degree days are per day,
/// in degrees Fahrenheit. Columns hold the usable rows of the baseline, ascending in time; "use" is in the meter's unit per row.
/// </summary>
public sealed record CalTrackFit
{
    /// <summary>Whether rows are bills (weighted by days) or days.</summary>
    public required bool IsBilling { get; init; }

    /// <summary>What the meter counts.</summary>
    public required MeteredFuel Fuel { get; init; }

    /// <summary>Heating balance point, degrees Fahrenheit; NaN when the model has no heating.</summary>
    public required double HeatingBalanceFahrenheit { get; init; }

    /// <summary>Cooling balance point, degrees Fahrenheit; NaN when the model has no cooling.</summary>
    public required double CoolingBalanceFahrenheit { get; init; }

    /// <summary>Use per day without heating and cooling.</summary>
    public required double BasePerDay { get; init; }

    /// <summary>Use per heating degree day (Fahrenheit); 0 when the model has no heating.</summary>
    public required double HeatingPerDegreeDay { get; init; }

    /// <summary>Use per cooling degree day (Fahrenheit); 0 when the model has no cooling.</summary>
    public required double CoolingPerDegreeDay { get; init; }

    /// <summary>Names of the terms after the base, such as hdd_53 and cdd_68: the side and the balance point in Fahrenheit.</summary>
    public required IReadOnlyList<string> TermNames { get; init; }

    /// <summary>Base, then one slope per term.</summary>
    public required IReadOnlyList<double> Coefficients { get; init; }

    /// <summary>Standard errors of <see cref="Coefficients"/> with the balance points taken as known, for independent residuals.</summary>
    public required IReadOnlyList<double> StandardErrors { get; init; }

    /// <summary>Two-sided p values of the coefficients, Student's t with n - p degrees of freedom.</summary>
    public required IReadOnlyList<double> PValues { get; init; }

    /// <summary>p value of the F test of all slopes; NaN for the mean. Too small, because the balance points were searched for.</summary>
    public required double FProbability { get; init; }

    /// <summary>Share of the weighted variance of use per day that is explained, 0 to 1.</summary>
    public required double R2 { get; init; }

    /// <summary>1 - (1 - R2)(n - 1)/(n - c - 1), the quantity that is maximised (3.4.3.3).</summary>
    public required double AdjustedR2 { get; init; }

    /// <summary>Models in question: 2,014 with cooling, 62 without.</summary>
    public required int CandidateCount { get; init; }

    /// <summary>Models with enough degree days and no negative parameter.</summary>
    public required int QualifiedCount { get; init; }

    /// <summary>Up to five best models, the chosen one first.</summary>
    public required IReadOnlyList<CalTrackCandidate> Best { get; init; }

    /// <summary>Rows fitted.</summary>
    public required int N { get; init; }

    /// <summary>Fitted coefficients, the base among them, balance points not.</summary>
    public required int P { get; init; }

    /// <summary>Mean use per row.</summary>
    public double MeanUse { get; init; }

    /// <summary>Sum of squared residuals of use per row.</summary>
    public double SumOfSquaredErrors { get; init; }

    /// <summary>Sum of residuals of use per row; zero for days, not quite for bills, whose fit is per day.</summary>
    public double ResidualSum { get; init; }

    /// <summary>sqrt(SSE/(n - p)) / mean use per row, as a fraction; NaN when n does not pass p or the mean is not above zero.</summary>
    public double CvRmse { get; init; }

    /// <summary>Correlation of each residual of use per row with the one before it, -1 to 1.</summary>
    public double Lag1Autocorrelation { get; init; }

    /// <summary>Days that the rows cover.</summary>
    public double CoveredDays { get; init; }

    /// <summary>The rows' intervals and metered use.</summary>
    public required IReadOnlyList<MeteredInterval> Intervals { get; init; }

    /// <summary>Weights of the rows: 1 for days, days with temperature for bills (3.4.2).</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Heating degree days per day of the rows; empty when the model has no heating.</summary>
    public required IReadOnlyList<double> HeatingDegreeDaysPerDay { get; init; }

    /// <summary>Cooling degree days per day of the rows; empty when the model has no cooling.</summary>
    public required IReadOnlyList<double> CoolingDegreeDaysPerDay { get; init; }

    /// <summary>The model's use per row.</summary>
    public required IReadOnlyList<double> Fitted { get; init; }

    /// <summary>Metered less fitted, use per row.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>Lowest and highest mean temperature of a day in the baseline, degrees Fahrenheit.</summary>
    public (double Low, double High) DayTemperatures { get; init; }

    /// <summary>The options of the fit.</summary>
    internal CalTrackOptions Options { get; init; } = new();
}

/// <summary>A CalTRACK fit with what stands against it. A fit may be given for comparison although there are reasons against a saving.</summary>
public sealed record CalTrackOutcome
{
    /// <summary>The fit; null when there is nothing to fit.</summary>
    public CalTrackFit? Fit { get; init; }

    /// <summary>Whether the fit may carry a saving.</summary>
    public bool IsAccepted => Fit is not null && Reasons.Count == 0;

    /// <summary>Why it may not; empty when it may. <see cref="ReasonKind.TooFewPoints"/> says that the data are thin.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What to look at beside the numbers.</summary>
    public required IReadOnlyList<Reason> Warnings { get; init; }
}

/// <summary>Memory that fits of several meters can share, one after the other.</summary>
public sealed class CalTrackWorkspace
{
    internal BalancePointWorkspace Points { get; } = new();
}
