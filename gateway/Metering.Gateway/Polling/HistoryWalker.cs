using Metering.Gateway.Inputs;
using Metering.Gateway.Outbox;
using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>A walk through the past of a simulated field.</summary>
/// <param name="From">First instant.</param>
/// <param name="Until">First instant that is not part of it any more.</param>
/// <param name="ThenLive">Whether real time follows.</param>
internal sealed record HistoryWalk(DateTimeOffset From, DateTimeOffset Until, bool ThenLive);

/// <summary>
/// Polls the slots of a virtual past, one after the other. Nothing is sent twice: it begins behind the last durable slot, after it has shown
/// the desk again those durable slots that were read after the desk last saved its memory. Every cycle goes over the desk
/// that live ones go over, so that counters are judged alike and what follows in real time is held against the end of the past.
/// </summary>
/// <param name="cycle">Asks the field.</param>
/// <param name="desk">Judges the readings and hands them to the outbox.</param>
/// <param name="outbox">Says which slot is durable.</param>
/// <param name="clock">Measures how long a line is away.</param>
/// <param name="started">Timestamp of the clock from which the monotonic time of this start of the gateway counts.</param>
internal sealed class HistoryWalker(PollCycle cycle, CycleDesk desk, GatewayOutbox outbox, TimeProvider clock, long started)
{
    private static readonly TimeSpan LongestLineLoss = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LineLossPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(1);

    private readonly SlotWaiter _waiter = new(clock);
    private long _lastSlot = outbox.LastSlot ?? long.MinValue;
    private long _readingCount;
    private long _kept = clock.GetTimestamp();

    /// <summary>Slot of the last cycle, in milliseconds since 1970-01-01 UTC; <see cref="long.MinValue"/> before the first.</summary>
    internal long LastSlot => Volatile.Read(ref _lastSlot);

    /// <summary>Readings polled since the start.</summary>
    internal long ReadingCount => Volatile.Read(ref _readingCount);

    /// <summary>Walks the past.</summary>
    /// <exception cref="VirtualClockException">The simulated field or its meters are gone.</exception>
    internal void Walk(HistoryWalk walk, TimeSpan interval, VirtualClock field, CancellationToken cancellationToken)
    {
        long step = (long)interval.TotalMilliseconds;
        long until = walk.Until.ToUnixTimeMilliseconds();
        long slot = Slots.AlignUp(walk.From.ToUnixTimeMilliseconds(), interval);
        if (_lastSlot != long.MinValue)
        {
            long next = Math.Max(slot, Slots.AlignUp(_lastSlot + 1, interval));
            slot = desk.RememberedSlot is long remembered ? Math.Max(slot, Slots.AlignUp(remembered + 1, interval)) : slot;
            for (; slot < next && !cancellationToken.IsCancellationRequested; slot += step)
            {
                field.At(slot);
                if (!TryPoll(slot, out ReadOnlySpan<Reading> known, cancellationToken))
                {
                    return;
                }

                desk.Recall(known);
            }

            slot = next;
        }

        desk.KeepPast(outbox.LastSlot);
        for (; slot < until && !cancellationToken.IsCancellationRequested; slot += step)
        {
            field.At(slot);
            if (!TryWalk(slot, cancellationToken))
            {
                return;
            }
        }
    }

    private bool TryWalk(long slot, CancellationToken cancellationToken)
    {
        CycleHeader header = new(slot, ClockState.Synchronised, (long)clock.GetElapsedTime(started).TotalMilliseconds, slot);
        if (!TryPoll(slot, out ReadOnlySpan<Reading> readings, cancellationToken))
        {
            return false;
        }

        desk.AddPast(header, readings);
        if (clock.GetElapsedTime(_kept) >= KeepEvery)
        {
            _kept = clock.GetTimestamp();
            desk.KeepPast(outbox.LastSlot);
        }

        Volatile.Write(ref _lastSlot, slot);
        Volatile.Write(ref _readingCount, _readingCount + readings.Length);
        return true;
    }

    // In a virtual past no time passes while a line is away: without waiting, one broken connection would fill years with marks.
    private bool TryPoll(long slot, out ReadOnlySpan<Reading> readings, CancellationToken cancellationToken)
    {
        long begun = clock.GetTimestamp();
        readings = cycle.Run(slot);
        while (HasLostLine(readings))
        {
            if (clock.GetElapsedTime(begun) > LongestLineLoss)
            {
                throw new VirtualClockException($"The simulated field's meters cannot be reached since {LongestLineLoss.TotalSeconds:F0} s, so the walk through its past stops here; it goes on from this slot at the next start.");
            }

            if (!_waiter.WaitUntil(clock.GetUtcNow() + LineLossPause, cancellationToken))
            {
                return false;
            }

            readings = cycle.Run(slot);
        }

        return true;
    }

    private static bool HasLostLine(ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly Reading reading in readings)
        {
            if (reading.Quality.Reason == QualityReason.Disconnected)
            {
                return true;
            }
        }

        return false;
    }
}
