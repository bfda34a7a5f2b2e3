using System.Diagnostics;
using System.Globalization;

namespace Metering.Readings.Texts;

/// <summary>The languages of pages, commands and reports.</summary>
public enum Language
{
    /// <summary>Spanish as written in Mexico; the first language of the product.</summary>
    Spanish = 0,

    /// <summary>English.</summary>
    English = 1,
}

/// <summary>One text in every language. A text without one of them cannot be built.</summary>
public sealed record Text
{
    private readonly string spanish;
    private readonly string english;

    /// <summary>Both forms; places for values are written {0}, {1} ... and stand in both.</summary>
    /// <exception cref="ArgumentException">A form is empty.</exception>
    public Text(string es, string en)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(es);
        ArgumentException.ThrowIfNullOrWhiteSpace(en);
        spanish = es;
        english = en;
    }

    /// <summary>The form of a language.</summary>
    public string In(Language language) => language switch
    {
        Language.Spanish => spanish,
        Language.English => english,
        _ => throw new UnreachableException(),
    };

    /// <summary>The form of a language with its places filled; values arrive already formatted.</summary>
    public string In(Language language, params object[] values) =>
        string.Format(CultureInfo.InvariantCulture, In(language), values);
}

/// <summary>Codes of the languages, as they stand in addresses and in the lang attribute.</summary>
public static class Languages
{
    /// <summary>Every language, the default first.</summary>
    public static IReadOnlyList<Language> All { get; } = [Language.Spanish, Language.English];

    /// <summary>Code in addresses: es or en.</summary>
    public static string Code(this Language language) => language == Language.Spanish ? "es" : "en";

    /// <summary>BCP 47 tag of the page.</summary>
    public static string Tag(this Language language) => language == Language.Spanish ? "es-MX" : "en";

    /// <summary>The other language, for the switch.</summary>
    public static Language Other(this Language language) => language == Language.Spanish ? Language.English : Language.Spanish;

    /// <summary>A sentence with its values in a language.</summary>
    /// <param name="language">The language.</param>
    /// <param name="spanish">The Spanish form, with the places {0}, {1} ... of the English form's values.</param>
    /// <param name="english">The English form with its values.</param>
    public static string Say(this Language language, string spanish, FormattableString english)
    {
        ArgumentNullException.ThrowIfNull(english);
        return language == Language.Spanish ? string.Format(CultureInfo.InvariantCulture, spanish, english.GetArguments()) : english.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The language of a terminal by LC_ALL, LC_MESSAGES and LANG, the first that is set (POSIX.1-2017, 8.2): Spanish for any
    /// es locale, English for every other.
    /// </summary>
    /// <param name="variable">Gives the value of an environment variable, null when it is not set.</param>
    public static Language OfTerminal(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? locale = Array.Find([variable("LC_ALL"), variable("LC_MESSAGES"), variable("LANG")], value => !string.IsNullOrEmpty(value));
        return locale is not null && locale.StartsWith("es", StringComparison.OrdinalIgnoreCase) ? Language.Spanish : Language.English;
    }

    /// <summary>Reads a code of an address; anything else is no language.</summary>
    public static bool TryParse(string? code, out Language language)
    {
        language = code == "en" ? Language.English : Language.Spanish;
        return code is "es" or "en";
    }

    /// <summary>
    /// The language a browser asks for, by the weights of its Accept-Language (RFC 9110, 12.5.4); Spanish when it asks
    /// for neither or the header cannot be read.
    /// </summary>
    public static Language Preferred(string? acceptLanguage)
    {
        Language best = Language.Spanish;
        double bestWeight = 0;
        foreach (string part in (acceptLanguage ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] fields = part.Split(';', StringSplitOptions.TrimEntries);
            double weight = 1;
            if (fields.Length > 1 && (!fields[1].StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                || !double.TryParse(fields[1].AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight)))
            {
                continue;
            }

            string primary = fields[0].Split('-')[0].ToLowerInvariant();
            if (weight > bestWeight && TryParse(primary, out Language language))
            {
                best = language;
                bestWeight = weight;
            }
        }

        return best;
    }
}
