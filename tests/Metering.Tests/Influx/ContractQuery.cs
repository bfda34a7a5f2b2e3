using System.Globalization;
using System.Text.RegularExpressions;

namespace Metering.Tests.Influx;

/// <summary>One series of an answer, before it is cut into parts.</summary>
internal sealed record ContractResult(string Name, SortedDictionary<string, string>? Tags, IReadOnlyList<string> Columns, List<object?[]> Rows);

/// <summary>
/// The part of InfluxQL that the cloud speaks (docs.influxdata.com/influxdb/v1/query_language): SELECT with fields, *, count and
/// sum; WHERE with tags, fields and time joined by AND; GROUP BY time(1d), tags or *; fill(none); ORDER BY time; LIMIT.
/// </summary>
internal sealed partial class ContractQuery
{
    private const long NanosecondsInMillisecond = 1_000_000;
    private const long Day = 86_400_000L * NanosecondsInMillisecond;
    private readonly List<(string Name, string Operator, string Value, bool IsText)> _conditions = [];
    private readonly List<(string Function, string Field, string Column)> _columns = [];
    private readonly List<string> _group = [];
    private bool _isByDay;
    private bool _isDescending;
    private int _limit = int.MaxValue;

    public required string Measurement { get; init; }

    /// <summary>First nanosecond of the range asked for, when the statement names one.</summary>
    public long? From { get; private set; }

    /// <summary>First nanosecond behind it.</summary>
    public long? To { get; private set; }

    public static ContractQuery? Parse(string statement)
    {
        Match match = SelectPattern().Match(statement);
        if (!match.Success)
        {
            return null;
        }

        ContractQuery query = new() { Measurement = match.Groups["measurement"].Value.Replace("\\\"", "\"", StringComparison.Ordinal) };
        query.ReadConditions(match.Groups["where"].Value);
        foreach (string column in match.Groups["list"].Value.Split(", "))
        {
            Match item = ColumnPattern().Match(column);
            string function = item.Groups["function"].Value;
            string field = function.Length > 0 ? item.Groups["argument"].Value : item.Groups["field"].Value;
            query._columns.Add((function, field, item.Groups["alias"].Success ? item.Groups["alias"].Value : function.Length > 0 ? function : field));
        }

        foreach (string dimension in match.Groups["group"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            query._isByDay |= dimension == "time(1d)";
            if (dimension != "time(1d)")
            {
                query._group.Add(dimension);
            }
        }

        query._isDescending = match.Groups["order"].Value == "DESC";
        query._limit = match.Groups["limit"].Success ? int.Parse(match.Groups["limit"].Value, CultureInfo.InvariantCulture) : int.MaxValue;
        return query;
    }

    public static ContractQuery ForDelete(string measurement, string where)
    {
        ContractQuery query = new() { Measurement = measurement };
        query.ReadConditions(where);
        return query;
    }

    public void Delete(ContractTable table)
    {
        foreach (ContractSeries series in table.Series.Values.Where(Fits))
        {
            foreach (long time in series.Points.Keys.Where(InRange).ToList())
            {
                _ = series.Points.Remove(time);
            }
        }
    }

    public List<ContractResult> Run(ContractTable table)
    {
        List<ContractResult> results = [];
        bool isAll = _group is ["*"];
        IEnumerable<IGrouping<string, ContractSeries>> groups = table.Series.Values.Where(Fits)
            .GroupBy(series => string.Join('\n', (isAll ? (IEnumerable<string>)series.Tags.Keys : _group).Select(name => series.Tags.GetValueOrDefault(name, ""))), StringComparer.Ordinal);
        foreach (IGrouping<string, ContractSeries> group in groups)
        {
            List<(long Time, Dictionary<string, object> Fields, ContractSeries Series)> points =
                [.. group.SelectMany(series => series.Points.Where(point => InRange(point.Key) && FieldsFit(point.Value)).Select(point => (point.Key, point.Value, series))).OrderBy(point => point.Key)];
            SortedDictionary<string, string>? tags = _group.Count == 0 ? null
                : new((isAll ? (IEnumerable<string>)group.First().Tags.Keys : _group).ToDictionary(name => name, name => group.First().Tags.GetValueOrDefault(name, "")), StringComparer.Ordinal);
            ContractResult result = _columns[0].Function.Length > 0 ? Aggregate(table, tags, points) : Raw(table, tags, points);
            if (result.Rows.Count > 0)
            {
                results.Add(result);
            }
        }

        return results;
    }

    private static IEnumerable<string> FieldsOf(ContractTable table) => table.Types.Keys.Order(StringComparer.Ordinal);

    private static object? Apply(string function, IEnumerable<object> values) => function switch
    {
        "count" => values.LongCount() is > 0 and long count ? count : null,
        "sum" => values.Any() ? values.Sum(value => Convert.ToDouble(value, CultureInfo.InvariantCulture)) : null,
        _ => throw new NotSupportedException(function),
    };

    private ContractResult Aggregate(ContractTable table, SortedDictionary<string, string>? tags, List<(long Time, Dictionary<string, object> Fields, ContractSeries Series)> points)
    {
        List<(string Function, string Field, string Column)> columns = _columns is [("count", "*", _)]
            ? [.. FieldsOf(table).Select(field => ("count", field, "count_" + field))]
            : _columns;
        List<object?[]> rows = [];
        foreach (IGrouping<long, (long Time, Dictionary<string, object> Fields, ContractSeries Series)> bucket in points.GroupBy(point => _isByDay ? point.Time / Day * Day : From ?? 0))
        {
            object?[] row = [bucket.Key, .. columns.Select(column => Apply(column.Function, bucket.Where(point => point.Fields.ContainsKey(column.Field)).Select(point => point.Fields[column.Field])))];
            if (row.Skip(1).Any(cell => cell is not null))
            {
                rows.Add(row);
            }
        }

        return new(Measurement, tags, ["time", .. columns.Select(column => column.Column)], rows);
    }

    private ContractResult Raw(ContractTable table, SortedDictionary<string, string>? tags, List<(long Time, Dictionary<string, object> Fields, ContractSeries Series)> points)
    {
        List<string> fields = _columns is [("", "*", _)] ? [.. FieldsOf(table)] : [.. _columns.Select(column => column.Field)];
        IEnumerable<object?[]> rows = points
            .Where(point => fields.Exists(point.Fields.ContainsKey))
            .Select(point => (object?[])[point.Time, .. fields.Select(field => point.Fields.GetValueOrDefault(field))]);
        return new(Measurement, tags, ["time", .. fields], [.. (_isDescending ? rows.Reverse() : rows).Take(_limit)]);
    }

    private void ReadConditions(string where)
    {
        foreach (string condition in where.Split(" AND ", StringSplitOptions.RemoveEmptyEntries))
        {
            Match match = ConditionPattern().Match(condition);
            if (!match.Success)
            {
                throw new NotSupportedException(condition);
            }

            (string name, string comparison) = (match.Groups["name"].Value, match.Groups["operator"].Value);
            if (name != "time")
            {
                _conditions.Add((name, comparison, match.Groups["text"].Success ? match.Groups["text"].Value : match.Groups["number"].Value, match.Groups["text"].Success));
                continue;
            }

            long time = long.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * NanosecondsInMillisecond;
            (From, To) = comparison switch
            {
                ">=" => (time, To),
                ">" => (time + 1, To),
                "<" => (From, time),
                "<=" => (From, time + 1),
                _ => ((long?)time, (long?)(time + 1)),
            };
        }
    }

    private bool InRange(long time) => time >= (From ?? long.MinValue) && time < (To ?? long.MaxValue);

    private bool Fits(ContractSeries series) => _conditions.TrueForAll(condition => !condition.IsText || series.Tags.GetValueOrDefault(condition.Name, "") == condition.Value);

    private bool FieldsFit(Dictionary<string, object> fields) => _conditions.TrueForAll(condition => condition.IsText
        || (fields.TryGetValue(condition.Name, out object? value) && value is not string && Convert.ToDouble(value, CultureInfo.InvariantCulture) > double.Parse(condition.Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex("""^SELECT (?<list>.+?) FROM "?(?<measurement>(?:[^" \\]|\\.)+)"?(?: WHERE (?<where>.+?))?(?: GROUP BY (?<group>.+?))?(?: fill\(none\))?(?: ORDER BY time (?<order>ASC|DESC))?(?: LIMIT (?<limit>\d+))?$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SelectPattern();

    [GeneratedRegex("""^(?:(?<function>\w+)\((?<argument>\w+|\*)\)|(?<field>\w+|\*))(?: AS (?<alias>\w+))?$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ColumnPattern();

    [GeneratedRegex("""^(?<name>\w+) ?(?<operator>>=|<=|=|<|>) ?(?:'(?<text>[^']*)'|(?<number>-?\d+)(?:ms)?)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConditionPattern();
}
