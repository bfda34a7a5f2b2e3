using System.Globalization;
using Metering.Programme.Records;
using Metering.Programme.Storage;
using Microsoft.EntityFrameworkCore;

namespace Metering.Programme.Accounts;

/// <summary>A key to make.</summary>
public sealed record NewKey
{
    /// <summary>Whose it is.</summary>
    public required AccessKeyKind Kind { get; init; }

    /// <summary>Name to list and revoke it by.</summary>
    public required string Name { get; init; }

    /// <summary>Plant it is bound to, or null.</summary>
    public string? Plant { get; init; }

    /// <summary>Project it is bound to, or null.</summary>
    public string? Project { get; init; }

    /// <summary>Whether it also writes entries.</summary>
    public bool MayWrite { get; init; }

    /// <summary>Days it lives.</summary>
    public required int Days { get; init; }
}

/// <summary>Makes, finds and revokes the keys of machines and the links of auditors.</summary>
public sealed class KeyDesk(ProgrammeContext context, TimeProvider clock)
{
    /// <summary>Longest life of an auditor's link, days.</summary>
    public const int MostLinkDays = 90;

    /// <summary>Longest life of a machine's key, days.</summary>
    public const int MostKeyDays = 730;

    /// <summary>All keys of a kind, the newest first, revoked and expired ones too.</summary>
    public IReadOnlyList<AccessKey> All(AccessKeyKind kind) =>
        [.. context.AccessKeys.AsNoTracking().Where(row => row.Kind == kind).OrderByDescending(row => row.MadeUtcMilliseconds)];

    /// <summary>Makes a key.</summary>
    /// <returns>The key's row and its secret, which is kept nowhere.</returns>
    /// <exception cref="AccountFault">Its scope, name or life is refused.</exception>
    public (AccessKey Key, string Secret) Make(Actor actor, NewKey wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        Check(wish);
        using AccountChange change = new(context, clock);
        string secret = Secret.New(wish.Kind == AccessKeyKind.Machine ? Secret.KeyPrefix : "");
        AccessKey key = new()
        {
            Id = Secret.NewId(),
            Hash = Secret.HashOf(secret),
            Kind = wish.Kind,
            Name = wish.Name.Trim(),
            Plant = wish.Plant,
            Project = wish.Project,
            MayWrite = wish.MayWrite && wish.Kind == AccessKeyKind.Machine,
            MadeUtcMilliseconds = change.Now,
            ExpiresUtcMilliseconds = clock.GetUtcNow().AddDays(wish.Days).ToUnixTimeMilliseconds(),
        };
        _ = context.AccessKeys.Add(key);
        change.Tell(actor, (KindOf(key), key.Id), null, Shown(key), of: (key.Plant, key.Project));
        change.Commit();
        return (key, secret);
    }

    /// <summary>A key by its secret, also when it holds no more; null when there is none of this kind.</summary>
    public AccessKey? Find(AccessKeyKind kind, string secret)
    {
        string hash = Secret.HashOf(secret);
        return context.AccessKeys.AsNoTracking().FirstOrDefault(row => row.Hash == hash && row.Kind == kind);
    }

    /// <summary>Counts one opening of a link.</summary>
    public void CountUse(string id) =>
        _ = context.AccessKeys.Where(row => row.Id == id).ExecuteUpdate(set => set.SetProperty(row => row.Uses, row => row.Uses + 1));

    /// <summary>Revokes a key; it holds no more at once.</summary>
    /// <exception cref="AccountFault">There is none that holds, or the reason is missing.</exception>
    public void Revoke(Actor actor, AccessKeyKind kind, string id, string? reason)
    {
        string why = AccountChange.Reason(reason);
        using AccountChange change = new(context, clock);
        AccessKey? key = context.AccessKeys.FirstOrDefault(row => row.Id == id && row.Kind == kind);
        if (key is not { RevokedUtcMilliseconds: null })
        {
            throw new AccountFault(AccountTexts.NoKey);
        }

        object before = Shown(key);
        key.RevokedUtcMilliseconds = change.Now;
        change.Tell(actor, (KindOf(key), key.Id), before, null, why, (key.Plant, key.Project));
        change.Commit();
    }

    private static string KindOf(AccessKey key) => key.Kind == AccessKeyKind.Machine ? "api-key" : "auditor-link";

    private static object Shown(AccessKey key) => new
    {
        key.Name,
        key.Plant,
        key.Project,
        key.MayWrite,
        expires = DateTimeOffset.FromUnixTimeMilliseconds(key.ExpiresUtcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private static void Check(NewKey wish)
    {
        bool isLink = wish.Kind == AccessKeyKind.AuditorLink;
        int most = isLink ? MostLinkDays : MostKeyDays;
        if (string.IsNullOrWhiteSpace(wish.Name) || wish.Name.Trim().Length > 120)
        {
            throw new AccountFault(AccountTexts.BadDisplayName);
        }

        if (wish.Days < 1 || wish.Days > most)
        {
            throw new AccountFault(isLink ? AccountTexts.LinkLifetime : AccountTexts.KeyLifetime, most);
        }

        if (isLink ? wish.Plant is not null : (wish.Plant is null) == (wish.Project is null))
        {
            throw new AccountFault(AccountTexts.KeyScope);
        }
    }
}
