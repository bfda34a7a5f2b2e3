using Metering.Gateway.Outbox;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>A walk through the past of a simulated field.</summary>
/// <param name="From">First instant.</param>
/// <param name="Until">First instant that is not part of it any more.</param>
/// <param name="ThenLive">Whether real time follows.</param>
internal sealed record HistoryWalk(DateTimeOffset From, DateTimeOffset Until, bool ThenLive);

/// <summary>
/// Drives the poll cycles: first the slots of a virtual past, if asked for, then the slots of the wall clock. A slot is a
/// whole multiple of the interval since 1970-01-01 UTC. Nothing is polled twice: it begins behind the last durable slot.
/// </summary>
internal sealed class PollLoop(PollCycle cycle, GatewayOutbox outbox, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LongestLineLoss = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LineLossPause = TimeSpan.FromMilliseconds(100);

    private readonly long _started = clock.GetTimestamp();
    private readonly SlotWaiter _waiter = new(clock);
    private long _lastSlot = outbox.LastSlot ?? long.MinValue;
    private long _readingCount;

    /// <summary>Slot of the last cycle, in milliseconds since 1970-01-01 UTC; <see cref="long.MinValue"/> before the first.</summary>
    internal long LastSlot => Volatile.Read(ref _lastSlot);

    /// <summary>Readings polled since the start.</summary>
    internal long ReadingCount => Volatile.Read(ref _readingCount);

    /// <summary>The first whole multiple of the interval that is not before an instant.</summary>
    internal static long AlignUp(long utcMilliseconds, TimeSpan interval)
    {
        long step = (long)interval.TotalMilliseconds;
        long rest = utcMilliseconds % step;
        return rest == 0 ? utcMilliseconds : rest > 0 ? utcMilliseconds - rest + step : utcMilliseconds - rest;
    }

    /// <summary>Walks the past.</summary>
    /// <exception cref="VirtualClockException">The simulated field or its meters are gone.</exception>
    internal void WalkHistory(HistoryWalk walk, TimeSpan interval, VirtualClock field, CancellationToken cancellationToken)
    {
        long step = (long)interval.TotalMilliseconds;
        long until = walk.Until.ToUnixTimeMilliseconds();
        long slot = AlignUp(walk.From.ToUnixTimeMilliseconds(), interval);
        if (_lastSlot != long.MinValue)
        {
            slot = Math.Max(slot, AlignUp(_lastSlot + 1, interval));
        }

        for (; slot < until && !cancellationToken.IsCancellationRequested; slot += step)
        {
            field.At(slot);
            if (!TryWalk(slot, interval, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Polls by the wall clock until cancelled.</summary>
    /// <param name="interval">Time between slots.</param>
    /// <param name="largestStep">A longer hole behind the last durable slot is sealed as a stop.</param>
    /// <param name="cancellationToken">Ends it between two cycles.</param>
    internal void RunLive(TimeSpan interval, TimeSpan largestStep, CancellationToken cancellationToken)
    {
        long step = (long)interval.TotalMilliseconds;
        bool isFirst = true;
        long ended = clock.GetTimestamp();
        DateTimeOffset endedAt = clock.GetUtcNow();
        while (!cancellationToken.IsCancellationRequested)
        {
            long slot = AlignUp(clock.GetUtcNow().ToUnixTimeMilliseconds(), interval);
            slot = slot == _lastSlot ? slot + step : slot;
            if (!_waiter.WaitUntil(DateTimeOffset.FromUnixTimeMilliseconds(slot), interval, cancellationToken))
            {
                return;
            }

            if (slot - clock.GetUtcNow().ToUnixTimeMilliseconds() > step)
            {
                // The clock was set back while we waited: there are nearer slots now.
                continue;
            }

            TimeSpan jump = clock.GetUtcNow() - endedAt - clock.GetElapsedTime(ended);
            SealHole(slot, isFirst ? largestStep : interval, isFirst ? GapReason.Stopped : GapReason.Overrun, isFirst ? TimeSpan.Zero : jump);
            isFirst = false;
            Poll(slot, interval, GuardedClock.StateOf(clock, slot, interval), clock.GetUtcNow().ToUnixTimeMilliseconds());
            ended = clock.GetTimestamp();
            endedAt = clock.GetUtcNow();
        }
    }

    // In a virtual past no time passes while a line is away: without waiting, one broken connection would fill years with marks.
    private bool TryWalk(long slot, TimeSpan interval, CancellationToken cancellationToken)
    {
        long begun = clock.GetTimestamp();
        CycleHeader header = HeaderOf(slot, ClockState.Synchronised, slot);
        ReadOnlySpan<Reading> readings = cycle.Run(slot, interval);
        while (HasLostLine(readings))
        {
            if (clock.GetElapsedTime(begun) > LongestLineLoss)
            {
                throw new VirtualClockException($"The simulated field's meters cannot be reached since {LongestLineLoss.TotalSeconds:F0} s, so the walk through its past stops here; it goes on from this slot at the next start.");
            }

            if (!_waiter.WaitUntil(clock.GetUtcNow() + LineLossPause, LineLossPause, cancellationToken))
            {
                return false;
            }

            readings = cycle.Run(slot, interval);
        }

        Keep(header, readings);
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

    private void SealHole(long slot, TimeSpan expectedStep, string reason, TimeSpan jump)
    {
        if (_lastSlot == long.MinValue)
        {
            return;
        }

        long step = (long)expectedStep.TotalMilliseconds;
        if (slot <= _lastSlot)
        {
            PollingEvents.ClockJumped(logger, jump);
            outbox.AddGap(new(_lastSlot, slot, GapReason.Clock, 0));
        }
        else if (slot - _lastSlot > step)
        {
            bool jumped = jump.Duration() >= expectedStep;
            if (jumped)
            {
                PollingEvents.ClockJumped(logger, jump);
            }
            else if (reason == GapReason.Overrun)
            {
                PollingEvents.Overrun(logger, expectedStep, ((slot - _lastSlot) / step) - 1);
            }

            outbox.AddGap(new(_lastSlot, slot, jumped ? GapReason.Clock : reason, 0));
        }
    }

    private void Poll(long slot, TimeSpan interval, ClockState state, long anchor) => Keep(HeaderOf(slot, state, anchor), cycle.Run(slot, interval));

    private CycleHeader HeaderOf(long slot, ClockState state, long anchor) => new(slot, state, (long)clock.GetElapsedTime(_started).TotalMilliseconds, anchor);

    private void Keep(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        outbox.Add(header, readings);
        Volatile.Write(ref _lastSlot, header.SlotUtcMilliseconds);
        Volatile.Write(ref _readingCount, _readingCount + readings.Length);
    }
}
