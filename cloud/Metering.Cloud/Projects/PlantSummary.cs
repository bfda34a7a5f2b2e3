using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Projects;

/// <summary>A channel of a plant as its page shows it.</summary>
/// <param name="Stored">The channel.</param>
/// <param name="Latest">Its newest reading.</param>
/// <param name="FirstDay">First of the days shown.</param>
/// <param name="Daily">Use of each day (counter) or mean (gauge); NaN where it is not known.</param>
internal sealed record ChannelSummary(StoredChannel Stored, Reading? Latest, DateOnly FirstDay, IReadOnlyList<double> Daily)
{
    /// <summary>Days shown.</summary>
    public const int Days = 30;

    /// <summary>The channels of a plant with their last thirty days, which end with the day of the newest reading of all.</summary>
    public static IReadOnlyList<ChannelSummary> Of(IReadingStore store, Plant plant)
    {
        List<StoredChannel> channels = [.. store.Channels().Where(channel => channel.Plant == plant.Id)];
        if (channels.Count == 0)
        {
            return [];
        }

        DateOnly last = PlantCalendar.DayOf(channels.Max(channel => channel.LastUtcMilliseconds), plant.Zone);
        DateOnly first = last.AddDays(1 - Days);
        return [.. channels.Select(channel => new ChannelSummary(
            channel,
            store.Latest(channel.Gateway, channel.Channel.Id),
            first,
            DailyOf(store, channel, first, plant.Zone)))];
    }

    private static double[] DailyOf(IReadingStore store, StoredChannel channel, DateOnly first, TimeZoneInfo zone)
    {
        long from = PlantCalendar.StartOfDay(first, zone);
        long to = PlantCalendar.StartOfDay(first.AddDays(Days), zone) + 1;
        ReadingColumns columns = store.Read(channel.Gateway, channel.Channel.Id, from, to);
        (IReadOnlyList<long> starts, IReadOnlyList<double> values) = ChannelSeries.Of(columns, IntervalStep.Day, zone);
        double[] daily = new double[Days];
        Array.Fill(daily, double.NaN);
        for (int index = 0; index < starts.Count; index++)
        {
            int day = PlantCalendar.DayOf(starts[index], zone).DayNumber - first.DayNumber;
            if (day is >= 0 and < Days)
            {
                daily[day] = values[index];
            }
        }

        return daily;
    }
}

/// <summary>Stored readings as intervals: use of a counter, means of a gauge.</summary>
internal static class ChannelSeries
{
    /// <summary>Starts and values of the intervals; NaN where the value is not known.</summary>
    public static (IReadOnlyList<long> StartUtcMilliseconds, IReadOnlyList<double> Values) Of(ReadingColumns columns, IntervalStep step, TimeZoneInfo zone)
    {
        bool[] usable = new bool[columns.Count];
        double[] values = new double[columns.Count];
        for (int index = 0; index < usable.Length; index++)
        {
            usable[index] = columns.HasValues[index] && columns.Qualities[index].IsGood;
            values[index] = usable[index] ? columns.Channel.ToDouble(columns.ScaledValues[index]) : double.NaN;
        }

        if (columns.Channel.Kind == ChannelKind.Counter)
        {
            IntervalSeries series = IntervalBuilder.FromCounter(
                columns.UtcMilliseconds, columns.ScaledValues, usable, Register.Options(columns.Channel, step, zone));
            return (series.StartUtcMilliseconds, series.Value);
        }

        MeanSeries means = IntervalBuilder.FromInstantaneous(columns.UtcMilliseconds, values, usable, new() { Step = step, Zone = zone });
        return (means.StartUtcMilliseconds, means.Mean);
    }
}
