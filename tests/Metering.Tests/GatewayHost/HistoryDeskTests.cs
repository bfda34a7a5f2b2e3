using Metering.Gateway;
using Metering.Gateway.Configuration;
using Metering.Gateway.Inputs;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Inputs;
using Metering.Meters.Totalisers;
using Metering.Readings;
using Metering.Tests.Inputs;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.GatewayHost;

/// <summary>
/// A simulated past in which a register passes its end, a meter is changed with a record, another falls to zero without one, and the last
/// reading is a false zero.
/// </summary>
public sealed class HistoryDeskTests : IDisposable
{
    private const int Slots = 60;
    private const int RolloverSlot = 10;
    private const int Swap = 20;
    private const int Reset = 40;
    private const long Quarter = 900_000;
    private const long StepsASlot = 100;
    private const long Before = 4_294_966_296;
    private const long NewMeter = 6_000_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly long Start = new DateTimeOffset(2026, 2, 20, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    // All that was used, but what the reset hid: from the last reading before it to the first one behind.
    private const long KnownUse = ((Swap - 1) * StepsASlot) + 40 + 50 + ((Reset - Swap - 1) * StepsASlot) + ((Slots - Reset - 2) * StepsASlot);

    private readonly GatewayFolder _folder = new();
    private readonly List<(long At, long Value, string Quality)> _sent = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_rollover_a_swap_and_a_reset_in_the_past_are_judged_as_live_ones_and_the_present_goes_on_from_them()
    {
        RecordSwap(_folder);
        using OutboxHarness harness = new();
        using GatewayOutbox outbox = harness.Open();
        using CycleDesk desk = Open(_folder, _sent, out TotaliserBank bank);
        Walk(desk, outbox, harness);
        Assert.Equal((KnownUse, 1, 1), ((long)bank[0]!.TotalSteps, bank[0]!.BreakCount, bank[0]!.OpenReadingCount));

        AddLive(desk, Slots);
        AddLive(desk, Slots + 1);
        Assert.Equal((KnownUse + (3 * StepsASlot), 0), ((long)bank[0]!.TotalSteps, bank[0]!.OpenReadingCount));

        (long, long, string)[] past = [.. _sent];
        Assert.Contains("G.rollover", past.Select(one => one.Item3));
        Assert.Contains((Start + (Slots * Quarter), (long)CounterAt(Start + (Slots * Quarter)), "G.glitch"), past);
        Assert.Equal(Live(), past);
    }

    [Fact]
    public async Task The_gateway_keeps_what_the_past_has_taught_it()
    {
        RecordSwap(_folder);
        using VirtualPlant plant = new(CounterAt);
        GatewayConfiguration configuration = _folder.Configuration with
        {
            Buses = [_folder.Configuration.Buses[0] with { Tcp = new("127.0.0.1", plant.FieldPort), AnswerTimeout = Limit }],
        };
        _ = Directory.CreateDirectory(configuration.StateDirectory);
        GatewayRun run = new()
        {
            History = new(DateTimeOffset.FromUnixTimeMilliseconds(Start), DateTimeOffset.FromUnixTimeMilliseconds(Start + (Slots * Quarter)), ThenLive: false),
            VirtualField = ("127.0.0.1", plant.ControlPort, "plant"),
        };
        await using (Metering.Gateway.GatewayHost host = new(configuration, run, TimeProvider.System, NullLoggerFactory.Instance))
        {
            host.Start();
            Assert.True(SpinWait.SpinUntil(() => host.LastSlot == Start + ((Slots - 1) * Quarter), Limit));
        }

        using DurableRecord memory = DurableRecord.Open(_folder.StateFile(CycleDesk.MemoryName));
        TotaliserBank bank = new(configuration.Channels, configuration.LimitsOf);
        _ = bank.Import(memory.Payload);
        Assert.Equal((KnownUse, 1, 1), ((long)bank[0]!.TotalSteps, bank[0]!.BreakCount, bank[0]!.OpenReadingCount));
    }

    [Fact]
    public void A_walk_that_is_resumed_finds_a_memory_no_younger_than_the_readings_that_are_durable()
    {
        using CycleDesk desk = Open(_folder, _sent, out _);
        AddPast(desk, 0);
        desk.KeepPast(null);
        AddPast(desk, 1);
        Assert.Null(Remembered());
        desk.KeepPast(Start);
        Assert.Equal(Before, Remembered());
        desk.KeepPast(Start);
        desk.KeepPast(Start);
        Assert.Equal(Before, Remembered());
        desk.KeepPast(Start + Quarter);
        Assert.Equal(Before + StepsASlot, Remembered());
    }

    // Killed before the first memory was saved: the second start finds an empty state directory and an outbox that is further.
    [Theory]
    [InlineData(1)]
    [InlineData(RolloverSlot)]
    [InlineData(RolloverSlot + 1)]
    [InlineData(RolloverSlot + 2)]
    [InlineData(Swap + 2)]
    [InlineData(Reset + 1)]
    public void A_walk_that_was_killed_judges_on_as_if_it_had_never_stopped(int killedAt)
    {
        using OutboxHarness harness = new();
        using GatewayOutbox outbox = harness.Open();
        using (CycleDesk desk = Open(_folder, _sent, out _))
        {
            Walk(desk, outbox, harness, killedAt);
            FillOutbox(outbox, killedAt);
        }

        using GatewayFolder later = new();
        using (CycleDesk desk = Open(later, _sent, out _))
        {
            Walk(desk, outbox, harness);
        }

        List<(long, long, string)> straight = [];
        using GatewayFolder other = new();
        using (CycleDesk desk = Open(other, straight, out _))
        using (OutboxHarness another = new())
        using (GatewayOutbox empty = another.Open())
        {
            Walk(desk, empty, another);
        }

        Assert.Contains("U.rollover", straight.Select(one => one.Item3));
        Assert.Equal(straight, _sent);
    }

    [Fact]
    public void A_change_of_meter_in_the_past_is_remembered_at_once()
    {
        RecordSwap(_folder);
        using CycleDesk desk = Open(_folder, _sent, out _);
        desk.KeepPast(null);
        for (int slot = Swap - 3; slot <= Swap; slot++)
        {
            AddPast(desk, slot);
        }

        Assert.Equal(NewMeter + 50, Remembered());
    }

    [Fact]
    public void A_past_without_news_allocates_nothing()
    {
        using CycleDesk desk = Open(_folder, null, out _);
        Reading[] cycle = new Reading[40];
        long allocated = 0;
        for (int slot = 0; slot < 100; slot++)
        {
            Array.Fill(cycle, new(Start + slot, 215, 1, ReadingQuality.Good, true));
            cycle[0] = new(Start + slot, 1000 + slot, 0, ReadingQuality.Good, true);
            long before = GC.GetAllocatedBytesForCurrentThread();
            desk.AddPast(new CycleHeader(Start + slot, ClockState.Synchronised, slot, Start), cycle);
            allocated = slot < 2 ? 0 : allocated + GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static uint CounterAt(long at)
    {
        long slot = (at - Start) / Quarter;
        long register = slot < Swap ? Before + (slot * StepsASlot)
            : slot < Reset ? NewMeter + 50 + ((slot - Swap) * StepsASlot)
            : slot == Slots - 1 ? 0
            : 7 + ((slot - Reset) * StepsASlot);
        return (uint)(register % (1L << 32));
    }

    // The desk of these tests hands its cycles to a list: the outbox only has to say how far it is.
    private static void FillOutbox(GatewayOutbox outbox, int slots)
    {
        for (int slot = 0; slot < slots; slot++)
        {
            outbox.Add(HeaderOf(slot), [ReadingOf(slot)]);
        }

        outbox.Flush();
    }

    private void Walk(CycleDesk desk, GatewayOutbox outbox, OutboxHarness harness, int slots = Slots)
    {
        using VirtualPlant plant = new(CounterAt);
        using PollCycle cycle = new([_folder.Configuration.Buses[0] with { Tcp = new("127.0.0.1", plant.FieldPort), AnswerTimeout = Limit }], Interval, harness.Clock, NullLogger.Instance);
        using VirtualClock field = VirtualClock.Connect("127.0.0.1", plant.ControlPort, "plant");
        HistoryWalker walker = new(cycle, desk, outbox, harness.Clock, harness.Clock.GetTimestamp());
        walker.Walk(new(DateTimeOffset.FromUnixTimeMilliseconds(Start), DateTimeOffset.FromUnixTimeMilliseconds(Start + (slots * Quarter)), ThenLive: true), Interval, field, CancellationToken.None);
    }

    // The control: the same cycles in real time, the change of meter entered when it happens.
    private List<(long, long, string)> Live()
    {
        using GatewayFolder folder = new();
        List<(long, long, string)> sent = [];
        using CycleDesk desk = Open(folder, sent, out _);
        for (int slot = 0; slot <= Slots + 1; slot++)
        {
            if (slot == Swap)
            {
                RecordSwap(folder);
            }

            AddLive(desk, slot);
        }

        return sent;
    }

    private static void AddLive(CycleDesk desk, int slot) => desk.Add(HeaderOf(slot), [ReadingOf(slot)]);

    private static void AddPast(CycleDesk desk, int slot) => desk.AddPast(HeaderOf(slot), [ReadingOf(slot)]);

    private static CycleHeader HeaderOf(int slot) => new(Start + (slot * Quarter), ClockState.Synchronised, slot, Start + (slot * Quarter));

    private static Reading ReadingOf(int slot) => new(Start + (slot * Quarter), CounterAt(Start + (slot * Quarter)), 0, ReadingQuality.Good, HasValue: true);

    private long? Remembered()
    {
        using DurableRecord memory = DurableRecord.Open(_folder.StateFile(CycleDesk.MemoryName));
        TotaliserBank bank = new(_folder.Configuration.Channels, _folder.Configuration.LimitsOf);
        _ = bank.Import(memory.Payload);
        return bank[0]!.LastValue;
    }

    // The old meter went on by 40 steps behind its last reading; the new one has counted 50 at its first.
    private static void RecordSwap(GatewayFolder folder) => _ = folder.Book.Swap(new()
    {
        Meter = "mains", Final = FieldNumbers.Text(CounterAt(Start + ((Swap - 1) * Quarter)) + 40, 1), Initial = FieldNumbers.Text(NewMeter, 1), Operator = "Luis",
        At = DateTimeOffset.FromUnixTimeMilliseconds(Start + ((Swap - 1) * Quarter) + 400_000).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
    });

    private static CycleDesk Open(GatewayFolder folder, List<(long, long, string)>? sent, out TotaliserBank bank)
    {
        string state = folder.Configuration.StateDirectory;
        _ = Directory.CreateDirectory(state);
        bank = new TotaliserBank(folder.Configuration.Channels, folder.Configuration.LimitsOf);
        FieldDelivery delivery = new(state, "leon-tannery", folder.KeyOf, folder.Configuration.Channels, bank, problem => Assert.Fail(problem));
        return new(bank, delivery, state, (Take, () => { }), _ => { });

        void Take(in CycleHeader header, ReadOnlySpan<Reading> readings)
        {
            foreach (Reading reading in readings)
            {
                if (sent is not null && reading.ChannelIndex == 0)
                {
                    sent.Add((reading.UtcMilliseconds, reading.ScaledValue, reading.Quality.ToString()));
                }
            }
        }
    }
}
