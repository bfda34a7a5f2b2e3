using Metering.Fieldbus.Modbus;
using Metering.Gateway.Configuration;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Inputs;
using Metering.Readings;
using Metering.Tests.Meters;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>The engine with its real threads on a clock that moves only when told to.</summary>
public sealed class PollingEngineTests : IDisposable
{
    private const long Start = 1_767_225_600_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    private readonly ManualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(Start - 1));
    private readonly Recorder _recorder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, GatedLine> _lines = new(StringComparer.Ordinal);
    private PollEngine? _engine;
    private Thread? _thread;

    [Fact]
    public void A_bus_that_hangs_delays_no_other_bus_and_its_slots_are_marked()
    {
        _lines["a"] = new GatedLine();
        _lines["b"] = new GatedLine();
        _lines["a"].Close();
        Begin([Bus("a", [0]), Bus("b", [0, 2])]);
        for (int slot = 0; slot < 5; slot++)
        {
            // The next slot comes when the bus that answers has read this one; a busy machine may take its time.
            Assert.True(SpinWait.SpinUntil(() => _lines["b"].Answered >= SlotsTold, Limit));
            Step(until: () => _recorder.Count(1) > slot);
        }

        Assert.Equal(_recorder.Count(1), _recorder.Good(1));
        Assert.Equal(_recorder.Count(2), _recorder.Good(2));
        Assert.Equal(0, _recorder.Good(0));
        _lines["a"].Open();
        Step(until: () => _recorder.Good(0) > 0);
        End();
        Assert.Equal(SlotsOf(1), SlotsOf(0));
        Assert.Equal([QualityReason.None, QualityReason.Timeout], _recorder.Readings(0).Select(reading => reading.Quality.Reason).Distinct().Order());
    }

    [Fact]
    public void What_all_buses_read_for_a_slot_is_one_cycle_in_the_order_of_the_channels()
    {
        foreach (string bus in new[] { "a", "b", "c" })
        {
            _lines[bus] = new GatedLine();
        }

        _lines["a"].Close();
        Begin([Bus("a", [0, 2]), Bus("b", [0]), Bus("c", [0])]);
        Step(Moment, () => _lines["b"].Answered > 0 && _lines["c"].Answered > 0);
        _lines["a"].Open();
        Assert.True(SpinWait.SpinUntil(() => _recorder.Cycles.Count >= 1, Limit));
        Assert.Equal([0, 1, 2, 3], _recorder.Cycles[0].Readings.Select(reading => reading.ChannelIndex));
        Assert.Equal(Start, _recorder.Cycles[0].Header.SlotUtcMilliseconds);
        End();
    }

    [Fact]
    public void A_straggler_is_waited_for_a_bounded_time_and_then_makes_a_further_cycle_of_its_slot()
    {
        _lines["a"] = new GatedLine();
        _lines["b"] = new GatedLine();
        _lines["a"].Close();
        Begin([Bus("a", [0]), Bus("b", [0])]);
        Step(Moment, () => _lines["b"].Answered == 1);
        Assert.Empty(_recorder.Cycles);
        Step(Second * SlotCollector.GraceShare, () => _recorder.Cycles.Count >= 1);
        _lines["a"].Open();
        Assert.True(SpinWait.SpinUntil(() => _recorder.Cycles.Count == 2, Limit));
        Assert.Equal([(Start, 1), (Start, 0)], _recorder.Cycles.Select(cycle => (cycle.Header.SlotUtcMilliseconds, Assert.Single(cycle.Readings).ChannelIndex)));
        End();
    }

    [Fact]
    public void At_the_end_everything_that_was_begun_is_handed_on()
    {
        _lines["a"] = new GatedLine();
        _lines["a"].Close();
        Begin([Bus("a", [0, 2])]);
        Step(Moment, () => _lines["a"].Asked == 1);
        _stopping.Cancel();
        _lines["a"].Open();
        End();
        Assert.Equal([Start, Start], _recorder.Cycles.SelectMany(cycle => cycle.Readings).Select(reading => reading.UtcMilliseconds));
    }

    [Fact]
    public void An_input_beside_Modbus_is_read_at_each_slot_behind_the_channels_of_the_buses()
    {
        _lines["a"] = new GatedLine();
        using FixedInput input = new();
        Begin([Bus("a", [0])], [new("tank", input.Channels, () => input)]);
        Step(until: () => _recorder.Count(1) >= 2);
        Assert.Equal([new Reading(Start, 21, 1, ReadingQuality.Good, true), new Reading(Start + 1000, 21, 1, ReadingQuality.Good, true)], _recorder.Readings(1).Take(2));
        Assert.Equal("21", Assert.Single(Assert.Single(_engine!.Snapshot().Inputs).Channels).ScaledValue?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        End();
    }

    [Fact]
    public void Slots_that_pass_while_the_outbox_blocks_are_counted_and_sealed()
    {
        _lines["a"] = new GatedLine();
        Begin([Bus("a", [0])]);
        Step(until: () => _recorder.Count(0) >= 1);
        _recorder.Gate.Reset();
        Step(until: () => _recorder.IsBlocked);
        _clock.Advance(5 * Second);
        _recorder.Gate.Set();
        Step(until: () => _recorder.Count(0) >= 4);
        Assert.Contains(_recorder.Gaps, gap => gap.Reason == "overrun" && gap.ThroughUtcMilliseconds - gap.FromUtcMilliseconds >= 5000);
        Assert.True(_engine!.Snapshot().PassedSlots >= 4);
        End();
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_brings_slots_again_and_seals_the_jump()
    {
        _lines["a"] = new GatedLine();
        Begin([Bus("a", [0])]);
        Step(until: () => _recorder.Count(0) >= 1);
        _clock.SetWallClock(DateTimeOffset.FromUnixTimeMilliseconds(Start - 3_600_500));
        Step(until: () => _recorder.Count(0) >= 2);
        Assert.InRange(_recorder.Readings(0)[1].UtcMilliseconds, Start - 3_600_000, Start - 3_500_000);
        Assert.Equal("clock", Assert.Single(_recorder.Gaps).Reason);
        End();
    }

    [Fact]
    public void Another_engine_with_another_configuration_goes_on_with_the_same_outbox()
    {
        using OutboxHarness harness = new() { MaximumReadings = 1000 };
        using GatewayOutbox outbox = harness.Open();
        foreach (int[] addresses in new int[][] { [0, 2], [4, 6], [0, 2] })
        {
            using PollEngine engine = new(new([Bus("a", addresses)], [], new(TimeSpan.FromSeconds(10))), PollOutput.To(outbox), _ => new GatedLine(), harness.Clock, NullLogger.Instance);
            using CancellationTokenSource stopping = new();
            Thread thread = new(() => engine.Run(TimeSpan.FromSeconds(10), stopping.Token));
            thread.Start();
            Assert.True(SpinWait.SpinUntil(() => AdvanceBy(harness.Clock, TimeSpan.FromMilliseconds(100)) && engine.ReadingCount >= 4, Limit));
            stopping.Cancel();
            thread.Join();
        }

        outbox.Flush();
        List<(string Channel, long Instant, long Value, string Quality)> all = harness.ReadAll(outbox);
        Assert.Equal(all.Count, all.Select(reading => (reading.Channel, reading.Instant)).Distinct().Count());
        Assert.Contains(all, reading => reading.Value == 5);
        Assert.All(all, reading => Assert.Equal("G", reading.Quality));
    }

    public void Dispose()
    {
        _recorder.Gate.Set();
        foreach (GatedLine line in _lines.Values)
        {
            line.Open();
        }

        End();
        _stopping.Dispose();
        _recorder.Dispose();
    }

    private static BusConfiguration Bus(string id, int[] addresses) => new()
    {
        Id = id,
        Tcp = new("127.0.0.1", 502),
        AnswerTimeout = Limit,
        Meters = [new(id + "1", 1, TestProfiles.UInt32At(addresses.Select(address => (ushort)address)))],
    };

    private static bool AdvanceBy(ManualTimeProvider clock, TimeSpan time)
    {
        clock.Advance(time);
        return true;
    }

    private void Begin(IReadOnlyList<BusConfiguration> buses, IReadOnlyList<InputConfiguration>? inputs = null)
    {
        _engine = new PollEngine(new(buses, inputs ?? [], new(Second)), new(_recorder.Add, _recorder.AddGap, null), bus => _lines[bus.Id], _clock, NullLogger.Instance);
        _thread = new Thread(() => _engine.Run(Second, _stopping.Token));
        _thread.Start();
    }

    private List<long> SlotsOf(int channel) => [.. _recorder.Readings(channel).Select(reading => reading.UtcMilliseconds).Order()];

    // The clock moves only while the engine's thread waits for it, so that no slot is passed over.
    private void Step(TimeSpan step, Func<bool> until) => Assert.True(SpinWait.SpinUntil(
        () => until() || (SpinWait.SpinUntil(() => (_thread!.ThreadState & ThreadState.WaitSleepJoin) != ThreadState.Running, Limit) && AdvanceBy(_clock, step) && SpinWait.SpinUntil(until, Patience)),
        Limit));

    // Slots of one second that the clock has passed.
    private long SlotsTold => (_clock.GetUtcNow().ToUnixTimeMilliseconds() - Start + 1000) / 1000;

    private void Step(Func<bool> until) => Step(Second, until);

    private void End()
    {
        _stopping.Cancel();
        _thread?.Join();
        _engine?.Dispose();
        _engine = null;
        _thread = null;
    }

    /// <summary>A line that answers when its gate is open; registers show their address.</summary>
    private sealed class GatedLine : IModbusTransport
    {
        private readonly ManualResetEventSlim _gate = new(initialState: true);
        private int _asked;
        private int _answered;

        public int Asked => Volatile.Read(ref _asked);

        public int Answered => Volatile.Read(ref _answered);

        public ModbusCounters Counters { get; } = new();

        public Metering.Fieldbus.FieldbusException? LastProblem => null;

        public void Open() => _gate.Set();

        public void Close() => _gate.Reset();

        public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
        {
            _ = Interlocked.Increment(ref _asked);
            _gate.Wait();
            for (int index = 0; index < destination.Length; index++)
            {
                destination[index] = (ushort)((start + index) % 2 == 0 ? 0 : start + index);
            }

            _ = Interlocked.Increment(ref _answered);
            return ModbusReply.Ok;
        }

        public void Dispose()
        {
        }
    }

    private sealed class FixedInput : ISlotInput
    {
        public IReadOnlyList<Channel> Channels { get; } =
            [new() { Id = "tank.level", Meter = "tank", Unit = "m3", Kind = ChannelKind.Gauge, DecimalPlaces = 0, Profile = "manual/1" }];

        public void Read(long slotUtcMilliseconds, int firstChannelIndex, Span<Reading> destination) =>
            destination[0] = new(slotUtcMilliseconds, 21, firstChannelIndex, ReadingQuality.Good, true);

        public void Dispose()
        {
        }
    }

    /// <summary>Stands for the outbox: keeps every cycle, and can be made to block.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly List<(CycleHeader Header, Reading[] Readings)> _cycles = [];

        public ManualResetEventSlim Gate { get; } = new(initialState: true);

        public bool IsBlocked { get; private set; }

        public List<GapEvent> Gaps { get; } = [];

        public List<(CycleHeader Header, Reading[] Readings)> Cycles
        {
            get
            {
                lock (_lock)
                {
                    return [.. _cycles];
                }
            }
        }

        public void Add(in CycleHeader header, ReadOnlySpan<Reading> readings)
        {
            IsBlocked = !Gate.IsSet;
            Gate.Wait();
            lock (_lock)
            {
                _cycles.Add((header, readings.ToArray()));
            }
        }

        public void AddGap(GapEvent gap) => Gaps.Add(gap);

        public List<Reading> Readings(int channel) => [.. Cycles.SelectMany(cycle => cycle.Readings).Where(reading => reading.ChannelIndex == channel)];

        public int Count(int channel) => Readings(channel).Count;

        public int Good(int channel) => Readings(channel).Count(reading => reading.Quality.IsGood);

        public void Dispose() => Gate.Dispose();
    }
}
