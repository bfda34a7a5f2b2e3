using System.Text;
using Metering.Cloud.Charts;
using Metering.Cloud.Pages;

namespace Metering.Cloud.Reports;

/// <summary>The drawings of a savings report, the same that the project's page shows; pictures are part of the file.</summary>
internal static class ReportCharts
{
    private const string LoadPicture = "load-picture";

    /// <summary>The drawings that belong to a section; empty when it has none.</summary>
    public static string Of(string section, ProjectResult result, PageContext page) => section switch
    {
        "result" when result.Weeks.Any(week => double.IsFinite(week.Use)) =>
            Figure(Both(width => new SavingsChart(result.Days, result.Weeks, result.Unit, page.Format).Draw("savings", width), ChartWidth.Wide)),
        "months" => Pair(
            Both(width => MonthsChart.Draw("months", result, page.Format, width), ChartWidth.Half), Both(width => CusumChart.Draw("cusum", result, page.Format, width), ChartWidth.Half)),
        "model" when result.Fit is { DriverNames.Count: > 0 } => Pair(
            Both(width => new ScatterChart(result, result.Project.Drivers.ToList().FindIndex(driver => driver.Id == result.Fit.DriverNames[0]), page.Format).Draw("scatter", width), ChartWidth.Half),
            Both(width => ResidualChart.Draw("residuals", result, page.Format, width), ChartWidth.Half)),
        "coverage" => Figure(Both(width => CoverageCalendar.Draw("coverage", result.Days, page.Format, width), ChartWidth.Wide)) + Load(result, page),
        _ => "",
    };

    // The picture is as large as all other drawings together: it stands in the file once, and the wide and the narrow drawing show it.
    private static string Load(ProjectResult result, PageContext page) => result.Carpet is { } carpet
        ? Figure(Svg.Shared(LoadPicture, "data:image/png;base64," + Convert.ToBase64String(CarpetChart.Picture(carpet)))
            + Both(width => CarpetChart.Draw("carpet", result, "#" + LoadPicture, page.Format, width), ChartWidth.Wide))
        : "";

    // A report is read on a telephone, too, where the wide drawing has letters of four points.
    private static string Both(Func<ChartWidth, string> draw, ChartWidth wide) => PageContext.Both(draw, wide).Value;

    private static string Figure(string drawing) => "<figure>" + drawing + "</figure>";

    private static string Pair(string first, string second) =>
        new StringBuilder("<div class=\"pair\">").Append(Figure(first)).Append(Figure(second)).Append("</div>").ToString();
}
