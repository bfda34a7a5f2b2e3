using Metering.Readings;

namespace Metering.Gateway.Outbox;

/// <summary>
/// Cycles read without trusted time, durable but not signed yet. The first cycle of the same start of the gateway that has
/// trusted time tells when they really were: its wall clock less the monotonic time in between. They are signed with that
/// instant and clock state R. When no such cycle comes within <see cref="MaximumHeldAge"/> or
/// <see cref="MaximumHeldLength"/>, or the gateway starts again before it and the monotonic clock with it, they are signed as
/// they are, with state U and each good value marked uncertain. Nothing of this is stored: it follows from the log alone, so
/// that it is the same after a power cut. Belongs to the writer's thread.
/// </summary>
internal sealed class HeldCycles(BatchCutter cutter)
{
    /// <summary>How long a cycle is held back. Time servers answer within a minute of the network coming up; after this, late readings would help less than doubtful ones.</summary>
    internal static readonly TimeSpan MaximumHeldAge = TimeSpan.FromMinutes(15);

    /// <summary>Bytes in the log of cycles that are held back.</summary>
    internal const long MaximumHeldLength = 16 * 1024 * 1024;

    private readonly Queue<Item> _held = [];
    private long _length;

    /// <summary>Reads a cycle back; null when the disk gives other bytes.</summary>
    internal required Func<FrameAddress, Reading[]?> ReadBack { get; init; }

    /// <summary>Cycles held.</summary>
    internal int Count => _held.Count;

    /// <summary>Takes a durable gap in its turn.</summary>
    internal void AddGap(GapEvent gap)
    {
        if (_held.Count == 0)
        {
            cutter.AddGap(gap);
        }
        else if (gap.Reason != GapReason.Clock)
        {
            // A jump of the clock behind held cycles is what puts them right, not a time without readings.
            _held.Enqueue(new(default, null, default, gap));
        }
    }

    /// <summary>Takes a durable cycle.</summary>
    internal void Add(CycleTable table, in CycleHeader header, ReadOnlySpan<Reading> readings, FrameAddress address)
    {
        if (_held.TryPeek(out Item oldest) && oldest.Table is not null && oldest.Table.Boot != table.Boot)
        {
            ReleaseAll();
        }

        if (header.Clock == ClockState.Unknown)
        {
            _held.Enqueue(new(address, table, header, null));
            _length += address.Length;
            while (_held.TryPeek(out oldest) && (_length > MaximumHeldLength || oldest.Gap is not null || IsOld(oldest.Header, header)))
            {
                Release(_held.Dequeue());
            }

            return;
        }

        while (_held.TryDequeue(out Item item))
        {
            Correct(item, header);
        }

        cutter.Add(table, header, readings, address.Sequence);
    }

    /// <summary>Signs what is held as it is: the start of the gateway it belongs to is over.</summary>
    internal void ReleaseAll()
    {
        while (_held.TryDequeue(out Item item))
        {
            Release(item);
        }
    }

    private static bool IsOld(in CycleHeader header, in CycleHeader newest) =>
        newest.MonotonicMilliseconds - header.MonotonicMilliseconds > (long)MaximumHeldAge.TotalMilliseconds;

    private void Release(in Item item)
    {
        if (Read(item) is not Reading[] readings)
        {
            return;
        }

        foreach (ref Reading reading in readings.AsSpan())
        {
            if (reading.Quality.IsGood)
            {
                reading = reading with { Quality = ReadingQuality.Uncertain(QualityReason.ClockUnsynced) };
            }
        }

        cutter.Add(item.Table!, item.Header, readings, item.Address.Sequence);
    }

    private void Correct(in Item item, in CycleHeader trusted)
    {
        if (Read(item) is not Reading[] readings)
        {
            return;
        }

        long instant = trusted.AnchorUtcMilliseconds - trusted.MonotonicMilliseconds + item.Header.MonotonicMilliseconds;
        foreach (ref Reading reading in readings.AsSpan())
        {
            reading = reading with { UtcMilliseconds = instant };
        }

        CycleHeader corrected = new(instant, ClockState.Relative, item.Header.MonotonicMilliseconds, instant);
        cutter.Add(item.Table!, corrected, readings, item.Address.Sequence);
    }

    // Null for a gap, which goes its way, and for a damaged cycle, which becomes one.
    private Reading[]? Read(in Item item)
    {
        if (item.Gap is not null)
        {
            cutter.AddGap(item.Gap);
            return null;
        }

        _length -= item.Address.Length;
        Reading[]? readings = ReadBack(item.Address);
        if (readings is null)
        {
            cutter.AddGap(new(item.Header.SlotUtcMilliseconds, item.Header.SlotUtcMilliseconds, GapReason.Damaged, 0));
        }

        return readings;
    }

    private readonly record struct Item(FrameAddress Address, CycleTable? Table, CycleHeader Header, GapEvent? Gap);
}
