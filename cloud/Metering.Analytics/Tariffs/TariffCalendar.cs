using Metering.Analytics.CountryPacks;
using Metering.Analytics.Intervals;

namespace Metering.Analytics.Tariffs;

/// <summary>The hourly periods of the Mexican tariffs.</summary>
public enum TariffPeriod
{
    /// <summary>Base: the cheapest hours.</summary>
    Base = 0,

    /// <summary>Intermedia: the hours between.</summary>
    Intermedia = 1,

    /// <summary>Punta: the dearest hours.</summary>
    Punta = 2,
}

/// <summary>
/// Which tariff period an instant lies in: a dated table of seasons, kinds of day and hours in the plant's zone. Immutable; one
/// calendar serves any number of threads.
/// </summary>
public sealed class TariffCalendar
{
    /// <summary>Number of periods.</summary>
    public const int PeriodCount = 3;

    internal const int SlotsPerDay = 96;

    private const long MillisecondsPerSlot = 15 * 60 * 1000;

    private readonly TariffEra[] eras;
    private readonly HolidayCalendar? holidays;

    private TariffCalendar(TariffEra[] eras, HolidayCalendar? holidays, TariffCalendarOptions options)
    {
        this.eras = eras;
        this.holidays = holidays;
        Zone = options.Zone;
        CarriesLastTableForward = options.CarryLastTableForward;
    }

    /// <summary>The plant's zone.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Whether days after the last table are read with it.</summary>
    public bool CarriesLastTableForward { get; }

    /// <summary>Reads the table <c>cfe-periods</c> of a country pack.</summary>
    /// <param name="periods">The table.</param>
    /// <param name="holidays">Days that count as Sundays; null when none do.</param>
    /// <param name="options">Scheme, zone, and what to do after the last table.</param>
    /// <exception cref="ArgumentException">
    /// A row that cannot be read, hours that overlap or leave a hole, or a scheme without rows. Names file and line.
    /// </exception>
    public static TariffCalendar Read(PackTable periods, HolidayCalendar? holidays, TariffCalendarOptions options)
    {
        ArgumentNullException.ThrowIfNull(periods);
        ArgumentNullException.ThrowIfNull(options);
        return new TariffCalendar(TariffEra.ReadAll(periods, options.Scheme), holidays, options);
    }

    /// <summary>The period of an instant.</summary>
    /// <param name="utcMilliseconds">The instant, UTC milliseconds since 1970-01-01: for an interval its start.</param>
    /// <exception cref="ArgumentOutOfRangeException">No table covers the day; ask <see cref="Refusal"/> first.</exception>
    public TariffPeriod At(long utcMilliseconds)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds), Zone);
        DateOnly day = DateOnly.FromDateTime(local.DateTime);
        TariffEra? era = EraOf(day);
        if (era is null || holidays?.Covers(day) == false)
        {
            throw new ArgumentOutOfRangeException(nameof(utcMilliseconds), day, "no table of tariff periods and holidays covers this day");
        }

        return era.At(day, holidays?.IsHoliday(day) == true, local.TimeOfDay);
    }

    /// <summary>Why the periods of some day are not known, or null when every day from first to last is covered.</summary>
    /// <param name="first">First local day.</param>
    /// <param name="last">Last local day, inclusive.</param>
    public string? Refusal(DateOnly first, DateOnly last)
    {
        for (int number = first.DayNumber; number <= last.DayNumber; number++)
        {
            DateOnly day = DateOnly.FromDayNumber(number);
            if (EraOf(day) is null)
            {
                return $"the tariff periods of {day:yyyy-MM-dd} are not known: the tables end {eras[^1].LastDay?.ToString("yyyy-MM-dd") ?? "later"}; "
                    + "add the table in force, or have the last one carried forward and said so.";
            }

            if (holidays?.Covers(day) == false)
            {
                return $"no holiday rule covers {day:yyyy-MM-dd}.";
            }
        }

        return null;
    }

    /// <summary>What a reader must know about the tables used from first to last; empty when they are well founded.</summary>
    /// <param name="first">First local day.</param>
    /// <param name="last">Last local day, inclusive.</param>
    public IReadOnlyList<string> Notes(DateOnly first, DateOnly last)
    {
        List<string> notes = [];
        foreach (TariffEra era in eras)
        {
            bool isUsed = first <= (era.LastDay ?? DateOnly.MaxValue) && last >= era.FirstDay;
            bool isCarried = CarriesLastTableForward && era == eras[^1] && last > era.LastDay;
            if ((isUsed || isCarried) && era.Confidence == PackConfidence.FromMemoryToVerify)
            {
                notes.Add("The table of tariff periods is from memory and to be verified.");
            }

            if (isCarried)
            {
                notes.Add($"The table of tariff periods holds until {era.LastDay:yyyy-MM-dd} and was carried forward.");
            }
        }

        return notes;
    }

    /// <summary>
    /// Fills in the period of each interval by its start. An interval over the border of two periods cannot be placed.
    /// </summary>
    /// <param name="startUtcMilliseconds">Starts, UTC milliseconds since 1970-01-01, ascending.</param>
    /// <param name="step">Length of every interval, at most one hour.</param>
    /// <param name="periods">One element per interval, written.</param>
    /// <returns>Null, or why the intervals cannot be placed; then the contents of <paramref name="periods"/> are undefined.</returns>
    internal string? Fill(ReadOnlySpan<long> startUtcMilliseconds, TimeSpan step, Span<TariffPeriod> periods)
    {
        long length = (long)step.TotalMilliseconds;
        LocalDay? day = null;
        for (int index = 0; index < startUtcMilliseconds.Length; index++)
        {
            long start = startUtcMilliseconds[index];
            if (day is null || start >= day.EndUtcMilliseconds)
            {
                DateOnly date = PlantCalendar.DayOf(start, Zone);
                if (Refusal(date, date) is string why)
                {
                    return why;
                }

                day = new LocalDay(date, Zone, EraOf(date)!, holidays?.IsHoliday(date) == true);
            }

            periods[index] = day.At(start);
            long last = start + length - 1;
            if (length > MillisecondsPerSlot && (last < day.EndUtcMilliseconds ? day.At(last) : At(last)) != periods[index])
            {
                return $"the interval that begins {DateTimeOffset.FromUnixTimeMilliseconds(start):yyyy-MM-dd HH:mm} UTC lies in two tariff periods.";
            }
        }

        return null;
    }

    private TariffEra? EraOf(DateOnly day)
    {
        foreach (TariffEra era in eras)
        {
            if (era.FirstDay <= day && (era.LastDay is null || day <= era.LastDay))
            {
                return era;
            }
        }

        return CarriesLastTableForward && day > eras[^1].LastDay ? eras[^1] : null;
    }

    /// <summary>One local day: its borders are computed once, and times in it are differences, unless clocks change on it.</summary>
    private sealed class LocalDay(DateOnly date, TimeZoneInfo zone, TariffEra era, bool isHoliday)
    {
        private readonly long startUtcMilliseconds = PlantCalendar.StartOfDay(date, zone);

        public long EndUtcMilliseconds { get; } = PlantCalendar.StartOfDay(date.AddDays(1), zone);

        public TariffPeriod At(long utcMilliseconds)
        {
            bool isEven = EndUtcMilliseconds - startUtcMilliseconds == TimeSpan.TicksPerDay / TimeSpan.TicksPerMillisecond;
            TimeSpan timeOfDay = isEven
                ? new TimeSpan((utcMilliseconds - startUtcMilliseconds) * TimeSpan.TicksPerMillisecond)
                : TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds), zone).TimeOfDay;
            return era.At(date, isHoliday, timeOfDay);
        }
    }
}

/// <summary>How the table of tariff periods is read.</summary>
public sealed record TariffCalendarOptions
{
    /// <summary>Which rows: the column <c>scheme</c>. <c>sin</c> is the national grid without Baja California.</summary>
    public string Scheme { get; init; } = "sin";

    /// <summary>The plant's zone, for example America/Mexico_City.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>
    /// Whether days after the last table are read with it. Off unless chosen, because the tables change; when on, every result
    /// says so.
    /// </summary>
    public bool CarryLastTableForward { get; init; }
}
