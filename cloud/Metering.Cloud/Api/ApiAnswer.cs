using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Metering.Cloud.Pages;
using Microsoft.Net.Http.Headers;

namespace Metering.Cloud.Api;

/// <summary>Answers with a strong ETag over their bytes: the same answer is not sent twice.</summary>
internal static class ApiAnswer
{
    private const string JsonType = "application/json; charset=utf-8";
    private const int TagBytes = 12;

    /// <summary>How shapes are written: camelCase, letters as they are, null where there is no value.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>A shape as JSON.</summary>
    public static IResult Of<TShape>(HttpContext http, TShape shape) => OfBytes(http, JsonSerializer.SerializeToUtf8Bytes(shape, Json), JsonType);

    /// <summary>A shape as JSON under a tag of its own, such as the version of a record.</summary>
    public static IResult Tagged<TShape>(HttpContext http, TShape shape, string tag, int status = StatusCodes.Status200OK)
    {
        http.Response.Headers.ETag = Quoted(tag);
        return status == StatusCodes.Status200OK && IsKnown(http, Quoted(tag))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Json(shape, Json, JsonType, status);
    }

    /// <summary>Bytes, or 304 when the caller has them.</summary>
    public static IResult OfBytes(HttpContext http, byte[] bytes, string type, string? name = null) =>
        Has(http, bytes) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.File(bytes, type, name);

    /// <summary>Gives the answer its tag, and says whether the caller has these bytes already.</summary>
    public static bool Has(HttpContext http, byte[] bytes)
    {
        string tag = Quoted(Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, TagBytes)));
        http.Response.Headers.ETag = tag;
        return IsKnown(http, tag);
    }

    /// <summary>A table for spreadsheets, or 304 when the caller has it.</summary>
    public static IResult OfCsv(HttpContext http, string csv, string name) =>
        Has(http, Encoding.UTF8.GetBytes(csv)) ? Results.StatusCode(StatusCodes.Status304NotModified) : PortalApi.Download(csv, name);

    /// <summary>Whether the caller has the answer of a tag already (RFC 9110, 13.1.2: weak comparison).</summary>
    public static bool IsKnown(HttpContext http, string tag) =>
        EntityTagHeaderValue.TryParseList([.. http.Request.Headers.IfNoneMatch.OfType<string>()], out IList<EntityTagHeaderValue>? known)
        && known.Any(one => one.Tag == "*" || one.Tag == tag);

    /// <summary>Whether the caller prefers a table to JSON.</summary>
    /// <exception cref="ApiRefusal">He wants neither (406).</exception>
    public static bool WantsCsv(HttpContext http)
    {
        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (http.Request.Headers.Accept.Count == 0)
        {
            return false;
        }

        IList<MediaTypeHeaderValue>? accepted = MediaTypeHeaderValue.TryParseList([.. http.Request.Headers.Accept.OfType<string>()], out IList<MediaTypeHeaderValue>? read) ? read : [];
        double csv = QualityOf(accepted, "text/csv");
        double json = QualityOf(accepted, "application/json");
        return csv > 0 || json > 0
            ? csv > json
            : throw ApiRefusal.Of(StatusCodes.Status406NotAcceptable, "not-acceptable", new("las series son application/json o text/csv", "series are application/json or text/csv"), HeaderNames.Accept);
    }

    /// <summary>A tag with its quotes.</summary>
    public static string Quoted(string tag) => "\"" + tag + "\"";

    // The most exact range that holds the type decides (RFC 9110, 12.5.1).
    private static double QualityOf(IList<MediaTypeHeaderValue> accepted, string type)
    {
        MediaTypeHeaderValue asked = new(type);
        return accepted.Where(asked.IsSubsetOf).OrderBy(one => one.MatchesAllTypes ? 2 : one.MatchesAllSubTypes ? 1 : 0).FirstOrDefault() is { } found ? found.Quality ?? 1 : 0;
    }
}
