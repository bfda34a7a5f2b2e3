using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Metering.Cloud.Accounts;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;

namespace Metering.Cloud.Api;

/// <summary>The audit trail in the order of its numbers, so that a follower asks on from the last one it has.</summary>
internal static class AuditApi
{
    private const int MostScanned = 20_000;
    private const int Stretch = 1000;

    /// <summary>Adds the address.</summary>
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/audit", (HttpContext http, ProgrammeDatabase database, AccessScope scope, string? kind, string? record, string? plant, string? project, string? after, string? limit) =>
                Page(http, database, scope, new(kind, record, plant, project)))
            .Needs(Permission.SeeAudit).Told<ApiList<ApiAuditEntry>>("audit", "Changes one may see, the oldest first; of a kind, record, plant or project if asked.");

    private static IResult Page(HttpContext http, ProgrammeDatabase database, AccessScope scope, AuditAsk ask)
    {
        ApiPaging paging = ApiPaging.Of(http);
        long last = 0;
        if (paging.After is not null && !long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out last))
        {
            throw ApiRefusal.Of(StatusCodes.Status400BadRequest, "bad-cursor", new("after no es un cursor de esta lista", "after is no cursor of this list"), "after");
        }

        // As on its page: staff see everything, others what belongs to a plant or project they see, and what they did themselves.
        bool seesAll = scope.May(Permission.SeeAudit, null, null) && Viewer.Of(http)!.Kind == ViewerKind.Account;
        string own = CurrentActor.Of(http).Id;
        using ProgrammeContext context = database.NewContext();
        List<ApiAuditEntry> items = [];
        bool isEnd = false;
        for (int scanned = 0; !isEnd && scanned < MostScanned && items.Count < paging.Limit; scanned += Stretch)
        {
            List<AuditEntry> rows = [.. ask.Filter(context.Audit.AsNoTracking()).Where(row => row.Number > last).OrderBy(row => row.Number).Take(Stretch)];
            isEnd = rows.Count < Stretch;
            foreach (AuditEntry row in rows)
            {
                if (items.Count == paging.Limit)
                {
                    isEnd = false;
                    break;
                }

                last = row.Number;
                if (seesAll || row.ActorId == own || Reaches(scope, row))
                {
                    items.Add(ShapeOf(row));
                }
            }
        }

        return ApiAnswer.Of(http, new ApiList<ApiAuditEntry>(items, isEnd ? null : paging.Next(http, last.ToString(CultureInfo.InvariantCulture))));
    }

    private static bool Reaches(AccessScope scope, AuditEntry row) => row switch
    {
        { Project: string project } => scope.May(Permission.SeeAudit, null, project),
        { Plant: string plant } => scope.May(Permission.SeeAudit, plant, null),
        _ => false,
    };

    private static ApiAuditEntry ShapeOf(AuditEntry row) => new(
        row.Number, DateTimeOffset.FromUnixTimeMilliseconds(row.UtcMilliseconds), row.ActorName, row.Kind, row.RecordId, row.Plant, row.Project, Read(row.Before), Read(row.After), row.Reason);

    private static JsonNode? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return JsonValue.Create(json);
        }
    }

    private sealed record AuditAsk(string? Kind, string? Record, string? Plant, string? Project)
    {
        public IQueryable<AuditEntry> Filter(IQueryable<AuditEntry> rows)
        {
            rows = string.IsNullOrEmpty(Kind) ? rows : rows.Where(row => row.Kind == Kind);
            rows = string.IsNullOrEmpty(Record) ? rows : rows.Where(row => row.RecordId == Record);
            rows = string.IsNullOrEmpty(Plant) ? rows : rows.Where(row => row.Plant == Plant);
            return string.IsNullOrEmpty(Project) ? rows : rows.Where(row => row.Project == Project);
        }
    }
}
