using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>Computes avoided use with its uncertainty, or refuses with reasons.</summary>
public static class SavingsCalculator
{
    /// <summary>
    /// Avoided use in the reporting period against a baseline fitted on the baseline period (IPMVP option B or C, forecast).
    /// The interval allows for autocorrelated residuals, for the uncertainty of the model itself, its breakpoints and its
    /// choice, for estimated events and for what the options tell of the meter.
    /// </summary>
    /// <param name="table">Rows of both periods; other rows are not used.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="reporting">The period after the project; it must not share time with the baseline.</param>
    /// <param name="options">Model, confidence, rules, events; the defaults when null.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, repeated or too many drivers, or options out of range.</exception>
    public static SavingsOutcome Avoided(ModelTable table, Period baseline, Period reporting, SavingsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new SavingsOptions();
        Check(options);
        List<Reason> reasons = [];
        List<Reason> warnings = [];
        ModelRows rows = ModelRows.Order(table, options.Model != ModelKind.Mean, reasons, warnings);
        BaselineGate gate = new(options.Rules, rows.Spacing, reasons, warnings);
        gate.CheckPeriods(baseline, reporting);
        PeriodRows before = rows.Select(baseline, options.Excluded);
        PeriodRows after = rows.Select(reporting, options.Excluded);
        NonRoutineAdjustment[] early = [.. options.Adjustments.Where(adjustment => adjustment.Period.StartUtcMilliseconds < baseline.EndUtcMilliseconds)];
        NonRoutineAdjustment[] late = [.. options.Adjustments.Where(adjustment => adjustment.Period.StartUtcMilliseconds >= baseline.EndUtcMilliseconds)];
        ModelChoice? choice = ModelChoice.Of(before, early, options, gate);
        if (before.Count > 0)
        {
            gate.CheckReporting(after, before, choice?.DriversUsed(before.Drivers.Length));
        }

        SavingsResult? result = reasons.Count == 0 && choice is not null ? Result(choice, after, late, options, gate) : null;
        SavingsResult? plain = null;
        if (result is not null && options.Adjustments.Count > 0)
        {
            SavingsOptions without = options with { Adjustments = [] };
            BaselineGate silent = new(options.Rules, rows.Spacing, [], []);
            plain = ModelChoice.Refit(choice!, before, silent) is { } same ? Result(same, after, [], without, silent) : null;
        }

        return new SavingsOutcome
        {
            Result = reasons.Count == 0 ? result : null,
            WithoutEvents = reasons.Count == 0 ? plain : null,
            Reasons = reasons,
            Warnings = warnings,
        };
    }

    /// <summary>
    /// Backcast: what was metered in the baseline period, less a model of the reporting period under the conditions of the
    /// baseline. Positive when the plant used more before than it would have after the project.
    /// </summary>
    /// <param name="table">Rows of both periods.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="reporting">The period after the project, on which the model is fitted.</param>
    /// <param name="options">As for <see cref="Avoided"/>.</param>
    /// <exception cref="ArgumentException">As for <see cref="Avoided"/>.</exception>
    public static SavingsOutcome Backcast(ModelTable table, Period baseline, Period reporting, SavingsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new SavingsOptions();
        Check(options);
        List<Reason> reasons = [];
        List<Reason> warnings = [];
        ModelRows rows = ModelRows.Order(table, options.Model != ModelKind.Mean, reasons, warnings);
        BaselineGate gate = new(options.Rules, rows.Spacing, reasons, warnings);
        gate.CheckPeriods(baseline, reporting);
        PeriodRows before = rows.Select(baseline, options.Excluded);
        PeriodRows after = rows.Select(reporting, options.Excluded);
        SavingsOptions plain = options with { Adjustments = [], Claim = -options.Claim };
        ModelChoice? choice = ModelChoice.Of(after, [], plain, gate);
        if (after.Count > 0)
        {
            gate.CheckReporting(before, after, choice?.DriversUsed(after.Drivers.Length));
        }

        if (options.Adjustments.Count > 0)
        {
            reasons.Add(new Reason(ReasonKind.ModelUnsuitable,
                "A backcast is stated without adjustments for events. Exclude the days of the event, or state avoided use."));
        }

        SavingsResult? forecast = reasons.Count == 0 && choice is not null ? Result(choice, before, [], plain, gate) : null;
        return new SavingsOutcome
        {
            Result = reasons.Count == 0 && forecast is not null ? Mirror(forecast) : null,
            Reasons = reasons,
            Warnings = warnings,
        };
    }

    internal static void Check(SavingsOptions options)
    {
        CheckValues(options);
        if (options.Model is not (ModelKind.Auto or ModelKind.Ols or ModelKind.Mean or ModelKind.ChangePoint))
        {
            throw new ArgumentException("This model has a calculator of its own.", nameof(options));
        }
    }

    internal static void CheckValues(SavingsOptions options)
    {
        if (!(options.Confidence > 0 && options.Confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Confidence, "The confidence is above 0 and below 1.");
        }

        if (!(options.MeterClassPercent >= 0 && options.MeterClassPercent < 100) || !(options.StipulatedPercent >= 0 && options.StipulatedPercent < 100))
        {
            throw new ArgumentOutOfRangeException(nameof(options), "The accuracy class and the uncertainty of a stipulated factor are percentages from 0 to 100.");
        }

        if (options.Claim is { } claim && !double.IsFinite(claim))
        {
            throw new ArgumentOutOfRangeException(nameof(options), claim, "The claim is a finite number.");
        }

        if (options.Adjustments.Select(adjustment => adjustment.Name).Distinct(StringComparer.Ordinal).Count() != options.Adjustments.Count)
        {
            throw new ArgumentException("Two adjustments have the same name.", nameof(options));
        }
    }

    private static SavingsResult? Result(
        ModelChoice choice, PeriodRows after, NonRoutineAdjustment[] late, SavingsOptions options, BaselineGate gate)
    {
        BaselineFit fit = choice.Fit;
        if (!IsFinite(fit, after))
        {
            gate.RefuseSize();
            return null;
        }

        PeriodRows extended = after.WithEvents(fit.Events);
        if (ReportingEvents.Estimate(fit, extended, late) is not { } events)
        {
            gate.Refuse(ReasonKind.EventNotEstimable,
                $"An event cannot be told from the model: it covers all rows or none of the reporting period, or two events cover the same rows. Correct its dates.");
            return null;
        }

        gate.WarnOfFit(fit);
        SavingsResult result = SavingsArithmetic.Compute(fit, extended, events, options) with
        {
            Breakpoints = BreakpointSearch.Bounds(choice.Rows, fit, options.Confidence),
        };
        result = WithCandidates(result, choice, after, options, gate);
        return Judge(result, gate);
    }

    // The belief in each candidate times the square of its disagreement; events shift all candidates alike.
    private static SavingsResult WithCandidates(
        SavingsResult result, ModelChoice choice, PeriodRows after, SavingsOptions options, BaselineGate gate)
    {
        List<CandidateModel> told = [];
        PeriodRows extended = after.WithEvents(result.Fit.Events);
        double shift = double.NaN;
        double between = 0;
        int plain = after.Drivers.Length;
        foreach ((CandidateModel candidate, BaselineFit fit) in choice.Candidates)
        {
            // A model that has not seen the conditions has no say about them.
            if (!gate.IsInside(after, choice.Rows, ModelChoice.DriversUsed(fit, plain)))
            {
                told.Add(candidate);
                continue;
            }

            double counterfactual = 0;
            double[] row = new double[extended.Drivers.Length];
            for (int i = 0; i < extended.Count; i++)
            {
                extended.CopyDrivers(i, row);
                counterfactual += fit.Predict(row);
            }

            double savings = counterfactual - result.Metered;
            shift = double.IsNaN(shift) ? result.Savings - savings : shift;
            savings += shift;
            double difference = savings - result.Savings;
            between += candidate.Weight * difference * difference;
            told.Add(candidate with { Savings = savings, SavingsPercent = 100 * savings / (savings + result.Metered) });
        }

        SavingsVariance variance = result.Variance with { BetweenModels = between };
        StatedInterval stated = StatedInterval.Of(result.Savings, variance.Total, result.DegreesOfFreedom, options);
        double[] cumulative = [.. result.CumulativeHalfWidth];
        if (cumulative.Length > 0)
        {
            cumulative[^1] = stated.HalfWidth;
        }

        return result with
        {
            Candidates = told,
            Variance = variance,
            StandardError = stated.StandardError,
            HalfWidth = stated.HalfWidth,
            CumulativeHalfWidth = cumulative,
            ProbabilityOfSaving = stated.ProbabilityOfSaving,
            ProbabilityOfClaim = stated.ProbabilityOfClaim,
        };
    }

    // Squares of numbers beyond 1e154 or so are infinite, and what is made of them is no number.
    private static bool IsFinite(BaselineFit fit, PeriodRows rows) =>
        double.IsFinite(fit.SumOfSquaredErrors) && fit.Coefficients.All(double.IsFinite)
        && double.IsFinite(AutocorrelatedErrors.Of(fit).DegreesOfFreedom) && double.IsFinite(FixedSum.Sum(rows.Use));

    internal static SavingsResult? Judge(SavingsResult result, BaselineGate gate)
    {
        if (!(result.Counterfactual > 0) || !double.IsFinite(result.Counterfactual) || !double.IsFinite(result.HalfWidth))
        {
            gate.Refuse(ReasonKind.NoCounterfactual,
                $"The model predicts no use in the reporting period, so that there is nothing to save from. Check the use column and the drivers.");
            return null;
        }

        gate.WarnOfResult(result);
        return result;
    }

    // A forecast from the reporting period to the baseline says what would have been used then; the saving is its negative.
    private static SavingsResult Mirror(SavingsResult forecast)
    {
        double counterfactual = forecast.Metered;
        return forecast with
        {
            Kind = SavingsKind.Backcast,
            Counterfactual = counterfactual,
            Metered = forecast.Counterfactual,
            Savings = -forecast.Savings,
            SavingsPercent = 100 * -forecast.Savings / counterfactual,
            ProbabilityOfSaving = 1 - forecast.ProbabilityOfSaving,
            ProbabilityOfClaim = 1 - forecast.ProbabilityOfClaim,
            CumulativeSavings = [.. forecast.CumulativeSavings.Select(value => -value)],
            Candidates = [.. forecast.Candidates.Select(candidate => candidate with
            {
                Savings = -candidate.Savings,
                SavingsPercent = 100 * -candidate.Savings / counterfactual,
            })],
        };
    }
}
