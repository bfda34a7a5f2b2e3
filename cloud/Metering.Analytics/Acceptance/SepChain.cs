using System.Globalization;
using Metering.Analytics.Baselines;

namespace Metering.Analytics.Acceptance;

/// <summary>How an improvement was adjusted.</summary>
public enum SepMethod
{
    /// <summary>The baseline year's model under the reporting year's conditions.</summary>
    Forecast = 0,

    /// <summary>The reporting year's model under the baseline year's conditions.</summary>
    Backcast = 1,

    /// <summary>A middle year's model under both years' conditions.</summary>
    Chaining = 2,
}

/// <summary>A model of one year applied to the conditions of another.</summary>
/// <param name="ModelledUse">Sum of the model's use under those conditions, in the fuel's unit.</param>
/// <param name="RegressionTests">Tests of the regression; an empty list does not pass.</param>
/// <param name="RangeTests">Tests of the range of every driver; an empty list, as of a model without drivers, does not pass.</param>
public sealed record SepLeg(double ModelledUse, IReadOnlyList<AcceptanceTest> RegressionTests, IReadOnlyList<AcceptanceTest> RangeTests)
{
    /// <summary>Whether the model is valid and may be applied to those conditions.</summary>
    public bool IsUsable => double.IsFinite(ModelledUse) && SepTests.IsPassed(RegressionTests) && SepTests.IsPassed(RangeTests);

    /// <summary>Sums a model's use over rows of drivers and runs the tests.</summary>
    /// <param name="fit">The model of a year.</param>
    /// <param name="conditions">The drivers of the other year in the order of the model, one column each, without gaps.</param>
    /// <exception cref="ArgumentException">Not one column per driver, or columns of different lengths.</exception>
    public static SepLeg Of(BaselineFit fit, IReadOnlyList<IReadOnlyList<double>> conditions)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(conditions);
        if (conditions.Count != fit.P - 1 || conditions.Any(column => column.Count != conditions[0].Count || column.Count == 0))
        {
            throw new ArgumentException("Give one column for each driver of the model, all of one length.", nameof(conditions));
        }

        double sum = conditions.Count == 0 ? double.NaN : 0;
        int rows = conditions.Count == 0 ? 0 : conditions[0].Count;
        double[] row = new double[conditions.Count];
        double[] means = new double[conditions.Count];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = conditions[j][i];
                means[j] += row[j] / rows;
            }

            sum += fit.Predict(row);
        }

        FitStatistics statistics = FitStatistics.Of(fit, RowFrequency.Monthly);
        statistics = statistics with { Drivers = [.. statistics.Drivers.Select((driver, j) => driver with { AppliedMean = means[j] })] };
        return new SepLeg(sum, SepTests.Regression(statistics), SepTests.Range(statistics));
    }
}

/// <summary>One fuel of a facility over two years. Sums are of whole years, in the fuel's own unit.</summary>
public sealed record SepFuel
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Primary energy per unit of the fuel; the same primary unit for all fuels, above zero.</summary>
    public required double PrimaryEnergyFactor { get; init; }

    /// <summary>Metered use of the baseline year.</summary>
    public required double BaselineUse { get; init; }

    /// <summary>Metered use of the reporting year.</summary>
    public required double ReportingUse { get; init; }

    /// <summary>The baseline year's model under the reporting year's conditions; null when there is none.</summary>
    public SepLeg? Forecast { get; init; }

    /// <summary>The reporting year's model under the baseline year's conditions; null when there is none.</summary>
    public SepLeg? Backcast { get; init; }

    /// <summary>A middle year's model under the baseline year's conditions; null when there is none.</summary>
    public SepLeg? MiddleToBaseline { get; init; }

    /// <summary>The same middle year's model under the reporting year's conditions; null when there is none.</summary>
    public SepLeg? MiddleToReporting { get; init; }
}

/// <summary>The energy performance indicator of Superior Energy Performance.</summary>
/// <param name="Method">How it was adjusted.</param>
/// <param name="Indicator">Below 1 is an improvement: 0.9 is ten percent less than expected.</param>
/// <param name="PrimarySavings">Saving in primary energy against what was expected; for chaining NaN, because the two legs have different expectations.</param>
public sealed record SepImprovement(SepMethod Method, double Indicator, double PrimarySavings)
{
    /// <summary>100 (1 - indicator).</summary>
    public double ImprovementPercent => 100 * (1 - Indicator);
}

/// <summary>An improvement, or the reasons why there is none.</summary>
public sealed record SepOutcome
{
    /// <summary>The improvement of the facility; null when refused.</summary>
    public SepImprovement? Improvement { get; init; }

    /// <summary>Why there is none; empty when there is one.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }
}

/// <summary>The chain of Superior Energy Performance: forecast, backcast, or chaining through a middle year.</summary>
public static class SepChain
{
    /// <summary>Forecast: actual over modelled use of the reporting year.</summary>
    /// <param name="actualReporting">Metered use of the reporting year.</param>
    /// <param name="modelledReporting">The baseline year's model under the reporting year's conditions, above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">A use that is not finite, or a divisor that is not above zero.</exception>
    public static double ForecastIndicator(double actualReporting, double modelledReporting) => Ratio(actualReporting, modelledReporting);

    /// <summary>Backcast: modelled over actual use of the baseline year.</summary>
    /// <param name="modelledBaseline">The reporting year's model under the baseline year's conditions.</param>
    /// <param name="actualBaseline">Metered use of the baseline year, above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">As for the forecast.</exception>
    public static double BackcastIndicator(double modelledBaseline, double actualBaseline) => Ratio(modelledBaseline, actualBaseline);

    /// <summary>The improvement of a facility: the sum of all fuels in primary energy, all adjusted in one way, the first of forecast, backcast and chaining that every fuel allows.</summary>
    /// <param name="fuels">The fuels, at least one.</param>
    /// <exception cref="ArgumentException">No fuel, uses that are not finite or below zero, or a primary energy factor that is not above zero.</exception>
    public static SepOutcome Improve(IReadOnlyList<SepFuel> fuels)
    {
        ArgumentNullException.ThrowIfNull(fuels);
        Check(fuels);
        if (fuels.All(fuel => fuel.Forecast is { IsUsable: true }))
        {
            double actual = Primary(fuels, fuel => fuel.ReportingUse);
            double modelled = Primary(fuels, fuel => fuel.Forecast!.ModelledUse);
            return Outcome(SepMethod.Forecast, actual, modelled, modelled - actual);
        }

        if (fuels.All(fuel => fuel.Backcast is { IsUsable: true }))
        {
            double modelled = Primary(fuels, fuel => fuel.Backcast!.ModelledUse);
            double actual = Primary(fuels, fuel => fuel.BaselineUse);
            return Outcome(SepMethod.Backcast, modelled, actual, actual - modelled);
        }

        if (fuels.All(fuel => fuel is { MiddleToBaseline.IsUsable: true, MiddleToReporting.IsUsable: true }))
        {
            double back = Primary(fuels, fuel => fuel.MiddleToBaseline!.ModelledUse);
            double forward = Primary(fuels, fuel => fuel.MiddleToReporting!.ModelledUse);
            double product = back * Primary(fuels, fuel => fuel.ReportingUse);
            return Outcome(SepMethod.Chaining, product, forward * Primary(fuels, fuel => fuel.BaselineUse), double.NaN);
        }

        return new SepOutcome { Reasons = [.. fuels.Select(Explain).OfType<Reason>()] };
    }

    private static SepOutcome Outcome(SepMethod method, double numerator, double denominator, double savings) => denominator > 0
        ? new SepOutcome { Improvement = new SepImprovement(method, numerator / denominator, savings), Reasons = [] }
        : new SepOutcome { Reasons = [new Reason(ReasonKind.NoCounterfactual, "The models expect no use, so that an improvement in percent has no meaning.")] };

    private static double Primary(IReadOnlyList<SepFuel> fuels, Func<SepFuel, double> use)
    {
        double sum = 0;
        foreach (SepFuel fuel in fuels)
        {
            sum += fuel.PrimaryEnergyFactor * use(fuel);
        }

        return sum;
    }

    /// <summary>What each leg of a fuel lacks; null when forecast and backcast are usable and other fuels stand in the way.</summary>
    private static Reason? Explain(SepFuel fuel)
    {
        if (fuel is { Forecast.IsUsable: true, Backcast.IsUsable: true })
        {
            return null;
        }

        string middle = fuel.MiddleToBaseline is null || fuel.MiddleToReporting is null
            ? "no middle year is given"
            : $"middle year to baseline: {Fault(fuel.MiddleToBaseline)}, to reporting: {Fault(fuel.MiddleToReporting)}";
        return new Reason(ReasonKind.Extrapolation, string.Create(CultureInfo.InvariantCulture,
            $"'{fuel.Name}': forecast: {Fault(fuel.Forecast)}; backcast: {Fault(fuel.Backcast)}; {middle}. One way must serve all fuels of a facility."));
    }

    private static string Fault(SepLeg? leg)
    {
        if (leg is null)
        {
            return "no model";
        }

        string[] failed = [.. leg.RegressionTests.Concat(leg.RangeTests).Where(test => !test.Pass).Select(test => string.Create(
            CultureInfo.InvariantCulture, $"{test.Name} {test.Value:0.####} (limit {test.Threshold:0.##})"))];
        bool lacksTests = leg.RegressionTests.Count == 0 || leg.RangeTests.Count == 0;
        return failed.Length > 0 ? string.Join(", ", failed) : lacksTests ? "no drivers to test" : "usable";
    }

    private static double Ratio(double numerator, double denominator)
    {
        if (!double.IsFinite(numerator))
        {
            throw new ArgumentOutOfRangeException(nameof(numerator), numerator, "Use must be finite.");
        }

        return double.IsFinite(denominator) && denominator > 0
            ? numerator / denominator
            : throw new ArgumentOutOfRangeException(nameof(denominator), denominator, "The use to compare with must be above zero.");
    }

    private static void Check(IReadOnlyList<SepFuel> fuels)
    {
        if (fuels.Count == 0)
        {
            throw new ArgumentException("A facility has at least one fuel.", nameof(fuels));
        }

        foreach (SepFuel fuel in fuels)
        {
            bool known = double.IsFinite(fuel.BaselineUse) && fuel.BaselineUse >= 0 && double.IsFinite(fuel.ReportingUse) && fuel.ReportingUse >= 0;
            if (!known || !double.IsFinite(fuel.PrimaryEnergyFactor) || fuel.PrimaryEnergyFactor <= 0)
            {
                throw new ArgumentException($"The use or the primary energy factor of '{fuel.Name}' is not a number that use can have.", nameof(fuels));
            }
        }
    }
}
