using Metering.Gateway.Outbox;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.GatewayHost;

public sealed class OutboxTests
{
    private const int Cycles = 7;

    [Fact]
    public void Every_reading_comes_out_in_one_chain_of_signed_batches()
    {
        using OutboxHarness harness = new();
        using GatewayOutbox outbox = harness.Open();
        AddCycles(outbox, 0, Cycles);
        Assert.Equal(4, outbox.LastBatch);
        Assert.Equal(OutboxHarness.Expected(Cycles).Order(), harness.ReadAll(outbox).Order());
        Assert.Equal(OutboxHarness.SlotOf(Cycles - 1), outbox.LastSlot);
    }

    [Fact]
    public void A_power_cut_at_any_byte_loses_no_durable_reading_and_doubles_none()
    {
        using OutboxHarness harness = new();
        using (GatewayOutbox outbox = harness.Open())
        {
            AddCycles(outbox, 0, Cycles);
        }

        string cycles = Assert.Single(Directory.GetFiles(Path.Combine(harness.Directory, "cycles")));
        string batches = Assert.Single(Directory.GetFiles(Path.Combine(harness.Directory, "batches"), "*.log"));
        byte[] cycleBytes = File.ReadAllBytes(cycles);
        byte[] batchBytes = File.ReadAllBytes(batches);

        // A batch is written after its cycles are durable: so any cut of the batches meets all cycles, any cut of the cycles only earlier batches.
        for (int length = 0; length <= batchBytes.Length; length++)
        {
            Reopen(harness, cycles, cycleBytes, batches, batchBytes[..length], Cycles, $"batches cut at {length}");
        }

        for (int length = 0; length < cycleBytes.Length; length++)
        {
            int durable = CountCycles(cycleBytes.AsSpan(0, length));
            Reopen(harness, cycles, cycleBytes[..length], batches, [], durable, $"cycles cut at {length}");
        }
    }

    [Fact]
    public void A_damaged_frame_in_the_middle_costs_that_frame_only_and_is_sealed_as_a_gap()
    {
        using OutboxHarness harness = new() { MaximumReadings = 100 };
        using (GatewayOutbox outbox = harness.Open())
        {
            for (int index = 0; index < Cycles; index++)
            {
                OutboxHarness.AddCycle(outbox, index);
            }
        }

        string batches = Assert.Single(Directory.GetFiles(Path.Combine(harness.Directory, "batches"), "*.log"));
        File.Delete(batches);
        string cycles = Assert.Single(Directory.GetFiles(Path.Combine(harness.Directory, "cycles")));
        byte[] bytes = File.ReadAllBytes(cycles);
        (int offset, int length) = CycleFrame(bytes, 3);
        bytes[offset + (length / 2)] ^= 0x10;
        File.WriteAllBytes(cycles, bytes);

        using GatewayOutbox again = harness.Open();
        again.Flush();
        var expected = OutboxHarness.Expected(Cycles).Where(reading => reading.Instant != OutboxHarness.SlotOf(3));
        Assert.Equal(expected.Order(), harness.ReadAll(again).Order());
        Assert.True(again.TryRead(1, out ReadOnlyMemory<byte> envelope, out _));
        GapEvent gap = Assert.Single(BatchEnvelope.Open(envelope.Span).Manifest.Gaps);
        Assert.Equal(new GapEvent(OutboxHarness.SlotOf(2), OutboxHarness.SlotOf(4), "damaged", 0), gap);
    }

    [Fact]
    public void A_restart_goes_on_with_the_next_number_and_the_last_hash_and_keeps_the_old_boot_on_old_readings()
    {
        using OutboxHarness harness = new() { MaximumReadings = 100 };
        using (GatewayOutbox first = harness.Open())
        {
            AddCycles(first, 0, 3);
        }

        using GatewayOutbox second = harness.Open(boot: "fedcba9876543210");
        Assert.Equal(1, second.LastBatch);
        AddCycles(second, 3, 2);
        Assert.Equal(2, second.LastBatch);
        Assert.Equal(OutboxHarness.Expected(5).Order(), harness.ReadAll(second).Order());
        Assert.True(second.TryRead(2, out ReadOnlyMemory<byte> bytes, out _));
        Assert.Equal("fedcba9876543210", BatchEnvelope.Open(bytes.Span).Manifest.Boot);
    }

    [Fact]
    public async Task A_batch_is_cut_when_it_is_old_and_when_the_clock_changes_its_state()
    {
        using OutboxHarness harness = new() { MaximumReadings = 100 };
        using GatewayOutbox outbox = harness.Open();
        OutboxHarness.AddCycle(outbox, 0, ClockState.Informed);
        WaitDurable(harness, outbox, 2);
        Assert.Equal(0, outbox.LastBatch);
        OutboxHarness.AddCycle(outbox, 1);
        WaitDurable(harness, outbox, 4);
        Assert.True(SpinWait.SpinUntil(() => outbox.LastBatch == 1, TimeSpan.FromSeconds(10)));
        Task changed = outbox.Changed.Next;
        Assert.True(SpinWait.SpinUntil(() => Advance(harness, TimeSpan.FromSeconds(61)) && outbox.LastBatch == 2, TimeSpan.FromSeconds(10)));
        await changed.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_clouds_word_frees_cycles_and_a_lower_word_goes_back()
    {
        using OutboxHarness harness = new();
        using (GatewayOutbox outbox = harness.Open())
        {
            AddCycles(outbox, 0, Cycles);
            outbox.SetAcked(3);
        }

        using GatewayOutbox again = harness.Open();
        Assert.Equal((3, 4), (again.AckedThrough, again.LastBatch));
        again.SetAcked(1);
        Assert.Equal(1, again.AckedThrough);
        Assert.True(again.TryRead(2, out _, out _));
    }

    [Fact]
    public void A_state_directory_that_was_set_back_signs_no_number_twice()
    {
        using OutboxHarness harness = new();
        using GatewayOutbox outbox = harness.Open();
        AddCycles(outbox, 0, 2);
        outbox.SetAcked(9);
        Assert.True(outbox.IsBehindCloud);
        AddCycles(outbox, 2, 4);
        Assert.Equal(1, outbox.LastBatch);
    }

    [Fact]
    public void A_new_key_epoch_signs_again_what_was_not_confirmed()
    {
        using OutboxHarness harness = new();
        using (GatewayOutbox outbox = harness.Open())
        {
            AddCycles(outbox, 0, 4);
            outbox.SetAcked(1);
        }

        using GatewayOutbox next = harness.Open(keyEpoch: 2);
        next.Flush();
        Assert.Equal(OutboxHarness.Expected(4).Where(reading => reading.Instant >= OutboxHarness.SlotOf(2)).Order(), harness.ReadAll(next).Order());
    }

    [Fact]
    public void A_full_outbox_refuses_further_cycles_and_keeps_what_it_promised()
    {
        using OutboxHarness harness = new() { MaximumLength = 2000 };
        int cycle = 0;
        using GatewayOutbox outbox = harness.Open();
        while (cycle < 40)
        {
            AddCycles(outbox, cycle++, 1);
        }

        Assert.True(outbox.LastBatch < 40);
        Assert.True(outbox.DurableReadings < 80);
        Assert.Equal(OutboxHarness.Expected((int)outbox.DurableReadings / 2).Order(), harness.ReadAll(outbox).Order());
    }

    [Fact]
    public void Two_gateways_cannot_share_a_state_directory()
    {
        using OutboxHarness harness = new();
        using GatewayOutbox first = harness.Open();
        Assert.Equal(75, Assert.Throws<OutboxException>(() => harness.Open()).ExitCode);
    }

    private static void AddCycles(GatewayOutbox outbox, int first, int count)
    {
        for (int index = first; index < first + count; index++)
        {
            OutboxHarness.AddCycle(outbox, index);
        }

        outbox.Flush();
    }

    private static bool Advance(OutboxHarness harness, TimeSpan time)
    {
        harness.Clock.Advance(time);
        return true;
    }

    private static void WaitDurable(OutboxHarness harness, GatewayOutbox outbox, long readings) =>
        Assert.True(SpinWait.SpinUntil(() => Advance(harness, TimeSpan.FromMilliseconds(5)) && outbox.DurableReadings == readings, TimeSpan.FromSeconds(10)));

    private static void Reopen(OutboxHarness harness, string cycles, byte[] cycleBytes, string batches, byte[] batchBytes, int expectedCycles, string what)
    {
        File.WriteAllBytes(cycles, cycleBytes);
        File.WriteAllBytes(batches, batchBytes);
        using GatewayOutbox outbox = harness.Open();
        outbox.Flush();
        List<(string, long, long, string)> all = harness.ReadAll(outbox);
        Assert.True(OutboxHarness.Expected(expectedCycles).Order().SequenceEqual(all.Order()), what);
        Assert.Equal(expectedCycles == 0 ? null : OutboxHarness.SlotOf(expectedCycles - 1), outbox.LastSlot);
    }

    private static int CountCycles(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        int offset = 0;
        while (offset + FramedLog.HeaderLength <= bytes.Length)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[(offset + 4)..]);
            if (offset + FramedLog.HeaderLength + length > bytes.Length)
            {
                break;
            }

            count += bytes[offset + FramedLog.HeaderLength] == (byte)CycleFrameKind.Cycle ? 1 : 0;
            offset += FramedLog.HeaderLength + length;
        }

        return count;
    }

    private static (int Offset, int Length) CycleFrame(ReadOnlySpan<byte> bytes, int wanted)
    {
        int offset = 0;
        while (true)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[(offset + 4)..]);
            if (bytes[offset + FramedLog.HeaderLength] == (byte)CycleFrameKind.Cycle && wanted-- == 0)
            {
                return (offset, FramedLog.HeaderLength + length);
            }

            offset += FramedLog.HeaderLength + length;
        }
    }
}
