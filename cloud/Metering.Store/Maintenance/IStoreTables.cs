using Metering.Readings;
using Metering.Store.Chunks;
using Metering.Store.Rollups;

namespace Metering.Store.Maintenance;

/// <summary>The tables of a store of any kind, for verification and rebuilding.</summary>
internal interface IStoreTables
{
    /// <summary>Runs a body on what the store holds at one moment.</summary>
    T Read<T>(Func<IStoreMoment, T> body);

    /// <summary>Runs a body in one transaction and commits it.</summary>
    void Write(Action<IStoreChange> body);
}

/// <summary>What a store holds at one moment.</summary>
internal interface IStoreMoment
{
    List<GatewayEnrolment> Enrolments();

    /// <summary>Batches that their gateways stated lost.</summary>
    List<LostBatches> Losses();

    /// <summary>Place of the newest batch.</summary>
    long LastSequence();

    /// <summary>Batches after a place with everything that is kept of them, thinned ones too.</summary>
    List<JournalRow> Page(long afterSequence, int maximum);

    /// <summary>Every channel, by gateway and name.</summary>
    List<ChannelRow> Channels();

    /// <summary>Hands on the segments of all batches that touch a range of days, in the order of arrival.</summary>
    /// <param name="days">First and last UTC day.</param>
    /// <param name="skipsDamaged">Whether a damaged batch is passed over instead of an error.</param>
    /// <param name="apply">Gets place, gateway and segment. Must not ask the store.</param>
    void ReplayDays((long First, long Last) days, bool skipsDamaged, Action<long, string, ChannelSegment> apply);

    /// <summary>Up to which place the batches of a gateway are in chunks.</summary>
    Func<string, long> SealedThrough();

    /// <summary>Whether the chunks of a gateway may be replaced by this process.</summary>
    bool MayReplace(string gateway);

    /// <summary>Whether the readings of a channel (row number) on a day were dropped on purpose.</summary>
    Func<long, long, bool> Pruned();

    /// <summary>Channel days that were dropped on purpose.</summary>
    long PrunedDays();

    long ChunkCount();

    /// <summary>The chunks of all channels from a first to a last day, with the count their rows say.</summary>
    Dictionary<long, (long Count, byte[] Data)> Chunks((long First, long Last) days);

    /// <summary>All chunks from a first to a last day, also those of no channel.</summary>
    List<long> ChunkIds((long First, long Last) days);

    List<RollupKind> RollupKinds(long channelId);

    /// <summary>The stored rollups of a kind, by month.</summary>
    List<RollupRow> Rollups(long channelId, RollupKind kind);

    /// <summary>What rollups are made from, without unsealed readings.</summary>
    RollupInput SealedInput(ChannelRow row);
}

/// <summary>Changes of derived tables in one transaction.</summary>
internal interface IStoreChange
{
    void DropRollups();

    /// <summary>Puts chunks in place.</summary>
    void Put(List<(long Id, Columns Readings)> chunks);

    void Drop(List<long> chunkIds);

    /// <summary>Takes the figures of all channels from their chunks, and notes that batches up to a place are in chunks.</summary>
    /// <param name="through">The place.</param>
    /// <param name="readings">Readings of each gateway up to there, as they came.</param>
    void NoteSealed(long through, Dictionary<string, long> readings);
}
