using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>What a guarded clock stands on.</summary>
internal sealed record ClockGuardOptions
{
    /// <summary>Whether the wall clock is synchronised now.</summary>
    public required Func<bool> IsSynchronised { get; init; }

    /// <summary>Whether a clock ran on while the machine was off.</summary>
    public required bool HasHardwareClock { get; init; }

    /// <summary>Last durable slot, in milliseconds since 1970-01-01 UTC; null for none. A clock behind it has lost the time.</summary>
    public required long? LastSlot { get; init; }

    /// <summary>When this software was made: no clock may be behind it.</summary>
    public DateTimeOffset BuiltAt { get; init; } = GuardedClock.EarliestPossible;
}

/// <summary>
/// A wall clock that polling may follow blindly. Where the machine's has no trusted time it goes on by the monotonic clock:
/// from the last synchronised moment of this start, or else from the last durable slot, so that slots never run backwards and
/// never meet older ones. <see cref="StateAt"/> tells how far an instant may be trusted; what is polled in state U is put right
/// by <see cref="Outbox.HeldCycles"/>. Trusted is: synchronised (S); set by somebody or by a hardware clock, after this software
/// was made and not behind what is known (I). A jump while not synchronised is seen by the monotonic clock and not followed.
/// Safe from any thread.
/// </summary>
internal sealed class GuardedClock : TimeProvider
{
    /// <summary>No gateway ran before this.</summary>
    internal static readonly DateTimeOffset EarliestPossible = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How far the wall clock may drift from the monotonic one between two looks without anyone having set it: what NTP may slew (500 ppm) and this.</summary>
    private static readonly TimeSpan JumpTolerance = TimeSpan.FromSeconds(2);
    private const long SlewParts = 2000;

    /// <summary>The kernel is asked this often at most; it costs a system call and some bytes.</summary>
    private static readonly TimeSpan StatusSpacing = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _wall;
    private readonly ClockGuardOptions _options;
    private readonly Lock _gate = new();
    private readonly long _origin;
    private bool _isSynchronised;
    private long _asked;
    private long? _trustedOffset;       // ticks of UTC less monotonic ticks, at the last synchronised look
    private long _trustedAt;            // monotonic ticks of that look
    private long? _provisionalOffset;   // the same for time that nobody vouches for
    private long? _offset;              // of the latest instant given out
    private long _skippedFrom;          // the latest jump forward: what lies between never was
    private long _skippedTo;
    private long _latest;               // ticks of the latest instant given out without synchronisation, or the last durable slot

    internal GuardedClock(TimeProvider wall, ClockGuardOptions options)
    {
        _wall = wall;
        _options = options;
        _origin = wall.GetTimestamp();
        _asked = long.MinValue;
        _latest = options.LastSlot is long slot ? DateTimeOffset.FromUnixTimeMilliseconds(slot).UtcTicks : 0;
    }

    /// <summary>A guard over the clock of this machine.</summary>
    internal static GuardedClock OfMachine(TimeProvider wall, long? lastSlot) =>
        new(wall, new() { IsSynchronised = ClockStatus.IsSynchronised, HasHardwareClock = ClockStatus.HasHardwareClock(), LastSlot = lastSlot });

    /// <inheritdoc/>
    public override long TimestampFrequency => _wall.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Look().UtcTicks, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => _wall.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _wall.CreateTimer(callback, state, dueTime, period);

    /// <summary>How far the present instant may be trusted.</summary>
    internal ClockState State => Look().State;

    /// <summary>How far a slot may be trusted that is polled now. A slot that was chosen before the clock jumped is not: it is U, and put right from the monotonic clock.</summary>
    /// <param name="slotUtcMilliseconds">The slot.</param>
    /// <param name="interval">Time between slots: a slot further from now than this was chosen by another clock.</param>
    internal ClockState StateAt(long slotUtcMilliseconds, TimeSpan interval)
    {
        (long ticks, ClockState state) = Look();
        long slot = DateTimeOffset.FromUnixTimeMilliseconds(slotUtcMilliseconds).UtcTicks;
        lock (_gate)
        {
            bool wasNever = slot > _skippedFrom && slot < _skippedTo;
            return wasNever || Math.Abs(ticks - slot) > interval.Ticks + JumpTolerance.Ticks ? ClockState.Unknown : state;
        }
    }

    /// <summary>The state of any clock: a guarded one is asked, another one is trusted as far as the machine vouches for it.</summary>
    internal static ClockState StateOf(TimeProvider clock, long slotUtcMilliseconds, TimeSpan interval) => clock is GuardedClock guarded
        ? guarded.StateAt(slotUtcMilliseconds, interval)
        : ClockStatus.IsSynchronised() ? ClockState.Synchronised : ClockState.Informed;

    private (long UtcTicks, ClockState State) Look()
    {
        lock (_gate)
        {
            (long ticks, ClockState state) = Judge(out long monotonic);
            if (_offset is long before && ticks - monotonic > before + JumpTolerance.Ticks)
            {
                (_skippedFrom, _skippedTo) = (monotonic + before, ticks);
            }

            _offset = ticks - monotonic;
            return (ticks, state);
        }
    }

    private (long UtcTicks, ClockState State) Judge(out long monotonic)
    {
        monotonic = _wall.GetElapsedTime(_origin).Ticks;
        long wall = _wall.GetUtcNow().UtcTicks;
        if (_asked == long.MinValue || monotonic - _asked >= StatusSpacing.Ticks || Jumped(wall - monotonic, monotonic))
        {
            (_isSynchronised, _asked) = (_options.IsSynchronised(), monotonic);
        }

        bool isPossible = wall >= _options.BuiltAt.UtcTicks;
        if (_isSynchronised && isPossible)
        {
            (_trustedOffset, _trustedAt, _provisionalOffset) = (wall - monotonic, monotonic, null);
            _latest = Math.Max(_latest, wall);
            return (wall, ClockState.Synchronised);
        }

        bool isInformed = isPossible
            && (_trustedOffset is not null ? !Jumped(wall - monotonic, monotonic) : _options.HasHardwareClock && wall >= _latest - JumpTolerance.Ticks);
        if (isInformed)
        {
            _provisionalOffset = null;
            _latest = Math.Max(_latest, wall);
            return (wall, ClockState.Informed);
        }

        _provisionalOffset ??= _trustedOffset ?? (Math.Max(wall, _latest + 1) - monotonic);
        long provisional = monotonic + _provisionalOffset.Value;
        _latest = Math.Max(_latest, provisional);
        return (provisional, ClockState.Unknown);
    }

    // Whether somebody set the wall clock since it was last synchronised.
    private bool Jumped(long offset, long monotonic) =>
        _trustedOffset is long trusted && Math.Abs(offset - trusted) > JumpTolerance.Ticks + ((monotonic - _trustedAt) / SlewParts);
}
