using Metering.Analytics.Finance;
using Xunit;

namespace Metering.Tests.Analytics.Finance;

public sealed class CashFlowTests
{
    // Examples of the documentation of Excel's NPV: 1,922.06 and -3,749.47 (the amount now is outside of that NPV).
    [Theory]
    [InlineData(new[] { -40000, 8000, 9200, 10000, 12000, 14500 }, "1922.06")]
    [InlineData(new[] { -40000, 8000, 9200, 10000, 12000, 14500, -9000 }, "-3749.47")]
    public void The_present_value_equals_the_published_examples(int[] amounts, string expected) =>
        Assert.Equal(Number(expected), Flow(amounts).NetPresentValue(0.08m).Rounded().Amount);

    // Examples of the documentation of Excel's IRR: -2.1 % after four years, 8.7 % after five, -44.4 % after two.
    [Theory]
    [InlineData(new[] { -70000, 12000, 15000, 18000, 21000 }, "-0.021")]
    [InlineData(new[] { -70000, 12000, 15000, 18000, 21000, 26000 }, "0.087")]
    [InlineData(new[] { -70000, 12000, 15000 }, "-0.444")]
    public void The_internal_rate_equals_the_published_examples(int[] amounts, string expected)
    {
        InternalRate rate = Flow(amounts).InternalRates().Value!;
        Assert.True(rate.IsUnique);
        Assert.Equal(Number(expected), decimal.Round(rate.RatesPerYear[0], 3));
    }

    // Bisection in Python with 50 digits: 0.20165316637924324...
    [Fact]
    public void The_internal_rate_is_right_to_twelve_places() =>
        Assert.Equal(0.201653166379m, Flow(-8000, 3100, 3100, 3100, 3100).InternalRates().Value!.RatesPerYear[0]);

    // Lorie and Savage, Three Problems in Rationing Capital, 1955: the oil pump has 25 % and 400 %. The others are products of
    // (1 + r - 1.1) and so on.
    [Theory]
    [InlineData(new[] { -1600, 10000, -10000 }, "0.25 4")]
    [InlineData(new[] { -100, 230, -132 }, "0.1 0.2")]
    [InlineData(new[] { -1000, 3600, -4310, 1716 }, "0.1 0.2 0.3")]
    [InlineData(new[] { -100, 220, -121 }, "0.1")]
    [InlineData(new[] { -100, 150, -56 }, "-0.3 -0.2")]
    [InlineData(new[] { 0, 0, -100, 110, 0 }, "0.1")]
    [InlineData(new[] { -100, 100 }, "0")]
    public void All_internal_rates_are_found(int[] amounts, string expected)
    {
        InternalRate rates = Flow(amounts).InternalRates().Value!;
        Assert.Equal(expected.Split(' ').Select(Number), rates.RatesPerYear.Select(rate => decimal.Round(rate, 10) / 1.0000000000m));
        Assert.Equal(rates.RatesPerYear.Count == 1, rates.IsUnique);
    }

    [Theory]
    [InlineData(new[] { -100, -50 }, "change their sign")]
    [InlineData(new[] { 100, 50 }, "change their sign")]
    [InlineData(new[] { 0, 0 }, "change their sign")]
    [InlineData(new[] { 100, -200, 150 }, "no rate")]
    [InlineData(new[] { -1, 1000 }, "no rate")]
    public void Flows_without_an_internal_rate_are_refused(int[] amounts, string reason) =>
        Assert.Contains(reason, Assert.Single(Flow(amounts).InternalRates().Refusals), StringComparison.Ordinal);

    [Fact]
    public void Every_rate_found_makes_the_present_value_zero_and_no_sign_change_is_overlooked()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            Random random = new(seed);
            int years = random.Next(1, 25);
            CashFlow flow = Flow([.. Enumerable.Range(0, years + 1).Select(_ => random.Next(-1000, 1001))]);
            IReadOnlyList<decimal> rates = flow.InternalRates().Value?.RatesPerYear ?? [];
            Assert.All(rates.Where(rate => rate >= 0m), rate => Assert.True(
                Math.Abs(flow.NetPresentValue(rate).Amount) < 1e-6m, $"seed {seed}: {flow.NetPresentValue(rate)} at {rate}"));

            int crossings = 0;
            for (decimal rate = 0.0005m; rate < 9.9m; rate += 0.01m)
            {
                crossings += flow.NetPresentValue(rate).Amount > 0m != flow.NetPresentValue(rate + 0.01m).Amount > 0m ? 1 : 0;
            }

            int found = rates.Count(rate => rate is > 0.0005m and < 9.9m);
            Assert.True(found >= crossings, $"seed {seed}: {found} rates, but {crossings} changes of sign on a grid");
        }
    }

    // Python decimals: 4.26326666... years discounted at 10 %, 3.33333... simple.
    [Fact]
    public void Payback_divides_the_last_year_evenly()
    {
        CashFlow flow = CashFlow.Level(new Money(1000m, "USD"), new Money(300m, "USD"), 6);
        Assert.Equal(4.263266666667m, decimal.Round(flow.DiscountedPaybackTime(0.1m).Value!.Years, 12));
        Assert.Equal(3.333333333333m, decimal.Round(flow.PaybackTime().Value!.Years, 12));
        Assert.Equal(3.333333333333m, decimal.Round(
            CashFlow.SimplePayback(new Money(1000m, "USD"), new Money(300m, "USD")).Value!.Years, 12));
    }

    [Fact]
    public void What_is_never_paid_back_is_refused()
    {
        Assert.False(Flow(-1000, 300, 300).PaybackTime().IsGiven);
        Assert.False(Flow(100, 300, 300).PaybackTime().IsGiven);
        Assert.False(CashFlow.SimplePayback(new Money(1000m, "USD"), new Money(0m, "USD")).IsGiven);
        Assert.False(CashFlow.SimplePayback(new Money(0m, "USD"), new Money(10m, "USD")).IsGiven);
        Assert.False(CashFlow.Level(new Money(1000m, "USD"), new Money(105m, "USD"), 10).DiscountedPaybackTime(0.1m).IsGiven);
    }

    [Fact]
    public void A_later_outlay_that_undoes_the_payback_is_said()
    {
        Payback payback = Flow(-100, 100, -50, 30).PaybackTime().Value!;
        Assert.Equal((1m, true), (payback.Years, payback.FallsBackLater));
    }

    [Fact]
    public void Mixed_currencies_and_impossible_rates_are_faults_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => new CashFlow([new Money(-1m, "USD"), new Money(1m, "MXN")]));
        Assert.Throws<ArgumentException>(() => new CashFlow([]));
        Assert.Throws<ArgumentException>(() => new CashFlow([new Money(1e13m, "MXN")]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Flow(-1, 1).NetPresentValue(-1m));
    }

    [Fact]
    public void A_hundred_years_at_any_rate_stay_within_decimals()
    {
        CashFlow flow = CashFlow.Level(new Money(CashFlow.MaximumAmount, "MXN"), new Money(CashFlow.MaximumAmount, "MXN"), 100);
        Assert.True(flow.NetPresentValue(10m) < Money.Zero("MXN"));
        Assert.True(flow.NetPresentValue(-0.1m) > Money.Zero("MXN"));
        Assert.Equal(1m, decimal.Round(flow.InternalRates().Value!.RatesPerYear[0], 9));
    }

    private static CashFlow Flow(params int[] amounts) => new([.. amounts.Select(amount => new Money(amount, "MXN"))]);

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
