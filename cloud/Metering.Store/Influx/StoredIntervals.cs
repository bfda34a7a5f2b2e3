using Metering.Analytics.Intervals;
using Metering.Readings;

namespace Metering.Store.Influx;

/// <summary>The store's own 15-minute intervals, as they are copied to InfluxDB. The flag is the number of <see cref="IntervalCode"/>: 0 measured.</summary>
public static class StoredIntervals
{
    /// <summary>A source of the intervals of a store. The grid is that of UTC, which is that of every zone with whole quarter hours.</summary>
    public static IntervalSource Of(IReadingStore store) => (channel, from, to) => Read(store, channel, from, to);

    private static List<MirroredInterval> Read(IReadingStore store, StoredChannel channel, long from, long to)
    {
        IntervalReadings readings = store.ReadIntervals(new()
        {
            Gateway = channel.Gateway,
            Channel = channel.Channel.Id,
            FromUtcMilliseconds = from,
            ToUtcMilliseconds = to,
            Step = RollupStep.QuarterHour,
            Zone = TimeZoneInfo.Utc,
        });
        bool isCounter = readings.Channel.Kind == ChannelKind.Counter;
        List<MirroredInterval> intervals = new(readings.Count);
        for (int index = 0; index < readings.Count; index++)
        {
            bool hasReadings = !isCounter && readings.ReadingCount[index] > 0;
            double value = readings.Code[index] == IntervalCode.Missing ? double.NaN : readings.Value[index];
            intervals.Add(new(
                readings.BordersUtcMilliseconds[index],
                isCounter ? value : double.NaN,
                isCounter ? double.NaN : value,
                hasReadings ? readings.Channel.ToDouble(readings.MinimumScaled[index]) : double.NaN,
                hasReadings ? readings.Channel.ToDouble(readings.MaximumScaled[index]) : double.NaN,
                readings.Completeness(index),
                (int)readings.Code[index]));
        }

        return intervals;
    }
}
