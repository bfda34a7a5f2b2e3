using Metering.Readings.Field;

namespace Metering.Store;

/// <summary>What people recorded at gateways, as the signed notes that came. Part of every <see cref="IReadingStore"/>.</summary>
public interface IFieldRecordShelf
{
    /// <summary>A number that grows whenever a record is kept or erased; 0 for none.</summary>
    long RecordStanding { get; }

    /// <summary>Keeps a record whose signature has been checked; durable on return. The same bytes are kept once, two that contradict each other both.</summary>
    /// <param name="record">What the note says.</param>
    /// <param name="note">The note as it came.</param>
    FieldRecordOutcome KeepRecord(FieldRecord record, ReadOnlyMemory<byte> note);

    /// <summary>The records after a place, in the order they came, without the notes; those that were erased too.</summary>
    /// <param name="afterSequence">The last place already known; 0 for the beginning.</param>
    /// <param name="maximum">How many at most.</param>
    IReadOnlyList<FieldRecordName> Records(long afterSequence, int maximum);

    /// <summary>The note of a record; null when it is not there, or was erased.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="hash">See <see cref="FieldRecord.HashOf"/>.</param>
    ReadOnlyMemory<byte>? FindRecord(string gateway, string hash);

    /// <summary>The notes of a channel's manual entries, in the order they came; none that was erased.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> EntryNotesOf(string gateway, string channel);

    /// <summary>Takes the note of a record away for ever: it names a person. Its hash stays, so that the same note is not kept again.</summary>
    /// <returns>False when there is no such record.</returns>
    bool EraseRecord(string gateway, string hash);
}

/// <summary>What became of a record.</summary>
public enum FieldRecordOutcome
{
    /// <summary>It was new and is kept.</summary>
    Kept = 0,

    /// <summary>It was there already, or was there and is erased.</summary>
    Known,

    /// <summary>The gateway has <see cref="StoreLimits.MaximumRecords"/> already; nothing was kept.</summary>
    Full,
}

/// <summary>Which record.</summary>
/// <param name="Sequence">Place in the order they came, ascending from 1 over all gateways.</param>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Kind">Which kind.</param>
/// <param name="Channel">The channel it is about.</param>
/// <param name="Hash">SHA-256 of the note, lower-case hexadecimal.</param>
public sealed record FieldRecordName(long Sequence, string Gateway, FieldRecordKind Kind, string Channel, string Hash);
