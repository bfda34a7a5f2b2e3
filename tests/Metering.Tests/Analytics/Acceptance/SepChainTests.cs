using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Acceptance;

/// <summary>Plants with exactly known use, so that every indicator follows from arithmetic.</summary>
public sealed class SepChainTests
{
    private const int Months = 12;

    [Fact]
    public void A_plant_that_uses_a_tenth_less_per_ton_improves_by_what_its_variable_part_is()
    {
        // Use is 100 + 2 x before and 100 + 1.8 x after, x around 50: 200 expected and 190 used on average.
        SepOutcome outcome = SepChain.Improve([Fuel("Electricity", 50, 50, 1)]);
        Assert.Equal(SepMethod.Forecast, outcome.Improvement!.Method);
        Assert.Equal(0.95, outcome.Improvement.Indicator, 1e-3);
        Assert.Equal(Months * 10, outcome.Improvement.PrimarySavings, 1.5);
        Assert.Equal(0.95, SepChain.ForecastIndicator(190, 200));
        Assert.Equal(0.95, SepChain.BackcastIndicator(190, 200));
    }

    [Fact]
    public void Fuels_are_added_in_primary_energy()
    {
        SepFuel electricity = Fuel("Electricity", 50, 50, 3);
        SepFuel gas = Fuel("Gas", 50, 50, 1);
        gas = gas with { ReportingUse = gas.Forecast!.ModelledUse };
        SepImprovement both = SepChain.Improve([electricity, gas]).Improvement!;
        double expected = ((3 * electricity.ReportingUse) + gas.ReportingUse) / ((3 * electricity.Forecast!.ModelledUse) + gas.ReportingUse);
        Assert.Equal(expected, both.Indicator, 1e-15);
        Assert.Equal(3 * (electricity.Forecast.ModelledUse - electricity.ReportingUse), both.PrimarySavings, 1e-9);
    }

    [Fact]
    public void A_forecast_out_of_range_falls_back_to_the_backcast()
    {
        // The reporting year is wide enough to hold the baseline's mean; the baseline is too narrow for the other way.
        SepFuel fuel = Fuel("Electricity", 50, 90, 1, widthAfter: 60);
        Assert.False(fuel.Forecast!.IsUsable);
        Assert.True(fuel.Backcast!.IsUsable);
        SepImprovement improvement = SepChain.Improve([fuel]).Improvement!;
        Assert.Equal(SepMethod.Backcast, improvement.Method);
        Assert.Equal(fuel.Backcast.ModelledUse / fuel.BaselineUse, improvement.Indicator);
    }

    [Fact]
    public void Out_of_range_both_ways_is_refused_unless_a_middle_year_sees_both()
    {
        SepFuel fuel = Fuel("Electricity", 50, 120, 1);
        SepOutcome refused = SepChain.Improve([fuel]);
        Assert.Null(refused.Improvement);
        Reason reason = Assert.Single(refused.Reasons);
        Assert.Equal(ReasonKind.Extrapolation, reason.Kind);
        Assert.Contains("no middle year", reason.Detail, StringComparison.Ordinal);

        // The middle year ran from 20 to 150 tons with the old machines: 100 + 2 x.
        BaselineFit middle = Fit(Driver(85, 65, 3), 2);
        SepFuel chained = fuel with
        {
            MiddleToBaseline = SepLeg.Of(middle, [Driver(50, 5, 1)]),
            MiddleToReporting = SepLeg.Of(middle, [Driver(120, 5, 2)]),
        };
        SepImprovement improvement = SepChain.Improve([chained]).Improvement!;
        Assert.Equal(SepMethod.Chaining, improvement.Method);
        Assert.Equal(double.NaN, improvement.PrimarySavings);
        double product = SepChain.BackcastIndicator(chained.MiddleToBaseline.ModelledUse, fuel.BaselineUse)
            * SepChain.ForecastIndicator(fuel.ReportingUse, chained.MiddleToReporting.ModelledUse);
        Assert.Equal(product, improvement.Indicator, 1e-14);
        Assert.Equal((100 + (1.8 * 120)) / (100 + (2 * 120)), improvement.Indicator, 2e-3);
    }

    [Fact]
    public void One_fuel_that_cannot_be_adjusted_refuses_the_facility()
    {
        SepOutcome outcome = SepChain.Improve([Fuel("Electricity", 50, 50, 1), Fuel("Gas", 50, 120, 1)]);
        Assert.Null(outcome.Improvement);
        Assert.StartsWith("'Gas'", Assert.Single(outcome.Reasons).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_input_is_refused()
    {
        SepFuel fuel = Fuel("Electricity", 50, 50, 1);
        Assert.Throws<ArgumentException>(() => SepChain.Improve([]));
        Assert.Throws<ArgumentException>(() => SepChain.Improve([fuel with { BaselineUse = double.NaN }]));
        Assert.Throws<ArgumentException>(() => SepChain.Improve([fuel with { ReportingUse = -1 }]));
        Assert.Throws<ArgumentException>(() => SepChain.Improve([fuel with { PrimaryEnergyFactor = 0 }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SepChain.ForecastIndicator(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SepChain.BackcastIndicator(double.NaN, 1));
        Assert.Throws<ArgumentException>(() => SepLeg.Of(Fit(Driver(50, 5, 1), 2), []));
        Assert.Null(SepChain.Improve([fuel with { Forecast = new SepLeg(10, [], []) , Backcast = null }]).Improvement);
    }

    private static SepFuel Fuel(string name, double before, double after, double factor, double widthAfter = 5)
    {
        double[] first = Driver(before, 5, 1);
        double[] last = Driver(after, widthAfter, 2);
        BaselineFit old = Fit(first, 2);
        BaselineFit renewed = Fit(last, 1.8);
        return new SepFuel
        {
            Name = name,
            PrimaryEnergyFactor = factor,
            BaselineUse = old.Metered.Sum(),
            ReportingUse = renewed.Metered.Sum(),
            Forecast = SepLeg.Of(old, [last]),
            Backcast = SepLeg.Of(renewed, [first]),
        };
    }

    /// <summary>Twelve values around a mean, in a different order for each shift.</summary>
    private static double[] Driver(double mean, double width, int shift) =>
        [.. Enumerable.Range(0, Months).Select(month => mean + (width * ((((month * 5) + shift) % Months / 5.5) - 1)))];

    private static BaselineFit Fit(double[] driver, double perUnit)
    {
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, Months).Select(month => month * 30L * TimeSpan.MillisecondsPerDay)],
            Use = [.. driver.Select((x, month) => 100 + (perUnit * x) + (month % 2 == 0 ? 0.1 : -0.1))],
            Drivers = [new Driver("Tons", driver)],
        };
        return BaselineModel.Fit(table, new Period(0, Months * 30L * TimeSpan.MillisecondsPerDay), ModelKind.Ols).Fit!;
    }
}
