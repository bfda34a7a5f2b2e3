using Metering.Readings.Texts;

namespace Metering.Meters.Yaml;

/// <summary>"Did you mean" for a word that is not known.</summary>
public static class Suggestion
{
    private const int LargestDistance = 3;
    private const int LongestWord = 64;

    /// <summary>"did you mean ..." when a known word is close, else the list of known words.</summary>
    public static Text For(string word, IEnumerable<string> known)
    {
        List<string> all = [.. known];
        string listed = string.Join(", ", all);
        return Nearest(word, all) is string best
            ? new(es: $"¿quiso decir '{best}'?", en: $"did you mean '{best}'?")
            : new(es: $"aquí se conocen: {listed}", en: $"known here: {listed}");
    }

    /// <summary>The known word that is close; null when none is.</summary>
    public static string? Nearest(string word, IReadOnlyList<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        string? best = null;
        int bestDistance = Math.Min(LargestDistance, (word.Length / 2) + 1);
        foreach (string candidate in word.Length > LongestWord ? [] : known)
        {
            int distance = Distance(word, candidate);
            if (distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    // Edits (insert, delete, replace) from one word to the other, without regard to case.
    private static int Distance(string left, string right)
    {
        int[] row = new int[right.Length + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (int line = 1; line <= left.Length; line++)
        {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= right.Length; column++)
            {
                int above = row[column];
                int replace = diagonal + (char.ToLowerInvariant(left[line - 1]) == char.ToLowerInvariant(right[column - 1]) ? 0 : 1);
                row[column] = Math.Min(replace, Math.Min(above, row[column - 1]) + 1);
                diagonal = above;
            }
        }

        return row[^1];
    }
}
