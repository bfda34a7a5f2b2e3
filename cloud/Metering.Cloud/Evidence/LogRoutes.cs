using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Api;
using Metering.Cloud.Pages;
using Metering.Evidence.Log;
using Metering.Programme.Log;

namespace Metering.Cloud.Evidence;

/// <summary>The log on a page and in the API. Only subjects and hashes are shown, never a body: an entry may be of anybody's project.</summary>
internal static class LogRoutes
{
    /// <summary>Address after the language.</summary>
    public const string Address = "/log";

    /// <summary>Address of the newest checkpoint.</summary>
    public const string CheckpointAddress = ApiRoutes.Address + "/log/checkpoint";

    private const int Shown = 100;
    private const long LongestIndex = long.MaxValue / 2;

    /// <summary>Adds the page where there is a log.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<EvidenceLog>() is not EvidenceLog log)
        {
            return;
        }

        foreach (Language language in Languages.All)
        {
            app.MapGroup("/" + language.Code()).MapGet(Address, (HttpContext http) => Show(http, language, log)).Needs(Permission.SeeAudit, Target.Programme);
        }
    }

    /// <summary>Adds the addresses of the API.</summary>
    public static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("/log/checkpoint", (HttpContext http, EvidenceLog log) => log.NewestCheckpoint is { } note
                ? ApiAnswer.OfBytes(http, note, "text/plain; charset=utf-8")
                : throw ApiRefusal.Of(StatusCodes.Status404NotFound, "no-checkpoint", new("todavía no se ha firmado ningún punto de control", "no checkpoint is signed yet")))
            .Needs(Permission.SeeReference).Produces(StatusCodes.Status200OK, contentType: "text/plain").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound)
            .WithTags("log").WithSummary("The newest signed checkpoint of the transparency log: name, number of entries, root, instant, signature.");
        api.MapGet("/log/entries", (HttpContext http, EvidenceLog log, string? after, string? limit) => Entries(http, log))
            .Needs(Permission.SeeAudit, Target.Programme).Told<ApiList<ApiLogEntry>>("log", "Entries of the transparency log in their order, without bodies.");
    }

    private static PageResult Show(HttpContext http, Language language, EvidenceLog log)
    {
        (long size, byte[] root) = log.WithTree(tree => (tree.Count, tree.Root(tree.Count)));
        bool isAsked = long.TryParse(http.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out long before);
        long end = isAsked ? Math.Min(before, size) : size;
        long start = Math.Max(0, end - Shown);
        byte[]? note = log.NewestCheckpoint;
        return AccountPages.Draw<LogPage>(http, language, Address, LogWords.Title, new()
        {
            [nameof(LogPage.Size)] = size,
            [nameof(LogPage.Root)] = Convert.ToHexStringLower(root),
            [nameof(LogPage.Newest)] = note is null ? null : Checkpoint.Read(note),
            [nameof(LogPage.Start)] = start,
            [nameof(LogPage.IsNewest)] = end == size,
            [nameof(LogPage.Entries)] = log.Read(start, (int)(end - start), hasBodies: false).Reverse()
                .Select(logged => (logged.Index, LogEntry.Instant(logged.Entry.UtcMilliseconds), logged.Entry.Subject, logged.Entry.BodyHash, logged.IsErased)).ToList(),
        });
    }

    private static IResult Entries(HttpContext http, EvidenceLog log)
    {
        ApiPaging paging = ApiPaging.Of(http);
        long last = -1;
        if (paging.After is not null && (!long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out last) || last > LongestIndex))
        {
            throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-cursor", new("after no es un cursor de esta lista", "after is no cursor of this list"), "after");
        }

        List<ApiLogEntry> items = [.. log.Read(last + 1, paging.Limit, hasBodies: false).Select(logged => new ApiLogEntry(
            logged.Index, logged.Entry.Kind, DateTimeOffset.FromUnixTimeMilliseconds(logged.Entry.UtcMilliseconds), logged.Entry.Subject, logged.Entry.BodyHash, logged.IsErased))];
        return ApiAnswer.Of(http, new ApiList<ApiLogEntry>(items, items.Count < paging.Limit ? null : paging.Next(http, items[^1].Index.ToString(CultureInfo.InvariantCulture))));
    }
}

/// <summary>An entry of the transparency log.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Kind">What it records.</param>
/// <param name="At">When the log took it, UTC.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="BodyHash">SHA-256 over salt and body, hexadecimal.</param>
/// <param name="IsErased">Whether the body was erased since.</param>
internal sealed record ApiLogEntry(long Index, string Kind, DateTimeOffset At, string Subject, string BodyHash, bool IsErased);
