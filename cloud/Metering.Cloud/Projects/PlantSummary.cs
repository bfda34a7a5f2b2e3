using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;

namespace Metering.Cloud.Projects;

/// <summary>A channel of a plant as its page shows it.</summary>
/// <param name="Stored">The channel.</param>
/// <param name="Latest">Its newest reading, one that is not in the chain yet included.</param>
/// <param name="IsEarly">Whether that reading is signed and durable but not yet in the chain: earlier ones are still on the way.</param>
/// <param name="FirstDay">First of the days shown.</param>
/// <param name="Daily">Use of each day (counter) or mean (gauge); NaN where it is not known.</param>
internal sealed record ChannelSummary(StoredChannel Stored, Reading? Latest, bool IsEarly, DateOnly FirstDay, IReadOnlyList<double> Daily)
{
    /// <summary>Days shown.</summary>
    public const int Days = 30;

    /// <summary>Instant of the newest reading, UTC milliseconds.</summary>
    public long LastUtcMilliseconds => IsEarly ? Latest!.Value.UtcMilliseconds : Stored.LastUtcMilliseconds;

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
        Dictionary<(string, string), EarlyReading> early = channels.Select(channel => channel.Gateway).Distinct(StringComparer.Ordinal)
            .SelectMany(store.NewestEarly).ToDictionary(reading => (reading.Gateway, reading.Channel.Id));
        return [.. channels.Select(channel =>
        {
            Reading? news = early.TryGetValue((channel.Gateway, channel.Channel.Id), out EarlyReading? waiting) && IsNewer(waiting, channel) ? waiting.Reading : null;
            return new ChannelSummary(
                channel,
                news ?? store.Latest(channel.Gateway, channel.Channel.Id),
                news is not null,
                first,
                DailyOf(store, channel, first, plant.Zone));
        })];
    }

    // One of another unit or number of decimals could not be shown beside the others, and is refused when its turn comes.
    private static bool IsNewer(EarlyReading early, StoredChannel stored) =>
        early.Reading.UtcMilliseconds > stored.LastUtcMilliseconds
        && (early.Channel.Unit, early.Channel.Kind, early.Channel.DecimalsText) == (stored.Channel.Unit, stored.Channel.Kind, stored.Channel.DecimalsText);

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
        bool[] usable = Register.Usable(columns, out IReadOnlyList<MeterReplacement> breaks);
        double[] values = new double[columns.Count];
        for (int index = 0; index < usable.Length; index++)
        {
            values[index] = usable[index] ? columns.Channel.ToDouble(columns.ScaledValues[index]) : double.NaN;
        }

        if (columns.Channel.Kind == ChannelKind.Counter)
        {
            IntervalSeries series = IntervalBuilder.FromCounter(
                columns.UtcMilliseconds, columns.ScaledValues, usable, Register.Options(columns.Channel, step, zone, breaks));
            return (series.StartUtcMilliseconds, series.Value);
        }

        MeanSeries means = IntervalBuilder.FromInstantaneous(columns.UtcMilliseconds, values, usable, new() { Step = step, Zone = zone });
        return (means.StartUtcMilliseconds, means.Mean);
    }
}
