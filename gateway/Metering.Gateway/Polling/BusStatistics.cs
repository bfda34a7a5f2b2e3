using Metering.Fieldbus.Modbus;
using Metering.Gateway.Diagnosis;
using Metering.Meters.Polling;

namespace Metering.Gateway.Polling;

/// <summary>Counts what a bus does. Guarded by the gate of the bus.</summary>
internal sealed class BusStatistics(BusPlan plan, IModbusTransport transport, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(5);

    private readonly OutcomeTally _outcomes = new();
    private ModbusOutcome _lastOutcome;
    private TimeSpan _busy;
    private long _windowBegun = clock.GetTimestamp();
    private double _lastWindowPercent;

    internal void Count(PolledMeter meter, ModbusOutcome outcome, TimeSpan elapsed)
    {
        meter.Outcomes.Add(outcome);
        _outcomes.Add(outcome);
        _lastOutcome = outcome;
        _busy += elapsed;
        TimeSpan window = clock.GetElapsedTime(_windowBegun);
        if (window >= Window)
        {
            _lastWindowPercent = 100 * (_busy / window);
            _busy = TimeSpan.Zero;
            _windowBegun = clock.GetTimestamp();
        }
    }

    internal BusSnapshot Snapshot(long newestSlot)
    {
        TimeSpan window = clock.GetElapsedTime(_windowBegun);
        return new()
        {
            Id = plan.Bus.Id,
            Line = BusLine.NameOf(plan.Bus),
            State = StateAt(newestSlot),
            Problem = _lastOutcome == ModbusOutcome.Disconnected ? transport.LastProblem?.Message ?? "the connection was closed" : null,
            Symptom = _lastOutcome == ModbusOutcome.Disconnected ? BusFault.SymptomOf(transport.LastProblem?.Kind, BusLine.NameOf(plan.Bus)) : null,
            Outcomes = _outcomes.Snapshot(),
            UtilisationPercent = Math.Round(window >= ShortestWindow ? 100 * (_busy / window) : _lastWindowPercent, 1),
            Connections = transport.Counters.Connections,
            LateReplies = transport.Counters.LateReplies,
            DiscardedBytes = transport.Counters.DiscardedBytes,
            Rates = [.. plan.Rates.Select(SnapshotOf)],
            Meters = [.. plan.Meters.Select(meter => meter.Snapshot(plan.Groups.Where(group => group.Meter == meter)))],
        };
    }

    private BusState StateAt(long newestSlot)
    {
        if (_outcomes.Total == 0)
        {
            return BusState.Starting;
        }

        if (_lastOutcome == ModbusOutcome.Disconnected)
        {
            return BusState.Disconnected;
        }

        return plan.Rates.Any(rate => newestSlot - rate.LastMissedSlot <= 2 * (long)rate.Interval.TotalMilliseconds) ? BusState.Behind : BusState.Running;
    }

    private RateSnapshot SnapshotOf(RateStatistics rate)
    {
        List<PollRequest> requests = [.. plan.Groups.Where(group => group.Slot.Rate == rate).SelectMany(group => group.Group.Requests)];
        return new()
        {
            Interval = rate.Interval,
            Requests = requests.Count,
            Registers = requests.Sum(request => request.Count),
            Predicted = plan.PredictedFor(rate).Cycle,
            Cycle = Timings.Of(rate.Cycle),
            Slots = rate.Slots,
            MissedSlots = rate.MissedSlots,
        };
    }
}
