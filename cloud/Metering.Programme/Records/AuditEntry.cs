namespace Metering.Programme.Records;

/// <summary>One change of anything in the programme database: who, when, what before and after, and why. Only ever added.</summary>
public sealed class AuditEntry
{
    /// <summary>Number in one order over all changes, from 1.</summary>
    public long Number { get; set; }

    /// <summary>When, UTC milliseconds.</summary>
    public required long UtcMilliseconds { get; set; }

    /// <summary>Identifier of the account or API key that changed it; "system" for the program itself.</summary>
    public required string ActorId { get; set; }

    /// <summary>The actor's name at that time.</summary>
    public required string ActorName { get; set; }

    /// <summary>Kind of what was changed, such as "plant", "grant" or "event-decision".</summary>
    public required string Kind { get; set; }

    /// <summary>Identifier of what was changed.</summary>
    public required string RecordId { get; set; }

    /// <summary>Plant it belongs to; null when it belongs to none.</summary>
    public string? Plant { get; set; }

    /// <summary>Project it belongs to; null when it belongs to none.</summary>
    public string? Project { get; set; }

    /// <summary>What it was, JSON; null when it was not there.</summary>
    public string? Before { get; set; }

    /// <summary>What it became, JSON; null when it was withdrawn. Never a password, a key or a token.</summary>
    public string? After { get; set; }

    /// <summary>Why, in the person's words; null where the change speaks for itself (a first entry).</summary>
    public string? Reason { get; set; }
}
