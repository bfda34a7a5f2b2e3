using System.Collections.Concurrent;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Configuration;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Polling;
using Metering.Meters.Profiles;
using Metering.Readings;
using Metering.Tests.Meters;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>Devices that need silence between two requests.</summary>
public sealed class PollingGapTests
{
    private const long Start = 1_767_225_600_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(Start));

    [Fact]
    public void A_meter_that_needs_silence_is_left_alone_so_long_and_the_others_are_asked_meanwhile()
    {
        PollingSimulatedBus line = new(Bus(new("slow", 1, Slow), new("m2", 2, TestProfiles.UInt32At([0, 2, 60])), new("m3", 3, TestProfiles.UInt32At([0, 2, 60]))), new(TimeSpan.FromSeconds(2)), _clock);
        line.Gaps[1] = Gap;
        line.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(0, line.TooSoon);
        Assert.All(line.Delivered, entry => Assert.True(entry.Reading.Quality.IsGood));
        Assert.Equal(150, line.GoodCount(0));
        (byte Unit, long At, int Count)[] slot = [.. line.Requests.Where(request => request.At is >= 60_000 and < 62_000)];
        Assert.Equal(7, slot.Length);
        long[] own = [.. slot.Where(request => request.Unit == 1).Select(request => request.At)];
        Assert.Equal(3, own.Length);
        Assert.Contains(slot, request => request.Unit != 1 && request.At > own[0] && request.At < own[1]);
    }

    /// <summary>The control: the device does refuse what comes too soon.</summary>
    [Fact]
    public void A_profile_that_does_not_state_the_silence_loses_values()
    {
        PollingSimulatedBus line = new(Bus(new MeterConfiguration("slow", 1, Slow with { MinimumGap = null })), new(TimeSpan.FromSeconds(2)), _clock);
        line.Gaps[1] = Gap;
        line.Run(TimeSpan.FromMinutes(1));
        Assert.NotEqual(0, line.TooSoon);
        Assert.Contains(line.Delivered, entry => !entry.Reading.Quality.IsGood);
    }

    [Fact]
    public void Two_entries_of_one_device_share_its_silence_and_a_failure_begins_it_too()
    {
        PollingSimulatedBus line = new(Bus(new("a", 1, Slow), new("b", 1, TestProfiles.UInt32At([100]))), new(TimeSpan.FromSeconds(5)), _clock);
        line.Gaps[1] = Gap;
        line.Run(TimeSpan.FromSeconds(30));
        line.Dead.Add(1);
        line.Run(TimeSpan.FromMinutes(2));
        line.Dead.Clear();
        line.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(0, line.TooSoon);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_prediction_with_silences_is_what_a_slot_then_takes(int others)
    {
        MeterConfiguration[] meters = [new("slow", 1, Slow), .. Enumerable.Range(2, others).Select(unit => new MeterConfiguration($"m{unit}", (byte)unit, TestProfiles.UInt32At([0, 2, 60])))];
        PollingSimulatedBus line = new(Bus(meters), new(TimeSpan.FromSeconds(10)), _clock);
        line.Gaps[1] = Gap;
        SlotForecast predicted = line.Plan.PredictedFor(line.Plan.Rates[0]);
        line.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(predicted.Cycle.TotalMilliseconds, line.Worker.Snapshot().Rates[0].Cycle.Maximum!.Value.TotalMilliseconds, 3.0);
        Assert.True(predicted.Cycle > predicted.Busy || others == 8);
        Assert.True(predicted.Renewal >= predicted.Cycle);
    }

    [Fact]
    public void A_silence_that_leaves_too_little_time_is_told_by_the_plan()
    {
        BusConfiguration bus = Bus(new MeterConfiguration("slow", 1, Slow));
        Assert.NotNull(BusBudget.Of(new BusPlan(bus, 0, new(Second))).Tightest);
        Assert.Null(BusBudget.Of(new BusPlan(bus, 0, new(TimeSpan.FromSeconds(2)))).Tightest);
        Assert.Null(BusBudget.Of(new BusPlan(Bus(new MeterConfiguration("slow", 1, Slow with { MinimumGap = null })), 0, new(Second))).Tightest);
    }

    [Fact]
    public void Where_each_request_costs_a_silence_a_hole_is_read_across()
    {
        DeviceProfile profile = TestProfiles.UInt32At([0, 42], maximumHole: 64);
        PollCosts costs = PollCosts.Serial(TimeSpan.FromMilliseconds(4.6));
        Assert.Equal(2, PollPlan.For(profile, [0, 1], costs, new()).Count);
        _ = Assert.Single(PollPlan.For(profile, [0, 1], costs with { Gap = Second }, new()));
    }

    [Fact]
    public void A_lane_wakes_when_the_silence_is_over()
    {
        SteppedClock clock = new(Start - 1);
        StampingLine line = new(clock);
        ConcurrentQueue<int> cycles = new();
        using PollEngine engine = new(new([Bus(new MeterConfiguration("slow", 1, Slow))], [], new(TimeSpan.FromSeconds(10))), new(Take, _ => { }, null), _ => line, clock, NullLogger.Instance);
        using CancellationTokenSource stopping = new();
        Thread thread = new(() => engine.Run(TimeSpan.FromSeconds(10), stopping.Token));
        thread.Start();
        clock.Step(TimeSpan.FromMilliseconds(1));
        for (int request = 1; request <= 3; request++)
        {
            Assert.True(SpinWait.SpinUntil(() => line.Stamps.Count == request, Limit), $"request {request}");
            clock.Step(Gap - TimeSpan.FromMilliseconds(1));
            clock.Step(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(SpinWait.SpinUntil(() => !cycles.IsEmpty, Limit));
        stopping.Cancel();
        thread.Join();
        Assert.Equal([0, 400, 800], line.Stamps.Take(3).Select(stamp => stamp - Start));

        void Take(in CycleHeader header, ReadOnlySpan<Reading> readings) => cycles.Enqueue(readings.Length);
    }

    // Three requests, as no hole may be read across.
    private static DeviceProfile Slow => TestProfiles.UInt32At([0, 20, 40]) with { MinimumGap = Gap };

    private static BusConfiguration Bus(params MeterConfiguration[] meters) => new()
    {
        Id = "b", Serial = new("/dev/null", new SerialSettings { BaudRate = 9600 }), AnswerTimeout = TimeSpan.FromMilliseconds(500), Meters = meters,
    };

    private sealed class StampingLine(TimeProvider clock) : IModbusTransport
    {
        internal ConcurrentQueue<long> Stamps { get; } = new();

        public ModbusCounters Counters { get; } = new();

        public Metering.Fieldbus.FieldbusException? LastProblem => null;

        public void Open()
        {
        }

        public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
        {
            destination.Fill(1);
            Stamps.Enqueue(clock.GetUtcNow().ToUnixTimeMilliseconds());
            return ModbusReply.Ok;
        }

        public void Dispose()
        {
        }
    }
}
