using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store.Rollups;

namespace Metering.Store;

/// <summary>Lengths of the intervals that a store keeps ready. The numbers are stored: only ever added to.</summary>
public enum RollupStep
{
    /// <summary>15 minutes, on a grid through local midnight of standard time.</summary>
    QuarterHour = 0,

    /// <summary>One hour, on the same grid.</summary>
    Hour = 1,

    /// <summary>One local day of the plant.</summary>
    Day = 2,
}

/// <summary>Which intervals of a channel are wanted.</summary>
public sealed record IntervalRequest
{
    /// <summary>Gateway identifier.</summary>
    public required string Gateway { get; init; }

    /// <summary>Channel identifier.</summary>
    public required string Channel { get; init; }

    /// <summary>Intervals that start at this instant (UTC ms) or later; <see cref="long.MinValue"/> for all.</summary>
    public long FromUtcMilliseconds { get; init; } = long.MinValue;

    /// <summary>Intervals that start before this instant (UTC ms); <see cref="long.MaxValue"/> for all.</summary>
    public long ToUtcMilliseconds { get; init; } = long.MaxValue;

    /// <summary>Length of the intervals.</summary>
    public required RollupStep Step { get; init; }

    /// <summary>The plant's zone; its day borders are those of the machine's time zone database.</summary>
    public required TimeZoneInfo Zone { get; init; }
}

/// <summary>A range of time whose readings were dropped on purpose: an empty stretch in it does not mean that nothing was measured.</summary>
/// <param name="FromUtcMilliseconds">First instant of the range.</param>
/// <param name="ToUtcMilliseconds">First instant after it.</param>
public readonly record struct PrunedRange(long FromUtcMilliseconds, long ToUtcMilliseconds);

/// <summary>
/// Intervals of one channel in columns, ascending without holes, from the first interval of the range that touches a usable
/// reading of the channel to the last. Usable is a reading of good quality with a value. The same interval has the same
/// bits whatever range it was asked in: they are those of one pass of the interval kernel over the whole history with the
/// channel's pace (see the README of the store).
/// </summary>
public sealed class IntervalReadings
{
    private readonly RollupColumns _columns;
    private readonly int _start;

    internal IntervalReadings(Channel channel, IntervalRequest request, RollupColumns columns)
    {
        Channel = channel;
        Step = request.Step;
        _columns = columns;
        _start = columns.FirstFrom(request.FromUtcMilliseconds);
        Count = Math.Max(0, columns.FirstFrom(request.ToUtcMilliseconds) - _start);
    }

    /// <summary>What the integers mean.</summary>
    public Channel Channel { get; }

    /// <summary>Length of the intervals.</summary>
    public RollupStep Step { get; }

    /// <summary>Number of intervals.</summary>
    public int Count { get; }

    /// <summary>Borders, UTC ms: one more than there are intervals, or none.</summary>
    public ReadOnlySpan<long> BordersUtcMilliseconds => Count == 0 ? [] : _columns.Borders.AsSpan(_start, Count + 1);

    /// <summary>
    /// Counter: use in the channel's unit. Gauge: mean over time. NaN where the code is <see cref="IntervalCode.Missing"/>.
    /// </summary>
    public ReadOnlySpan<double> Value => _columns.Value.AsSpan(_start, Count);

    /// <summary>Counter: measured, allocated over a gap, or missing. Gauge: measured when at least half of the interval is known, else missing.</summary>
    public ReadOnlySpan<IntervalCode> Code => _columns.Code.AsSpan(_start, Count);

    /// <summary>Known time per interval in milliseconds; divided by the interval's length it is the completeness.</summary>
    public ReadOnlySpan<long> KnownMilliseconds => _columns.KnownMilliseconds.AsSpan(_start, Count);

    /// <summary>Counter: known use, exact, as integers x 10^-decimals; of a missing interval the part that is known. Empty for a gauge.</summary>
    public ReadOnlySpan<long> KnownScaled => Channel.Kind == ChannelKind.Counter ? _columns.Known.AsSpan(_start, Count) : [];

    /// <summary>Gauge: usable readings per interval. Empty for a counter.</summary>
    public ReadOnlySpan<int> ReadingCount => Channel.Kind == ChannelKind.Gauge ? _columns.Readings.AsSpan(_start, Count) : [];

    /// <summary>Gauge: lowest usable reading as integer x 10^-decimals, without meaning where there is none. Empty for a counter.</summary>
    public ReadOnlySpan<long> MinimumScaled => Channel.Kind == ChannelKind.Gauge ? _columns.Minimum.AsSpan(_start, Count) : [];

    /// <summary>Gauge: highest usable reading as integer x 10^-decimals, without meaning where there is none. Empty for a counter.</summary>
    public ReadOnlySpan<long> MaximumScaled => Channel.Kind == ChannelKind.Gauge ? _columns.Maximum.AsSpan(_start, Count) : [];

    /// <summary>Ranges in which readings of the channel were dropped on purpose.</summary>
    public IReadOnlyList<PrunedRange> Pruned { get; init; } = [];

    /// <summary>Months that were taken from stored rollups.</summary>
    public int StoredMonths { get; init; }

    /// <summary>Months that were computed from readings: not yet closed, stale, or never asked for before.</summary>
    public int ComputedMonths { get; init; }

    /// <summary>Share of an interval that is known, 0 to 1.</summary>
    /// <param name="index">Index of the interval.</param>
    public double Completeness(int index) =>
        KnownMilliseconds[index] / (double)(_columns.Borders[_start + index + 1] - _columns.Borders[_start + index]);
}
