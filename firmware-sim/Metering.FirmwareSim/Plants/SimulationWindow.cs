namespace Metering.FirmwareSim.Plants;

/// <summary>The days a simulation covers: a history and, behind it, days for running on.</summary>
internal sealed record SimulationWindow
{
    /// <summary>Days the model goes on behind the history, so that a plant can be followed in real time.</summary>
    internal const int DaysBeyond = 60;

    /// <summary>The shortest history that has room for a project.</summary>
    internal const int MinimumDays = 20;

    /// <summary>The longest history, about ten years: some 25 MB of model for each plant.</summary>
    internal const int MaximumDays = 3700;

    /// <summary>Length of a slot, in milliseconds.</summary>
    internal const int SlotMilliseconds = 15 * 60 * 1000;

    /// <summary>Checks the days.</summary>
    /// <exception cref="ArgumentException">They are in the wrong order, too few, too many or too early; the message says which.</exception>
    internal SimulationWindow(DateOnly from, DateOnly until)
    {
        int days = until.DayNumber - from.DayNumber;
        if (days is < MinimumDays or > MaximumDays)
        {
            throw new ArgumentException($"the history from {from:yyyy-MM-dd} until {until:yyyy-MM-dd} is {days} days long; it must be {MinimumDays} to {MaximumDays} days");
        }

        if (from < MexicanCalendar.FirstDay)
        {
            throw new ArgumentException($"the history begins on {from:yyyy-MM-dd}; it may not begin before {MexicanCalendar.FirstDay:yyyy-MM-dd}, because the plants' clocks had summer time until then");
        }

        From = from;
        Until = until;
    }

    /// <summary>First day of the history.</summary>
    internal DateOnly From { get; }

    /// <summary>First day behind the history.</summary>
    internal DateOnly Until { get; }

    /// <summary>Days of the history.</summary>
    internal int HistoryDays => Until.DayNumber - From.DayNumber;

    /// <summary>Days the model covers.</summary>
    internal int ModelDays => HistoryDays + DaysBeyond;

    /// <summary>Slots of the history.</summary>
    internal int HistorySlots => HistoryDays * DayShape.SlotsPerDay;

    /// <summary>Local midnight the model begins at, in milliseconds since 1970-01-01 UTC.</summary>
    internal long StartUtcMilliseconds => UtcMilliseconds(From);

    /// <summary>Local midnight the history ends at.</summary>
    internal long UntilUtcMilliseconds => UtcMilliseconds(Until);

    /// <summary>The day that began at the plants' last midnight.</summary>
    internal static DateOnly LastMidnight(DateTimeOffset now)
    {
        DateTimeOffset local = now.ToOffset(MexicanCalendar.Offset);
        return new DateOnly(local.Year, local.Month, local.Day);
    }

    /// <summary>Local midnight a day begins at.</summary>
    internal static long UtcMilliseconds(DateOnly day) =>
        new DateTimeOffset(day.Year, day.Month, day.Day, 0, 0, 0, MexicanCalendar.Offset).ToUnixTimeMilliseconds();
}
