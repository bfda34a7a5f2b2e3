using System.CommandLine;
using System.Globalization;
using Metering.Analytics.Intervals;

namespace Metering.Cloud.Commands;

/// <summary>A command line that cannot be meant.</summary>
/// <param name="spanish">What is wrong in Spanish, with the places of the English form.</param>
/// <param name="english">The same in English, with its values.</param>
internal sealed class CsvUsageException(string spanish, FormattableString english) : Exception(FormattableString.Invariant(english))
{
    /// <summary>What is wrong, in a language.</summary>
    public string In(Language language) => language.Say(spanish, english);
}

/// <summary>
/// Options as text, checked here and not by the command line's own types, so that every fault names the option, says what is
/// expected, and exits with 64.
/// </summary>
internal static class CsvArguments
{
    /// <summary>Exit code of a wrong command line (sysexits EX_USAGE).</summary>
    public const int UsageExit = 64;

    /// <summary>Exit code of data that cannot be used (sysexits EX_DATAERR).</summary>
    public const int DataExit = 65;

    public static Option<string?> Option(string name, string description) => new(name) { Description = description };

    public static string Required(ParseResult arguments, Option<string?> option)
    {
        string? value = arguments.GetValue(option);
        return string.IsNullOrWhiteSpace(value)
            ? throw new CsvUsageException("falta {0}: {1}", $"{option.Name} is missing: {option.Description}")
            : value;
    }

    public static TimeZoneInfo Zone(ParseResult arguments, Option<string?> option)
    {
        string id = arguments.GetValue(option) ?? "UTC";
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone)
            ? zone
            : throw new CsvUsageException("{0} {1}: no hay tal zona. Dé un nombre de la lista IANA, por ejemplo America/Mexico_City.", $"{option.Name} {id}: there is no such zone. Give a name of the IANA list, for example America/Mexico_City.");
    }

    /// <summary>Two days, both inside: `2024-01-01..2024-12-31`.</summary>
    public static Period Days(ParseResult arguments, Option<string?> option, TimeZoneInfo zone)
    {
        string text = Required(arguments, option);
        string[] ends = text.Split("..");
        if (ends.Length != 2 || !TryDay(ends[0], out DateOnly first) || !TryDay(ends[1], out DateOnly last))
        {
            throw new CsvUsageException("{0} {1}: se esperan dos días entre 1970 y 2199, ambos dentro del periodo, como 2024-01-01..2024-12-31.", $"{option.Name} {text}: expected two days between 1970 and 2199, both inside the period, as 2024-01-01..2024-12-31.");
        }

        return last < first
            ? throw new CsvUsageException("{0} {1}: el periodo termina antes de empezar. Intercambie los días.", $"{option.Name} {text}: the period ends before it begins. Exchange the days.")
            : Period.FromDays(first, last, zone);
    }

    /// <summary>Names between commas, each once.</summary>
    public static IReadOnlyList<string> Names(ParseResult arguments, Option<string?> option)
    {
        string text = arguments.GetValue(option) ?? "";
        string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? names
            : throw new CsvUsageException("{0} {1}: un nombre se repite. Nombre cada variable una vez.", $"{option.Name} {text}: a name occurs twice. Name each driver once.");
    }

    /// <summary>`15m`, `1h`, `1d` or `1mo`.</summary>
    public static IntervalStep Step(ParseResult arguments, Option<string?> option)
    {
        string text = Required(arguments, option);
        if (string.Equals(text, "1mo", StringComparison.Ordinal))
        {
            return IntervalStep.Month;
        }

        long seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        if (seconds > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count > 0 && count * seconds <= 86_400 && 86_400 % (count * seconds) == 0)
        {
            return IntervalStep.Of(TimeSpan.FromSeconds(count * seconds));
        }

        throw new CsvUsageException("{0} {1}: se espera un paso que divida un día, como 15m, 1h o 1d, o 1mo.", $"{option.Name} {text}: expected a step that divides a day, such as 15m, 1h or 1d, or 1mo.");
    }

    /// <summary>A number above zero; null when the option is not given.</summary>
    public static double? Positive(ParseResult arguments, Option<string?> option)
    {
        string? text = arguments.GetValue(option);
        if (text is null)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new CsvUsageException("{0} {1}: se espera un número mayor que cero.", $"{option.Name} {text}: expected a number above zero.");
    }

    private static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        && day.Year is >= 1970 and <= 2199;
}
