using Metering.Readings;

namespace Metering.Store;

/// <summary>
/// The embedded store: one SQLite file. A batch is durable when its task ends: it stands as one row of the journal, which
/// is kept for ever. Its readings are held in memory until they are sealed into one compact chunk per channel and UTC
/// day. Idempotent on (gateway, channel, instant): the reading received last stands. One process appends; any number of
/// processes may read at the same time. Every member may be called from any thread and throws
/// <see cref="StoreException"/> when the file fails.
/// </summary>
public sealed class SqliteStore : IDisposable
{
    /// <summary>Bytes kept in quarantine altogether; beyond it only the reason and the length are kept.</summary>
    public const long MaximumQuarantineLength = 64 * 1024 * 1024;

    /// <summary>The first instant a reading may have: 1970-01-01 UTC.</summary>
    public const long FirstInstantUtcMilliseconds = 0;

    /// <summary>The instant every reading lies before: 10000-01-01 UTC.</summary>
    public const long EndInstantUtcMilliseconds = 253_402_300_800_000;

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly SqliteFile _file;
    private readonly ReadingState _state = new();
    private readonly Lock _startGate = new();
    private JournalWriter? _writer;
    private readonly ReadingReader _reader;
    private bool _isDisposed;

    private SqliteStore(string path, TimeProvider clock, SqliteFile file)
    {
        _path = path;
        _clock = clock;
        _file = file;
        _reader = new(file, _state);
    }

    /// <summary>Opens a store, or makes an empty one; batches not yet sealed are read from the journal.</summary>
    /// <param name="path">The file; SQLite puts two more beside it, and the process that appends a lock file.</param>
    /// <param name="clock">Where the time of quarantine and sealing comes from.</param>
    /// <exception cref="StoreException">The file cannot be made (73), the disk fails (74), another process holds it (75), or it is no store of this version (78).</exception>
    public static SqliteStore Open(string path, TimeProvider clock)
    {
        SqliteStore store = new(path, clock, SqliteFile.Open(path));
        try
        {
            store._reader.Open();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    internal SqliteFile File => _file;

    /// <summary>How many damaged chunks were met since the store was opened; each was made again from the journal.</summary>
    public long DamagedChunkCount => _reader.DamagedChunkCount;

    /// <summary>Messages put aside because they could not be stored, over the life of the store.</summary>
    public long QuarantineCount => _file.Read(session => session.Scalar("SELECT count(*) FROM quarantine"));

    /// <summary>Sequence of the newest batch in the journal; 0 when it is empty.</summary>
    public long LastSequence => _file.Read(JournalTable.LastSequence);

    /// <summary>
    /// Takes the right to append now instead of at the first batch, so that a second ingesting process fails at its start.
    /// </summary>
    /// <exception cref="StoreException">Another process appends to this store (75).</exception>
    public void BecomeWriter() => _ = Writer();

    /// <summary>Makes a gateway's key known; the same enrolment again changes nothing.</summary>
    /// <exception cref="ArgumentException">An identifier, the epoch or the key is not of its form.</exception>
    /// <exception cref="StoreException">The epoch is enrolled with another key or plant (78).</exception>
    public void Enrol(GatewayEnrolment enrolment)
    {
        EnrolmentTable.Check(enrolment);
        _ = _file.Write(session =>
        {
            EnrolmentTable.Add(session, enrolment);
            return true;
        });
    }

    /// <summary>The enrolment of a gateway's key, or null.</summary>
    public GatewayEnrolment? FindEnrolment(string gateway, int keyEpoch) =>
        _file.Read(session => EnrolmentTable.Find(session, gateway, keyEpoch));

    /// <summary>Every enrolment, by gateway and key epoch.</summary>
    public IReadOnlyList<GatewayEnrolment> Enrolments() => _file.Read(EnrolmentTable.All);

    /// <summary>How far a gateway's chain is durable; (0, <see cref="BatchManifest.NoPrevious"/>) when nothing is stored.</summary>
    public ChainHead Head(string gateway, int keyEpoch) => _file.Read(session => JournalTable.Head(session, gateway, keyEpoch));

    /// <summary>
    /// Appends a batch whose signature has been checked. The task ends when the batch is on disk (one flush for all
    /// batches that wait) and its readings can be read, or when it is clear that it is not stored.
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
    public Task<AppendOutcome> AppendAsync(
        BatchEnvelope envelope, ReadOnlyMemory<byte> bytes, IReadOnlyList<ChannelSegment> segments, CancellationToken cancellationToken)
    {
        if (segments.Count == 0 || segments.Count != envelope.Manifest.Channels.Count)
        {
            throw new ArgumentException("the segments are not those of the envelope", nameof(segments));
        }

        foreach (ChannelSegment segment in segments)
        {
            ReadOnlySpan<long> instants = segment.UtcMilliseconds.Span;
            if (instants[0] < FirstInstantUtcMilliseconds || instants[^1] >= EndInstantUtcMilliseconds)
            {
                return Task.FromException<AppendOutcome>(new WireFormatException($"channel {segment.Channel.Id} has an instant outside the years 1970 to 9999"));
            }
        }

        return Writer().AppendAsync(new(envelope, bytes.ToArray(), segments), cancellationToken);
    }

    /// <summary>Puts a message aside that cannot be stored, with the reason; durable on return.</summary>
    /// <param name="gateway">Gateway of the topic it came on; need not be enrolled.</param>
    /// <param name="reason">Why, in plain words.</param>
    /// <param name="bytes">The message as received; kept up to <see cref="MaximumQuarantineLength"/> altogether.</param>
    public void Quarantine(string gateway, string reason, ReadOnlyMemory<byte> bytes)
    {
        long received = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        _ = _file.Write(session =>
        {
            bool fits = session.Scalar("SELECT sum(length(bytes)) FROM quarantine") + bytes.Length <= MaximumQuarantineLength;
            return session.Execute(
                "INSERT INTO quarantine(gateway, reason, received, length, bytes) VALUES($0, $1, $2, $3, $4)",
                gateway, reason, received, (long)bytes.Length, fits ? bytes.ToArray() : null);
        });
    }

    /// <summary>Messages of one gateway put aside, over the life of the store.</summary>
    public long QuarantinedOf(string gateway) =>
        _file.Read(session => session.Scalar("SELECT count(*) FROM quarantine WHERE gateway=$0", gateway));

    /// <summary>Every channel that has readings, by gateway and channel identifier.</summary>
    public IReadOnlyList<StoredChannel> Channels() => _reader.Channels(null, null);

    /// <summary>One channel, or null when it has no readings.</summary>
    public StoredChannel? FindChannel(string gateway, string channel) => _reader.Channels(gateway, channel).FirstOrDefault();

    /// <summary>The readings of a channel in [from, to), as of one moment.</summary>
    /// <param name="gateway">Gateway identifier.</param>
    /// <param name="channel">Channel identifier.</param>
    /// <param name="fromUtcMilliseconds">First instant wanted; <see cref="long.MinValue"/> for all.</param>
    /// <param name="toUtcMilliseconds">First instant not wanted; <see cref="long.MaxValue"/> for all.</param>
    /// <returns>The readings, none when the range holds none.</returns>
    /// <exception cref="KeyNotFoundException">The channel has never had a reading; ask <see cref="FindChannel"/> first.</exception>
    public ReadingColumns Read(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds) =>
        _reader.Read(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds)
            ?? throw new KeyNotFoundException($"gateway {gateway} has no channel {channel} with readings");

    /// <summary>The newest reading of a channel, with or without a value (its channel index is 0); null when there is none.</summary>
    public Reading? Latest(string gateway, string channel) => _reader.Latest(gateway, channel);

    /// <summary>
    /// SHA-256, lower-case hexadecimal, of unit, decimals and readings in [from, to): the same readings give the same
    /// text however they are stored, any other reading another.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The channel has never had a reading.</exception>
    public string VersionOf(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds) =>
        ReadingReader.Version(Read(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds));

    /// <summary>The batches after a place in the journal, in the order of arrival.</summary>
    /// <param name="afterSequence">The last sequence already known; 0 for the beginning.</param>
    /// <param name="maximum">How many at most; all of them are held in memory.</param>
    public IEnumerable<JournalRecord> Journal(long afterSequence, int maximum) =>
        _file.Read(session => JournalTable.Rows(session, afterSequence, maximum));

    /// <summary>Seals everything appended so far into chunks now. Not needed for durability.</summary>
    /// <exception cref="StoreException">Another process appends to this store (75), or the disk fails.</exception>
    public Task SealAsync() => Writer().SealAsync();

    /// <summary>Finishes the batches that wait and closes the file.</summary>
    public void Dispose()
    {
        lock (_startGate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _writer?.Dispose();
        }

        _file.Dispose();
    }

    private JournalWriter Writer()
    {
        lock (_startGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _writer ??= JournalWriter.Start(_path, _file, _state, _clock);
        }
    }
}
