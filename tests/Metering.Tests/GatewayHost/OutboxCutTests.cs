using Metering.Gateway.Outbox;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.GatewayHost;

public sealed class OutboxCutTests
{
    private const int ManyChannels = 2_500;

    [Fact]
    public void More_channels_than_a_batch_holds_come_out_in_several_batches_of_one_cut()
    {
        using OutboxHarness harness = Many();
        using GatewayOutbox outbox = harness.Open();
        Add(outbox, 2);
        Assert.Equal(3, outbox.LastBatch);
        List<(string Channel, long Instant, long Value, string Quality)> all = harness.ReadAll(outbox);
        Assert.Equal(2 * ManyChannels, all.Distinct().Count());
        Assert.Equal(2 * ManyChannels, all.Count);
        for (long batch = 1; batch <= 3; batch++)
        {
            Assert.True(outbox.TryRead(batch, out ReadOnlyMemory<byte> envelope, out _));
            Assert.InRange(BatchEnvelope.Open(envelope.Span).Manifest.Channels.Count, 1, BatchLimits.MaximumChannels);
        }
    }

    [Fact]
    public void A_power_cut_in_a_cut_of_several_batches_leaves_all_of_them_or_none()
    {
        using OutboxHarness harness = Many();
        using (GatewayOutbox outbox = harness.Open())
        {
            Add(outbox, 1);
        }

        string log = Assert.Single(Directory.GetFiles(Path.Combine(harness.Directory, "batches"), "*.log"));
        byte[] bytes = File.ReadAllBytes(log);
        foreach (int length in (int[])[0, 1, 19, 20, 21, bytes.Length / 4, bytes.Length / 2, bytes.Length - 1, bytes.Length])
        {
            File.WriteAllBytes(log, bytes[..length]);
            using GatewayOutbox again = harness.Open();
            again.Flush();
            Assert.Equal(3, again.LastBatch);
            Assert.Equal(ManyChannels, harness.ReadAll(again).Distinct().Count());
        }
    }

    [Fact]
    public void A_part_of_a_cut_that_is_acknowledged_frees_no_cycle()
    {
        using OutboxHarness harness = Many();
        using (GatewayOutbox outbox = harness.Open())
        {
            Add(outbox, 1);
            outbox.SetAcked(2);
        }

        // A new key signs anew what the cloud has not: the whole cut.
        using GatewayOutbox next = harness.Open(keyEpoch: 2);
        next.Flush();
        Assert.Equal(ManyChannels, harness.ReadAll(next).Distinct().Count());
    }

    [Fact]
    public void Parts_of_cycles_share_a_batch_when_each_channel_goes_forward()
    {
        using OutboxHarness harness = new() { MaximumReadings = 100 };
        using GatewayOutbox outbox = harness.Open();

        // The second bus is a slot behind the first: slots go back over all, but rise for each channel.
        for (int index = 1; index < 6; index++)
        {
            outbox.Add(new(OutboxHarness.SlotOf(index), ClockState.Synchronised, index, OutboxHarness.SlotOf(index)), OutboxHarness.ReadingsOf(index).AsSpan(0, 1));
            outbox.Add(new(OutboxHarness.SlotOf(index - 1), ClockState.Synchronised, index, OutboxHarness.SlotOf(index)), OutboxHarness.ReadingsOf(index - 1).AsSpan(1, 1));
        }

        outbox.Flush();
        Assert.Equal(1, outbox.LastBatch);
        Assert.Equal(10, harness.ReadAll(outbox).Count);
        Assert.Equal(OutboxHarness.SlotOf(5), outbox.LastSlot);
    }

    [Fact]
    public void A_channel_that_goes_back_begins_a_new_batch()
    {
        using OutboxHarness harness = new() { MaximumReadings = 100 };
        using GatewayOutbox outbox = harness.Open();
        OutboxHarness.AddCycle(outbox, 3);
        OutboxHarness.AddCycle(outbox, 1);
        outbox.Flush();
        Assert.Equal(2, outbox.LastBatch);
        Assert.Equal(4, harness.ReadAll(outbox).Count);
    }

    private static OutboxHarness Many() => new()
    {
        MaximumReadings = 2_000,
        Table = [.. Enumerable.Range(0, ManyChannels).Select(index => OutboxHarness.Channels[0] with { Id = $"m{index}.energy" })],
    };

    private static void Add(GatewayOutbox outbox, int cycles)
    {
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            long slot = OutboxHarness.SlotOf(cycle);
            Reading[] readings = [.. Enumerable.Range(0, ManyChannels).Select(channel => new Reading(slot, channel, channel, ReadingQuality.Good, true))];
            outbox.Add(new(slot, ClockState.Synchronised, cycle, slot), readings);
        }

        outbox.Flush();
    }
}
