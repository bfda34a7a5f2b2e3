using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Programme.Kinds;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>The addresses of buyers' links.</summary>
internal static class SharingRoutes
{
    private static readonly Text Made = new("Enlace creado; se muestra solo esta vez: {0}", "Link made; it is shown only this once: {0}");
    private static readonly Text NotMade = new("No se creó: el permiso no existe o ya venció.", "Not made: there is no such consent, or it has ended.");
    private static readonly Text EndedTitle = new("Este enlace no muestra nada", "This link shows nothing");
    private static readonly Text EndedMessage = new(
        "El permiso de la planta terminó, un enlace más nuevo lo sustituyó, o la dirección está incompleta. Pida otro enlace a la planta o al programa.",
        "The plant's consent ended, a newer link replaced it, or the address is incomplete. Ask the plant or the programme for another link.");
    private static readonly Text Reason = new("se creó un enlace para el comprador", "a link for the buyer was made");

    /// <summary>Adds the pages of a language.</summary>
    public static void Map(RouteGroupBuilder pages, Language language, ProgrammeDesk desk)
    {
        pages.MapGet(SharingPage.Shared, (HttpContext http) => SharingPage.View(desk.RequestOf(http)) is { } view ? desk.Show(http, language, _ => view) : Ended(http)).Open();
        pages.Answer(HttpMethods.Post, SharingPage.Address + "/make", http => MakeAsync(http, language, desk)).Needs(Permission.EditRegister, Target.Programme);
    }

    /// <summary>Adds the files, which have no language.</summary>
    public static void MapFiles(WebApplication app, ProgrammeDesk desk)
    {
        app.MapGet("/shared.csv", (HttpContext http) => OfConsent(http, desk, (request, consent) => PortalApi.Download(SharingPage.Csv(request, consent), "shared.csv"))).Open();
        app.MapGet("/shared.json", (HttpContext http) => OfConsent(http, desk, (request, consent) => Results.Json(SharingPage.SavingsOf(request, consent).Select(one => new
        {
            plant = one.Plant.In(Language.English),
            project = one.Project.In(Language.English),
            resource = one.Entry.Resource.ToString(),
            saving = one.Entry.Whole!.Savings,
            standardError = one.Entry.Whole.StandardError,
            unit = one.Entry.Unit,
            firstDay = one.Entry.Reporting.First,
            lastDay = one.Entry.Reporting.Last,
        })))).Open();
    }

    private static IResult OfConsent(HttpContext http, ProgrammeDesk desk, Func<ProgrammeRequest, ShareConsent, IResult> answer)
    {
        http.Response.Headers.CacheControl = "no-store";
        ProgrammeRequest request = desk.RequestOf(http);
        return SharingPage.ConsentOf(request, http.Request.Query["token"].ToString()) is { } consent ? answer(request, consent) : Ended(http);
    }

    // The same for a link that never was: nobody learns from it which there are.
    private static PageResult Ended(HttpContext http) => Portal.Message(http, EndedTitle, EndedMessage, StatusCodes.Status404NotFound);

    private static async Task<IResult> MakeAsync(HttpContext http, Language language, ProgrammeDesk desk)
    {
        Func<string, string> form = await AccountPages.FormAsync(http);
        RecordVersion? version = desk.Store.Snapshot.Version(new(ShareConsent.Kind.Name, form("consent")));
        if (version is not { IsWithdrawn: false, Record: ShareConsent consent } || consent.EndsOn < desk.Store.Today)
        {
            return desk.Show(http, language, request => SharingPage.Make(request, NotMade), StatusCodes.Status422UnprocessableEntity);
        }

        (string secret, string hash) = SharingPage.NewSecret();
        try
        {
            _ = desk.Store.Save([new(consent with { LinkHash = hash }, version.Version)], CurrentActor.Of(http), Reason.In(language));
        }
        catch (Exception e) when (e is RecordConflictException or RecordFaultsException)
        {
            return desk.Show(http, language, request => SharingPage.Make(request, NotMade), StatusCodes.Status412PreconditionFailed);
        }

        string link = AccountPages.Link(http, language, "shared", secret);
        return desk.Show(http, language, request => SharingPage.Make(request, new(Made.In(Language.Spanish, link), Made.In(Language.English, link))));
    }
}
