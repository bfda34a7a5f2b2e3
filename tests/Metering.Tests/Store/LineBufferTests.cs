using System.Globalization;
using System.Text;
using Metering.Readings;
using Metering.Store.Influx;
using Xunit;

namespace Metering.Tests.Store;

public sealed class LineBufferTests
{
    [Theory]
    [InlineData(1, 1, "0.1")]
    [InlineData(-5, 2, "-0.05")]
    [InlineData(0, 3, "0.000")]
    [InlineData(1230, 1, "123.0")]
    [InlineData(42, 0, "42")]
    [InlineData(long.MinValue, 9, "-9223372036.854775808")]
    [InlineData(long.MaxValue, 0, "9223372036854775807")]
    public void A_value_is_printed_as_the_exact_decimal(long scaled, int decimals, string expected)
    {
        byte[] text = new byte[32];
        Assert.Equal(expected, Encoding.ASCII.GetString(text, 0, LineBuffer.FormatExact(scaled, decimals, text)));
        Assert.Equal(scaled, decimal.Parse(expected, CultureInfo.InvariantCulture) * (decimal)Math.Pow(10, decimals));
    }

    [Fact]
    public void Every_kind_of_reading_has_its_line()
    {
        byte[] prefix = LineBuffer.Prefix("leon-tannery", "tannery-1", StoreBench.Channels[0]);
        LineBuffer lines = new();
        lines.Add(prefix, 1, new(10, 123, 0, ReadingQuality.Good, HasValue: true), alwaysQuality: false);
        lines.Add(prefix, 1, new(11, 124, 0, ReadingQuality.Good, HasValue: true), alwaysQuality: true);
        lines.Add(prefix, 1, new(12, 125, 0, ReadingQuality.Uncertain(QualityReason.Frozen), HasValue: true), alwaysQuality: false);
        lines.Add(prefix, 1, Reading.Missing(13, 0, QualityReason.Timeout), alwaysQuality: false);
        const string Tags = "reading,channel=mains.active-energy-import,gateway=tannery-1,meter=mains,plant=leon-tannery,unit=kWh ";
        Assert.Equal(
            $"{Tags}value=12.3 10\n{Tags}value=12.4,quality=0i 11\n{Tags}value=12.5,quality=73i 12\n{Tags}quality=129i 13\n",
            Encoding.ASCII.GetString(lines.Lines(0, 4).Span));
        Assert.Equal($"{Tags}value=12.4,quality=0i 11\n", Encoding.ASCII.GetString(lines.Lines(1, 2).Span));
    }

    [Theory]
    [InlineData("plant\nreading value=1")]
    [InlineData("plant,unit=x")]
    [InlineData("plant name")]
    [InlineData("plant\\")]
    public void A_tag_that_could_start_another_line_or_tag_is_refused(string plant) =>
        Assert.Throws<ArgumentException>(() => LineBuffer.Prefix(plant, "tannery-1", StoreBench.Channels[0]));

    [Fact]
    public void No_known_unit_needs_escaping() =>
        Assert.All(Units.All, unit => Assert.True(unit.AsSpan().IndexOfAny(" ,=\\\n\"") < 0, unit));

    [Theory]
    [InlineData("http://user:secret@127.0.0.1:8086", "metering")]
    [InlineData("ftp://127.0.0.1", "metering")]
    [InlineData("http://127.0.0.1:8086", "has space")]
    public void Options_outside_their_range_are_refused(string url, string database) =>
        Assert.Throws<ArgumentException>(() => new InfluxOptions { Url = new(url), Database = database }.Check());
}
