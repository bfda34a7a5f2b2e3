using System.Net;
using Metering.Fieldbus.Modbus;
using Metering.Fieldbus.Serial;
using Metering.Gateway.Outbox;
using Metering.Gateway.Polling;
using Metering.Meters.Profiles;
using Metering.Readings;
using Metering.Tests.Meters;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.Tests.GatewayHost;

public sealed class PollingTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_tcp_bus_and_an_rtu_bus_are_read_in_one_cycle()
    {
        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new UnitDevice());
        server.Start();
        using PseudoTerminal terminal = new();
        using ModbusRtuServer rtu = new(terminal, new UnitDevice());
        rtu.Start();
        DeviceProfile profile = TestProfiles.UInt32At([0, 2]);
        using PollCycle cycle = new(
            [
                new() { Id = "a", Tcp = new("127.0.0.1", server.LocalEndPoint.Port), AnswerTimeout = Deadline, Meters = [new("m1", 1, profile), new("m2", 2, profile)] },
                new() { Id = "b", Serial = new(terminal.SlavePath, new SerialSettings { BaudRate = 115_200 }), AnswerTimeout = Deadline, Meters = [new("m3", 3, profile)] },
            ],
            Interval,
            TimeProvider.System,
            NullLogger.Instance);
        for (int slot = 0; slot < 3; slot++)
        {
            Reading[] readings = cycle.Run(slot).ToArray();
            Assert.Equal([100, 102, 200, 202, 300, 302], readings.Select(reading => reading.ScaledValue));
            Assert.Equal([0, 1, 2, 3, 4, 5], readings.Select(reading => reading.ChannelIndex));
            Assert.All(readings, reading => Assert.Equal((slot, ReadingQuality.Good), (reading.UtcMilliseconds, reading.Quality)));
        }
    }

    [Fact]
    public void A_cycle_of_a_virtual_past_allocates_nothing()
    {
        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new UnitDevice());
        server.Start();
        using PollCycle cycle = new(
            [new() { Id = "a", Tcp = new("127.0.0.1", server.LocalEndPoint.Port), AnswerTimeout = Deadline, Meters = [new("m1", 1, TestProfiles.UInt32At([0, 2]))] }],
            Interval,
            TimeProvider.System,
            NullLogger.Instance);
        _ = cycle.Run(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int slot = 1; slot <= 200; slot++)
        {
            _ = cycle.Run(slot);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_silent_meter_is_asked_less_and_less_often_and_at_once_again_when_it_answers()
    {
        MeterHealth health = new();
        List<int> asked = [];
        for (int slot = 0; slot < 100; slot++)
        {
            long instant = slot * (long)Interval.TotalMilliseconds;
            if (health.IsDue(instant))
            {
                asked.Add(slot);
                _ = health.Took(new(ModbusOutcome.Timeout, 0), instant, Interval);
            }
        }

        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 62, 92], asked);
        Assert.True(health.Took(ModbusReply.Ok, 2_000_000, Interval));
        Assert.True(health.IsDue(2_010_000));
    }

    [Fact]
    public void Two_groups_of_a_meter_that_fail_in_one_slot_count_as_one_failure()
    {
        MeterHealth health = new();
        _ = health.Took(new(ModbusOutcome.Timeout, 0), 0, Interval);
        _ = health.Took(new(ModbusOutcome.Timeout, 0), 0, Interval);
        Assert.Equal(1, health.ConsecutiveFailures);
    }

    [Theory]
    [InlineData(ModbusOutcome.Exception)]
    [InlineData(ModbusOutcome.Disconnected)]
    public void What_costs_no_waiting_leads_to_no_quarantine(ModbusOutcome outcome)
    {
        MeterHealth health = new();
        for (int slot = 0; slot < 20; slot++)
        {
            Assert.True(health.IsDue(slot));
            _ = health.Took(new(outcome, 2), slot, Interval);
        }
    }

    [Fact]
    public void Live_slots_are_whole_multiples_of_the_interval_and_holes_are_sealed()
    {
        using OutboxHarness harness = new() { MaximumReadings = 1000 };
        using ModbusTcpServer server = new(new IPEndPoint(IPAddress.Loopback, 0), new UnitDevice());
        server.Start();
        using (GatewayOutbox outbox = harness.Open())
        {
            OutboxHarness.AddCycle(outbox, 0);
        }

        using GatewayOutbox again = harness.Open();
        PollScope scope = new(
            [new() { Id = "a", Tcp = new("127.0.0.1", server.LocalEndPoint.Port), AnswerTimeout = Deadline, Meters = [new("m1", 1, TestProfiles.UInt32At([0, 2]))] }],
            [],
            new(Interval));
        harness.Clock.Advance(TimeSpan.FromSeconds(63));
        using PollEngine engine = new(scope, PollOutput.To(again), harness.Clock, NullLogger.Instance);
        using CancellationTokenSource stopping = new();
        Thread thread = new(() => engine.Run(Interval, stopping.Token));
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => Advance(harness.Clock) && engine.ReadingCount >= 6, Deadline));
        stopping.Cancel();
        thread.Join();
        again.Flush();
        List<long> instants = [.. harness.ReadAll(again).Select(reading => reading.Instant).Distinct().Order()];
        Assert.All(instants, instant => Assert.Equal(0, instant % 10_000));
        Assert.True(again.TryRead(again.LastBatch, out ReadOnlyMemory<byte> envelope, out _));
        Assert.Equal(new GapEvent(OutboxHarness.FirstSlot, instants[1], "stopped", 0), BatchEnvelope.Open(envelope.Span).Manifest.Gaps[0]);
        Assert.Equal(OutboxHarness.FirstSlot + 70_000, instants[1]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10_000)]
    [InlineData(10_000, 10_000)]
    [InlineData(-1, 0)]
    [InlineData(-10_000, -10_000)]
    public void An_instant_is_aligned_upwards(long instant, long expected) => Assert.Equal(expected, Slots.AlignUp(instant, Interval));

    private static bool Advance(ManualTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromMilliseconds(100));
        return true;
    }

    /// <summary>Register pair at address a of unit u shows 100 u + a.</summary>
    private sealed class UnitDevice : IModbusDevice
    {
        public ModbusAnswer Read(byte unit, ModbusTable table, ushort start, Span<ushort> destination)
        {
            for (int index = 0; index < destination.Length; index++)
            {
                destination[index] = (ushort)((start + index) % 2 == 0 ? 0 : (100 * unit) + start + index - 1);
            }

            return ModbusAnswer.Ok;
        }
    }
}
