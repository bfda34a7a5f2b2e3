using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Savings;

/// <summary>Avoided use with the models of CalTRACK 2.0 and our interval: the numbers are the method's, the uncertainty is not.</summary>
public static class CalTrackSavings
{
    private const int Shown = ModelChoice.Shown;

    /// <summary>Avoided use of days or bills. Refused where the method's data sufficiency or ours is not met.</summary>
    /// <param name="intervals">Days or bills of both periods.</param>
    /// <param name="weather">Outdoor temperature of both periods.</param>
    /// <param name="baseline">The period before the project.</param>
    /// <param name="reporting">The period after the project.</param>
    /// <param name="options">Fuel and limits of the method, whether rows are bills, and confidence.</param>
    /// <exception cref="ArgumentException">Intervals that end before they begin, too many of them, or options out of range.</exception>
    public static SavingsOutcome Compute(
        IReadOnlyList<MeteredInterval> intervals, Weather weather, Period baseline, Period reporting, CalTrackSavingsOptions options)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        ArgumentNullException.ThrowIfNull(weather);
        ArgumentNullException.ThrowIfNull(options);
        CalTrackOutcome outcome = options.IsBilling
            ? CalTrackBilling.Fit(intervals, weather, baseline, options.Method)
            : CalTrackDaily.Fit(intervals, weather, baseline, options.Method);
        List<Reason> reasons = [.. outcome.Reasons];
        List<Reason> warnings = [.. outcome.Warnings];
        SavingsResult? result = null;
        if (outcome.Fit is { } fit)
        {
            CalTrackCounterfactual counterfactual = CalTrackCounterfactual.Of(fit, intervals, weather, reporting, options.Savings.Rules);
            reasons.AddRange(counterfactual.Reasons);
            warnings.AddRange(counterfactual.Warnings);
            CounterfactualRow[] rows = [.. counterfactual.Rows.Where(row => !double.IsNaN(row.Use))];
            if (reasons.Count == 0 && rows.Length > 0)
            {
                result = ProjectedSavings.Compute(Project(fit, rows, baseline, reporting), options.Savings);
                BaselineGate gate = new(options.Savings.Rules, 0, reasons, warnings);
                result = SavingsCalculator.Judge(result with { Candidates = Told(fit) }, gate);
            }
        }

        return new SavingsOutcome { Result = reasons.Count == 0 ? result : null, Reasons = reasons, Warnings = warnings };
    }

    private static ProjectedModel Project(CalTrackFit fit, CounterfactualRow[] rows, Period baseline, Period reporting) => new()
    {
        Model = fit.IsBilling ? ModelKind.CalTrackBilling : ModelKind.CalTrackDaily,
        CoefficientNames = ["intercept", .. fit.TermNames],
        Coefficients = fit.Coefficients,
        Breakpoints = Breakpoints(fit),
        P = fit.P + (double.IsNaN(fit.HeatingBalanceFahrenheit) ? 0 : 1) + (double.IsNaN(fit.CoolingBalanceFahrenheit) ? 0 : 1),
        BaselineStartUtcMilliseconds = [.. fit.Intervals.Select(interval => interval.StartUtcMilliseconds)],
        BaselineUse = [.. fit.Intervals.Select(interval => interval.Use)],
        Fitted = fit.Fitted,
        Influence = Influence(fit, rows),
        ReportingStartUtcMilliseconds = [.. rows.Select(row => row.Interval.StartUtcMilliseconds)],
        ReportingUse = [.. rows.Select(row => row.Interval.Use)],
        Predicted = [.. rows.Select(row => row.Use)],
        RowsPerGroup = 1,
        BaselineCoverage = Math.Min(1, fit.CoveredDays / Days(baseline)),
        ReportingCoverage = Math.Min(1, rows.Sum(row => row.Interval.Days) / Days(reporting)),
    };

    private static double Days(Period period) =>
        ((double)period.EndUtcMilliseconds - period.StartUtcMilliseconds) / TimeSpan.MillisecondsPerDay;

    private static List<ModelBreakpoint> Breakpoints(CalTrackFit fit)
    {
        List<ModelBreakpoint> points = [];
        if (!double.IsNaN(fit.HeatingBalanceFahrenheit))
        {
            points.Add(new("temperature", TermKind.Below, fit.HeatingBalanceFahrenheit, "°F"));
        }

        if (!double.IsNaN(fit.CoolingBalanceFahrenheit))
        {
            points.Add(new("temperature", TermKind.Above, fit.CoolingBalanceFahrenheit, "°F"));
        }

        return points;
    }

    private static List<CandidateModel> Told(CalTrackFit fit) => [.. fit.Best.Take(Shown).Select((candidate, k) => new CandidateModel
    {
        Model = fit.IsBilling ? ModelKind.CalTrackBilling : ModelKind.CalTrackDaily,
        Terms = [.. Balance("hdd", candidate.HeatingBalanceFahrenheit), .. Balance("cdd", candidate.CoolingBalanceFahrenheit)],
        P = 1 + (double.IsNaN(candidate.HeatingBalanceFahrenheit) ? 0 : 2) + (double.IsNaN(candidate.CoolingBalanceFahrenheit) ? 0 : 2),
        Bic = double.NaN,
        AdjustedR2 = candidate.AdjustedR2,
        CvRmse = k == 0 ? fit.CvRmse : double.NaN,
        CrossValidatedCvRmse = double.NaN,
        CrossValidatedNmbe = double.NaN,
        Weight = double.NaN,
    })];

    private static string[] Balance(string name, double balance) => double.IsNaN(balance)
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{name}_{balance:0.##}")];

    // d total / d use of a row: x_R'(X'WX)^-1 x_i w_i, and the fit is of use per day.
    private static double[] Influence(CalTrackFit fit, CounterfactualRow[] rows)
    {
        int p = fit.P;
        double[] total = new double[p];
        double[] x = new double[p];
        foreach (CounterfactualRow row in rows)
        {
            Fill(x, fit, row.HeatingDegreeDaysPerDay, row.CoolingDegreeDaysPerDay);
            for (int j = 0; j < p; j++)
            {
                total[j] += x[j] * row.Interval.Days;
            }
        }

        double[,] system = new double[p, p + 1];
        for (int i = 0; i < fit.N; i++)
        {
            FillRow(x, fit, i);
            for (int j = 0; j < p; j++)
            {
                for (int k = 0; k < p; k++)
                {
                    system[j, k] += fit.Weights[i] * x[j] * x[k];
                }
            }
        }

        for (int j = 0; j < p; j++)
        {
            system[j, p] = total[j];
        }

        BlockErrors.Solve(system);
        double[] influence = new double[fit.N];
        for (int i = 0; i < fit.N; i++)
        {
            FillRow(x, fit, i);
            for (int j = 0; j < p; j++)
            {
                influence[i] += x[j] * system[j, p];
            }

            influence[i] *= fit.Weights[i] / fit.Intervals[i].Days;
        }

        return influence;
    }

    private static void FillRow(double[] x, CalTrackFit fit, int row) => Fill(
        x,
        fit,
        fit.HeatingDegreeDaysPerDay.Count > 0 ? fit.HeatingDegreeDaysPerDay[row] : 0,
        fit.CoolingDegreeDaysPerDay.Count > 0 ? fit.CoolingDegreeDaysPerDay[row] : 0);

    private static void Fill(double[] x, CalTrackFit fit, double heating, double cooling)
    {
        int j = 0;
        x[j++] = 1;
        if (!double.IsNaN(fit.HeatingBalanceFahrenheit))
        {
            x[j++] = heating;
        }

        if (!double.IsNaN(fit.CoolingBalanceFahrenheit))
        {
            x[j] = cooling;
        }
    }
}

/// <summary>How a CalTRACK saving is computed.</summary>
public sealed record CalTrackSavingsOptions
{
    /// <summary>Rows are bills of one or two months; otherwise days.</summary>
    public bool IsBilling { get; init; }

    /// <summary>Fuel and limits of the method.</summary>
    public CalTrackOptions Method { get; init; } = new();

    /// <summary>Confidence, claim, meter class and limits of extrapolation; events and model are not read.</summary>
    public SavingsOptions Savings { get; init; } = new();
}
