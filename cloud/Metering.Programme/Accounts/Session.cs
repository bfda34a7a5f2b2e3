namespace Metering.Programme.Accounts;

/// <summary>One sign-in of one account on one browser.</summary>
public sealed class Session
{
    /// <summary>Identifier as the cookie (encrypted) and the list of sessions carry it.</summary>
    public required string Id { get; set; }

    /// <summary>Identifier of the account.</summary>
    public required string AccountId { get; set; }

    /// <summary>The account's security stamp at the sign-in: another stamp ends the session.</summary>
    public required string Stamp { get; set; }

    /// <summary>What the browser calls itself, at most 120 characters; empty when it says nothing.</summary>
    public required string Browser { get; set; }

    /// <summary>When it began, UTC milliseconds.</summary>
    public required long StartedUtcMilliseconds { get; set; }

    /// <summary>When it ended, UTC milliseconds; null while it holds.</summary>
    public long? EndedUtcMilliseconds { get; set; }
}
