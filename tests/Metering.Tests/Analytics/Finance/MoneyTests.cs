using Metering.Analytics.Finance;
using Xunit;

namespace Metering.Tests.Analytics.Finance;

public sealed class MoneyTests
{
    [Fact]
    public void Amounts_of_one_currency_add_up_exactly() =>
        Assert.Equal(new Money(0.3m, "MXN"), new Money(0.1m, "MXN") + new Money(0.2m, "MXN"));

    [Fact]
    public void Amounts_of_different_currencies_cannot_be_put_together()
    {
        Money pesos = new(1m, "MXN");
        Money dollars = new(1m, "USD");
        Assert.Throws<ArgumentException>(() => pesos + dollars);
        Assert.Throws<ArgumentException>(() => pesos - dollars);
        Assert.Throws<ArgumentException>(() => pesos < dollars);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mxn")]
    [InlineData("PESO")]
    [InlineData("$")]
    public void A_currency_is_three_capital_letters(string currency) =>
        Assert.Throws<ArgumentException>(() => new Money(1m, currency));

    [Fact]
    public void The_default_value_has_no_currency_and_cannot_be_computed_with() =>
        Assert.Throws<InvalidOperationException>(() => default(Money) + new Money(1m, "MXN"));

    [Theory]
    [InlineData("2.345", "2.35")]
    [InlineData("-2.345", "-2.35")]
    [InlineData("2.3449", "2.34")]
    public void Halves_of_a_cent_are_rounded_away_from_zero(string amount, string expected) => Assert.Equal(
        decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
        new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), "MXN").Rounded().Amount);
}
