using System.Collections.Concurrent;
using System.Security.Claims;
using Metering.Programme.Accounts;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;

namespace Metering.Cloud.Accounts;

/// <summary>How a reader came in.</summary>
internal enum ViewerKind
{
    /// <summary>A person who signed in.</summary>
    Account,

    /// <summary>A machine with its key.</summary>
    Key,

    /// <summary>An auditor with a link.</summary>
    Link,
}

/// <summary>The reader of one request.</summary>
/// <param name="Kind">How the reader came in.</param>
/// <param name="Id">Identifier of the account, key or link.</param>
/// <param name="Name">Name as pages and the audit trail show it.</param>
internal sealed record Viewer(ViewerKind Kind, string Id, string Name)
{
    /// <summary>What may be seen and done.</summary>
    public required IReadOnlyList<Hold> Holds { get; init; }

    /// <summary>Session of the account; null for keys and links.</summary>
    public string? Session { get; init; }

    /// <summary>Whether the account belongs to a demonstration.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>Language of the account's pages; null for keys and links.</summary>
    public Language? Language { get; init; }

    /// <summary>Until when a link or session lasts at most, UTC milliseconds.</summary>
    public required long EndsUtcMilliseconds { get; init; }

    /// <summary>The reader of a request; null when nobody signed in.</summary>
    public static Viewer? Of(HttpContext http) => http.Items[typeof(Viewer)] as Viewer;
}

/// <summary>
/// Finds out who a reader is and what he may do. Every change of accounts, grants, sessions and keys is an audit entry, so the newest entry's number tells,
/// at the price of one look at the end of an index, whether what was read a moment ago still holds, whichever process changed it.
/// </summary>
internal sealed class ViewerReader(ProgrammeDatabase database, TimeProvider clock)
{
    private const int MostKept = 4096;
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (Viewer? Viewer, long Audit, long At)> kept = new(StringComparer.Ordinal);

    /// <summary>The reader that a principal of this host names; null when the session, key or link holds no more.</summary>
    public Viewer? Read(ClaimsPrincipal principal)
    {
        string? id = principal.FindFirstValue(ClaimTypes.NameIdentifier);
        if (id is null || !Enum.TryParse(principal.FindFirstValue(AccountHost.KindClaim), out ViewerKind kind))
        {
            return null;
        }

        string? session = principal.FindFirstValue(AccountHost.SessionClaim);
        string key = $"{kind} {session ?? id}";
        using ProgrammeContext context = database.NewContext();
        long audit = context.Audit.Max(entry => (long?)entry.Number) ?? 0;
        if (!kept.TryGetValue(key, out (Viewer? Viewer, long Audit, long At) found) || found.Audit != audit || clock.GetElapsedTime(found.At) > Keep)
        {
            if (kept.Count >= MostKept)
            {
                kept.Clear();
            }

            kept[key] = found = (kind == ViewerKind.Account ? OfAccount(context, id, session) : OfKey(context, kind, id), audit, clock.GetTimestamp());
        }

        return found.Viewer is { } viewer && clock.GetUtcNow().ToUnixTimeMilliseconds() < viewer.EndsUtcMilliseconds ? viewer : null;
    }

    private static Viewer? OfAccount(ProgrammeContext context, string id, string? sessionId)
    {
        Session? session = context.Sessions.AsNoTracking().FirstOrDefault(row => row.Id == sessionId);
        Account? account = context.Users.AsNoTracking().FirstOrDefault(row => row.Id == id);
        if (session is not { EndedUtcMilliseconds: null } || session.AccountId != id || account is not { IsClosed: false } || account.SecurityStamp != session.Stamp)
        {
            return null;
        }

        List<Grant> grants = [.. context.Grants.AsNoTracking().Where(row => row.AccountId == id)];
        return new(ViewerKind.Account, id, account.DisplayName)
        {
            Holds = [.. grants.Select(grant => new Hold(PermissionTable.Of(grant.Role), grant.Plant, grant.Project, grant.EndsUtcMilliseconds))],
            Session = session.Id,
            IsSimulated = account.IsSimulated,
            Language = Languages.TryParse(account.Language, out Language language) ? language : null,
            EndsUtcMilliseconds = session.StartedUtcMilliseconds + (long)GrantDesk.SessionLifetime.TotalMilliseconds,
        };
    }

    private static Viewer? OfKey(ProgrammeContext context, ViewerKind kind, string id)
    {
        AccessKey? key = context.AccessKeys.AsNoTracking().FirstOrDefault(row => row.Id == id);
        return key is { RevokedUtcMilliseconds: null }
            ? new(kind, id, key.Name)
            {
                Holds = [new(!key.MayWrite ? PermissionTable.Reading : key.Project is null ? PermissionTable.Writing : PermissionTable.WritingOfProject, key.Plant, key.Project, key.ExpiresUtcMilliseconds)],
                EndsUtcMilliseconds = key.ExpiresUtcMilliseconds,
            }
            : null;
    }
}
