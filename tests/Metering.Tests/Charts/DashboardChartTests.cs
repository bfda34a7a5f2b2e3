using System.Globalization;
using System.Xml.Linq;
using Metering.Analytics.Events;
using Metering.Cloud.Charts;
using Metering.Cloud.Texts;
using Metering.Tests.Projects;
using Xunit;

namespace Metering.Tests.Charts;

public sealed class DashboardChartTests
{
    private static readonly Formatter English = new(Language.English);
    private static readonly ProjectResult Sample = new SampleProject(11) { EventUse = 150 }.Analyse();

    public static TheoryData<string> Names() => ["scatter", "acf", "quantiles", "residual-driver", "load", "waterfall", "cusum", "residuals"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_chart_is_named_described_and_the_same_each_time_in_both_widths(string name)
    {
        foreach (Formatter formatter in (Formatter[])[English, new(Language.Spanish)])
        {
            XElement wide = XElement.Parse(Draw(name, formatter, ChartWidth.Wide));
            XElement narrow = XElement.Parse(Draw(name, formatter, ChartWidth.Narrow));
            foreach (XElement svg in (XElement[])[wide, narrow])
            {
                Assert.Equal("img", svg.Attribute("role")?.Value);
                Assert.NotEmpty(svg.Element("title")!.Value);
                Assert.True(svg.Element("desc")!.Value.Length > 20, svg.Element("desc")!.Value);
                Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
            }

            Assert.NotEqual(wide.Attribute("id")!.Value, narrow.Attribute("id")!.Value);
            Assert.Equal(Draw(name, formatter, ChartWidth.Wide), Draw(name, formatter, ChartWidth.Wide));
        }
    }

    [Fact]
    public void The_line_of_the_scatter_goes_through_the_model_and_points_keep_their_residual()
    {
        ScatterChart chart = new(Sample, 0, English);
        ProjectDay day = Sample.Days.First(candidate => candidate.Phase == DayPhase.Baseline && candidate.Drivers[0] > 0);
        (double driver, double use) = chart.PlaceOf(day);
        Assert.Equal(day.Drivers[0], driver);
        Assert.Equal(day.Use - day.Baseline, use - chart.LineAt(driver), 1e-6);
        Assert.Equal(Sample.Fit!.Coefficients[1], chart.LineAt(101) - chart.LineAt(100), 1e-9);
    }

    [Fact]
    public void A_stem_of_the_autocorrelation_stands_for_each_lag_at_its_height()
    {
        XElement svg = XElement.Parse(Draw("acf", English, ChartWidth.Wide));
        XElement[] stems = [.. svg.Elements("line").Where(line => line.Attribute("class")?.Value == "stem")];
        Assert.Equal(ResidualAnalysis.MostLags, stems.Length);
        double[] heights = [.. stems.Select(stem => Number(stem, "y1") - Number(stem, "y2"))];
        int largest = Array.IndexOf(heights, heights.Max());
        Assert.Equal(Sample.Residuals!.Autocorrelation.Max(), Sample.Residuals.Autocorrelation[largest]);
    }

    [Fact]
    public void The_bars_of_the_waterfall_join_and_end_at_what_was_metered()
    {
        IReadOnlyList<WaterfallBar> bars = WaterfallChart.Bars(Sample.Waterfall!);
        for (int index = 1; index < bars.Count; index++)
        {
            double from = bars[index].IsTotal ? bars[index].To : bars[index].From;
            Assert.Equal(bars[index - 1].To, from, 1e-9 * Sample.Savings!.Counterfactual);
        }

        Assert.Equal(Sample.Savings!.Metered, bars[^1].To);
        XElement svg = XElement.Parse(Draw("waterfall", English, ChartWidth.Wide));
        Assert.Equal(bars.Count, svg.Elements("rect").Count());
    }

    [Fact]
    public void The_remainder_of_the_waterfall_is_the_use_of_days_that_do_not_count()
    {
        WaterfallAnalysis steps = Sample.Waterfall! with { Register = Sample.Savings!.Metered + 1234 };
        Assert.Equal(1234, steps.NotCounted, 1e-6);
        Assert.Contains(WaterfallChart.Bars(steps), bar => !bar.IsTotal && Math.Abs(bar.Change - 1234) < 1e-6);
    }

    [Fact]
    public void Load_that_is_exceeded_falls_from_the_highest_to_the_lowest()
    {
        foreach (LoadAnalysis load in Load())
        {
            Assert.Equal(load.Exceeded.OrderDescending(), load.Exceeded);
            Assert.InRange(load.Base, load.Exceeded[^1], load.Mean);
        }
    }

    [Fact]
    public void Events_are_numbered_on_the_cumulative_saving()
    {
        Assert.Contains(Sample.Events, told => told.Event.Kind == EventKind.StepChange);
        XElement svg = XElement.Parse(Draw("cusum", English, ChartWidth.Wide));
        Assert.Equal(Sample.Events.Count, svg.Elements("rect").Count(rect => rect.Attribute("class")?.Value == "flag-open"));
    }

    [Fact]
    public void Means_of_residuals_hold_every_day_once()
    {
        IReadOnlyList<(double Driver, double Residual, int Days)> means = ResidualByDriverChart.Means(Sample.Days, 0);
        Assert.Equal(Sample.Fit!.N, means.Sum(mean => mean.Days));
        Assert.InRange(means.Count, 2, ResidualByDriverChart.Stretches + 1);
        Assert.Equal(0, means.Sum(mean => mean.Residual * mean.Days), 1e-6 * Sample.Fit.MeanUse * Sample.Fit.N);
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static IReadOnlyList<LoadAnalysis> Load()
    {
        double[] values = new double[Sample.Days.Count * Carpet.Slots];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = index % 13 == 0 ? double.NaN : 5 + (index % Carpet.Slots / 10.0);
        }

        return LoadAnalysis.Of(new(Sample.Days[0].Day, Sample.Days.Count, values), Sample.Days);
    }

    private static string Draw(string name, Formatter formatter, ChartWidth width) => name switch
    {
        "scatter" => new ScatterChart(Sample, 0, formatter).Draw("c", width),
        "acf" => AutocorrelationChart.Draw("c", Sample.Residuals!, formatter, width),
        "quantiles" => QuantileChart.Draw("c", Sample.Residuals!, formatter, width),
        "residual-driver" => ResidualByDriverChart.Draw("c", Sample, 0, formatter, width),
        "load" => LoadDurationChart.Draw("c", Load(), "kWh", formatter, width),
        "waterfall" => WaterfallChart.Draw("c", Sample.Waterfall!, "kWh", formatter, width),
        "cusum" => CusumChart.Draw("c", Sample, formatter, width),
        _ => ResidualChart.Draw("c", Sample, formatter, width),
    };
}
