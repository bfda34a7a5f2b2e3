using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;

namespace Metering.Analytics.Acceptance;

/// <summary>The acceptance tables of a saving: what the rules ask for, taken from a result.</summary>
public static class SavingsAcceptance
{
    private const double HourlyRowsPerDay = 20;
    private const double DailyRowsPerDay = 0.5;

    /// <summary>All tables of <see cref="AcceptanceTables"/> for a result.</summary>
    /// <param name="result">The result.</param>
    public static IReadOnlyList<AcceptanceTest> Of(SavingsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return AcceptanceTables.All(Statistics(result));
    }

    /// <summary>The figures that the rules look at.</summary>
    /// <param name="result">The result.</param>
    public static FitStatistics Statistics(SavingsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        BaselineFit fit = result.Fit;
        bool hasTerms = fit.Terms.Count > 0 || fit.P == 1;
        RowFrequency frequency = Frequency(fit);
        FitStatistics statistics = hasTerms ? FitStatistics.Of(fit, frequency) : Plain(fit, frequency);
        DriverStatistics[] drivers = [.. statistics.Drivers.Select((driver, j) => driver with
        {
            AppliedMean = j < result.ReportingTermMeans.Count ? result.ReportingTermMeans[j] : double.NaN,
        })];
        double crossValidated = result.Candidates.Count > 0 ? result.Candidates[0].CrossValidatedNmbe
            : hasTerms && fit.Factors is not null ? BlockErrors.Of(fit).Mean / fit.MeanUse
            : double.NaN;
        return statistics with
        {
            // Indicators of events are adjustments, not drivers that a plant is judged by.
            Drivers = [.. drivers.Take(drivers.Length - fit.Events.Count)],
            SavingsUncertaintyPercent68 = result.Savings > 0 ? 100 * result.StandardError / result.Savings : double.NaN,
            OutOfSampleNmbePercent = 100 * crossValidated,
        };
    }

    private static RowFrequency Frequency(BaselineFit fit)
    {
        long[] starts = [.. fit.StartUtcMilliseconds];
        if (starts.Length < 2)
        {
            return RowFrequency.Daily;
        }

        double days = (starts[^1] - starts[0]) / (double)TimeSpan.MillisecondsPerDay / (starts.Length - 1);
        return 1 / days >= HourlyRowsPerDay ? RowFrequency.Hourly : 1 / days >= DailyRowsPerDay ? RowFrequency.Daily : RowFrequency.Monthly;
    }

    private static FitStatistics Plain(BaselineFit fit, RowFrequency frequency) => new()
    {
        N = fit.N,
        P = fit.P,
        MeanUse = fit.MeanUse,
        SumOfSquaredErrors = fit.SumOfSquaredErrors,
        ResidualSum = Metering.Analytics.Statistics.FixedSum.Sum([.. fit.Residuals]),
        R2 = fit.R2,
        FProbability = fit.FProbability,
        Frequency = frequency,
    };
}
