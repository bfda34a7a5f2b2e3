using System.Text;

namespace Metering.Programme.Assessment;

/// <summary>What was typed into the questionnaire as lines "key: answer", as records keep it: a draft comes back as it was left.</summary>
internal static class AnswerLines
{
    /// <summary>Key of the sector.</summary>
    public const string Sector = "sector";

    private const string Mark = ": ";

    /// <summary>Fields as lines, in the order of their keys.</summary>
    public static string Write(string sector, IEnumerable<KeyValuePair<string, string>> fields)
    {
        StringBuilder lines = new(Sector + Mark + sector);
        foreach ((string key, string value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            lines.Append('\n').Append(key).Append(Mark).Append(string.Concat(value.Select(character => char.IsControl(character) ? ' ' : character)));
        }

        return lines.ToString();
    }

    /// <summary>Fields of lines; a line without a key is left out, of two with one key the first counts.</summary>
    public static IReadOnlyDictionary<string, string> Read(string lines)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string line in lines.Split('\n'))
        {
            int mark = line.IndexOf(':', StringComparison.Ordinal);
            if (mark > 0)
            {
                _ = fields.TryAdd(line[..mark].Trim(), line[(mark + 1)..].Trim());
            }
        }

        return fields;
    }
}
