namespace Metering.Store.Postgres;

/// <summary>
/// The thread that appends for this process: it commits what waits together, in one transaction with one flush of the
/// server's log. Any number of processes have one each.
/// </summary>
internal sealed class PostgresWriter : IDisposable
{
    private readonly PostgresDatabase _database;
    private readonly TimeProvider _clock;
    private readonly BatchQueue _queue = new();
    private readonly ChannelCatalog _catalog = new();
    private readonly Thread _thread;

    public PostgresWriter(PostgresDatabase database, TimeProvider clock)
    {
        (_database, _clock) = (database, clock);
        _thread = new(Run) { IsBackground = true, Name = "store writer" };
        _thread.Start();
    }

    /// <summary>Queues a batch; the task ends when it is durable or refused.</summary>
    public Task<AppendOutcome> AppendAsync(PendingBatch batch, CancellationToken cancellationToken) => _queue.AppendAsync(batch, cancellationToken);

    /// <summary>Commits what waits, then stops the thread.</summary>
    public void Dispose()
    {
        _queue.Complete();
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        List<PendingBatch> group = [];
        while (_queue.TryTake(group, Timeout.InfiniteTimeSpan, _ => { }) || !_queue.IsCompleted)
        {
            Commit([.. group]);
            group.Clear();
        }
    }

    private void Commit(PendingBatch[] batches)
    {
        if (batches.Length == 0)
        {
            return;
        }

        try
        {
            long received = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            bool isRepeat = false;
            _ = _database.Write(session =>
            {
                if (isRepeat)
                {
                    // The first attempt may have remembered channels that were never committed.
                    _catalog.Forget();
                }

                isRepeat = true;
                new GroupAppend(session, _catalog, received).Run(batches);
                return true;
            });
            Array.ForEach(batches, batch => batch.Complete());
        }
#pragma warning disable CA1031 // The outermost loop of a worker: every caller learns of the failure, and the thread goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _catalog.Forget();
            Array.ForEach(batches, batch => batch.Fail(e));
        }

        _queue.Release(batches.Length);
    }
}
