using System.Diagnostics;
using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Metering.Cloud.Spreadsheets;
using Metering.Tests.Reports;
using Metering.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.Spreadsheets;

public sealed class XlsxWriterTests(ITestOutputHelper output)
{
    private const string Look = """
        import sys, zipfile, xml.etree.ElementTree as tree
        book = zipfile.ZipFile(sys.argv[1])
        assert book.testzip() is None
        space = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
        sheet = tree.fromstring(book.read('xl/worksheets/sheet1.xml'))
        rows = sheet.find(space + 'sheetData').findall(space + 'row')
        print(len(rows), ''.join(rows[1][0].itertext()), rows[1][1].find(space + 'v').text, rows[1][2].find(space + 'v').text, len(list(sheet.iter(space + 'f'))))
        """;

    private static readonly SheetColumn[] Columns = [new("Concepto", 30), new("Energía (kWh)", 14), new("Día", 12)];

    [Fact]
    public void An_independent_validator_finds_no_fault()
    {
        using MemoryStream stream = new(Sample());
        using SpreadsheetDocument document = SpreadsheetDocument.Open(stream, isEditable: false);
        ValidationErrorInfo[] faults = [.. new OpenXmlValidator().Validate(document)];
        Assert.True(faults.Length == 0, string.Join("\n", faults.Select(fault => fault.Path?.XPath + " " + fault.Description)));
        Assert.Equal(2, document.WorkbookPart!.WorksheetParts.Count());
    }

    [NeedsFact("python3")]
    public async Task Another_program_reads_the_same_values_and_no_formula()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "sample.xlsx");
        await File.WriteAllBytesAsync(file, Sample());
        ProcessStartInfo start = new("python3") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Look);
        start.ArgumentList.Add(file);
        using Process process = Process.Start(start)!;
        string seen = await process.StandardOutput.ReadToEndAsync();
        string fault = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(("3 =HYPERLINK(\"x\") 8065.25 46388 0", ""), (seen.Trim(), fault.Trim()));
    }

    [Fact]
    public void Equal_sheets_give_equal_bytes() => Assert.Equal(Sample(), Sample());

    [Fact]
    public void What_XML_cannot_carry_is_replaced_and_names_are_cut()
    {
        byte[] file = XlsxWriter.Write([new(new string('a', 40) + "/", [new("x\u0001y", 9)], [[SheetCell.Of("a\ud800b\u0000c 😀")], [SheetCell.Of(double.NaN, 2)]])]);
        Assert.Equal("x\uFFFDy\na\uFFFDb\uFFFDc 😀", NumberWalk.TextOf(file));
        Assert.Empty(NumberWalk.NumbersOf(file));
    }

    [Fact]
    public void Sheets_without_a_name_of_their_own_are_refused() =>
        Assert.Throws<ArgumentException>(() => XlsxWriter.Write([new("Datos", Columns, []), new("datos", Columns, [])]));

    [Fact]
    public void Twenty_thousand_rows_are_written_whole()
    {
        List<IReadOnlyList<SheetCell>> rows = [];
        DateOnly first = new(2024, 1, 1);
        for (int row = 0; row < 20_000; row++)
        {
            rows.Add([SheetCell.Of("renglón " + row.ToString(CultureInfo.InvariantCulture)), SheetCell.Of(row * 1.25, 2), SheetCell.Of(first.AddDays(row % 700)), SheetCell.Of(row / 7.0, 3), SheetCell.Of(row, 0), SheetCell.Of(1e-3 * row, 4)]);
        }

        SheetColumn[] columns = [.. Columns, new("Agua (m³)", 12), new("Días (d)", 12), new("Carga (t)", 12)];
        Stopwatch watch = Stopwatch.StartNew();
        byte[] file = XlsxWriter.Write([new("Datos", columns, rows)]);
        output.WriteLine($"20,000 rows x 6 cells: {watch.ElapsedMilliseconds} ms, {file.Length:N0} bytes");
        Assert.Equal(100_000, NumberWalk.NumbersOf(file).Length);
    }

    private static byte[] Sample() => XlsxWriter.Write(
    [
        new("Resumen", Columns, [[SheetCell.Of("=HYPERLINK(\"x\")"), SheetCell.Of(8065.25, 2), SheetCell.Of(new DateOnly(2027, 1, 1))], [SheetCell.Of("+1"), SheetCell.Empty, SheetCell.Of(new DateOnly(2026, 12, 31))]]),
        new("Datos: 1/2", [new("x", 300)], []),
    ]);
}
