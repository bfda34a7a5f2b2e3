namespace Metering.Programme.Accounts;

/// <summary>One role of one account, for a plant, for a project, or (both null) for the whole programme. Never changed: ended and given anew.</summary>
public sealed class Grant
{
    /// <summary>Row number.</summary>
    public long Number { get; set; }

    /// <summary>Identifier of the account.</summary>
    public required string AccountId { get; set; }

    /// <summary>The role.</summary>
    public required AccountRole Role { get; set; }

    /// <summary>Plant it holds for; null when it is not bound to one.</summary>
    public string? Plant { get; set; }

    /// <summary>Project it holds for; null when it is not bound to one.</summary>
    public string? Project { get; set; }

    /// <summary>From when on it holds no more, UTC milliseconds; null for no end.</summary>
    public long? EndsUtcMilliseconds { get; set; }
}
