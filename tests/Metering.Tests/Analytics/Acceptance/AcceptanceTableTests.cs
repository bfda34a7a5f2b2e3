using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Statistics;
using Xunit;
using Verdict = Metering.Analytics.Acceptance.Verdict;

namespace Metering.Tests.Analytics.Acceptance;

public sealed class AcceptanceTableTests
{
    private static readonly DriverStatistics Production = new("Production", 0.09, 0.01, ExpectedSign.Positive)
    {
        Fitted = new DriverSpread(100, 80, 130, 10),
        AppliedMean = 120,
    };

    private static FitStatistics Good => new()
    {
        N = 12,
        P = 2,
        MeanUse = 1000,
        SumOfSquaredErrors = 10 * 50 * 50,
        ResidualSum = 0,
        R2 = 0.9,
        FProbability = 0.001,
        Drivers = [Production],
        Frequency = RowFrequency.Monthly,
        SavingsUncertaintyPercent68 = 30,
        OutOfSampleNmbePercent = -2,
        PortfolioUncertaintyPercent = 12,
    };

    [Fact]
    public void A_good_monthly_model_passes_every_criterion()
    {
        IReadOnlyList<AcceptanceTest> tests = AcceptanceTables.All(Good);
        Assert.Equal(16, tests.Count);
        Assert.All(tests, test => Assert.True(test.Pass && test.Note.Length == 0 && test.Source.Length > 0, test.ToString()));
        Assert.Equal(Enum.GetValues<AcceptanceStandard>(), tests.Select(test => test.Standard).Distinct());
    }

    [Fact]
    public void What_is_not_known_fails_and_says_so()
    {
        FitStatistics unknown = Good with
        {
            SumOfSquaredErrors = double.NaN,
            ResidualSum = double.NaN,
            R2 = double.NaN,
            FProbability = double.NaN,
            SavingsUncertaintyPercent68 = double.NaN,
            OutOfSampleNmbePercent = double.NaN,
            PortfolioUncertaintyPercent = double.NaN,
            Drivers = [new DriverStatistics("Production", 1, double.NaN)],
        };
        Assert.All(AcceptanceTables.All(unknown), test => Assert.True(!test.Pass && test.Verdict == Verdict.Fail && test.Note.Length > 0, test.ToString()));
        Assert.All(AcceptanceTables.Nmec(Good with { P = 12 }), test => Assert.False(test.Pass));
        Assert.All(AcceptanceTables.Nmec(Good with { MeanUse = 0 }), test => Assert.False(test.Pass));
        Assert.False(AcceptanceTables.OutOfSample(Good with { OutOfSampleNmbePercent = double.NegativeInfinity }).Pass);
    }

    [Fact]
    public void A_rule_that_does_not_speak_of_such_data_is_not_passed()
    {
        IReadOnlyList<AcceptanceTest> daily = AcceptanceTables.Guideline14Model(Good with { Frequency = RowFrequency.Daily });
        Assert.All(daily, test => Assert.True(!test.Pass && test.Verdict == Verdict.NotApplicable && double.IsNaN(test.Threshold) && test.Note.Length > 0));
        IReadOnlyList<AcceptanceTest> single = AcceptanceTables.CalTrack(Good with { PortfolioUncertaintyPercent = null });
        Assert.Equal([Verdict.Pass, Verdict.NotApplicable, Verdict.NotApplicable], single.Select(test => test.Verdict));
    }

    [Theory]
    [InlineData(RowFrequency.Monthly, 15)]
    [InlineData(RowFrequency.Hourly, 30)]
    public void The_scatter_that_guideline_14_allows_depends_on_the_length_of_rows(RowFrequency frequency, double limit)
    {
        // CV(RMSE) of n - p = 10 rows and mean use 1000 is sqrt(SSE/10)/10 percent.
        FitStatistics At(double percent) => Good with { Frequency = frequency, SumOfSquaredErrors = 1000 * percent * percent };
        Assert.True(AcceptanceTables.Guideline14Model(At(limit - 0.01))[0].Pass);
        Assert.False(AcceptanceTables.Guideline14Model(At(limit + 0.01))[0].Pass);
        Assert.Equal(limit, AcceptanceTables.Guideline14Model(Good with { Frequency = frequency })[0].Threshold);
    }

    [Fact]
    public void Both_definitions_of_the_bias_are_kept_apart()
    {
        FitStatistics biased = Good with { ResidualSum = -60 };
        Assert.Equal(-0.6, biased.NmbePercentOfDegreesOfFreedom, 1e-12);
        Assert.Equal(-0.5, biased.NmbePercentOfUse, 1e-12);
        Assert.False(AcceptanceTables.Nmec(biased)[1].Pass);
        Assert.True(AcceptanceTables.Guideline14Model(biased)[1].Pass);
        Assert.False(AcceptanceTables.WholeBuilding(biased)[1].Pass);
        Assert.True(AcceptanceTables.WholeBuilding(Good with { ResidualSum = 0.5 })[1].Pass);
    }

    [Fact]
    public void One_weak_driver_fails_and_one_strong_driver_is_needed()
    {
        FitStatistics With(params double[] p) => Good with { Drivers = [.. p.Select(value => Production with { PValue = value })] };
        Assert.True(SepTests.IsPassed(SepTests.Regression(With(0.19, 0.09))));
        Assert.False(SepTests.IsPassed(SepTests.Regression(With(0.21, 0.01))));
        Assert.False(SepTests.IsPassed(SepTests.Regression(With(0.15, 0.11))));
        Assert.False(SepTests.IsPassed(SepTests.Regression(With())));
        Assert.False(SepTests.IsPassed(SepTests.Regression(Good with { R2 = 0.4999 })));
        Assert.False(SepTests.IsPassed(SepTests.Regression(Good with { FProbability = 0.10 })));
    }

    [Theory]
    [InlineData(81, true)]
    [InlineData(130, true)]
    [InlineData(131, false)]
    [InlineData(70.5, true)]
    [InlineData(69.5, false)]
    [InlineData(double.NaN, false)]
    public void A_mean_inside_the_range_or_three_deviations_is_in_range(double mean, bool inside)
    {
        Assert.Equal(inside, SepTests.Range(Good with { Drivers = [Production with { AppliedMean = mean }] })[0].Pass);
    }

    [Fact]
    public void A_coefficient_against_physics_is_told_though_the_protocol_passes_it()
    {
        FitStatistics negative = Good with { Drivers = [Production, Production with { Name = "HDD", Coefficient = -4.2 }] };
        Assert.True(SepTests.IsPassed(SepTests.Of(negative)));
        Assert.Contains("'HDD' is -4.2", Assert.Single(SepTests.SignWarnings(negative)), StringComparison.Ordinal);
        Assert.Empty(SepTests.SignWarnings(negative with { Drivers = [Production, Production with { Coefficient = -1, Sign = ExpectedSign.Any }] }));
    }

    [Theory]
    [InlineData(1, 3.285)]
    [InlineData(2, 3.007)]
    [InlineData(3, 2.924)]
    [InlineData(4, 2.961)]
    [InlineData(5, 3.108)]
    public void The_limit_of_the_f_test_is_the_critical_value_that_the_tools_print(int drivers, double critical)
    {
        // Printed to three decimals for twelve months.
        Assert.True(FisherF.Tail(critical - 0.001, drivers, 11 - drivers) > 0.10);
        Assert.True(FisherF.Tail(critical + 0.001, drivers, 11 - drivers) < 0.10);
    }

    [Fact]
    public void A_spread_has_the_standard_deviation_of_a_sample()
    {
        DriverSpread spread = DriverSpread.Of([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal((5, 2, 9), (spread.Mean, spread.Minimum, spread.Maximum));
        Assert.Equal(Math.Sqrt(32.0 / 7), spread.StandardDeviation, 1e-15);
        Assert.Throws<ArgumentException>(() => DriverSpread.Of([]));
    }

    [Fact]
    public void A_fuel_without_any_model_is_refused_with_a_reason()
    {
        SepOutcome outcome = SepChain.Improve([new SepFuel { Name = "Gas", PrimaryEnergyFactor = 1, BaselineUse = 10, ReportingUse = 9 }]);
        Assert.Null(outcome.Improvement);
        Assert.Equal(ReasonKind.Extrapolation, Assert.Single(outcome.Reasons).Kind);
    }
}
