using System.Text;

namespace Metering.Cloud.Commands;

/// <summary>Names of columns.</summary>
internal static class CsvNames
{
    private const int LongestCompared = 64;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A name from a file: UTF-8, or Latin-1 when it is not valid UTF-8 (older spreadsheets).</summary>
    public static string Decode(ReadOnlySpan<byte> name)
    {
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(name);
        }
    }

    /// <summary>The name that takes the fewest edits to become <paramref name="wanted"/>, upper and lower case alike.</summary>
    public static string Nearest(string wanted, IReadOnlyList<string> names)
    {
        string best = "";
        int fewest = int.MaxValue;
        foreach (string name in names)
        {
            int edits = Edits(Shorten(wanted), Shorten(name));
            if (edits < fewest)
            {
                fewest = edits;
                best = name;
            }
        }

        return best;
    }

    /// <summary>`TooFewPoints` as `too-few-points`.</summary>
    public static string Kebab<TEnum>(TEnum value)
        where TEnum : struct, Enum
    {
        StringBuilder text = new();
        foreach (char character in value.ToString())
        {
            if (char.IsAsciiLetterUpper(character) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }

    private static string Shorten(string name) =>
        (name.Length > LongestCompared ? name[..LongestCompared] : name).ToUpperInvariant();

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string left, string right)
    {
        int[] above = new int[right.Length + 1];
        int[] row = new int[right.Length + 1];
        for (int j = 0; j < above.Length; j++)
        {
            above[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[right.Length];
    }
}
