using Metering.Analytics.Intervals;
using Metering.Cloud.Plants;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Projects;

/// <summary>A channel of a plant as its page shows it.</summary>
/// <param name="Live">The channel with its newest reading.</param>
/// <param name="FirstDay">First of the days shown.</param>
/// <param name="Daily">Use of each day (counter) or mean (gauge); NaN where it is not known.</param>
internal sealed record ChannelSummary(LiveChannel Live, DateOnly FirstDay, IReadOnlyList<double> Daily)
{
    /// <summary>Days shown.</summary>
    public const int Days = 30;

    /// <summary>The channel.</summary>
    public StoredChannel Stored => Live.Stored;

    /// <summary>Its newest reading, one that is not in the chain yet included.</summary>
    public Reading? Latest => Live.Latest;

    /// <summary>Whether that reading is signed and durable but not yet in the chain.</summary>
    public bool IsEarly => Live.IsEarly;

    /// <summary>Instant of the newest reading, UTC milliseconds.</summary>
    public long LastUtcMilliseconds => Live.LastUtcMilliseconds;

    /// <summary>The channels of a plant with their last thirty days, which end with the day of the newest reading of all.</summary>
    public static IReadOnlyList<ChannelSummary> Of(IReadingStore store, Plant plant)
    {
        IReadOnlyList<LiveChannel> channels = LiveChannel.Of(store, plant.Id);
        if (channels.Count == 0)
        {
            return [];
        }

        DateOnly last = PlantCalendar.DayOf(channels.Max(channel => channel.Stored.LastUtcMilliseconds), plant.Zone);
        DateOnly first = last.AddDays(1 - Days);
        return [.. channels.Select(channel => new ChannelSummary(channel, first, channel.Stored.Count == 0 ? Unknown() : DailyUse.Of(store, channel.Stored, plant.Zone, first, Days).Values))];
    }

    private static double[] Unknown()
    {
        double[] days = new double[Days];
        Array.Fill(days, double.NaN);
        return days;
    }
}

/// <summary>Stored readings as intervals: use of a counter, means of a gauge.</summary>
internal static class ChannelSeries
{
    /// <summary>Starts and values of the intervals; NaN where the value is not known.</summary>
    public static (IReadOnlyList<long> StartUtcMilliseconds, IReadOnlyList<double> Values) Of(ReadingColumns columns, IntervalStep step, TimeZoneInfo zone)
    {
        bool[] usable = RegisterIntervals.Usable(columns.Channel, columns.UtcMilliseconds, columns.Qualities, columns.HasValues, out IReadOnlyList<MeterReplacement> breaks);
        double[] values = new double[columns.Count];
        for (int index = 0; index < usable.Length; index++)
        {
            values[index] = usable[index] ? columns.Channel.ToDouble(columns.ScaledValues[index]) : double.NaN;
        }

        if (columns.Channel.Kind == ChannelKind.Counter)
        {
            IntervalSeries series = IntervalBuilder.FromCounter(
                columns.UtcMilliseconds, columns.ScaledValues, usable, RegisterIntervals.Options(columns.Channel, step, zone, breaks));
            return (series.StartUtcMilliseconds, series.Value);
        }

        MeanSeries means = IntervalBuilder.FromInstantaneous(columns.UtcMilliseconds, values, usable, new() { Step = step, Zone = zone });
        return (means.StartUtcMilliseconds, means.Mean);
    }
}
