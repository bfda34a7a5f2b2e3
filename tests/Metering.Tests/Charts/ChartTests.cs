using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Metering.Cloud.Charts;
using Metering.Cloud.Texts;
using Xunit;

namespace Metering.Tests.Charts;

public sealed partial class ChartTests
{
    private static readonly Formatter English = new(Language.English);

    [Fact]
    public void The_line_of_metered_use_has_a_corner_a_day_at_the_height_of_its_value()
    {
        XElement svg = Draw(SampleDays.Reporting(0, 50, 100), ChartWidth.Wide);
        List<Point> corners = Corners(PathOf(svg, "use"));
        Assert.Equal(3, corners.Count);
        Assert.Equal(corners[1].X - corners[0].X, corners[2].X - corners[1].X, 0.21);
        double zero = double.Parse(svg.Elements("line").Single(line => line.Attribute("class")?.Value == "zero").Attribute("y1")!.Value, CultureInfo.InvariantCulture);
        Assert.Equal(zero, corners[0].Y, 0.11);
        Assert.Equal(zero - corners[2].Y, 2 * (zero - corners[1].Y), 0.31);
    }

    [Fact]
    public void A_gap_lifts_the_pen_and_is_hatched()
    {
        XElement svg = Draw(SampleDays.Reporting(80, 80, double.NaN, double.NaN, 80, 80), ChartWidth.Wide);
        Assert.Equal(2, PathOf(svg, "use").Count(letter => letter == 'M'));
        Assert.Contains(svg.Elements("rect"), rect => rect.Attribute("fill")?.Value.StartsWith("url(#", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Saving_and_excess_are_separate_surfaces_that_meet_at_the_crossing()
    {
        XElement svg = Draw(SampleDays.Reporting(80, 80, 120, 120), ChartWidth.Wide);
        List<Point> saving = Corners(PathOf(svg, "saving"));
        List<Point> excess = Corners(PathOf(svg, "more"));
        double baselineHeight = saving.Min(corner => corner.Y);
        Assert.Equal(baselineHeight, excess.Max(corner => corner.Y), 0.11);
        Point last = saving.Last(corner => corner.Y > baselineHeight + 1);
        Point first = excess.First(corner => corner.Y < baselineHeight - 1);
        double crossing = (last.X + first.X) / 2;
        Assert.Contains(saving, corner => Math.Abs(corner.X - crossing) < 0.2);
        Assert.Contains(excess, corner => Math.Abs(corner.X - crossing) < 0.2);
    }

    [Fact]
    public void Every_drawing_has_a_title_a_description_and_ids_of_its_own()
    {
        IReadOnlyList<ProjectDay> days = SampleDays.Reporting(80, 90, 100);
        XElement wide = Draw(days, ChartWidth.Wide);
        XElement narrow = Draw(days, ChartWidth.Narrow);
        foreach (XElement svg in (XElement[])[wide, narrow])
        {
            Assert.Equal("img", svg.Attribute("role")?.Value);
            Assert.NotEmpty(svg.Element("title")!.Value);
            Assert.NotEmpty(svg.Element("desc")!.Value);
        }

        IEnumerable<string> ids = wide.DescendantsAndSelf().Concat(narrow.DescendantsAndSelf()).Select(element => element.Attribute("id")?.Value).OfType<string>();
        Assert.Equal(ids.Count(), ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Text(days, ChartWidth.Wide), Text(days, ChartWidth.Wide));
    }

    [Fact]
    public void Texts_in_a_drawing_are_escaped()
    {
        Svg svg = new("x", 10, 10);
        svg.Label(new(1, 1), "<script>&\"", "tick");
        Assert.Contains("&lt;script&gt;&amp;&quot;", svg.Finish("<t>", "<d>", "chart"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2310, 8)]
    [InlineData(-1200, 87000, 7)]
    [InlineData(-0.00031, 0.00007, 6)]
    [InlineData(5, 5, 6)]
    public void Marks_hold_the_range_and_are_round(double low, double high, int most)
    {
        IReadOnlyList<double> ticks = Ticks.Around(low, high, most);
        Assert.InRange(ticks.Count, 2, most);
        Assert.True(ticks[0] <= low && ticks[^1] >= high, string.Join(" ", ticks));
        double step = ticks[1] - ticks[0];
        double lead = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
        Assert.Contains(Math.Round(lead, 6), (double[])[1, 2, 5]);
    }

    [Fact]
    public void A_block_holds_seven_days_and_a_short_rest_joins_the_one_before()
    {
        List<ProjectDay> days = [];
        for (int day = 0; day < 17; day++)
        {
            days.Add(SampleDays.Day(day, DayPhase.Baseline, 10, 12));
        }

        days.Add(SampleDays.Day(17, DayPhase.Reporting, 7, 12));
        IReadOnlyList<Block> blocks = Block.Of(days, 7);
        Assert.Equal([7, 10, 1], blocks.Select(block => block.Days));
        Assert.All(blocks.Take(2), block => Assert.Equal(10, block.Use));
    }

    [Fact]
    public void A_block_with_less_than_half_of_its_days_known_is_a_gap()
    {
        double[] uses = [10, 10, 10, double.NaN, double.NaN, double.NaN, double.NaN];
        Assert.True(double.IsNaN(Assert.Single(Block.Of(SampleDays.Reporting(uses), 7)).Use));
        uses[3] = 14;
        Assert.Equal(11, Assert.Single(Block.Of(SampleDays.Reporting(uses), 7)).Use);
    }

    [Fact]
    public void The_calendar_draws_each_day_once_and_crosses_out_the_missing_ones()
    {
        IReadOnlyList<ProjectDay> days = SampleDays.Reporting(80, double.NaN, 80, 80);
        XElement svg = XElement.Parse(CoverageCalendar.Draw("c", days, English, ChartWidth.Wide));
        Assert.Equal(3, PathOf(svg, "day-measured").Count(letter => letter == 'Z'));
        Assert.Equal(1, PathOf(svg, "day-missing").Count(letter => letter == 'Z'));
        Assert.NotEmpty(PathOf(svg, "day-cross"));
    }

    [Fact]
    public void The_carpet_is_a_png_with_a_column_a_day_and_transparent_gaps()
    {
        double[] values = new double[2 * Carpet.Slots];
        Array.Fill(values, 3);
        values[0] = double.NaN;
        byte[] png = CarpetChart.Picture(new(SampleDays.First, 2, values));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
        Assert.Equal(2, (png[18] << 8) | png[19]);
        Assert.Equal(Carpet.Slots, (png[22] << 8) | png[23]);
        int data = png.AsSpan().IndexOf("IDAT"u8);
        using System.IO.Compression.ZLibStream zlib = new(new MemoryStream(png[(data + 4)..^16]), System.IO.Compression.CompressionMode.Decompress);
        byte[] rows = new byte[Carpet.Slots * 3];
        zlib.ReadExactly(rows);
        Assert.Equal(0, rows[^2]); // midnight of the first day: bottom left
        Assert.Equal(255, rows[^1]);
        Assert.Equal(255, rows[1]);
    }

    private static XElement Draw(IReadOnlyList<ProjectDay> days, ChartWidth width) => XElement.Parse(Text(days, width));

    private static string Text(IReadOnlyList<ProjectDay> days, ChartWidth width) =>
        new SavingsChart(days, Block.Of(days, 1), "kWh", English).Draw("t", width);

    private static string PathOf(XElement svg, string style) =>
        svg.Elements("path").Single(path => path.Attribute("class")?.Value == style).Attribute("d")!.Value;

    private static List<Point> Corners(string path) =>
        [.. Corner().Matches(path).Select(match => new Point(
            double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)))];

    [GeneratedRegex(@"[ML](-?[\d.]+) (-?[\d.]+)")]
    private static partial Regex Corner();
}
