using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Plants;
using Metering.Cloud.Projects;
using Metering.Cloud.Texts;

namespace Metering.Cloud.Explore;

/// <summary>The way down: project, day, reading, signed batch; and back to every result that a reading is part of.</summary>
internal static class ExploreRoutes
{
    private const string BatchType = "application/octet-stream";

    /// <summary>Adds the pages of each language and the download of a batch.</summary>
    /// <param name="app">The application.</param>
    /// <param name="notFound">Answers for what is not there.</param>
    public static void Map(WebApplication app, Func<HttpContext, IResult> notFound)
    {
        foreach (Language language in Languages.All)
        {
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code());
            pages.MapGet("/projects/{id}/days/{day}", (string id, string day, HttpContext http) => ShowDay((language, id, day), http) ?? notFound(http))
                .Needs(Permission.SeeProject, Target.Project);
            pages.MapGet("/readings/{gateway}/{channel}/{instant:long}", (string gateway, string channel, long instant, HttpContext http) =>
                ShowReading((language, gateway, channel, instant), http) ?? notFound(http))
                .Needs(Permission.SeePlant, Target.Channel);
            pages.MapGet("/channels/{gateway}/{channel}/history", (string gateway, string channel, HttpContext http) => ShowChannel((language, gateway, channel), http) ?? notFound(http))
                .Needs(Permission.SeePlant, Target.Channel);
        }

        ZoomAssets.Map(app);
        app.MapGet("/api/v1/readings/{gateway}/{channel}/{instant:long}/batch", (string gateway, string channel, long instant, HttpContext http, ProjectBoard board) =>
            IsInstant(instant) && ReadingTrace.Find(board.Store, gateway, channel, instant)?.Batch is { } batch
                ? Api.ApiAnswer.OfBytes(http, batch.Record.Envelope.ToArray(), BatchType, FormattableString.Invariant($"{gateway}-{batch.Record.KeyEpoch}-{batch.Record.Batch}.mtr1"))
                : PortalApi.Fault(StatusCodes.Status404NotFound, "unknown-reading", new($"no hay ningún lote con una lectura de {gateway}/{channel} en {instant}", $"there is no batch with a reading of {gateway}/{channel} at {instant}")))
            .Needs(Permission.SeePlant, Target.Channel).WithTags("readings").WithSummary("The signed batch that carried a reading, byte for byte as it came.").Produces<byte[]>(StatusCodes.Status200OK, BatchType);
    }

    /// <summary>Address of a reading after the language.</summary>
    public static string Reading(ChannelName name, long utcMilliseconds) =>
        FormattableString.Invariant($"/readings/{name.Gateway}/{name.Channel}/{utcMilliseconds}");

    /// <summary>Address of a channel after the language.</summary>
    public static string Channel(ChannelName name) => FormattableString.Invariant($"/channels/{name.Gateway}/{name.Channel}/history");

    /// <summary>Address of a day after the language.</summary>
    public static string Day(Project project, DateOnly day) =>
        FormattableString.Invariant($"/projects/{project.Id}/days/{day:yyyy-MM-dd}");

    private static PageResult? ShowDay((Language Language, string Id, string Day) asked, HttpContext http)
    {
        ProjectBoard board = http.RequestServices.GetRequiredService<ProjectBoard>();
        if (board.Register.Find(asked.Id) is not { } project
            || !DateOnly.TryParseExact(asked.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return null;
        }

        int? hour = int.TryParse(http.Request.Query["h"], NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given <= 24 ? given : null;
        if (DayTrace.Of(board, board.ResultOf(project), day, hour) is not { } trace)
        {
            return null;
        }

        PageContext page = Begin(http, asked.Language, Day(project, day), board);
        page.Title = $"{page.T(project.Title)}, {page.Format.Date(day)}";
        page.Result = trace.Result;
        page.DayTrace = trace;
        return PageResult.Of<DayPage>(StatusCodes.Status200OK, []);
    }

    private static PageResult? ShowReading((Language Language, string Gateway, string Channel, long Instant) asked, HttpContext http)
    {
        ProjectBoard board = http.RequestServices.GetRequiredService<ProjectBoard>();
        if (!IsInstant(asked.Instant) || ReadingTrace.Find(board.Store, asked.Gateway, asked.Channel, asked.Instant) is not { } trace)
        {
            return null;
        }

        ChannelName name = new(asked.Gateway, asked.Channel);
        PageContext page = Begin(http, asked.Language, Reading(name, asked.Instant), board);
        page.Title = page.T(Words.ReadingTitle, asked.Channel);
        AccessScope scope = http.RequestServices.GetRequiredService<AccessScope>();
        page.Results = [.. board.Register.Projects.Where(project => scope.MaySee(project) && Uses(project, name, asked.Instant)).Select(board.SummaryOf)];
        page.ReadingTrace = trace;
        return PageResult.Of<ReadingPage>(StatusCodes.Status200OK, []);
    }

    private static PageResult? ShowChannel((Language Language, string Gateway, string Channel) asked, HttpContext http)
    {
        ProjectBoard board = http.RequestServices.GetRequiredService<ProjectBoard>();
        if (board.Store.FindChannel(asked.Gateway, asked.Channel) is not { } stored)
        {
            return LiveChannel.FindEarly(board.Store, asked.Gateway, asked.Channel) is { } early ? ShowEarly(asked.Language, early, http, board) : null;
        }

        Plant? plant = board.Register.FindPlant(stored.Plant);
        ZoomView zoom = ZoomView.OfChannel(board.Store, stored, plant?.Zone ?? TimeZoneInfo.Utc, http.Request.Query);
        PageContext page = Begin(http, asked.Language, zoom.Path, board);
        page.Title = page.T(ZoomWords.Channel, asked.Channel);
        page.Plant = plant;
        AccessScope scope = http.RequestServices.GetRequiredService<AccessScope>();
        ChannelName name = new(asked.Gateway, asked.Channel);
        page.Results = [.. board.Register.Projects.Where(project => scope.MaySee(project) && project.Channels().Contains(name)).Select(board.SummaryOf)];
        page.Zoom = zoom;
        return PageResult.Of<ChannelPage>(StatusCodes.Status200OK, []);
    }

    private static PageResult ShowEarly(Language language, LiveChannel early, HttpContext http, ProjectBoard board)
    {
        PageContext page = Begin(http, language, Channel(new(early.Stored.Gateway, early.Stored.Channel.Id)), board);
        page.Title = page.T(ZoomWords.Channel, early.Stored.Channel.Id);
        page.Plant = board.Register.FindPlant(early.Stored.Plant);
        page.Early = early;
        return PageResult.Of<EarlyChannelPage>(StatusCodes.Status200OK, []);
    }

    // A reading at the midnight that ends a period closes its last day.
    private static bool Uses(Project project, ChannelName name, long utcMilliseconds)
    {
        DateOnly day = Metering.Analytics.Intervals.PlantCalendar.DayOf(utcMilliseconds, project.Plant.Zone);
        DateOnly before = Metering.Analytics.Intervals.PlantCalendar.DayOf(utcMilliseconds - 1, project.Plant.Zone);
        return project.Channels().Contains(name) && (project.PhaseOf(day) != DayPhase.Outside || project.PhaseOf(before) != DayPhase.Outside);
    }

    private static bool IsInstant(long utcMilliseconds) =>
        utcMilliseconds >= TimeSpan.MillisecondsPerDay && utcMilliseconds < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - TimeSpan.MillisecondsPerDay;

    private static PageContext Begin(HttpContext http, Language language, string path, ProjectBoard board)
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(language, path, board.Clock.GetUtcNow());
        http.Response.Headers.CacheControl = "no-cache";
        return page;
    }
}
