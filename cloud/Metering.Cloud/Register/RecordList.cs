using System.Globalization;
using Metering.Cloud.Pages;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.Register;

/// <summary>What a reader asks of a list.</summary>
/// <param name="Search">What to search for; empty for everything.</param>
/// <param name="Sort">Name of the field to sort by; any other sorts by the first field.</param>
/// <param name="IsDescending">Whether the greatest comes first.</param>
/// <param name="Language">Language of what is shown, and so of what is searched and sorted.</param>
internal sealed record RecordAsk(string Search, string Sort, bool IsDescending, Language Language);

/// <summary>The records of a kind as a list shows them: searched and sorted.</summary>
internal sealed class RecordList
{
    private const int MostColumns = 7;
    private const string SectorField = "sector";
    private const string IndicatorField = "indicator";

    private readonly RecordAsk ask;
    private readonly RegisterSnapshot register;
    private readonly RecordPlace place;
    private readonly Dictionary<RecordKey, string> titles = [];

    private RecordList(RegisterSnapshot register, RecordKind kind, RecordAsk ask, RecordPlace place) => (this.register, Kind, this.ask, this.place) = (register, kind, ask, place);

    /// <summary>The kind.</summary>
    public RecordKind Kind { get; }

    /// <summary>Records of the kind, found or not.</summary>
    public int Total { get; private init; }

    /// <summary>What was searched for; empty for everything.</summary>
    public string Search => ask.Search;

    /// <summary>Field that the rows are sorted by.</summary>
    public string Sort { get; private init; } = "";

    /// <summary>Whether the greatest comes first.</summary>
    public bool IsDescending => ask.IsDescending;

    /// <summary>Texts of the fields of each record.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rows { get; private init; } = [];

    /// <summary>Fields that the list shows: short ones only.</summary>
    public IReadOnlyList<Field> Columns => [.. Kind.Fields.Where(one => one.Kind is not FieldKind.LongText and not FieldKind.File).Take(MostColumns)];

    /// <summary>Searches and sorts. The search looks into every field, as it is stored and as it is shown, whatever the case of its letters.</summary>
    public static RecordList Of(RegisterSnapshot register, RecordKind kind, RecordAsk ask, RecordPlace? place = null)
    {
        RecordPlace here = place ?? RecordPlace.Register;
        RecordVersion[] present = [.. register.Versions(kind).Where(version => !version.IsWithdrawn && here.Has(version.Record))];
        Field by = kind.Fields.FirstOrDefault(field => field.Name == ask.Sort) ?? kind.Fields[0];
        RecordList list = new(register, kind, ask, here);
        IEnumerable<IReadOnlyDictionary<string, string>> rows = present.Select(version => kind.ToTexts(version.Record))
            .Where(row => ask.Search.Length == 0 || kind.Fields.Any(field => Has(row[field.Name], ask.Search) || Has(list.Shown(field, row[field.Name]), ask.Search)));
        IEnumerable<IReadOnlyDictionary<string, string>> sorted = rows.OrderBy(row => NumberOf(by, row[by.Name])).ThenBy(row => by.Target is null ? row[by.Name] : list.Shown(by, row[by.Name]), StringComparer.OrdinalIgnoreCase);
        return new(register, kind, ask, here) { Total = present.Length, Sort = by.Name, Rows = [.. ask.IsDescending ? sorted.Reverse() : sorted] };
    }

    /// <summary>How a text of a field reads for people; a reference is the title of the record that it leads to.</summary>
    public string Shown(Field field, string text)
    {
        if (text.Length == 0 || field.Target is not string target)
        {
            return Shown(field, text, ask.Language);
        }

        RecordKey key = new(target, text);
        if (!titles.TryGetValue(key, out string? title))
        {
            title = TitleOf(register, key, place, ask.Language);
            titles[key] = title;
        }

        return title;
    }

    /// <summary>The title of a record; its identifier where a reader of this place does not see the record.</summary>
    public static string TitleOf(RegisterSnapshot register, RecordKey key, RecordPlace place, Language language) =>
        RecordKinds.Find(key.Kind) is { } kind && register.Version(key) is { } version && (!place.IsOwn || place.Has(version.Record)) ? kind.TitleOf(version.Record, language) : key.Id;

    /// <summary>How a text of a field reads for people, without the register.</summary>
    public static string Shown(Field field, string text, Language language) =>
        text.Length == 0 ? "–" : field.Name == SectorField ? VerdictTexts.SectorName(text, language)
            : field.Name == IndicatorField ? ProgrammePages.BenchmarkPage.IndicatorOf(text).In(language)
            : field.Choices.FirstOrDefault(choice => choice.Word == text)?.Label.In(language) ?? text;

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

    private static bool Has(string text, string search) => text.Contains(search, StringComparison.OrdinalIgnoreCase);

    private static decimal NumberOf(Field field, string text) =>
        field.Kind is FieldKind.WholeNumber or FieldKind.Decimal or FieldKind.Quantity or FieldKind.Money
            && decimal.TryParse(text.Split(' ')[0], NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number)
            ? number
            : 0;
}
