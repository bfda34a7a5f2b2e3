using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Towt;

/// <summary>Which time-of-week-and-temperature model.</summary>
public enum TowtKind
{
    /// <summary>One model of the plant's hours of the week.</summary>
    Hourly = 0,

    /// <summary>One model of the plant's days of the week.</summary>
    Daily = 1,

    /// <summary>CalTRACK 2.0 hourly: twelve models, each of a month and, with half weight, its neighbours.</summary>
    CalTrackHourly = 2,

    /// <summary>CalTRACK 2.0 hourly with one model for all months.</summary>
    CalTrackHourlySingle = 3,
}

/// <summary>One model of the fit.</summary>
/// <param name="Month">The month it predicts, 1 to 12; 0 for all of them.</param>
/// <param name="Occupied">Per hour of the week (Monday 00:00 first) or day of the week (Monday first): whether use is mostly above what temperature explains.</param>
/// <param name="OccupiedKnots">Temperatures at which the slope of occupied times changes.</param>
/// <param name="UnoccupiedKnots">Temperatures at which the slope of the other times changes.</param>
/// <param name="Parameters">Coefficients fitted.</param>
public sealed record TowtSegmentSummary(
    int Month, IReadOnlyList<bool> Occupied, IReadOnlyList<double> OccupiedKnots, IReadOnlyList<double> UnoccupiedKnots, int Parameters);

/// <summary>A fitted model. Columns of rows hold the usable rows of the baseline, ascending in time.</summary>
public sealed record TowtFit
{
    /// <summary>Which model.</summary>
    public required TowtKind Kind { get; init; }

    /// <summary>The models: one, or twelve in the order of the months.</summary>
    public required IReadOnlyList<TowtSegmentSummary> Segments { get; init; }

    /// <summary>Rows fitted.</summary>
    public required int N { get; init; }

    /// <summary>
    /// Trace of the matrix that turns metered into fitted use. For one model it is the number of coefficients, exactly; for the
    /// twelve overlapping ones it is the number of coefficients they amount to, about half of all.
    /// </summary>
    public required double HatTrace { get; init; }

    /// <summary>Coefficients of all models together.</summary>
    public required int P { get; init; }

    /// <summary>Mean use of the rows.</summary>
    public required double MeanUse { get; init; }

    /// <summary>Sum of squared residuals.</summary>
    public required double SumOfSquaredErrors { get; init; }

    /// <summary>Share of the variance explained: 1 less the squared residuals over the squared deviations from the mean.</summary>
    public required double R2 { get; init; }

    /// <summary>sqrt(SSE / (n - <see cref="HatTrace"/>)) / mean use, as a fraction; NaN when mean use is not above zero.</summary>
    public required double CvRmse { get; init; }

    /// <summary>Sum of residuals over sum of use, as a fraction; NaN when mean use is not above zero.</summary>
    public required double Nmbe { get; init; }

    /// <summary>Correlation of each residual with the one before it, -1 to 1; rows count as neighbours across a gap.</summary>
    public required double Lag1Autocorrelation { get; init; }

    /// <summary>Share of the baseline period that usable rows cover, 0 to 1.</summary>
    public required double Coverage { get; init; }

    /// <summary>Names of the linear drivers, then of the operating modes after the first ("mode=2").</summary>
    public required IReadOnlyList<string> DriverNames { get; init; }

    /// <summary>Use per unit of each linear driver and mode; 0 for one that follows from the others. Empty in CalTRACK models.</summary>
    public required IReadOnlyList<double> DriverSlopes { get; init; }

    /// <summary>Starts of the rows, UTC milliseconds since 1970-01-01.</summary>
    public required IReadOnlyList<long> StartUtcMilliseconds { get; init; }

    /// <summary>Metered use of the rows.</summary>
    public required IReadOnlyList<double> Metered { get; init; }

    /// <summary>The model's use for the rows.</summary>
    public required IReadOnlyList<double> Fitted { get; init; }

    /// <summary>Metered less fitted.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    internal TowtInside Inside { get; init; } = null!;

    /// <summary>
    /// The model's use for rows of any period. Rows without a temperature or another driver, with an operating mode or at a time of
    /// the week that the baseline does not hold are left out and counted; no value stands in for them.
    /// </summary>
    /// <param name="table">Rows with the drivers of the fit; use may be missing (NaN).</param>
    /// <param name="period">Which rows.</param>
    /// <exception cref="ArgumentException">A driver of the fit is not in the table, columns differ in length, or two rows conflict.</exception>
    public TowtPrediction Predict(ModelTable table, Period period) => Inside.Predict(table, period, meteredOnly: false);

    /// <summary>
    /// Trace of H O, with H the matrix that turns metered into fitted use and O the correlations r^|i-j| of residuals: the
    /// residual variance is SSE / (n - this) when residuals follow a first-order autoregression.
    /// </summary>
    /// <param name="correlation">r, from 0 to below 1; with 0 the result is <see cref="HatTrace"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The correlation is outside that range.</exception>
    public double HatTraceUnder(double correlation)
    {
        if (!(correlation >= 0 && correlation < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "The correlation is from 0 to below 1.");
        }

        return Inside.HatTraceUnder(correlation);
    }
}

/// <summary>Predictions of a period, ascending in time.</summary>
public sealed record TowtPrediction
{
    /// <summary>Starts of the rows, UTC milliseconds since 1970-01-01.</summary>
    public required IReadOnlyList<long> StartUtcMilliseconds { get; init; }

    /// <summary>Metered use of the rows; NaN where it is missing.</summary>
    public required IReadOnlyList<double> Metered { get; init; }

    /// <summary>The baseline model's use for the rows.</summary>
    public required IReadOnlyList<double> Predicted { get; init; }

    /// <summary>
    /// Variance of each prediction, the row's own residual left out, per variance of an independent residual: its leverage
    /// x'(X'X)^-1 x. For the weighted models of CalTRACK it is an upper bound.
    /// </summary>
    public required IReadOnlyList<double> VarianceFactor { get; init; }

    /// <summary>Sum of <see cref="Predicted"/>.</summary>
    public required double TotalPredicted { get; init; }

    /// <summary>
    /// One element per row of the baseline: the change of <see cref="TotalPredicted"/> per unit of change of its use, with the
    /// occupied times held. For one model it is w = X (X'X)^-1 X_R'1, so that the model's share of the variance is s2 w'Ow.
    /// </summary>
    public required IReadOnlyList<double> Influence { get; init; }

    /// <summary>Rows of the period for which the model has no answer.</summary>
    public required int RowsLeftOut { get; init; }

    /// <summary>Share of the period that the rows cover, 0 to 1.</summary>
    public required double Coverage { get; init; }
}

/// <summary>A fitted model, or the reasons why there is none.</summary>
public sealed record TowtOutcome
{
    /// <summary>The fit; null when refused.</summary>
    public TowtFit? Fit { get; init; }

    /// <summary>Predictions for the metered rows of the reporting period; null when refused or when no such period was given.</summary>
    public TowtPrediction? Reporting { get; init; }

    /// <summary>Why it was refused; empty when there is a fit.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>What to look at beside the numbers.</summary>
    public required IReadOnlyList<Reason> Warnings { get; init; }
}
