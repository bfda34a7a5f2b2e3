using Metering.Fieldbus.Modbus;
using Metering.Meters.Polling;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>
/// Reads all meters of one physical bus, one request at a time. Of what is due, the request goes first whose slot ends first; of those that
/// end together, meters that answer before meters that do not, quick ones before slow ones: so a dead or slow meter waits for the others and
/// not they for it. Allocates nothing once warm.
/// </summary>
internal sealed class BusWorker : ILaneWorker
{
    private readonly ModbusClient _client;
    private readonly PolledGroup[] _groups;
    private readonly BusStatistics _statistics;
    private readonly MeterTalk _talk;
    private readonly SlotReadings _deliver;
    private readonly TimeProvider _clock;
    private readonly UnitRests _rests;
    private readonly long _started;
    private long _newestSequence;
    private long _newestSlot;
    private bool _lineHadFault;

    /// <param name="plan">What is read on the bus, and how often.</param>
    /// <param name="transport">Its line; disposed with this.</param>
    /// <param name="deliver">Takes the readings of each group when its slot is over.</param>
    /// <param name="clock">Measures requests and cycles.</param>
    /// <param name="logger">For what a person should know.</param>
    internal BusWorker(BusPlan plan, IModbusTransport transport, SlotReadings deliver, TimeProvider clock, ILogger logger)
    {
        _client = new ModbusClient(transport);
        _deliver = deliver;
        _clock = clock;
        _groups = [.. plan.Groups];
        _statistics = new BusStatistics(plan, transport, clock);
        _talk = new MeterTalk(plan.Bus, transport, logger);
        _rests = new UnitRests(plan.Meters);
        _started = clock.GetTimestamp();
        Groups = [.. _groups.Select(group => group.Slot)];
        Name = $"bus {plan.Bus.Id}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public object Gate { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<SlotGroup> Groups { get; }

    /// <inheritdoc/>
    public TimeSpan? Rest { get; private set; }

    /// <inheritdoc/>
    public bool TryWork()
    {
        PolledGroup? chosen;
        lock (Gate)
        {
            BeginPending();
            chosen = Choose();
        }

        if (chosen is null)
        {
            return false;
        }

        bool isProbe = chosen.Meter.Health.IsQuarantined;
        long begun = _clock.GetTimestamp();
        ModbusReply reply = isProbe ? chosen.Group.Probe(_client) : chosen.Group.Exchange(_client);
        TimeSpan elapsed = _clock.GetElapsedTime(begun);
        lock (Gate)
        {
            PolledMeter meter = chosen.Meter;
            _rests.Asked(meter.Unit, Now);
            _statistics.Count(meter, reply.Outcome, elapsed);
            if (isProbe)
            {
                TakeProbe(chosen, reply);
            }
            else
            {
                chosen.Group.Take(reply, elapsed, meter.Health.IsHealthy && meter.Health.LastReply.IsOk, _lineHadFault);
                if (chosen.Group.IsDone)
                {
                    Conclude(chosen);
                }
            }

            _lineHadFault = MeterReader.IsFault(reply.Outcome);
        }

        return true;
    }

    /// <summary>Reads everything for one slot, synchronously: for a virtual past.</summary>
    internal void ReadSlot(in SlotTick tick)
    {
        lock (Gate)
        {
            foreach (PolledGroup group in _groups)
            {
                group.Slot.Offer(tick);
            }
        }

        while (TryWork())
        {
        }
    }

    /// <inheritdoc/>
    public void GiveUp()
    {
        lock (Gate)
        {
            BeginPending();
            foreach (PolledGroup group in _groups)
            {
                if (group.Slot.IsActive)
                {
                    Miss(group);
                }
            }
        }
    }

    /// <summary>What the bus has seen up to now. Any thread may ask.</summary>
    internal BusSnapshot Snapshot()
    {
        lock (Gate)
        {
            return _statistics.Snapshot(_newestSlot);
        }
    }

    public void Dispose() => _client.Dispose();

    // In the gate. A slot that is not read to its end when the next one comes is missed.
    private void BeginPending()
    {
        foreach (PolledGroup group in _groups)
        {
            SlotGroup slot = group.Slot;
            if (!slot.HasPending)
            {
                continue;
            }

            if (slot.IsActive)
            {
                Miss(group);
            }

            slot.Begin();
            group.Group.Begin(slot.Active.SlotUtcMilliseconds);
            _newestSequence = Math.Max(_newestSequence, slot.Active.Sequence);
            _newestSlot = slot.Active.SlotUtcMilliseconds;
            if (!group.Meter.Health.IsDue(_newestSlot) && !HasAnotherChance(group, group.Meter.Health.NextProbe))
            {
                Finish(group, MeterReader.ReasonOf(group.Meter.Health.LastReply.Outcome));
            }
        }
    }

    private TimeSpan Now => _rests.IsNeeded ? _clock.GetElapsedTime(_started) : TimeSpan.Zero;

    // Earliest deadline first; then those that answer; then the quick ones. A meter that needs silence still is passed over.
    private PolledGroup? Choose()
    {
        TimeSpan now = Now;
        Rest = null;
        PolledGroup? best = null;
        long bestDeadline = 0;
        int bestRank = 0;
        TimeSpan bestCost = default;
        foreach (PolledGroup group in _groups)
        {
            SlotGroup slot = group.Slot;
            if (!slot.IsActive || slot.NotBeforeSequence > _newestSequence || !group.Meter.Health.IsDue(_newestSlot))
            {
                continue;
            }

            TimeSpan rest = _rests.Of(group.Meter.Unit, now);
            if (rest > TimeSpan.Zero)
            {
                Rest = Rest < rest ? Rest : rest;
                continue;
            }

            int rank = RankOf(group);
            long deadline = slot.DeadlineUtcMilliseconds;
            if (best is not null && (deadline > bestDeadline || (deadline == bestDeadline && rank > bestRank)))
            {
                continue;
            }

            TimeSpan cost = group.Group.NextCost;
            if (best is null || deadline < bestDeadline || rank < bestRank || cost < bestCost)
            {
                (best, bestDeadline, bestRank, bestCost) = (group, deadline, rank, cost);
            }
        }

        return best;
    }

    // Those that answer, then those nobody knows yet, then those that failed or are asked a second time.
    private static int RankOf(PolledGroup group)
    {
        MeterHealth health = group.Meter.Health;
        return health.IsHealthy && !group.Group.IsRetrying ? 0 : health.ConsecutiveFailures == 0 && !group.Group.IsRetrying ? 1 : 2;
    }

    // An answer of any kind says that the meter is back; its values are then asked in this slot still.
    private void TakeProbe(PolledGroup group, ModbusReply reply)
    {
        PolledMeter meter = group.Meter;
        if (reply.Outcome is ModbusOutcome.Ok or ModbusOutcome.Exception)
        {
            _ = meter.Health.Took(ModbusReply.Ok, _newestSlot, meter.Shortest);
            return;
        }

        ModbusReply before = meter.LastReply;
        meter.LastReply = reply;
        bool changed = meter.Health.Took(reply, _newestSlot, meter.Shortest);
        if (changed || reply != before)
        {
            _talk.Say(meter, reply, before, changed);
        }

        Silence(meter, reply);
    }

    private void Conclude(PolledGroup group)
    {
        PolledMeter meter = group.Meter;
        ModbusReply worst = group.Group.Worst;
        ModbusReply before = meter.LastReply;
        meter.LastReply = worst;
        bool changed = meter.Health.Took(worst, _newestSlot, meter.Shortest);
        if (changed || worst != before)
        {
            _talk.Say(meter, worst, before, changed);
        }

        Deliver(group);
        if (worst.Outcome is ModbusOutcome.Timeout or ModbusOutcome.Disconnected)
        {
            Silence(meter, worst);
        }
    }

    // A silent meter costs one timeout a slot, however many of its groups are due: those that can wait for the next slot do, the others are marked.
    private void Silence(PolledMeter meter, ModbusReply reply)
    {
        long next = meter.Health.IsQuarantined ? meter.Health.NextProbe : _newestSlot + (long)meter.Shortest.TotalMilliseconds;
        foreach (PolledGroup group in _groups)
        {
            if (group.Meter != meter || !group.Slot.IsActive)
            {
                continue;
            }

            if (HasAnotherChance(group, next))
            {
                group.Slot.NotBeforeSequence = _newestSequence + 1;
            }
            else
            {
                Finish(group, MeterReader.ReasonOf(reply.Outcome));
            }
        }
    }

    // Only a faster group of the same meter brings the bus to it again before the slot is over.
    private static bool HasAnotherChance(PolledGroup group, long nextUtcMilliseconds) =>
        group.Slot.Rate.Interval > group.Meter.Shortest && nextUtcMilliseconds < group.Slot.DeadlineUtcMilliseconds;

    private void Miss(PolledGroup group)
    {
        group.Slot.Rate.Missed(group.Slot.Active.SlotUtcMilliseconds);
        Finish(group, group.Slot.MissedReason);
    }

    private void Finish(PolledGroup group, QualityReason reason)
    {
        group.Group.GiveUp(reason);
        Deliver(group);
    }

    private void Deliver(PolledGroup group)
    {
        ReadOnlySpan<Reading> readings = group.Group.Readings;
        group.Meter.Keep(readings);
        group.Slot.MissedReason = group.Meter.LastReply.IsOk ? QualityReason.Timeout : MeterReader.ReasonOf(group.Meter.LastReply.Outcome);
        SlotTick tick = group.Slot.Active;
        group.Slot.End(_clock);
        _deliver(tick, readings);
    }
}
