using Metering.Readings;
using Metering.Store.Chunks;

namespace Metering.Store;

/// <summary>Where readings come from, and so how far they prove anything. The numbers are stored: only ever added to.</summary>
public enum ReadingOrigin : byte
{
    /// <summary>Read and signed by a gateway (evidence grade B).</summary>
    Gateway = 0,

    /// <summary>Brought in unsigned (file, other database, line protocol) and signed by the cloud on receipt (evidence grade D).</summary>
    Import = 1,

    /// <summary>Signed by the meter itself; the signature was verified on receipt, and the readings were signed anew by the cloud (evidence grade A).</summary>
    Meter = 2,
}

/// <summary>What the cloud knows of a gateway's key: the plant it stands in never comes from a message.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="KeyEpoch">Number of the key, from 1.</param>
/// <param name="Plant">Plant identifier.</param>
/// <param name="PublicKeyPem">The public key, P-256, in PEM.</param>
/// <param name="Origin">Whose key it is: a gateway's, or the cloud's own for imports.</param>
public sealed record GatewayEnrolment(
    string Gateway, int KeyEpoch, string Plant, string PublicKeyPem, ReadingOrigin Origin = ReadingOrigin.Gateway);

/// <summary>How far a gateway's chain of batches is durable.</summary>
/// <param name="Through">Every batch up to and with this one is stored; 0 = none.</param>
/// <param name="NoteHash">Note hash of that batch, or <see cref="BatchManifest.NoPrevious"/>.</param>
public sealed record ChainHead(long Through, string NoteHash);

/// <summary>What became of a batch.</summary>
public enum AppendOutcome
{
    /// <summary>It was the next one and is durable now.</summary>
    Stored,

    /// <summary>It was durable already, with the same note hash. Nothing changed.</summary>
    Duplicate,

    /// <summary>
    /// Batches before it are missing, and there is no room to keep it, or its key has ended: not stored. The gateway sends it
    /// again.
    /// </summary>
    OutOfOrder,

    /// <summary>
    /// The gateway signed another batch of the same number, or one that names another previous batch than the stored
    /// one. Not stored: what came first is kept.
    /// </summary>
    Fork,

    /// <summary>
    /// Batches before it are missing. It is durable and waits outside the chain: its readings are shown as news only, see
    /// <see cref="IReadingStore.NewestEarly"/>. When its predecessor is appended it is appended too, in the same transaction, or goes to
    /// quarantine when it turns out not to fit. The same early batch again is <see cref="Early"/> again and changes nothing.
    /// </summary>
    Early,
}

/// <summary>Where a chain stands, as of one moment.</summary>
/// <param name="Head">How far it is durable.</param>
/// <param name="Early">Numbers of the batches that are durable before their turn, ascending, each greater than the head's.</param>
public sealed record ChainStanding(ChainHead Head, IReadOnlyList<long> Early);

/// <summary>How far readings can be read, and who brought them since an earlier look, as of one moment.</summary>
/// <param name="Through">Place in the journal: whoever reads after this answer sees the readings of every batch up to it. 0 = none.</param>
/// <param name="Head">Note hash of the batch at that place; empty when there is none.</param>
/// <param name="Earlier">Note hash of the batch at the place asked with; empty when there is none.</param>
/// <param name="PrunedDays">Channel days whose readings were dropped on purpose.</param>
/// <param name="Newest">
/// Place of the newest batch of each gateway that has any after the place asked with; null when there are more than <see cref="StoreLimits.MaximumStandingBatches"/> batches,
/// so that any gateway may have some.
/// </param>
public sealed record ReadingStanding(long Through, string Head, string Earlier, long PrunedDays, IReadOnlyDictionary<string, long>? Newest);

/// <summary>The newest reading of a channel in batches that wait for their turn: signed and durable, but not yet in the chain.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="KeyEpoch">Key epoch of its batch.</param>
/// <param name="Batch">Number of its batch.</param>
/// <param name="Channel">What the channel is, as that batch says.</param>
/// <param name="Reading">The reading; its channel index is 0.</param>
public sealed record EarlyReading(string Gateway, int KeyEpoch, long Batch, Channel Channel, Reading Reading);

/// <summary>A channel that has readings.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="Plant">Plant of the gateway's newest enrolment.</param>
/// <param name="Channel">What the channel is, as its newest batch says.</param>
/// <param name="Count">Instants with a reading, with or without a value.</param>
/// <param name="FirstUtcMilliseconds">First instant.</param>
/// <param name="LastUtcMilliseconds">Last instant.</param>
/// <param name="Origin">Where its readings come from, as the gateway's newest enrolment says.</param>
public sealed record StoredChannel(
    string Gateway, string Plant, Channel Channel, long Count, long FirstUtcMilliseconds, long LastUtcMilliseconds, ReadingOrigin Origin = ReadingOrigin.Gateway);

/// <summary>One batch of the journal, exactly as it came.</summary>
/// <param name="Sequence">Place in the journal, ascending from 1, in the order of arrival over all gateways.</param>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="KeyEpoch">Key epoch of the batch.</param>
/// <param name="Batch">Number of the batch.</param>
/// <param name="Envelope">The bytes as received, see <see cref="BatchEnvelope"/>.</param>
public sealed record JournalRecord(long Sequence, string Gateway, int KeyEpoch, long Batch, ReadOnlyMemory<byte> Envelope)
{
    /// <summary>When it came, UTC milliseconds by the clock of the store; null where it was not asked for, or a program stored it that did not note it.</summary>
    public long? ReceivedUtcMilliseconds { get; init; }
}

/// <summary>A batch by its number in its gateway's chain.</summary>
/// <param name="Batch">Its number.</param>
/// <param name="Envelope">The bytes as received, see <see cref="BatchEnvelope"/>.</param>
public sealed record ChainBatch(long Batch, ReadOnlyMemory<byte> Envelope);

/// <summary>What a gateway said of its meters and channels when it began, kept once for each configuration and software.</summary>
/// <param name="Gateway">Gateway identifier.</param>
/// <param name="ConfigHash">Hash of its configuration, which its batches name too.</param>
/// <param name="Software">Software version.</param>
/// <param name="ReceivedUtcMilliseconds">When it came first.</param>
/// <param name="Message">The JSON as received.</param>
public sealed record GatewayBirth(string Gateway, string ConfigHash, string Software, long ReceivedUtcMilliseconds, ReadOnlyMemory<byte> Message);

/// <summary>Readings of one channel in columns, ascending by instant, one reading an instant.</summary>
public sealed class ReadingColumns
{
    internal ReadingColumns(Channel channel, Columns columns, IReadOnlyList<PrunedRange> pruned)
    {
        Channel = channel;
        Pruned = pruned;
        UtcMilliseconds = columns.UtcMilliseconds;
        ScaledValues = columns.ScaledValues;
        Qualities = columns.Qualities;
        HasValues = columns.HasValues;
    }

    /// <summary>What the integers mean.</summary>
    public Channel Channel { get; }

    /// <summary>Scheduled instants, milliseconds since 1970-01-01 UTC, strictly ascending.</summary>
    public long[] UtcMilliseconds { get; }

    /// <summary>Values as the channel's integers, see <see cref="Channel.ToDouble"/>; 0 without meaning where there is no value.</summary>
    public long[] ScaledValues { get; }

    /// <summary>Class and reason of each reading.</summary>
    public ReadingQuality[] Qualities { get; }

    /// <summary>Whether there is a value at all.</summary>
    public bool[] HasValues { get; }

    /// <summary>Number of readings.</summary>
    public int Count => UtcMilliseconds.Length;

    /// <summary>
    /// Ranges that touch the one asked for and whose readings were dropped on purpose: where there are none it does not
    /// mean that nothing was measured.
    /// </summary>
    public IReadOnlyList<PrunedRange> Pruned { get; }
}
