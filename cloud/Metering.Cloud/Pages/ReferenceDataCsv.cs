using System.Globalization;
using Metering.Analytics.CountryPacks;

namespace Metering.Cloud.Pages;

/// <summary>
/// One table of the country pack for spreadsheets. The English form has the columns and words of the pack, which can read it
/// again; the Spanish form has headings and confidence in Spanish.
/// </summary>
internal static class ReferenceDataCsv
{
    /// <summary>The table, or its rows that hold on a day.</summary>
    public static string Of(PackTable table, DateOnly? on, Language language)
    {
        Csv csv = new();
        foreach (string column in table.Columns)
        {
            _ = csv.Text(ReferenceDataNames.Column(column, language));
        }

        csv.Line();
        foreach (PackRow row in ReferenceDataValues.Rows(table, on))
        {
            foreach (string column in table.Columns)
            {
                Add(csv, Cell(row, column, language));
            }

            csv.Line();
        }

        return csv.ToString();
    }

    private static string Cell(PackRow row, string column, Language language) =>
        column == "confidence" && language == Language.Spanish
            ? ReferenceDataValues.ConfidenceWords(row.Confidence).In(language)
            : row[column];

    // A negative number is a number; everything else that begins with a sign could be a formula.
    private static void Add(Csv csv, string cell) => _ = cell.StartsWith('-')
        && double.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
        ? csv.Number(number)
        : csv.Text(cell);
}
