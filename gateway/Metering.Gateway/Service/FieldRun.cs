using Metering.Gateway.Polling;

namespace Metering.Gateway.Service;

/// <summary>The polling under one configuration, on a thread of its own.</summary>
internal sealed class FieldRun
{
    private readonly Action<bool, CancellationToken> _poll;
    private readonly TaskCompletionSource _ended;
    private readonly CancellationTokenSource _leaving;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private volatile bool _isReplaced;
    private bool _isLive;

    /// <param name="poll">What the thread does: whether to go on in real time at once, and when to end.</param>
    /// <param name="ended">Told when the polling ends, unless another one follows.</param>
    /// <param name="stopping">The gateway ends.</param>
    internal FieldRun(Action<bool, CancellationToken> poll, TaskCompletionSource ended, CancellationToken stopping)
    {
        _poll = poll;
        _ended = ended;
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _thread = new Thread(Run) { Name = "poll", IsBackground = true };
    }

    internal void Start() => _thread.Start();

    /// <summary>Starts as the successor of another one, in real time.</summary>
    internal void StartLive()
    {
        _isLive = true;
        _thread.Start();
    }

    /// <summary>Ends between two cycles; another polling may follow.</summary>
    internal async Task LeaveAsync()
    {
        _isReplaced = true;
        await _leaving.CancelAsync();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _left.SetResult();
        }

        await _left.Task;
        _leaving.Dispose();
    }

    private void Run()
    {
        try
        {
            _poll(_isLive, _leaving.Token);
            Tell();
        }
        catch (OperationCanceledException)
        {
            // Asked to stop while the walk was being confirmed: what is not confirmed stays in the outbox.
            Tell();
        }
        catch (Exception e) when (e is VirtualClockException or IOException)
        {
            _ = _ended.TrySetException(e);
        }
        finally
        {
            _left.SetResult();
        }
    }

    private void Tell()
    {
        if (!_isReplaced)
        {
            _ = _ended.TrySetResult();
        }
    }
}
