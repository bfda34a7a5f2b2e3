using System.Globalization;

namespace Metering.Store.Influx;

/// <summary>One series and field of a foreign database: what becomes one channel.</summary>
/// <param name="Measurement">The measurement.</param>
/// <param name="Tags">Its tags, as "name=value" ascending by name, joined by commas; "" without tags.</param>
/// <param name="Field">The field.</param>
public readonly record struct InfluxSeriesKey(string Measurement, string Tags, string Field)
{
    /// <summary>The series as a map file names it: "measurement,tag=value field".</summary>
    public override string ToString() => Tags.Length == 0 ? $"{Measurement} {Field}" : $"{Measurement},{Tags} {Field}";
}

/// <summary>One value of a foreign database.</summary>
/// <param name="Series">Which series and field.</param>
/// <param name="UtcMilliseconds">Its time, cut to milliseconds.</param>
/// <param name="Whole">The value, when the database holds it as a whole number; else null.</param>
/// <param name="Value">The value as a double; NaN when it is text or true/false.</param>
public readonly record struct InfluxPoint(InfluxSeriesKey Series, long UtcMilliseconds, long? Whole, double Value);

/// <summary>Reads the history of a measurement that somebody else has written, range by range.</summary>
public sealed class InfluxHistory
{
    /// <summary>Days read at once: a day of 1,000 series by the minute is 1.4 million values.</summary>
    public const int DaysAtOnce = 1;

    private const int MaximumAttempts = 8;
    private readonly InfluxClient _client;
    private readonly InfluxPatience _patience;
    private readonly string _measurement;
    private readonly Dictionary<(string Tags, string Field), InfluxSeriesKey> _keys = [];

    /// <summary>Prepares reading.</summary>
    /// <param name="options">Where the database stands.</param>
    /// <param name="measurement">The measurement, or table, to read.</param>
    /// <param name="http">Carries the requests.</param>
    /// <param name="clock">Paces retries.</param>
    /// <exception cref="ArgumentException">The options or the name are outside their range.</exception>
    public InfluxHistory(InfluxOptions options, string measurement, HttpClient http, TimeProvider clock)
    {
        if (measurement.Length == 0 || measurement.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            throw new ArgumentException("the measurement must have a name without control characters", nameof(measurement));
        }

        _client = new(http, options, clock);
        _patience = new(clock, options);
        _measurement = measurement;
    }

    /// <summary>The first instant and the instant after the last of the measurement; null when it holds nothing.</summary>
    /// <exception cref="StoreException">The server does not answer (75) or refuses (78); 3.x refuses to look over its whole history.</exception>
    public async Task<(long From, long To)?> RangeAsync(CancellationToken cancellationToken)
    {
        if (_client.Options.Version == InfluxVersion.Three)
        {
            throw new StoreException("InfluxDB 3 no recorre una historia completa en una consulta. Dé el rango con --from y --to.", $"InfluxDB 3 does not look over a whole history in one query. Give the range with --from and --to.", StoreException.Configuration);
        }

        long? first = await EndAsync("ASC", cancellationToken);
        long? last = await EndAsync("DESC", cancellationToken);
        return first is long from && last is long to ? (Math.Max(0, from), Math.Max(0, to) + 1) : null;
    }

    /// <summary>The ranges in which [from, to) is read.</summary>
    public IEnumerable<(long From, long To)> Windows(long fromUtcMilliseconds, long toUtcMilliseconds) =>
        InfluxWindows.Of(_client.Options.Version, fromUtcMilliseconds, toUtcMilliseconds, DaysAtOnce);

    /// <summary>Number of values of each series and field in a range; series without values there are left out.</summary>
    /// <exception cref="StoreException">The server does not answer (75) or refuses (78).</exception>
    public async Task<Dictionary<InfluxSeriesKey, long>> CountAsync(long fromUtcMilliseconds, long toUtcMilliseconds, CancellationToken cancellationToken)
    {
        const string Prefix = "count_";
        Dictionary<InfluxSeriesKey, long> counts = [];
        await AskAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM {Quoted} WHERE time >= {fromUtcMilliseconds}ms AND time < {toUtcMilliseconds}ms GROUP BY *"),
            counts.Clear,
            series =>
            {
                string tags = TagsOf(series);
                for (int column = 0; column < series.Columns.Count; column++)
                {
                    if (series.Columns[column].StartsWith(Prefix, StringComparison.Ordinal))
                    {
                        Count(counts, series, column, KeyOf(tags, series.Columns[column][Prefix.Length..]));
                    }
                }
            },
            cancellationToken);
        return counts;
    }

    /// <summary>Reads every value of a range.</summary>
    /// <param name="fromUtcMilliseconds">First instant.</param>
    /// <param name="toUtcMilliseconds">First instant not wanted.</param>
    /// <param name="restart">Called when a cut-off answer is asked again: what <paramref name="visit"/> got so far comes once more.</param>
    /// <param name="visit">Gets the values, series by series, each ascending.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StoreException">The server does not answer (75) or refuses (78).</exception>
    public Task ReadAsync(long fromUtcMilliseconds, long toUtcMilliseconds, Action restart, Action<InfluxPoint> visit, CancellationToken cancellationToken) =>
        AskAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {Quoted} WHERE time >= {fromUtcMilliseconds}ms AND time < {toUtcMilliseconds}ms GROUP BY *"),
            restart,
            series => Give(series, visit),
            cancellationToken);

    private string Quoted => "\"" + _measurement.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static string TagsOf(InfluxSeries series) =>
        string.Join(',', series.Tags.Where(tag => tag.Value.Length > 0).OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));

    private static void Count(Dictionary<InfluxSeriesKey, long> counts, InfluxSeries series, int column, InfluxSeriesKey key)
    {
        for (int row = 0; row < series.RowCount; row++)
        {
            InfluxCell cell = series[row, column];
            if (cell.Kind != InfluxCellKind.Null && cell.AsInteger() > 0)
            {
                counts[key] = counts.GetValueOrDefault(key) + cell.AsInteger();
            }
        }
    }

    private void Give(InfluxSeries series, Action<InfluxPoint> visit)
    {
        string tags = TagsOf(series);
        int time = series.ColumnOf("time");
        for (int column = 0; column < series.Columns.Count; column++)
        {
            if (column == time)
            {
                continue;
            }

            InfluxSeriesKey key = KeyOf(tags, series.Columns[column]);
            for (int row = 0; row < series.RowCount; row++)
            {
                InfluxCell cell = series[row, column];
                if (cell.Kind != InfluxCellKind.Null)
                {
                    bool isNumber = cell.Kind is InfluxCellKind.Integer or InfluxCellKind.Float;
                    visit(new(key, series[row, time].AsInteger(), cell.Kind == InfluxCellKind.Integer ? cell.AsInteger() : null, isNumber ? cell.AsDouble() : double.NaN));
                }
            }
        }
    }

    private InfluxSeriesKey KeyOf(string tags, string field)
    {
        if (!_keys.TryGetValue((tags, field), out InfluxSeriesKey key))
        {
            _keys.Add((tags, field), key = new(_measurement, tags, field));
        }

        return key;
    }

    private async Task<long?> EndAsync(string order, CancellationToken cancellationToken)
    {
        long? instant = null;
        await AskAsync(
            $"SELECT * FROM {Quoted} ORDER BY time {order} LIMIT 1",
            static () => { },
            series => instant = series.RowCount > 0 ? series[0, series.ColumnOf("time")].AsInteger() : instant,
            cancellationToken);
        return instant;
    }

    private async Task AskAsync(string statement, Action restart, Action<InfluxSeries> visit, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            InfluxAnswer answer = await _client.QueryAsync(statement, visit, cancellationToken);
            if (answer.Verdict == InfluxVerdict.Ok)
            {
                _patience.Reset();
                return;
            }

            if (answer.Verdict == InfluxVerdict.Paused || attempt == MaximumAttempts)
            {
                throw InfluxRemoval.Explain(answer, _client.Options);
            }

            restart();
            await _patience.WaitAsync(answer, cancellationToken);
        }
    }
}
