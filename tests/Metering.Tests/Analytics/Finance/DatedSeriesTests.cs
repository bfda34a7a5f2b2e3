using Metering.Analytics.Finance;
using Xunit;

namespace Metering.Tests.Analytics.Finance;

public sealed class DatedSeriesTests
{
    private const string Fixings = "date,value,source\n2024-03-01,17.0217,official gazette\n2024-03-04,16.9982,official gazette\n";

    private static readonly ExchangeRates Dollar = new("USD", "MXN", DatedSeries.Read("the dollar fixing", "fix.csv", Fixings));

    [Fact]
    public void A_conversion_reports_the_rate_it_used()
    {
        ConvertedMoney converted = Dollar.Convert(new Money(100m, "USD"), new DateOnly(2024, 3, 4), MissingDayPolicy.Refuse).Value!;
        Assert.Equal(new Money(1699.82m, "MXN"), converted.To);
        Assert.Equal(new DateOnly(2024, 3, 4), Assert.Single(converted.Rates).Used);
        Assert.Equal(100m, Dollar.Convert(converted.To, new DateOnly(2024, 3, 4), MissingDayPolicy.Refuse).Value!.To.Amount);
    }

    [Fact]
    public void A_Sunday_is_refused_unless_the_business_day_before_is_allowed()
    {
        DateOnly sunday = new(2024, 3, 3);
        Assert.Contains("2024-03-03", Dollar.Convert(new Money(1m, "USD"), sunday, MissingDayPolicy.Refuse).Refusals[0], StringComparison.Ordinal);

        DatedValue used = Dollar.Convert(new Money(1m, "USD"), sunday, MissingDayPolicy.PreviousBusinessDay).Value!.Rates[0];
        Assert.Equal((17.0217m, sunday, new DateOnly(2024, 3, 1)), (used.Value, used.Asked, used.Used));
    }

    [Fact]
    public void A_gap_in_the_data_is_not_passed_over_as_a_holiday() => Assert.False(
        Dollar.Convert(new Money(1m, "USD"), new DateOnly(2024, 3, 20), MissingDayPolicy.PreviousBusinessDay).IsGiven);

    [Fact]
    public void A_third_currency_is_refused() =>
        Assert.False(Dollar.Convert(new Money(1m, "EUR"), new DateOnly(2024, 3, 4), MissingDayPolicy.Refuse).IsGiven);

    [Theory]
    [InlineData("2024-03-01,17,a\n2024-03-01,18,b\n")]
    [InlineData("2024-03-01,0,a\n")]
    [InlineData("2024-03-01,-17,a\n")]
    [InlineData("2024-03-01,,a\n")]
    [InlineData("2024-03,17,a\n")]
    [InlineData("2024-03-01,Infinity,a\n")]
    public void A_day_twice_or_a_value_that_is_none_is_refused(string rows) =>
        Assert.Throws<ArgumentException>(() => DatedSeries.Read("x", "x.csv", "date,value,source\n" + rows));

    [Fact]
    public void Constant_prices_scale_by_the_index_and_refuse_a_missing_month()
    {
        PriceIndex index = new(DatedSeries.Read("the index", "i.csv", "date,value,source\n2020-01-01,100,s\n2022-06-01,122.044,s\n"));
        ConvertedMoney converted = index.AtConstantPrices(new Money(122.044m, "MXN"), new DateOnly(2022, 6, 17), new DateOnly(2020, 1, 1)).Value!;
        Assert.Equal(100m, converted.To.Amount);
        Assert.Equal(2, converted.Rates.Count);
        Assert.False(index.AtConstantPrices(new Money(1m, "MXN"), new DateOnly(2022, 7, 1), new DateOnly(2020, 1, 1)).IsGiven);
    }
}
