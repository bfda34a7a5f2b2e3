namespace Metering.Gateway.Outbox;

/// <summary>Lets a task wait for "something changed" without missing a change between looking and waiting.</summary>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Take it before looking at the state, then await it when the state was not yet as wished.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    internal void Set() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
