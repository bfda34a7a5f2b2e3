using Metering.Cloud.Accounts;
using Metering.Cloud.Assessment;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;
using Metering.Programme.Records;

namespace Metering.Cloud.ProgrammePages;

/// <summary>What a page of the programme is made from.</summary>
/// <param name="Register">The register at one moment.</param>
/// <param name="Today">The day it is in the programme's zone.</param>
/// <param name="Board">Results of the metered projects.</param>
/// <param name="Query">The query of the request.</param>
internal sealed record ProgrammeRequest(RegisterSnapshot Register, DateOnly Today, ProjectBoard Board, IQueryCollection Query)
{
    /// <summary>Sums and indicators over all projects, kept between requests.</summary>
    public required PortfolioDesk Portfolio { get; init; }

    /// <summary>Whether the reader has a permission for the whole programme.</summary>
    public required Func<Permission, bool> May { get; init; }

    /// <summary>The log's public key, for pages that hand it out; null where there is no log.</summary>
    public Evidence.LogKey? LogKey { get; init; }

    /// <summary>What a report is made from: it has no reader and no query.</summary>
    public static ProgrammeRequest OfReport(RecordStore records, ProjectBoard board, PortfolioDesk portfolio) =>
        new(records.Snapshot, records.Today, board, QueryCollection.Empty) { Portfolio = portfolio, May = _ => true };
}

/// <summary>The pages of the programme's staff, its committees and the public: each is one function from the register and the results to what is shown.</summary>
internal static class ProgrammeRoutes
{
    /// <summary>The overview after the language.</summary>
    public const string Home = "/programme";

    /// <summary>Adds the addresses where there is a register.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<RecordStore>() is not RecordStore store)
        {
            return;
        }

        PlantAssessmentRoutes.Map(app);
        InterestRoutes.Map(app, store);
        app.MapGet("/certificates/{number}", (string number, HttpContext http) =>
        {
            http.Response.Headers.Vary = "Accept-Language";
            return Results.Redirect("/" + Languages.Preferred(http.Request.Headers.AcceptLanguage).Code() + CertificatePage.AddressOf(CertificatePage.NumberOf(number)));
        }).Open();
        ProgrammeDesk desk = app.Services.GetRequiredService<ProgrammeDesk>();
        SharingRoutes.MapFiles(app, desk);
        foreach (Language language in Languages.All)
        {
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code());
            foreach (ProgrammeEntry entry in ProgrammeEntries.All)
            {
                RouteHandlerBuilder route = pages.MapGet(entry.Address, (HttpContext http) => desk.Show(http, language, entry.Make));
                _ = entry.AddsUpAll ? route.OncePrepared() : route;
                _ = entry.Needs is { } permission ? route.Needs(permission, Target.Programme) : route.Open();
            }

            pages.MapGet("/certificates/{number}", (string number, HttpContext http) => desk.Show(http, language, request => CertificatePage.Make(request.Register, CertificatePage.NumberOf(number)))).Open();
            SharingRoutes.Map(pages, language, desk);
            BenchmarkPage.Map(pages, language, desk);
        }
    }
}

/// <summary>Answers requests for the programme's pages.</summary>
internal sealed class ProgrammeDesk(RecordStore store, PortfolioDesk portfolio)
{
    /// <summary>The register.</summary>
    public RecordStore Store => store;

    /// <summary>What the portfolio is made of, kept between requests.</summary>
    public PortfolioDesk Portfolio => portfolio;

    /// <summary>Draws a page; 404 when it has nothing to show.</summary>
    public IResult Show(HttpContext http, Language language, Func<ProgrammeRequest, ProgrammeView?> make, int status = StatusCodes.Status200OK) =>
        make(RequestOf(http)) is not { } view
            ? Portal.NotFound(http)
            : AccountPages.Draw<ProgrammePage>(http, language, view.Address, view.Title, new() { [nameof(ProgrammePage.Shows)] = view }, status);

    /// <summary>What pages are made from, for a request.</summary>
    public ProgrammeRequest RequestOf(HttpContext http) =>
        new(store.Snapshot, store.Today, http.RequestServices.GetRequiredService<ProjectBoard>(), http.Request.Query) {
            Portfolio = portfolio,
            LogKey = http.RequestServices.GetService<Evidence.LogKey>(),
            May = permission => http.RequestServices.GetRequiredService<AccessScope>().May(permission, null, null),
        };
}
