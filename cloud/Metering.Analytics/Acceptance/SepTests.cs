namespace Metering.Analytics.Acceptance;

/// <summary>
/// What the measurement and verification protocol of Superior Energy Performance asks of a regression: F test below 0.10, every
/// driver below 0.20, one driver below 0.10, R2 at least 0.5; and of its use in another period: the mean of every driver inside
/// the range that was fitted, or within three standard deviations of its mean.
/// </summary>
public static class SepTests
{
    private const string Source = "Superior Energy Performance, Measurement and Verification Protocol, as applied by the EnPI tools of the US Department of Energy";
    private const double FLimit = 0.10;
    private const double EveryDriver = 0.20;
    private const double OneDriver = 0.10;
    private const double SmallestR2 = 0.5;
    private const double Deviations = 3;

    /// <summary>The tests of the regression and of its range.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<AcceptanceTest> Of(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return [.. Regression(fit), .. Range(fit)];
    }

    /// <summary>The tests of the regression alone.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<AcceptanceTest> Regression(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        List<AcceptanceTest> tests = [Test("p value of the F test", fit.FProbability, Comparison.Below, FLimit)];
        double smallest = double.NaN;
        foreach (DriverStatistics driver in fit.Drivers)
        {
            tests.Add(Test($"p value of '{driver.Name}'", driver.PValue, Comparison.Below, EveryDriver));
            smallest = driver.PValue < smallest || double.IsNaN(smallest) ? driver.PValue : smallest;
        }

        tests.Add(Test("Smallest p value of a driver", smallest, Comparison.Below, OneDriver));
        tests.Add(Test("R2", fit.R2, Comparison.AtLeast, SmallestR2));
        return tests;
    }

    /// <summary>Whether the model may be applied to the other period. The value is 0 inside the fitted range, else the distance from the mean in standard deviations.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<AcceptanceTest> Range(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        List<AcceptanceTest> tests = [];
        foreach (DriverStatistics driver in fit.Drivers)
        {
            double distance = driver.Fitted.Distance(driver.AppliedMean);
            tests.Add(Test($"Mean of '{driver.Name}': inside the range, or standard deviations away", distance, Comparison.AtMost, Deviations));
        }

        return tests;
    }

    /// <summary>Sentences about coefficients whose sign physics does not allow. No protocol asks; a regression may pass all its tests with one.</summary>
    /// <param name="fit">The figures of the fit.</param>
    public static IReadOnlyList<string> SignWarnings(FitStatistics fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        List<string> warnings = [];
        foreach (DriverStatistics driver in fit.Drivers)
        {
            bool wrong = driver.Sign switch
            {
                ExpectedSign.Any => false,
                ExpectedSign.Positive => driver.Coefficient < 0,
                ExpectedSign.Negative => driver.Coefficient > 0,
                _ => throw new ArgumentOutOfRangeException(nameof(fit), driver.Sign, "This sign is not known."),
            };
            if (wrong)
            {
                warnings.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"The coefficient of '{driver.Name}' is {driver.Coefficient:G6}; physics lets it be {(driver.Sign == ExpectedSign.Positive ? "positive" : "negative")} only. The protocol does not ask; another driver probably stands behind it."));
            }
        }

        return warnings;
    }

    /// <summary>Whether every test is passed. None is not a pass.</summary>
    /// <param name="tests">The tests.</param>
    public static bool IsPassed(IReadOnlyList<AcceptanceTest> tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        return tests.Count > 0 && tests.All(test => test.Pass);
    }

    private static AcceptanceTest Test(string name, double value, Comparison comparison, double threshold) =>
        AcceptanceTest.Of(AcceptanceStandard.Sep, name, value, comparison, threshold, Source);
}
