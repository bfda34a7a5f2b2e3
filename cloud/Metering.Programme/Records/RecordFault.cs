using System.Globalization;

namespace Metering.Programme.Records;

/// <summary>Kind and identifier of a record: its name in the register.</summary>
internal readonly record struct RecordKey(string Kind, string Id)
{
    /// <inheritdoc/>
    public override string ToString() => Kind + "/" + Id;
}

/// <summary>What is wrong with one field of a record that was to be stored.</summary>
/// <param name="Record">The record.</param>
/// <param name="Field">Name of the field.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record RecordFault(RecordKey Record, string Field, Text Message);

/// <summary>A change was refused, and nothing of it was stored. Every fault is listed.</summary>
internal sealed class RecordFaultsException(IReadOnlyList<RecordFault> faults)
    : Exception(string.Join(' ', faults.Select(fault => $"{fault.Record} {fault.Field}: {fault.Message.In(Language.English)}")))
{
    /// <summary>All faults, in the order of the records and their fields.</summary>
    public IReadOnlyList<RecordFault> Faults { get; } = faults;
}

/// <summary>Somebody else changed the record since it was read; nothing was stored. Over HTTP that is 412.</summary>
internal sealed class RecordConflictException(RecordKey record, long expectedVersion, long foundVersion, string changedBy, long changedUtcMilliseconds)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"{record} has version {foundVersion}, made by {changedBy} at {DateTimeOffset.FromUnixTimeMilliseconds(changedUtcMilliseconds):yyyy-MM-ddTHH:mm:ssZ}; the change was made from version {expectedVersion}. Read it again and make the change anew."))
{
    /// <summary>The record.</summary>
    public RecordKey Record { get; } = record;

    /// <summary>Version the change was made from; 0 for a new record.</summary>
    public long ExpectedVersion { get; } = expectedVersion;

    /// <summary>Version that is stored; 0 when there is none.</summary>
    public long FoundVersion { get; } = foundVersion;

    /// <summary>Name of who made it.</summary>
    public string ChangedBy { get; } = changedBy;

    /// <summary>When, UTC milliseconds.</summary>
    public long ChangedUtcMilliseconds { get; } = changedUtcMilliseconds;
}
