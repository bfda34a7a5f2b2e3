using System.Text.Json.Nodes;

namespace Metering.Programme.Records;

/// <summary>A record to be stored.</summary>
/// <param name="Record">The record as it shall be.</param>
/// <param name="ExpectedVersion">Version it was made from; 0 for a new one.</param>
internal sealed record RecordChange(IProgrammeRecord Record, long ExpectedVersion)
{
    /// <summary>Whether the record is withdrawn by the change.</summary>
    public bool IsWithdrawal { get; init; }

    /// <summary>Content of an attachment; null for every other kind.</summary>
    public byte[]? Content { get; init; }
}

/// <summary>One version of a record in its history.</summary>
/// <param name="Version">Number of the version, from 1.</param>
/// <param name="Entry">Its audit entry: who, when, before, after, why.</param>
/// <param name="Fields">Fields that changed, with their texts before and after.</param>
internal sealed record RecordRevision(long Version, AuditEntry Entry, IReadOnlyList<FieldRevision> Fields)
{
    /// <summary>The revision of an audit entry.</summary>
    public static RecordRevision Of(RecordKind kind, long version, AuditEntry entry)
    {
        JsonObject? before = entry.Before is null ? null : JsonNode.Parse(entry.Before)!.AsObject();
        JsonObject? after = entry.After is null ? null : JsonNode.Parse(entry.After)!.AsObject();
        return new(
            version,
            entry,
            [.. kind.Fields.Select(field => new FieldRevision(field, FieldText.Write(field, before?[field.Name]), FieldText.Write(field, after?[field.Name]))).Where(field => field.Before != field.After)]);
    }
}

/// <summary>A field that changed; empty where there is no value.</summary>
internal sealed record FieldRevision(Field Field, string Before, string After);
