using System.Globalization;
using System.Text.Json;
using Metering.Store.Chunks;

namespace Metering.Store.Influx;

/// <summary>One channel and UTC day on which the copy is not the store.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Channel">Channel identifier.</param>
/// <param name="DayUtcMilliseconds">Beginning of the day.</param>
/// <param name="Text">What differs, with both figures.</param>
public sealed record InfluxDifference(string Gateway, string Channel, long DayUtcMilliseconds, string Text);

/// <summary>
/// The comparison of the copy with the store, by channel and UTC day: number of values and number of readings that are
/// not good must be equal; sums may differ by <see cref="RelativeTolerance"/> x the sum of the absolute values, as
/// InfluxDB adds in floating point.
/// </summary>
public sealed record InfluxVerification
{
    /// <summary>The tolerance of sums. A wrong last digit of one reading of a day is larger in all but second-by-second channels.</summary>
    public const double RelativeTolerance = 1e-14;

    /// <summary>Differences listed at most.</summary>
    public const int MaximumDifferences = 1_000;

    /// <summary>Channels compared.</summary>
    public required int Channels { get; init; }

    /// <summary>Channel days compared.</summary>
    public required int Days { get; init; }

    /// <summary>Readings with a value in the store.</summary>
    public required long Values { get; init; }

    /// <summary>Batches that the mirror has not taken across yet: what they hold is a difference, too.</summary>
    public required long Behind { get; init; }

    /// <summary>Lines that InfluxDB refused.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Where the two differ, up to <see cref="MaximumDifferences"/>.</summary>
    public required IReadOnlyList<InfluxDifference> Differences { get; init; }

    /// <summary>Whether the copy equals the store.</summary>
    public bool Matches => Differences.Count == 0;

    internal static async Task<InfluxVerification> RunAsync(IReadingStore store, Func<string, Task<string>> ask, long behind, long deadLetters)
    {
        List<InfluxDifference> differences = [];
        IReadOnlyList<StoredChannel> channels = store.Channels();
        int days = 0;
        long values = 0;
        foreach (StoredChannel channel in channels)
        {
            SortedDictionary<long, DayFigures> mine = Figures(store.Read(channel.Gateway, channel.Channel.Id, long.MinValue, long.MaxValue));
            SortedDictionary<long, (double[] Figures, long NotGood)> theirs = await AskAsync(channel, ask);
            days += mine.Count;
            values += mine.Values.Sum(figures => figures.Count);
            foreach (long day in mine.Keys.Union(theirs.Keys).Order())
            {
                string? text = mine.GetValueOrDefault(day, new()).Compare(theirs.GetValueOrDefault(day, ([0, 0], 0)));
                if (text is not null && differences.Count < MaximumDifferences)
                {
                    differences.Add(new(channel.Gateway, channel.Channel.Id, day, text));
                }
            }
        }

        return new() { Channels = channels.Count, Days = days, Values = values, Behind = behind, DeadLetters = deadLetters, Differences = differences };
    }

    private static async Task<SortedDictionary<long, (double[] Figures, long NotGood)>> AskAsync(StoredChannel channel, Func<string, Task<string>> ask)
    {
        SortedDictionary<long, (double[] Figures, long NotGood)> days = [];
        string where = string.Create(
            CultureInfo.InvariantCulture,
            $"FROM reading WHERE gateway='{channel.Gateway}' AND channel='{channel.Channel.Id}' AND time >= {channel.FirstUtcMilliseconds}ms AND time <= {channel.LastUtcMilliseconds}ms");
        using JsonDocument values = JsonDocument.Parse(await ask($"SELECT count(value), sum(value) {where} GROUP BY time(1d) fill(none)"));
        foreach (JsonElement row in InfluxClient.Rows(values))
        {
            days[row[0].GetInt64()] = ([row[1].GetDouble(), row[2].GetDouble()], 0);
        }

        using JsonDocument qualities = JsonDocument.Parse(await ask($"SELECT count(quality) {where} AND quality > 0 GROUP BY time(1d) fill(none)"));
        foreach (JsonElement row in InfluxClient.Rows(qualities))
        {
            double[] figures = days.TryGetValue(row[0].GetInt64(), out (double[] Figures, long NotGood) day) ? day.Figures : [0, 0];
            days[row[0].GetInt64()] = (figures, row[1].GetInt64());
        }

        return days;
    }

    private static SortedDictionary<long, DayFigures> Figures(ReadingColumns readings)
    {
        SortedDictionary<long, DayFigures> days = [];
        DayFigures? figures = null;
        long end = long.MinValue;
        for (int index = 0; index < readings.Count; index++)
        {
            if (readings.UtcMilliseconds[index] >= end)
            {
                long day = readings.UtcMilliseconds[index] / ChunkCodec.MillisecondsPerDay * ChunkCodec.MillisecondsPerDay;
                end = day + ChunkCodec.MillisecondsPerDay;
                figures = new();
                days.Add(day, figures);
            }

            figures!.Add(readings, index);
        }

        return days;
    }

    private sealed class DayFigures
    {
        private double _sum;
        private double _absoluteSum;
        private long _notGood;

        public long Count { get; private set; }

        public void Add(ReadingColumns readings, int index)
        {
            _notGood += readings.Qualities[index].Code == 0 ? 0 : 1;
            if (readings.HasValues[index])
            {
                double value = readings.Channel.ToDouble(readings.ScaledValues[index]);
                _sum += value;
                _absoluteSum += Math.Abs(value);
                Count++;
            }
        }

        public string? Compare((double[] Figures, long NotGood) theirs)
        {
            List<string> texts = [];
            if (theirs.Figures[0] != Count)
            {
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"{Count} values in the store, {theirs.Figures[0]} in InfluxDB"));
            }
            else if (!(Math.Abs(theirs.Figures[1] - _sum) <= _absoluteSum * RelativeTolerance))
            {
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"sum {_sum:R} in the store, {theirs.Figures[1]:R} in InfluxDB"));
            }

            if (theirs.NotGood != _notGood)
            {
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"{_notGood} readings not good in the store, {theirs.NotGood} in InfluxDB"));
            }

            return texts.Count == 0 ? null : string.Join("; ", texts);
        }
    }
}
