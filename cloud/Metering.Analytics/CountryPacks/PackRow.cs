using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Metering.Analytics.CountryPacks;

/// <summary>How well a row of a country pack is founded. It stands beside every number that was computed with the row.</summary>
public enum PackConfidence
{
    /// <summary>Taken from the official text itself. Written <c>official-text</c>.</summary>
    OfficialText = 0,

    /// <summary>Read in a document that shows the official figure, such as a scan. Written <c>read</c>.</summary>
    Read = 1,

    /// <summary>Read in a text that quotes the figure. Written <c>secondary</c>.</summary>
    Secondary = 2,

    /// <summary>Not read anywhere while the pack was made: check before use. Written <c>from-memory-to-verify</c>.</summary>
    FromMemoryToVerify = 3,
}

/// <summary>One dated fact of a country pack.</summary>
public sealed class PackRow
{
    private readonly IReadOnlyDictionary<string, int> columns;
    private readonly string[] cells;

    internal PackRow(string file, int line, IReadOnlyDictionary<string, int> columns, string[] cells)
    {
        File = file;
        Line = line;
        this.columns = columns;
        this.cells = cells;
        Id = cells[columns["id"]];
        ValidFrom = Day("valid_from") ?? throw Fault("valid_from is empty; write the first day as 2024-01-31");
        ValidTo = Day("valid_to");
        Value = Number("value");
        Confidence = ReadConfidence();
        Check();
    }

    /// <summary>What the fact is about; the same for all rows that follow one another in time.</summary>
    public string Id { get; }

    /// <summary>The value in <see cref="Unit"/>; null when the fact is not a number.</summary>
    public decimal? Value { get; }

    /// <summary>Unit of the value; empty only when there is no value.</summary>
    public string Unit => this["unit"];

    /// <summary>First day on which the row holds.</summary>
    public DateOnly ValidFrom { get; }

    /// <summary>Last day on which the row holds, inclusive; null when no end is known.</summary>
    public DateOnly? ValidTo { get; }

    /// <summary>Where the fact comes from, in words.</summary>
    public string Source => this["source"];

    /// <summary>How well it is founded.</summary>
    public PackConfidence Confidence { get; }

    /// <summary>What a reader should know before using it; may be empty.</summary>
    public string Note => this["note"];

    /// <summary>The note in Spanish, from the column <c>note_es</c>; <see cref="Note"/> where the file has no such column or the cell is empty.</summary>
    public string NoteSpanish => columns.TryGetValue("note_es", out int index) && cells[index].Length > 0 ? cells[index] : Note;

    /// <summary>The file the row stands in, with its ending.</summary>
    public string File { get; }

    /// <summary>The line in the file, the header being line 1.</summary>
    public int Line { get; }

    /// <summary>Text of a column as it stands in the file, trimmed; empty when the cell is empty.</summary>
    /// <param name="column">Name in the header.</param>
    /// <exception cref="ArgumentException">The file has no such column.</exception>
    public string this[string column] => columns.TryGetValue(column, out int index)
        ? cells[index]
        : throw new ArgumentException($"{File} has no column {column}; it has {string.Join(", ", columns.Keys)}");

    /// <summary>Number in a column, exact; null when the cell is empty.</summary>
    /// <param name="column">Name in the header.</param>
    /// <exception cref="ArgumentException">No such column, or the cell is not a decimal number with a point; names file and line.</exception>
    public decimal? Number(string column)
    {
        string text = this[column];
        if (text.Length == 0)
        {
            return null;
        }

        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out decimal number)
            ? number
            : throw Fault($"{column} is '{text}', which is not a number such as 1234.56");
    }

    /// <summary>Whether the row holds on a day.</summary>
    /// <param name="day">The day.</param>
    public bool HoldsOn(DateOnly day) => ValidFrom <= day && (ValidTo is null || day <= ValidTo);

    /// <summary>File, line and id, for messages.</summary>
    public override string ToString() => $"{File} line {Line} ({Id})";

    internal ArgumentException Fault(string what) => new($"{File} line {Line}: {what}");

    private DateOnly? Day(string column)
    {
        string text = this[column];
        if (text.Length == 0)
        {
            return null;
        }

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : throw Fault($"{column} is '{text}', which is not a day such as 2024-01-31");
    }

    private PackConfidence ReadConfidence() => this["confidence"] switch
    {
        "official-text" => PackConfidence.OfficialText,
        "read" => PackConfidence.Read,
        "secondary" => PackConfidence.Secondary,
        "from-memory-to-verify" => PackConfidence.FromMemoryToVerify,
        string other => throw Fault(
            $"confidence is '{other}'; it must be official-text, read, secondary or from-memory-to-verify"),
    };

    private void Check()
    {
        if (Id.Length == 0)
        {
            throw Fault("id is empty");
        }

        if (ValidTo < ValidFrom)
        {
            throw Fault($"valid_to {this["valid_to"]} lies before valid_from {this["valid_from"]}");
        }

        if (Value is not null && Unit.Length == 0)
        {
            throw Fault("there is a value without a unit");
        }

        if (Source.Length == 0)
        {
            throw Fault("source is empty; a fact without a source cannot be checked");
        }
    }
}

/// <summary>The row that holds on a day, or why there is none.</summary>
/// <param name="Row">The row, or null.</param>
/// <param name="Refusal">Why there is none, a sentence in English; null when there is a row.</param>
public sealed record PackAnswer(PackRow? Row, string? Refusal)
{
    /// <summary>Whether there is a row.</summary>
    [MemberNotNullWhen(true, nameof(Row))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsFound => Row is not null;
}
