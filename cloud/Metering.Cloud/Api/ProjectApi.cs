using Metering.Cloud.Accounts;
using Metering.Cloud.Pages;
using Metering.Cloud.Projects;

namespace Metering.Cloud.Api;

/// <summary>Projects, their results, and what they add up to.</summary>
internal static class ProjectApi
{
    private const string JsonType = "application/json; charset=utf-8";

    /// <summary>Adds the addresses.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/projects", (HttpContext http, ProjectBoard board, AccessScope scope, string? plant, string? after, string? limit) => List(http, board, scope, plant))
            .Needs(Permission.SeeReference).WithTags("projects").WithSummary("Projects one may see with their savings, of one plant if asked.").Produces(StatusCodes.Status200OK, contentType: "application/json");
        api.MapGet("/projects/{id}", (string id, HttpContext http, ProjectBoard board) => ApiAnswer.OfBytes(http, ProjectJson.One(ResultOf(board, id)), JsonType))
            .Needs(Permission.SeeProject, Target.Project).WithTags("projects").WithSummary("One project with its periods and its saving.").Produces(StatusCodes.Status200OK, contentType: "application/json");
        foreach (string address in (string[])["/projects/{id}/result", "/projects/{id}.json"])
        {
            api.MapGet(address, (string id, HttpContext http, ProjectBoard board) =>
                    OfVersion(http, ResultOf(board, id), result => Results.Bytes(ProjectJson.Whole(result), JsonType)))
                .Needs(Permission.SeeProject, Target.Project).WithTags("results").WithSummary("Everything the saving stands on: model, criteria, days, months, channels.").Produces(StatusCodes.Status200OK, contentType: "application/json");
        }

        api.MapGet("/projects/{id}/daily.csv", (string id, HttpContext http, ProjectBoard board) =>
                OfVersion(http, ResultOf(board, id), result => PortalApi.Download(ProjectCsv.Daily(result), $"{id}-daily.csv")))
            .Needs(Permission.SeeProject, Target.Project).WithTags("results").WithSummary("The days as a table.").Produces<string>(StatusCodes.Status200OK, "text/csv");
        api.MapGet("/projects/{id}/monthly.csv", (string id, HttpContext http, ProjectBoard board) =>
                OfVersion(http, ResultOf(board, id), result => PortalApi.Download(ProjectCsv.Monthly(result), $"{id}-monthly.csv")))
            .Needs(Permission.SeeProject, Target.Project).WithTags("results").WithSummary("The months as a table.").Produces<string>(StatusCodes.Status200OK, "text/csv");
        api.MapGet("/portfolio", (HttpContext http, ProjectBoard board, AccessScope scope) => ApiAnswer.Of(http, new ApiList<ApiPortfolioRow>(Rows(board, scope), null)))
            .Needs(Permission.SeeProject).Told<ApiList<ApiPortfolioRow>>("portfolio", "What the projects one may see save together, by resource.");
    }

    /// <summary>The result of a project.</summary>
    /// <exception cref="ApiRefusal">There is none of this identifier.</exception>
    public static ProjectResult ResultOf(ProjectBoard board, string id) => board.ResultOf(Find(board, id));

    /// <summary>A project.</summary>
    /// <exception cref="ApiRefusal">There is none of this identifier.</exception>
    public static Project Find(ProjectBoard board, string id) =>
        board.Register.Find(id) ?? throw ApiRefusal.Unknown("project", new($"no hay ningún proyecto '{id}'; /api/v1/projects dice cuáles hay", $"there is no project '{id}'; /api/v1/projects lists them"));

    private static IResult List(HttpContext http, ProjectBoard board, AccessScope scope, string? plant)
    {
        ApiPaging paging = ApiPaging.Of(http);
        List<Project> rest = [.. board.Register.Projects.Where(project => scope.MaySee(project) && (string.IsNullOrEmpty(plant) || project.Plant.Id == plant))
            .Where(project => paging.After is null || string.CompareOrdinal(project.Id, paging.After) > 0)
            .OrderBy(project => project.Id, StringComparer.Ordinal).Take(paging.Limit + 1)];
        string? next = rest.Count > paging.Limit ? paging.Next(http, rest[paging.Limit - 1].Id) : null;
        return ApiAnswer.OfBytes(http, ProjectJson.List([.. rest.Take(paging.Limit).Select(board.SummaryOf)], next), JsonType);
    }

    private static IResult OfVersion(HttpContext http, ProjectResult result, Func<ProjectResult, IResult> answer)
    {
        string tag = ApiAnswer.Quoted(result.Version);
        http.Response.Headers.ETag = tag;
        return ApiAnswer.IsKnown(http, tag) ? Results.StatusCode(StatusCodes.Status304NotModified) : answer(result);
    }

    private static IReadOnlyList<ApiPortfolioRow> Rows(ProjectBoard board, AccessScope scope) =>
        [.. PortfolioTotal.Of([.. board.Register.Projects.Where(scope.MaySee).Select(board.SummaryOf)]).Select(total => new ApiPortfolioRow(
            ProjectJson.WordOf(total.Resource), total.Unit, total.Savings, total.HalfWidth, total.Baseline, total.Percent, total.Projects, total.AllProjects, total.Grade?.ToString()))];
}
