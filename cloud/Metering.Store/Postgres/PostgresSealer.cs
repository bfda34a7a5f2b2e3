using System.Collections.Concurrent;
using Metering.Store.Chunks;

namespace Metering.Store.Postgres;

/// <summary>
/// Turns the journal into chunks, one gateway at a time, in slices of one short transaction each. Any number of processes
/// do it side by side: a gateway is claimed with a lease. Chunks and the sealed place change in one transaction, so a crash
/// costs nothing, and need no flush of their own: what is lost is sealed again.
/// </summary>
internal sealed class PostgresSealer : IDisposable
{
    private const int MaximumSliceBatches = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly PostgresDatabase _database;
    private readonly SealPolicy _policy;
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly BlockingCollection<TaskCompletionSource?> _requests = [];
    private readonly ManualResetEventSlim _stopping = new();
    private readonly ITimer _timer;
    private readonly Thread _thread;

    public PostgresSealer(PostgresDatabase database, SealPolicy policy, TimeProvider clock)
    {
        (_database, _policy) = (database, policy);
        _thread = new(Run) { IsBackground = true, Name = "store sealer" };
        _thread.Start();
        _timer = clock.CreateTimer(_ => TryAdd(null), null, Tick, Tick);
    }

    /// <summary>Seals everything that is in the journal now.</summary>
    public Task SealAsync()
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return TryAdd(completion) ? completion.Task : throw new ObjectDisposedException(nameof(PostgresStore));
    }

    /// <summary>Ends after the slice that is being sealed.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _stopping.Set();
        _requests.CompleteAdding();
        _thread.Join();
        _requests.Dispose();
        _stopping.Dispose();
    }

    private bool TryAdd(TaskCompletionSource? completion)
    {
        try
        {
            return _requests.TryAdd(completion);
        }
        catch (InvalidOperationException)
        {
            // The store is being closed.
            return false;
        }
    }

    private void Run()
    {
        foreach (TaskCompletionSource? waiting in _requests.GetConsumingEnumerable())
        {
            try
            {
                SealDue(isRequested: waiting is not null);
                if (_stopping.IsSet)
                {
                    _ = waiting?.TrySetException(new ObjectDisposedException(nameof(PostgresStore)));
                }

                _ = waiting?.TrySetResult();
            }
#pragma warning disable CA1031 // The outermost loop of a worker: who waits learns of it, and the next tick tries again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _ = waiting?.TrySetException(e);
            }
        }
    }

    private void SealDue(bool isRequested)
    {
        long target = isRequested ? _database.Read(JournalTable.LastSequence) : 0;
        do
        {
            while (!_stopping.IsSet && _database.Write(session => SealTable.Claim(session, _owner, _policy, isRequested)) is string gateway)
            {
                SealGateway(gateway);
            }
        }
        while (isRequested && _database.Read(session => SealTable.IsUnsealed(session, target)) && !_stopping.Wait(Patience));
    }

    private void SealGateway(string gateway)
    {
        try
        {
            while (!_stopping.IsSet && _database.Write(session => SealSlice(session, gateway)))
            {
            }
        }
        finally
        {
            _ = _database.Write(session =>
            {
                SealTable.Release(session, gateway, _owner);
                return true;
            });
        }
    }

    // False when nothing is left, or somebody else has the gateway.
    private bool SealSlice(PostgresSession session, string gateway)
    {
        _ = session.Execute("SET LOCAL synchronous_commit=off");
        long place = SealTable.Lock(session, gateway, _owner);
        if (place < 0)
        {
            return false;
        }

        HeadSet heads = new();
        (int batches, long readings, long last) = JournalTable.Replay(session, gateway, (place, long.MaxValue), MaximumSliceBatches, heads);
        Dictionary<long, string> names = ChannelTable.Ids(session, gateway).ToDictionary(item => item.Value, item => item.Key);
        if (batches > 0)
        {
            // Late readings of a day that was dropped on purpose stay in the journal only.
            ILookup<long, (long First, long End)> pruned = PrunedTable.All(session, gateway);
            ChunkTable.Merge(session, (gateway, names), heads.Freeze().FindAll(item => !PrunedTable.Contains(pruned, item.ChannelId, item.Day)));
        }

        SealTable.Advance(session, gateway, last, readings, _policy.Lease);
        return batches == MaximumSliceBatches;
    }
}
