namespace Metering.Programme.Records;

/// <summary>The newest version of one record of the register, as its row stands.</summary>
public sealed class StoredRecord
{
    /// <summary>Kind of record, such as "organisation"; with <see cref="Id"/> the key.</summary>
    public required string Kind { get; set; }

    /// <summary>Identifier, unique within the kind.</summary>
    public required string Id { get; set; }

    /// <summary>Number of the version, from 1; each change makes one more. A change names the version it was made from.</summary>
    public required long Version { get; set; }

    /// <summary>Plant it belongs to; null when it belongs to none.</summary>
    public string? Plant { get; set; }

    /// <summary>Project it belongs to; null when it belongs to none.</summary>
    public string? Project { get; set; }

    /// <summary>The record, JSON.</summary>
    public required string Json { get; set; }

    /// <summary>Number of the audit entry that made this version.</summary>
    public required long AuditNumber { get; set; }

    /// <summary>Whether the record was withdrawn: it is shown no more, and stays.</summary>
    public bool IsWithdrawn { get; set; }
}
