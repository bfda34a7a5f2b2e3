using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Metering.Analytics.CountryPacks;

namespace Metering.Cloud.Reports;

/// <summary>
/// report.json: the report itself. UTF-8, no blanks, members in one fixed order, numbers in their shortest exact form, one line
/// feed at the end; nothing in it depends on the hour, the machine or the language, so that equal data give equal bytes.
/// </summary>
internal static class ReportJson
{
    /// <summary>Name and version of the format.</summary>
    public const string Format = "metering-report/1";

    private static readonly Lazy<string> PackHash = new(HashPack);

    /// <summary>Version of the software.</summary>
    public static string SoftwareVersion { get; } = Readings.Parts.ProgramParts.VersionOf(typeof(ReportJson).Assembly);

    /// <summary>SHA-256 over every row of the country pack, in hexadecimal.</summary>
    public static string ReferenceDataHash => PackHash.Value;

    /// <summary>The bytes.</summary>
    public static byte[] Write(ReportDocument report)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            Whole(json, report);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>SHA-256 of the bytes, in hexadecimal.</summary>
    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The word for a kind, in addresses and files.</summary>
    public static string KindName(ReportKind kind) => kind switch
    {
        ReportKind.Savings => "savings",
        ReportKind.HalfYearly => "half-yearly",
        ReportKind.Annual => "annual",
        ReportKind.PreAssessment => "pre-assessment",
        ReportKind.CaseSheet => "case-sheet",
        _ => "plac",
    };

    private static void Whole(Utf8JsonWriter json, ReportDocument report)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("kind", KindName(report.Kind));
        json.WriteString("subject", report.Subject);
        Both(json, "title", report.Title);
        Both(json, "subtitle", report.Subtitle);
        json.WriteString("first", Iso(report.First));
        json.WriteString("last", Iso(report.Last));
        json.WriteBoolean("simulated", report.IsSimulated);
        json.WriteString("software", "metering " + SoftwareVersion);
        json.WriteString("referenceData", "mx sha256:" + ReferenceDataHash);
        json.WriteString("recompute", report.RecomputeCommand);
        json.WriteStartArray("signOffs");
        foreach (SignOff sign in report.SignOffs)
        {
            json.WriteStartObject();
            Both(json, "role", sign.Role);
            json.WriteString("name", sign.Name);
            json.WriteString("day", Iso(sign.Day));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("sections");
        foreach (ReportSection section in report.Sections)
        {
            Section(json, section);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Section(Utf8JsonWriter json, ReportSection section)
    {
        json.WriteStartObject();
        json.WriteString("id", section.Id);
        Both(json, "title", section.Title);
        json.WriteStartArray("sentences");
        foreach (Text sentence in section.Sentences)
        {
            Both(json, null, sentence);
        }

        json.WriteEndArray();
        json.WriteStartArray("facts");
        foreach (ReportFact fact in section.Facts)
        {
            json.WriteStartObject();
            json.WriteString("id", fact.Id);
            Both(json, "label", fact.Label);
            json.WritePropertyName("value");
            Cell(json, fact.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (section.Table is { } table)
        {
            Table(json, table);
        }

        json.WriteEndObject();
    }

    private static void Table(Utf8JsonWriter json, ReportTable table)
    {
        json.WriteStartObject("table");
        json.WriteStartArray("columns");
        foreach (ReportColumn column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("id", column.Id);
            Both(json, "heading", column.Heading);
            json.WriteString("unit", column.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (IReadOnlyList<ReportCell> row in table.Rows)
        {
            json.WriteStartArray();
            foreach (ReportCell cell in row)
            {
                Cell(json, cell);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Cell(Utf8JsonWriter json, ReportCell cell)
    {
        switch (cell.Kind)
        {
            case CellKind.Words:
                Both(json, null, cell.Words!);
                break;
            case CellKind.Day:
                json.WriteStringValue(Iso(cell.Day));
                break;
            case CellKind.Number:
                json.WriteStartObject();
                json.WriteNumber("number", cell.Number);
                if (double.IsFinite(cell.HalfWidth))
                {
                    json.WriteNumber("halfWidth", cell.HalfWidth);
                }

                json.WriteString("unit", cell.Unit);
                json.WriteEndObject();
                break;
            case CellKind.Money:
                json.WriteStartObject();
                json.WriteString("amount", cell.Amount.ToString("0.00##########", CultureInfo.InvariantCulture));
                json.WriteString("currency", cell.Currency);
                if (cell.RateDay is { } day)
                {
                    json.WriteString("rateDay", Iso(day));
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void Both(Utf8JsonWriter json, string? name, Text text)
    {
        if (name is null)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartObject(name);
        }

        foreach (Language language in Languages.All)
        {
            json.WriteString(language.Code(), text.In(language));
        }

        json.WriteEndObject();
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string HashPack()
    {
        StringBuilder text = new();
        foreach (string name in CountryPack.Mexico.TableNames)
        {
            PackTable table = CountryPack.Mexico.Table(name);
            text.Append(name).Append('\n').AppendJoin('\t', table.Columns).Append('\n');
            foreach (PackRow row in table.Rows)
            {
                text.AppendJoin('\t', table.Columns.Select(column => row[column])).Append('\n');
            }
        }

        return Hash(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
