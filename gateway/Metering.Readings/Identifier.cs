using System.Buffers;
using Metering.Readings.Texts;

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

    /// <summary>The rule in words, in both languages.</summary>
    public static Text RuleText { get; } = new(es: "de 1 a 64 de a-z, 0-9, '-', '.', '_'; empieza con letra o dígito", en: Rule);

    /// <summary>The rule as a regular expression, for schemas.</summary>
    public const string Pattern = "^[a-z0-9][a-z0-9._-]{0,63}$";

    private static readonly SearchValues<char> AllowedCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");
    private static readonly SearchValues<byte> AllowedBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._"u8);

    /// <summary>Whether the text is an identifier.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaximumLength && char.IsAsciiLetterOrDigit(text[0]) && !text.ContainsAnyExcept(AllowedCharacters);

    /// <summary>Whether the ASCII text is an identifier.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= MaximumLength && char.IsAsciiLetterOrDigit((char)text[0]) && !text.ContainsAnyExcept(AllowedBytes);

    /// <summary>Gives the text back when it is an identifier.</summary>
    /// <exception cref="ArgumentException">The text breaks <see cref="Rule"/>.</exception>
    public static string Require(string text, string parameterName) =>
        text is not null && IsValid(text)
            ? text
            : throw new ArgumentException($"'{text}' is no identifier: {Rule}", parameterName);
}
