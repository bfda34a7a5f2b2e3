namespace Metering.Store.Maintenance;

/// <summary>Told how far long work is: what is being done, how much of it is done and how much there is.</summary>
/// <param name="what">What is counted, such as "batches".</param>
/// <param name="done">How many are done.</param>
/// <param name="total">How many there are.</param>
public delegate void StoreProgress(string what, long done, long total);

/// <summary>What a store holds and how large it is.</summary>
/// <param name="SchemaVersion">Version of the schema.</param>
/// <param name="FileLength">Bytes of the file, or of the tables and indices in a database.</param>
/// <param name="WriteAheadLogLength">Bytes of the write-ahead log beside the file; 0 for a database, whose server has one for all.</param>
/// <param name="Batches">Batches in the journal, thinned ones included.</param>
/// <param name="ThinnedBatches">Batches of which only the signed manifest is kept.</param>
/// <param name="LastSequence">Sequence of the newest batch.</param>
/// <param name="SealedThrough">Every batch up to this sequence is in chunks.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Chunks">Day chunks.</param>
/// <param name="SealedReadings">Readings in chunks.</param>
/// <param name="ChunkLength">Bytes of all chunks.</param>
/// <param name="Rollups">Stored months of rollups.</param>
/// <param name="RollupLength">Bytes of all rollups.</param>
/// <param name="PrunedDays">Channel days that were dropped on purpose.</param>
/// <param name="Quarantined">Messages put aside.</param>
public sealed record StoreInfo(
    long SchemaVersion,
    long FileLength,
    long WriteAheadLogLength,
    long Batches,
    long ThinnedBatches,
    long LastSequence,
    long SealedThrough,
    long Channels,
    long Chunks,
    long SealedReadings,
    long ChunkLength,
    long Rollups,
    long RollupLength,
    long PrunedDays,
    long Quarantined);

/// <summary>What a verification found.</summary>
public sealed class VerificationReport
{
    /// <summary>How many differences are kept in words; further ones are only counted.</summary>
    public const int MaximumDifferences = 100;

    private readonly List<string> _differences = [];

    /// <summary>Batches opened, each with a good signature and its place in the chain unless a difference says otherwise.</summary>
    public long Batches { get; internal set; }

    /// <summary>Batches of which only the signed manifest is kept; signature and chain were checked.</summary>
    public long ThinnedBatches { get; internal set; }

    /// <summary>Readings in the opened batches, as they came.</summary>
    public long Readings { get; internal set; }

    /// <summary>Chunks compared byte for byte with what the journal gives.</summary>
    public long Chunks { get; internal set; }

    /// <summary>Chunks that could not be compared, because batches of that day are thinned.</summary>
    public long ChunksWithoutBatches { get; internal set; }

    /// <summary>Channel days that were dropped on purpose.</summary>
    public long PrunedDays { get; internal set; }

    /// <summary>Rollups that equal what the chunks give now.</summary>
    public long FreshRollups { get; internal set; }

    /// <summary>Rollups made of other readings than there are now; they are never served and made again at the next reading.</summary>
    public long StaleRollups { get; internal set; }

    /// <summary>What differs, the first <see cref="MaximumDifferences"/> of it, one sentence each.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>How many differences there are.</summary>
    public long DifferenceCount { get; private set; }

    internal void Add(string difference)
    {
        DifferenceCount++;
        if (_differences.Count < MaximumDifferences)
        {
            _differences.Add(difference);
        }
    }
}
