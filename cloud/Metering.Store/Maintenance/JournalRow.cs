namespace Metering.Store.Maintenance;

/// <summary>One row of the journal.</summary>
/// <param name="Sequence">Place in the journal.</param>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="KeyEpoch">Key epoch.</param>
/// <param name="Batch">Number of the batch.</param>
/// <param name="NoteHash">Note hash, lower-case hexadecimal.</param>
/// <param name="First">First instant, UTC ms.</param>
/// <param name="Last">Last instant, UTC ms.</param>
/// <param name="Envelope">The bytes as they came; empty when the batch was thinned.</param>
/// <param name="KeptNote">Of a thinned batch the signed manifest; else null.</param>
internal sealed record JournalRow(
    long Sequence, string Gateway, int KeyEpoch, long Batch, string NoteHash, long First, long Last, byte[] Envelope, byte[]? KeptNote)
{
    /// <summary>Whether the readings were dropped on purpose, or the bytes are gone.</summary>
    public bool IsThinned => Envelope.Length == 0;
}
