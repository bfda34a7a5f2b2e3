namespace Metering.Programme.Accounts;

/// <summary>What a one-time link is for.</summary>
public enum TicketPurpose
{
    /// <summary>Making the first administrator of an empty database.</summary>
    First = 0,

    /// <summary>Choosing the first password of an invited account.</summary>
    Invite = 1,

    /// <summary>Choosing a new password.</summary>
    Reset = 2,
}

/// <summary>A one-time link. The link itself is kept nowhere: only its hash is.</summary>
public sealed class Ticket
{
    /// <summary>SHA-256 of the link's secret, lower-case hex; the key.</summary>
    public required string Hash { get; set; }

    /// <summary>What it is for.</summary>
    public required TicketPurpose Purpose { get; set; }

    /// <summary>The account it belongs to; null for the first administrator.</summary>
    public string? AccountId { get; set; }

    /// <summary>From when on it holds no more, UTC milliseconds.</summary>
    public required long ExpiresUtcMilliseconds { get; set; }

    /// <summary>When it was used, UTC milliseconds; null while it was not.</summary>
    public long? UsedUtcMilliseconds { get; set; }
}
