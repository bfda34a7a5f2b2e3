using Metering.Cloud.Accounts;
using Metering.Cloud.Projects;

namespace Metering.Cloud.Api;

/// <summary>Which reports there are; they are drawn by Reports/ReportRoutes.cs.</summary>
internal static class ReportApi
{
    private static readonly string[] Formats = ["json", "html", "pdf", "xlsx", "csv"];

    /// <summary>Adds the address.</summary>
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/reports", (HttpContext http, ProjectBoard board, AccessScope scope, string? after, string? limit) =>
                ApiPaging.Answer(http, All(board, scope), report => report.Subject + " " + report.Kind, report => report))
            .Needs(Permission.SeeReference).Told<ApiList<ApiReport>>("reports", "Reports one may have, and in which formats.");

    private static IEnumerable<ApiReport> All(ProjectBoard board, AccessScope scope)
    {
        foreach (Project project in board.Register.Projects.Where(scope.MaySee))
        {
            foreach (string kind in (string[])["savings", "case-sheet"])
            {
                yield return new(project.Id, kind, Formats, $"{ApiRoutes.Address}/projects/{project.Id}/report.{{format}}?kind={kind}");
            }
        }

        if (scope.May(Permission.SeeProject, null, null))
        {
            foreach (string kind in (string[])["annual", "half-yearly", "plac"])
            {
                yield return new("portfolio", kind, Formats, $"{ApiRoutes.Address}/portfolio/report.{{format}}?kind={kind}&period={{period}}");
            }
        }
    }
}
