using System.Reflection;
using Metering.Store;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>A real store whose appends begin only when they may: a disk that hangs.</summary>
public class StallingStore : DispatchProxy
{
    private readonly TaskCompletionSource _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadingStore? _store;
    private int _waiting;
    private int _largest;
    private int _failedHeads;

    /// <summary>Appends that have not ended.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The most there were at one time.</summary>
    public int LargestWaiting => Volatile.Read(ref _largest);

    /// <summary>Lays it over a store.</summary>
    public static StallingStore Over(IReadingStore store, out IReadingStore stalling)
    {
        stalling = Create<IReadingStore, StallingStore>();
        StallingStore stall = (StallingStore)stalling;
        stall._store = store;
        return stall;
    }

    /// <summary>Whether asking for the head of a chain fails, as it does while another program holds the file.</summary>
    public bool FailsHeads { get; set; }

    /// <summary>Heads refused so far.</summary>
    public int FailedHeads => Volatile.Read(ref _failedHeads);

    /// <summary>Lets all appends go on, now and later.</summary>
    public void GoOn() => _mayGoOn.SetResult();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (FailsHeads && targetMethod!.Name is nameof(IReadingStore.Head) or nameof(IReadingStore.Standing))
        {
            _ = Interlocked.Increment(ref _failedHeads);
            throw new StoreException("the file is held by another program", StoreException.TryLater);
        }

        return targetMethod!.Name == nameof(IReadingStore.AppendAsync) ? AppendAsync(targetMethod, args) : targetMethod.Invoke(_store, args);
    }

    private async Task<AppendOutcome> AppendAsync(MethodInfo append, object?[]? args)
    {
        int waiting = Interlocked.Increment(ref _waiting);
        _largest = Math.Max(_largest, waiting);
        try
        {
            await _mayGoOn.Task;
            return await (Task<AppendOutcome>)append.Invoke(_store, args)!;
        }
        finally
        {
            _ = Interlocked.Decrement(ref _waiting);
        }
    }
}
