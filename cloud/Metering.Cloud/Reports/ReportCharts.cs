using System.Text;
using Metering.Cloud.Charts;
using Metering.Cloud.Pages;

namespace Metering.Cloud.Reports;

/// <summary>The drawings of a savings report, the same that the project's page shows; pictures are part of the file.</summary>
internal static class ReportCharts
{
    /// <summary>The drawings that belong to a section; empty when it has none.</summary>
    public static string Of(string section, ProjectResult result, PageContext page) => section switch
    {
        "result" when result.Weeks.Any(week => double.IsFinite(week.Use)) =>
            Figure(new SavingsChart(result.Days, result.Weeks, result.Unit, page.Format).Draw("savings", ChartWidth.Wide)),
        "months" => Pair(
            MonthsChart.Draw("months", result, page.Format, ChartWidth.Half), CusumChart.Draw("cusum", result, page.Format, ChartWidth.Half)),
        "model" when result.Fit is { DriverNames.Count: > 0 } => Pair(
            new ScatterChart(result, result.Project.Drivers.ToList().FindIndex(driver => driver.Id == result.Fit.DriverNames[0]), page.Format).Draw("scatter", ChartWidth.Half), ResidualChart.Draw("residuals", result, page.Format, ChartWidth.Half)),
        "coverage" => Figure(CoverageCalendar.Draw("coverage", result.Days, page.Format, ChartWidth.Wide)) + Load(result, page),
        _ => "",
    };

    private static string Load(ProjectResult result, PageContext page) => result.Carpet is { } carpet
        ? Figure(CarpetChart.Draw("carpet", result, "data:image/png;base64," + Convert.ToBase64String(CarpetChart.Picture(carpet)), page.Format, ChartWidth.Wide))
        : "";

    private static string Figure(string drawing) => "<figure>" + drawing + "</figure>";

    private static string Pair(string first, string second) =>
        new StringBuilder("<div class=\"pair\">").Append(Figure(first)).Append(Figure(second)).Append("</div>").ToString();
}
