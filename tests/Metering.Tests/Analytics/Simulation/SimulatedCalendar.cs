namespace Metering.Tests.Analytics.Simulation;

/// <summary>Working days of a plant in Mexico, 2024-01-01 to 2026-02-28: half a shift on Saturdays, none on Sundays, holidays and over Christmas.</summary>
internal static class SimulatedCalendar
{
    public static readonly DateOnly First = new(2024, 1, 1);
    public static readonly DateOnly BaselineEnd = new(2024, 12, 31);
    public static readonly DateOnly ReportingStart = new(2025, 3, 1);
    public static readonly DateOnly End = new(2026, 3, 1);

    /// <summary>Statutory holidays (Ley Federal del Trabajo, article 74) and the two days before Easter.</summary>
    private static readonly HashSet<DateOnly> Holidays =
    [
        new(2024, 2, 5), new(2024, 3, 18), new(2024, 3, 28), new(2024, 3, 29), new(2024, 5, 1), new(2024, 9, 16), new(2024, 10, 1),
        new(2024, 11, 18), new(2025, 2, 3), new(2025, 3, 17), new(2025, 4, 17), new(2025, 4, 18), new(2025, 5, 1), new(2025, 9, 16),
        new(2025, 11, 17), new(2026, 2, 2),
    ];

    /// <summary>Days from the first to the last.</summary>
    public static int Days => End.DayNumber - First.DayNumber;

    /// <summary>Row of a day.</summary>
    public static int RowOf(DateOnly day) => day.DayNumber - First.DayNumber;

    /// <summary>0, 0.5 or 1 working day.</summary>
    public static double Workday(DateOnly day)
    {
        bool shutdown = (day.Month == 12 && day.Day >= 24) || (day.Month == 1 && day.Day <= 2);
        if (shutdown || Holidays.Contains(day) || day.DayOfWeek == DayOfWeek.Sunday)
        {
            return 0;
        }

        return day.DayOfWeek == DayOfWeek.Saturday ? 0.5 : 1;
    }

    /// <summary>Sine of the year: 0 on 1 January, found by turning a vector day by day so that no platform's sine is needed.</summary>
    public static double[] SineOfYear(int days, double shiftDays)
    {
        // Cosine and sine of 2 pi / 365.25.
        const double cosine = 0.9998520419557735;
        const double sine = 0.017201575418260506;
        double[] wave = new double[days];
        double x = 1;
        double y = 0;
        for (int i = 0; i < (int)shiftDays; i++)
        {
            (x, y) = ((x * cosine) + (y * sine), (y * cosine) - (x * sine));
        }

        for (int i = 0; i < days; i++)
        {
            wave[i] = y;
            (x, y) = ((x * cosine) - (y * sine), (y * cosine) + (x * sine));
        }

        return wave;
    }
}
