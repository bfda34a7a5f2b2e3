using System.Globalization;
using System.Text;
using Metering.Cloud.ProgrammePages;
using Metering.Cloud.Projects;
using Metering.Cloud.Spreadsheets;

namespace Metering.Cloud.Reports;

/// <summary>The forms in which a report is given out.</summary>
internal enum ReportForm
{
    /// <summary>report.json.</summary>
    Json = 0,

    /// <summary>One HTML file.</summary>
    Html = 1,

    /// <summary>PDF.</summary>
    Pdf = 2,

    /// <summary>Spreadsheet.</summary>
    Xlsx = 3,

    /// <summary>Comma-separated text.</summary>
    Csv = 4,
}

/// <summary>A report with what its drawings are made of.</summary>
/// <param name="Document">The report.</param>
/// <param name="Result">The result drawn; null without drawings.</param>
internal sealed record DrawnReport(ReportDocument Document, ProjectResult? Result);

/// <summary>From projects to reports, and from reports to files.</summary>
internal static class ReportFiles
{
    /// <summary>The form by the end of a name, with its point; false for any other.</summary>
    public static bool TryForm(string extension, out ReportForm form)
    {
        form = extension switch { ".html" => ReportForm.Html, ".pdf" => ReportForm.Pdf, ".xlsx" => ReportForm.Xlsx, ".csv" => ReportForm.Csv, _ => ReportForm.Json };
        return form != ReportForm.Json || extension == ".json";
    }

    /// <summary>Media type of a form.</summary>
    public static string TypeOf(ReportForm form) => form switch
    {
        ReportForm.Html => "text/html; charset=utf-8",
        ReportForm.Pdf => "application/pdf",
        ReportForm.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ReportForm.Csv => "text/csv; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };

    /// <summary>The bytes of a form. Only HTML, PDF, XLSX and CSV have a language; JSON holds both.</summary>
    /// <exception cref="PdfException">PDF was asked for and cannot be made here.</exception>
    public static async Task<byte[]> BytesAsync(DrawnReport report, ReportForm form, Language language, CancellationToken cancel) => form switch
    {
        ReportForm.Html => Encoding.UTF8.GetBytes(await ReportHtml.RenderAsync(report.Document, report.Result, language)),
        ReportForm.Pdf => await PdfPrinter.PrintAsync(await ReportHtml.RenderAsync(report.Document, report.Result, language), PdfPrinter.Browser(), cancel),
        ReportForm.Xlsx => ReportWorkbook.Write(report.Document, language),
        ReportForm.Csv => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(ReportCsv.Write(report.Document, language))],
        _ => ReportJson.Write(report.Document),
    };

    /// <summary>The report of a project: its saving, or an anonymous case sheet; null for a kind that a project has not.</summary>
    public static DrawnReport? OfProject(ProjectResult result, string kind) => kind switch
    {
        "savings" => new(SavingsReport.Build(result, []), result),
        "case-sheet" => new(CaseSheet.Build(result, new() { IsAnonymous = true }), null),
        _ => null,
    };

    /// <summary>The report of all projects, with the rows of the logframe where there is a register; null for an unknown kind or a period that does not fit it.</summary>
    /// <param name="board">The projects.</param>
    /// <param name="portfolio">What is kept between reports.</param>
    /// <param name="kind">half-yearly, annual or plac.</param>
    /// <param name="period">2026-H1 for half a year, 2026 for a year.</param>
    // The pages, /api/v1 and `cloud report` all come here, so that none of them leaves out what another shows.
    public static DrawnReport? OfPortfolio(ProjectBoard board, PortfolioDesk portfolio, string kind, string period)
    {
        LogframePart? part = null;
        IReadOnlyList<PortfolioEntry> loads = [];
        if (board.Source.Records is { } records && kind is "half-yearly" or "annual" && TryPeriod(period, out (DateOnly First, DateOnly Last) days, out _))
        {
            ProgrammeRequest request = ProgrammeRequest.OfReport(records, board, portfolio);
            part = LogframePage.PartFor(request, days.First, days.Last);
            loads = [.. portfolio.EntriesOf(request).Where(entry => entry.Load is not null).Select(entry => portfolio.Within(entry, board, days.First, days.Last))];
        }

        return OfPortfolio(board.Summaries(), kind, period, part, loads);
    }

    /// <summary>The report of all projects; null for an unknown kind or a period that does not fit it.</summary>
    /// <param name="results">Results of all projects.</param>
    /// <param name="kind">half-yearly, annual or plac.</param>
    /// <param name="period">2026-H1 for half a year, 2026 for a year.</param>
    /// <param name="logframe">The logframe over the same days; null without a register.</param>
    /// <param name="loads">Effluent projects within the same days; null without a register.</param>
    public static DrawnReport? OfPortfolio(IReadOnlyList<ProjectSummary> results, string kind, string period, LogframePart? logframe = null, IReadOnlyList<PortfolioEntry>? loads = null)
    {
        if (!TryPeriod(period, out (DateOnly First, DateOnly Last) days, out bool isHalf))
        {
            return null;
        }

        PortfolioReportInput input = new()
        {
            Kind = isHalf ? ReportKind.HalfYearly : ReportKind.Annual, First = days.First, Last = days.Last, Results = results, Logframe = logframe?.Rows ?? [], TargetNote = logframe?.TargetNote,
            Loads = loads ?? [],
        };
        return kind switch
        {
            "half-yearly" when isHalf => new(PortfolioReport.Build(input), null),
            "annual" when !isHalf => new(PortfolioReport.Build(input), null),
            "plac" => new(Plac(results, days, period), null),
            _ => null,
        };
    }

    /// <summary>The half-year of a day, as 2026-H1.</summary>
    public static string HalfYearOf(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day.Year:0000}-H{(day.Month <= 6 ? 1 : 2)}");

    /// <summary>Reads 2026-H1, 2026-H2 or 2026.</summary>
    public static bool TryPeriod(string text, out (DateOnly First, DateOnly Last) days, out bool isHalf)
    {
        days = default;
        isHalf = text.Length == 7;
        if ((text.Length != 4 && !isHalf) || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out int year) || year is < 1970 or > 2199)
        {
            return false;
        }

        string part = text[4..];
        days = part == "-H2" ? (new(year, 7, 1), new(year, 12, 31)) : part == "-H1" ? (new(year, 1, 1), new(year, 6, 30)) : (new(year, 1, 1), new(year, 12, 31));
        return part is "" or "-H1" or "-H2";
    }

    // Money, waste and emissions come from the register; until it gives them they are not known, and not zero.
    private static ReportDocument Plac(IReadOnlyList<ProjectSummary> results, (DateOnly First, DateOnly Last) days, string period)
    {
        List<PlacFirm> firms = [];
        foreach (IGrouping<Plant, ProjectSummary> plant in results.GroupBy(result => result.Project.Plant))
        {
            string name = plant.Key.Name.In(Language.Spanish);
            firms.Add(new()
            {
                Group = plant.Key.State,
                Firm = name,
                Projects = plant.Count(),
                WaterM3 = SumOf(plant, "m3", days),
                EnergyKwh = SumOf(plant, "kWh", days),
            });
        }

        return PlacReport.Build(firms, days, $"cloud report --config cloud.yaml --portfolio --kind plac --period {period} --out report.json && sha256sum report.json")
            with { IsSimulated = results.Any(result => result.Project.Plant.IsSimulated) };
    }

    private static double? SumOf(IEnumerable<ProjectSummary> results, string unit, (DateOnly First, DateOnly Last) days)
    {
        double[] known = [.. results.Where(result => result.Unit == unit).Select(result => result.PartIn(days.First, days.Last)?.Savings).OfType<double>()];
        return known.Length == 0 ? null : known.Sum();
    }
}
