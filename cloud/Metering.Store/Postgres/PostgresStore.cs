using Metering.Readings;
using Metering.Store.Rollups;

namespace Metering.Store.Postgres;

/// <summary>
/// The store in PostgreSQL, schema "metering": the same journal and the same chunks as in a SQLite file. Any number of
/// processes append, seal and read at the same time. A batch that comes before its turn is kept, and goes into the chain with its
/// predecessor, whichever process gets that. Every member may be called from any thread and throws
/// <see cref="StoreException"/> when the server fails.
/// </summary>
public sealed partial class PostgresStore : IReadingStore
{
    private readonly PostgresDatabase _database;
    private readonly SealPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly PostgresReader _reader;
    private readonly VersionReader _versions;
    private readonly Lock _startGate = new();
    private PostgresWriter? _writer;
    private PostgresSealer? _sealer;
    private bool _isDisposed;

    private PostgresStore(PostgresDatabase database, SealPolicy policy, TimeProvider clock)
    {
        (_database, _policy, _clock) = (database, policy, clock);
        TailCache tails = new();
        database.ConnectionLost = tails.Clear;
        _reader = new(database, tails);
        _versions = new(_reader.SealedDays, _reader.Read);
    }

    /// <summary>Opens a store, or makes an empty one.</summary>
    /// <param name="address">The database; its schema "metering" is made when it is not there.</param>
    /// <param name="clock">Where the time of quarantine and the ticks of sealing come from; leases run by the server's clock.</param>
    /// <exception cref="StoreException">
    /// Nothing answers (69), the disk fails (74), the server is starting or busy (75), it does not let the user in (77), or the
    /// database is not there or newer than this program (78).
    /// </exception>
    public static PostgresStore Open(PostgresAddress address, TimeProvider clock) => Open(address, SealPolicy.Usual, clock);

    internal static PostgresStore Open(PostgresAddress address, SealPolicy policy, TimeProvider clock) =>
        new(PostgresDatabase.Open(address), policy, clock);

    internal PostgresDatabase Database => _database;

    /// <inheritdoc/>
    public long DamagedChunkCount => _reader.DamagedChunkCount;

    /// <inheritdoc/>
    public long QuarantineCount => _database.Read(QuarantineTable.Count);

    /// <inheritdoc/>
    public long LastSequence => _database.Read(JournalTable.LastSequence);

    /// <inheritdoc/>
    public ReadingStanding StandingAfter(long afterSequence) => _database.Read(session => JournalTable.Standing(session, afterSequence));

    /// <summary>Starts appending and sealing in this process; other processes may do the same.</summary>
    public void BecomeWriter() => _ = Writer();

    /// <inheritdoc/>
    public bool AllowsSeveralWriters => true;

    /// <inheritdoc/>
    public void Enrol(GatewayEnrolment enrolment)
    {
        EnrolmentRules.Check(enrolment);
        Write(session =>
        {
            RegisterTable.Lock(session, enrolment.Gateway);
            EnrolmentTable.Add(session, enrolment);
        });
    }

    /// <inheritdoc/>
    public GatewayEnrolment? FindEnrolment(string gateway, int keyEpoch) =>
        _database.Read(session => EnrolmentTable.Find(session, gateway, keyEpoch));

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEnrolment> EnrolmentsOf(string gateway) => _database.Read(session => EnrolmentTable.Of(session, gateway));

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEnrolment> Enrolments() => _database.Read(EnrolmentTable.All);

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEnrolment> EnrolmentsOfPlant(string plant) => _database.Read(session => EnrolmentTable.OfPlant(session, plant));

    /// <inheritdoc/>
    public ChainHead Head(string gateway, int keyEpoch) => _database.Read(session => ChainTable.Head(session, gateway, keyEpoch));

    /// <inheritdoc/>
    public ChainStanding Standing(string gateway, int keyEpoch) => _database.Read(session =>
    {
        ChainHead head = ChainTable.Head(session, gateway, keyEpoch);
        return new ChainStanding(head, WaitingTable.Numbers(session, gateway, keyEpoch, head.Through));
    });

    /// <inheritdoc/>
    public IReadOnlyList<EarlyReading> NewestEarly(string? gateway) => EarlyBatches.Newest(_database.Read(session => WaitingTable.Newest(session, gateway)));

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
        Write(session => QuarantineTable.Add(session, gateway, reason, received, bytes.ToArray()));
    }

    /// <inheritdoc/>
    public long QuarantinedOf(string gateway) => _database.Read(session => QuarantineTable.CountOf(session, gateway));

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
    public Reading? Latest(string gateway, string channel) => _reader.Latest(gateway, channel);

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> Journal(long afterSequence, int maximum) =>
        _database.Read(session => JournalTable.Rows(session, afterSequence, maximum));

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> BatchesAt(string gateway, long utcMilliseconds, int maximum) =>
        _database.Read(session => JournalTable.At(session, gateway, utcMilliseconds, maximum));

    /// <inheritdoc/>
    public (long First, long Last)? BatchesWithin(string gateway, int keyEpoch, long fromUtcMilliseconds, long toUtcMilliseconds) =>
        _database.Read(session => JournalTable.Within(session, (gateway, keyEpoch), fromUtcMilliseconds, toUtcMilliseconds));

    /// <inheritdoc/>
    public IReadOnlyList<ChainBatch> BatchesFrom(string gateway, int keyEpoch, long firstBatch, int maximum) =>
        _database.Read(session => JournalTable.From(session, (gateway, keyEpoch), firstBatch, maximum));

    /// <inheritdoc/>
    public bool KeepBirth(string gateway, string configHash, string software, ReadOnlyMemory<byte> message)
    {
        if (message.Length > StoreLimits.MaximumBirthLength || _database.Read(session => BirthTable.Find(session, gateway, configHash))?.Software == software)
        {
            return false;
        }

        GatewayBirth birth = new(gateway, configHash, software, _clock.GetUtcNow().ToUnixTimeMilliseconds(), message);
        return _database.Write(session => BirthTable.Keep(session, birth));
    }

    /// <inheritdoc/>
    public GatewayBirth? FindBirth(string gateway, string configHash) => _database.Read(session => BirthTable.Find(session, gateway, configHash));

    /// <inheritdoc/>
    public Task SealAsync()
    {
        _ = Writer();
        return _sealer!.SealAsync();
    }

    /// <inheritdoc/>
    public long Watermark(string follower) => _database.Read(session => FollowerTable.Watermark(session, follower));

    /// <inheritdoc/>
    public bool AdvanceWatermark(string follower, long fromSequence, long toSequence) =>
        _database.Write(session => FollowerTable.Advance(session, follower, fromSequence, toSequence));

    /// <inheritdoc/>
    public void ResetFollower(string follower) => Write(session => FollowerTable.Reset(session, follower));

    /// <inheritdoc/>
    public long DeadLetterCount(string follower) => _database.Read(session => FollowerTable.DeadLetters(session, follower));

    /// <inheritdoc/>
    public void AddDeadLetter(string follower, string line, string reason)
    {
        long received = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        Write(session => FollowerTable.AddDeadLetter(session, follower, line, reason, received));
    }

    /// <summary>Finishes the batches that wait and closes the connections.</summary>
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
            _sealer?.Dispose();
        }

        _database.Dispose();
    }

    private PostgresWriter Writer()
    {
        lock (_startGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _sealer ??= new(_database, _policy, _clock);
            return _writer ??= new(_database, _clock);
        }
    }

    private void Write(Action<PostgresSession> body) => _ = _database.Write(session =>
    {
        body(session);
        return true;
    });
}
