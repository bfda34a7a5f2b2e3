using System.Globalization;

namespace Metering.Store.Influx;

/// <summary>Compares the copied 15-minute intervals with their source, by channel and UTC day.</summary>
internal sealed class InfluxIntervalComparison(IReadingStore store, IntervalSource source, InfluxClient client)
{
    private readonly List<InfluxDifference> _differences = [];

    /// <summary>Compares every channel and UTC day.</summary>
    /// <exception cref="StoreException">InfluxDB does not answer (75) or refuses (78).</exception>
    public async Task<InfluxVerification> RunAsync(long behind, long deadLetters, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredChannel> channels = store.Channels();
        int days = 0;
        long intervals = 0;
        long from = channels.Count == 0 ? 0 : channels.Min(channel => channel.FirstUtcMilliseconds) / InfluxWindows.Day * InfluxWindows.Day;
        long to = channels.Count == 0 ? 0 : ((channels.Max(channel => channel.LastUtcMilliseconds) / InfluxWindows.Day) + 1) * InfluxWindows.Day;
        long rows = Math.Max(1, InfluxComparison.RowsInStatement / Math.Max(1, channels.Count));
        foreach ((long start, long end) in InfluxWindows.Of(client.Options.Version, from, to, rows))
        {
            Dictionary<(string Gateway, string Channel, long Day), Figures> theirs = await AskAsync(start, end, cancellationToken);
            foreach (StoredChannel channel in channels)
            {
                foreach ((long day, Figures mine) in FiguresOf(channel, start, end))
                {
                    days++;
                    intervals += mine.Count;
                    _ = theirs.Remove((channel.Gateway, channel.Channel.Id, day), out Figures copy);
                    Note(channel.Gateway, channel.Channel.Id, day, mine.Compare(copy));
                }
            }

            foreach (((string gateway, string channel, long day), Figures copy) in theirs)
            {
                Note(gateway, channel, day, default(Figures).Compare(copy));
            }
        }

        return new() { Channels = channels.Count, Days = days, Values = intervals, Behind = behind, DeadLetters = deadLetters, Differences = _differences };
    }

    private void Note(string gateway, string channel, long day, string? text)
    {
        if (text is not null && _differences.Count < InfluxVerification.MaximumDifferences)
        {
            _differences.Add(new(gateway, channel, day, text));
        }
    }

    private SortedDictionary<long, Figures> FiguresOf(StoredChannel channel, long start, long end)
    {
        SortedDictionary<long, Figures> days = [];
        (long from, long to) = InfluxIntervalMirror.Completed(channel);
        (from, to) = (Math.Max(from, start), Math.Min(to, end));
        if (from < to)
        {
            foreach (MirroredInterval interval in source(channel, from, to))
            {
                long day = interval.StartUtcMilliseconds / InfluxWindows.Day * InfluxWindows.Day;
                days[day] = days.GetValueOrDefault(day).With(interval);
            }
        }

        return days;
    }

    private async Task<Dictionary<(string Gateway, string Channel, long Day), Figures>> AskAsync(long from, long to, CancellationToken cancellationToken)
    {
        Dictionary<(string Gateway, string Channel, long Day), Figures> days = [];
        string statement = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT count(completeness), sum(completeness) AS complete, sum(consumption) AS consumed, sum(mean) AS means FROM {InfluxIntervalMirror.Measurement} WHERE time >= {from}ms AND time < {to}ms GROUP BY time(1d), gateway, channel fill(none)");
        InfluxAnswer answer = await client.QueryAsync(
            statement,
            series =>
            {
                int time = series.ColumnOf("time");
                int count = series.ColumnOf("count");
                for (int row = 0; row < series.RowCount; row++)
                {
                    if (series[row, count].Kind != InfluxCellKind.Null)
                    {
                        days[(series.TagOf(row, "gateway"), series.TagOf(row, "channel"), series[row, time].AsInteger())] =
                            new(series[row, count].AsInteger(), Sum(series, row, "complete"), Sum(series, row, "consumed"), Sum(series, row, "means"), 0);
                    }
                }
            },
            cancellationToken);
        bool isEmpty = client.Options.Version == InfluxVersion.Three && answer.Text.Contains("not found", StringComparison.OrdinalIgnoreCase);
        return answer.Verdict == InfluxVerdict.Ok || isEmpty ? days : throw InfluxRemoval.Explain(answer, client.Options);
    }

    private static double Sum(InfluxSeries series, int row, string column)
    {
        InfluxCell cell = series[row, series.ColumnOf(column)];
        return cell.Kind == InfluxCellKind.Null ? 0 : cell.AsDouble();
    }

    private readonly record struct Figures(long Count, double Completeness, double Consumption, double Mean, double Absolute)
    {
        // Sums of at most 96 numbers: what the order of adding can change is far below.
        private const double RelativeTolerance = 1e-13;

        public Figures With(MirroredInterval interval) => new(
            Count + 1,
            Completeness + Finite(interval.Completeness),
            Consumption + Finite(interval.Consumption),
            Mean + Finite(interval.Mean),
            Absolute + Math.Abs(Finite(interval.Completeness)) + Math.Abs(Finite(interval.Consumption)) + Math.Abs(Finite(interval.Mean)));

        public string? Compare(Figures copy)
        {
            if (copy.Count != Count)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Count} intervals in the store, {copy.Count} in InfluxDB");
            }

            double tolerance = RelativeTolerance * Absolute;
            return Differs(Completeness, copy.Completeness, tolerance) ? Text("completeness", Completeness, copy.Completeness)
                : Differs(Consumption, copy.Consumption, tolerance) ? Text("consumption", Consumption, copy.Consumption)
                : Differs(Mean, copy.Mean, tolerance) ? Text("mean", Mean, copy.Mean)
                : null;
        }

        private static double Finite(double value) => double.IsFinite(value) ? value : 0;

        private static bool Differs(double mine, double theirs, double tolerance) => !(Math.Abs(mine - theirs) <= tolerance);

        private static string Text(string what, double mine, double theirs) =>
            string.Create(CultureInfo.InvariantCulture, $"sum of {what} {mine:R} in the store, {theirs:R} in InfluxDB");
    }
}
