using System.Globalization;
using System.Text;

namespace Metering.Cloud.Entries;

/// <summary>The decimal sign of a file. It is detected where a number leaves no doubt, and never guessed.</summary>
public enum DecimalSign
{
    /// <summary>To be found in the numbers of the file.</summary>
    Detect = 0,

    /// <summary>1,234.5.</summary>
    Point = 1,

    /// <summary>1.234,5.</summary>
    Comma = 2,
}

/// <summary>
/// An uploaded table: read whole, at most 50 MB, header in Spanish or English, comma, semicolon or tab, quotes as in RFC 4180 without
/// line breaks inside. Collects all faults; keeps the first hundred.
/// </summary>
internal sealed class EntryFile
{
    /// <summary>Largest file.</summary>
    public const long MaximumBytes = 50L * 1024 * 1024;

    /// <summary>Faults that are told; the others are counted.</summary>
    public const int MaximumFaults = 100;

    private static readonly char[] Separators = [',', ';', '\t'];

    private readonly List<EntryFault> faults = [];

    private EntryFile()
    {
    }

    /// <summary>A row: its line and its fields.</summary>
    /// <param name="Line">1-based line.</param>
    /// <param name="Fields">Fields without blanks around them.</param>
    internal sealed record Row(int Line, IReadOnlyList<string> Fields);

    /// <summary>Rows with as many fields as the header.</summary>
    public List<Row> Rows { get; } = [];

    /// <summary>Names in the header, small letters.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>Number of all faults.</summary>
    public int FaultCount { get; private set; }

    /// <summary>Reads a file.</summary>
    public static EntryFile Read(Stream stream)
    {
        EntryFile file = new();
        if (file.Text(stream) is { } text)
        {
            file.Split(text);
        }

        return file;
    }

    /// <summary>Notes a fault.</summary>
    public void Fault(int line, int column, Text what, params object[] values)
    {
        FaultCount++;
        if (faults.Count < MaximumFaults)
        {
            faults.Add(new(line, column, values.Length == 0 ? what : new(what.In(Language.Spanish, values), what.In(Language.English, values))));
        }
    }

    /// <summary>Index of a column by any of its names; -1 when there is none, with a fault when it is required.</summary>
    public int Column(bool isRequired, params string[] names)
    {
        int found = -1;
        for (int column = 0; column < Header.Count; column++)
        {
            if (names.Contains(Header[column], StringComparer.Ordinal))
            {
                if (found >= 0)
                {
                    Fault(1, column + 1, EntryTexts.ColumnTwice, Header[column]);
                }

                found = column;
            }
        }

        if (found < 0 && isRequired && Header.Count > 0)
        {
            Fault(1, 0, EntryTexts.NoColumn, names[0], string.Join(", ", names.Skip(1)));
        }

        return found;
    }

    /// <summary>All records when there is no fault, else none of them.</summary>
    public EntryOutcome<T> Outcome<T>(IReadOnlyList<T> records) => new(FaultCount == 0 ? records : [], [.. faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column)], FaultCount);

    /// <summary>
    /// The decimal sign of a column: as stated, or as the numbers that can be read in one way only show it. Null when they leave it
    /// open; numbers that need it are then faults. Whole numbers without a mark need none.
    /// </summary>
    public DecimalSign? SignOf(int column, DecimalSign stated)
    {
        if (stated != DecimalSign.Detect)
        {
            return stated;
        }

        DecimalSign? found = null;
        foreach (Row row in Rows)
        {
            string text = row.Fields[column].TrimStart('<', ' ', '-', '+');
            bool isPoint = EntryNumber.TryParse(text, DecimalSign.Point, out _);
            bool isComma = EntryNumber.TryParse(text, DecimalSign.Comma, out _);
            if (isPoint != isComma)
            {
                found ??= isPoint ? DecimalSign.Point : DecimalSign.Comma;
            }
        }

        return found;
    }

    /// <summary>A number of a field; null with a fault when it cannot be read in exactly one way.</summary>
    public double? Number(Row row, int column, string text, DecimalSign? sign)
    {
        if (text.Length == 0)
        {
            Fault(row.Line, column + 1, EntryTexts.IsEmpty, Header[column]);
            return null;
        }

        bool isPoint = EntryNumber.TryParse(text, DecimalSign.Point, out double point);
        bool isComma = EntryNumber.TryParse(text, DecimalSign.Comma, out double comma);
        if (!isPoint && !isComma)
        {
            Fault(row.Line, column + 1, EntryTexts.NotANumber, text);
            return null;
        }

        if (sign is null && isPoint && isComma && point != comma)
        {
            Fault(row.Line, column + 1, EntryTexts.Ambiguous, text, point.ToString("R", CultureInfo.InvariantCulture), comma.ToString("R", CultureInfo.InvariantCulture));
            return null;
        }

        bool isRead = sign switch { DecimalSign.Comma => isComma, DecimalSign.Point => isPoint, _ => true };
        if (!isRead)
        {
            Fault(row.Line, column + 1, EntryTexts.MixedSigns, text);
            return null;
        }

        return sign == DecimalSign.Comma || (sign is null && !isPoint) ? comma : point;
    }

    private string? Text(Stream stream)
    {
        if (stream.CanSeek && stream.Length - stream.Position > MaximumBytes)
        {
            Fault(0, 0, EntryTexts.TooLarge);
            return null;
        }

        using MemoryStream kept = new();
        byte[] buffer = new byte[81_920];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            kept.Write(buffer, 0, read);
            if (kept.Length > MaximumBytes)
            {
                Fault(0, 0, EntryTexts.TooLarge);
                return null;
            }
        }

        try
        {
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(kept.GetBuffer().AsSpan(0, (int)kept.Length));
            if (!text.Contains('\0', StringComparison.Ordinal))
            {
                return text.TrimStart('\uFEFF');
            }
        }
        catch (DecoderFallbackException)
        {
            // told below, as for every other file that is no text
        }

        Fault(0, 0, EntryTexts.NotText);
        return null;
    }

    private void Split(string text)
    {
        string[] lines = text.Split('\n');
        string header = lines[0].TrimEnd('\r');
        char separator = Separators.MaxBy(candidate => header.Count(character => character == candidate));
        Header = [.. (Fields(header, separator) ?? []).Select(name => name.ToLowerInvariant())];
        for (int line = 1; line < lines.Length; line++)
        {
            string content = lines[line].TrimEnd('\r');
            if (content.AsSpan().Trim(" \t,;").IsEmpty)
            {
                continue;
            }

            List<string>? fields = Fields(content, separator);
            if (fields is null)
            {
                Fault(line + 1, 0, EntryTexts.OpenQuote);
            }
            else if (fields.Count != Header.Count)
            {
                Fault(line + 1, 0, EntryTexts.FieldCount, fields.Count, Header.Count);
            }
            else
            {
                Rows.Add(new(line + 1, fields));
            }
        }

        if (Rows.Count == 0 && FaultCount == 0)
        {
            Fault(0, 0, EntryTexts.Empty);
        }
    }

    // Null when a quote is not closed. A field that begins like a formula stays the text it is.
    private static List<string>? Fields(string line, char separator)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool isQuoted = false;
        for (int index = 0; index < line.Length; index++)
        {
            char character = line[index];
            if (character == '"' && isQuoted && index + 1 < line.Length && line[index + 1] == '"')
            {
                field.Append('"');
                index++;
            }
            else if (character == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (character == separator && !isQuoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(character);
            }
        }

        fields.Add(field.ToString().Trim());
        return isQuoted ? null : fields;
    }
}

/// <summary>Numbers as people write them, with groups of three or without.</summary>
internal static class EntryNumber
{
    private const int MaximumLength = 40;

    /// <summary>Reads a number whose decimal sign is given; the other sign may part groups of exactly three digits.</summary>
    public static bool TryParse(string text, DecimalSign sign, out double value)
    {
        (char mark, char group) = sign == DecimalSign.Comma ? (',', '.') : ('.', ',');
        value = double.NaN;
        string trimmed = text.Trim().Replace("\u00A0", "", StringComparison.Ordinal).Replace("\u2212", "-", StringComparison.Ordinal);
        if (trimmed.Length is 0 or > MaximumLength)
        {
            return false;
        }

        string unsigned = trimmed.TrimStart('-', '+');
        string[] halves = unsigned.Split(mark);
        string[] groups = halves[0].Split(group);
        bool isWhole = halves.Length <= 2 && trimmed.Length - unsigned.Length <= 1 && groups.All(part => part.Length > 0 && part.All(char.IsAsciiDigit))
            && (groups.Length == 1 || (groups[0].Length <= 3 && groups.Skip(1).All(part => part.Length == 3)));
        bool isFraction = halves.Length == 1 || (halves.Length == 2 && halves[1].Length > 0 && halves[1].All(char.IsAsciiDigit));
        return isWhole && isFraction
            && double.TryParse((trimmed[0] == '-' ? "-" : "") + string.Concat(groups) + (halves.Length == 2 ? "." + halves[1] : ""), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }
}
