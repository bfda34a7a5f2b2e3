namespace Metering.Store.Influx;

/// <summary>One 15-minute interval of a channel as it is copied to InfluxDB; NaN where there is no value.</summary>
/// <param name="StartUtcMilliseconds">Its start, which names it: [start, start + 15 min).</param>
/// <param name="Consumption">Of a counter: what it counted, in the channel's unit.</param>
/// <param name="Mean">Of a gauge: the mean, in the channel's unit.</param>
/// <param name="Minimum">The lowest value.</param>
/// <param name="Maximum">The highest value.</param>
/// <param name="Completeness">Part of the interval that is covered by readings, 0 to 1.</param>
/// <param name="Flag">0 when nothing is to be said about the interval, else the code of the source.</param>
public sealed record MirroredInterval(long StartUtcMilliseconds, double Consumption, double Mean, double Minimum, double Maximum, double Completeness, int Flag);

/// <summary>Gives the 15-minute intervals of a channel that start in [from, to), ascending; intervals of which nothing is known may be left out.</summary>
/// <param name="channel">The channel.</param>
/// <param name="fromUtcMilliseconds">First start wanted, a multiple of 15 minutes.</param>
/// <param name="toUtcMilliseconds">First start not wanted, a multiple of 15 minutes.</param>
public delegate IReadOnlyList<MirroredInterval> IntervalSource(StoredChannel channel, long fromUtcMilliseconds, long toUtcMilliseconds);
