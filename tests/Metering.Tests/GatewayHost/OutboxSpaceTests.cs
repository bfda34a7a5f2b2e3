using Metering.Gateway.Outbox;
using Xunit;

namespace Metering.Tests.GatewayHost;

public sealed class OutboxSpaceTests
{
    private const int CyclesPerHour = 4;

    [Fact]
    public void A_full_outbox_keeps_hourly_totals_and_seals_the_count_of_every_refused_reading()
    {
        using OutboxHarness harness = new() { MaximumReadings = 100, MaximumLength = 256 * 1024, KeepAckedLength = 0 };
        using GatewayOutbox outbox = harness.Open();
        int cycles = FillUntilNarrow(outbox, 0);
        int first = cycles;
        cycles = Add(outbox, cycles, 10 * CyclesPerHour);
        Assert.True(outbox.IsNarrow);
        Dictionary<long, string[]> kept = harness.ReadAll(outbox)
            .Where(reading => reading.Instant >= OutboxHarness.SlotOf(first + CyclesPerHour))
            .GroupBy(reading => reading.Instant / 3_600_000)
            .ToDictionary(hour => hour.Key, hour => hour.Select(reading => reading.Channel).ToArray());
        Assert.InRange(kept.Count, 9, 10);
        Assert.All(kept.Values, channels => Assert.Equal("mains.energy", Assert.Single(channels)));

        // The uplink is back: room returns, and polling is whole again by itself.
        outbox.SetAcked(outbox.LastBatch);
        int again = cycles;
        cycles = Add(outbox, cycles, 8);
        Assert.False(outbox.IsNarrow);
        Assert.Equal(16, harness.ReadKept(outbox).Count(reading => reading.Instant >= OutboxHarness.SlotOf(again)));
        long lost = (2L * cycles) - outbox.DurableReadings;
        Assert.Equal(outbox.RefusedReadings, lost);
        Assert.Equal(lost, harness.GapsKept(outbox).Concat(harness.SeenGaps).Distinct().Where(gap => gap.Reason == GapReason.OutboxFull).Sum(gap => gap.Count));
    }

    [Fact]
    public void Acknowledged_batches_go_before_a_new_reading_is_refused()
    {
        using OutboxHarness harness = new() { MaximumReadings = 8, MaximumLength = 64 * 1024, KeepAckedLength = long.MaxValue, SegmentLength = 1024 };
        using GatewayOutbox outbox = harness.Open();
        for (int index = 0; index < 400; index++)
        {
            OutboxHarness.AddCycle(outbox, index);
            if (index % 16 == 15)
            {
                outbox.Flush();
                outbox.SetAcked(outbox.LastBatch - 1);
            }
        }

        outbox.Flush();
        Assert.Equal(0, outbox.RefusedReadings);
        Assert.Equal(800, outbox.DurableReadings);
        Assert.True(outbox.OldestKept() > 1, "nothing was thinned");
        Assert.True(outbox.OldestKept() <= outbox.AckedThrough + 1, "something unacknowledged was dropped");
    }

    [Fact]
    public void Confirmed_batches_above_an_age_are_not_kept_and_unconfirmed_ones_have_no_age()
    {
        using OutboxHarness harness = new() { MaximumReadings = 8, KeepAckedAge = TimeSpan.FromDays(1), SegmentLength = 1024 };
        using GatewayOutbox outbox = harness.Open();
        int cycles = Add(outbox, 0, 400);
        Assert.Equal(1, outbox.OldestKept());
        outbox.SetAcked(50);
        long oldest = outbox.OldestKept()!.Value;
        Assert.InRange(oldest, 45, 51);
        _ = Add(outbox, cycles, 100);
        Assert.Equal(oldest, outbox.OldestKept());
    }

    [Fact]
    public void A_full_disk_gives_back_the_reserve_and_takes_hourly_totals_until_there_is_room()
    {
        bool isFull = false;
        using OutboxHarness full = new() { MaximumReadings = 4, Files = folder => new FillableFolder(folder, () => isFull && File.Exists(Path.Combine(folder, "..", "reserve"))) };
        using GatewayOutbox outbox = full.Open();
        string reserve = Path.Combine(full.Directory, "reserve");
        int cycles = Add(outbox, 0, 6);
        Assert.True(new FileInfo(reserve).Length > 0);

        // Others fill the disk. What the reserve gave back lets the outbox write; the disk stays too full for a new one.
        (isFull, full.FreeLength) = (true, 0);
        cycles = Add(outbox, cycles, 3 * CyclesPerHour);
        Assert.False(File.Exists(reserve));
        Assert.True(outbox.IsNarrow);
        Assert.Equal(12 + 3, outbox.DurableReadings);
        (isFull, full.FreeLength) = (false, long.MaxValue);
        cycles = Add(outbox, cycles, 4);
        Assert.True(File.Exists(reserve));
        Assert.Equal(12 + 3 + 8, outbox.DurableReadings);
        Assert.Equal((2L * cycles) - outbox.DurableReadings, full.GapsKept(outbox).Sum(gap => gap.Count));
    }

    [Fact]
    public void A_disk_without_any_room_refuses_and_counts_and_goes_on_by_itself()
    {
        bool isFull = false;
        using OutboxHarness harness = new() { MaximumReadings = 4, Files = folder => new FillableFolder(folder, () => isFull) };
        using GatewayOutbox outbox = harness.Open();
        int cycles = Add(outbox, 0, 5);
        (isFull, harness.FreeLength) = (true, 0);
        cycles = Add(outbox, cycles, 20);
        Assert.Equal(10, outbox.DurableReadings);
        (isFull, harness.FreeLength) = (false, long.MaxValue);
        cycles = Add(outbox, cycles, 5);
        Assert.Equal(20, outbox.DurableReadings);
        Assert.Equal(40, harness.GapsKept(outbox).Sum(gap => gap.Count));
        Assert.Equal(20, harness.ReadAll(outbox).Count);
    }

    private static int FillUntilNarrow(GatewayOutbox outbox, int cycles)
    {
        while (!outbox.IsNarrow)
        {
            Assert.True(cycles < 100_000, "the outbox never came to its limit");
            cycles = Add(outbox, cycles, 1);
        }

        return cycles;
    }

    private static int Add(GatewayOutbox outbox, int first, int count)
    {
        for (int index = first; index < first + count; index++)
        {
            OutboxHarness.AddCycle(outbox, index);
            outbox.Flush();
        }

        return first + count;
    }
}
