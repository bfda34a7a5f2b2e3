using System.Globalization;
using System.Text;
using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.ProgrammePages;
using Metering.Cloud.Projects;

namespace Metering.Cloud.Reports;

/// <summary>The addresses of reports: pages in each language, and files below /api/v1.</summary>
internal static class ReportRoutes
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication app)
    {
        foreach (Language language in Languages.All)
        {
            RouteGroupBuilder pages = app.MapGroup("/" + language.Code());
            pages.MapGet("/projects/{id}/report", (string id, HttpContext http, ProjectBoard board) =>
                Project(http, board, id, ReportForm.Html, language)).Needs(Permission.SeeProject, Target.Project);
            pages.MapGet("/portfolio/report", (HttpContext http, ProjectBoard board) => Portfolio(http, board, ReportForm.Html, language))
                .Needs(Permission.SeeProject, Target.Programme).OncePrepared();
        }

        app.MapGet("/api/v1/projects/{id}/report.{extension}", (string id, string extension, HttpContext http, ProjectBoard board) =>
            ReportFiles.TryForm("." + extension, out ReportForm form) && TryLanguage(http, out Language language)
                ? Project(http, board, id, form, language)
                : Task.FromResult(Unknown())).Needs(Permission.SeeProject, Target.Project).WithTags("reports").WithSummary("A project's report; kind savings or case-sheet, lang es or en.");
        app.MapGet("/api/v1/portfolio/report.{extension}", (string extension, HttpContext http, ProjectBoard board) =>
            ReportFiles.TryForm("." + extension, out ReportForm form) && TryLanguage(http, out Language language)
                ? Portfolio(http, board, form, language)
                : Task.FromResult(Unknown())).Needs(Permission.SeeProject, Target.Programme).WithTags("reports").WithSummary("The portfolio's report; kind annual, half-yearly or plac with its period, lang es or en.");
    }

    private static bool TryLanguage(HttpContext http, out Language language)
    {
        string? asked = http.Request.Query["lang"];
        return Languages.TryParse(asked, out language) || string.IsNullOrEmpty(asked);
    }

    private static IResult Unknown() =>
        PortalApi.Fault(StatusCodes.Status404NotFound, "unknown-report", new("un informe termina en .json, .html, .pdf, .xlsx o .csv, y lang es es o en", "a report ends in .json, .html, .pdf, .xlsx or .csv, and lang is es or en"));

    private static async Task<IResult> Project(HttpContext http, ProjectBoard board, string id, ReportForm form, Language language)
    {
        if (board.Register.Find(id) is not { } project)
        {
            return PortalApi.Fault(StatusCodes.Status404NotFound, "unknown-project", new($"no hay ningún proyecto '{id}'; /api/v1/projects dice cuáles hay", $"there is no project '{id}'; /api/v1/projects lists them"));
        }

        string kind = http.Request.Query["kind"].ToString();
        DrawnReport? report = ReportFiles.OfProject(board.ResultOf(project), kind.Length == 0 ? "savings" : kind);
        return report is null
            ? PortalApi.Fault(StatusCodes.Status400BadRequest, "bad-kind", new("kind del informe de un proyecto es savings o case-sheet", "kind of a project's report is savings or case-sheet"))
            : await Answer(http, report, form, language, Explore.ReportLinks.OfProject(board.ResultOf(project), language));
    }

    private static async Task<IResult> Portfolio(HttpContext http, ProjectBoard board, ReportForm form, Language language)
    {
        // With nothing asked: the year that the newest day of any saving lies in.
        IReadOnlyList<ProjectSummary> results = board.Summaries();
        DateOnly newest = results.Max(result => result.ReportedThrough) ?? DateOnly.FromDateTime(board.Clock.GetUtcNow().UtcDateTime);
        string kind = http.Request.Query["kind"].ToString();
        string period = http.Request.Query["period"].ToString();
        PortfolioDesk portfolio = http.RequestServices.GetService<ProgrammeDesk>()?.Portfolio ?? new();
        DrawnReport? report = ReportFiles.OfPortfolio(board, portfolio, kind.Length == 0 ? "annual" : kind, period.Length == 0 && kind.Length == 0 ? newest.ToString("yyyy", CultureInfo.InvariantCulture) : period);
        return report is null
            ? PortalApi.Fault(StatusCodes.Status400BadRequest, "bad-kind", new("kind y period son half-yearly con 2026-H1, annual con 2026, o plac con cualquiera de los dos", "kind and period are half-yearly with 2026-H1, annual with 2026, or plac with either"))
            : await Answer(http, report, form, language, Explore.ReportLinks.OfPortfolio(results, language));
    }

    // The links stand in the page only: the file that is saved, signed or sent names no address.
    private static async Task<IResult> Answer(HttpContext http, DrawnReport report, ReportForm form, Language language, string links)
    {
        byte[] bytes;
        try
        {
            bytes = await ReportFiles.BytesAsync(report, form, language, http.RequestAborted);
        }
        catch (PdfException failure)
        {
            return PortalApi.Fault(StatusCodes.Status503ServiceUnavailable, "no-pdf", failure.Words);
        }

        http.Response.Headers.CacheControl = "no-cache";
        if (Api.ApiAnswer.Has(http, bytes))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        bool isPage = form == ReportForm.Html && !http.Request.Query.ContainsKey("download");
        if (form == ReportForm.Html)
        {
            http.Response.Headers.ContentSecurityPolicy = ReportHtml.PolicyOf(Encoding.UTF8.GetString(bytes));
        }

        string kind = ReportJson.KindName(report.Document.Kind);
        string extension = form.ToString().ToLowerInvariant();
        return isPage
            ? Results.Bytes(Explore.ReportLinks.Put(bytes, links), ReportFiles.TypeOf(form))
            : Results.File(bytes, ReportFiles.TypeOf(form), $"{report.Document.Subject}-{kind}{(form == ReportForm.Json ? "" : "-" + language.Code())}.{extension}");
    }
}
