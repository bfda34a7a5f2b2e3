using Metering.Fieldbus.Modbus;
using Metering.Gateway.Configuration;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Readings;
using Metering.Tests.Meters;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.Budget;

/// <summary>Steady polling must leave nothing for the garbage collector, on any of its threads.</summary>
public sealed class PollingBudgetTests
{
    private const long Start = 1_767_225_600_000;
    private const int WarmUpSlots = 40;
    private const int Slots = 200;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, 40, 4)]
    [InlineData(100, 1, 30)]
    public void Slot_after_slot_allocates_nothing_on_any_thread(int buses, int meters, int values)
    {
        SteppedClock clock = new(Start - 1);
        ByteCounter counter = new();
        List<BusConfiguration> all = [.. Enumerable.Range(0, buses).Select(bus => BusOf(bus, meters, values))];
        using PollEngine engine = new(new(all, [], new(Second)), new(counter.Add, _ => { }, null), _ => new CountingLine(counter), clock, NullLogger.Instance);
        using CancellationTokenSource stopping = new();
        Thread thread = new(() => engine.Run(Second, stopping.Token));
        thread.Start();
        long expected = 0;
        for (int slot = 0; slot < WarmUpSlots + Slots; slot++)
        {
            if (slot == WarmUpSlots)
            {
                counter.IsCounting = true;
            }

            expected += buses * meters * values;
            clock.Step(slot == 0 ? TimeSpan.FromMilliseconds(1) : Second);
            Assert.True(SpinWait.SpinUntil(() => counter.Readings >= expected, Limit), $"slot {slot}: {counter.Readings} of {expected} readings");
        }

        stopping.Cancel();
        thread.Join();
        Assert.Equal(0, counter.Bytes);
        Assert.Equal((WarmUpSlots + Slots) * (long)buses * meters, counter.Requests);
    }

    // Lanes are served by one thread while they answer at once, in their order; a busy machine brings a second one, whenever it may be.
    [Fact]
    public void The_first_slot_whose_lanes_were_overtaken_allocates_nothing_either()
    {
        SteppedClock clock = new(Start);
        SlotCollector collector = new(Second, clock);
        long bytes = 0;
        int readings = 0;
        CycleSink sink = (in CycleHeader _, ReadOnlySpan<Reading> all) => readings += IsInOrder(all) ? all.Length : 0;
        for (long slot = 1; slot <= WarmUpSlots + 1; slot++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool isOvertaken = slot == WarmUpSlots + 1;
            SlotTick tick = new(slot, Start + (slot * 1000), clock.GetTimestamp());
            collector.Open(tick, new CycleHeader(tick.SlotUtcMilliseconds, ClockState.Synchronised, slot, tick.SlotUtcMilliseconds), 2);
            collector.Deliver(tick, [Reading.Missing(tick.SlotUtcMilliseconds, isOvertaken ? 1 : 0, QualityReason.Timeout)]);
            collector.Deliver(tick, [Reading.Missing(tick.SlotUtcMilliseconds, isOvertaken ? 0 : 1, QualityReason.Timeout)]);
            collector.Emit(sink, everything: false);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(2 * (WarmUpSlots + 1), readings);
        Assert.Equal(0, bytes);
    }

    private static bool IsInOrder(ReadOnlySpan<Reading> readings)
    {
        for (int index = 1; index < readings.Length; index++)
        {
            if (readings[index].ChannelIndex < readings[index - 1].ChannelIndex)
            {
                return false;
            }
        }

        return true;
    }

    private static BusConfiguration BusOf(int bus, int meters, int values) => new()
    {
        Id = string.Create(null, $"bus{bus}"),
        Tcp = new("127.0.0.1", 1 + bus),
        AnswerTimeout = Second,
        Meters =
        [
            .. Enumerable.Range(1, meters).Select(unit => new MeterConfiguration(
                string.Create(null, $"b{bus}-m{unit}"), (byte)unit, TestProfiles.UInt32At([.. Enumerable.Range(0, values).Select(index => (ushort)(2 * index))]))),
        ],
    };

    /// <summary>Sums what each thread of the engine allocates between two looks; each thread looks whenever it comes by.</summary>
    private sealed class ByteCounter
    {
        [ThreadStatic]
        private static long s_last;

        private long _bytes;
        private long _readings;
        private long _requests;

        internal volatile bool IsCounting;

        internal long Bytes => Interlocked.Read(ref _bytes);

        internal long Readings => Interlocked.Read(ref _readings);

        internal long Requests => Interlocked.Read(ref _requests);

        internal void Add(in CycleHeader header, ReadOnlySpan<Reading> readings)
        {
            Look();
            _ = Interlocked.Add(ref _readings, readings.Length);
        }

        internal void Ask()
        {
            Look();
            _ = Interlocked.Increment(ref _requests);
        }

        private void Look()
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (IsCounting && s_last > 0)
            {
                _ = Interlocked.Add(ref _bytes, now - s_last);
            }

            s_last = now;
        }
    }

    private sealed class CountingLine(ByteCounter counter) : IModbusTransport
    {
        public ModbusCounters Counters { get; } = new();

        public Metering.Fieldbus.FieldbusException? LastProblem => null;

        public void Open()
        {
        }

        public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
        {
            counter.Ask();
            destination.Fill(1);
            return ModbusReply.Ok;
        }

        public void Dispose()
        {
        }
    }
}
