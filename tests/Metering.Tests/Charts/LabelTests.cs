using System.Xml.Linq;
using Metering.Cloud.Charts;
using Metering.Cloud.Texts;
using Metering.Tests.Projects;
using Xunit;

namespace Metering.Tests.Charts;

/// <summary>Labels that stood over each other on a telephone.</summary>
public sealed class LabelTests
{
    private static readonly Formatter Spanish = new(Language.Spanish);

    [Fact]
    public void The_name_of_a_month_has_its_place_before_the_first_marked_day()
    {
        double[] uses = new double[92];
        Array.Fill(uses, 80);
        IReadOnlyList<ProjectDay> days = SampleDays.Reporting(uses);
        string[] narrow = LabelsOf(new SavingsChart(days, Block.Of(days, 1), "kWh", Spanish).Draw("t", ChartWidth.Narrow));
        Assert.DoesNotContain("8", narrow);
        Assert.Contains("15", narrow);
        Assert.Contains("8", LabelsOf(new SavingsChart(days, Block.Of(days, 1), "kWh", Spanish).Draw("t", ChartWidth.Wide)));
    }

    [Fact]
    public void The_years_of_two_months_beside_each_other_are_not_written_over_each_other()
    {
        ProjectResult result = new SampleProject(11) { EventUse = 150 }.Analyse();
        MonthRow row = result.Months[0];
        ProjectResult turned = result with { Months = [row with { Year = 2025, Month = 12 }, .. Enumerable.Range(1, 10).Select(month => row with { Year = 2026, Month = month })] };
        Assert.DoesNotContain("2025", LabelsOf(MonthsChart.Draw("t", turned, Spanish, ChartWidth.Narrow)));
        Assert.Contains("2026", LabelsOf(MonthsChart.Draw("t", turned, Spanish, ChartWidth.Narrow)));
        Assert.Contains("2025", LabelsOf(MonthsChart.Draw("t", turned, Spanish, ChartWidth.Wide)));
    }

    [Theory]
    [InlineData("kWh/vehicles", "kWh/vehículo")]
    [InlineData("m3/pieces", "m³/pieza")]
    [InlineData("pieces", "piezas")]
    [InlineData("kWh/degC", "kWh/°C")]
    [InlineData("m3/h", "m³/h")]
    [InlineData("mg/L", "mg/L")]
    public void Each_part_of_a_unit_has_its_printed_form(string unit, string printed) => Assert.Equal(printed, UnitNames.Of(unit, Language.Spanish));

    private static string[] LabelsOf(string svg) => [.. XElement.Parse(svg).Elements("text").Select(text => text.Value)];
}
