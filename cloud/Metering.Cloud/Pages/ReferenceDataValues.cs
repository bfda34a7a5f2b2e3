using System.Globalization;
using Metering.Analytics.CountryPacks;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Pages;

/// <summary>What the cells of the reference page say; the digits of a number are those of the pack, none more and none less.</summary>
internal static class ReferenceDataValues
{
    private const char Minus = '\u2212';

    /// <summary>Tables in the order of the page; others follow in the order of the pack.</summary>
    private static readonly string[] Order =
        ["grid-factors", "fuels", "discharge-limits", "cfe-periods", "cfe-rules", "water-fees", "holidays", "sector-bands", "methods", "measures"];

    /// <summary>All tables of a pack in the order of the page.</summary>
    public static IReadOnlyList<PackTable> Tables(CountryPack pack) =>
        [.. pack.TableNames.OrderBy(Rank).Select(pack.Table)];

    /// <summary>The rows of a table that hold on a day; all of them without a day.</summary>
    public static IReadOnlyList<PackRow> Rows(PackTable table, DateOnly? on) =>
        on is { } day ? [.. table.Rows.Where(row => row.HoldsOn(day))] : table.Rows;

    /// <summary>Whether a row still has to be verified.</summary>
    public static bool IsToVerify(PackRow row) => row.Confidence == PackConfidence.FromMemoryToVerify;

    /// <summary>Title and note of a table; null for a table the page has no words for.</summary>
    public static (Text Title, Text Note)? Words(string table) => table switch
    {
        "grid-factors" => (Texts.Words.TableGridFactors, Texts.Words.TableGridFactorsNote),
        "fuels" => (Texts.Words.TableFuels, Texts.Words.TableFuelsNote),
        "discharge-limits" => (Texts.Words.TableDischargeLimits, Texts.Words.TableDischargeLimitsNote),
        "cfe-periods" => (Texts.Words.TableCfePeriods, Texts.Words.TableCfePeriodsNote),
        "cfe-rules" => (Texts.Words.TableCfeRules, Texts.Words.TableCfeRulesNote),
        "water-fees" => (Texts.Words.TableWaterFees, Texts.Words.TableWaterFeesNote),
        "holidays" => (Texts.Words.TableHolidays, Texts.Words.TableHolidaysNote),
        "sector-bands" => (Texts.Words.TableSectorBands, Texts.Words.TableSectorBandsNote),
        "methods" => (Texts.Words.TableMethods, Texts.Words.TableMethodsNote),
        "measures" => (Texts.Words.TableMeasures, Texts.Words.TableMeasuresNote),
        _ => null,
    };

    /// <summary>The confidence of a row in words.</summary>
    public static Text ConfidenceWords(PackConfidence confidence) => confidence switch
    {
        PackConfidence.OfficialText => Texts.Words.ConfidenceOfficial,
        PackConfidence.Read => Texts.Words.ConfidenceRead,
        PackConfidence.Secondary => Texts.Words.ConfidenceSecondary,
        _ => Texts.Words.ConfidenceFromMemory,
    };

    /// <summary>Whether a table holds rules in words instead of numbers, and the heading of that column.</summary>
    public static Text? RuleHeading(PackTable table) => table.Name switch
    {
        "cfe-periods" or "holidays" => Texts.Words.ReferenceRule,
        "methods" => Texts.Words.ReferenceMethod,
        _ => null,
    };

    /// <summary>The rule of a row of such a table.</summary>
    public static string Rule(PackTable table, PackRow row, Formatter format) => table.Name switch
    {
        "methods" => row["method"],
        "holidays" => HolidayRule(row, format),
        _ when row["kind"] == "season" => Texts.Words.RuleSeasonBegins.In(format.Language, WeekdayRule(row, format)),
        _ => $"{ReferenceDataNames.Part(row["period"], format.Language)}, {row["from"]}–{row["to"]}",
    };

    /// <summary>The number of a row, or its range; a dash when the pack knows none.</summary>
    public static string Value(PackTable table, PackRow row, Language language)
    {
        decimal? high = table.Columns.Contains("value_high", StringComparer.Ordinal) ? row.Number("value_high") : null;
        string value = Range(row.Value, high, language);
        return table.Name == "discharge-limits" && row.Value is not null ? (row["bound"] == "min" ? "≥ " : "≤ ").Replace(' ', Formatter.UnitSpace) + value : value;
    }

    /// <summary>The payback of a measure in words; null when the row has none.</summary>
    public static string? Payback(PackTable table, PackRow row, Language language)
    {
        if (!table.Columns.Contains("payback_years_low", StringComparer.Ordinal))
        {
            return null;
        }

        decimal? low = row.Number("payback_years_low");
        decimal? high = row.Number("payback_years_high");
        return low is null && high is null ? null : Texts.Words.ReferencePayback.In(language, Range(low, high, language));
    }

    private static string Range(decimal? low, decimal? high, Language language) => (low, high) switch
    {
        (null, null) => Formatter.Missing,
        (null, { } top) => Texts.Words.ReferenceUpTo.In(language, Digits(top)),
        ({ } bottom, null) => Digits(bottom),
        ({ } bottom, { } top) => bottom == top ? Digits(bottom) : $"{Digits(bottom)}–{Digits(top)}",
    };

    private static string Digits(decimal value)
    {
        string digits = Math.Abs(value).ToString("N" + value.Scale.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return value < 0 ? Minus + digits : digits;
    }

    private static string HolidayRule(PackRow row, Formatter format)
    {
        string rule = row["kind"] == "fixed"
            ? Texts.Words.RuleFixedDay.In(format.Language, row["day"], MonthName(row, format))
            : WeekdayRule(row, format);
        return row["every_years"].Length == 0
            ? rule
            : Texts.Words.RuleEveryYears.In(format.Language, rule, row["every_years"], row["from_year"]);
    }

    private static string WeekdayRule(PackRow row, Formatter format) => Texts.Words.RuleWeekday.In(
        format.Language,
        Ordinal((int)(row.Number("ordinal") ?? 0), format.Language),
        ReferenceDataNames.Weekday(row["weekday"], format.Language),
        MonthName(row, format));

    private static string Ordinal(int ordinal, Language language) => ordinal switch
    {
        1 => Texts.Words.OrdinalFirst.In(language),
        2 => Texts.Words.OrdinalSecond.In(language),
        3 => Texts.Words.OrdinalThird.In(language),
        4 => Texts.Words.OrdinalFourth.In(language),
        5 => Texts.Words.OrdinalFifth.In(language),
        -1 => Texts.Words.OrdinalLast.In(language),
        _ => Texts.Words.OrdinalBeforeEnd.In(language, Math.Abs(ordinal)),
    };

    private static string MonthName(PackRow row, Formatter format) =>
        format.Month(2000, (int)(row.Number("month") ?? 1)).Split(' ')[0]; // the year is not part of the rule

    private static int Rank(string table)
    {
        int rank = Array.IndexOf(Order, table);
        return rank < 0 ? Order.Length : rank;
    }
}
