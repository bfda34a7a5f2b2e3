using Metering.Analytics.Intervals;
using Metering.Cloud.Projects;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Explore;

/// <summary>A quarter of an hour of a project's use with the readings it was made of.</summary>
/// <param name="StartUtcMilliseconds">Where it begins.</param>
/// <param name="Use">Use; NaN when it is not known.</param>
/// <param name="Readings">Readings in [start, end), those that cannot be used among them.</param>
/// <param name="FirstUtcMilliseconds">Instant of the first of them; null without any.</param>
internal sealed record DayInterval(long StartUtcMilliseconds, double Use, int Readings, long? FirstUtcMilliseconds);

/// <summary>One day of a project from its intervals down to its readings.</summary>
internal sealed record DayTrace
{
    /// <summary>The project's result.</summary>
    public required ProjectResult Result { get; init; }

    /// <summary>The day.</summary>
    public required ProjectDay Day { get; init; }

    /// <summary>The quarters of an hour of the metered use; empty without readings.</summary>
    public required IReadOnlyList<DayInterval> Intervals { get; init; }

    /// <summary>First and last reading of each channel of the project on the day; a channel without readings is left out.</summary>
    public required IReadOnlyList<ChannelDay> Channels { get; init; }

    /// <summary>The hour whose readings are listed, 0 to 23 from midnight; null for none.</summary>
    public int? Hour { get; init; }

    /// <summary>The readings of that hour.</summary>
    public IReadOnlyList<Reading> Listed { get; init; } = [];

    /// <summary>The use's channel; null without readings.</summary>
    public Channel? Use { get; init; }

    /// <summary>A day of a project; null when the project does not have it.</summary>
    public static DayTrace? Of(ProjectBoard board, ProjectResult result, DateOnly date, int? hour)
    {
        ProjectDay? day = result.Days.FirstOrDefault(candidate => candidate.Day == date);
        if (day is null)
        {
            return null;
        }

        Project project = result.Project;
        long start = PlantCalendar.StartOfDay(date, project.Plant.Zone);
        long end = PlantCalendar.StartOfDay(date.AddDays(1), project.Plant.Zone);
        List<ChannelDay> channels = [];
        foreach (ChannelName name in project.Channels())
        {
            if (board.Store.FindChannel(name.Gateway, name.Channel) is { } stored)
            {
                ReadingColumns columns = board.Store.Read(name.Gateway, name.Channel, start, end + 1);
                if (columns.Count > 0)
                {
                    channels.Add(new(name, stored.Channel, columns.Count, columns.UtcMilliseconds[0], columns.UtcMilliseconds[^1]));
                }
            }
        }

        DayTrace trace = new() { Result = result, Day = day, Intervals = [], Channels = channels, Hour = hour };
        return channels.Exists(channel => channel.Name == project.Use) ? trace.WithUse(board.Store, (start, end)) : trace;
    }

    private DayTrace WithUse(IReadingStore store, (long Start, long End) range)
    {
        const long lead = 6 * TimeSpan.MillisecondsPerHour;
        ChannelName use = Result.Project.Use;
        ReadingColumns columns = store.Read(use.Gateway, use.Channel, range.Start - lead, range.End + lead);
        (IReadOnlyList<long> starts, IReadOnlyList<double> values) = ChannelSeries.Of(columns, IntervalStep.QuarterHour, Result.Project.Plant.Zone);
        List<DayInterval> intervals = [];
        for (int index = 0; index < starts.Count; index++)
        {
            if (starts[index] >= range.Start && starts[index] < range.End)
            {
                int first = At(columns, starts[index]);
                int end = At(columns, starts[index] + IntervalStep.QuarterHour.Milliseconds);
                intervals.Add(new(starts[index], values[index], end - first, end > first ? columns.UtcMilliseconds[first] : null));
            }
        }

        List<Reading> listed = [];
        long from = range.Start + ((Hour ?? 0) * TimeSpan.MillisecondsPerHour);
        for (int index = At(columns, from); Hour is not null && index < At(columns, from + TimeSpan.MillisecondsPerHour); index++)
        {
            listed.Add(new(columns.UtcMilliseconds[index], columns.ScaledValues[index], 0, columns.Qualities[index], columns.HasValues[index]));
        }

        return this with { Intervals = intervals, Listed = listed, Use = columns.Channel };
    }

    private static int At(ReadingColumns columns, long utcMilliseconds)
    {
        int index = Array.BinarySearch(columns.UtcMilliseconds, utcMilliseconds);
        return index < 0 ? ~index : index;
    }
}

/// <summary>A channel's readings of a day, both midnights included.</summary>
internal sealed record ChannelDay(ChannelName Name, Channel Channel, int Count, long FirstUtcMilliseconds, long LastUtcMilliseconds);
