using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Rollups;

/// <summary>
/// The readings that decide the intervals of one month, and no more. For a gauge: those of the month, the last usable one
/// before it and the first after it. For a counter the kernel's decisions reach further: it looks up to 96 readings ahead
/// for a register that returns, asks two more to confirm a break, and lays a rise that follows equal readings back to where
/// the register began to stand still. So the window begins and ends with a quiet run: <see cref="QuietReadings"/> usable
/// readings or more, none below the one before it or faster than a catch-up, that rise at least once after the first
/// <see cref="SettledReadings"/> of them. Whatever the register did before such a run, the kernel reads on from its end in
/// the same way; and nothing that comes after such a run reaches back through it. Where no such run is found the window
/// goes to the beginning or the end of the history.
/// </summary>
internal sealed class RollupWindow
{
    /// <summary>Look-ahead (96) and confirmations (2) of the kernel, twice: once to come to rest, once to look ahead from there.</summary>
    public const int QuietReadings = 200;
    public const int SettledReadings = 100;

    private const int FirstDaysTried = 2;

    private RollupWindow(UsableReadings readings, long firstDay, long lastDay)
    {
        Readings = readings;
        FirstDay = firstDay;
        LastDay = lastDay;
    }

    /// <summary>Usable readings of the window.</summary>
    public UsableReadings Readings { get; }

    /// <summary>First day whose readings the window depends on; the first of all days when it goes to the beginning.</summary>
    public long FirstDay { get; }

    /// <summary>Last day whose readings the window depends on; the last of all days when it goes to the end.</summary>
    public long LastDay { get; }

    /// <summary>Whether readings after the window cannot change it.</summary>
    public bool IsClosed => LastDay != DaySet.LastDay;

    public static RollupWindow Of(RollupInput input, RollupRule rule, int month)
    {
        // The last interval that starts in the month may end in the next one.
        long start = RollupMonth.Start(month);
        long end = RollupMonth.Start(month + 1) + rule.LongestMilliseconds;
        long? first = FindFirst(input, rule, start / ChunkCodec.MillisecondsPerDay);
        long? last = FindLast(input, rule, end);
        long firstDay = first is long from ? from / ChunkCodec.MillisecondsPerDay : DaySet.FirstDay;
        long lastDay = last is long to ? to / ChunkCodec.MillisecondsPerDay : DaySet.LastDay;
        UsableReadings all = UsableReadings.Of(input.Load(firstDay, lastDay), input.Channel).From(first ?? long.MinValue);
        int count = last is long instant ? all.FirstFrom(instant + 1) : all.Count;
        return new(all.First(count), firstDay, lastDay);
    }

    /// <summary>The instant of the window's first reading, from days before a day, a few at first; null when it goes to the beginning.</summary>
    private static long? FindFirst(RollupInput input, RollupRule rule, long day)
    {
        int index = input.Days.FirstFrom(day);
        int first = index;
        for (int tried = FirstDaysTried; first > 0; tried *= 2)
        {
            first = Math.Max(0, index - tried);
            UsableReadings before = UsableReadings.Of(input.Load(input.Days[first], day - 1), input.Channel);
            int found = input.Channel.Kind == ChannelKind.Counter ? LastQuietRun(before, rule.Pace) : before.Count - 1;
            if (found >= 0)
            {
                return before.UtcMilliseconds[found];
            }
        }

        return null;
    }

    /// <summary>The instant of the window's last reading, at or after an instant; null when it goes to the end.</summary>
    private static long? FindLast(RollupInput input, RollupRule rule, long end)
    {
        DaySet days = input.Days;
        int index = days.FirstFrom(end / ChunkCodec.MillisecondsPerDay);
        int last = index - 1;
        for (int tried = FirstDaysTried; last < days.Count - 1; tried *= 2)
        {
            last = Math.Min(days.Count - 1, index + tried - 1);
            UsableReadings after = UsableReadings.Of(input.Load(days[index], days[last]), input.Channel).From(end);
            int found = input.Channel.Kind == ChannelKind.Counter ? FirstQuietRun(after, rule.Pace) : after.Count == 0 ? -1 : 0;
            if (found >= 0)
            {
                return after.UtcMilliseconds[found];
            }
        }

        return null;
    }

    /// <summary>Where the last quiet run begins, or -1.</summary>
    public static int LastQuietRun(UsableReadings readings, CounterPace pace)
    {
        int found = -1;
        int start = 0;
        for (int index = 1; index < readings.Count; index++)
        {
            if (!IsQuiet(readings, index, pace))
            {
                start = index;
            }
            else if (EndsRun(readings, start, index))
            {
                found = start;
                start = index;
            }
        }

        return found;
    }

    /// <summary>Where the first quiet run ends, or -1.</summary>
    public static int FirstQuietRun(UsableReadings readings, CounterPace pace)
    {
        int start = 0;
        for (int index = 1; index < readings.Count; index++)
        {
            if (!IsQuiet(readings, index, pace))
            {
                start = index;
            }
            else if (EndsRun(readings, start, index))
            {
                return index;
            }
        }

        return -1;
    }

    private static bool IsQuiet(UsableReadings readings, int index, CounterPace pace)
    {
        long before = readings.Scaled[index - 1];
        long value = readings.Scaled[index];
        return value >= before && !pace.IsCatchUp(value - before, readings.UtcMilliseconds[index] - readings.UtcMilliseconds[index - 1]);
    }

    private static bool EndsRun(UsableReadings readings, int start, int index) =>
        index - start >= QuietReadings && readings.Scaled[index] > readings.Scaled[start + SettledReadings];
}
