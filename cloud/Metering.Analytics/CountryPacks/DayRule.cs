namespace Metering.Analytics.CountryPacks;

/// <summary>A day that comes back each year: a fixed one, or the n-th (or n-th from the end) of a weekday in a month.</summary>
internal sealed class DayRule
{
    private readonly PackRow row;
    private readonly int month;
    private readonly int day;
    private readonly DayOfWeek weekday;
    private readonly int ordinal;
    private readonly int everyYears;
    private readonly int fromYear;

    private DayRule(PackRow row, bool isFixed, int everyYears, int fromYear)
    {
        this.row = row;
        this.everyYears = everyYears;
        this.fromYear = fromYear;
        month = Whole(row, "month", 1, 12);
        day = isFixed ? Whole(row, "day", 1, 31) : 0;
        weekday = isFixed ? DayOfWeek.Sunday : Weekday(row);
        ordinal = isFixed ? 0 : Whole(row, "ordinal", -5, 5);
        if (!isFixed && ordinal == 0)
        {
            throw row.Fault("ordinal is 0; 1 is the first, -1 the last");
        }
    }

    /// <summary>The row of the rule.</summary>
    public PackRow Row => row;

    /// <summary>A rule of a row with month, day, weekday, ordinal, every_years and from_year.</summary>
    public static DayRule OfHoliday(PackRow row)
    {
        bool isFixed = row["kind"] switch
        {
            "fixed" => true,
            "nth-weekday" => false,
            string other => throw row.Fault($"kind is '{other}'; it must be fixed or nth-weekday"),
        };
        bool isYearly = row["every_years"].Length == 0;
        return new DayRule(
            row, isFixed, isYearly ? 1 : Whole(row, "every_years", 1, 100), isYearly ? 0 : Whole(row, "from_year", 1, 9999));
    }

    /// <summary>A rule of a row with month, weekday and ordinal.</summary>
    /// <remarks>Every year must have the day, so that a fifth weekday is refused.</remarks>
    public static DayRule OfWeekday(PackRow row)
    {
        DayRule rule = new(row, isFixed: false, everyYears: 1, fromYear: 0);
        return Math.Abs(rule.ordinal) < 5 ? rule : throw row.Fault("ordinal must be from -4 to 4: not every year has a fifth weekday");
    }

    /// <summary>Whether the rule gives this day and holds on it.</summary>
    public bool Gives(DateOnly candidate) => candidate.Month == month && row.HoldsOn(candidate) && InYear(candidate.Year) == candidate;

    /// <summary>The day in a year; null when the year has none (30 February, a fifth Sunday, a year between).</summary>
    public DateOnly? InYear(int year)
    {
        if (year < fromYear || (year - fromYear) % everyYears != 0)
        {
            return null;
        }

        int length = DateTime.DaysInMonth(year, month);
        if (day > 0)
        {
            return day <= length ? new DateOnly(year, month, day) : null;
        }

        int first = 1 + ((7 + (int)weekday - (int)new DateOnly(year, month, 1).DayOfWeek) % 7);
        int count = 1 + ((length - first) / 7);
        int index = ordinal > 0 ? ordinal - 1 : count + ordinal;
        return index >= 0 && index < count ? new DateOnly(year, month, first + (7 * index)) : null;
    }

    private static int Whole(PackRow row, string column, int low, int high)
    {
        decimal? number = row.Number(column);
        return number is decimal value && value == decimal.Truncate(value) && value >= low && value <= high
            ? (int)value
            : throw row.Fault($"{column} is '{row[column]}'; it must be a whole number from {low} to {high}");
    }

    private static DayOfWeek Weekday(PackRow row) => row["weekday"] switch
    {
        "sunday" => DayOfWeek.Sunday,
        "monday" => DayOfWeek.Monday,
        "tuesday" => DayOfWeek.Tuesday,
        "wednesday" => DayOfWeek.Wednesday,
        "thursday" => DayOfWeek.Thursday,
        "friday" => DayOfWeek.Friday,
        "saturday" => DayOfWeek.Saturday,
        string other => throw row.Fault($"weekday is '{other}'; it must be an English day of the week in small letters"),
    };
}
