using System.Globalization;
using Metering.Cloud.Pages;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>The records of a kind as a list shows them: searched and sorted.</summary>
internal sealed class RecordList
{
    private const int MostColumns = 7;
    private const string SectorField = "sector";

    private RecordList(RecordKind kind, int total, string search, string sort, bool isDescending, IReadOnlyList<IReadOnlyDictionary<string, string>> rows) =>
        (Kind, Total, Search, Sort, IsDescending, Rows) = (kind, total, search, sort, isDescending, rows);

    /// <summary>The kind.</summary>
    public RecordKind Kind { get; }

    /// <summary>Records of the kind, found or not.</summary>
    public int Total { get; }

    /// <summary>What was searched for; empty for everything.</summary>
    public string Search { get; }

    /// <summary>Field that the rows are sorted by.</summary>
    public string Sort { get; }

    /// <summary>Whether the greatest comes first.</summary>
    public bool IsDescending { get; }

    /// <summary>Texts of the fields of each record.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rows { get; }

    /// <summary>Fields that the list shows: short ones only.</summary>
    public IReadOnlyList<Field> Columns => [.. Kind.Fields.Where(one => one.Kind is not FieldKind.LongText and not FieldKind.File).Take(MostColumns)];

    /// <summary>Searches and sorts. The search looks into every field, whatever the case of its letters.</summary>
    public static RecordList Of(RegisterSnapshot register, RecordKind kind, string search, string sort, bool isDescending, RecordPlace? place = null)
    {
        RecordVersion[] present = [.. register.Versions(kind).Where(version => !version.IsWithdrawn && (place ?? RecordPlace.Register).Has(version.Record))];
        Field by = kind.Fields.FirstOrDefault(field => field.Name == sort) ?? kind.Fields[0];
        IEnumerable<IReadOnlyDictionary<string, string>> rows = present.Select(version => kind.ToTexts(version.Record))
            .Where(row => search.Length == 0 || row.Values.Any(text => text.Contains(search, StringComparison.OrdinalIgnoreCase)));
        IEnumerable<IReadOnlyDictionary<string, string>> sorted = rows.OrderBy(row => NumberOf(by, row[by.Name])).ThenBy(row => row[by.Name], StringComparer.OrdinalIgnoreCase);
        return new(kind, present.Length, search, by.Name, isDescending, [.. isDescending ? sorted.Reverse() : sorted]);
    }

    /// <summary>How a text of a field reads for people.</summary>
    public static string Shown(Field field, string text, Language language) =>
        text.Length == 0 ? "–" : field.Name == SectorField ? SectorOf(text, language) : field.Choices.FirstOrDefault(choice => choice.Word == text)?.Label.In(language) ?? text;

    // A sector is a word of the questionnaire's list: its name, and the word as forms and files have it.
    private static string SectorOf(string word, Language language) => VerdictTexts.SectorName(word, language) is { } name && name != word ? $"{name} ({word})" : word;

    /// <summary>The query that sorts by a field; by the same field again turns the order.</summary>
    public string QueryFor(Field field) =>
        $"?q={Uri.EscapeDataString(Search)}&sort={field.Name}" + (field.Name == Sort && !IsDescending ? "&order=descending" : "");

    /// <summary>How a column is sorted, for those who cannot see it.</summary>
    public string AriaSort(Field field) => field.Name != Sort ? "none" : IsDescending ? "descending" : "ascending";

    /// <summary>All records of a kind as CSV: a column a field, the texts as forms have them.</summary>
    public static string Csv(RegisterSnapshot register, RecordKind kind, RecordPlace? place = null)
    {
        Csv csv = new();
        foreach (Field field in kind.Fields)
        {
            _ = csv.Text(field.Name);
        }

        csv.Line();
        foreach (RecordVersion version in register.Versions(kind).Where(version => !version.IsWithdrawn && (place ?? RecordPlace.Register).Has(version.Record)))
        {
            IReadOnlyDictionary<string, string> texts = kind.ToTexts(version.Record);
            foreach (Field field in kind.Fields)
            {
                _ = csv.Text(texts[field.Name]);
            }

            csv.Line();
        }

        return csv.ToString();
    }

    private static decimal NumberOf(Field field, string text) =>
        field.Kind is FieldKind.WholeNumber or FieldKind.Decimal or FieldKind.Quantity or FieldKind.Money
            && decimal.TryParse(text.Split(' ')[0], NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number)
            ? number
            : 0;
}
