using Metering.Readings;

namespace Metering.Store.Sqlite;

/// <summary>
/// The embedded store: one SQLite file. A batch is durable when its task ends: it stands as one row of the journal, which
/// is kept for ever. Its readings are held in memory until they are sealed into one compact chunk per channel and UTC
/// day. Idempotent on (gateway, channel, instant): the reading received last stands. One process appends; any number of
/// processes may read at the same time. Every member may be called from any thread and throws
/// <see cref="StoreException"/> when the file fails.
/// </summary>
public sealed class SqliteStore : IReadingStore
{
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

    /// <inheritdoc/>
    public long DamagedChunkCount => _reader.DamagedChunkCount;

    /// <inheritdoc/>
    public long QuarantineCount => _file.Read(session => session.Scalar("SELECT count(*) FROM quarantine"));

    /// <inheritdoc/>
    public long LastSequence => _file.Read(JournalTable.LastSequence);

    /// <inheritdoc/>
    public void BecomeWriter() => _ = Writer();

    /// <inheritdoc/>
    public void Enrol(GatewayEnrolment enrolment)
    {
        EnrolmentTable.Check(enrolment);
        _ = _file.Write(session =>
        {
            EnrolmentTable.Add(session, enrolment);
            return true;
        });
    }

    /// <inheritdoc/>
    public GatewayEnrolment? FindEnrolment(string gateway, int keyEpoch) =>
        _file.Read(session => EnrolmentTable.Find(session, gateway, keyEpoch));

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEnrolment> Enrolments() => _file.Read(EnrolmentTable.All);

    /// <inheritdoc/>
    public ChainHead Head(string gateway, int keyEpoch) => _file.Read(session => JournalTable.Head(session, gateway, keyEpoch));

    /// <inheritdoc/>
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
            if (instants[0] < StoreLimits.FirstInstantUtcMilliseconds || instants[^1] >= StoreLimits.EndInstantUtcMilliseconds)
            {
                return Task.FromException<AppendOutcome>(new WireFormatException($"channel {segment.Channel.Id} has an instant outside the years 1970 to 9999"));
            }
        }

        return Writer().AppendAsync(new(envelope, bytes.ToArray(), segments), cancellationToken);
    }

    /// <inheritdoc/>
    public void Quarantine(string gateway, string reason, ReadOnlyMemory<byte> bytes)
    {
        long received = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        _ = _file.Write(session =>
        {
            bool fits = session.Scalar("SELECT sum(length(bytes)) FROM quarantine") + bytes.Length <= StoreLimits.MaximumQuarantineLength;
            return session.Execute(
                "INSERT INTO quarantine(gateway, reason, received, length, bytes) VALUES($0, $1, $2, $3, $4)",
                gateway, reason, received, (long)bytes.Length, fits ? bytes.ToArray() : null);
        });
    }

    /// <inheritdoc/>
    public long QuarantinedOf(string gateway) =>
        _file.Read(session => session.Scalar("SELECT count(*) FROM quarantine WHERE gateway=$0", gateway));

    /// <inheritdoc/>
    public IReadOnlyList<StoredChannel> Channels() => _reader.Channels(null, null);

    /// <inheritdoc/>
    public StoredChannel? FindChannel(string gateway, string channel) => _reader.Channels(gateway, channel).FirstOrDefault();

    /// <inheritdoc/>
    public ReadingColumns Read(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds) =>
        _reader.Read(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds)
            ?? throw new KeyNotFoundException($"gateway {gateway} has no channel {channel} with readings");

    /// <inheritdoc/>
    public IntervalReadings ReadIntervals(IntervalRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _reader.ReadIntervals(request, out _)
            ?? throw new KeyNotFoundException($"gateway {request.Gateway} has no channel {request.Channel} with readings");
    }

    /// <inheritdoc/>
    public int RefreshRollups(string gateway, string channel, TimeZoneInfo zone)
    {
        int made = 0;
        foreach (RollupStep step in Enum.GetValues<RollupStep>())
        {
            IntervalRequest request = new() { Gateway = gateway, Channel = channel, Step = step, Zone = zone };
            made += Refresh(request);
        }

        return made;
    }

    private int Refresh(IntervalRequest request)
    {
        _ = _reader.ReadIntervals(request, out int stored);
        return stored;
    }

    /// <inheritdoc/>
    public Reading? Latest(string gateway, string channel) => _reader.Latest(gateway, channel);

    /// <inheritdoc/>
    public string VersionOf(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds) =>
        ReadingVersion.Of(Read(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds));

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> Journal(long afterSequence, int maximum) =>
        _file.Read(session => JournalTable.Rows(session, afterSequence, maximum));

    /// <inheritdoc/>
    public Task SealAsync() => Writer().SealAsync();

    /// <inheritdoc/>
    public long Watermark(string follower) => _file.Read(session => FollowerTable.Watermark(session, follower));

    /// <inheritdoc/>
    public bool AdvanceWatermark(string follower, long fromSequence, long toSequence) =>
        _file.Write(session => FollowerTable.Advance(session, follower, fromSequence, toSequence));

    /// <inheritdoc/>
    public void ResetFollower(string follower) => _ = _file.Write(session =>
    {
        FollowerTable.Reset(session, follower);
        return true;
    });

    /// <inheritdoc/>
    public long DeadLetterCount(string follower) => _file.Read(session => FollowerTable.DeadLetters(session, follower));

    /// <inheritdoc/>
    public void AddDeadLetter(string follower, string line, string reason)
    {
        long received = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        _ = _file.Write(session =>
        {
            FollowerTable.AddDeadLetter(session, follower, line, reason, received);
            return true;
        });
    }

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
