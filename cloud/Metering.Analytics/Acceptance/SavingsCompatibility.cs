using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Analytics.Acceptance;

/// <summary>The published formulas for the uncertainty of avoided use, beside our interval.</summary>
public static class SavingsCompatibility
{
    private const double DaysPerMonth = 30;
    private const double MonthlyRowDays = 20;

    /// <summary>Half-widths in the unit of use: ASHRAE Guideline 14 with n', and Sun-Baltazar with n'. NaN where a formula does not speak of such rows.</summary>
    /// <param name="result">The saving.</param>
    public static (double Guideline14, double SunBaltazar) HalfWidths(SavingsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        BaselineFit fit = result.Fit;
        double rowDays = RowDays(fit.StartUtcMilliseconds);
        bool isHourly = rowDays < 0.5;
        if (result.Kind != SavingsKind.Avoided || isHourly || !(fit.MeanUse > 0) || !(Math.Abs(fit.Lag1Autocorrelation) < 1) || fit.N <= fit.P)
        {
            return (double.NaN, double.NaN);
        }

        bool isBills = rowDays > MonthlyRowDays;
        int rows = result.MeteredByRow.Count;
        CompatibilityInput input = new()
        {
            BaselineRows = fit.N,
            Parameters = fit.P,
            SumOfSquaredErrors = fit.SumOfSquaredErrors,
            MeanUse = fit.MeanUse,
            Autocorrelation = fit.Lag1Autocorrelation,
            ReportingRows = rows,
            ReportingMonths = isBills ? rows : rows * rowDays / DaysPerMonth,
            Confidence = result.Confidence,
        };
        double guideline = CompatibilityUncertainty.FractionOfExpectedUse(input);
        UncertaintyFactor factor = isBills ? UncertaintyFactor.SunBaltazarBills : UncertaintyFactor.SunBaltazarDays;
        double sunBaltazar = CompatibilityUncertainty.FractionOfExpectedUse(input with { Factor = factor });
        return (guideline * result.Counterfactual, sunBaltazar * result.Counterfactual);
    }

    private static double RowDays(IReadOnlyList<long> starts) => starts.Count < 2
        ? 1
        : (starts[^1] - starts[0]) / (double)TimeSpan.MillisecondsPerDay / (starts.Count - 1);
}
