namespace Metering.Analytics.Intervals;

/// <summary>For each interval its local day, the day of the week, and the place of the interval in the day.</summary>
internal sealed class WeekSlots
{
    private const int DaysPerWeek = 7;

    private readonly byte[] weekday;
    private readonly int[] slot;
    private readonly int[] day;

    private WeekSlots(int count)
    {
        weekday = new byte[count];
        slot = new int[count];
        day = new int[count];
    }

    /// <summary>Number of intervals.</summary>
    public int Count => day.Length;

    /// <summary>Most intervals in a day.</summary>
    public int SlotsPerDay { get; private init; }

    /// <summary>Places in a week.</summary>
    public int SlotsPerWeek => DaysPerWeek * SlotsPerDay;

    /// <summary>Number of the local day (0001-01-01 is 0).</summary>
    public int Day(int interval) => day[interval];

    /// <summary>Day of the week, Sunday is 0; a holiday is a Sunday.</summary>
    public int Weekday(int interval) => weekday[interval];

    /// <summary>Place in the day by the wall clock.</summary>
    public int Slot(int interval) => slot[interval];

    /// <summary>Place in the week.</summary>
    public int WeekSlot(int interval) => (weekday[interval] * SlotsPerDay) + slot[interval];

    /// <summary>Places of the intervals between these borders.</summary>
    public static WeekSlots Of(ReadOnlySpan<long> borders, IntervalStep step, TimeZoneInfo zone, IReadOnlySet<DateOnly> holidays)
    {
        bool isWhole = step.IsDay || step.IsMonth;
        long length = step.Milliseconds;
        int perDay = isWhole ? 1 : (int)(IntervalStep.Day.Milliseconds / length);
        WeekSlots slots = new(Math.Max(borders.Length - 1, 0)) { SlotsPerDay = perDay };
        long dayStart = 0;
        long dayEnd = long.MinValue;
        DateOnly date = default;
        for (int i = 0; i < slots.Count; i++)
        {
            if (borders[i] >= dayEnd)
            {
                date = PlantCalendar.DayOf(borders[i], zone);
                dayStart = PlantCalendar.StartOfDay(date, zone);
                dayEnd = PlantCalendar.StartOfDay(date.AddDays(1), zone);
            }

            slots.day[i] = date.DayNumber;
            slots.weekday[i] = holidays.Contains(date) ? (byte)0 : (byte)date.DayOfWeek;
            slots.slot[i] = isWhole ? 0 : PlaceInDay(borders[i], dayStart, dayEnd, length, zone) % perDay;
        }

        return slots;
    }

    private static int PlaceInDay(long instant, long dayStart, long dayEnd, long length, TimeZoneInfo zone)
    {
        long intoDay = instant - dayStart;
        if (dayEnd - dayStart != IntervalStep.Day.Milliseconds)
        {
            // The clocks change on this day: the wall clock says which hour of work it is.
            DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(instant), zone);
            intoDay = local.TimeOfDay.Ticks / TimeSpan.TicksPerMillisecond;
        }

        return (int)(intoDay / length);
    }
}
