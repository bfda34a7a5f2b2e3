using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Cloud.Projects;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Explore;

/// <summary>One part of a stretch of time.</summary>
/// <param name="StartUtcMilliseconds">Where it begins.</param>
/// <param name="First">Its first day.</param>
/// <param name="Last">Its last day.</param>
/// <param name="Value">Counter: use of what is known of it. Gauge: mean. NaN when nothing is known.</param>
/// <param name="Known">Days (of a quarter of an hour: 0 or 1) that are known.</param>
/// <param name="Count">Days it has; of a quarter of an hour 1.</param>
internal sealed record ZoomPart(long StartUtcMilliseconds, DateOnly First, DateOnly Last, double Value, int Known, int Count)
{
    /// <summary>The adjusted baseline of the days that are known; NaN when one of them has none.</summary>
    public double Baseline { get; init; } = double.NaN;

    /// <summary>Whether something of it is known and something is not.</summary>
    public bool IsPartial => Known > 0 && Known < Count;
}

/// <summary>A stretch of a channel, in parts that add up to it.</summary>
internal sealed record ZoomView
{
    /// <summary>What is shown.</summary>
    public required ZoomAsk Ask { get; init; }

    /// <summary>The days there are.</summary>
    public required DayRange Whole { get; init; }

    /// <summary>Address of its page after the language.</summary>
    public required string Path { get; init; }

    /// <summary>The channel.</summary>
    public required StoredChannel Stored { get; init; }

    /// <summary>Zone of its days.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>The project whose use it is; null on a channel's own page.</summary>
    public Project? Project { get; init; }

    /// <summary>The parts, in order of time and without holes.</summary>
    public required IReadOnlyList<ZoomPart> Parts { get; init; }

    /// <summary>The days of the stretch, each with what is known of it.</summary>
    public required IReadOnlyList<ZoomPart> Days { get; init; }

    /// <summary>First reading of each quarter of an hour of a single day, by its start; empty otherwise.</summary>
    public IReadOnlyDictionary<long, long> FirstReadings { get; init; } = new Dictionary<long, long>();

    /// <summary>Whether the parts are uses, which add up; means do not.</summary>
    public bool IsUse => Stored.Channel.Kind == ChannelKind.Counter;

    /// <summary>Sum of what is known of the days; NaN when nothing is, or of a gauge.</summary>
    public double Total => IsUse ? SumOf(Days.Select(day => day.Value)) : double.NaN;

    /// <summary>Sum of the parts shown; NaN when nothing is known, or of a gauge.</summary>
    public double Sum => IsUse ? SumOf(Parts.Select(part => part.Value)) : double.NaN;

    /// <summary>Days of the stretch that are known.</summary>
    public int KnownDays => Days.Count(day => day.Known > 0);

    /// <summary>The stretch of a project that a request asks for; null when it asks for none or the project's channel has no readings.</summary>
    public static ZoomView? OfProject(ProjectBoard board, ProjectResult result, IQueryCollection query)
    {
        Project project = result.Project;
        DayRange whole = new(result.Days[0].Day, result.Days[^1].Day);
        if (ZoomAsk.Of(query, whole) is not { } ask || board.Store.FindChannel(project.Use.Gateway, project.Use.Channel) is not { } stored)
        {
            return null;
        }

        List<ZoomPart> days = [];
        foreach (ProjectDay day in result.Days.Where(day => ask.Range.Contains(day.Day)))
        {
            int known = double.IsFinite(day.Use) ? 1 : 0;
            days.Add(new(PlantCalendar.StartOfDay(day.Day, project.Plant.Zone), day.Day, day.Day, day.Use, known, 1) { Baseline = day.Counts ? day.Baseline : double.NaN });
        }

        return new()
        {
            Ask = ask,
            Whole = whole,
            Path = "/projects/" + project.Id,
            Stored = stored,
            Zone = project.Plant.Zone,
            Project = project,
            Days = days,
            Parts = PartsOf(board.Store, stored, project.Plant.Zone, ask, days),
        };
    }

    /// <summary>The stretch of a channel; without one the newest 30 days.</summary>
    public static ZoomView OfChannel(IReadingStore store, StoredChannel stored, TimeZoneInfo zone, IQueryCollection query)
    {
        const int shownFirst = 30;
        DayRange whole = new(PlantCalendar.DayOf(stored.FirstUtcMilliseconds, zone), PlantCalendar.DayOf(stored.LastUtcMilliseconds, zone));
        whole = whole.Count > DayRange.MostDays ? new(whole.Last.AddDays(1 - DayRange.MostDays), whole.Last) : whole;
        DateOnly newest = whole.Count > shownFirst ? whole.Last.AddDays(1 - shownFirst) : whole.First;
        ZoomAsk ask = ZoomAsk.Of(query, whole) ?? new(new(newest, whole.Last), ZoomStep.Day, null);
        IReadOnlyList<ZoomPart> days = DaysOf(store, stored, zone, ask.Range);
        return new()
        {
            Ask = ask,
            Whole = whole,
            Path = ExploreRoutes.Channel(new(stored.Gateway, stored.Channel.Id)),
            Stored = stored,
            Zone = zone,
            Days = days,
            Parts = PartsOf(store, stored, zone, ask, days),
            FirstReadings = ask.Range.Count == 1 ? Readings(store, stored, zone, ask.Range.First) : new Dictionary<long, long>(),
        };
    }

    /// <summary>Address of a stretch on the same page, after the language.</summary>
    public string Link(DateOnly first, DateOnly last) => string.Create(CultureInfo.InvariantCulture, $"{Path}?from={first:yyyy-MM-dd}&to={last:yyyy-MM-dd}#zoom");

    /// <summary>The Monday of a day's week.</summary>
    public static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static IReadOnlyList<ZoomPart> PartsOf(IReadingStore store, StoredChannel stored, TimeZoneInfo zone, ZoomAsk ask, IReadOnlyList<ZoomPart> days) => ask.Step switch
    {
        ZoomStep.QuarterHour => Quarters(store, stored, zone, ask.Range),
        ZoomStep.Day => days,
        _ => [.. days.GroupBy(day => Monday(day.First)).Select(week => Week([.. week], stored.Channel.Kind == ChannelKind.Counter))],
    };

    private static ZoomPart Week(ZoomPart[] days, bool isUse)
    {
        double[] known = [.. days.Where(day => day.Known > 0).Select(day => day.Value)];
        double sum = SumOf(known);
        bool isModelled = Array.TrueForAll(days, day => day.Known == 0 || double.IsFinite(day.Baseline));
        return new(days[0].StartUtcMilliseconds, days[0].First, days[^1].Last, isUse ? sum : sum / known.Length, known.Length, days.Length)
        {
            Baseline = isModelled ? SumOf(days.Where(day => day.Known > 0).Select(day => day.Baseline)) : double.NaN,
        };
    }

    private static ZoomPart[] DaysOf(IReadingStore store, StoredChannel stored, TimeZoneInfo zone, DayRange range)
    {
        ZoomPart[] days = new ZoomPart[range.Count];
        for (int index = 0; index < days.Length; index++)
        {
            DateOnly day = range.First.AddDays(index);
            days[index] = new(PlantCalendar.StartOfDay(day, zone), day, day, double.NaN, 0, 1);
        }

        IntervalReadings read = Read(store, stored, zone, range, RollupStep.Day);
        for (int index = 0; index < read.Count; index++)
        {
            int place = PlantCalendar.DayOf(read.BordersUtcMilliseconds[index], zone).DayNumber - range.First.DayNumber;
            if (place >= 0 && place < days.Length && double.IsFinite(read.Value[index]))
            {
                days[place] = days[place] with { Value = read.Value[index], Known = 1 };
            }
        }

        return days;
    }

    private static ZoomPart[] Quarters(IReadingStore store, StoredChannel stored, TimeZoneInfo zone, DayRange range)
    {
        long from = PlantCalendar.StartOfDay(range.First, zone);
        ZoomPart[] parts = new ZoomPart[(PlantCalendar.StartOfDay(range.Last.AddDays(1), zone) - from) / IntervalStep.QuarterHour.Milliseconds];
        for (int index = 0; index < parts.Length; index++)
        {
            long start = from + (index * IntervalStep.QuarterHour.Milliseconds);
            DateOnly day = PlantCalendar.DayOf(start, zone);
            parts[index] = new(start, day, day, double.NaN, 0, 1);
        }

        IntervalReadings read = Read(store, stored, zone, range, RollupStep.QuarterHour);
        for (int index = 0; index < read.Count; index++)
        {
            // What was laid out evenly over a gap is a total, not a quarter of an hour that anybody measured.
            long place = (read.BordersUtcMilliseconds[index] - from) / IntervalStep.QuarterHour.Milliseconds;
            if (place >= 0 && place < parts.Length && double.IsFinite(read.Value[index]) && read.Code[index] != IntervalCode.Allocated)
            {
                parts[place] = parts[place] with { Value = read.Value[index], Known = 1 };
            }
        }

        return parts;
    }

    private static IntervalReadings Read(IReadingStore store, StoredChannel stored, TimeZoneInfo zone, DayRange range, RollupStep step) => store.ReadIntervals(new()
    {
        Gateway = stored.Gateway,
        Channel = stored.Channel.Id,
        FromUtcMilliseconds = PlantCalendar.StartOfDay(range.First, zone),
        ToUtcMilliseconds = PlantCalendar.StartOfDay(range.Last.AddDays(1), zone),
        Step = step,
        Zone = zone,
    });

    private static Dictionary<long, long> Readings(IReadingStore store, StoredChannel stored, TimeZoneInfo zone, DateOnly day)
    {
        long from = PlantCalendar.StartOfDay(day, zone);
        ReadingColumns columns = store.Read(stored.Gateway, stored.Channel.Id, from, PlantCalendar.StartOfDay(day.AddDays(1), zone));
        Dictionary<long, long> first = [];
        foreach (long instant in columns.UtcMilliseconds)
        {
            _ = first.TryAdd(instant - ((instant - from) % IntervalStep.QuarterHour.Milliseconds), instant);
        }

        return first;
    }

    private static double SumOf(IEnumerable<double> values)
    {
        double sum = 0;
        bool isKnown = false;
        foreach (double value in values)
        {
            sum += double.IsFinite(value) ? value : 0;
            isKnown |= double.IsFinite(value);
        }

        return isKnown ? sum : double.NaN;
    }
}
