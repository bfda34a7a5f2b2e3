using System.Collections.Concurrent;

namespace Metering.Store;

/// <summary>
/// What waits for a store's writing thread: batches, and now and then a request to seal. The thread takes whatever waits,
/// up to a limit, as one group. It does not linger for more: those that come during a flush form the next group by themselves.
/// </summary>
internal sealed class BatchQueue : IDisposable
{
    private const int MaximumGroup = 64;
    private const long MaximumGroupLength = 8 * 1024 * 1024;
    private const int MaximumWaiting = 256;

    private readonly BlockingCollection<Entry> _entries = [];
    private readonly SemaphoreSlim _slots = new(MaximumWaiting);

    /// <summary>Whether the queue is closed and nothing is left in it.</summary>
    public bool IsCompleted => _entries.IsCompleted;

    /// <summary>Queues a batch; the task ends when it is durable or refused.</summary>
    /// <exception cref="ObjectDisposedException">The store is being closed.</exception>
    public async Task<AppendOutcome> AppendAsync(PendingBatch batch, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        if (!TryAdd(new(batch, null)))
        {
            _ = _slots.Release();
            throw new ObjectDisposedException(nameof(IReadingStore));
        }

        return await batch.Completion.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Queues a request to seal behind the batches that wait. False when the store is being closed.</summary>
    public bool TryRequestSeal(TaskCompletionSource? completion) => TryAdd(new(null, completion));

    /// <summary>Takes what waits, up to a limit or to a request to seal, which is handed on.</summary>
    /// <param name="group">Receives the batches; empty before.</param>
    /// <param name="wait">How long to wait for the first one; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="seal">Called for a request to seal, with who waits for it.</param>
    /// <returns>False when there was nothing.</returns>
    public bool TryTake(List<PendingBatch> group, TimeSpan wait, Action<TaskCompletionSource?> seal)
    {
        long length = 0;
        try
        {
            if (!_entries.TryTake(out Entry? entry, wait))
            {
                return false;
            }

            do
            {
                if (entry.Batch is null)
                {
                    // A request ends the group: what came before it is committed first.
                    seal(entry.Seal);
                    return true;
                }

                group.Add(entry.Batch);
                length += entry.Batch.Bytes.Length;
            }
            while (group.Count < MaximumGroup && length < MaximumGroupLength && _entries.TryTake(out entry));
            return true;
        }
        catch (InvalidOperationException)
        {
            return group.Count > 0;
        }
    }

    /// <summary>Makes room for as many batches again.</summary>
    public void Release(int batches) => _ = _slots.Release(batches);

    /// <summary>Takes nothing more; what waits can still be taken.</summary>
    public void Complete() => _entries.CompleteAdding();

    public void Dispose()
    {
        _entries.Dispose();
        _slots.Dispose();
    }

    private bool TryAdd(Entry entry)
    {
        try
        {
            return _entries.TryAdd(entry);
        }
        catch (InvalidOperationException)
        {
            // The store is being closed.
            return false;
        }
    }

    private sealed record Entry(PendingBatch? Batch, TaskCompletionSource? Seal);
}
