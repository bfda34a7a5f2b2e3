using Metering.Analytics.Baselines;
using Metering.Analytics.Towt;

namespace Metering.Analytics.Savings;

/// <summary>Avoided use with a time-of-week-and-temperature model and our interval.</summary>
public static class TowtSavings
{
    private const int HoursPerDay = 24;

    /// <summary>The saving of a fitted model with its reporting period.</summary>
    /// <param name="outcome">The model, fitted with a reporting period.</param>
    /// <param name="options">Confidence, claim and meter class; events and model are not read.</param>
    /// <exception cref="ArgumentException">A model without a reporting period, or options out of range.</exception>
    public static SavingsOutcome Compute(TowtOutcome outcome, SavingsOptions options)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(options);
        List<Reason> reasons = [.. outcome.Reasons];
        List<Reason> warnings = [.. outcome.Warnings];
        SavingsResult? result = null;
        if (outcome.Fit is { } fit && reasons.Count == 0)
        {
            TowtPrediction reporting = outcome.Reporting
                ?? throw new ArgumentException("The model was fitted without a reporting period.", nameof(outcome));
            BaselineGate gate = new(options.Rules, 0, reasons, warnings);
            if (reporting.StartUtcMilliseconds.Count == 0)
            {
                gate.Refuse(ReasonKind.EmptyPeriod, $"The reporting period has no row for which the model has an answer. Check its dates and the columns.");
            }
            else
            {
                result = SavingsCalculator.Judge(ProjectedSavings.Compute(Project(fit, reporting), options), gate);
            }
        }

        return new SavingsOutcome { Result = reasons.Count == 0 ? result : null, Reasons = reasons, Warnings = warnings };
    }

    private static ProjectedModel Project(TowtFit fit, TowtPrediction reporting) => new()
    {
        Model = fit.Kind switch
        {
            TowtKind.Hourly => ModelKind.TowtHourly,
            TowtKind.Daily => ModelKind.TowtDaily,
            _ => ModelKind.CalTrackHourly,
        },
        CoefficientNames = fit.DriverNames,
        Coefficients = fit.DriverSlopes,
        Breakpoints = [],
        P = (int)Math.Max(1, Math.Floor(fit.HatTrace + 0.5)),
        BaselineStartUtcMilliseconds = fit.StartUtcMilliseconds,
        BaselineUse = fit.Metered,
        Fitted = fit.Fitted,
        Influence = reporting.Influence,
        ReportingStartUtcMilliseconds = reporting.StartUtcMilliseconds,
        ReportingUse = reporting.Metered,
        Predicted = reporting.Predicted,
        RowsPerGroup = fit.Kind == TowtKind.Daily ? 1 : HoursPerDay,
        BaselineCoverage = fit.Coverage,
        ReportingCoverage = reporting.Coverage,
    };
}
