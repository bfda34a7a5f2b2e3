using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Metering.Tests.Influx;

/// <summary>
/// InfluxDB 3 Core as its sources and documents describe the 1.x interface. Sources: influxdata/influxdb, branch main, folder
/// influxdb3_server/src, and docs.influxdata.com/influxdb3/core.
/// </summary>
internal sealed class ContractServer3 : IDisposable
{
    public const string Token = "apiv3_token-of-three";

    /// <summary>docs.influxdata.com/influxdb3/core/reference/config-options, max-http-request-size: 10 MiB, after unpacking.</summary>
    public const int LargestBody = 10 * 1024 * 1024;

    /// <summary>The same page, query-file-limit: 432 files, about 72 hours.</summary>
    private const long LongestQueryNanoseconds = 72L * 3600 * 1_000_000_000;

    private readonly Dictionary<string, Dictionary<string, ContractTable>> _databases = new(StringComparer.Ordinal);
    private readonly ContractHost _host;

    public ContractServer3() => _host = new(Answer);

    public Uri Url => _host.Url;

    public List<string> Log => _host.Log;

    /// <summary>How many requests are still answered with 503 and Retry-After (docs.influxdata.com/influxdb3/core/write-data/http-api/compatibility-apis).</summary>
    public int BusyRequests { get; set; }

    /// <summary>Whether the token may delete tables.</summary>
    public bool IsAdmin { get; set; } = true;

    /// <summary>Tables are named by database and name.</summary>
    public bool HasTable(string database, string table) => _databases.TryGetValue(database, out Dictionary<string, ContractTable>? tables) && tables.ContainsKey(table);

    public void Dispose() => _host.Dispose();

    private ContractAnswer Answer(ContractRequest request)
    {
        if (!IsAuthorised(request))
        {
            return ContractAnswer.Json(401, """{"error": "the request was not authenticated"}""");
        }

        if (BusyRequests > 0)
        {
            BusyRequests--;
            return ContractAnswer.Json(503, """{"error":"service unavailable"}""") with { RetryAfter = "2" };
        }

        string database = request.Query["db"] ?? "";
        return (request.Method, request.Path) switch
        {
            ("POST", "/write") => Write(request, database),
            ("POST", "/query") => Query(request, database),
            ("DELETE", "/api/v3/configure/table") => DeleteTable(request, database),
            _ => ContractAnswer.Json(404, "not found"),
        };
    }

    // docs.influxdata.com/influxdb3/core/write-data/http-api/compatibility-apis: Bearer, Token, or Basic with the token as password and any name.
    private static bool IsAuthorised(ContractRequest request)
    {
        string header = request.Authorization ?? "";
        return header is "Bearer " + Token or "Token " + Token
            || (header.StartsWith("Basic ", StringComparison.Ordinal) && Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).EndsWith(":" + Token, StringComparison.Ordinal));
    }

    private ContractAnswer Write(ContractRequest request, string database)
    {
        if (Encoding.UTF8.GetByteCount(request.Body) > LargestBody)
        {
            return ContractAnswer.Json(413, """{"error":"request body too large"}""");
        }

        if (!_databases.TryGetValue(database, out Dictionary<string, ContractTable>? tables))
        {
            // docs.influxdata.com/influxdb3/core/write-data: database and tables are made by the first write.
            _databases.Add(database, tables = new(StringComparer.Ordinal));
        }

        List<object> refused = [];
        string[] lines = request.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < lines.Length; index++)
        {
            if (TryWrite(tables, lines[index], request.Query["precision"]) is string reason)
            {
                // The text is shown without quotation marks and cut (docs.influxdata.com/influxdb3/core/write-data/http-api/v3-write-lp).
                string shown = lines[index].Replace("\"", "", StringComparison.Ordinal);
                refused.Add(new { original_line = shown.Length > 100 ? shown[..100] + "..." : shown, line_number = index + 1, error_message = reason });
            }
        }

        return refused.Count == 0
            ? ContractAnswer.NoContent()
            : ContractAnswer.Json(400, JsonSerializer.Serialize(new { error = "partial write of line protocol occurred", data = refused }));
    }

    private static string? TryWrite(Dictionary<string, ContractTable> tables, string text, string? precision)
    {
        if (ContractLine.Parse(text, 1, out ContractLine? raw) is string reason)
        {
            return reason;
        }

        ContractLine line = raw! with { Nanoseconds = raw.Nanoseconds * UnitOf(precision, raw.Nanoseconds) };
        if (!tables.TryGetValue(line.Measurement, out ContractTable? table))
        {
            tables.Add(line.Measurement, table = new());
        }

        if (table.Conflict(line) is string field)
        {
            return $"invalid column type for column '{field}', expected another, got iox::column_type::field::{line.Fields[field].GetType().Name}";
        }

        table.Add(line);
        return null;
    }

    // Without a precision it is guessed from the size of the number (docs.influxdata.com/influxdb3/core/write-data/http-api/v3-write-lp, precision=auto).
    private static long UnitOf(string? precision, long time) => precision switch
    {
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "ns" => 1,
        _ => Math.Abs(time) switch
        {
            < 5_000_000_000 => 1_000_000_000,
            < 5_000_000_000_000 => 1_000_000,
            < 5_000_000_000_000_000 => 1_000,
            _ => 1,
        },
    };

    private ContractAnswer Query(ContractRequest request, string database)
    {
        if (request.Accept is not ("application/json" or "*/*" or null))
        {
            // http/v1.rs, QueryFormat::from_request of the first versions.
            return ContractAnswer.Json(400, $"{{\"error\":\"invalid mime type ({request.Accept})\"}}");
        }

        ContractQuery? query = ContractQuery.Parse(request.Statement);
        if (query is null)
        {
            // docs.influxdata.com/influxdb3/core/reference/influxql/feature-support: no DELETE, DROP or CREATE.
            return ContractAnswer.Json(400, """{"error":"This feature is not implemented: only SELECT and SHOW are supported"}""");
        }

        if (!_databases.TryGetValue(database, out Dictionary<string, ContractTable>? tables))
        {
            return ContractAnswer.Json(404, $"{{\"error\":\"database not found: {database}\"}}");
        }

        if (query.From is not long from || query.To is not long to || to - from > LongestQueryNanoseconds)
        {
            return ContractAnswer.Json(400, """{"error":"Query would scan more Parquet files than the file limit of 432. Reduce the time range or raise --query-file-limit"}""");
        }

        return ContractAnswers.Of(tables.TryGetValue(query.Measurement, out ContractTable? table) ? query.Run(table) : [], request, knowsMessagePack: false);
    }

    private ContractAnswer DeleteTable(ContractRequest request, string database)
    {
        if (!IsAdmin)
        {
            return ContractAnswer.Json(403, """{"error":"access denied"}""");
        }

        string table = request.Query["table"] ?? "";
        return _databases.TryGetValue(database, out Dictionary<string, ContractTable>? tables) && tables.Remove(table)
            ? ContractAnswer.Json(200, "")
            : ContractAnswer.Json(404, string.Create(CultureInfo.InvariantCulture, $"{{\"error\":\"table not found: {table}\"}}"));
    }
}
