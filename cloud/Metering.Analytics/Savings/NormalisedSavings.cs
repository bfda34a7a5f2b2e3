using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;

namespace Metering.Analytics.Savings;

/// <summary>Savings under agreed conditions: both periods' models at the same rows of drivers (ASHRAE Guideline 14-2014, 4.2.3; IPMVP normalised savings).</summary>
public static class NormalisedSavings
{
    /// <summary>
    /// Sum over the conditions of the baseline's model less the reporting period's model. Each model is chosen or fitted on its
    /// own period; both must have seen the conditions. No noise of single rows enters, as no row of the conditions was metered.
    /// </summary>
    /// <param name="table">Rows of both periods.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="reporting">The period after the project.</param>
    /// <param name="conditions">Drivers of a typical year or of agreed production, one row per interval; use is not read.</param>
    /// <param name="options">Model, confidence, rules; adjustments for events are not allowed here.</param>
    /// <exception cref="ArgumentException">Columns of different lengths, other driver names in the conditions, or options out of range.</exception>
    public static SavingsOutcome Compute(
        ModelTable table, Period baseline, Period reporting, ModelTable conditions, SavingsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(conditions);
        options ??= new SavingsOptions();
        SavingsCalculator.Check(options);
        if (!table.Drivers.Select(driver => driver.Name).SequenceEqual(conditions.Drivers.Select(driver => driver.Name), StringComparer.Ordinal))
        {
            throw new ArgumentException("The conditions have other drivers than the table.", nameof(conditions));
        }

        List<Reason> reasons = [];
        List<Reason> warnings = [];
        ModelRows rows = ModelRows.Order(table, options.Model != ModelKind.Mean, reasons, warnings);
        BaselineGate gate = new(options.Rules, rows.Spacing, reasons, warnings);
        gate.CheckPeriods(baseline, reporting);
        if (options.Adjustments.Count > 0)
        {
            gate.Refuse(ReasonKind.ModelUnsuitable,
                $"A normalised saving is stated without adjustments for events. Exclude the days of the event, or state avoided use.");
        }

        PeriodRows before = rows.Select(baseline, options.Excluded);
        PeriodRows after = rows.Select(reporting, options.Excluded);
        PeriodRows agreed = Agreed(conditions, options.Model != ModelKind.Mean, rows, reasons, warnings);
        ModelChoice? first = ModelChoice.Of(before, [], options, gate);
        ModelChoice? second = ModelChoice.Of(after, [], options, gate);
        if (first is not null && second is not null && reasons.Count == 0)
        {
            gate.CheckReporting(agreed, before, first.DriversUsed(before.Drivers.Length));
            gate.CheckReporting(agreed, after, second.DriversUsed(after.Drivers.Length));
        }

        SavingsResult? result = reasons.Count == 0 ? Difference(first!.Fit, second!.Fit, agreed, options) : null;
        if (result is not null && !(result.Counterfactual > 0))
        {
            gate.Refuse(ReasonKind.NoCounterfactual, $"The baseline's model predicts no use under these conditions. Check them.");
        }
        else if (result is not null)
        {
            gate.WarnOfFit(first!.Fit);
            gate.WarnOfResult(result);
        }

        return new SavingsOutcome { Result = reasons.Count == 0 ? result : null, Reasons = reasons, Warnings = warnings };
    }

    // Conditions have no use of their own; zero stands in for it so that the rows count, and is never read.
    private static PeriodRows Agreed(ModelTable conditions, bool useDrivers, ModelRows rows, List<Reason> reasons, List<Reason> warnings)
    {
        ModelTable filled = conditions with { Use = new double[conditions.StartUtcMilliseconds.Count], UseVariance = [] };
        ModelRows ordered = ModelRows.Order(filled, useDrivers, reasons, warnings);
        if (ordered.Spacing != rows.Spacing && conditions.StartUtcMilliseconds.Count > 1)
        {
            reasons.Add(new Reason(ReasonKind.ModelUnsuitable,
                "The rows of the conditions have another length than the rows of the table. Give the conditions at the same step."));
        }

        return ordered.Select(new Period(long.MinValue / 4, long.MaxValue / 4), []) with { Coverage = 1 };
    }

    private static SavingsResult Difference(BaselineFit before, BaselineFit after, PeriodRows agreed, SavingsOptions options)
    {
        AutocorrelatedErrors beforeErrors = AutocorrelatedErrors.Of(before);
        AutocorrelatedErrors afterErrors = AutocorrelatedErrors.Of(after);
        Bands first = Bands.Walk(before, agreed, ReportingEvents.None(agreed), beforeErrors);
        Bands second = Bands.Walk(after, agreed, ReportingEvents.None(agreed), afterErrors);
        double counterfactual = FixedSum.Sum(first.Adjusted);
        double modelled = FixedSum.Sum(second.Adjusted);
        double savings = counterfactual - modelled;
        double ownVariance = beforeErrors.Variance * beforeErrors.OfModel(first.Sum);
        double otherVariance = afterErrors.Variance * afterErrors.OfModel(second.Sum);
        SavingsVariance variance = new()
        {
            Model = ownVariance + otherVariance,
            Breakpoints = 0,
            Reporting = 0,
        };
        double degrees = Welch(ownVariance, beforeErrors.DegreesOfFreedom, otherVariance, afterErrors.DegreesOfFreedom);
        StatedInterval stated = StatedInterval.Of(savings, variance.Total, degrees, options);
        double[] cumulative = new double[agreed.Count];
        double sum = 0;
        for (int i = 0; i < cumulative.Length; i++)
        {
            sum += first.Adjusted[i] - second.Adjusted[i];
            cumulative[i] = sum;
        }

        return new SavingsResult
        {
            Kind = SavingsKind.Normalised,
            Fit = before,
            Counterfactual = counterfactual,
            Metered = modelled,
            Savings = savings,
            SavingsPercent = 100 * savings / counterfactual,
            HalfWidth = stated.HalfWidth,
            Confidence = options.Confidence,
            StandardError = stated.StandardError,
            DegreesOfFreedom = degrees,
            Autocorrelation = beforeErrors.Correlation,
            ProbabilityOfSaving = stated.ProbabilityOfSaving,
            ProbabilityOfClaim = stated.ProbabilityOfClaim,
            CoveragePercent = 100,
            Variance = variance,
            LjungBoxProbability = ResidualBlocks.LjungBox(before.Residuals, before.StepsBefore, beforeErrors.Correlation),
            StartUtcMilliseconds = agreed.Start,
            MeteredByRow = second.Adjusted,
            AdjustedBaseline = first.Adjusted,
            BandHalfWidth = [.. first.RowVariance.Select(row => stated.Factor * Math.Sqrt(beforeErrors.Variance * row))],
            CumulativeSavings = cumulative,
            CumulativeHalfWidth = [.. cumulative.Select((_, i) => stated.HalfWidth * (i + 1) / cumulative.Length)],
            BaselineCusum = SavingsArithmetic.Cusum(before),
        };
    }

    /// <summary>Degrees of freedom of a sum of two independent estimates (Welch and Satterthwaite, Biometrics Bulletin 2, 1946).</summary>
    private static double Welch(double first, double firstDegrees, double second, double secondDegrees)
    {
        double bottom = (first * first / firstDegrees) + (second * second / secondDegrees);
        return bottom > 0 ? (first + second) * (first + second) / bottom : Math.Min(firstDegrees, secondDegrees);
    }
}
