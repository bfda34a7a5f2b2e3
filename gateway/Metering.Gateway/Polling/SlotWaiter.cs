namespace Metering.Gateway.Polling;

/// <summary>Blocks a thread until the wall clock shows an instant. Looks again every second, since the wall clock may be set meanwhile.</summary>
internal sealed class SlotWaiter(TimeProvider clock)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <returns>False when cancelled first.</returns>
    internal bool WaitUntil(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        using ManualResetEventSlim wake = new();
        using ITimer timer = clock.CreateTimer(_ => wake.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (clock.GetUtcNow() is DateTimeOffset now && now < instant)
            {
                TimeSpan rest = instant - now;
                wake.Reset();
                _ = timer.Change(rest < LookAgain ? rest + TimeSpan.FromMilliseconds(1) : LookAgain, Timeout.InfiniteTimeSpan);
                wake.Wait(cancellationToken);
            }

            return !cancellationToken.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
