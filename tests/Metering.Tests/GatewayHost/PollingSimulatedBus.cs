using Metering.Fieldbus.Modbus;
using Metering.Gateway.Configuration;
using Metering.Gateway.Polling;
using Metering.Meters.Polling;
using Metering.Readings;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metering.Tests.GatewayHost;

/// <summary>
/// A bus in virtual time: each request moves the clock by what it would take on the wire and in the meter, a dead meter by the answer
/// timeout. Registers show the address of their value plus 1; nothing is random.
/// </summary>
internal sealed class PollingSimulatedBus : IModbusTransport
{
    private readonly ManualTimeProvider _clock;
    private readonly PollCosts _costs;
    private readonly SlotGroup[] _groups;
    private readonly long _started;
    private readonly Dictionary<byte, long> _ends = [];
    private long _sequence;

    internal PollingSimulatedBus(BusConfiguration bus, PollingIntervals intervals, ManualTimeProvider clock)
    {
        _clock = clock;
        _costs = BusLine.CostsOf(bus);
        _started = Now;
        Plan = new BusPlan(bus, 0, intervals);
        Worker = new BusWorker(Plan, this, Take, clock, NullLogger.Instance);
        _groups = [.. Worker.Groups];
    }

    internal BusPlan Plan { get; }

    internal BusWorker Worker { get; }

    /// <summary>Meters that do not answer.</summary>
    internal HashSet<byte> Dead { get; } = [];

    /// <summary>The time a meter takes where it is not 30 ms.</summary>
    internal Dictionary<byte, TimeSpan> Turnarounds { get; } = [];

    /// <summary>Meters that do not hear a request which comes sooner than this behind the end of the last one.</summary>
    internal Dictionary<byte, TimeSpan> Gaps { get; } = [];

    /// <summary>Requests that came too soon.</summary>
    internal int TooSoon { get; private set; }

    internal List<(byte Unit, long At, int Count)> Requests { get; } = [];

    /// <summary>Every reading with the instant it was delivered.</summary>
    internal List<(Reading Reading, long At)> Delivered { get; } = [];

    public ModbusCounters Counters { get; } = new();

    public Metering.Fieldbus.FieldbusException? LastProblem => null;

    internal long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Runs for some time, with a slot at each multiple of an interval.</summary>
    internal void Run(TimeSpan time)
    {
        long end = Now + (long)time.TotalMilliseconds;
        TimeSpan[] intervals = [.. _groups.Select(group => group.Rate.Interval).Distinct()];
        long next = Slots.AlignUp(Now, intervals);
        while (next < end)
        {
            Work(next);
            if (Now < next)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(next - Now));
            }

            while (next <= Now && next < end)
            {
                Tell(next);
                next = Slots.AlignUp(next + 1, intervals);
            }
        }

        Work(end);
        Worker.GiveUp();
        if (Now < end)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(end - Now));
        }
    }

    /// <summary>Slots of a channel with a good reading.</summary>
    internal int GoodCount(int channel) => Delivered.Count(entry => entry.Reading.ChannelIndex == channel && entry.Reading.Quality.IsGood);

    /// <summary>Longest time from a slot of a channel to the delivery of its reading.</summary>
    internal TimeSpan LongestDelay(int channel) =>
        TimeSpan.FromMilliseconds(Delivered.Where(entry => entry.Reading.ChannelIndex == channel).Max(entry => entry.At - entry.Reading.UtcMilliseconds));

    public void Open()
    {
    }

    public ModbusReply Exchange(byte unit, ModbusTable table, ushort start, Span<ushort> destination, TimeSpan answerTimeout)
    {
        Requests.Add((unit, Now - _started, destination.Length));
        bool isTooSoon = Gaps.TryGetValue(unit, out TimeSpan gap) && _ends.TryGetValue(unit, out long ended) && Now - ended < gap.TotalMilliseconds;
        TooSoon += isTooSoon ? 1 : 0;
        bool isDead = isTooSoon || Dead.Contains(unit);
        TimeSpan own = isDead ? answerTimeout : Turnarounds.GetValueOrDefault(unit, TimeSpan.FromMilliseconds(30));
        bool isLate = own > answerTimeout;
        _clock.Advance(_costs.WireOf(destination.Length) + (isLate ? answerTimeout : own));
        _ends[unit] = Now;
        if (isDead || isLate)
        {
            return new(ModbusOutcome.Timeout, 0);
        }

        for (int index = 0; index < destination.Length; index++)
        {
            destination[index] = (ushort)((start + index) % 2 == 0 ? 0 : start + index);
        }

        return ModbusReply.Ok;
    }

    public void Dispose()
    {
    }

    // As a lane does: works, and rests where only a meter's silence is waited for.
    private void Work(long until)
    {
        while (Now < until)
        {
            if (Worker.TryWork())
            {
                continue;
            }

            if (Worker.Rest is not TimeSpan rest || Now + rest.TotalMilliseconds >= until)
            {
                return;
            }

            _clock.Advance(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)));
        }
    }

    private void Tell(long slot)
    {
        SlotTick tick = new(++_sequence, slot, _clock.GetTimestamp());
        foreach (SlotGroup group in _groups)
        {
            if (group.IsDueAt(slot))
            {
                if (group.HasPending)
                {
                    group.Rate.Missed(group.Pending.SlotUtcMilliseconds);
                    Take(group.Pending, [.. group.Channels.Select(channel => Reading.Missing(group.Pending.SlotUtcMilliseconds, channel, group.MissedReason))]);
                }

                group.Offer(tick);
            }
        }
    }

    private void Take(in SlotTick tick, ReadOnlySpan<Reading> readings)
    {
        foreach (Reading reading in readings)
        {
            Delivered.Add((reading, Now));
        }
    }
}
