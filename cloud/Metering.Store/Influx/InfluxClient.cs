using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

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

    /// <summary>Nothing will work until somebody changes something (401, 403, 404 and the rest of 3xx and 4xx).</summary>
    Paused,

    /// <summary>It may work later (429, 5xx, no answer).</summary>
    Unavailable,
}

/// <param name="Verdict">What to do.</param>
/// <param name="Text">The server's words, or the answer in JSON after a query.</param>
/// <param name="RetryAfter">How long the server wants to be left alone, when it said so.</param>
internal sealed record InfluxAnswer(InfluxVerdict Verdict, string Text, TimeSpan? RetryAfter = null);

/// <summary>The two requests needed of InfluxDB: /write with line protocol and /query with InfluxQL.</summary>
internal sealed class InfluxClient
{
    private const int LongestReason = 500;
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

    public async Task<InfluxAnswer> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(lines.Span);
        }

        ByteArrayContent content = new(compressed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new("text/plain") { CharSet = "utf-8" };
        return await SendAsync($"write?db={_options.Database}&precision=ms", content, cancellationToken);
    }

    /// <summary>Runs one InfluxQL statement. An error inside a good answer comes back as <see cref="InfluxVerdict.Paused"/>.</summary>
    public async Task<InfluxAnswer> QueryAsync(string statement, CancellationToken cancellationToken)
    {
        FormUrlEncodedContent content = new([new("q", statement)]);
        InfluxAnswer answer = await SendAsync($"query?db={_options.Database}&epoch=ms", content, cancellationToken);
        if (answer.Verdict == InfluxVerdict.Refused)
        {
            return answer with { Verdict = InfluxVerdict.Paused };
        }

        return answer.Verdict == InfluxVerdict.Ok && ErrorOf(answer.Text) is string error ? new(InfluxVerdict.Paused, error) : answer;
    }

    /// <summary>Rows of the first series of an answer; none when there is no series.</summary>
    public static IEnumerable<JsonElement> Rows(JsonDocument answer)
    {
        JsonElement result = answer.RootElement.GetProperty("results")[0];
        return result.TryGetProperty("series", out JsonElement series) ? series[0].GetProperty("values").EnumerateArray() : [];
    }

    private async Task<InfluxAnswer> SendAsync(string pathAndQuery, HttpContent content, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_options.Base, pathAndQuery)) { Content = content };
        request.Headers.Authorization = Authorization();
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            return Judge(response, text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(InfluxVerdict.Unavailable, $"no answer from {_options.Url}: {e.Message}");
        }
    }

    private InfluxAnswer Judge(HttpResponseMessage response, string text)
    {
        if (response.IsSuccessStatusCode)
        {
            return new(InfluxVerdict.Ok, text);
        }

        string reason = $"HTTP {(int)response.StatusCode} {text.Trim()}";
        reason = reason.Length > LongestReason ? reason[..LongestReason] : reason;
        return response.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => new(InfluxVerdict.Refused, reason),
            HttpStatusCode.RequestEntityTooLarge => new(InfluxVerdict.TooLarge, reason),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                new(InfluxVerdict.Unavailable, reason, RetryAfterOf(response.Headers.RetryAfter)),
            _ => new(InfluxVerdict.Paused, reason),
        };
    }

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is DateTimeOffset date ? date - _clock.GetUtcNow() : null);

    private AuthenticationHeaderValue? Authorization()
    {
        if (_options.UserName is null)
        {
            return null;
        }

        try
        {
            string password = _options.PasswordFile is null ? "" : File.ReadAllText(_options.PasswordFile).TrimEnd('\r', '\n');
            return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_options.UserName}:{password}")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                string.Create(CultureInfo.InvariantCulture, $"cannot read the password of InfluxDB from {_options.PasswordFile}. Put the password into that file, readable by this user."),
                StoreException.Configuration,
                e);
        }
    }

    private static string? ErrorOf(string text)
    {
        using JsonDocument answer = JsonDocument.Parse(text);
        if (answer.RootElement.TryGetProperty("error", out JsonElement error))
        {
            return error.GetString();
        }

        foreach (JsonElement result in answer.RootElement.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("error", out error))
            {
                return error.GetString();
            }
        }

        return null;
    }
}
