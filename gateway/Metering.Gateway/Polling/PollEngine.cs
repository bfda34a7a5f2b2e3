using Metering.Gateway.Configuration;
using Metering.Gateway.Outbox;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Polling;

/// <summary>What is polled, and how often.</summary>
/// <param name="Buses">The buses.</param>
/// <param name="Inputs">Inputs beside Modbus; their channels stand behind those of the buses, and they are read at the normal interval.</param>
/// <param name="Intervals">How often the rate classes are read.</param>
internal sealed record PollScope(IReadOnlyList<BusConfiguration> Buses, IReadOnlyList<InputConfiguration> Inputs, PollingIntervals Intervals);

/// <summary>Where the readings go.</summary>
/// <param name="Add">Takes the cycles; may block when the disk is behind.</param>
/// <param name="AddGap">Takes stretches in which nobody was asked.</param>
/// <param name="LastSlot">Last slot that is durable; null for none.</param>
internal sealed record PollOutput(CycleSink Add, Action<GapEvent> AddGap, long? LastSlot)
{
    /// <summary>Timestamp from which the monotonic time of this start of the gateway counts, the same over all changes of configuration; null for now.</summary>
    public long? Started { get; init; }

    /// <summary>Into an outbox.</summary>
    internal static PollOutput To(GatewayOutbox outbox) => new(outbox.Add, outbox.AddGap, outbox.LastSlot);
}

/// <summary>
/// Polls by the wall clock. This thread only tells the lanes of each slot and hands on what they gathered; a serial bus is read by a thread
/// of its own, those on the network by as few as let none of them wait. Holds nothing that outlives it, so that another one with another
/// configuration may follow on the same outbox.
/// </summary>
internal sealed class PollEngine : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly PollOutput _output;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TimeSpan[] _intervals;
    private readonly SlotCollector _collector;
    private readonly BusWorker[] _buses;
    private readonly InputWorker? _inputs;
    private readonly SlotLane[] _lanes;
    private readonly List<LaneCrew> _crews = [];
    private readonly CycleSink _keep;
    private readonly long _started;
    private long _lastSlot;
    private long _emittedSlot = long.MinValue;
    private long _readingCount;
    private long _passedSlots;
    private long _sequence;
    private long _ended;
    private DateTimeOffset _endedAt;
    private bool _hasBegun;

    /// <summary>Opens the inputs and starts the threads; no line is opened before the first slot.</summary>
    internal PollEngine(PollScope scope, PollOutput output, TimeProvider clock, ILogger logger)
        : this(scope, output, bus => BusLine.TransportOf(bus, isVirtual: false, clock), clock, logger)
    {
    }

    internal PollEngine(PollScope scope, PollOutput output, Func<BusConfiguration, Fieldbus.Modbus.IModbusTransport> transportOf, TimeProvider clock, ILogger logger)
    {
        _output = output;
        _clock = clock;
        _logger = logger;
        _started = output.Started ?? clock.GetTimestamp();
        _lastSlot = output.LastSlot ?? long.MinValue;
        _keep = Keep;
        _ended = clock.GetTimestamp();
        _endedAt = clock.GetUtcNow();
        int channel = 0;
        List<BusPlan> plans = [];
        foreach (BusConfiguration bus in scope.Buses)
        {
            plans.Add(new(bus, channel, scope.Intervals));
            channel += plans[^1].ReadingCount;
        }

        IEnumerable<TimeSpan> intervals = plans.SelectMany(plan => plan.Rates).Select(rate => rate.Interval);
        intervals = scope.Inputs.Count > 0 ? intervals.Append(scope.Intervals.Normal) : intervals;
        _intervals = [.. intervals.Distinct().Order()];
        _collector = new SlotCollector(_intervals.Length > 0 ? _intervals[0] : scope.Intervals.Normal, clock);
        _inputs = scope.Inputs.Count > 0 ? new InputWorker(scope.Inputs, channel, scope.Intervals.Normal, _collector.Deliver, clock) : null;
        _buses = [.. plans.Select(plan => new BusWorker(plan, transportOf(plan.Bus), _collector.Deliver, clock, logger))];
        LaneCrew network = NewCrew("network", plans.Count(plan => plan.Bus.Serial is null));
        IEnumerable<SlotLane> buses = _buses.Select((bus, index) => new SlotLane(bus, _collector, plans[index].Bus.Serial is null ? network : NewCrew(bus.Name, 1), clock));
        _lanes = _inputs is null ? [.. buses] : [.. buses, new SlotLane(_inputs, _collector, NewCrew(_inputs.Name, 1), clock)];
    }

    /// <summary>Last slot handed on, in milliseconds since 1970-01-01 UTC; <see cref="long.MinValue"/> before the first.</summary>
    internal long LastSlot => Volatile.Read(ref _emittedSlot);

    /// <summary>Readings handed on since the start.</summary>
    internal long ReadingCount => Volatile.Read(ref _readingCount);

    /// <summary>Polls by the wall clock until cancelled; then everything that was begun is handed on.</summary>
    /// <param name="largestStep">A longer hole behind the last durable slot is sealed as a stop.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal void Run(TimeSpan largestStep, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.Register(_collector.Signal);
        while (!cancellationToken.IsCancellationRequested && _intervals.Length > 0)
        {
            long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            long slot = Slots.AlignUp(now, _intervals);
            slot = slot == _lastSlot ? Slots.AlignUp(slot + 1, _intervals) : slot;
            if (WaitUntil(slot, cancellationToken))
            {
                SealHole(slot, largestStep);
                Tell(slot);
            }
        }

        CloseLanes();
        _collector.Emit(_keep, everything: true);
    }

    /// <summary>What was seen up to now. Any thread may ask.</summary>
    internal PollingSnapshot Snapshot() => new()
    {
        AtUtcMilliseconds = _clock.GetUtcNow().ToUnixTimeMilliseconds(),
        Running = _clock.GetElapsedTime(_started),
        LastSlotUtcMilliseconds = LastSlot == long.MinValue ? null : LastSlot,
        ReadingCount = ReadingCount,
        PassedSlots = Volatile.Read(ref _passedSlots),
        Buses = [.. _buses.Select(bus => bus.Snapshot())],
        Inputs = _inputs?.Snapshot() ?? [],
    };

    /// <summary>Ends the threads and closes the lines. What they had begun is handed on by <see cref="Run"/>, so end that first.</summary>
    public void Dispose()
    {
        CloseLanes();
        _collector.Close();
    }

    // All are asked before any is waited for.
    private void CloseLanes()
    {
        foreach (SlotLane lane in _lanes)
        {
            lane.Stop();
        }

        foreach (SlotLane lane in _lanes)
        {
            lane.Dispose();
        }

        _crews.ForEach(crew => crew.Dispose());
    }

    private LaneCrew NewCrew(string name, int lanes)
    {
        LaneCrew crew = new(name, lanes);
        _crews.Add(crew);
        return crew;
    }

    private bool WaitUntil(long slot, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan rest = DateTimeOffset.FromUnixTimeMilliseconds(slot) - _clock.GetUtcNow();
            if (rest <= TimeSpan.Zero)
            {
                return true;
            }

            // The wall clock may be set meanwhile, so it is looked at every second.
            _collector.Wait(rest < LookAgain ? rest + TimeSpan.FromMilliseconds(1) : LookAgain);
            _collector.Emit(_keep, everything: false);
            long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (Slots.AlignUp(now, _intervals) is long sooner && sooner < slot && sooner != _lastSlot)
            {
                return false;
            }
        }

        return false;
    }

    private void Tell(long slot)
    {
        SlotTick tick = new(++_sequence, slot, _clock.GetTimestamp());
        CycleHeader header = new(slot, GuardedClock.StateOf(_clock, slot, _intervals[0]), (long)_clock.GetElapsedTime(_started).TotalMilliseconds, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        int expected = 0;
        foreach (SlotLane lane in _lanes)
        {
            expected += lane.CountDueAt(slot);
        }

        _collector.Open(tick, header, expected);
        foreach (SlotLane lane in _lanes)
        {
            lane.Release(tick);
        }

        _lastSlot = slot;
        _hasBegun = true;
        _ended = _clock.GetTimestamp();
        _endedAt = _clock.GetUtcNow();
    }

    private void SealHole(long slot, TimeSpan largestStep)
    {
        if (_lastSlot == long.MinValue)
        {
            return;
        }

        TimeSpan jump = _hasBegun ? _clock.GetUtcNow() - _endedAt - _clock.GetElapsedTime(_ended) : TimeSpan.Zero;
        long expected = _hasBegun ? Slots.AlignUp(_lastSlot + 1, _intervals) : _lastSlot + (long)largestStep.TotalMilliseconds;
        if (slot <= _lastSlot)
        {
            PollingEvents.ClockJumped(_logger, jump);
            _output.AddGap(new(_lastSlot, slot, GapReason.Clock, 0));
        }
        else if (slot > expected)
        {
            bool jumped = jump.Duration() >= _intervals[0];
            long passed = Math.Max(1, (slot - expected) / (long)_intervals[0].TotalMilliseconds);
            if (jumped)
            {
                PollingEvents.ClockJumped(_logger, jump);
            }
            else if (_hasBegun)
            {
                PollingEvents.Overrun(_logger, passed);
            }

            Volatile.Write(ref _passedSlots, _passedSlots + (_hasBegun ? passed : 0));
            _output.AddGap(new(_lastSlot, slot, jumped ? GapReason.Clock : _hasBegun ? GapReason.Overrun : GapReason.Stopped, 0));
        }
    }

    private void Keep(in CycleHeader header, ReadOnlySpan<Reading> readings)
    {
        _output.Add(header, readings);
        Volatile.Write(ref _emittedSlot, Math.Max(_emittedSlot, header.SlotUtcMilliseconds));
        Volatile.Write(ref _readingCount, _readingCount + readings.Length);
    }
}
