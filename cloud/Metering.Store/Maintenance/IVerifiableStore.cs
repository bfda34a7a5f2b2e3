namespace Metering.Store.Maintenance;

/// <summary>What a store tells of itself.</summary>
public interface IVerifiableStore
{
    /// <summary>What the store holds and how large it is, as of one moment.</summary>
    StoreInfo Info();

    /// <summary>
    /// Checks the store against itself, also while it is in use: every batch opens, is signed by the enrolled key and follows
    /// the one before it; every chunk is byte for byte what the journal gives; every rollup is what the chunks give.
    /// </summary>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    VerificationReport Verify(StoreProgress progress, CancellationToken cancellationToken);
}
