using System.Globalization;

namespace Metering.Cloud.Texts;

/// <summary>
/// Numbers, units and dates in the form of a language: 1,234,567.9 in both; the minus is U+2212, the space before a unit
/// does not break, and zero never carries a sign. A value that is not there is a dash, never a zero.
/// </summary>
internal sealed class Formatter(Language language)
{
    /// <summary>Stands where there is no value.</summary>
    public const string Missing = "–";

    /// <summary>The space between a number and its unit.</summary>
    public const char UnitSpace = '\u00A0';

    private const char Minus = '\u2212';
    private const int MostDecimals = 9;

    /// <summary>Digits between two commas of a large number: so many decimals would look like thousands.</summary>
    private const int GroupLength = 3;
    private const double Thousand = 1000;

    private static readonly string[] SpanishMonths =
        ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];

    private static readonly string[] EnglishMonths =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <summary>The language written.</summary>
    public Language Language => language;

    /// <summary>
    /// A number with a fixed count of decimals (0 to 9), halves rounded away from zero. "8.065" can be read as eight thousand where a point
    /// groups digits: from 1 up to 1000 three decimals become four.
    /// </summary>
    public static string Number(double value, int decimals)
    {
        if (!double.IsFinite(value))
        {
            return Missing;
        }

        int places = Math.Clamp(decimals, 0, MostDecimals);
        double rounded = Math.Round(value, places, MidpointRounding.AwayFromZero);
        if (places == GroupLength && Math.Abs(rounded) is >= 1 and < Thousand)
        {
            places++;
            rounded = Math.Round(value, places, MidpointRounding.AwayFromZero);
        }

        string digits = Math.Abs(rounded).ToString("N" + places.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded < 0 ? Minus + digits : digits;
    }

    /// <summary>A whole number.</summary>
    public static string Count(long value) =>
        (value < 0 ? Minus.ToString() : "") + Math.Abs((decimal)value).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Number, space that does not break, unit.</summary>
    public string Quantity(double value, string unit, int decimals) =>
        double.IsFinite(value) ? Number(value, decimals) + UnitSpace + UnitNames.Of(unit, language) : Missing;

    /// <summary>A number given in percent, such as 17.94 -> 17.9 %.</summary>
    public static string Percent(double percent, int decimals = 1) =>
        double.IsFinite(percent) ? Number(percent, decimals) + UnitSpace + "%" : Missing;

    /// <summary>Value and half-width of its interval with the same decimals, chosen by the half-width, and the unit.</summary>
    public string PlusMinus(double value, double halfWidth, string unit)
    {
        int decimals = DecimalsFor(halfWidth);
        return double.IsFinite(value) && double.IsFinite(halfWidth)
            ? $"{Number(value, decimals)}{UnitSpace}±{UnitSpace}{Number(halfWidth, decimals)}{UnitSpace}{UnitNames.Of(unit, language)}"
            : Missing;
    }

    /// <summary>Decimals that give a half-width at least two digits that mean something, and never three.</summary>
    public static int DecimalsFor(double halfWidth) => Math.Abs(halfWidth) switch
    {
        >= 10 => 0,
        >= 1 => 1,
        >= 0.1 => 2,
        >= 0.01 => 4,
        _ => 5,
    };

    /// <summary>A number with so many significant digits, without an exponent down to a hundred-thousandth.</summary>
    public static string Significant(double value, int digits)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return double.IsFinite(value) ? "0" : Missing;
        }

        int magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (magnitude >= -5)
        {
            return Number(value, digits - 1 - magnitude);
        }

        double mantissa = value / Math.Pow(10, magnitude);
        return $"{Number(mantissa, digits - 1)}×10{Superscript(magnitude)}";
    }

    /// <summary>05/09/2026 in Spanish, 5 Sep 2026 in English.</summary>
    public string Date(DateOnly day) => language == Language.Spanish
        ? string.Create(CultureInfo.InvariantCulture, $"{day.Day:00}/{day.Month:00}/{day.Year:0000}")
        : string.Create(CultureInfo.InvariantCulture, $"{day.Day}{UnitSpace}{MonthShort(day.Month)}{UnitSpace}{day.Year}");

    /// <summary>Date and time of the plant's clock, to the minute.</summary>
    public string Moment(DateTimeOffset local) =>
        string.Create(CultureInfo.InvariantCulture, $"{Date(DateOnly.FromDateTime(local.DateTime))} {local.Hour:00}:{local.Minute:00}");

    /// <summary>enero 2026, January 2026.</summary>
    public string Month(int year, int month) =>
        string.Create(CultureInfo.InvariantCulture, $"{(language == Language.Spanish ? SpanishMonths : EnglishMonths)[month - 1]} {year}");

    /// <summary>The first three letters of the month: ene, Jan.</summary>
    public string MonthShort(int month) => (language == Language.Spanish ? SpanishMonths : EnglishMonths)[month - 1][..3];

    /// <summary>An age in words, in the largest whole unit: "hace 8 min", "8 min ago".</summary>
    public string Age(TimeSpan age)
    {
        (long count, Text one, Text many) = age switch
        {
            { TotalSeconds: < 60 } => (Math.Max(0, (long)age.TotalSeconds), Words.SecondsAgo, Words.SecondsAgo),
            { TotalMinutes: < 60 } => ((long)age.TotalMinutes, Words.MinutesAgo, Words.MinutesAgo),
            { TotalHours: < 48 } => ((long)age.TotalHours, Words.HoursAgo, Words.HoursAgo),
            _ => ((long)age.TotalDays, Words.DayAgo, Words.DaysAgo),
        };
        return (count == 1 ? one : many).In(language, Count(count));
    }

    private static string Superscript(int exponent)
    {
        const string Digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        string plain = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);
        return (exponent < 0 ? "⁻" : "") + string.Concat(plain.Select(digit => Digits[digit - '0']));
    }
}
