using System.Globalization;
using System.IO.Compression;
using System.Text;
using Metering.Cloud.Accounts;
using Metering.Ingestion.Import;
using Metering.Ingestion.Intake;
using Metering.Store;
using Microsoft.Extensions.Primitives;

namespace Metering.Cloud.Intake;

/// <summary>
/// The addresses that InfluxDB clients write to: /write (1.x) and /api/v2/write (2.x), /ping, and all of them again below /influx,
/// where /influx/health answers in InfluxDB's form. What each answers: README of Metering.Ingestion/Import.
/// </summary>
internal static partial class IntakeRoutes
{
    /// <summary>Largest body as it travels, bytes.</summary>
    public const int MaximumBody = 10 * 1024 * 1024;

    /// <summary>Largest body after gunzip, bytes: what InfluxDB 1.x takes by default (max-body-size 25 MB).</summary>
    public const int MaximumExpanded = 25 * 1024 * 1024;

    private const string Version = "1.8.10-metering";
    private const int FirstBuffer = 16 * 1024;
    private const string ComeBackSoon = "1";
    private const string ComeBackLater = "30";

    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app, IntakeService intake)
    {
        foreach (string root in (string[])["", "/influx"])
        {
            _ = app.MapMethods(root + "/ping", [HttpMethods.Get, HttpMethods.Head], (HttpContext http) =>
            {
                http.Response.Headers["X-Influxdb-Version"] = Version;
                http.Response.Headers["X-Influxdb-Build"] = "OSS";
                return Results.NoContent();
            }).Open(takesForms: false);

            // The result is executed here: a lambda from HttpContext to a task is taken for a plain handler, and its result is thrown away.
            _ = app.MapPost(root + "/write", async (HttpContext http) => await (await WriteAsync(http, intake, http.Request.Query["db"])).ExecuteAsync(http)).Open(takesForms: false);
            _ = app.MapPost(root + "/api/v2/write", async (HttpContext http) => await (await WriteAsync(http, intake, http.Request.Query["bucket"])).ExecuteAsync(http)).Open(takesForms: false);
        }

        _ = app.MapGet("/influx/health", () => Results.Json(new { name = "influxdb", message = "ready for writes", status = "pass", checks = Array.Empty<string>(), version = Version })).Open(takesForms: false);
    }

    private static async Task<IResult> WriteAsync(HttpContext http, IntakeService intake, string? name)
    {
        http.Response.Headers["X-Influxdb-Version"] = Version;
        if (SecretOf(http.Request) is not string secret || intake.Tokens.Find(secret) is not IntakeToken token)
        {
            http.Response.Headers.WWWAuthenticate = "Token realm=\"metering\"";
            return Fault(StatusCodes.Status401Unauthorized, "unauthorized", "no valid token: make one with 'cloud intake token create' and send 'Authorization: Token ...', or give it as the password");
        }

        if (string.IsNullOrEmpty(name) || intake.Find(name) is not IntakeDatabase database)
        {
            return Fault(StatusCodes.Status404NotFound, "not found", $"database not found: \"{name}\". Give one of those in the section 'intake' of the cloud's configuration");
        }

        if (token.Plant != database.Plant)
        {
            return Fault(StatusCodes.Status403Forbidden, "forbidden", $"this token may not write to \"{name}\"");
        }

        if (TimestampPrecisions.Find(http.Request.Query["precision"]) is not TimestampPrecision precision)
        {
            return Fault(StatusCodes.Status400BadRequest, "invalid", "precision is one of ns, us, ms, s, m, h");
        }

        try
        {
            ReadOnlyMemory<byte>? body = await ReadBodyAsync(http);
            return body is null
                ? Fault(StatusCodes.Status413PayloadTooLarge, "request too large", $"a body has at most {MaximumBody} bytes, and {MaximumExpanded} after gunzip: send smaller batches")
                : Answer(http, await database.WriteAsync(body.Value, precision, http.RequestAborted));
        }
        catch (InvalidDataException)
        {
            return Fault(StatusCodes.Status400BadRequest, "invalid", "the body says it is gzip, but is not");
        }
        catch (NotSupportedException e)
        {
            return Fault(StatusCodes.Status415UnsupportedMediaType, "invalid", e.Message);
        }
        catch (BadHttpRequestException e)
        {
            return Fault(e.StatusCode, "invalid", e.Message);
        }
        catch (StoreException e)
        {
            LogStore(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Metering.Cloud.Intake"), e.Message);
            http.Response.Headers.RetryAfter = ComeBackLater;
            return Fault(StatusCodes.Status503ServiceUnavailable, "unavailable", "the readings could not be stored; send them again later");
        }
        catch (ImportException e)
        {
            LogStore(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Metering.Cloud.Intake"), e.Message);
            return Fault(StatusCodes.Status500InternalServerError, "internal error", e.Message);
        }
    }

    private static IResult Answer(HttpContext http, IntakeResult result)
    {
        if (result.IsBusy)
        {
            http.Response.Headers.RetryAfter = ComeBackSoon;
            return Fault(StatusCodes.Status429TooManyRequests, "too many requests", "too much waits for the journal; nothing of this body was taken, send it again");
        }

        if (result.Refused == 0)
        {
            return Results.NoContent();
        }

        LineFault first = result.Faults[0];
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"partial write: line {first.Line}: {first.Reason} ({result.Taken} values stored) dropped={result.Refused}");
        return Results.Json(
            new { code = "invalid", message, error = message, data = result.Faults.Select(fault => new { line_number = fault.Line, error_message = fault.Reason }) },
            statusCode: StatusCodes.Status400BadRequest);
    }

    // One shape for both: clients of 1.x read "error", those of 2.x "code" and "message".
    private static IResult Fault(int status, string code, string message) => Results.Json(new { code, message, error = message }, statusCode: status);

    // Token S, Token user:S, Bearer S, Basic user:S, and u=&p=S.
    private static string? SecretOf(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        int space = header.IndexOf(' ', StringComparison.Ordinal);
        string scheme = space < 0 ? "" : header[..space];
        string value = space < 0 ? "" : header[(space + 1)..].Trim();
        if (scheme.Equals("Token", StringComparison.OrdinalIgnoreCase) || scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return AfterColon(value);
        }

        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            Span<byte> decoded = stackalloc byte[512];
            return Convert.TryFromBase64String(value, decoded, out int length) ? AfterColon(Encoding.UTF8.GetString(decoded[..length])) : null;
        }

        StringValues password = request.Query["p"];
        return header.Length == 0 && password.Count == 1 ? password[0] : null;
    }

    private static string AfterColon(string text) => text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];

    // Null when it is too large, before or after gunzip. Memory grows with what really came, never with what a header claims.
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpContext http)
    {
        string encoding = http.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            throw new NotSupportedException($"Content-Encoding '{encoding}' is not taken: send gzip, or none");
        }

        if (http.Request.ContentLength > MaximumBody)
        {
            return null;
        }

        LimitedBody.Limit(http, MaximumBody);

        try
        {
            await using Stream source = encoding == "gzip" ? new GZipStream(http.Request.Body, CompressionMode.Decompress, leaveOpen: true) : http.Request.Body;
            byte[] buffer = new byte[FirstBuffer];
            int length = 0;
            int read;
            while ((read = await source.ReadAsync(buffer.AsMemory(length), http.RequestAborted)) > 0)
            {
                length += read;
                if (length > MaximumExpanded)
                {
                    return null;
                }

                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Min(2 * length, MaximumExpanded + 1));
                }
            }

            return buffer.AsMemory(0, length);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 4900, Level = LogLevel.Error, Message = "Line protocol could not be stored: {Reason}")]
    private static partial void LogStore(ILogger logger, string reason);
}
