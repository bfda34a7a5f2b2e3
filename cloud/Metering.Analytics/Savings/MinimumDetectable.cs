using Metering.Analytics.Baselines;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>
/// What a planned project can show, before it starts: the half-width of the interval that the baseline and a reporting period of
/// a given length will give, for conditions like those of the baseline. A saving smaller than this will not be told from zero.
/// </summary>
public sealed record MinimumDetectable
{
    /// <summary>Share of a saving that its half-width may be, for the rule of thumb "10 % at 50 %".</summary>
    private const double LargestRelativeUncertainty = 0.5;

    private const double UsualSavingPercent = 10;

    /// <summary>Rows planned for the reporting period.</summary>
    public required int PlannedRows { get; init; }

    /// <summary>Probability of the interval, as a fraction.</summary>
    public required double Confidence { get; init; }

    /// <summary>Smallest saving that will be told from zero, in the unit of use over the planned rows.</summary>
    public required double Savings { get; init; }

    /// <summary>The same in percent of expected use.</summary>
    public required double Percent { get; init; }

    /// <summary>Whether a saving of 10 % will be known to half of itself: needs <see cref="Percent"/> of at most 5.</summary>
    public bool CanShowTenPercent => Percent <= LargestRelativeUncertainty * UsualSavingPercent;

    /// <summary>Predicts the half-width from a baseline alone.</summary>
    /// <param name="fit">The baseline.</param>
    /// <param name="plannedRows">Rows of the reporting period, at least 1.</param>
    /// <param name="confidence">Probability of the interval, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of rows or a confidence out of range.</exception>
    public static MinimumDetectable Of(BaselineFit fit, int plannedRows, double confidence)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentOutOfRangeException.ThrowIfLessThan(plannedRows, 1);
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence is above 0 and below 1.");
        }

        AutocorrelatedErrors errors = AutocorrelatedErrors.Of(fit);

        // At the mean of the baseline's conditions only the intercept's coordinate is left.
        double[] sum = new double[errors.Order];
        sum[0] = plannedRows / Math.Sqrt(fit.N);
        GrowingSum noise = new(errors.Correlation);
        for (int i = 0; i < plannedRows; i++)
        {
            noise.Add(i == 0 ? 0 : 1);
        }

        double variance = errors.Variance * (errors.OfModel(sum) + noise.Variance);
        double savings = StudentT.TwoSidedQuantile(confidence, errors.DegreesOfFreedom) * Math.Sqrt(variance);
        double expected = plannedRows * fit.MeanUse;
        return new MinimumDetectable
        {
            PlannedRows = plannedRows,
            Confidence = confidence,
            Savings = savings,
            Percent = expected > 0 ? 100 * savings / expected : double.NaN,
        };
    }
}
