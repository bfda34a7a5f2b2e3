using System.Globalization;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Records;

namespace Metering.Cloud.Plants;

/// <summary>The addresses of a plant beside its page: live values, what people enter, alarms.</summary>
internal static class PlantRoutes
{
    private const string EventStream = "text/event-stream";

    /// <summary>Adds what the addresses need.</summary>
    public static void Add(IServiceCollection services) => services.AddSingleton<ChannelPaces>().AddSingleton<LiveStream>().AddScoped<PlantView>()
        .AddSingleton(provider => new PlantFacts(provider.GetRequiredService<ProjectBoard>(), provider.GetService<RecordStore>()))
        .AddSingleton(provider => new PlantContacts(provider.GetService<RecordStore>()))
        .AddSingleton(provider => new AlarmBoard(provider.GetRequiredService<ProjectBoard>(), provider.GetRequiredService<ChannelPaces>(), provider.GetService<RecordStore>()));

    /// <summary>Address of a plant's live values after the language.</summary>
    public static string LiveOf(string plant) => "/plants/" + plant + "/live";

    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet("/live.js", (HttpContext http) => PortalAssets.Kept(http, PlantAssets.Live, PortalAssets.ScriptType)).Open();
        foreach (Language language in Languages.All)
        {
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code());
            pages.MapGet("/plants/{id}/live", (string id, HttpContext http, LiveStream live) => Live(http, live, id, language)).Needs(Permission.SeePlant, Target.Plant)
                .Produces(StatusCodes.Status200OK, contentType: EventStream);
            ProjectBoard board = app.Services.GetRequiredService<ProjectBoard>();
            AlarmForms alarms = new(app.Services.GetRequiredService<AlarmBoard>(), board, language);
            pages.MapGet(AlarmForms.All, (HttpContext http) => alarms.ShowAll(http)).Needs(Permission.SeePlant);
            pages.MapGet("/plants/{id}/alarms", (string id, HttpContext http) => alarms.Show(http, id)).Needs(Permission.SeePlant, Target.Plant);
            if (app.Services.GetService<RecordStore>() is { } records)
            {
                EntryDesk desk = new(records);
                MapEntries(pages, desk, board, language);
                pages.MapPost("/plants/{id}/alarms/acknowledge", (string id, HttpContext http) => alarms.AcknowledgeAsync(http, id, desk)).Needs(Permission.EnterRecords, Target.Plant);
            }
        }
    }

    private static void MapEntries(RouteGroupBuilder pages, EntryDesk desk, ProjectBoard board, Language language)
    {
        RouteGroupBuilder entries = pages.MapGroup("/plants/{id}/entries").Needs(Permission.EnterRecords, Target.Plant);
        EntryForms forms = new(desk, board, language);
        UploadForms uploads = new(desk, board, forms, language);
        pages.MapGet("/plants/{id}/entries", (string id, HttpContext http) => forms.Show(http, id)).Needs(Permission.EnterRecords, Target.Plant);
        entries.MapPost("/production", (string id, HttpContext http) => forms.ProductionAsync(http, id));
        entries.MapPost("/week", (string id, HttpContext http) => forms.WeekAsync(http, id));
        entries.MapPost("/lab", (string id, HttpContext http) => forms.LabAsync(http, id));
        entries.MapPost("/file", (string id, HttpContext http) => uploads.ShowAsync(http, id));
        entries.MapPost("/confirm", (string id, HttpContext http) => uploads.ConfirmAsync(http, id));
        entries.MapPost("/withdraw", (string id, HttpContext http) => forms.TurnAsync(http, id, isWithdrawal: true));
        entries.MapPost("/restore", (string id, HttpContext http) => forms.TurnAsync(http, id, isWithdrawal: false));
    }

    private static IResult Live(HttpContext http, LiveStream live, string plant, Language language)
    {
        if (http.RequestServices.GetRequiredService<ProjectBoard>().Register.FindPlant(plant) is null)
        {
            return Portal.NotFound(http);
        }

        if (live.Enter(Viewer.Of(http)!) is not { } place)
        {
            return AccessGate.Say(
                http, StatusCodes.Status429TooManyRequests, "too-many-streams", PlantWords.TooManyStreamsTitle, PlantWords.TooManyStreams,
                LiveStream.MostOfOneReader.ToString(CultureInfo.InvariantCulture));
        }

        http.Response.RegisterForDispose(place);
        bool isOnce = !http.Request.Headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase);
        CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        http.Response.RegisterForDispose(ending);
        return TypedResults.ServerSentEvents(live.ReadAsync(plant, language, http.User, isOnce, ending.Token));
    }
}
