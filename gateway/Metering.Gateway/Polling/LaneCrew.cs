namespace Metering.Gateway.Polling;

/// <summary>
/// The threads that serve lanes: as few as keep every lane from waiting. A lane that has something to do is served by one thread at a time,
/// until it has nothing left. One thread serves those that wait, in their order; whenever the first of them has waited for
/// <see cref="Patience"/>, because the others wait for their meters, more threads come, up to one a lane. So no slow or dead meter holds up
/// another bus for longer than that, and five hundred quick ones do not need five hundred stacks. Threads without work for
/// <see cref="IdleTime"/> end, but for one. Allocates nothing while their number stays.
/// </summary>
internal sealed class LaneCrew : IDisposable
{
    /// <summary>How long a lane may wait for a thread before there are more: a twentieth of the shortest interval, one second.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a thread waits for work before it ends.</summary>
    internal static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    // Deep enough for a request, its log line and its answer; a thousand of them are then small change.
    private const int StackLength = 256 * 1024;

    /// <summary>Of the lanes that wait too long, one in so many gets a thread of its own at once.</summary>
    private const int WaitingPerThread = 16;

    private readonly string _name;
    private readonly int _maximum;
    private readonly object _gate = new();
    private readonly Queue<(Action Serve, long Since)> _waiting;
    private readonly Stack<Hand> _idle;
    private int _threadCount;
    private bool _hasWatcher;
    private bool _isWatching;
    private bool _isClosed;

    /// <param name="name">What the threads are called.</param>
    /// <param name="maximum">The most threads: one for each lane.</param>
    internal LaneCrew(string name, int maximum)
    {
        _name = name;
        _maximum = Math.Max(1, maximum);
        _waiting = new(_maximum);
        _idle = new(_maximum);
    }

    /// <summary>Threads now.</summary>
    internal int ThreadCount
    {
        get
        {
            lock (_gate)
            {
                return _threadCount;
            }
        }
    }

    /// <summary>Has a lane served.</summary>
    /// <param name="lane">Works until nothing is left to do. While it waits or works it must not be handed in again.</param>
    internal void Serve(Action lane)
    {
        lock (_gate)
        {
            _waiting.Enqueue((lane, TimeProvider.System.GetTimestamp()));
            if (_threadCount == _idle.Count)
            {
                AddHand();
            }

            StartWatching();
        }
    }

    /// <summary>Ends the threads when all that waits is served; does not wait for them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
            while (_idle.TryPop(out Hand? hand))
            {
                hand.Call();
            }
        }
    }

    // In the gate: the one that slept last, whose stack is still warm, else a new one.
    private void AddHand()
    {
        if (_idle.TryPop(out Hand? idle))
        {
            idle.Call();
        }
        else if (_threadCount < _maximum)
        {
            _threadCount++;
            new Thread(Work, StackLength) { Name = _name, IsBackground = true }.Start();
        }
    }

    private bool CanGrow => _threadCount < _maximum || _idle.Count > 0;

    // In the gate. Watching takes a thread of its own and not a timer, which would leave garbage behind at each slot.
    private void StartWatching()
    {
        if (_isWatching || _isClosed || _maximum == 1 || !CanGrow)
        {
            return;
        }

        _isWatching = true;
        if (_hasWatcher)
        {
            Monitor.Pulse(_gate);
            return;
        }

        _hasWatcher = true;
        new Thread(Watch, StackLength) { Name = $"{_name} watch", IsBackground = true }.Start();
    }

    // Time here is the machine's and not the readings': it is about threads that are held up.
    private void Watch()
    {
        lock (_gate)
        {
            while (!_isClosed)
            {
                if (!CanGrow || !_waiting.TryPeek(out (Action Serve, long Since) first))
                {
                    _isWatching = false;
                    _ = Monitor.Wait(_gate);
                    continue;
                }

                TimeSpan waited = TimeProvider.System.GetElapsedTime(first.Since);
                if (waited < Patience)
                {
                    _ = Monitor.Wait(_gate, Patience - waited);
                    continue;
                }

                for (int more = 1 + (_waiting.Count / WaitingPerThread); more > 0; more--)
                {
                    AddHand();
                }

                // Those take their lanes now; what is left after another while needs more.
                _ = Monitor.Wait(_gate, Patience);
            }
        }
    }

    private void Work()
    {
        Hand hand = new();
        while (TryTake(hand, out Action? lane))
        {
            lane?.Invoke();
        }
    }

    // False when the thread must end; without a lane when it was called for one that another thread has taken since.
    private bool TryTake(Hand hand, out Action? lane)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out (Action Serve, long Since) first))
            {
                lane = first.Serve;
                return true;
            }

            lane = null;
            if (_isClosed)
            {
                _threadCount--;
                return false;
            }

            hand.Rest();
            _idle.Push(hand);
        }

        if (hand.WaitForCall(IdleTime))
        {
            return true;
        }

        lock (_gate)
        {
            if (hand.IsCalled)
            {
                return true;
            }

            Forget(hand);
            if (_threadCount == 1)
            {
                return true;
            }

            _threadCount--;
            return false;
        }
    }

    // In the gate. Not the last of the stack as a rule: those that were called least sleep longest.
    private void Forget(Hand hand)
    {
        Hand[] others = _idle.ToArray();
        _idle.Clear();
        for (int index = others.Length - 1; index >= 0; index--)
        {
            if (others[index] != hand)
            {
                _idle.Push(others[index]);
            }
        }
    }

    /// <summary>One thread, while it waits.</summary>
    private sealed class Hand
    {
        private readonly object _gate = new();

        internal bool IsCalled { get; private set; } = true;

        internal void Rest()
        {
            lock (_gate)
            {
                IsCalled = false;
            }
        }

        internal void Call()
        {
            lock (_gate)
            {
                IsCalled = true;
                Monitor.Pulse(_gate);
            }
        }

        internal bool WaitForCall(TimeSpan longest)
        {
            lock (_gate)
            {
                while (!IsCalled)
                {
                    if (!Monitor.Wait(_gate, longest))
                    {
                        return IsCalled;
                    }
                }

                return true;
            }
        }
    }
}
