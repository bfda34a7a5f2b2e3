using System.Globalization;
using System.Text;
using Metering.Analytics.Intervals;
using Metering.Cloud.Accounts;
using Metering.Cloud.Projects;
using Metering.Readings;
using Metering.Store;
using Microsoft.AspNetCore.Mvc;

namespace Metering.Cloud.Pages;

/// <summary>The addresses below /api/v1: JSON and CSV with strong ETags, faults as problem details (RFC 9457).</summary>
internal static class PortalApi
{
    private const string CsvType = "text/csv; charset=utf-8";
    private const string JsonType = "application/json; charset=utf-8";
    private const long Lead = 6 * 60 * 60 * 1000L;
    private const int MostIntervals = 400_000;

    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet("/api/v1/projects", (ProjectBoard board, AccessScope scope) =>
            Results.Bytes(ProjectJson.List([.. board.Register.Projects.Where(scope.MaySee).Select(board.ResultOf)]), JsonType)).Needs(Permission.SeeReference);
        app.MapGet("/api/v1/projects/{id}.json", (string id, HttpContext http, ProjectBoard board) =>
            OfProject(http, board, id, result => Results.Bytes(ProjectJson.Whole(result), JsonType))).Needs(Permission.SeeProject, Target.Project);
        app.MapGet("/api/v1/projects/{id}/daily.csv", (string id, HttpContext http, ProjectBoard board) =>
            OfProject(http, board, id, result => Download(ProjectCsv.Daily(result), $"{id}-daily.csv"))).Needs(Permission.SeeProject, Target.Project);
        app.MapGet("/api/v1/projects/{id}/monthly.csv", (string id, HttpContext http, ProjectBoard board) =>
            OfProject(http, board, id, result => Download(ProjectCsv.Monthly(result), $"{id}-monthly.csv"))).Needs(Permission.SeeProject, Target.Project);
        app.MapGet("/api/v1/channels/{gateway}/{channel}/intervals.csv", Intervals).Needs(Permission.SeePlant, Target.Channel);
    }

    /// <summary>A fault of the caller as problem details.</summary>
    public static IResult Fault(int status, string code, string detail) => Results.Json(
        new ProblemDetails
        {
            Status = status,
            Title = status == StatusCodes.Status404NotFound ? "Not found" : "The request cannot be answered",
            Detail = detail,
            Extensions = { ["code"] = code },
        },
        contentType: "application/problem+json",
        statusCode: status);

    private static IResult OfProject(HttpContext http, ProjectBoard board, string id, Func<ProjectResult, IResult> answer)
    {
        if (board.Register.Find(id) is not { } project)
        {
            return Fault(StatusCodes.Status404NotFound, "unknown-project", $"there is no project '{id}'; /api/v1/projects lists them");
        }

        ProjectResult result = board.ResultOf(project);
        string tag = $"\"{result.Version}\"";
        http.Response.Headers.ETag = tag;
        return http.Request.Headers.IfNoneMatch == tag ? Results.StatusCode(StatusCodes.Status304NotModified) : answer(result);
    }

    /// <summary>A file for spreadsheets.</summary>
    public static IResult Download(string csv, string name) =>
        Results.File(Encoding.UTF8.GetBytes("\uFEFF" + csv), CsvType, name); // the mark makes spreadsheets read UTF-8

    private static IResult Intervals(string gateway, string channel, HttpContext http, ProjectBoard board)
    {
        if (board.Store.FindChannel(gateway, channel) is not { } stored)
        {
            return Fault(StatusCodes.Status404NotFound, "unknown-channel", $"gateway '{gateway}' has no channel '{channel}' with readings");
        }

        TimeZoneInfo zone = board.Register.FindPlant(stored.Plant)?.Zone ?? TimeZoneInfo.Utc;
        IQueryCollection query = http.Request.Query;
        if (!TryStep(query["step"], out IntervalStep step))
        {
            return Fault(StatusCodes.Status400BadRequest, "bad-step", "step is one of 15m, 1h, 1d, 1mo");
        }

        if (!TryInstant(query["from"], zone, stored.FirstUtcMilliseconds, out long from)
            || !TryInstant(query["to"], zone, stored.LastUtcMilliseconds, out long to))
        {
            return Fault(StatusCodes.Status400BadRequest, "bad-time", "from and to are days of the plant such as 2026-01-31, or instants such as 2026-01-31T00:00:00Z");
        }

        if (to <= from || (to - from) / step.Milliseconds > MostIntervals)
        {
            return Fault(StatusCodes.Status400BadRequest, "bad-range", $"to must lie after from, and the range may hold at most {MostIntervals} intervals");
        }

        return Download(IntervalLines(board.Store, stored, (from, to), step, zone), $"{gateway}-{channel}.csv");
    }

    private static string IntervalLines(IReadingStore store, StoredChannel stored, (long From, long To) range, IntervalStep step, TimeZoneInfo zone)
    {
        ReadingColumns columns = store.Read(stored.Gateway, stored.Channel.Id, range.From - Lead, range.To + Lead);
        (IReadOnlyList<long> starts, IReadOnlyList<double> values) = ChannelSeries.Of(columns, step, zone);
        Csv csv = new();
        string kind = stored.Channel.Kind == ChannelKind.Counter ? "use" : "mean";
        _ = csv.Text("start_utc").Text("start_local").Text($"{kind} [{stored.Channel.Unit}]");
        csv.Line();
        for (int index = 0; index < starts.Count; index++)
        {
            if (starts[index] >= range.From && starts[index] < range.To)
            {
                _ = csv.Instant(starts[index], zone).Number(values[index]);
                csv.Line();
            }
        }

        return csv.ToString();
    }

    private static bool TryStep(string? text, out IntervalStep step)
    {
        step = text switch
        {
            null or "" or "15m" => IntervalStep.QuarterHour,
            "1h" => IntervalStep.Hour,
            "1d" => IntervalStep.Day,
            "1mo" => IntervalStep.Month,
            _ => default,
        };
        return step.Milliseconds > 0;
    }

    private static bool TryInstant(string? text, TimeZoneInfo zone, long byDefault, out long utcMilliseconds)
    {
        utcMilliseconds = byDefault;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            utcMilliseconds = PlantCalendar.StartOfDay(day, zone);
            return day.Year is >= 1970 and < 9999;
        }

        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"];
        bool isInstant = text.Length > 11
            && (text.EndsWith('Z') || text.AsSpan(11).ContainsAny('+', '-'))
            && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant)
            && (utcMilliseconds = instant.ToUnixTimeMilliseconds()) >= 0;
        return isInstant;
    }
}
