using System.Threading.Tasks.Sources;

namespace Metering.Mqtt.Connection;

/// <summary>Lets one loop sleep until it is called, without an allocation per sleep. Both sides hold the same lock when they call it.</summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private bool sleeping;

    public ValueTask Sleep()
    {
        core.Reset();
        sleeping = true;
        return new ValueTask(this, core.Version);
    }

    public void Wake()
    {
        if (sleeping)
        {
            sleeping = false;
            core.SetResult(true);
        }
    }

    public void GetResult(short token) => core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
