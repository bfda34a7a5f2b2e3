using System.Globalization;
using Metering.Analytics.CountryPacks;

namespace Metering.Cloud.Pages;

/// <summary>
/// One table of the country pack for spreadsheets. The English form has the columns and words of the pack, which can read it
/// again; the Spanish form has headings, notes and confidence in Spanish.
/// </summary>
internal static class ReferenceDataCsv
{
    private const string SpanishNote = "note_es";

    /// <summary>The table, or its rows that hold on a day.</summary>
    public static string Of(PackTable table, DateOnly? on, Language language)
    {
        Csv csv = new();
        string[] columns = [.. table.Columns.Where(column => language == Language.English || column != SpanishNote)];
        foreach (string column in columns)
        {
            _ = csv.Text(ReferenceDataNames.Column(column, language));
        }

        csv.Line();
        foreach (PackRow row in ReferenceDataValues.Rows(table, on))
        {
            foreach (string column in columns)
            {
                Add(csv, Cell(row, column, language));
            }

            csv.Line();
        }

        return csv.ToString();
    }

    private static string Cell(PackRow row, string column, Language language) => (language, column) switch
    {
        (Language.Spanish, "confidence") => ReferenceDataValues.ConfidenceWords(row.Confidence).In(language),
        (Language.Spanish, "note") => row.NoteSpanish,
        _ => row[column],
    };

    // A negative number is a number; everything else that begins with a sign could be a formula.
    private static void Add(Csv csv, string cell) => _ = cell.StartsWith('-')
        && double.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
        ? csv.Number(number)
        : csv.Text(cell);
}
