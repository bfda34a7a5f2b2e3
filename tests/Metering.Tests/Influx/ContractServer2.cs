using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Metering.Tests.Influx;

/// <summary>
/// InfluxDB 2.x as its sources and documents describe the 1.x interface. Sources: influxdata/influxdb, branch 2.7, and
/// docs.influxdata.com/influxdb/v2/reference/api/influxdb-1x.
/// </summary>
internal sealed partial class ContractServer2 : IDisposable
{
    public const string Token = "token-of-two==";
    private readonly Dictionary<string, Dictionary<string, ContractTable>> _buckets = new(StringComparer.Ordinal);
    private readonly ContractHost _host;

    /// <summary>With the buckets named.</summary>
    public ContractServer2(params string[] buckets)
    {
        foreach (string bucket in buckets)
        {
            AddBucket(bucket);
        }

        _host = new(Answer);
    }

    public Uri Url => _host.Url;

    public List<string> Log => _host.Log;

    /// <summary>A bucket "db" or "db/rp" is mapped to its database by its name (dbrp/bucket_service.go, ParseDBRP); without "rp" the first mapping of a database is the default.</summary>
    public void AddBucket(string name) => _ = _buckets.TryAdd(name.Split('/')[0], new(StringComparer.Ordinal));

    public void Dispose() => _host.Dispose();

    private ContractAnswer Answer(ContractRequest request)
    {
        if (!IsAuthorised(request))
        {
            // influx1x_authentication_handler.go, unauthorizedError.
            return ContractAnswer.Json(401, """{"code":"unauthorized","message":"unauthorized access"}""");
        }

        string database = request.Query["db"] ?? "";
        return request.Path switch
        {
            "/write" => Write(request, database),
            "/query" => Query(request, database),
            _ => ContractAnswer.Json(404, """{"code":"not found","message":"path not found"}"""),
        };
    }

    // influx1x_authentication_handler.go, parseCredentials: "Token x", "Token user:x" or Basic with the token as password; "Bearer" is not read.
    private static bool IsAuthorised(ContractRequest request)
    {
        string header = request.Authorization ?? "";
        if (header.StartsWith("Token ", StringComparison.Ordinal))
        {
            return header[6..] == Token || header.EndsWith(":" + Token, StringComparison.Ordinal);
        }

        return header.StartsWith("Basic ", StringComparison.Ordinal) && Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).EndsWith(":" + Token, StringComparison.Ordinal);
    }

    private ContractAnswer Write(ContractRequest request, string database)
    {
        if (!_buckets.TryGetValue(database, out Dictionary<string, ContractTable>? tables))
        {
            // http/legacy/write_handler.go, findMapping.
            return ContractAnswer.Json(404, """{"code":"not found","message":"no dbrp mapping found"}""");
        }

        List<ContractLine> lines = [];
        foreach (string text in request.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ContractLine.Parse(text, UnitOf(request), out ContractLine? line) is string reason)
            {
                // http/points/points_parser.go: a batch with a line that cannot be read is refused as a whole.
                return ContractAnswer.Json(400, JsonSerializer.Serialize(new { code = "invalid", message = $"unable to parse '{text}': {reason}" }));
            }

            lines.Add(line!);
        }

        string? conflict = null;
        int dropped = 0;
        foreach (ContractLine line in lines)
        {
            if (!tables.TryGetValue(line.Measurement, out ContractTable? table))
            {
                tables.Add(line.Measurement, table = new());
            }

            if (table.Conflict(line) is string field)
            {
                conflict ??= $"field type conflict: input field \"{field}\" on measurement \"{line.Measurement}\" is already another type";
                dropped++;
                continue;
            }

            table.Add(line);
        }

        // docs.influxdata.com/influxdb/v2/write-data/troubleshoot: 422, the other points are stored (tsdb.PartialWriteError).
        return conflict is null
            ? ContractAnswer.NoContent()
            : ContractAnswer.Json(422, JsonSerializer.Serialize(new { code = "unprocessable entity", message = $"failure writing points to database: partial write: {conflict} dropped={dropped}" }));
    }

    private ContractAnswer Query(ContractRequest request, string database)
    {
        string statement = request.Statement;
        if (CreatePattern().IsMatch(statement))
        {
            // docs.influxdata.com/influxdb/v2/reference/api/influxdb-1x: databases are buckets, made by another API.
            return ContractAnswers.Error("not implemented: CREATE DATABASE");
        }

        if (!_buckets.TryGetValue(database, out Dictionary<string, ContractTable>? tables))
        {
            return ContractAnswers.Error($"database not found: {database}");
        }

        // docs.influxdata.com/influxdb/v2/query-data/influxql/manage-data: DELETE and DROP MEASUREMENT are there (pull request 19549).
        if (DropPattern().Match(statement) is { Success: true } drop)
        {
            return tables.Remove(drop.Groups["measurement"].Value) ? ContractAnswers.Of([], request, knowsMessagePack: true) : ContractAnswers.Error("measurement not found");
        }

        if (DeletePattern().Match(statement) is { Success: true } delete)
        {
            ContractQuery query = ContractQuery.ForDelete(delete.Groups["measurement"].Value, delete.Groups["where"].Value);
            if (tables.TryGetValue(query.Measurement, out ContractTable? table))
            {
                query.Delete(table);
            }

            return ContractAnswers.Of([], request, knowsMessagePack: true);
        }

        ContractQuery? select = ContractQuery.Parse(statement);
        if (select is null)
        {
            return ContractAnswer.Json(400, """{"code":"invalid","message":"failed to parse query"}""");
        }

        return ContractAnswers.Of(tables.TryGetValue(select.Measurement, out ContractTable? found) ? select.Run(found) : [], request, knowsMessagePack: true);
    }

    private static long UnitOf(ContractRequest request) => request.Query["precision"] switch
    {
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        _ => 1,
    };

    [GeneratedRegex("^CREATE DATABASE", RegexOptions.None, 1000)]
    private static partial Regex CreatePattern();

    [GeneratedRegex("""^DROP MEASUREMENT "(?<measurement>[^"]+)"$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DropPattern();

    [GeneratedRegex("^DELETE FROM (?<measurement>\\S+) WHERE (?<where>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DeletePattern();
}
