using Metering.Readings;
using Metering.Store.Maintenance;
using Metering.Store.Rollups;

namespace Metering.Store.Sqlite;

/// <summary>
/// The embedded store: one SQLite file. A batch is durable when its task ends: it stands as one row of the journal, which
/// is kept for ever. Its readings are held in memory until they are sealed into one compact chunk per channel and UTC
/// day. Idempotent on (gateway, channel, instant): the reading received last stands. One process appends; any number of
/// processes may read at the same time. Every member may be called from any thread and throws
/// <see cref="StoreException"/> when the file fails.
/// </summary>
public sealed partial class SqliteStore : IReadingStore
{
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly SqliteFile _file;
    private readonly ReadingState _state = new();
    private readonly Lock _startGate = new();
    private JournalWriter? _writer;
    private readonly ReadingReader _reader;
    private readonly VersionReader _versions;
    private bool _isDisposed;

    private SqliteStore(string path, TimeProvider clock, SqliteFile file)
    {
        _path = path;
        _clock = clock;
        _file = file;
        _reader = new(file, _state);
        _versions = new(_reader.SealedDays, _reader.Read);
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

    internal ReadingReader Reader => _reader;

    /// <inheritdoc/>
    public long DamagedChunkCount => _reader.DamagedChunkCount;

    /// <inheritdoc/>
    public long QuarantineCount => _file.Read(session => session.Scalar("SELECT count(*) FROM quarantine"));

    /// <inheritdoc/>
    public long LastSequence => _file.Read(JournalTable.LastSequence);

    /// <inheritdoc/>
    public ReadingStanding StandingAfter(long afterSequence) => _reader.StandingAfter(afterSequence);

    /// <inheritdoc/>
    public bool AllowsSeveralWriters => false;

    /// <inheritdoc/>
    public void BecomeWriter() => _ = Writer();

    /// <inheritdoc/>
    public void Enrol(GatewayEnrolment enrolment)
    {
        EnrolmentRules.Check(enrolment);
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
    public IReadOnlyList<GatewayEnrolment> EnrolmentsOf(string gateway) => _file.Read(session => EnrolmentTable.Of(session, gateway));

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEnrolment> Enrolments() => _file.Read(EnrolmentTable.All);

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEnrolment> EnrolmentsOfPlant(string plant) => _file.Read(session => EnrolmentTable.OfPlant(session, plant));

    /// <inheritdoc/>
    public ChainHead Head(string gateway, int keyEpoch) => _file.Read(session => JournalTable.Head(session, gateway, keyEpoch));

    /// <inheritdoc/>
    public ChainStanding Standing(string gateway, int keyEpoch) => _file.Read(session =>
    {
        session.BeginRead();
        ChainHead head = JournalTable.Head(session, gateway, keyEpoch);
        return new ChainStanding(head, WaitingTable.Numbers(session, gateway, keyEpoch, head.Through));
    });

    /// <inheritdoc/>
    public IReadOnlyList<EarlyReading> NewestEarly(string? gateway) => EarlyBatches.Newest(_file.Read(session => WaitingTable.Newest(session, gateway)));

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        BatchEnvelope envelope, ReadOnlyMemory<byte> bytes, IReadOnlyList<ChannelSegment> segments, CancellationToken cancellationToken)
    {
        PendingBatch batch;
        try
        {
            batch = PendingBatch.Take(envelope, bytes, segments, _clock.GetUtcNow());
        }
        catch (WireFormatException e)
        {
            return Task.FromException<AppendOutcome>(e);
        }

        return Writer().AppendAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    public void Quarantine(string gateway, string reason, ReadOnlyMemory<byte> bytes)
    {
        long received = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        _ = _file.Write(session =>
        {
            QuarantineTable.Add(session, gateway, reason, received, bytes);
            return true;
        });
    }

    /// <inheritdoc/>
    public long QuarantinedOf(string gateway) =>
        _file.Read(session => session.Scalar("SELECT count(*) FROM quarantine WHERE gateway=$0", gateway));

    /// <inheritdoc/>
    public IReadOnlyList<StoredChannel> Channels() => _reader.Channels();

    /// <inheritdoc/>
    public IReadOnlyList<StoredChannel> ChannelsOfPlant(string plant) => _reader.ChannelsOfPlant(plant);

    /// <inheritdoc/>
    public StoredChannel? FindChannel(string gateway, string channel) => _reader.FindChannel(gateway, channel);

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
    public int RefreshRollups(string gateway, string channel, TimeZoneInfo zone) => RollupReader.Refresh((gateway, channel, zone), request =>
    {
        _ = _reader.ReadIntervals(request, out int stored);
        return stored;
    });

    /// <inheritdoc/>
    public Reading? Latest(string gateway, string channel) => _reader.Latest(gateway, channel);

    /// <inheritdoc/>
    public string VersionOf(string gateway, string channel, long fromUtcMilliseconds, long toUtcMilliseconds) =>
        _versions.Of(gateway, channel, fromUtcMilliseconds, toUtcMilliseconds)
            ?? throw new KeyNotFoundException($"gateway {gateway} has no channel {channel} with readings");

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> Journal(long afterSequence, int maximum) =>
        _file.Read(session => JournalTable.Rows(session, afterSequence, maximum));

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> BatchesAt(string gateway, long utcMilliseconds, int maximum) =>
        _file.Read(session => JournalTable.At(session, gateway, utcMilliseconds, maximum));

    /// <inheritdoc/>
    public (long First, long Last)? BatchesWithin(string gateway, int keyEpoch, long fromUtcMilliseconds, long toUtcMilliseconds) =>
        _file.Read(session => JournalTable.Within(session, (gateway, keyEpoch), fromUtcMilliseconds, toUtcMilliseconds));

    /// <inheritdoc/>
    public IReadOnlyList<ChainBatch> BatchesFrom(string gateway, int keyEpoch, long firstBatch, int maximum) =>
        _file.Read(session => JournalTable.From(session, (gateway, keyEpoch), firstBatch, maximum));

    /// <inheritdoc/>
    public bool KeepBirth(string gateway, string configHash, string software, ReadOnlyMemory<byte> message)
    {
        if (message.Length > StoreLimits.MaximumBirthLength || _file.Read(session => BirthTable.Find(session, gateway, configHash))?.Software == software)
        {
            return false;
        }

        GatewayBirth birth = new(gateway, configHash, software, _clock.GetUtcNow().ToUnixTimeMilliseconds(), message);
        return _file.Write(session => BirthTable.Keep(session, birth));
    }

    /// <inheritdoc/>
    public GatewayBirth? FindBirth(string gateway, string configHash) => _file.Read(session => BirthTable.Find(session, gateway, configHash));

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

    /// <summary>Bytes of the write-ahead log beside the file; brought into it by the process that appends.</summary>
    public long WriteAheadLogLength => _file.WriteAheadLogLength;

    /// <inheritdoc/>
    public StoreInfo Info() => _file.Read(session =>
    {
        session.BeginRead();
        return new StoreInfo(
            session.Scalar("PRAGMA user_version"),
            _file.Length,
            _file.WriteAheadLogLength,
            session.Scalar("SELECT count(*) FROM journal"),
            session.Scalar("SELECT count(*) FROM tombstone"),
            JournalTable.LastSequence(session),
            FollowerTable.Watermark(session, ReadingState.SealedWatermark),
            session.Scalar("SELECT count(*) FROM channel"),
            session.Scalar("SELECT count(*) FROM chunk"),
            session.Scalar("SELECT sum(count) FROM chunk"),
            session.Scalar("SELECT sum(length(data)) FROM chunk"),
            session.Scalar("SELECT count(*) FROM rollup WHERE step>=0"),
            session.Scalar("SELECT sum(length(data)) FROM rollup WHERE step>=0"),
            session.Scalar("SELECT sum(end_day - first_day) FROM pruned"),
            session.Scalar("SELECT count(*) FROM quarantine"));
    });

    /// <inheritdoc/>
    public VerificationReport Verify(StoreProgress progress, CancellationToken cancellationToken) => new StoreVerification(new SqliteTables(_file), progress).Run(cancellationToken);

    /// <summary>Writes a verified copy as of one moment into a folder, also while the store is in use.</summary>
    /// <param name="folder">Folder of the backups; made when it is not there.</param>
    /// <param name="keep">How many backups stay in it, the new one included; 0 for all.</param>
    /// <param name="progress">Told how far the verification is.</param>
    /// <param name="cancellationToken">Ends it; nothing is left behind.</param>
    /// <exception cref="StoreException">The copy cannot be written (73) or does not verify (74).</exception>
    public BackupReport Backup(string folder, int keep, StoreProgress progress, CancellationToken cancellationToken) =>
        StoreBackup.Write(_file, folder, _clock.GetUtcNow(), keep, progress, cancellationToken);

    /// <summary>Drops old readings that no project needs, and records what was dropped. Works while the store is in use.</summary>
    /// <param name="request">What may go.</param>
    /// <param name="isDryRun">True to look only.</param>
    public PruneReport Prune(PruneRequest request, bool isDryRun) => new StorePruning(_file, _clock).Run(request, isDryRun);

    /// <summary>
    /// Makes every chunk from the journal alone and drops the rollups, which come back by themselves. No process may append
    /// to the store meanwhile, and none should read it: a reader in between sees old and new chunks, which say the same.
    /// </summary>
    /// <param name="path">The store.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Ends it and leaves a sound store.</param>
    /// <returns>Chunks made.</returns>
    /// <exception cref="StoreException">Another process appends (75), a batch is damaged (74), or it is no store (78).</exception>
    public static long Rebuild(string path, StoreProgress progress, CancellationToken cancellationToken)
    {
        using FileStream held = WriterLock.Take(path);
        using SqliteFile file = SqliteFile.Open(path);
        long made = new StoreRebuild(new SqliteTables(file), progress).Run(cancellationToken);
        file.Checkpoint(isIdle: true);
        return made;
    }

    /// <summary>Puts a backup in the place of a store. The store that was there is kept beside it.</summary>
    /// <param name="backup">The backup; verified first.</param>
    /// <param name="path">The store; no process may have it open.</param>
    /// <param name="mayLoseBatches">Whether a store that has batches which the backup does not have may be replaced.</param>
    /// <param name="clock">Names the file that the replaced store is kept under.</param>
    /// <param name="run">Told how far the verification is, and what ends it.</param>
    /// <exception cref="StoreException">The backup is damaged (74) or no store (78), the store has newer batches (73), or another process appends (75).</exception>
    public static BackupReport Restore(
        string backup, string path, bool mayLoseBatches, TimeProvider clock, (StoreProgress Progress, CancellationToken Token) run) =>
        StoreBackup.Restore(backup, path, mayLoseBatches, clock.GetUtcNow(), run);

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
