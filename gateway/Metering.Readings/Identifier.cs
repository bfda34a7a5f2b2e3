namespace Metering.Readings;

/// <summary>
/// The one shape of every identifier (plant, gateway, meter, channel): 1 to 64 characters of a-z, 0-9, '-', '.' and '_',
/// beginning with a letter or digit. So an identifier is safe in an MQTT topic (no '/', '+', '#'), in a file name,
/// in line protocol and in a manifest line without any escaping.
/// </summary>
public static class Identifier
{
    /// <summary>The longest identifier, in characters.</summary>
    public const int MaximumLength = 64;

    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 64 of a-z, 0-9, '-', '.', '_', beginning with a letter or digit";

    /// <summary>Whether the text is an identifier.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaximumLength || !char.IsAsciiLetterOrDigit(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives the text back when it is an identifier.</summary>
    /// <exception cref="ArgumentException">The text breaks <see cref="Rule"/>.</exception>
    public static string Require(string text, string parameterName) =>
        text is not null && IsValid(text)
            ? text
            : throw new ArgumentException($"'{text}' is no identifier: {Rule}", parameterName);
}
