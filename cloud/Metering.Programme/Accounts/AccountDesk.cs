using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Metering.Programme.Accounts;

/// <summary>A person to make an account for.</summary>
/// <param name="UserName">Name to sign in with.</param>
/// <param name="DisplayName">Name as pages show it.</param>
/// <param name="Language">Language of the pages.</param>
public sealed record NewAccount(string UserName, string DisplayName, Language Language);

/// <summary>How a sign-in ended.</summary>
/// <param name="Account">The account; null when it was refused.</param>
/// <param name="LockedUntil">Until when the account takes no password; null when it is not locked.</param>
public readonly record struct SignInOutcome(Account? Account, DateTimeOffset? LockedUntil);

/// <summary>Makes accounts, checks passwords, closes accounts; each change with its audit entry in one transaction. One for each piece of work.</summary>
public sealed class AccountDesk(ProgrammeContext context, UserManager<Account> users, TimeProvider clock)
{
    /// <summary>Wrong passwords after which an account takes none for <see cref="LockTime"/>.</summary>
    public const int MostFaults = 5;

    private const int LongestName = 120;
    private const int ShortestUserName = 3;
    private static readonly PasswordHasher<Account> Idle = new();
    private static readonly string IdleHash = Idle.HashPassword(new Account(), Secret.New(""));

    /// <summary>How long a locked account takes no password.</summary>
    public static TimeSpan LockTime { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a one-time link holds.</summary>
    public static TimeSpan LinkLifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>How long an invitation holds: people are away for a few days.</summary>
    public static TimeSpan InvitationLifetime { get; } = TimeSpan.FromDays(7);

    /// <summary>Whether there is any account of a real person.</summary>
    public bool HasAccounts => context.Users.Any(account => !account.IsSimulated);

    /// <summary>All accounts, by user name.</summary>
    public IReadOnlyList<Account> All() => [.. context.Users.AsNoTracking().OrderBy(account => account.NormalizedUserName)];

    /// <summary>An account by its user name; null when there is none.</summary>
    public Account? Find(string userName) =>
        users.NormalizeName(userName) is string name ? context.Users.AsNoTracking().FirstOrDefault(account => account.NormalizedUserName == name) : null;

    /// <summary>Makes the one-time token of the first administrator; an earlier one holds no more.</summary>
    /// <exception cref="AccountFault">There are accounts already.</exception>
    public string NewFirstToken()
    {
        using AccountChange change = new(context, clock);
        if (HasAccounts)
        {
            throw new AccountFault(AccountTexts.AlreadyBegun);
        }

        _ = context.Tickets.Where(ticket => ticket.Purpose == TicketPurpose.First).ExecuteDelete();
        string token = AddTicket(TicketPurpose.First, null, LinkLifetime);
        change.Commit();
        return token;
    }

    /// <summary>Makes the first administrator.</summary>
    /// <exception cref="AccountFault">The token holds no more, or a name or the password is refused.</exception>
    public async Task<Account> MakeFirstAsync(string token, NewAccount wish, string password)
    {
        PasswordRules.Check(password, wish.UserName, wish.DisplayName);
        using AccountChange change = new(context, clock);
        if (HasAccounts)
        {
            throw new AccountFault(AccountTexts.AlreadyBegun);
        }

        Use(token, TicketPurpose.First, change.Now);
        Account account = await AddAsync(wish);
        Grant grant = new() { AccountId = account.Id, Role = AccountRole.Administrator };
        _ = context.Grants.Add(grant);
        _ = context.SaveChanges(); // gives the grant its number
        Actor actor = new(account.Id, account.DisplayName);
        change.Tell(actor, ("account", account.Id), null, Shown(account));
        change.Tell(actor, ("grant", GrantDesk.IdOf(grant)), null, GrantDesk.Shown(grant));
        await SetPasswordAsync(account, password);
        change.Commit();
        return account;
    }

    /// <summary>Makes an account without password and a one-time link by which the person chooses one.</summary>
    /// <exception cref="AccountFault">A name is refused or the reason is missing.</exception>
    public async Task<(Account Account, string Token)> InviteAsync(Actor actor, NewAccount wish, string? reason)
    {
        string why = AccountChange.Reason(reason);
        using AccountChange change = new(context, clock);
        Account account = await AddAsync(wish);
        change.Tell(actor, ("account", account.Id), null, Shown(account), why);
        string token = AddTicket(TicketPurpose.Invite, account.Id, InvitationLifetime);
        change.Commit();
        return (account, token);
    }

    /// <summary>Makes an account of a demonstration: simulated and without password.</summary>
    public async Task<Account> MakeSimulatedAsync(NewAccount wish, AccountRole role, string? plant, string? project)
    {
        using AccountChange change = new(context, clock);
        Account account = await AddAsync(wish, isSimulated: true);
        Grant grant = new() { AccountId = account.Id, Role = role, Plant = plant, Project = project };
        _ = context.Grants.Add(grant);
        _ = context.SaveChanges();
        change.Tell(Actor.System, ("account", account.Id), null, Shown(account));
        change.Tell(Actor.System, ("grant", GrantDesk.IdOf(grant)), null, GrantDesk.Shown(grant), of: (plant, project));
        change.Commit();
        return account;
    }

    /// <summary>Makes a one-time link by which a person chooses a new password; the old one holds until then.</summary>
    /// <exception cref="AccountFault">There is no such open account, or the reason is missing.</exception>
    public string Reset(Actor actor, string accountId, string? reason)
    {
        string why = AccountChange.Reason(reason);
        using AccountChange change = new(context, clock);
        Account account = Open(accountId);
        _ = context.Tickets.Where(ticket => ticket.AccountId == accountId && ticket.UsedUtcMilliseconds == null).ExecuteDelete();
        string token = AddTicket(account.PasswordHash is null ? TicketPurpose.Invite : TicketPurpose.Reset, account.Id, LinkLifetime);
        change.Tell(actor, ("password-reset", account.Id), null, new { account.UserName }, why);
        change.Commit();
        return token;
    }

    /// <summary>The account of a one-time link; null when the link holds no more.</summary>
    public Account? OwnerOf(string token, TicketPurpose purpose)
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        string hash = Secret.HashOf(token);
        return context.Tickets.AsNoTracking().FirstOrDefault(row => row.Hash == hash) is { UsedUtcMilliseconds: null } ticket
            && ticket.Purpose == purpose && now < ticket.ExpiresUtcMilliseconds
            ? context.Users.AsNoTracking().FirstOrDefault(account => account.Id == ticket.AccountId && !account.IsClosed)
            : null;
    }

    /// <summary>Whether the token of the first administrator holds.</summary>
    public bool IsFirst(string token)
    {
        string hash = Secret.HashOf(token);
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return !HasAccounts && context.Tickets.Any(row => row.Hash == hash && row.Purpose == TicketPurpose.First && row.UsedUtcMilliseconds == null && now < row.ExpiresUtcMilliseconds);
    }

    /// <summary>Sets the password of an invited account, or a new one; all sessions of the account end.</summary>
    /// <exception cref="AccountFault">The link holds no more, or the password is refused.</exception>
    public async Task<Account> UseLinkAsync(string token, TicketPurpose purpose, string password)
    {
        Account owner = OwnerOf(token, purpose) ?? throw new AccountFault(AccountTexts.LinkNotValid);
        PasswordRules.Check(password, owner.UserName!, owner.DisplayName);
        using AccountChange change = new(context, clock);
        Ticket ticket = Use(token, purpose, change.Now);
        Account account = Open(ticket.AccountId!);
        (account.AccessFailedCount, account.LockoutEnd) = (0, null);
        await SetPasswordAsync(account, password);
        EndSessions(account.Id, change.Now);
        change.Tell(new(account.Id, account.DisplayName), ("password", account.Id), null, new { account.UserName });
        change.Commit();
        return account;
    }

    /// <summary>
    /// Checks a password. Wrong ones are counted one after another also when they come at once or at two processes; a locked account refuses the
    /// right one too.
    /// </summary>
    public SignInOutcome CheckPassword(string userName, string password)
    {
        Account? found = Find(userName);
        bool isRight = found?.PasswordHash is string hash
            ? users.PasswordHasher.VerifyHashedPassword(found, hash, password) != PasswordVerificationResult.Failed
            : Idle.VerifyHashedPassword(new Account(), IdleHash, password) == PasswordVerificationResult.Success; // takes as long, and is never right
        if (found is null || found.IsClosed || found.PasswordHash is null)
        {
            return default;
        }

        using AccountChange change = new(context, clock);
        Account account = context.Users.Single(row => row.Id == found.Id);
        DateTimeOffset now = clock.GetUtcNow();
        if (account.LockoutEnd is { } until && now < until)
        {
            return new(null, until);
        }

        account.AccessFailedCount = isRight ? 0 : account.AccessFailedCount + 1;
        account.LockoutEnd = null;
        if (account.AccessFailedCount >= MostFaults)
        {
            (account.AccessFailedCount, account.LockoutEnd) = (0, now + LockTime);
            change.Tell(Actor.System, ("lockout", account.Id), null, new { account.UserName, until = account.LockoutEnd });
        }

        change.Commit();
        bool isOpen = isRight && !account.IsClosed && account.PasswordHash == found.PasswordHash;
        return new(isOpen ? account : null, account.LockoutEnd);
    }

    /// <summary>Changes a person's own password; the other sessions end.</summary>
    /// <exception cref="AccountFault">The present password is wrong or the new one is refused.</exception>
    public async Task ChangePasswordAsync(string accountId, string present, string wanted)
    {
        Account found = context.Users.AsNoTracking().FirstOrDefault(row => row.Id == accountId) ?? throw new AccountFault(AccountTexts.NoAccount);
        if (CheckPassword(found.UserName!, present).Account is null)
        {
            throw new AccountFault(AccountTexts.WrongPassword);
        }

        PasswordRules.Check(wanted, found.UserName!, found.DisplayName);
        using AccountChange change = new(context, clock);
        Account account = Open(accountId);
        await SetPasswordAsync(account, wanted);
        EndSessions(accountId, change.Now);
        change.Tell(new(account.Id, account.DisplayName), ("password", account.Id), null, new { account.UserName });
        change.Commit();
    }

    /// <summary>Sets the language of a person's pages.</summary>
    public void SetLanguage(string accountId, Language language)
    {
        using AccountChange change = new(context, clock);
        Account account = Open(accountId);
        change.Tell(new(account.Id, account.DisplayName), ("account", account.Id), new { account.Language }, new { language = language.Code() });
        account.Language = language.Code();
        change.Commit();
    }

    /// <summary>Closes an account: its sessions and grants end, its links hold no more.</summary>
    /// <exception cref="AccountFault">There is no such account, it is the actor's own or the last administrator's, or the reason is missing.</exception>
    public void Close(Actor actor, string accountId, string? reason)
    {
        string why = AccountChange.Reason(reason);
        using AccountChange change = new(context, clock);
        Account account = Open(accountId);
        if (actor.Id == accountId)
        {
            throw new AccountFault(AccountTexts.NotOneself);
        }

        object before = Shown(account);
        account.IsClosed = true;
        account.SecurityStamp = Secret.NewId();
        _ = context.SaveChanges();
        GrantDesk.RequireAdministrator(context, change.Now);
        EndSessions(accountId, change.Now);
        _ = context.Tickets.Where(ticket => ticket.AccountId == accountId).ExecuteDelete();
        change.Tell(actor, ("account", account.Id), before, Shown(account), why);
        change.Commit();
    }

    private static object Shown(Account account) => new { account.UserName, account.DisplayName, account.Language, account.IsClosed, account.IsSimulated };

    private async Task<Account> AddAsync(NewAccount wish, bool isSimulated = false)
    {
        string name = wish.DisplayName.Trim();
        if (name.Length is 0 or > LongestName)
        {
            throw new AccountFault(AccountTexts.BadDisplayName);
        }

        Account account = new() { UserName = wish.UserName.Trim(), DisplayName = name, Language = wish.Language.Code(), IsSimulated = isSimulated };
        if (account.UserName.Length is < ShortestUserName or > LongestName)
        {
            throw new AccountFault(AccountTexts.BadName);
        }

        IdentityResult result = await users.CreateAsync(account);
        return result.Succeeded ? account
            : throw (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.DuplicateUserName)) ? new AccountFault(AccountTexts.NameTaken, account.UserName) : new AccountFault(AccountTexts.BadName));
    }

    private async Task SetPasswordAsync(Account account, string password)
    {
        account.PasswordHash = users.PasswordHasher.HashPassword(account, password);
        _ = await users.UpdateSecurityStampAsync(account);
    }

    private Account Open(string accountId) => context.Users.FirstOrDefault(row => row.Id == accountId) switch
    {
        null => throw new AccountFault(AccountTexts.NoAccount),
        { IsClosed: true } => throw new AccountFault(AccountTexts.Closed),
        { } account => account,
    };

    private void EndSessions(string accountId, long now) =>
        context.Sessions.Where(row => row.AccountId == accountId && row.EndedUtcMilliseconds == null)
            .ExecuteUpdate(set => set.SetProperty(row => row.EndedUtcMilliseconds, now));

    private string AddTicket(TicketPurpose purpose, string? accountId, TimeSpan lifetime)
    {
        string token = Secret.New("");
        _ = context.Tickets.Add(new() { Hash = Secret.HashOf(token), Purpose = purpose, AccountId = accountId, ExpiresUtcMilliseconds = (clock.GetUtcNow() + lifetime).ToUnixTimeMilliseconds() });
        return token;
    }

    private Ticket Use(string token, TicketPurpose purpose, long now)
    {
        string hash = Secret.HashOf(token);
        Ticket? ticket = context.Tickets.FirstOrDefault(row => row.Hash == hash);
        if (ticket is not { UsedUtcMilliseconds: null } || ticket.Purpose != purpose || now >= ticket.ExpiresUtcMilliseconds)
        {
            throw new AccountFault(AccountTexts.LinkNotValid);
        }

        ticket.UsedUtcMilliseconds = now;
        return ticket;
    }
}
