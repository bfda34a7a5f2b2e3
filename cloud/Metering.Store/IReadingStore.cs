using Metering.Readings;
using Metering.Store.Maintenance;

namespace Metering.Store;

/// <summary>
/// Where readings are kept. A batch is durable when its task ends: it stands as one row of the journal, which is kept for
/// ever, and everything else can be made from it. Idempotent on (gateway, channel, instant): the reading received last
/// stands. Every member may be called from any thread and throws <see cref="StoreException"/> when the store fails.
/// One conformance suite runs over every implementation.
/// </summary>
public interface IReadingStore : IGatewayRegister, IQuarantineShelf, IEvidenceSource, IFieldRecordShelf, IVerifiableStore, IDisposable
{
    /// <summary>How many damaged chunks were met since the store was opened; each was made again from the journal.</summary>
    long DamagedChunkCount { get; }

    /// <summary>Messages put aside because they could not be stored, over the life of the store.</summary>
    long QuarantineCount { get; }

    /// <summary>Sequence of the newest batch in the journal; 0 when it is empty.</summary>
    long LastSequence { get; }

    /// <summary>
    /// How far readings can be read, and which gateways brought any since an earlier answer: one question for everybody who keeps something made of readings. Readings get into a store in
    /// batches of its journal alone, late and replacing ones too, and go by pruning alone. So what was read after one answer is the same after the next when none of its gateways is in between,
    /// no more days were dropped, and the batch at the earlier place is still the same one (a restored store has another).
    /// </summary>
    /// <param name="afterSequence"><see cref="ReadingStanding.Through"/> of the earlier answer; 0 for everything, <see cref="long.MaxValue"/> for no gateway.</param>
    ReadingStanding StandingAfter(long afterSequence);

    /// <summary>
    /// Takes the right to append now instead of at the first batch, so that a process that may not fails at its start, and
    /// begins to seal. A store in PostgreSQL gives the right to any number of processes.
    /// </summary>
    /// <exception cref="StoreException">The store takes one appending process, and another is it (75).</exception>
    void BecomeWriter();

    /// <summary>Whether several processes may append at the same time.</summary>
    bool AllowsSeveralWriters { get; }

    /// <summary>Makes a gateway's key known; the same enrolment again changes nothing.</summary>
    /// <exception cref="ArgumentException">An identifier, the epoch or the key is not of its form.</exception>
    /// <exception cref="StoreException">The epoch is enrolled with another key or plant (78).</exception>
    void Enrol(GatewayEnrolment enrolment);

    /// <summary>The enrolment of a gateway's key, or null.</summary>
    GatewayEnrolment? FindEnrolment(string gateway, int keyEpoch);

    /// <summary>The enrolments of one gateway, by key epoch.</summary>
    IReadOnlyList<GatewayEnrolment> EnrolmentsOf(string gateway);

    /// <summary>Every enrolment, by gateway and key epoch.</summary>
    IReadOnlyList<GatewayEnrolment> Enrolments();

    /// <summary>Every enrolment of the gateways whose newest one names this plant, by gateway and key epoch: a gateway is where its newest enrolment says.</summary>
    IReadOnlyList<GatewayEnrolment> EnrolmentsOfPlant(string plant);

    /// <summary>How far a gateway's chain is durable, or stated lost by <see cref="IGatewayRegister.AcceptLoss"/>; (0, <see cref="BatchManifest.NoPrevious"/>) when nothing is stored.</summary>
    ChainHead Head(string gateway, int keyEpoch);

    /// <summary>How far a gateway's chain is durable, and which batches beyond it are, as of one moment.</summary>
    ChainStanding Standing(string gateway, int keyEpoch);

    /// <summary>
    /// The newest reading of each channel in the batches that wait for their turn (of each gateway the newest
    /// <see cref="StoreLimits.EarlyBatchesShown"/>), by gateway and channel identifier. For showing the present while a backlog comes in, and for
    /// nothing else: what is computed stands on the chain alone, and a waiting batch may still be refused.
    /// </summary>
    /// <param name="gateway">Only of this gateway; null for all.</param>
    IReadOnlyList<EarlyReading> NewestEarly(string? gateway);

    /// <summary>
    /// Appends a batch whose signature has been checked. The task ends when the batch is on disk and its readings can be
    /// read, or it waits on disk for its turn (<see cref="AppendOutcome.Early"/>), or when it is clear that it is not stored.
    /// </summary>
    /// <param name="envelope">The opened batch.</param>
    /// <param name="bytes">The bytes it was opened from, kept as they are.</param>
    /// <param name="segments">What <see cref="BatchEnvelope.ReadSegments"/> gave.</param>
    /// <param name="cancellationToken">Ends the waiting; the batch may be stored all the same.</param>
    /// <exception cref="ArgumentException">The gateway is not enrolled with this key epoch.</exception>
    /// <exception cref="WireFormatException">
    /// The batch can never be stored: an instant outside 1970 to 9999, or a channel that changed its unit, kind or decimals.
    /// </exception>
    /// <exception cref="StoreException">Not stored: the disk fails, or another process appends to this store.</exception>
    Task<AppendOutcome> AppendAsync(
        BatchEnvelope envelope, ReadOnlyMemory<byte> bytes, IReadOnlyList<ChannelSegment> segments, CancellationToken cancellationToken);

    /// <summary>Puts a message aside that cannot be stored, with the reason; durable on return.</summary>
    /// <param name="gateway">Gateway of the topic it came on; need not be enrolled.</param>
    /// <param name="reason">Why, in plain words.</param>
    /// <param name="bytes">The message as received; kept up to <see cref="StoreLimits.MaximumQuarantineLength"/> altogether.</param>
    void Quarantine(string gateway, string reason, ReadOnlyMemory<byte> bytes);

    /// <summary>Messages of one gateway put aside, over the life of the store.</summary>
    long QuarantinedOf(string gateway);

    /// <summary>Every channel that has readings, by gateway and channel identifier.</summary>
    IReadOnlyList<StoredChannel> Channels();

    /// <summary>The channels of a plant that have readings, by gateway and channel identifier: those of its gateways (<see cref="EnrolmentsOfPlant"/>).</summary>
    IReadOnlyList<StoredChannel> ChannelsOfPlant(string plant);

    /// <summary>One channel, or null when it has no readings.</summary>
    StoredChannel? FindChannel(string gateway, string channel);

    /// <summary>The readings of a channel in [from, to), as of one moment.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="channel">Channel identifier.</param>
    /// <param name="fromUtcMilliseconds">First instant wanted; <see cref="long.MinValue"/> for all.</param>
    /// <param name="toUtcMilliseconds">First instant not wanted; <see cref="long.MaxValue"/> for all.</param>
    /// <returns>The readings, none when the range holds none.</returns>
    /// <exception cref="KeyNotFoundException">The channel has never had a reading; ask <see cref="FindChannel"/> first.</exception>
    ReadingColumns Read(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds);

    /// <summary>
    /// Intervals of a channel: from stored rollups where they are fresh, computed from readings everywhere else, unsealed
    /// readings included. What was computed and cannot change any more is stored, if this process appends.
    /// </summary>
    /// <param name="request">Channel, range, step and zone.</param>
    /// <exception cref="KeyNotFoundException">The channel has never had a reading.</exception>
    IntervalReadings ReadIntervals(IntervalRequest request);

    /// <summary>Computes and stores the rollups of a channel that are missing or stale, in short transactions; nothing when this process does not append.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="channel">Channel identifier.</param>
    /// <param name="zone">The plant's zone.</param>
    /// <returns>Months made.</returns>
    int RefreshRollups(string gateway, string channel, TimeZoneInfo zone);

    /// <summary>The newest reading of a channel, with or without a value (its channel index is 0); null when there is none.</summary>
    Reading? Latest(string gateway, string channel);

    /// <summary>
    /// SHA-256, lower-case hexadecimal, of unit, decimals and readings in [from, to): the same readings give the same
    /// text however and wherever they are stored, any other reading another.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The channel has never had a reading.</exception>
    string VersionOf(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds);

    /// <summary>The batches after a place in the journal, in the order of arrival.</summary>
    /// <param name="afterSequence">The last sequence already known; 0 for the beginning.</param>
    /// <param name="maximum">How many at most; all of them are held in memory.</param>
    IReadOnlyList<JournalRecord> Journal(long afterSequence, int maximum);

    /// <summary>
    /// The batches of a gateway whose span of time holds an instant, the one received last first: whatever reading of that
    /// instant the store has came in the first of them that carries it. Found by an index over time, without opening others;
    /// a batch whose bytes were pruned is left out.
    /// </summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="utcMilliseconds">The instant.</param>
    /// <param name="maximum">How many at most; all of them are held in memory.</param>
    IReadOnlyList<JournalRecord> BatchesAt(string gateway, long utcMilliseconds, int maximum);

    /// <summary>The first and the last batch of a gateway's key epoch with a reading in [from, to); null when none has. Between them may stand batches without one.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="keyEpoch">Key epoch.</param>
    /// <param name="fromUtcMilliseconds">First instant of the range.</param>
    /// <param name="toUtcMilliseconds">First instant after it.</param>
    (long First, long Last)? BatchesWithin(string gateway, int keyEpoch, long fromUtcMilliseconds, long toUtcMilliseconds);

    /// <summary>Batches of a gateway's key epoch by their number, one that was pruned left out.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="keyEpoch">Key epoch.</param>
    /// <param name="firstBatch">First number wanted.</param>
    /// <param name="maximum">How many at most; all of them are held in memory.</param>
    IReadOnlyList<ChainBatch> BatchesFrom(string gateway, int keyEpoch, long firstBatch, int maximum);

    /// <summary>
    /// Keeps what a gateway said of its meters; the first message of a configuration and software stands, and nothing is ever changed. Durable on return. A message
    /// longer than <see cref="StoreLimits.MaximumBirthLength"/>, or beyond the first <see cref="StoreLimits.MaximumBirths"/> of its gateway, is let go.
    /// </summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="configHash">Hash of its configuration.</param>
    /// <param name="software">Its software.</param>
    /// <param name="message">The JSON as received.</param>
    /// <returns>Whether it was new and is kept.</returns>
    bool KeepBirth(string gateway, string configHash, string software, ReadOnlyMemory<byte> message);

    /// <summary>The newest birth message of a configuration; null when none came.</summary>
    GatewayBirth? FindBirth(string gateway, string configHash);

    /// <summary>Seals everything appended so far into chunks now. Not needed for durability.</summary>
    /// <exception cref="StoreException">Another process appends to this store (75), or the disk fails.</exception>
    Task SealAsync();

    /// <summary>How far a follower of the journal says it is; 0 before its first <see cref="AdvanceWatermark"/>.</summary>
    /// <param name="follower">Name of the follower, such as a mirror's address.</param>
    long Watermark(string follower);

    /// <summary>Moves a follower's watermark on. False when somebody else has moved it meanwhile.</summary>
    bool AdvanceWatermark(string follower, long fromSequence, long toSequence);

    /// <summary>Forgets a follower's watermark and dead letters: it begins again with the first batch.</summary>
    void ResetFollower(string follower);

    /// <summary>Lines that a follower could not deliver.</summary>
    long DeadLetterCount(string follower);

    /// <summary>Keeps a line that cannot be delivered, with the reason; the same line once only.</summary>
    void AddDeadLetter(string follower, string line, string reason);
}
