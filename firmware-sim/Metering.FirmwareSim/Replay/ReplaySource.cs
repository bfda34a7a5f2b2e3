using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Registers;
using Metering.Readings;

namespace Metering.FirmwareSim.Replay;

/// <summary>A CSV file as registers. Where the file has no row or no value, the device answers exception 0x0B: nothing is made up.</summary>
internal sealed class ReplaySource : IFieldSource
{
    private readonly ReplaySeries[] _series;

    /// <summary>Takes over what <see cref="ReplayLoader"/> read.</summary>
    internal ReplaySource(ReplayMap map, ReplaySeries[] series)
    {
        Map = map;
        _series = series;
        Meters = MetersOf(map);
        FirstUtcMilliseconds = series.Min(column => column.FirstUtcMilliseconds);
        EndUtcMilliseconds = series.Max(column => column.EndUtcMilliseconds);
    }

    /// <summary>How the file is replayed.</summary>
    internal ReplayMap Map { get; }

    /// <summary>The columns by meter, in the order of the channels.</summary>
    internal IReadOnlyList<ReplaySeries> Series => _series;

    /// <inheritdoc/>
    public string Id => Map.Gateway;

    /// <inheritdoc/>
    public IReadOnlyList<MeterMap> Meters { get; }

    /// <inheritdoc/>
    public long FirstUtcMilliseconds { get; }

    /// <inheritdoc/>
    public long EndUtcMilliseconds { get; }

    /// <inheritdoc/>
    public void Fill(long utcMilliseconds, Span<long> values, Span<ChannelState> states)
    {
        for (int index = 0; index < _series.Length; index++)
        {
            states[index] = _series[index].TryGet(utcMilliseconds, out values[index]) ? ChannelState.Present : ChannelState.Absent;
        }
    }

    private static List<MeterMap> MetersOf(ReplayMap map)
    {
        List<MeterMap> meters = [];
        foreach (IGrouping<string, ReplayColumn> meter in map.Columns.GroupBy(column => column.Meter, StringComparer.Ordinal))
        {
            List<ChannelMap> channels = [];
            foreach (ReplayColumn column in meter)
            {
                channels.Add(new ChannelMap
                {
                    Quantity = column.Quantity,
                    Unit = column.Unit,
                    Decimals = column.Decimals,
                    Kind = column.Use == ColumnUse.Value ? ChannelKind.Gauge : ChannelKind.Counter,
                    Address = channels.Count > 0 ? channels[^1].EndAddress : 0,
                    Format = column.Width,
                });
            }

            meters.Add(new MeterMap { Id = meter.Key, Unit = (byte)(meters.Count + 1), Profile = $"replayed-{meter.Key}", Channels = channels });
        }

        return meters;
    }
}

/// <summary>One column as a register over time.</summary>
/// <param name="column">What it is.</param>
/// <param name="timeline">When each row is shown.</param>
/// <param name="values">Scaled integers by row; for a counter the running sum.</param>
/// <param name="isPresent">Whether the row has a value.</param>
/// <param name="startUtcMilliseconds">For a counter, the beginning of its first interval, from when on it shows 0; otherwise the first row's moment.</param>
internal sealed class ReplaySeries(ReplayColumn column, Timeline timeline, long[] values, bool[] isPresent, long startUtcMilliseconds)
{
    private readonly long? _modulus = column.Use == ColumnUse.Value ? null : RegisterCodec.Modulus(column.Width);

    /// <summary>What the column is.</summary>
    internal ReplayColumn Column => column;

    /// <summary>First instant it may have a value.</summary>
    internal long FirstUtcMilliseconds => startUtcMilliseconds;

    /// <summary>First instant behind its last row.</summary>
    internal long EndUtcMilliseconds => timeline.End;

    /// <summary>For a counter, the sum of the whole column in scaled integers; null otherwise.</summary>
    internal long? Total => column.Use == ColumnUse.Counter ? values[^1] : null;

    /// <summary>What the register shows; false when the file says nothing about this instant.</summary>
    internal bool TryGet(long utcMilliseconds, out long value)
    {
        int row = timeline.RowAt(utcMilliseconds);
        if (row < 0)
        {
            value = 0;
            return column.Use == ColumnUse.Counter && utcMilliseconds >= startUtcMilliseconds && utcMilliseconds < timeline.First;
        }

        value = _modulus is { } modulus ? values[row] % modulus : values[row];
        return isPresent[row];
    }
}
