using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store.Rollups;

/// <summary>Where the rollups of one channel come from, as of one moment. What a kind of store has to give.</summary>
/// <param name="ChannelId">The channel's row.</param>
/// <param name="Channel">What the channel is.</param>
/// <param name="Days">Days with readings.</param>
/// <param name="Load">Gives the readings from a first to a last day, unsealed ones included.</param>
/// <param name="Stored">Gives the stored rollups from a first to a last month, ascending by month.</param>
internal sealed record RollupInput(
    long ChannelId,
    Channel Channel,
    DaySet Days,
    Func<long, long, Columns> Load,
    Func<RollupKind, int, int, List<RollupRow>> Stored)
{
    /// <summary>The input of a channel whose chunks and unsealed readings are known.</summary>
    /// <param name="row">The channel.</param>
    /// <param name="chunks">Days of its chunks, ascending, with their versions.</param>
    /// <param name="heads">Its unsealed readings by day, ascending.</param>
    /// <param name="read">Reads a range, with the unsealed readings of its days.</param>
    /// <param name="stored">See <see cref="Stored"/>.</param>
    public static RollupInput Of(
        ChannelRow row,
        (List<long> Days, List<long> Versions) chunks,
        List<(long Day, Columns Readings)> heads,
        Func<(long From, long To), List<(long Day, Columns Readings)>, Columns> read,
        Func<RollupKind, int, int, List<RollupRow>> stored) => new(
            row.Id,
            row.Channel,
            DaySet.Of(chunks.Days, chunks.Versions, heads.Select(head => head.Day)),
            (first, last) => read(
                (first * ChunkCodec.MillisecondsPerDay, (last + 1) * ChunkCodec.MillisecondsPerDay),
                heads.FindAll(head => head.Day >= first && head.Day <= last)),
            stored);
}

/// <summary>Step and zone of rollups; with no zone, the row that holds the channel's pace.</summary>
/// <param name="Step">Length of the intervals; <see cref="RollupPace.StoredAs"/> for the pace.</param>
/// <param name="Zone">Name of the zone.</param>
internal readonly record struct RollupKind(int Step, string Zone);

/// <summary>One stored rollup.</summary>
/// <param name="Month">See <see cref="RollupMonth"/>.</param>
/// <param name="Source">What it was made of, see <see cref="RollupSource"/>.</param>
/// <param name="Data">See <see cref="RollupCodec"/>.</param>
internal sealed record RollupRow(int Month, byte[] Source, byte[] Data);

/// <summary>Usable readings of a channel: good, with a value in the range that the interval kernel counts with, ascending in time.</summary>
/// <param name="UtcMilliseconds">Instants.</param>
/// <param name="Scaled">Integers x 10^-decimals.</param>
/// <param name="Breaks">Where a counter began anew (reason "reset"), ascending: no difference is taken across.</param>
internal readonly record struct UsableReadings(long[] UtcMilliseconds, long[] Scaled, MeterReplacement[] Breaks)
{
    public int Count => UtcMilliseconds.Length;

    public static UsableReadings Of(Columns readings, Channel channel)
    {
        bool isCounter = channel.Kind == ChannelKind.Counter;
        long lowest = isCounter ? 0 : long.MinValue;
        long highest = isCounter ? new CounterLimits(channel.Modulus).Ceiling : long.MaxValue;
        int count = 0;
        for (int index = 0; index < readings.Count; index++)
        {
            count += IsUsable(readings, index, lowest, highest) ? 1 : 0;
        }

        if (count == readings.Count)
        {
            return WithBreaks(readings.UtcMilliseconds, readings.ScaledValues, readings, isCounter);
        }

        long[] instants = new long[count];
        long[] values = new long[count];
        count = 0;
        for (int index = 0; index < readings.Count; index++)
        {
            if (IsUsable(readings, index, lowest, highest))
            {
                instants[count] = readings.UtcMilliseconds[index];
                values[count++] = readings.ScaledValues[index];
            }
        }

        return WithBreaks(instants, values, readings, isCounter);
    }

    /// <summary>The readings at an instant or later.</summary>
    public UsableReadings From(long utcMilliseconds)
    {
        int first = FirstFrom(utcMilliseconds);
        return first == 0 ? this : new(UtcMilliseconds[first..], Scaled[first..], Array.FindAll(Breaks, one => one.UtcMilliseconds >= utcMilliseconds));
    }

    /// <summary>The first so many readings.</summary>
    public UsableReadings First(int count)
    {
        if (count == Count)
        {
            return this;
        }

        long end = UtcMilliseconds[count];
        return new(UtcMilliseconds[..count], Scaled[..count], Array.FindAll(Breaks, one => one.UtcMilliseconds < end));
    }

    private static UsableReadings WithBreaks(long[] instants, long[] values, Columns readings, bool isCounter)
    {
        if (!isCounter)
        {
            return new(instants, values, []);
        }

        List<MeterReplacement> breaks = RegisterBreaks.Find(readings.UtcMilliseconds, readings.Qualities, readings.HasValues, out int end);
        UsableReadings usable = new(instants, values, [.. breaks]);
        return end == readings.Count ? usable : usable.First(usable.FirstFrom(readings.UtcMilliseconds[end]));
    }

    private static bool IsUsable(Columns readings, int index, long lowest, long highest) =>
        readings.HasValues[index] && readings.Qualities[index].IsGood
        && readings.ScaledValues[index] >= lowest && readings.ScaledValues[index] <= highest
        && readings.UtcMilliseconds[index] <= IntervalBuilder.LatestUtcMilliseconds;

    /// <summary>Index of the first reading at an instant or later.</summary>
    public int FirstFrom(long utcMilliseconds)
    {
        int index = Array.BinarySearch(UtcMilliseconds, utcMilliseconds);
        return index < 0 ? ~index : index;
    }
}
