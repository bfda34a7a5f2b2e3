using System.Text;

namespace Metering.Analytics.CountryPacks;

/// <summary>
/// Comma-separated text with a header (RFC 4180 without line breaks inside quotes): a cell may stand in double quotes, and a
/// double quote inside them is written twice. Lines that are empty or begin with # are skipped.
/// </summary>
internal static class CommaSeparatedText
{
    public const int MaximumCharacters = 8 * 1024 * 1024;
    public const int MaximumLines = 200_000;
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Rows with their line numbers, the header first. Every row has as many cells as the header.</summary>
    public static List<(int Line, string[] Cells)> Read(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumCharacters)
        {
            throw new ArgumentException($"{file}: {text.Length} characters; at most {MaximumCharacters} are read");
        }

        List<(int Line, string[] Cells)> rows = [];
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().TrimStart(ByteOrderMark).EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.TrimEnd();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            if (number > MaximumLines)
            {
                throw new ArgumentException($"{file}: more than {MaximumLines} lines");
            }

            string[] cells = Split(file, number, line);
            if (rows.Count > 0 && cells.Length != rows[0].Cells.Length)
            {
                throw new ArgumentException(
                    $"{file} line {number}: {cells.Length} cells where the header has {rows[0].Cells.Length}; put text with commas in double quotes");
            }

            rows.Add((number, cells));
        }

        return rows.Count > 0 ? rows : throw new ArgumentException($"{file}: there is no header");
    }

    /// <summary>Position of each column by name; a name twice or an empty one is refused.</summary>
    public static Dictionary<string, int> Columns(string file, string[] header, IEnumerable<string> required)
    {
        Dictionary<string, int> columns = new(StringComparer.Ordinal);
        for (int index = 0; index < header.Length; index++)
        {
            if (header[index].Length == 0 || !columns.TryAdd(header[index], index))
            {
                throw new ArgumentException($"{file} line 1: the column '{header[index]}' is empty or stands there twice");
            }
        }

        foreach (string name in required)
        {
            if (!columns.ContainsKey(name))
            {
                throw new ArgumentException($"{file} line 1: the column {name} is missing");
            }
        }

        return columns;
    }

    private static string[] Split(string file, int number, ReadOnlySpan<char> line)
    {
        List<string> cells = [];
        StringBuilder cell = new();
        bool quoted = false;
        for (int index = 0; index < line.Length; index++)
        {
            char c = line[index];
            if (c == '"' && quoted && index + 1 < line.Length && line[index + 1] == '"')
            {
                cell.Append('"');
                index++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        if (quoted)
        {
            throw new ArgumentException($"{file} line {number}: a double quote is not closed");
        }

        cells.Add(cell.ToString().Trim());
        return [.. cells];
    }
}
