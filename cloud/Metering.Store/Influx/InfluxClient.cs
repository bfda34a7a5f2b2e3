using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Metering.Store.Influx;

/// <summary>What a server's answer means for the sender.</summary>
internal enum InfluxVerdict
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>At least one line is refused for ever (400, 422).</summary>
    Refused,

    /// <summary>Too much at once (413).</summary>
    TooLarge,

    /// <summary>Nothing will work until somebody changes something (401, 403, 404, the rest of 3xx and 4xx, and answers that InfluxDB does not give).</summary>
    Paused,

    /// <summary>It may work later (408, 429, 5xx, no answer).</summary>
    Unavailable,
}

/// <param name="Verdict">What to do.</param>
/// <param name="Text">What happened, with the server's words.</param>
/// <param name="Status">HTTP status; 0 when no answer came.</param>
/// <param name="RetryAfter">How long the server wants to be left alone, when it said so.</param>
/// <param name="Body">The beginning of the server's words alone.</param>
internal sealed record InfluxAnswer(InfluxVerdict Verdict, string Text, int Status = 0, TimeSpan? RetryAfter = null, string Body = "");

/// <summary>The requests needed of InfluxDB: /write with line protocol, /query with InfluxQL, and the removal of a table in 3.x.</summary>
internal sealed class InfluxClient
{
    /// <summary>Rows in one part of an answer.</summary>
    public const int RowsInPart = 10_000;

    private const int LongestReason = 500;
    private const int LongestBody = 64 * 1024;
    private readonly HttpClient _http;
    private readonly InfluxOptions _options;
    private readonly TimeProvider _clock;

    public InfluxClient(HttpClient http, InfluxOptions options, TimeProvider clock)
    {
        options.Check();
        _http = http;
        _options = options;
        _clock = clock;
    }

    public InfluxOptions Options => _options;

    /// <summary>Writes lines with times in milliseconds. Only 204 says that they are stored.</summary>
    public async Task<InfluxAnswer> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(lines.Span);
        }

        ByteArrayContent content = new(compressed.GetBuffer(), 0, (int)compressed.Length);
        content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new("text/plain") { CharSet = "utf-8" };
        return await SendAsync(HttpMethod.Post, $"write?db={Uri.EscapeDataString(_options.Database)}&precision=ms", content, JudgeWriteAsync, cancellationToken);
    }

    /// <summary>Runs one InfluxQL statement. An error inside a good answer comes back as <see cref="InfluxVerdict.Paused"/>.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="visit">Gets the series part by part, as they come; after a bad verdict what it got is worth nothing.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<InfluxAnswer> QueryAsync(string statement, Action<InfluxSeries> visit, CancellationToken cancellationToken)
    {
        FormUrlEncodedContent content = new([new("q", statement)]);
        string path = string.Create(CultureInfo.InvariantCulture, $"query?db={Uri.EscapeDataString(_options.Database)}&epoch=ms&chunked=true&chunk_size={RowsInPart}");
        InfluxAnswer answer = await SendAsync(HttpMethod.Post, path, content, (response, timeout, stop) => JudgeQueryAsync(response, visit, timeout, stop), cancellationToken);
        return answer.Verdict is InfluxVerdict.Refused or InfluxVerdict.TooLarge ? answer with { Verdict = InfluxVerdict.Paused } : answer;
    }

    /// <summary>
    /// Removes a table of a 3.x database for good (docs.influxdata.com/influxdb3/core/admin/tables/delete; path and
    /// parameters as in influxdata/influxdb, main, influxdb3/tests/server). A table that is not there is removed already.
    /// </summary>
    public async Task<InfluxAnswer> DeleteTableAsync(string table, CancellationToken cancellationToken)
    {
        InfluxAnswer answer = await SendAsync(HttpMethod.Delete, $"api/v3/configure/table?db={Uri.EscapeDataString(_options.Database)}&table={table}&hard_delete_at=now", null, JudgeAsync, cancellationToken);
        return answer.Status == (int)HttpStatusCode.NotFound ? answer with { Verdict = InfluxVerdict.Ok } : answer;
    }

    private async Task<InfluxAnswer> SendAsync(
        HttpMethod method, string pathAndQuery, HttpContent? content, Func<HttpResponseMessage, CancellationTokenSource, CancellationToken, Task<InfluxAnswer>> judge, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, new Uri(_options.Base, pathAndQuery)) { Content = content };
        request.Headers.Authorization = InfluxLogin.HeaderOf(_options);

        // Early versions of 3.x refuse what they do not know in Accept (influxdata/influxdb, main, influxdb3_server/src/http/v1.rs).
        request.Headers.Accept.Add(new(_options.Version == InfluxVersion.Three ? "application/json" : "application/x-msgpack"));
        using CancellationTokenSource timeout = new(_options.RequestTimeout, _clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await judge(response, timeout, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(InfluxVerdict.Unavailable, string.Create(CultureInfo.InvariantCulture, $"no answer from {_options.Url} within {_options.RequestTimeout.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(InfluxVerdict.Unavailable, $"no answer from {_options.Url}: {e.Message}");
        }
        catch (InfluxFormatException e)
        {
            return new(InfluxVerdict.Paused, $"{_options.Url} does not answer as InfluxDB does: {e.Message}. Is it InfluxDB, and is there a proxy before it?");
        }
    }

    private async Task<InfluxAnswer> JudgeWriteAsync(HttpResponseMessage response, CancellationTokenSource timeout, CancellationToken cancellationToken)
    {
        InfluxAnswer answer = await JudgeAsync(response, timeout, cancellationToken);
        return answer.Verdict == InfluxVerdict.Ok && response.StatusCode != HttpStatusCode.NoContent
            ? throw new InfluxFormatException($"it answers a write with {answer.Status} instead of 204")
            : answer;
    }

    private async Task<InfluxAnswer> JudgeQueryAsync(HttpResponseMessage response, Action<InfluxSeries> visit, CancellationTokenSource timeout, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            InfluxAnswer answer = await JudgeAsync(response, timeout, cancellationToken);
            return answer.Verdict == InfluxVerdict.Ok ? throw new InfluxFormatException($"it answers a query with {answer.Status} instead of 200") : answer;
        }

        string type = response.Content.Headers.ContentType?.MediaType ?? "";
        bool isMessagePack = type.EndsWith("msgpack", StringComparison.OrdinalIgnoreCase);
        if (!isMessagePack && !type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            throw new InfluxFormatException($"it answers a query with '{type}' instead of MessagePack or JSON");
        }

        InfluxAnswerReader reader = new(visit);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await reader.ReadAsync(body, isMessagePack, () => timeout.CancelAfter(_options.RequestTimeout), cancellationToken);
        if (reader.Error is string error)
        {
            return new(InfluxVerdict.Paused, Shortened(error), (int)response.StatusCode, Body: Shortened(error));
        }

        return reader.IsWhole
            ? new(InfluxVerdict.Ok, "", (int)response.StatusCode)
            : new(InfluxVerdict.Unavailable, $"the answer of {_options.Url} was cut off", (int)response.StatusCode);
    }

    private async Task<InfluxAnswer> JudgeAsync(HttpResponseMessage response, CancellationTokenSource timeout, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        string body = await ReadBodyAsync(response, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return new(InfluxVerdict.Ok, "", status, Body: body);
        }

        string moved = response.Headers.Location is Uri location ? $" (it points to {location.GetLeftPartWithoutLogin()})" : "";
        string reason = string.Create(CultureInfo.InvariantCulture, $"HTTP {status} {Shortened(body)}{moved}");
        InfluxVerdict verdict = response.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => InfluxVerdict.Refused,
            HttpStatusCode.RequestEntityTooLarge => InfluxVerdict.TooLarge,
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => InfluxVerdict.Unavailable,
            _ => InfluxVerdict.Paused,
        };
        return new(verdict, reason, status, RetryAfterOf(response.Headers.RetryAfter), body);
    }

    private static async Task<string> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[LongestBody];
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        int length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(bytes, 0, length).Trim();
    }

    private static string Shortened(string text) => text.Length > LongestReason ? text[..LongestReason] : text;

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is DateTimeOffset date ? date - _clock.GetUtcNow() : null);
}

file static class Addresses
{
    /// <summary>An address without user, password and query, to be shown.</summary>
    public static string GetLeftPartWithoutLogin(this Uri address) => address.IsAbsoluteUri
        ? $"{address.Scheme}://{address.Authority}{address.AbsolutePath}"
        : address.OriginalString.Split('?')[0];
}
