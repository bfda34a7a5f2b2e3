using Metering.Meters.Polling;
using Metering.Readings;

namespace Metering.Gateway.Polling;

/// <summary>A slot as it is told to those who read.</summary>
/// <param name="Sequence">Number of the slot since the start, from 1. A wall clock that is set back brings one slot twice, with two numbers.</param>
/// <param name="SlotUtcMilliseconds">The scheduled instant.</param>
/// <param name="Timestamp">Monotonic clock when it was told.</param>
internal readonly record struct SlotTick(long Sequence, long SlotUtcMilliseconds, long Timestamp);

/// <summary>Takes the readings of some channels for one slot.</summary>
internal delegate void SlotReadings(in SlotTick tick, ReadOnlySpan<Reading> readings);

/// <summary>What is common to all that one bus reads at one interval.</summary>
internal sealed class RateStatistics(TimeSpan interval)
{
    internal TimeSpan Interval { get; } = interval;

    /// <summary>From the slot to the last value of it.</summary>
    internal LatencyHistogram Cycle { get; } = new();

    internal long Slots { get; private set; }

    internal long MissedSlots { get; private set; }

    /// <summary>Slot that was missed last; far in the past for none.</summary>
    internal long LastMissedSlot { get; private set; } = long.MinValue / 2;

    private int _outstanding;
    private long _timestamp;

    internal void Began(in SlotTick tick)
    {
        _outstanding++;
        _timestamp = tick.Timestamp;
    }

    internal void Ended(TimeProvider clock)
    {
        if (--_outstanding == 0)
        {
            Cycle.Add(clock.GetElapsedTime(_timestamp));
            Slots++;
        }
    }

    internal void Missed(long slotUtcMilliseconds)
    {
        MissedSlots++;
        LastMissedSlot = Math.Max(LastMissedSlot, slotUtcMilliseconds);
    }
}

/// <summary>
/// Channels that are read together, and how far they are: at most one slot is being read and one waits. A slot that has to make room for the
/// next one is missed, and says so on its channels. Guarded by the gate of its lane.
/// </summary>
internal sealed class SlotGroup
{
    /// <param name="rate">What it shares with the others of its lane and interval.</param>
    /// <param name="channels">Indices of its channels in the gateway's list.</param>
    internal SlotGroup(RateStatistics rate, int[] channels)
    {
        Rate = rate;
        Channels = channels;
        StepMilliseconds = (long)rate.Interval.TotalMilliseconds;
    }

    internal RateStatistics Rate { get; }

    internal int[] Channels { get; }

    internal long StepMilliseconds { get; }

    /// <summary>Whether a slot waits to be begun.</summary>
    internal bool HasPending { get; private set; }

    internal SlotTick Pending { get; private set; }

    /// <summary>Whether a slot is being read.</summary>
    internal bool IsActive { get; private set; }

    internal SlotTick Active { get; private set; }

    /// <summary>The slot after the present one, in milliseconds since 1970-01-01 UTC: by then it should be read.</summary>
    internal long DeadlineUtcMilliseconds => Active.SlotUtcMilliseconds + StepMilliseconds;

    /// <summary>No slot with a smaller number brings it another try.</summary>
    internal long NotBeforeSequence { get; set; }

    /// <summary>What a missed slot leaves on its channels.</summary>
    internal QualityReason MissedReason { get; set; } = QualityReason.Timeout;

    /// <summary>Whether it is read in a slot.</summary>
    internal bool IsDueAt(long slotUtcMilliseconds) => slotUtcMilliseconds % StepMilliseconds == 0;

    /// <summary>Takes a slot to be read. One that waits already is missed: see <see cref="HasPending"/> first.</summary>
    internal void Offer(in SlotTick tick)
    {
        Pending = tick;
        HasPending = true;
    }

    /// <summary>Begins the waiting slot.</summary>
    internal void Begin()
    {
        Active = Pending;
        HasPending = false;
        IsActive = true;
        Rate.Began(Active);
    }

    /// <summary>The present slot is over.</summary>
    internal void End(TimeProvider clock)
    {
        IsActive = false;
        Rate.Ended(clock);
    }
}
