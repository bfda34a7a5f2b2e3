using Metering.Fieldbus.Modbus;
using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Meters;

public sealed class MeterReaderTests
{
    private const long Slot = 1_767_225_600_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void Each_value_carries_slot_channel_and_quality()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0, 2, 4]);
        profile = profile with
        {
            Registers = [profile.Registers[0], profile.Registers[1] with { Sentinels = [7] }, profile.Registers[2] with { Maximum = 5 }],
        };
        using ScriptedLine line = new(ModbusReply.Ok);
        using ModbusClient client = new(line);
        Reading[] readings = new Reading[3];
        Assert.True(new MeterReader(profile, 1, 10, Timeout).Read(client, Slot, retriesSilence: false, readings).IsOk);
        Assert.Equal(new(Slot, 7, 10, ReadingQuality.Good, true), readings[0]);
        Assert.Equal(Reading.Missing(Slot, 11, QualityReason.Sentinel), readings[1]);
        Assert.Equal(new(Slot, 7, 12, ReadingQuality.Bad(QualityReason.OutOfRange), true), readings[2]);
    }

    [Theory]
    [InlineData(ModbusOutcome.Timeout, QualityReason.Timeout, 1)]
    [InlineData(ModbusOutcome.Disconnected, QualityReason.Disconnected, 1)]
    [InlineData(ModbusOutcome.CrcError, QualityReason.Crc, 4)]
    [InlineData(ModbusOutcome.UnexpectedReply, QualityReason.UnexpectedReply, 4)]
    [InlineData(ModbusOutcome.Exception, QualityReason.Exception, 4)]
    public void A_failed_block_marks_each_of_its_channels_and_silence_ends_the_asking(ModbusOutcome outcome, QualityReason reason, int requests)
    {
        using ScriptedLine line = new(new ModbusReply(outcome, 2));
        using ModbusClient client = new(line);
        Reading[] readings = new Reading[3];
        ModbusReply reply = new MeterReader(TestProfiles.UInt32At([0, 2, 50]), 1, 0, Timeout).Read(client, Slot, retriesSilence: false, readings);
        Assert.Equal(outcome, reply.Outcome);
        Assert.Equal(requests, line.Requests);
        Assert.Equal([Reading.Missing(Slot, 0, reason), Reading.Missing(Slot, 1, reason), Reading.Missing(Slot, 2, reason)], readings);
    }

    [Fact]
    public void A_meter_that_answered_a_short_while_ago_is_asked_twice_before_it_counts_as_silent()
    {
        using ScriptedLine line = new(new ModbusReply(ModbusOutcome.Timeout, 0));
        using ModbusClient client = new(line);
        _ = new MeterReader(TestProfiles.UInt32At([0, 50]), 1, 0, Timeout).Read(client, Slot, retriesSilence: true, new Reading[2]);
        Assert.Equal(2, line.Requests);
    }

    [Fact]
    public void Reading_a_meter_allocates_nothing()
    {
        using ScriptedLine line = new(ModbusReply.Ok);
        using ModbusClient client = new(line);
        MeterReader reader = new(TestProfiles.UInt32At([0, 2, 50, 52]), 1, 0, Timeout);
        Reading[] readings = new Reading[4];
        _ = reader.Read(client, Slot, retriesSilence: true, readings);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int cycle = 0; cycle < 1000; cycle++)
        {
            _ = reader.Read(client, Slot + cycle, retriesSilence: true, readings);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>A line whose every answer is the same: registers 0, 7, 0, 7 ... or one failure.</summary>
    private sealed class ScriptedLine(ModbusReply reply) : IModbusTransport
    {
        public int Requests { get; private set; }

        public ModbusCounters Counters { get; } = new();

        public Metering.Fieldbus.FieldbusException? LastProblem => null;

        public void Open()
        {
        }

        public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
        {
            Requests++;
            for (int index = 0; reply.IsOk && index < destination.Length; index++)
            {
                destination[index] = (ushort)(index % 2 == 0 ? 0 : 7);
            }

            return reply;
        }

        public void Dispose()
        {
        }
    }
}
