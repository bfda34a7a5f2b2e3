using System.Globalization;
using System.Text.Json;
using Metering.Cloud.Pages;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;

namespace Metering.Cloud.Accounts;

/// <summary>What of the audit trail is asked for; null fields ask for everything.</summary>
/// <param name="Who">Part of the actor's name.</param>
/// <param name="Kind">Kind of what was changed.</param>
/// <param name="Id">Identifier of what was changed.</param>
/// <param name="From">First day, UTC.</param>
/// <param name="To">Last day, UTC.</param>
public sealed record AuditFilter(string? Who, string? Kind, string? Id, DateOnly? From, DateOnly? To);

/// <summary>The audit trail: a page, and the same as a table for spreadsheets.</summary>
internal static class AuditRoutes
{
    private const int MostShown = 200;
    private const int MostRead = 20_000;

    public static void Map(RouteGroupBuilder pages, Language language)
    {
        pages.MapGet("/audit", (HttpContext http) => Show(http, language)).Needs(Permission.SeeAudit);
        pages.MapGet("/audit.csv", (HttpContext http) => PortalApi.Download(Table(Entries(http, FilterOf(http), MostRead)), "audit.csv")).Needs(Permission.SeeAudit);
    }

    /// <summary>The fields of an entry that differ: name, before, after; empty text where there was none.</summary>
    public static IReadOnlyList<(string Field, string Before, string After)> Differences(AuditEntry entry)
    {
        Dictionary<string, string> before = Fields(entry.Before);
        Dictionary<string, string> after = Fields(entry.After);
        return [.. before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Select(name => (name, before.GetValueOrDefault(name, ""), after.GetValueOrDefault(name, "")))
            .Where(field => field.Item2 != field.Item3)];
    }

    private static PageResult Show(HttpContext http, Language language)
    {
        AuditFilter filter = FilterOf(http);
        return AccountPages.Draw<AuditPage>(http, language, "/audit" + http.Request.QueryString, AccountWords.Audit, new()
        {
            [nameof(AuditPage.Entries)] = Entries(http, filter, MostShown),
            [nameof(AuditPage.Filter)] = filter,
            [nameof(AuditPage.Query)] = http.Request.QueryString.ToString(),
        });
    }

    private static AuditFilter FilterOf(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        return new(AccountPages.OrNull(query["who"].ToString()), AccountPages.OrNull(query["kind"].ToString()), AccountPages.OrNull(query["id"].ToString()), Day(query["from"]), Day(query["to"]));
    }

    // Staff see everything; others what belongs to a plant or project they see, and what they did themselves.
    private static List<AuditEntry> Entries(HttpContext http, AuditFilter filter, int most)
    {
        AccessScope scope = http.RequestServices.GetRequiredService<AccessScope>();
        bool seesAll = scope.May(Permission.SeeAudit, null, null) && Viewer.Of(http)!.Kind == ViewerKind.Account;
        string own = CurrentActor.Of(http).Id;
        using ProgrammeContext context = http.RequestServices.GetRequiredService<ProgrammeDatabase>().NewContext();
        IQueryable<AuditEntry> rows = context.Audit.AsNoTracking();
        if (filter.Kind is string kind)
        {
            rows = rows.Where(row => row.Kind == kind);
        }

        if (filter.Id is string id)
        {
            rows = rows.Where(row => row.RecordId == id);
        }

        if (filter.From is { } from)
        {
            long first = new DateTimeOffset(from, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
            rows = rows.Where(row => row.UtcMilliseconds >= first);
        }

        if (filter.To is { } to)
        {
            long end = new DateTimeOffset(to.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
            rows = rows.Where(row => row.UtcMilliseconds < end);
        }

        return [.. rows.OrderByDescending(row => row.Number).AsEnumerable()
            .Where(row => filter.Who is null || row.ActorName.Contains(filter.Who, StringComparison.OrdinalIgnoreCase))
            .Where(row => seesAll || row.ActorId == own || Reaches(scope, row))
            .Take(most)];
    }

    private static bool Reaches(AccessScope scope, AuditEntry row) => row switch
    {
        { Project: string project } => scope.May(Permission.SeeAudit, null, project),
        { Plant: string plant } => scope.May(Permission.SeeAudit, plant, null),
        _ => false,
    };

    private static string Table(List<AuditEntry> entries)
    {
        Csv csv = new();
        foreach (string name in (string[])["number", "utc", "actor", "kind", "id", "plant", "project", "before", "after", "reason"])
        {
            _ = csv.Text(name);
        }

        csv.Line();
        foreach (AuditEntry entry in entries)
        {
            string instant = DateTimeOffset.FromUnixTimeMilliseconds(entry.UtcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            foreach (string? field in (string?[])[entry.Number.ToString(CultureInfo.InvariantCulture), instant, entry.ActorName, entry.Kind, entry.RecordId, entry.Plant, entry.Project, entry.Before, entry.After, entry.Reason])
            {
                _ = csv.Text(field ?? "");
            }

            csv.Line();
        }

        return csv.ToString();
    }

    private static Dictionary<string, string> Fields(string? json)
    {
        if (json is null)
        {
            return new(StringComparer.Ordinal);
        }

        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ValueKind == JsonValueKind.Null ? "" : field.Value.ToString(), StringComparer.Ordinal)
            : new(StringComparer.Ordinal) { ["value"] = document.RootElement.ToString() };
    }

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day.Year < 9999 ? day : null;
}
