using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Metering.Tests.Reports;

/// <summary>Goes over every number of a view and asks for its unit, and for a decimal point that cannot be read as thousands.</summary>
internal static partial class NumberWalk
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public static void Html(string html)
    {
        string body = html[html.IndexOf("<main>", StringComparison.Ordinal)..];
        string plain = WebUtility.HtmlDecode(Tags().Replace(Drawings().Replace(body, " "), " "));
        Assert.DoesNotMatch(Ambiguous(), Hashes().Replace(plain, " "));
        int walked = 0;
        foreach (Match table in Tables().Matches(body))
        {
            string[] headings = [.. Heads().Matches(table.Groups[1].Value).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];
            foreach (Match row in Rows().Matches(table.Groups[2].Value))
            {
                string[] cells = [.. Cells().Matches(row.Groups[1].Value).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value).Trim())];
                for (int column = 0; column < cells.Length; column++)
                {
                    if (Bare().IsMatch(cells[column]))
                    {
                        walked++;
                        Assert.True(HasUnit(headings[column]) || IsYear(cells[column]), $"'{cells[column]}' under '{headings[column]}' has no unit");
                    }
                }
            }
        }

        foreach (Match fact in Facts().Matches(body))
        {
            string value = WebUtility.HtmlDecode(fact.Groups[1].Value).Trim();
            Assert.False(Bare().IsMatch(value), $"the fact '{value}' has no unit");
            walked++;
        }

        Assert.True(walked > 0, "nothing was walked");
    }

    public static void Csv(string csv)
    {
        string[] lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        int walked = 0;
        foreach (string line in lines.Skip(1))
        {
            Match fields = CsvLine().Match(line);
            Assert.True(fields.Success, line);
            string value = fields.Groups["value"].Value;
            if (Bare().IsMatch(value) && !IsYear(value))
            {
                walked++;
                Assert.True(fields.Groups["unit"].Length > 0, line);
                Assert.True(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _), line);
            }
        }

        Assert.True(walked > 0, "nothing was walked");
    }

    public static void Json(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.True(Walk(document.RootElement) > 0);
    }

    public static void Xlsx(byte[] file)
    {
        int walked = 0;
        foreach (XDocument sheet in Sheets(file))
        {
            XElement[] rows = [.. sheet.Descendants(Main + "row")];
            Dictionary<string, string> headings = rows[0].Elements(Main + "c").ToDictionary(ColumnOf, TextOf, StringComparer.Ordinal);
            foreach (XElement row in rows.Skip(1))
            {
                Dictionary<string, XElement> cells = row.Elements(Main + "c").ToDictionary(ColumnOf, StringComparer.Ordinal);
                foreach ((string column, XElement cell) in cells.Where(pair => pair.Value.Element(Main + "v") is not null && pair.Value.Attribute("s")!.Value != "2"))
                {
                    walked++;
                    bool isUnitBeside = cells.Any(other => string.CompareOrdinal(other.Key, column) > 0 && headings[other.Key] is "Unidad" or "Unit" && TextOf(other.Value).Length > 0)
                        || cells.Any(other => headings[other.Key].StartsWith(headings[column].Replace(" ±", "", StringComparison.Ordinal) + ": Unit", StringComparison.Ordinal) || headings[other.Key].StartsWith(headings[column].Replace(" ±", "", StringComparison.Ordinal) + ": Unidad", StringComparison.Ordinal));
                    Assert.True(HasUnit(headings[column]) || isUnitBeside, $"{cell} under '{headings[column]}' has no unit");
                }
            }
        }

        Assert.True(walked > 0, "nothing was walked");
    }

    // In brackets, or by naming what is counted.
    private static bool HasUnit(string heading) => heading.Contains('(', StringComparison.Ordinal) || Counted().IsMatch(heading);

    [GeneratedRegex("proyectos|lecturas|días|lotes|projects|readings|days|batches", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Counted();

    public static double[] NumbersOf(byte[] file) =>
        [.. Sheets(file).SelectMany(sheet => sheet.Descendants(Main + "v")).Select(value => double.Parse(value.Value, CultureInfo.InvariantCulture))];

    public static string TextOf(byte[] file) => string.Join('\n', Sheets(file).SelectMany(sheet => sheet.Descendants(Main + "t")).Select(text => text.Value));

    public static IReadOnlyList<XDocument> Sheets(byte[] file)
    {
        using ZipArchive archive = new(new MemoryStream(file));
        List<XDocument> sheets = [];
        foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.FullName.StartsWith("xl/worksheets/", StringComparison.Ordinal)))
        {
            using StreamReader reader = new(entry.Open(), Encoding.UTF8);
            sheets.Add(XDocument.Load(reader));
        }

        return sheets;
    }

    private static int Walk(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (element.TryGetProperty("number", out _))
                {
                    Assert.False(string.IsNullOrEmpty(element.GetProperty("unit").GetString()));
                    return 1;
                }

                return element.EnumerateObject().Sum(member => Walk(member.Value));
            case JsonValueKind.Array:
                return element.EnumerateArray().Sum(Walk);
            case JsonValueKind.Number:
                Assert.Fail("a number without a unit: " + element.GetRawText());
                return 0;
            default:
                return 0;
        }
    }

    private static string ColumnOf(XElement cell) => new([.. cell.Attribute("r")!.Value.TakeWhile(char.IsAsciiLetter)]);

    private static string TextOf(XElement cell) => string.Concat(cell.Descendants(Main + "t").Select(text => text.Value));

    private static bool IsYear(string text) => text.Length == 4 && text.StartsWith("20", StringComparison.Ordinal);

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawings();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();

    [GeneratedRegex("[0-9a-f]{64}|\\d+\\.\\d+\\.\\d+")]
    private static partial Regex Hashes();

    [GeneratedRegex("(?<![\\d.,/])[1-9]\\d{0,2}\\.\\d{3}(?!\\d)")]
    private static partial Regex Ambiguous();

    [GeneratedRegex("^[\u2212-]?[0-9][0-9,]*(\\.[0-9]+)?([eE][-+]?[0-9]+)?$")]
    private static partial Regex Bare();

    [GeneratedRegex("<table class=\"report-table[^\"]*\">(.*?)<tbody>(.*?)</tbody>", RegexOptions.Singleline)]
    private static partial Regex Tables();

    [GeneratedRegex("<th scope=\"col\"[^>]*>(.*?)</th>", RegexOptions.Singleline)]
    private static partial Regex Heads();

    [GeneratedRegex("<tr>(.*?)</tr>", RegexOptions.Singleline)]
    private static partial Regex Rows();

    [GeneratedRegex("<t[hd][^>]*>(.*?)</t[hd]>", RegexOptions.Singleline)]
    private static partial Regex Cells();

    [GeneratedRegex("<dd>(.*?)</dd>", RegexOptions.Singleline)]
    private static partial Regex Facts();

    [GeneratedRegex("^[^,]*,[^,]*,[^,]*,(?<value>\"(?:[^\"]|\"\")*\"|[^,]*),[^,]*,(?<unit>\"(?:[^\"]|\"\")*\"|[^,]*)$")]
    private static partial Regex CsvLine();
}
