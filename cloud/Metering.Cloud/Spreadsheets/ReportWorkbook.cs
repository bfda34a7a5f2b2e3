using Metering.Cloud.Pages;
using Metering.Cloud.Reports;

namespace Metering.Cloud.Spreadsheets;

/// <summary>
/// A report as a spreadsheet: a summary of sentences and figures, a sheet for each table, and the sources with hash and command.
/// Every number stands in a column whose heading names its unit, or beside a column that does.
/// </summary>
internal static class ReportWorkbook
{
    private const double WideCharacters = 60;
    private const double NameCharacters = 28;
    private const double NumberCharacters = 18;

    /// <summary>The bytes of the XLSX.</summary>
    public static byte[] Write(ReportDocument report, Language language)
    {
        ReportFormat format = new(language);
        List<Sheet> sheets = [Summary(report, format)];
        foreach (ReportSection section in report.Sections)
        {
            if (section.Table is { } table && section.Place != SectionPlace.Sources)
            {
                sheets.Add(Table(section.Title.In(language), table, format));
            }
        }

        sheets.Add(Sources(report, format));
        return XlsxWriter.Write(sheets);
    }

    private static Sheet Summary(ReportDocument report, ReportFormat format)
    {
        Language language = format.Language;
        List<IReadOnlyList<SheetCell>> rows =
        [
            [SheetCell.Of(report.Title.In(language)), SheetCell.Of(report.Subtitle.In(language))],
            [SheetCell.Of(ReportWords.DayWord.In(language)), SheetCell.Of(format.Day(report.First) + " – " + format.Day(report.Last))],
        ];
        if (report.IsSimulated)
        {
            rows.Add([SheetCell.Of(ReportWords.SimulatedNote.In(language))]);
        }

        foreach (ReportSection section in report.Sections)
        {
            if (section.Place == SectionPlace.Everywhere)
            {
                rows.AddRange(section.Sentences.Select(sentence => (IReadOnlyList<SheetCell>)[SheetCell.Of(section.Title.In(language)), SheetCell.Of(sentence.In(language))]));
                AddFacts(rows, section, format);
            }
        }

        return new(ReportWords.SummarySheet.In(language), FactColumns(language), rows);
    }

    private static void AddFacts(List<IReadOnlyList<SheetCell>> rows, ReportSection section, ReportFormat format)
    {
        foreach (ReportFact fact in section.Facts)
        {
            ReportCell cell = fact.Value;
            string unit = cell.Kind switch
            {
                CellKind.Number => format.Unit(cell.Unit),
                CellKind.Money => cell.RateDay is { } day ? $"{cell.Currency} ({ReportWords.RateOf.In(format.Language, format.Day(day))})" : cell.Currency,
                _ => "",
            };
            rows.Add([SheetCell.Of(fact.Label.In(format.Language)), CellOf(cell, format), SheetCell.Of(cell.HalfWidth, cell.Decimals), SheetCell.Of(unit)]);
        }
    }

    private static Sheet Sources(ReportDocument report, ReportFormat format)
    {
        Language language = format.Language;
        List<IReadOnlyList<SheetCell>> rows =
        [
            [SheetCell.Of(ReportWords.FooterHash.In(language)), SheetCell.Of(ReportJson.Hash(ReportJson.Write(report)))],
            [SheetCell.Of(ReportWords.FooterCheck.In(language)), SheetCell.Of(report.RecomputeCommand.Length == 0 ? ReportWords.NoCommand.In(language) : report.RecomputeCommand)],
            [SheetCell.Of(ReportWords.Software.In(language)), SheetCell.Of("metering " + ReportJson.SoftwareVersion)],
            [SheetCell.Of(ReportWords.ReferenceData.In(language)), SheetCell.Of(ReportJson.ReferenceDataHash)],
        ];
        rows.AddRange(report.SignOffs.Select(sign => (IReadOnlyList<SheetCell>)[SheetCell.Of(sign.Role.In(language)), SheetCell.Of(sign.Name + " · " + format.Day(sign.Day))]));
        foreach (ReportSection section in report.Sections.Where(section => section.Place == SectionPlace.Sources))
        {
            AddFacts(rows, section, format);
            foreach (IReadOnlyList<ReportCell> row in section.Table?.Rows ?? [])
            {
                string parts = string.Join(" · ", row.Select((cell, column) => section.Table!.Columns[column].Heading.In(language) + ": " + format.Cell(cell)));
                rows.Add([SheetCell.Of(section.Title.In(language)), SheetCell.Of(parts)]);
            }
        }

        return new(ReportWords.SourcesSheet.In(language), FactColumns(language), rows);
    }

    private static SheetColumn[] FactColumns(Language language) =>
    [
        new(ReportWords.Concept.In(language), 40), new(ReportWords.Value.In(language), WideCharacters), new(ReportWords.PlusMinus.In(language), NumberCharacters),
        new(ReportWords.Unit.In(language), NumberCharacters),
    ];

    // A column whose cells state units of their own is followed by one that holds them.
    private static Sheet Table(string name, ReportTable table, ReportFormat format)
    {
        List<SheetColumn> columns = [];
        bool[] hasUnits = new bool[table.Columns.Count];
        bool[] hasHalfWidths = new bool[table.Columns.Count];
        for (int column = 0; column < hasUnits.Length; column++)
        {
            hasUnits[column] = table.Rows.Any(row => row[column].Kind == CellKind.Money || (row[column].Kind == CellKind.Number && row[column].Unit != table.Columns[column].Unit));
            hasHalfWidths[column] = table.Rows.Any(row => double.IsFinite(row[column].HalfWidth));
            string heading = format.Heading(table.Columns[column]);
            columns.Add(new(heading, column == 0 ? NameCharacters : NumberCharacters));
            if (hasHalfWidths[column])
            {
                columns.Add(new(heading + " ±", NumberCharacters));
            }

            if (hasUnits[column])
            {
                columns.Add(new(heading + ": " + ReportWords.Unit.In(format.Language), NumberCharacters));
            }
        }

        List<IReadOnlyList<SheetCell>> rows = new(table.Rows.Count);
        foreach (IReadOnlyList<ReportCell> row in table.Rows)
        {
            List<SheetCell> cells = new(columns.Count);
            for (int column = 0; column < row.Count; column++)
            {
                ReportCell cell = row[column];
                cells.Add(CellOf(cell, format));
                if (hasHalfWidths[column])
                {
                    cells.Add(SheetCell.Of(cell.HalfWidth, cell.Decimals));
                }

                if (hasUnits[column])
                {
                    cells.Add(SheetCell.Of(cell.Kind switch { CellKind.Number => format.Unit(cell.Unit), CellKind.Money => cell.Currency, _ => "" }));
                }
            }

            rows.Add(cells);
        }

        return new(name, columns, rows);
    }

    private static SheetCell CellOf(ReportCell cell, ReportFormat format) => cell.Kind switch
    {
        CellKind.Words => SheetCell.Of(cell.Words!.In(format.Language)),
        CellKind.Number => SheetCell.Of(cell.Number, cell.Decimals),
        CellKind.Day => SheetCell.Of(cell.Day),
        CellKind.Money => SheetCell.Of((double)cell.Amount, 2),
        _ => SheetCell.Empty,
    };
}

/// <summary>A report as CSV: one value a line, with its unit in the next field. Texts in the language, numbers in full.</summary>
internal static class ReportCsv
{
    /// <summary>The text.</summary>
    public static string Write(ReportDocument report, Language language)
    {
        ReportFormat format = new(language);
        Csv csv = new();
        _ = csv.Text("section").Text("row").Text("item").Text("value").Text("half_width").Text("unit");
        csv.Line();
        Line(csv, ("report", "", "sha256"), ReportCell.Of(ReportJson.Hash(ReportJson.Write(report))), format);
        foreach (ReportSection section in report.Sections)
        {
            int sentence = 0;
            foreach (Text text in section.Sentences)
            {
                Line(csv, (section.Id, $"s{++sentence}", "sentence"), ReportCell.Of(text), format);
            }

            foreach (ReportFact fact in section.Facts)
            {
                Line(csv, (section.Id, "", fact.Id), fact.Value, format);
            }

            for (int row = 0; row < (section.Table?.Rows.Count ?? 0); row++)
            {
                for (int column = 0; column < section.Table!.Columns.Count; column++)
                {
                    Line(csv, (section.Id, FormattableString.Invariant($"{row + 1}"), section.Table.Columns[column].Id), section.Table.Rows[row][column], format);
                }
            }
        }

        return csv.ToString();
    }

    private static void Line(Csv csv, (string Section, string Row, string Item) place, ReportCell cell, ReportFormat format)
    {
        _ = csv.Text(place.Section).Text(place.Row).Text(place.Item);
        _ = cell.Kind switch
        {
            CellKind.Words => csv.Text(cell.Words!.In(format.Language)),
            CellKind.Number => csv.Number(cell.Number),
            CellKind.Day => csv.Day(cell.Day),
            CellKind.Money => csv.Text(cell.Amount.ToString("0.00##########", System.Globalization.CultureInfo.InvariantCulture)),
            _ => csv.Text(""),
        };
        _ = csv.Number(cell.HalfWidth).Text(cell.Kind switch { CellKind.Number => format.Unit(cell.Unit), CellKind.Money => cell.Currency, _ => "" });
        csv.Line();
    }
}
