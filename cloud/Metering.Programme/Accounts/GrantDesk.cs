using System.Globalization;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;

namespace Metering.Programme.Accounts;

/// <summary>Gives and ends roles, and begins and ends sessions.</summary>
public sealed class GrantDesk(ProgrammeContext context, TimeProvider clock)
{
    /// <summary>How long a session lives at most.</summary>
    public static TimeSpan SessionLifetime { get; } = TimeSpan.FromDays(30);

    /// <summary>Grants that hold or will end, of one account or of all.</summary>
    public IReadOnlyList<Grant> Holding(string? accountId)
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return [.. context.Grants.AsNoTracking().Where(row => (accountId == null || row.AccountId == accountId) && (row.EndsUtcMilliseconds == null || now < row.EndsUtcMilliseconds)).OrderBy(row => row.Number)];
    }

    /// <summary>Gives a role.</summary>
    /// <exception cref="AccountFault">The role does not go with the scope, it is the actor's own account, or the reason is missing.</exception>
    public Grant Give(Actor actor, Grant wish, string? reason)
    {
        string why = AccountChange.Reason(reason);
        CheckScope(wish);
        using AccountChange change = new(context, clock);
        RefuseOneself(actor, wish.AccountId);
        if (!context.Users.Any(row => row.Id == wish.AccountId && !row.IsClosed))
        {
            throw new AccountFault(AccountTexts.NoAccount);
        }

        Grant grant = new() { AccountId = wish.AccountId, Role = wish.Role, Plant = wish.Plant, Project = wish.Project, EndsUtcMilliseconds = wish.EndsUtcMilliseconds };
        _ = context.Grants.Add(grant);
        _ = context.SaveChanges(); // gives the grant its number
        change.Tell(actor, ("grant", IdOf(grant)), null, Shown(grant), why, (grant.Plant, grant.Project));
        change.Commit();
        return grant;
    }

    /// <summary>Ends a role now.</summary>
    /// <exception cref="AccountFault">There is no such grant, it is the actor's own or the last administrator's, or the reason is missing.</exception>
    public void End(Actor actor, long number, string? reason)
    {
        string why = AccountChange.Reason(reason);
        using AccountChange change = new(context, clock);
        Grant? grant = context.Grants.FirstOrDefault(row => row.Number == number);
        if (grant is null || grant.EndsUtcMilliseconds <= change.Now)
        {
            throw new AccountFault(AccountTexts.NoGrant);
        }

        RefuseOneself(actor, grant.AccountId);
        object before = Shown(grant);
        grant.EndsUtcMilliseconds = change.Now;
        _ = context.SaveChanges();
        RequireAdministrator(context, change.Now);
        change.Tell(actor, ("grant", IdOf(grant)), before, Shown(grant), why, (grant.Plant, grant.Project));
        change.Commit();
    }

    /// <summary>Begins a session of an account that has signed in.</summary>
    public Session Begin(Account account, string browser)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(browser);
        using AccountChange change = new(context, clock);
        Session session = new() { Id = Secret.NewId() + Secret.NewId(), AccountId = account.Id, Stamp = account.SecurityStamp!, Browser = browser.Length > 120 ? browser[..120] : browser, StartedUtcMilliseconds = change.Now };
        _ = context.Sessions.Add(session);
        change.Tell(new(account.Id, account.DisplayName), ("session", session.Id[..8]), null, new { account.UserName });
        change.Commit();
        return session;
    }

    /// <summary>Sessions of an account that hold, the newest first.</summary>
    public IReadOnlyList<Session> Sessions(string accountId)
    {
        long oldest = (clock.GetUtcNow() - SessionLifetime).ToUnixTimeMilliseconds();
        return [.. context.Sessions.AsNoTracking().Where(row => row.AccountId == accountId && row.EndedUtcMilliseconds == null && row.StartedUtcMilliseconds > oldest).OrderByDescending(row => row.StartedUtcMilliseconds)];
    }

    /// <summary>Ends a session of an account, or all of them.</summary>
    /// <param name="actor">The account's person.</param>
    /// <param name="sessionId">The session; null for all.</param>
    /// <exception cref="AccountFault">The account has no such session.</exception>
    public void EndSession(Actor actor, string? sessionId)
    {
        ArgumentNullException.ThrowIfNull(actor);
        using AccountChange change = new(context, clock);
        List<Session> sessions = [.. context.Sessions.Where(row => row.AccountId == actor.Id && row.EndedUtcMilliseconds == null && (sessionId == null || row.Id == sessionId))];
        if (sessions.Count == 0)
        {
            throw new AccountFault(AccountTexts.NoSession);
        }

        foreach (Session session in sessions)
        {
            session.EndedUtcMilliseconds = change.Now;
            change.Tell(actor, ("session", session.Id[..8]), new { session.Browser }, null);
        }

        if (sessionId is null)
        {
            context.Users.Single(row => row.Id == actor.Id).SecurityStamp = Secret.NewId();
        }

        change.Commit();
    }

    /// <summary>What the audit trail calls a grant.</summary>
    internal static string IdOf(Grant grant) => grant.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A grant as the audit trail keeps it.</summary>
    internal static object Shown(Grant grant) => new
    {
        account = grant.AccountId,
        role = grant.Role.ToString(),
        grant.Plant,
        grant.Project,
        ends = grant.EndsUtcMilliseconds is long ends ? DateTimeOffset.FromUnixTimeMilliseconds(ends).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null,
    };

    /// <summary>A programme without an administrator could be mended by nobody.</summary>
    internal static void RequireAdministrator(ProgrammeContext context, long now)
    {
        bool isLeft = context.Grants.Any(grant => grant.Role == AccountRole.Administrator && (grant.EndsUtcMilliseconds == null || now < grant.EndsUtcMilliseconds)
            && context.Users.Any(account => account.Id == grant.AccountId && !account.IsClosed));
        if (!isLeft)
        {
            throw new AccountFault(AccountTexts.LastAdministrator);
        }
    }

    private static void RefuseOneself(Actor actor, string accountId)
    {
        if (actor.Id == accountId)
        {
            throw new AccountFault(AccountTexts.NotOneself);
        }
    }

    private static void CheckScope(Grant wish)
    {
        Text? fault = wish switch
        {
            { Plant: not null, Project: not null } => AccountTexts.OneScope,
            { Role: AccountRole.Operator or AccountRole.Installer, Plant: null } => AccountTexts.PlantRole,
            { Role: AccountRole.Consultant, Project: null } => AccountTexts.ProjectRole,
            { Role: AccountRole.Reviewer or AccountRole.Administrator } when wish.Plant is not null || wish.Project is not null => AccountTexts.ProgrammeRole,
            _ => null,
        };
        if (fault is not null)
        {
            throw new AccountFault(fault);
        }
    }
}
