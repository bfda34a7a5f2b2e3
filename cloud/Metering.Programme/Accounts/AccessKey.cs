namespace Metering.Programme.Accounts;

/// <summary>Who holds an access key.</summary>
public enum AccessKeyKind
{
    /// <summary>A machine, as bearer of /api/v1.</summary>
    Machine = 0,

    /// <summary>An auditor, by a link to pages.</summary>
    AuditorLink = 1,
}

/// <summary>A key of a machine or the link of an auditor. The secret is shown once and kept only as its hash.</summary>
public sealed class AccessKey
{
    /// <summary>Identifier as the audit trail names it.</summary>
    public required string Id { get; set; }

    /// <summary>SHA-256 of the secret, lower-case hex.</summary>
    public required string Hash { get; set; }

    /// <summary>Whose it is.</summary>
    public required AccessKeyKind Kind { get; set; }

    /// <summary>Name that a person gave it, 1 to 120 characters.</summary>
    public required string Name { get; set; }

    /// <summary>Plant it is bound to; null when it is not bound to one.</summary>
    public string? Plant { get; set; }

    /// <summary>Project it is bound to; null when it is not bound to one. An auditor's link with neither reads the whole portfolio.</summary>
    public string? Project { get; set; }

    /// <summary>Whether it may also write entries and, bound to a project, decide its events; never so for a link.</summary>
    public bool MayWrite { get; set; }

    /// <summary>When it was made, UTC milliseconds.</summary>
    public required long MadeUtcMilliseconds { get; set; }

    /// <summary>From when on it holds no more, UTC milliseconds.</summary>
    public required long ExpiresUtcMilliseconds { get; set; }

    /// <summary>When it was revoked, UTC milliseconds; null while it holds.</summary>
    public long? RevokedUtcMilliseconds { get; set; }

    /// <summary>How often a link was opened.</summary>
    public long Uses { get; set; }

    /// <summary>Whether it holds at an instant.</summary>
    /// <param name="utcMilliseconds">The instant, UTC milliseconds.</param>
    public bool HoldsAt(long utcMilliseconds) => RevokedUtcMilliseconds is null && utcMilliseconds < ExpiresUtcMilliseconds;
}
