using System.Globalization;

namespace Metering.Store.Influx;

/// <summary>
/// Compares the copy with the store. One pair of statements covers all channels and as many days as give
/// <see cref="RowsInStatement"/> rows: grouped by channel a statement costs the server little more than for one channel.
/// </summary>
internal sealed class InfluxComparison(IReadingStore store, InfluxClient client)
{
    /// <summary>Rows that a statement may answer with, about.</summary>
    public const int RowsInStatement = 50_000;

    private readonly List<InfluxDifference> _differences = [];

    /// <summary>Compares every channel and UTC day.</summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public async Task<InfluxVerification> RunAsync(long behind, long deadLetters, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredChannel> channels = store.Channels();
        int days = 0;
        long values = 0;
        long from = channels.Count == 0 ? 0 : channels.Min(channel => channel.FirstUtcMilliseconds) / InfluxWindows.Day * InfluxWindows.Day;
        long to = channels.Count == 0 ? 0 : ((channels.Max(channel => channel.LastUtcMilliseconds) / InfluxWindows.Day) + 1) * InfluxWindows.Day;
        foreach ((long start, long end) in WindowsOf(from, to, channels.Count))
        {
            Dictionary<(string Gateway, string Channel), SortedDictionary<long, DayOfCopy>> theirs = start > LineBuffer.LastInstantUtcMilliseconds ? [] : await AskAsync(start, end, cancellationToken);
            foreach (StoredChannel channel in channels)
            {
                _ = theirs.Remove((channel.Gateway, channel.Channel.Id), out SortedDictionary<long, DayOfCopy>? copy);
                SortedDictionary<long, DayFigures> mine = Figures(store.Read(channel.Gateway, channel.Channel.Id, start, end));
                days += mine.Count;
                values += mine.Values.Sum(figures => figures.Count);
                Compare(channel, mine, copy ?? []);
            }

            foreach (((string gateway, string channel), SortedDictionary<long, DayOfCopy> copy) in theirs)
            {
                Add(gateway, channel, copy.First().Key, string.Create(CultureInfo.InvariantCulture, $"{copy.Count} days in InfluxDB of a channel that the store does not know"));
            }
        }

        return new() { Channels = channels.Count, Days = days, Values = values, Behind = behind, DeadLetters = deadLetters, Differences = _differences };
    }

    private IEnumerable<(long From, long To)> WindowsOf(long from, long to, int channels)
    {
        foreach ((long, long) window in InfluxWindows.Of(client.Options.Version, from, to, Math.Max(1, RowsInStatement / Math.Max(1, channels))))
        {
            yield return window;
        }

        // What InfluxDB cannot hold is missing there; it need not be asked.
        if (to > LineBuffer.LastInstantUtcMilliseconds + 1)
        {
            yield return (Math.Max(from, LineBuffer.LastInstantUtcMilliseconds + 1), to);
        }
    }

    private void Compare(StoredChannel channel, SortedDictionary<long, DayFigures> mine, SortedDictionary<long, DayOfCopy> copy)
    {
        foreach (long day in mine.Keys.Union(copy.Keys).Order())
        {
            if (mine.GetValueOrDefault(day, new()).Compare(copy.GetValueOrDefault(day)) is string text)
            {
                Add(channel.Gateway, channel.Channel.Id, day, text);
            }
        }
    }

    private void Add(string gateway, string channel, long day, string text)
    {
        if (_differences.Count < InfluxVerification.MaximumDifferences)
        {
            _differences.Add(new(gateway, channel, day, text));
        }
    }

    private async Task<Dictionary<(string Gateway, string Channel), SortedDictionary<long, DayOfCopy>>> AskAsync(long from, long to, CancellationToken cancellationToken)
    {
        Dictionary<(string Gateway, string Channel), SortedDictionary<long, DayOfCopy>> copy = [];
        string where = string.Create(CultureInfo.InvariantCulture, $"FROM reading WHERE time >= {from}ms AND time < {to}ms");
        await AskAsync(
            $"SELECT count(value), sum(value) {where} GROUP BY time(1d), gateway, channel fill(none)",
            ["count", "sum"],
            (days, day, cells) => days[day] = new(cells[0].AsInteger(), cells[1].AsDouble(), 0),
            copy,
            cancellationToken);
        await AskAsync(
            $"SELECT count(quality) {where} AND quality > 0 GROUP BY time(1d), gateway, channel fill(none)",
            ["count"],
            (days, day, cells) => days[day] = days.GetValueOrDefault(day) with { NotGood = cells[0].AsInteger() },
            copy,
            cancellationToken);
        return copy;
    }

    private async Task AskAsync(
        string statement,
        string[] columns,
        Action<SortedDictionary<long, DayOfCopy>, long, InfluxCell[]> set,
        Dictionary<(string Gateway, string Channel), SortedDictionary<long, DayOfCopy>> copy,
        CancellationToken cancellationToken)
    {
        InfluxCell[] cells = new InfluxCell[columns.Length];
        InfluxAnswer answer = await client.QueryAsync(
            statement,
            series =>
            {
                int time = series.ColumnOf("time");
                int[] places = [.. columns.Select(series.ColumnOf)];
                for (int row = 0; row < series.RowCount; row++)
                {
                    // Early versions of 3.x answer an empty day with 0 or nothing.
                    cells = [.. places.Select(place => series[row, place])];
                    if (cells[0].Kind == InfluxCellKind.Null || cells[0].AsInteger() == 0)
                    {
                        continue;
                    }

                    (string, string) key = (series.TagOf(row, "gateway"), series.TagOf(row, "channel"));
                    if (!copy.TryGetValue(key, out SortedDictionary<long, DayOfCopy>? days))
                    {
                        copy.Add(key, days = []);
                    }

                    set(days, series[row, time].AsInteger(), cells);
                }
            },
            cancellationToken);
        if (answer.Verdict != InfluxVerdict.Ok && !IsEmptyThree(answer))
        {
            throw InfluxRemoval.Explain(answer, client.Options);
        }
    }

    // In 3.x a database and a table exist from their first write on: without them the copy is empty.
    private bool IsEmptyThree(InfluxAnswer answer) => client.Options.Version == InfluxVersion.Three && answer.Status is 200 or 404
        && answer.Text.Contains("not found", StringComparison.OrdinalIgnoreCase);

    private static SortedDictionary<long, DayFigures> Figures(ReadingColumns readings)
    {
        SortedDictionary<long, DayFigures> days = [];
        DayFigures? figures = null;
        long end = long.MinValue;
        for (int index = 0; index < readings.Count; index++)
        {
            if (readings.UtcMilliseconds[index] >= end)
            {
                long day = readings.UtcMilliseconds[index] / InfluxWindows.Day * InfluxWindows.Day;
                end = day + InfluxWindows.Day;
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

        public string? Compare(DayOfCopy theirs)
        {
            List<string> texts = [];
            if (theirs.Count != Count)
            {
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"{Count} values in the store, {theirs.Count} in InfluxDB"));
            }
            else if (!(Math.Abs(theirs.Sum - _sum) <= _absoluteSum * InfluxVerification.RelativeTolerance))
            {
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"sum {_sum:R} in the store, {theirs.Sum:R} in InfluxDB"));
            }

            if (theirs.NotGood != _notGood)
            {
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"{_notGood} readings not good in the store, {theirs.NotGood} in InfluxDB"));
            }

            return texts.Count == 0 ? null : string.Join("; ", texts);
        }
    }

    /// <summary>One channel and day as InfluxDB counts and adds.</summary>
    private readonly record struct DayOfCopy(long Count, double Sum, long NotGood);
}
