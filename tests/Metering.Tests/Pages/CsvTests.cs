using Metering.Cloud.Pages;
using Xunit;

namespace Metering.Tests.Pages;

public sealed class CsvTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@cmd", "'@cmd")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("plain", "plain")]
    public void A_text_never_becomes_a_formula_or_breaks_its_line(string text, string expected) =>
        Assert.Equal(expected, new Csv().Text(text).ToString());

    [Fact]
    public void A_missing_number_is_an_empty_field_and_zero_has_no_sign()
    {
        Csv csv = new();
        csv.Number(double.NaN).Number(-0.0).Number(-12.5).Number(0.1).Line();
        Assert.Equal(",0,-12.5,0.1\r\n", csv.ToString());
    }

    [Fact]
    public void Instants_stand_in_utc_and_in_the_plants_zone() => Assert.Equal(
        "2026-01-01T06:00:00Z,2026-01-01T00:00:00-06:00",
        new Csv().Instant(1_767_247_200_000, TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City")).ToString());
}
