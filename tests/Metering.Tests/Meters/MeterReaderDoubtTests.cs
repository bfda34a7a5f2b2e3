using Metering.Fieldbus.Modbus;
using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Meters;

/// <summary>What a reader does when a meter refuses a block, or says something that looks wrong.</summary>
public sealed class MeterReaderDoubtTests
{
    private const long Slot = 1_767_225_600_000;
    private const long Day = 86_400_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);
    private static readonly ModbusReply NoSuchAddress = new(ModbusOutcome.Exception, ModbusExceptionCode.IllegalDataAddress);

    [Fact]
    public void A_block_refused_for_its_hole_is_read_in_pieces_in_the_same_slot_and_asked_so_from_then_on()
    {
        using MeterLine line = new();
        line.Refused.Add(4);
        MeterReader reader = new(TestProfiles.UInt32At([0, 2, 6], maximumHole: 8), 1, 0, Timeout);
        Assert.Equal([1, 2, 4], Read(line, reader, Slot));
        Assert.Equal(["0+8", "0+4", "6+2"], line.Asked());
        Assert.Equal([1, 2, 4], Read(line, reader, Slot + 1000));
        Assert.Equal(["0+4", "6+2"], line.Asked());
        Assert.Equal(1, reader.Splits);
    }

    [Fact]
    public void A_value_that_a_meter_does_not_have_is_found_by_halving_and_costs_no_other_value()
    {
        using MeterLine line = new();
        line.Refused.Add(10);
        MeterReader reader = new(TestProfiles.UInt32At([0, 2, 4, 6, 8, 10, 12, 14]), 1, 5, Timeout);
        Reading[] readings = ReadAll(line, reader, Slot);
        Assert.Equal([1, 2, 3, 4, 5, 0, 7, 8], readings.Select(reading => reading.ScaledValue));
        Assert.Equal(Reading.Missing(Slot, 10, QualityReason.Exception), readings[5]);
        _ = line.Asked();
        _ = ReadAll(line, reader, Slot + 1000);
        Assert.Equal(["0+8", "8+2", "10+2", "12+4"], line.Asked());
    }

    [Fact]
    public void What_a_refusal_taught_is_tried_again_after_a_day()
    {
        using MeterLine line = new();
        line.Refused.Add(4);
        MeterReader reader = new(TestProfiles.UInt32At([0, 2, 6], maximumHole: 8), 1, 0, Timeout);
        _ = Read(line, reader, Slot);
        line.Refused.Clear();
        _ = line.Asked();
        _ = Read(line, reader, Slot + Day);
        Assert.Equal(["0+8"], line.Asked());
    }

    [Fact]
    public void A_counter_that_shows_less_for_one_moment_gives_no_value()
    {
        using MeterLine line = new();
        MeterReader reader = new(TestProfiles.UInt32At([0, 2]), 1, 0, Timeout);
        line.Values[1] = 500;
        _ = Read(line, reader, Slot);
        line.Next.Enqueue(() => line.Values[1] = 0);
        line.Next.Enqueue(() => line.Values[1] = 501);
        Reading[] readings = ReadAll(line, reader, Slot + 1000);
        Assert.Equal(Reading.Missing(Slot + 1000, 0, QualityReason.UnexpectedReply), readings[0]);
        Assert.Equal(ReadingQuality.Good, readings[1].Quality);
        Assert.Equal((1L, 1L), (reader.Confirmations, reader.Contradictions));
    }

    [Fact]
    public void A_counter_that_shows_less_twice_is_passed_on_as_it_is_and_asked_in_another_shape()
    {
        using MeterLine line = new();
        MeterReader reader = new(TestProfiles.UInt32At([0, 2]), 1, 0, Timeout);
        line.Values[1] = 500;
        _ = Read(line, reader, Slot);
        line.Values[1] = 3;
        _ = line.Asked();
        Assert.Equal([3, 2], Read(line, reader, Slot + 1000));
        Assert.Equal(["0+4", "0+2"], line.Asked());
        Assert.Equal([3, 2], Read(line, reader, Slot + 2000));
        Assert.Equal(["0+4"], line.Asked());
        Assert.Equal(0, reader.Contradictions);
    }

    [Fact]
    public void A_block_that_came_after_a_fault_and_belongs_to_another_question_gives_no_value()
    {
        using MeterLine line = new();
        MeterReader reader = new(TestProfiles.UInt32At([0, 2, 50]), 1, 0, Timeout);
        line.Script.Enqueue(new(ModbusOutcome.CrcError, 0));
        line.Next.Enqueue(() => { });
        line.Next.Enqueue(() => (line.Values[1], line.Values[3]) = (70_000, 80_000));
        line.Next.Enqueue(() => (line.Values[1], line.Values[3]) = (1, 2));
        line.Next.Enqueue(() => (line.Values[1], line.Values[3]) = (1, 2));
        Reading[] readings = ReadAll(line, reader, Slot);
        Assert.Equal([QualityReason.UnexpectedReply, QualityReason.UnexpectedReply, QualityReason.None], readings.Select(reading => reading.Quality.Reason));
        Assert.Equal([false, false, true], readings.Select(reading => reading.HasValue));
        Assert.Equal(1, reader.Retries);
    }

    [Fact]
    public void A_value_whose_second_reading_fails_is_uncertain()
    {
        using MeterLine line = new();
        MeterReader reader = new(TestProfiles.UInt32At([0, 2]), 1, 0, Timeout);
        line.Values[1] = 500;
        _ = Read(line, reader, Slot);
        line.Values[1] = 3;
        line.Script.Enqueue(ModbusReply.Ok);
        line.Script.Enqueue(new(ModbusOutcome.Timeout, 0));
        Reading[] readings = ReadAll(line, reader, Slot + 1000);
        Assert.Equal(new Reading(Slot + 1000, 3, 0, ReadingQuality.Uncertain(QualityReason.Timeout), true), readings[0]);
        Assert.Equal(ReadingQuality.Good, readings[1].Quality);
    }

    [Fact]
    public void A_busy_meter_is_asked_once_more()
    {
        using MeterLine line = new();
        line.Script.Enqueue(new(ModbusOutcome.Exception, ModbusExceptionCode.ServerDeviceBusy));
        MeterReader reader = new(TestProfiles.UInt32At([0]), 1, 0, Timeout);
        Assert.Equal([1], Read(line, reader, Slot));
        Assert.Equal(1, reader.Retries);
    }

    [Fact]
    public void After_a_meter_was_replaced_no_more_than_four_values_are_read_twice_in_one_slot()
    {
        using MeterLine line = new();
        MeterReader reader = new(TestProfiles.UInt32At([.. Enumerable.Range(0, 10).Select(index => (ushort)(2 * index))]), 1, 0, Timeout);
        for (int register = 1; register < 20; register += 2)
        {
            line.Values[register] = 900;
        }

        _ = Read(line, reader, Slot);
        Array.Clear(line.Values);
        _ = line.Asked();
        _ = Read(line, reader, Slot + 1000);
        Assert.Equal(1 + MeterGroup.MaximumConfirmations, line.Asked().Length);
    }

    [Theory]
    [InlineData(ChannelKind.Counter, 1000, 10, 1010, Suspicion.None)]
    [InlineData(ChannelKind.Counter, 1000, 10, 999, Suspicion.WentBack)]
    [InlineData(ChannelKind.Counter, 1000, 10, 1048, Suspicion.None)]
    [InlineData(ChannelKind.Counter, 1000, 10, 1049, Suspicion.RoseTooFast)]
    [InlineData(ChannelKind.Counter, 1000, -1, 999_999, Suspicion.None)]
    [InlineData(ChannelKind.Gauge, 100, -1, 500, Suspicion.None)]
    [InlineData(ChannelKind.Gauge, 100, -1, 995, Suspicion.AtEdge)]
    [InlineData(ChannelKind.Gauge, 100, -1, 3, Suspicion.AtEdge)]
    [InlineData(ChannelKind.Gauge, 100, -1, 2000, Suspicion.AtEdge)]
    public void A_value_is_suspected_by_its_past(ChannelKind kind, long before, double fastestPerSecond, long value, Suspicion expected)
    {
        RegisterDefinition definition = TestProfiles.Register("q", 0) with { Kind = kind, Minimum = kind == ChannelKind.Gauge ? 0 : long.MinValue, Maximum = kind == ChannelKind.Gauge ? 1000 : long.MaxValue };
        Assert.Equal(expected, SuspicionRule.Judge(definition, new(true, before, Slot, fastestPerSecond, false), value, Slot + 1000));
    }

    [Fact]
    public void A_gauge_that_stays_at_its_edge_is_read_twice_once()
    {
        RegisterDefinition definition = TestProfiles.Register("q", 0) with { Kind = ChannelKind.Gauge, Minimum = 0, Maximum = 1000 };
        ValueHistory history = SuspicionRule.Accept(definition, ValueHistory.Unknown, new(Slot, 0, 0, ReadingQuality.Good, true));
        Assert.Equal(Suspicion.None, SuspicionRule.Judge(definition, history, 0, Slot + 1000));
    }

    [Fact]
    public void A_histogram_gives_percentiles_within_a_fifth()
    {
        LatencyHistogram histogram = new();
        Assert.Null(histogram.Percentile(0.5));
        for (int milliseconds = 1; milliseconds <= 1000; milliseconds++)
        {
            histogram.Add(TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.InRange(histogram.Percentile(0.5)!.Value.TotalMilliseconds, 500, 600);
        Assert.InRange(histogram.Percentile(0.99)!.Value.TotalMilliseconds, 990, 1000);
        Assert.Equal((1000, 1000L), (histogram.Maximum.TotalMilliseconds, histogram.Count));
        histogram.Add(TimeSpan.FromHours(1));
        histogram.Add(TimeSpan.FromTicks(-1));
        Assert.Equal(TimeSpan.FromHours(1), histogram.Maximum);
    }

    private static long[] Read(MeterLine line, MeterReader reader, long slot) => [.. ReadAll(line, reader, slot).Select(reading => reading.ScaledValue)];

    private static Reading[] ReadAll(MeterLine line, MeterReader reader, long slot)
    {
        using ModbusClient client = new(line);
        Reading[] readings = new Reading[reader.ReadingCount];
        _ = reader.Read(client, slot, retriesSilence: false, readings);
        return readings;
    }

    /// <summary>A meter whose value at address 2 n is n + 1; it refuses requests that touch some registers.</summary>
    private sealed class MeterLine : IModbusTransport
    {
        private readonly List<string> _asked = [];

        public MeterLine()
        {
            for (int register = 1; register < Values.Length; register += 2)
            {
                Values[register] = (register + 1) / 2;
            }
        }

        public int[] Values { get; } = new int[100];

        public HashSet<int> Refused { get; } = [];

        /// <summary>Outcomes of the next requests; Ok once it is empty.</summary>
        public Queue<ModbusReply> Script { get; } = [];

        /// <summary>What happens before the next requests.</summary>
        public Queue<Action> Next { get; } = [];

        public ModbusCounters Counters { get; } = new();

        public Metering.Fieldbus.FieldbusException? LastProblem => null;

        /// <summary>The requests since the last call.</summary>
        public string[] Asked()
        {
            string[] asked = [.. _asked];
            _asked.Clear();
            return asked;
        }

        public void Open()
        {
        }

        public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
        {
            _asked.Add(string.Create(null, $"{start}+{destination.Length}"));
            if (Next.TryDequeue(out Action? action))
            {
                action();
            }

            ModbusReply reply = Script.TryDequeue(out ModbusReply scripted) ? scripted : ModbusReply.Ok;
            for (int index = 0; index < destination.Length; index++)
            {
                reply = reply.IsOk && Refused.Contains(start + index) ? NoSuchAddress : reply;
            }

            for (int index = 0; reply.IsOk && index < destination.Length; index++)
            {
                int register = start + index;
                destination[index] = (ushort)((register % 2 == 1 ? Values[register] : Values[register + 1] >> 16) & 0xFFFF);
            }

            return reply;
        }

        public void Dispose()
        {
        }
    }
}
