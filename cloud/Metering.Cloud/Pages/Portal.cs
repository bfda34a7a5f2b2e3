using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Metering.Cloud.Accounts;
using Metering.Cloud.Api;
using Metering.Cloud.Assessment;
using Metering.Cloud.Charts;
using Metering.Cloud.Explore;
using Metering.Cloud.Projects;
using Metering.Cloud.Register;
using Metering.Cloud.Texts;
using Metering.Cloud.Workflow;
using Metering.Programme.Records;
using Metering.Store;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Features;

namespace Metering.Cloud.Pages;

/// <summary>
/// The pages of the product: drawn on the server, readable without any script, in Spanish and English. The host calls
/// <see cref="AddPortal"/> before and <see cref="MapPortal"/> after it builds its application.
/// </summary>
internal static partial class Portal
{
    private const string Policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Reads the projects file, if one is configured, and adds what the pages need.</summary>
    /// <param name="services">The services.</param>
    /// <param name="projectsFile">Plants and projects in a file; null for those of the register alone.</param>
    /// <param name="store">The readings.</param>
    /// <param name="summariesFile">Where summaries of results are kept between two runs, see <see cref="SummaryShelf"/>; null for nowhere.</param>
    /// <exception cref="ProjectsFileException">The projects file has a fault; its exit code is 78.</exception>
    public static void AddPortal(IServiceCollection services, string? projectsFile, IReadingStore store, string? summariesFile = null)
    {
        ProjectRegister register = projectsFile is null ? new([], []) : ProjectRegister.Load(projectsFile);
        services.AddResponseCompression();
        ApiDocument.Add(services);
        services.AddScoped<PageContext>().AddScoped<WorkflowView>().AddScoped<Gateways.EnrolmentView>().AddSingleton<KeptSections>();
        Plants.PlantRoutes.Add(services);
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)); // accents stay letters; <, >, & and quotes are still escaped
        services.AddSingleton(provider => new ProjectSource(register, provider.GetService<RecordStore>()));
        services.AddSingleton(provider => new ProjectBoard(provider.GetRequiredService<ProjectSource>(), store, provider.GetService<TimeProvider>() ?? TimeProvider.System, summariesFile is null ? null : new(summariesFile)));
    }

    /// <summary>Adds the pages, the downloads, the security headers and the pages for what is not found or fails.</summary>
    public static void MapPortal(WebApplication app)
    {
        app.UseResponseCompression();
        app.Use(Guard);
        app.Use(PageTurns.WaitAsync);
        AccountHost.Use(app);
        app.MapGet("/", async (HttpContext http) =>
        {
            await DemoRoutes.EnterAsync(http);
            http.Response.Headers.Vary = "Accept-Language";
            return Results.Redirect($"/{Languages.Preferred(http.Request.Headers.AcceptLanguage).Code()}/");
        }).Open();
        app.MapGet("/site.css", (HttpContext http) => PortalAssets.Kept(http, PortalAssets.Style, "text/css; charset=utf-8")).Open();
        app.MapGet("/charts.css", (HttpContext http) => PortalAssets.Kept(http, PortalAssets.ChartStyle, "text/css; charset=utf-8")).Open();
        app.MapGet("/icon.svg", (HttpContext http) => PortalAssets.Kept(http, PortalAssets.Icon, "image/svg+xml")).Open();
        app.MapGet("/charts/{id}/carpet.png", (string id, HttpContext http, ProjectBoard board) =>
            board.Register.Find(id) is { } project && board.ResultOf(project).Carpet is { } carpet
                ? Results.Bytes(CarpetChart.Picture(carpet), "image/png")
                : PortalApi.Fault(StatusCodes.Status404NotFound, "unknown-chart", new($"no hay esa gráfica de un proyecto '{id}'", $"there is no such chart of a project '{id}'"))).Needs(Permission.SeeProject, Target.Project);
        foreach (Language language in Languages.All)
        {
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code());
            pages.MapGet("/", (HttpContext http, PageContext page, ProjectBoard board) => ShowProjects(language, http, page, board)).Needs(Permission.SeeReference).OncePrepared();
            pages.MapGet("/projects/{id}", (string id, HttpContext http) => ShowProject(language, id, http)).Needs(Permission.SeeProject, Target.Project);
            pages.MapGet("/plants/{id}", (string id, HttpContext http) => ShowPlant(language, id, http)).Needs(Permission.SeePlant, Target.Plant);
        }

        ReferenceDataRoutes.Map(app);
        ExploreRoutes.Map(app, NotFound);
        AssessmentRoutes.Map(app);
        ProgrammePages.ProgrammeRoutes.Map(app);
        ApiRoutes.Map(app);
        RegisterRoutes.Map(app);
        WorkflowRoutes.Map(app);
        Reports.ReportRoutes.Map(app);
        Plants.PlantRoutes.Map(app);
        Gateways.EnrolmentRoutes.Map(app);
        Evidence.LogRoutes.Map(app);
        Evidence.EvidenceRoutes.Map(app);
        AccountHost.Map(app);
        app.MapFallback("{*path}", NotFound).Open();
    }

    private static PageResult ShowProjects(Language language, HttpContext http, PageContext page, ProjectBoard board)
    {
        Begin(page, language, "/", board);
        AccessScope scope = http.RequestServices.GetRequiredService<AccessScope>();
        IReadOnlyList<StoredChannel> channels = [.. board.Store.Channels().Where(channel => scope.MaySeePlant(channel.Plant))];
        long? last = channels.Count == 0 ? null : channels.Max(channel => channel.LastUtcMilliseconds);
        HashSet<string> gateways = [.. channels.Select(channel => channel.Gateway)];
        long? early = board.Store.NewestEarly(null).Where(reading => gateways.Contains(reading.Gateway)).Max(reading => (long?)reading.Reading.UtcMilliseconds);
        bool isEarly = early is not null && !(early <= last);
        page.Title = page.T(Words.Projects);
        page.Results = [.. board.Register.Projects.Where(scope.MaySee).Select(board.SummaryOf)];
        page.Drafts = [.. board.Register.Drafts.Where(draft => scope.MaySeeProject(draft.Id))];
        page.Status = new(
            channels.Sum(channel => channel.Count),
            channels.Count,
            gateways.Count,
            isEarly ? early : last,
            isEarly,
            scope.May(Permission.SeePlant, null, null) ? board.Store.QuarantineCount : null);
        return Page<ProjectsPage>(http);
    }

    private static IResult ShowProject(Language language, string id, HttpContext http)
    {
        ProjectBoard board = http.RequestServices.GetRequiredService<ProjectBoard>();
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        if (board.Register.Find(id) is not { } project)
        {
            return board.Register.FindDraft(id) is null ? NotFound(http) : Results.Redirect($"/{language.Code()}{WorkflowRoutes.Of(id)}");
        }

        Begin(page, language, "/projects/" + id, board);
        page.MeterOf = board.Source.MeterOf(project, board.Store);
        page.Title = page.T(project.Title);
        WorkflowView work = http.RequestServices.GetRequiredService<WorkflowView>();
        work.Flow = ProjectFlow.Read(board, http.RequestServices.GetRequiredService<RecordStore>(), id);
        page.Result = work.Flow?.Result ?? board.ResultOf(project);
        page.IsSigned = work.Flow?.SignState == SignState.Signed;
        page.Zoom = ZoomView.OfProject(board, page.Result, http.Request.Query);
        page.Month = DateOnly.TryParseExact(http.Request.Query["m"] + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly month)
            && month >= project.Baseline.First.AddDays(-31) && month <= project.Reporting.Last
            ? month
            : null;
        return Page<ProjectPage>(http);
    }

    private static IResult ShowPlant(Language language, string id, HttpContext http)
    {
        ProjectBoard board = http.RequestServices.GetRequiredService<ProjectBoard>();
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        if (board.Register.FindPlant(id) is not { } plant)
        {
            return NotFound(http);
        }

        Begin(page, language, "/plants/" + id, board);
        page.Title = page.T(plant.Name);
        page.Plant = plant;
        page.Channels = ChannelSummary.Of(board.Store, plant);
        page.Results = [.. board.Register.Projects.Where(project => project.Plant.Id == id && http.RequestServices.GetRequiredService<AccessScope>().MaySee(project)).Select(board.SummaryOf)];
        return Page<PlantPage>(http);
    }

    /// <summary>The same answer for what is not there and for what the reader may not see.</summary>
    public static IResult NotFound(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            return PortalApi.Fault(StatusCodes.Status404NotFound, "unknown-address", new($"no hay nada en {http.Request.Path}", $"there is nothing at {http.Request.Path}"));
        }

        return Message(http, Words.NotFoundTitle, Words.NotFoundMessage, StatusCodes.Status404NotFound);
    }

    /// <summary>A page that says one thing.</summary>
    public static PageResult Message(HttpContext http, Text title, Text message, int status, params object[] values)
    {
        PageContext page = http.RequestServices.GetRequiredService<PageContext>();
        page.Begin(AddressLanguage.Of(http), "/", TimeProvider.System.GetUtcNow());
        page.Title = page.T(title);
        http.Response.Headers.CacheControl = "no-store";
        return PageResult.Of<MessagePage>(status, new() { [nameof(MessagePage.Message)] = page.T(message, values) });
    }

    private static void Begin(PageContext page, Language language, string path, ProjectBoard board) =>
        page.Begin(language, path, board.Clock.GetUtcNow());

    private static PageResult Page<TPage>(HttpContext http)
        where TPage : IComponent
    {
        http.Response.Headers.CacheControl = "no-cache";
        return PageResult.Of<TPage>(StatusCodes.Status200OK, []);
    }

    private static async Task Guard(HttpContext http, RequestDelegate next)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (http.Request.Query.Count == 0 && http.Features.Get<IHttpsCompressionFeature>() is { } compression)
        {
            // Over https only what repeats nothing of the request is compressed: its length then tells nothing of what else stands on the page.
            compression.Mode = HttpsCompressionMode.Compress;
        }

        try
        {
            await next(http);
        }
#pragma warning disable CA1031 // The outermost edge of a request: whatever failed is logged, and the reader gets a page without internals.
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
#pragma warning restore CA1031
        {
            LogFailure(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Metering.Cloud.Pages.Portal"), http.Request.Path, e);
            IResult answer = http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
                ? PortalApi.Fault(StatusCodes.Status500InternalServerError, "failed", new("la respuesta no se pudo preparar; intente de nuevo en un momento", "the answer could not be prepared; try again in a moment"))
                : Message(http, Words.ErrorTitle, Words.ErrorMessage, StatusCodes.Status500InternalServerError);
            await answer.ExecuteAsync(http);
        }
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Warning, Message = "The page {Path} could not be prepared")]
    private static partial void LogFailure(ILogger logger, string path, Exception exception);
}
