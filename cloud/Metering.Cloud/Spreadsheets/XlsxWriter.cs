using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Metering.Cloud.Spreadsheets;

/// <summary>
/// Writes sheets as an XLSX file (ECMA-376, part 1: SpreadsheetML in an OPC package). Texts are inline strings, so that nothing is
/// ever a formula. Equal sheets give equal bytes: the parts carry the earliest date that a ZIP knows.
/// </summary>
internal static class XlsxWriter
{
    /// <summary>Most rows of a sheet, the header included (ECMA-376 limit of the usual programs).</summary>
    public const int MaximumRows = 1_048_576;

    private const int MaximumTextLength = 32_767;
    private const int MaximumNameLength = 31;
    private const int HeaderStyle = 1;
    private const int DayStyle = 2;
    private const int FirstNumberStyle = 3;
    private const int MostDecimals = 9;
    private const int FirstCustomFormat = 164;

    private static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Day 0 of spreadsheets, as they count from 1900 with a 29 February that year did not have (ECMA-376, 18.17.4.1).
    private static readonly DateOnly DayZero = new(1899, 12, 30);

    /// <summary>The bytes of a file with these sheets.</summary>
    /// <exception cref="ArgumentException">No sheet, a sheet without columns, too many rows, or two sheets of one name.</exception>
    public static byte[] Write(IReadOnlyList<Sheet> sheets)
    {
        string[] names = [.. sheets.Select(sheet => NameOf(sheet.Name))];
        if (sheets.Count == 0 || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length)
        {
            throw new ArgumentException("a file has at least one sheet, and every sheet a name of its own", nameof(sheets));
        }

        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Part(archive, "[Content_Types].xml", text => ContentTypes(text, sheets.Count));
            Part(archive, "_rels/.rels", text => text.Write(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
            Part(archive, "xl/workbook.xml", text => Workbook(text, names));
            Part(archive, "xl/_rels/workbook.xml.rels", text => Relations(text, sheets.Count));
            Part(archive, "xl/styles.xml", Styles);
            for (int index = 0; index < sheets.Count; index++)
            {
                Sheet sheet = sheets[index];
                if (sheet.Columns.Count == 0 || sheet.Rows.Count >= MaximumRows)
                {
                    throw new ArgumentException($"sheet '{sheet.Name}' has no columns or more than {MaximumRows} rows", nameof(sheets));
                }

                Part(archive, FormattableString.Invariant($"xl/worksheets/sheet{index + 1}.xml"), text => Worksheet(text, sheet));
            }
        }

        return stream.ToArray();
    }

    private static void Part(ZipArchive archive, string name, Action<StreamWriter> write)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = Earliest;
        using StreamWriter text = new(entry.Open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16);
        text.Write("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        write(text);
    }

    private static void ContentTypes(StreamWriter text, int count)
    {
        text.Write("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>");
        for (int sheet = 1; sheet <= count; sheet++)
        {
            text.Write(FormattableString.Invariant($"<Override PartName=\"/xl/worksheets/sheet{sheet}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"));
        }

        text.Write("</Types>");
    }

    private static void Workbook(StreamWriter text, string[] names)
    {
        text.Write("<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>");
        for (int sheet = 1; sheet <= names.Length; sheet++)
        {
            text.Write("<sheet name=\"");
            Escape(text, names[sheet - 1]);
            text.Write(FormattableString.Invariant($"\" sheetId=\"{sheet}\" r:id=\"rId{sheet}\"/>"));
        }

        text.Write("</sheets></workbook>");
    }

    private static void Relations(StreamWriter text, int count)
    {
        text.Write("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
        for (int sheet = 1; sheet <= count; sheet++)
        {
            text.Write(FormattableString.Invariant($"<Relationship Id=\"rId{sheet}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{sheet}.xml\"/>"));
        }

        text.Write(FormattableString.Invariant($"<Relationship Id=\"rId{count + 1}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>"));
    }

    private static void Styles(StreamWriter text)
    {
        text.Write("<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">");
        text.Write(FormattableString.Invariant($"<numFmts count=\"{MostDecimals + 2}\"><numFmt numFmtId=\"{FirstCustomFormat}\" formatCode=\"yyyy\\-mm\\-dd\"/>"));
        for (int decimals = 0; decimals <= MostDecimals; decimals++)
        {
            string places = decimals == 0 ? "" : "." + new string('0', decimals);
            text.Write(FormattableString.Invariant($"<numFmt numFmtId=\"{FirstCustomFormat + 1 + decimals}\" formatCode=\"#,##0{places}\"/>"));
        }

        text.Write("</numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>");
        text.Write("<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>");
        text.Write("<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>");
        text.Write("<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>");
        text.Write(FormattableString.Invariant($"<cellXfs count=\"{FirstNumberStyle + MostDecimals + 1}\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"));
        text.Write("<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>");
        for (int format = 0; format <= MostDecimals + 1; format++)
        {
            text.Write(FormattableString.Invariant($"<xf numFmtId=\"{FirstCustomFormat + format}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"));
        }

        text.Write("</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>");
    }

    private static void Worksheet(StreamWriter text, Sheet sheet)
    {
        text.Write("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>");
        string[] letters = new string[sheet.Columns.Count];
        for (int column = 0; column < letters.Length; column++)
        {
            letters[column] = Letters(column);
            text.Write(FormattableString.Invariant($"<col min=\"{column + 1}\" max=\"{column + 1}\" width=\"{Math.Clamp(sheet.Columns[column].WidthCharacters, 1, 255)}\" customWidth=\"1\"/>"));
        }

        text.Write("</cols><sheetData><row r=\"1\">");
        for (int column = 0; column < letters.Length; column++)
        {
            Inline(text, letters[column], "1", HeaderStyle, sheet.Columns[column].Heading);
        }

        text.Write("</row>");
        for (int row = 0; row < sheet.Rows.Count; row++)
        {
            string number = (row + 2).ToString(CultureInfo.InvariantCulture);
            text.Write("<row r=\"");
            text.Write(number);
            text.Write("\">");
            IReadOnlyList<SheetCell> cells = sheet.Rows[row];
            for (int column = 0; column < cells.Count; column++)
            {
                Cell(text, letters[column], number, cells[column]);
            }

            text.Write("</row>");
        }

        text.Write("</sheetData></worksheet>");
    }

    private static void Cell(StreamWriter text, string letters, string row, in SheetCell cell)
    {
        switch (cell.Kind)
        {
            case SheetCellKind.Text:
                Inline(text, letters, row, 0, cell.Text);
                break;
            case SheetCellKind.Number:
                Value(text, letters, row, FirstNumberStyle + cell.Decimals, cell.Number == 0 ? 0 : cell.Number);
                break;
            case SheetCellKind.Day:
                Value(text, letters, row, DayStyle, cell.Day.DayNumber - DayZero.DayNumber);
                break;
            default:
                break;
        }
    }

    private static void Value(StreamWriter text, string letters, string row, int style, double value)
    {
        Span<char> digits = stackalloc char[32];
        _ = value.TryFormat(digits, out int length, "R", CultureInfo.InvariantCulture);
        Begin(text, letters, row, style);
        text.Write("\"><v>");
        text.Write(digits[..length]);
        text.Write("</v></c>");
    }

    private static void Inline(StreamWriter text, string letters, string row, int style, string value)
    {
        Begin(text, letters, row, style);
        text.Write("\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        Escape(text, value.Length > MaximumTextLength ? value[..MaximumTextLength] : value);
        text.Write("</t></is></c>");
    }

    private static void Begin(StreamWriter text, string letters, string row, int style)
    {
        text.Write("<c r=\"");
        text.Write(letters);
        text.Write(row);
        text.Write("\" s=\"");
        text.Write(style);
    }

    // What XML 1.0 cannot carry becomes U+FFFD.
    private static void Escape(StreamWriter text, string value)
    {
        for (int index = 0; index < value.Length; index++)
        {
            char character = value[index];
            bool isPair = char.IsHighSurrogate(character) && index + 1 < value.Length && char.IsLowSurrogate(value[index + 1]);
            switch (character)
            {
                case '&': text.Write("&amp;"); break;
                case '<': text.Write("&lt;"); break;
                case '>': text.Write("&gt;"); break;
                case '"': text.Write("&quot;"); break;
                case '\r': text.Write("&#13;"); break;
                case '\n' or '\t': text.Write(character); break;
                case < ' ' or '\uFFFE' or '\uFFFF': text.Write('\uFFFD'); break;
                default:
                    if (isPair)
                    {
                        text.Write(character);
                        text.Write(value[++index]);
                    }
                    else
                    {
                        text.Write(char.IsSurrogate(character) ? '\uFFFD' : character);
                    }

                    break;
            }
        }
    }

    private static string NameOf(string name)
    {
        string safe = string.Concat(name.Select(character => character is ':' or '\\' or '/' or '?' or '*' or '[' or ']' || char.IsControl(character) ? ' ' : character)).Trim().Trim('\'');
        return safe.Length == 0 ? "-" : safe[..Math.Min(safe.Length, MaximumNameLength)];
    }

    private static string Letters(int column)
    {
        string letters = "";
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            letters = (char)('A' + ((rest - 1) % 26)) + letters;
        }

        return letters;
    }
}
