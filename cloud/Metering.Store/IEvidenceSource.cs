using Metering.Readings;

namespace Metering.Store;

/// <summary>What the transparency log takes from the store. Part of every <see cref="IReadingStore"/>.</summary>
public interface IEvidenceSource
{
    /// <summary>The batches after a place in the journal by their hashes, in the order of arrival; also those whose readings were dropped.</summary>
    /// <param name="afterSequence">The last sequence already known; 0 for the beginning.</param>
    /// <param name="maximum">How many at most.</param>
    IReadOnlyList<JournalHash> JournalHashes(long afterSequence, int maximum);

    /// <summary>Every loss accepted, by gateway, key epoch and first batch, with the note in which the gateway states it.</summary>
    IReadOnlyList<LossStatement> LossStatements();

    /// <summary>Every birth message that is kept, in the order they came, without the messages themselves.</summary>
    IReadOnlyList<BirthName> Births();

    /// <summary>A birth message; null when it is not there.</summary>
    GatewayBirth? FindBirth(BirthName name);
}

/// <summary>A batch of the journal by its hash.</summary>
/// <param name="Sequence">Place in the journal, ascending from 1.</param>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="KeyEpoch">Key epoch of the batch.</param>
/// <param name="Batch">Number of the batch.</param>
/// <param name="NoteHash">SHA-256 of its signed note, lower-case hexadecimal.</param>
public sealed record JournalHash(long Sequence, string Gateway, int KeyEpoch, long Batch, string NoteHash);

/// <summary>A loss with its evidence.</summary>
/// <param name="Lost">The batches.</param>
/// <param name="Note">The signed note as it came.</param>
public sealed record LossStatement(LostBatches Lost, ReadOnlyMemory<byte> Note);

/// <summary>Which birth message: there is one for each configuration and software of a gateway.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="ConfigHash">Hash of its configuration.</param>
/// <param name="Software">Software version.</param>
/// <param name="ReceivedUtcMilliseconds">When it came first.</param>
public sealed record BirthName(string Gateway, string ConfigHash, string Software, long ReceivedUtcMilliseconds);
