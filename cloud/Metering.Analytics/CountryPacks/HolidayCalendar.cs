namespace Metering.Analytics.CountryPacks;

/// <summary>Days of rest by dated rules, from the table <c>holidays</c> of a country pack.</summary>
/// <remarks>
/// Columns beside the usual ones: <c>kind</c> (fixed or nth-weekday), <c>month</c>, <c>day</c>, <c>weekday</c>, <c>ordinal</c>
/// (-1 is the last), and <c>every_years</c> with <c>from_year</c> for days that do not come back each year.
/// </remarks>
public sealed class HolidayCalendar
{
    private readonly DayRule[] rules;

    private HolidayCalendar(DayRule[] rules) => this.rules = rules;

    /// <summary>Reads the rules.</summary>
    /// <param name="table">The table <c>holidays</c>.</param>
    /// <exception cref="ArgumentException">A rule that cannot be read; names file and line.</exception>
    public static HolidayCalendar Read(PackTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        List<DayRule> read = [];
        foreach (PackRow row in table.Rows)
        {
            read.Add(DayRule.OfHoliday(row));
        }

        return new HolidayCalendar([.. read]);
    }

    /// <summary>Whether any rule holds on a day at all; on a day that none covers, "no holiday" would be a guess.</summary>
    /// <param name="day">The day.</param>
    public bool Covers(DateOnly day)
    {
        foreach (DayRule rule in rules)
        {
            if (rule.Row.HoldsOn(day))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The row that makes a day a holiday; null for an ordinary day.</summary>
    /// <param name="day">The day.</param>
    /// <exception cref="ArgumentOutOfRangeException">No rule covers the day.</exception>
    public PackRow? Find(DateOnly day)
    {
        foreach (DayRule rule in rules)
        {
            if (rule.Gives(day))
            {
                return rule.Row;
            }
        }

        return Covers(day) ? null : throw new ArgumentOutOfRangeException(nameof(day), day, "no holiday rule covers this day");
    }

    /// <summary>Whether a day is a holiday.</summary>
    /// <param name="day">The day.</param>
    /// <exception cref="ArgumentOutOfRangeException">No rule covers the day.</exception>
    public bool IsHoliday(DateOnly day) => Find(day) is not null;

    /// <summary>All holidays from one day to another, both inclusive, ascending.</summary>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, inclusive, at most 200 years later.</param>
    /// <exception cref="ArgumentOutOfRangeException">No rule covers a day of the span, or the span is too long.</exception>
    public IReadOnlyList<DateOnly> Between(DateOnly first, DateOnly last)
    {
        const int LongestSpanDays = 200 * 366;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last.DayNumber - first.DayNumber, LongestSpanDays, nameof(last));
        List<DateOnly> holidays = [];
        for (int number = first.DayNumber; number <= last.DayNumber; number++)
        {
            DateOnly day = DateOnly.FromDayNumber(number);
            if (IsHoliday(day))
            {
                holidays.Add(day);
            }
        }

        return holidays;
    }
}
