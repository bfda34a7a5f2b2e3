namespace Metering.Analytics.Intervals;

/// <summary>Borders of days and months in the plant's time zone, as UTC milliseconds since 1970-01-01.</summary>
public static class PlantCalendar
{
    private const int MinutesPerDay = 24 * 60;

    /// <summary>
    /// The first instant of a local day. When midnight is skipped by a clock change it is the first instant after the change;
    /// when midnight happens twice it is the earlier one.
    /// </summary>
    /// <param name="day">The local day.</param>
    /// <param name="zone">The plant's zone.</param>
    public static long StartOfDay(DateOnly day, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        DateTime local = day.ToDateTime(TimeOnly.MinValue);
        for (int minute = 0; minute < MinutesPerDay && zone.IsInvalidTime(local); minute++)
        {
            local = local.AddMinutes(1);
        }

        TimeSpan offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            foreach (TimeSpan candidate in zone.GetAmbiguousTimeOffsets(local))
            {
                offset = candidate > offset ? candidate : offset;
            }
        }

        return (local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond;
    }

    /// <summary>The local day that holds an instant.</summary>
    /// <param name="utcMilliseconds">The instant, UTC milliseconds since 1970-01-01.</param>
    /// <param name="zone">The plant's zone.</param>
    public static DateOnly DayOf(long utcMilliseconds, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds), zone);
        return DateOnly.FromDateTime(local.DateTime);
    }
}

/// <summary>A half-open span of time, UTC milliseconds since 1970-01-01: the start belongs to it, the end does not.</summary>
/// <param name="StartUtcMilliseconds">First instant inside.</param>
/// <param name="EndUtcMilliseconds">First instant after.</param>
public readonly record struct Period(long StartUtcMilliseconds, long EndUtcMilliseconds)
{
    /// <summary>The length; zero or negative for an empty period.</summary>
    public TimeSpan Length => TimeSpan.FromMilliseconds(EndUtcMilliseconds - StartUtcMilliseconds);

    /// <summary>The period from the start of one local day to the end of another: both days belong to it.</summary>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day, inclusive; before 9999-12-31.</param>
    /// <param name="zone">The plant's zone.</param>
    public static Period FromDays(DateOnly first, DateOnly last, TimeZoneInfo zone) =>
        new(PlantCalendar.StartOfDay(first, zone), PlantCalendar.StartOfDay(last.AddDays(1), zone));

    /// <summary>Whether an instant lies in the period.</summary>
    /// <param name="utcMilliseconds">The instant, UTC milliseconds since 1970-01-01.</param>
    public bool Contains(long utcMilliseconds) =>
        utcMilliseconds >= StartUtcMilliseconds && utcMilliseconds < EndUtcMilliseconds;

    /// <summary>Whether two periods share an instant.</summary>
    /// <param name="other">The other period.</param>
    public bool Overlaps(Period other) =>
        StartUtcMilliseconds < other.EndUtcMilliseconds && other.StartUtcMilliseconds < EndUtcMilliseconds;
}
