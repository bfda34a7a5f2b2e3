using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Plants;

/// <summary>A fault with its moments.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Channel">The channel it was placed by.</param>
/// <param name="FromUtcMilliseconds">When it begins.</param>
/// <param name="UntilUtcMilliseconds">First moment it is over; the same as the beginning for a rollover and a reset.</param>
internal readonly record struct Fault(FaultKind Kind, FieldChannel Channel, long FromUtcMilliseconds, long UntilUtcMilliseconds);

/// <summary>A simulated plant, built: every register at every instant of the window and 60 days more.</summary>
internal sealed class PlantModel : IFieldSource
{
    private const int SlotMilliseconds = SimulationWindow.SlotMilliseconds;
    private const long SlotsPerHour = 4;

    private readonly CounterSeries?[] _counters;
    private readonly short[] _temperature;
    private readonly int[] _meterOfChannel;
    private readonly Fault[] _outages;

    /// <summary>Takes over what <see cref="PlantModelBuilder"/> made.</summary>
    internal PlantModel(PlantSpec spec, SimulationWindow window, ProjectPeriods periods, PlantSeries series)
    {
        Spec = spec;
        Window = window;
        Periods = periods;
        Meters = RegisterLayout.Of(spec);
        Counterfactual = series.Counterfactual;
        Faults = series.Faults;
        _counters = series.Counters;
        _temperature = series.Temperature;
        _outages = [.. series.Faults.Where(fault => fault.Kind is FaultKind.Gap or FaultKind.Silence)];
        _meterOfChannel = [.. Meters.SelectMany((meter, index) => Enumerable.Repeat(index, meter.Channels.Count))];
        EndUtcMilliseconds = FirstUtcMilliseconds + ((long)window.ModelDays * DayShape.SlotsPerDay * SlotMilliseconds);
    }

    /// <summary>What the plant is.</summary>
    internal PlantSpec Spec { get; }

    /// <summary>The days it covers.</summary>
    internal SimulationWindow Window { get; }

    /// <summary>The periods of its project.</summary>
    internal ProjectPeriods Periods { get; }

    /// <summary>The project's counter as it would have run without the measure.</summary>
    internal CounterSeries Counterfactual { get; }

    /// <summary>All faults in the history, in order of time.</summary>
    internal IReadOnlyList<Fault> Faults { get; }

    /// <inheritdoc/>
    public string Id => Spec.Id;

    /// <inheritdoc/>
    public IReadOnlyList<MeterMap> Meters { get; }

    /// <inheritdoc/>
    public long FirstUtcMilliseconds => Window.StartUtcMilliseconds;

    /// <inheritdoc/>
    public long EndUtcMilliseconds { get; }

    /// <summary>A counter of the plant.</summary>
    /// <exception cref="ArgumentException">The channel is a gauge.</exception>
    internal CounterSeries Counter(FieldChannel channel) =>
        _counters[(int)channel] ?? throw new ArgumentException($"{channel} is no counter", nameof(channel));

    /// <inheritdoc/>
    public void Fill(long utcMilliseconds, Span<long> values, Span<ChannelState> states)
    {
        long offset = utcMilliseconds - FirstUtcMilliseconds;
        for (int channel = 0; channel < _counters.Length; channel++)
        {
            values[channel] = (FieldChannel)channel switch
            {
                FieldChannel.Power => Power(offset),
                FieldChannel.Temperature => Temperature(offset),
                _ => _counters[channel]!.Register(offset),
            };
        }

        states.Clear();
        foreach (Fault outage in _outages)
        {
            if (utcMilliseconds < outage.FromUtcMilliseconds || utcMilliseconds >= outage.UntilUtcMilliseconds)
            {
                continue;
            }

            int meter = _meterOfChannel[(int)outage.Channel];
            for (int channel = 0; channel < states.Length; channel++)
            {
                if (_meterOfChannel[channel] == meter)
                {
                    states[channel] = outage.Kind == FaultKind.Silence ? ChannelState.Silent : ChannelState.Absent;
                }
            }
        }
    }

    /// <summary>The meter a channel belongs to.</summary>
    internal MeterMap MeterOf(FieldChannel channel) => Meters[_meterOfChannel[(int)channel]];

    /// <summary>Register map of a channel.</summary>
    internal ChannelMap MapOf(FieldChannel channel) => RegisterLayout.MapOf(Meters, channel);

    // Tenths of kWh in a slot become tenths of kW over it.
    private long Power(long offset)
    {
        long micro = _counters[(int)FieldChannel.ActiveEnergy]!.SlotAmount((int)(offset / SlotMilliseconds)) * SlotsPerHour;
        return (micro + (CounterSeries.Micro / 2)) / CounterSeries.Micro;
    }

    private long Temperature(long offset)
    {
        int slot = (int)(offset / SlotMilliseconds);
        long inside = offset % SlotMilliseconds;
        return _temperature[slot] + ((_temperature[slot + 1] - _temperature[slot]) * inside / SlotMilliseconds);
    }
}

/// <summary>What a plant is built of.</summary>
internal sealed record PlantSeries
{
    /// <summary>By <see cref="FieldChannel"/>; null for gauges.</summary>
    public required CounterSeries?[] Counters { get; init; }

    /// <summary>The project's counter without the measure.</summary>
    public required CounterSeries Counterfactual { get; init; }

    /// <summary>Tenths of a degree.</summary>
    public required short[] Temperature { get; init; }

    /// <summary>All faults, in order of time.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }
}
