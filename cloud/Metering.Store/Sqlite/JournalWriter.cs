using Metering.Readings;

namespace Metering.Store.Sqlite;

/// <summary>
/// The one thread that appends and seals. It takes the batches that wait, commits them together with one flush to disk,
/// lays them into the heads and only then completes their tasks. Sealing is done in between, in slices.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    /// <summary>Unsealed readings at which sealing begins.</summary>
    public const int SealThreshold = 262_144;

    // When sealing falls so far behind, batches wait for it.
    private const int MaximumUnsealed = 4 * 1024 * 1024;

    // As many pages as SQLite by itself would let come together before it brings them into the file.
    private const long CheckpointLength = 4 * 1024 * 1024;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SealInterval = TimeSpan.FromHours(1);

    private readonly SqliteFile _file;
    private readonly ReadingState _state;
    private readonly FileStream _lockFile;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly BatchQueue _queue = new();
    private readonly List<PendingBatch> _group = [];
    private readonly BatchAppender _appender = new();
    private readonly Sealer _sealer;

    /// <summary>Held by whoever appends or seals: the thread, or a caller that lets a chain go on behind lost batches.</summary>
    private readonly Lock _turn = new();
    private readonly Thread _thread;

    private JournalWriter(SqliteFile file, ReadingState state, FileStream lockFile, TimeProvider clock)
    {
        _file = file;
        _state = state;
        _lockFile = lockFile;
        _clock = clock;
        _sealer = new(file, state);
        _timer = clock.CreateTimer(_ => _queue.TryRequestSeal(null), null, SealInterval, SealInterval);
        _thread = new(Run) { IsBackground = true, Name = "store writer" };
        _thread.Start();
    }

    /// <summary>Takes the right to append to the store and starts the thread.</summary>
    /// <exception cref="StoreException">Another process has it, or the lock file cannot be made.</exception>
    public static JournalWriter Start(string path, SqliteFile file, ReadingState state, TimeProvider clock)
    {
        FileStream lockFile = WriterLock.Take(path);
        try
        {
            lock (state.Gate)
            {
                _ = file.Read(session =>
                {
                    session.BeginRead();
                    state.Follow(session);
                    return true;
                });
                state.IsWriter = true;
            }

            return new(file, state, lockFile, clock);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Queues a batch; the task ends when it is durable or refused.</summary>
    public Task<AppendOutcome> AppendAsync(PendingBatch batch, CancellationToken cancellationToken) => _queue.AppendAsync(batch, cancellationToken);

    /// <summary>Seals everything appended so far.</summary>
    public Task SealAsync()
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.TryRequestSeal(completion) ? completion.Task : throw new ObjectDisposedException(nameof(SqliteStore));
    }

    /// <summary>Notes that batches are lost, if the statement fits, and appends what had waited behind them.</summary>
    public bool AcceptLoss(LostBatches lost, ReadOnlyMemory<byte> note, DateTimeOffset now)
    {
        lock (_turn)
        {
            try
            {
                bool isAccepted = _file.Write(session =>
                {
                    bool fits = RegisterTable.AcceptLoss(session, lost, note, now);
                    if (fits)
                    {
                        _appender.PassLost(session, lost.Gateway, lost.KeyEpoch, now.ToUnixTimeMilliseconds());
                    }

                    return fits;
                });
                ApplyPlaced();
                return isAccepted;
            }
            catch
            {
                _appender.Forget();
                throw;
            }
        }
    }

    /// <summary>Commits what waits, then stops the thread. Unsealed readings stay in the journal and are replayed at the next start.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _queue.Complete();
        _thread.Join();

        // Before another process may append: from then on a reader here must follow the journal, or it would lay old heads over new chunks.
        lock (_state.Gate)
        {
            _state.IsWriter = false;
        }

        _lockFile.Dispose();
        _queue.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            bool mustSeal = _sealer.IsBusy && Unsealed() > MaximumUnsealed;
            bool isIdle = !mustSeal && !_queue.TryTake(_group, _sealer.IsBusy ? TimeSpan.Zero : IdleTime, _sealer.Request);
            if (isIdle && _queue.IsCompleted)
            {
                _sealer.Stop();
                return;
            }

            lock (_turn)
            {
                TakeTurn(isIdle);
            }
        }
    }

    private void TakeTurn(bool isIdle)
    {
        CommitGroup();
        if (!_sealer.IsBusy && Unsealed() >= SealThreshold)
        {
            _sealer.Begin();
        }

        _sealer.Step();
        long waiting = _file.WriteAheadLogLength;
        if (waiting > CheckpointLength || (waiting > 0 && isIdle && !_sealer.IsBusy))
        {
            _file.Checkpoint(isIdle);
        }
    }

    private long Unsealed()
    {
        lock (_state.Gate)
        {
            return _state.Heads.TotalCount;
        }
    }

    private void CommitGroup()
    {
        if (_group.Count == 0)
        {
            return;
        }

        List<PendingBatch> batches = [.. _group];
        _group.Clear();
        try
        {
            long received = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            _ = _file.Write(session =>
            {
                batches.ForEach(batch => _appender.Append(session, batch, received));
                return true;
            });
            ApplyPlaced();
            batches.ForEach(batch => batch.Complete());
        }
#pragma warning disable CA1031 // The outermost loop of a worker: every caller learns of the failure, and the thread goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _appender.Forget();
            batches.ForEach(batch => batch.Fail(e));
        }

        _queue.Release(batches.Count);
    }

    private void ApplyPlaced()
    {
        lock (_state.Gate)
        {
            foreach (PendingBatch batch in _appender.TakePlaced())
            {
                Apply(batch);
            }
        }
    }

    private void Apply(PendingBatch batch)
    {
        for (int index = 0; index < batch.Segments.Count; index++)
        {
            _state.Heads.Apply(batch.ChannelIds[index], batch.Segments[index]);
        }

        _state.NoteApplied(batch.Sequence);
    }
}
