using Metering.Cloud.Texts;
using Xunit;

namespace Metering.Tests.Texts;

public sealed class FormatterTests
{
    private static readonly Formatter Spanish = new(Language.Spanish);
    private static readonly Formatter English = new(Language.English);

    [Theory]
    [InlineData(1234567.89, 1, "1,234,567.9")]
    [InlineData(0, 0, "0")]
    [InlineData(-0.04, 1, "0.0")]
    [InlineData(-0.0, 2, "0.00")]
    [InlineData(0.05, 1, "0.1")]
    [InlineData(2.5, 0, "3")]
    [InlineData(-2.5, 0, "−3")]
    [InlineData(-1234.5, 0, "−1,235")]
    [InlineData(8.065, 3, "8.0650")]
    [InlineData(-999.9994, 3, "−999.9994")]
    [InlineData(1234.5678, 3, "1,234.568")]
    [InlineData(0.065, 3, "0.065")]
    [InlineData(double.NaN, 1, "–")]
    [InlineData(double.PositiveInfinity, 1, "–")]
    public void Numbers_are_grouped_rounded_and_never_minus_zero(double value, int decimals, string expected) =>
        Assert.Equal(expected, Formatter.Number(value, decimals));

    [Theory]
    [InlineData(87774.6, 9655.2, "kWh", "87,775 ± 9,655 kWh")]
    [InlineData(-3.21, 4.56, "m3", "−3.2 ± 4.6 m³")]
    [InlineData(0.4567, 0.1234, "m3", "0.46 ± 0.12 m³")]
    [InlineData(8.0651, 0.0123, "t", "8.0651 ± 0.0123 t")]
    [InlineData(1.5, double.NaN, "kWh", "–")]
    public void A_saving_and_its_half_width_share_their_decimals(double value, double halfWidth, string unit, string expected) =>
        Assert.Equal(expected.Replace(' ', Formatter.UnitSpace), Spanish.PlusMinus(value, halfWidth, unit));

    [Fact]
    public void Units_are_printed_in_the_words_of_the_language()
    {
        Assert.Equal("21.5\u00A0°C", English.Quantity(21.5, "degC", 1));
        Assert.Equal("12\u00A0noches-huésped", Spanish.Quantity(12, "guest-nights", 0));
        Assert.Equal("12\u00A0guest-nights", English.Quantity(12, "guest-nights", 0));
        Assert.Equal("–", Spanish.Quantity(double.NaN, "kWh", 0));
    }

    [Fact]
    public void Dates_and_months_follow_the_language()
    {
        DateOnly day = new(2026, 9, 5);
        Assert.Equal("05/09/2026", Spanish.Date(day));
        Assert.Equal("5\u00A0Sep\u00A02026", English.Date(day));
        Assert.Equal("septiembre 2026", Spanish.Month(2026, 9));
        Assert.Equal("ene", Spanish.MonthShort(1));
        Assert.Equal("05/09/2026 07:03", Spanish.Moment(new(2026, 9, 5, 7, 3, 59, TimeSpan.FromHours(-6))));
    }

    [Theory]
    [InlineData(-5, "0 s ago")]
    [InlineData(8, "8 s ago")]
    [InlineData(119, "1 min ago")]
    [InlineData(7200, "2 h ago")]
    [InlineData(172_800, "2 days ago")]
    public void Ages_are_told_in_the_largest_whole_unit(double seconds, string expected) =>
        Assert.Equal(expected, English.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1203.456, 4, "1,203")]
    [InlineData(0.0123456, 3, "0.0123")]
    [InlineData(-0.82, 3, "−0.820")]
    [InlineData(0.00000123, 3, "1.23×10⁻⁶")]
    [InlineData(0, 3, "0")]
    public void Coefficients_keep_their_significant_digits(double value, int digits, string expected) =>
        Assert.Equal(expected, Formatter.Significant(value, digits));
}
