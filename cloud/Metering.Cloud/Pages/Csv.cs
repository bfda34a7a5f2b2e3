using System.Globalization;
using System.Text;

namespace Metering.Cloud.Pages;

/// <summary>
/// Comma-separated text (RFC 4180) for spreadsheets and programs: decimal points, nothing grouped, a missing value is an
/// empty field. A text that a spreadsheet would take for a formula is led by an apostrophe.
/// </summary>
internal sealed class Csv
{
    private readonly StringBuilder text = new();
    private bool isLineBegun;

    /// <summary>A text field.</summary>
    public Csv Text(string value)
    {
        string safe = value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + value : value;
        return Field(safe.AsSpan().ContainsAny(",\"\r\n") ? "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : safe);
    }

    /// <summary>A number in its shortest exact form; empty when it is not there.</summary>
    public Csv Number(double value) => Field(double.IsFinite(value)
        ? (value == 0 ? 0 : value).ToString("R", CultureInfo.InvariantCulture)
        : "");

    /// <summary>A whole number.</summary>
    public Csv Number(long value) => Field(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A day, 2026-01-31.</summary>
    public Csv Day(DateOnly day) => Field(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>An instant in UTC and on the clock of a zone, both ISO 8601.</summary>
    public Csv Instant(long utcMilliseconds, TimeZoneInfo zone)
    {
        DateTimeOffset instant = DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds);
        _ = Field(instant.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        return Field(TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
    }

    /// <summary>Ends the line.</summary>
    public void Line()
    {
        text.Append("\r\n");
        isLineBegun = false;
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private Csv Field(string field)
    {
        if (isLineBegun)
        {
            text.Append(',');
        }

        text.Append(field);
        isLineBegun = true;
        return this;
    }
}
