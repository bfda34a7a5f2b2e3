using Metering.Analytics.Finance;
using Metering.Analytics.Tariffs;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Tariffs;

public sealed class EnergySavingTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly MarginalPrice Price = new()
    {
        Rates = ExampleRates.Table(ExampleRates.January + ExampleRates.February),
        Tariff = CfeTariff.Gdmth,
        Division = "Example",
    };

    // By hand: a winter Tuesday has 6 h base, 14 h intermedia, 4 h punta. With 10 kWh saved in each:
    // 60 x (.8123 + .1725) + 140 x (1.4567 + .1725) + 40 x (1.7891 + .1725) = 365.64.
    [Fact]
    public void A_saved_kWh_has_the_marginal_price_of_its_period()
    {
        EnergySavingValue value = Day(10.0, Price, new SavingUncertainty { RelativeHalfWidth = 0.1m });
        Assert.Equal(new Money(365.64m, "MXN"), value.Value);
        Assert.Equal([60m, 140m, 40m], value.Parts.Select(part => part.SavedKwh));
        Assert.Equal(new Money(36.564m, "MXN"), value.HalfWidth);
        Assert.Equal(new Money(372.9528m, "MXN"), Day(10.0, Price with { SurchargePercent = 2m }, new SavingUncertainty()).Value);
    }

    [Fact]
    public void Without_an_uncertainty_there_is_no_half_width_and_it_is_not_zero() =>
        Assert.Null(Day(10.0, Price, new SavingUncertainty()).HalfWidth);

    // 6 x .9848 + 14 x 1.6292 + 4 x 1.9616 = 36.564 if all errors go one way, sqrt(5.9088^2 + 22.8088^2 + 7.8464^2) = 24.8339 if
    // they are independent.
    [Fact]
    public void Half_widths_by_period_give_the_wide_and_the_narrow_bound()
    {
        EnergySavingValue value = Day(10.0, Price, new SavingUncertainty { HalfWidthKwhByPeriod = [6m, 14m, 4m] });
        Assert.Equal(new Money(36.564m, "MXN"), value.HalfWidth);
        Assert.Equal(24.8339m, decimal.Round(value.IndependentHalfWidth!.Value.Amount, 4));
    }

    [Fact]
    public void Where_savings_and_excess_cancel_the_half_width_stays_in_proportion_to_prices()
    {
        (long[] starts, double[] saved) = SavingFixture.Constant(24, Hour, 10.0);
        Array.Fill(saved, -13.0, 18, 4);
        EnergySavingValue value = EnergySaving.Value(starts, saved, SavingFixture.Calendar, Price, new SavingUncertainty { RelativeHalfWidth = 0.5m }).Value!;
        decimal perKwh = value.HalfWidth!.Value.Amount / (0.5m * value.SavedKwh);
        Assert.InRange(perKwh, 0.98m, 1.97m);
    }

    [NeedsFact(SteelPlant.File)]
    public void A_month_of_quarter_hours_is_valued_exactly()
    {
        MeteredIntervals plant = SteelPlant.Read();
        int count = 31 * 96;
        EnergySavingValue value = EnergySaving.Value(
            plant.Starts[..count].ToArray(), plant.Kwh[..count].ToArray(), SteelPlant.Calendar(withHolidays: true), Price, new SavingUncertainty()).Value!;

        // 14,997.29 x .9848 + 88,603.18 x 1.6292 + 22,637.82 x 1.9616; the energies are those of an independent script.
        Assert.Equal(203_527.97976m, value.Value.Amount);
        Assert.Equal(count, value.ValuedIntervals);
    }

    [Fact]
    public void A_missing_interval_is_counted_and_not_valued_as_zero()
    {
        (long[] starts, double[] saved) = SavingFixture.Constant(24, Hour, 10.0);
        saved[0] = double.NaN;
        EnergySavingValue value = EnergySaving.Value(starts, saved, SavingFixture.Calendar, Price, new SavingUncertainty()).Value!;
        Assert.Equal((23, 1, 230m), (value.ValuedIntervals, value.MissingIntervals, value.SavedKwh));
        Assert.Contains(value.Notes, note => note.StartsWith("1 of 24", StringComparison.Ordinal));

        Array.Fill(saved, double.NaN);
        Assert.False(EnergySaving.Value(starts, saved, SavingFixture.Calendar, Price, new SavingUncertainty()).IsGiven);
    }

    [Fact]
    public void Baseline_prices_are_those_of_the_same_month_in_the_baseline_year()
    {
        (long[] starts, double[] saved) = SavingFixture.Constant(24, Hour, 10.0);
        long year = (long)TimeSpan.FromDays(364).TotalMilliseconds;
        long[] later = [.. starts.Select(start => start + year)];
        MarginalPrice baseline = Price with { Basis = PriceBasis.BaselinePrices, BaselineFirstMonth = new DateOnly(2017, 6, 1) };

        Answer<EnergySavingValue> atBaseline = EnergySaving.Value(later, saved, SavingFixture.Calendar, baseline, new SavingUncertainty());
        Answer<EnergySavingValue> atCurrent = EnergySaving.Value(later, saved, SavingFixture.Calendar, Price, new SavingUncertainty());

        // 2019-01-01 is a holiday (18 h base), so only the months of the prices are compared.
        Assert.All(atBaseline.Value!.Parts, part => Assert.Equal(new DateOnly(2018, 1, 1), part.PriceMonth));
        Assert.Contains("GDMTH,Example,2019-01,energy-base", atCurrent.Refusals[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Days_cannot_be_valued_by_period()
    {
        (long[] starts, double[] saved) = SavingFixture.Constant(5, TimeSpan.FromDays(1), 10.0);
        Answer<EnergySavingValue> value = EnergySaving.Value(starts, saved, SavingFixture.Calendar, Price, new SavingUncertainty());
        Assert.Contains("several tariff periods", Assert.Single(value.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void An_hour_that_begins_at_half_past_lies_in_two_periods_and_is_refused()
    {
        (long[] starts, double[] saved) = SavingFixture.Constant(24, Hour, 10.0);
        long[] shifted = [.. starts.Select(start => start + 1_800_000)];
        Assert.Contains("two tariff periods", Assert.Single(EnergySaving.Value(
            shifted, saved, SavingFixture.Calendar, Price, new SavingUncertainty()).Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_columns_are_faults_of_the_caller()
    {
        SavingUncertainty none = new();
        Assert.Throws<ArgumentException>(() => EnergySaving.Value([0], [], SavingFixture.Calendar, Price, none));
        Assert.Throws<ArgumentException>(() => EnergySaving.Value([0, 0], [1, 1], SavingFixture.Calendar, Price, none));
        Assert.Throws<ArgumentException>(() => EnergySaving.Value([0], [double.NegativeInfinity], SavingFixture.Calendar, Price, none));
        Assert.Throws<ArgumentException>(() => EnergySaving.Value([0], [1], SavingFixture.Calendar, Price, none with { RelativeHalfWidth = -1m }));
        Assert.Throws<ArgumentException>(() => EnergySaving.Value([0], [1], SavingFixture.Calendar, Price, none with { HalfWidthKwhByPeriod = [1m] }));
        Assert.Throws<ArgumentException>(() => EnergySaving.Value(
            [0], [1], SavingFixture.Calendar, Price with { Tariff = CfeTariff.Gdmto }, none with { HalfWidthKwhByPeriod = [1m, 1m, 1m] }));
    }

    private static EnergySavingValue Day(double saved, MarginalPrice price, SavingUncertainty uncertainty)
    {
        (long[] starts, double[] values) = SavingFixture.Constant(24, Hour, saved);
        return EnergySaving.Value(starts, values, SavingFixture.Calendar, price, uncertainty).Value!;
    }
}
