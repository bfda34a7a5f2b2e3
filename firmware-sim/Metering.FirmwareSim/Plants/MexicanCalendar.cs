namespace Metering.FirmwareSim.Plants;

/// <summary>Days of rest in Mexico. Statutory ones after article 74 of the Federal Labour Law; Holy Week is custom, not law.</summary>
internal static class MexicanCalendar
{
    /// <summary>
    /// Hours between UTC and the plants' local time. The Bajío has had no summer time since 30 October 2022, which is why no earlier day
    /// is simulated.
    /// </summary>
    internal static readonly TimeSpan Offset = TimeSpan.FromHours(-6);

    /// <summary>First day the fixed offset is right for.</summary>
    internal static readonly DateOnly FirstDay = new(2022, 11, 1);

    /// <summary>The IANA name of the plants' time zone.</summary>
    internal const string Zone = "America/Mexico_City";

    /// <summary>Whether the day is a statutory day of rest (election days aside, which local laws set).</summary>
    internal static bool IsStatutoryHoliday(DateOnly day) => (day.Month, day.Day) switch
    {
        (1, 1) or (5, 1) or (9, 16) or (12, 25) => true,
        (2, _) => IsMonday(day, 1),
        (3, _) or (11, _) => IsMonday(day, 3),
        (10, 1) => day.Year >= 2024 && (day.Year - 2024) % 6 == 0, // a new president takes office
        _ => false,
    };

    /// <summary>The calendar driver of the projects: Monday to Saturday, statutory holidays excepted.</summary>
    internal static bool IsWorkday(DateOnly day) => day.DayOfWeek != DayOfWeek.Sunday && !IsStatutoryHoliday(day);

    /// <summary>Monday before Easter up to Easter Sunday.</summary>
    internal static bool IsHolyWeek(DateOnly day)
    {
        int before = EasterSunday(day.Year).DayNumber - day.DayNumber;
        return before is >= 0 and <= 6;
    }

    /// <summary>22 December to 1 January: when most plants of the region stand still.</summary>
    internal static bool IsYearEnd(DateOnly day) => (day.Month == 12 && day.Day >= 22) || (day.Month == 1 && day.Day == 1);

    /// <summary>Easter Sunday of the Gregorian calendar (anonymous algorithm; Meeus, Astronomical Algorithms, chapter 8).</summary>
    internal static DateOnly EasterSunday(int year)
    {
        int a = year % 19;
        int b = year / 100;
        int c = year % 100;
        int d = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        int e = (32 + (2 * (b % 4)) + (2 * (c / 4)) - d - (c % 4)) % 7;
        int f = d + e - (7 * ((a + (11 * d) + (22 * e)) / 451)) + 114;
        return new DateOnly(year, f / 31, (f % 31) + 1);
    }

    private static bool IsMonday(DateOnly day, int ordinal) =>
        day.DayOfWeek == DayOfWeek.Monday && (day.Day - 1) / 7 == ordinal - 1;
}
