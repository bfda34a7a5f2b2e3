using System.Text.RegularExpressions;

namespace Metering.Cloud.Texts;

/// <summary>Finds the Spanish of sentences that analytics writes in English with their figures.</summary>
/// <param name="all">Each sentence: English with its places, and Spanish with the same places.</param>
/// <param name="wordOf">The Spanish of what stands in a place; a figure or a name stays as it is.</param>
internal sealed partial class SentenceTable(IReadOnlyList<Text> all, Func<string, string> wordOf)
{
    private readonly (Regex English, string Spanish)[] patterns = [.. all.Select(text => (Pattern(text.In(Language.English)), text.In(Language.Spanish)))];

    /// <summary>The Spanish of a sentence; null when the table does not know it.</summary>
    public string? Spanish(string sentence)
    {
        foreach ((Regex english, string spanish) in patterns)
        {
            if (english.Match(sentence) is { Success: true } match)
            {
                return Place().Replace(spanish, place => wordOf(match.Groups["p" + place.Groups[1].Value].Value));
            }
        }

        return null;
    }

    private static Regex Pattern(string english) =>
        new("^" + Place().Replace(Regex.Escape(english).Replace("}", "\\}", StringComparison.Ordinal), match => $"(?<p{match.Groups[1].Value}>.+?)") + "$", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    [GeneratedRegex(@"\\?\{(\d+)\\?\}")]
    private static partial Regex Place();
}
