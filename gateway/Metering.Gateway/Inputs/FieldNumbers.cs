using System.Globalization;
using System.Text;
using Metering.Readings;

namespace Metering.Gateway.Inputs;

/// <summary>Numbers and instants as people type them: what can be read in two ways is asked about, never guessed.</summary>
internal static class FieldNumbers
{
    private static readonly string[] InstantForms =
    [
        "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'",
        "yyyy-MM-dd HH:mmzzz", "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-dd HH:mm zzz", "yyyy-MM-dd HH:mm:ss zzz",
    ];

    /// <summary>The integer of so many decimal places that a text stands for.</summary>
    /// <exception cref="FieldRefusalException">No number, an ambiguous one, or one with more decimals than there are.</exception>
    internal static long Scaled(string text, int decimals)
    {
        string trimmed = text.Trim();
        if (trimmed.Contains(',', StringComparison.Ordinal))
        {
            throw new FieldRefusalException(ExitCode.Usage, FieldTexts.Comma, trimmed);
        }

        bool isPlain = trimmed.Length > 0 && trimmed.AsSpan().IndexOfAnyExcept("+-.0123456789") < 0;
        if (!isPlain || !ExactDecimal.TryParse(Encoding.ASCII.GetBytes(trimmed), out ExactDecimal value))
        {
            throw new FieldRefusalException(ExitCode.Usage, FieldTexts.NoNumber, trimmed);
        }

        return value.TryScale(decimals, out long scaled)
            ? scaled
            : throw new FieldRefusalException(ExitCode.DataError, FieldTexts.TooManyDecimals, trimmed, Text(decimals, 0));
    }

    /// <summary>An instant with its offset from UTC.</summary>
    /// <exception cref="FieldRefusalException">No such instant, or one without an offset.</exception>
    internal static DateTimeOffset ParseInstant(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? at.ToUniversalTime()
            : throw new FieldRefusalException(ExitCode.Usage, FieldTexts.NoInstant, text);

    /// <summary>An instant in UTC.</summary>
    internal static string Instant(long utcMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A scaled integer as people read it, with a point.</summary>
    internal static string Text(long scaled, int decimals)
    {
        string digits = Math.Abs((decimal)scaled).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string sign = scaled < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }
}
