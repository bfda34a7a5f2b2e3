namespace Metering.Projects;

/// <summary>Working days of Mexico.</summary>
internal static class MexicanCalendar
{
    private const int FirstHandover = 2024;
    private const int YearsOfOffice = 6;

    /// <summary>
    /// Whether a day is a statutory day of rest by the Federal Labour Law, article 74 (as reformed in 2006 and 2024): 1
    /// January, first Monday of February, third Monday of March, 1 May, 16 September, third Monday of November, 25
    /// December, and every six years the day on which the presidency passes on: 1 December until 2018, 1 October from 2024.
    /// Election days fall on Sundays.
    /// </summary>
    public static bool IsStatutoryHoliday(DateOnly day) => (day.Month, day.Day) switch
    {
        (1, 1) or (5, 1) or (9, 16) or (12, 25) => true,
        (2, <= 7) or (3, >= 15 and <= 21) or (11, >= 15 and <= 21) => day.DayOfWeek == DayOfWeek.Monday,
        (10, 1) => day.Year >= FirstHandover && (day.Year - FirstHandover) % YearsOfOffice == 0,
        (12, 1) => day.Year < FirstHandover && (FirstHandover - day.Year) % YearsOfOffice == 0,
        _ => false,
    };

    /// <summary>Monday to Saturday, without the statutory holidays.</summary>
    public static bool IsWorkday(DateOnly day) => day.DayOfWeek != DayOfWeek.Sunday && !IsStatutoryHoliday(day);
}
