using Metering.FirmwareSim.Registers;

namespace Metering.FirmwareSim.Plants;

/// <summary>Builds the registers of a plant from its description, a seed and the days.</summary>
internal sealed class PlantModelBuilder
{
    private const int SlotsPerDay = DayShape.SlotsPerDay;
    private const int ChannelCount = 8;
    private const long SmallestInitial = 10_000;
    private const long InitialSpan = 4_000_000;
    private const long NarrowInitial = 20_000;
    private const double ReactiveSpread = 0.12;
    private const double EffluentSpread = 0.05;

    private readonly PlantSpec _plant;
    private readonly long _seed;
    private readonly SimulationWindow _window;
    private readonly ProjectPeriods _periods;
    private readonly DailyDrivers _drivers;
    private readonly IReadOnlyList<MeterMap> _meters;

    private PlantModelBuilder(PlantSpec plant, long seed, SimulationWindow window)
    {
        _plant = plant;
        _seed = seed;
        _window = window;
        _periods = ProjectPeriods.Of(window, plant.Measure.BaselineMonths);
        _drivers = new DailyDrivers(plant, window, seed);
        _meters = RegisterLayout.Of(plant);
    }

    /// <summary>Builds a plant; the same arguments give the same registers.</summary>
    internal static PlantModel Build(PlantSpec plant, long seed, SimulationWindow window) => new PlantModelBuilder(plant, seed, window).Build();

    private PlantModel Build()
    {
        (long[] energy, long[] energyWithout) = Use(FieldChannel.ActiveEnergy, _plant.Energy, "energy");
        (long[] water, long[] waterWithout) = Use(FieldChannel.Water, _plant.Water, "water");
        (long[] gas, long[] gasWithout) = Use(FieldChannel.Gas, _plant.Gas, "gas");
        CounterSeries?[] counters = new CounterSeries?[ChannelCount];
        Add(FieldChannel.ActiveEnergy, energy);
        Add(FieldChannel.ReactiveEnergy, Reactive(energy));
        Add(FieldChannel.Water, water);
        Add(FieldChannel.Effluent, Effluent(water));
        Add(FieldChannel.Gas, gas);
        Add(FieldChannel.Production, Production());
        long[] without = _plant.Measure.Channel switch
        {
            FieldChannel.ActiveEnergy => energyWithout,
            FieldChannel.Water => waterWithout,
            FieldChannel.Gas => gasWithout,
            _ => throw new InvalidOperationException($"a measure cannot lower {_plant.Measure.Channel}"),
        };
        return new PlantModel(_plant, _window, _periods, new PlantSeries
        {
            Counters = counters,
            Counterfactual = new CounterSeries(without, initial: 0, modulus: null),
            Temperature = _drivers.Temperature,
            Faults = [.. PlaceFaults(counters).OrderBy(fault => fault.FromUtcMilliseconds)],
        });

        void Add(FieldChannel channel, long[] amounts) => counters[(int)channel] = Counter(channel, amounts);
    }

    private (long[] Actual, long[] Counterfactual) Use(FieldChannel channel, UseLaw law, string stream)
    {
        (double, double) perUnit = (StepsPerUnit(RegisterLayout.MapOf(_meters, channel).Decimals), StepsPerUnit(_plant.Production.Decimals));
        UseSeries series = new(law, _drivers, Noise(stream), Noise($"{stream}-slots"), perUnit);
        return series.Build(_plant.Measure.Channel == channel ? _plant.Measure : null, _periods);
    }

    // The motors' reactive energy follows the active energy, more loosely from slot to slot.
    private long[] Reactive(long[] energy)
    {
        NoiseStream noise = Noise("reactive");
        long[] reactive = new long[energy.Length];
        for (int slot = 0; slot < energy.Length - 1; slot++)
        {
            double share = _plant.ReactivePerActive * (1 + (ReactiveSpread * noise.Symmetric(slot)));
            reactive[slot + 1] = reactive[slot] + (long)Math.Round((energy[slot + 1] - energy[slot]) * share);
        }

        return reactive;
    }

    // Water leaves later and less than it came in. Before the first slots it is taken to have come in as in the first ones.
    private long[] Effluent(long[] water)
    {
        NoiseStream noise = Noise("effluent");
        int delay = (int)(_plant.EffluentDelay.TotalMilliseconds / SimulationWindow.SlotMilliseconds);
        long[] effluent = new long[water.Length];
        for (int slot = 0; slot < water.Length - 1; slot++)
        {
            int source = Math.Max(0, slot - delay);
            double share = _plant.EffluentShare * (1 + (EffluentSpread * noise.Symmetric(slot)));
            effluent[slot + 1] = effluent[slot] + (long)Math.Round((water[source + 1] - water[source]) * share);
        }

        return effluent;
    }

    // Each day ends on a whole step, so that the daily difference of the register is exactly the output the laws were given.
    private long[] Production()
    {
        long[] amounts = new long[(_window.ModelDays * SlotsPerDay) + 1];
        for (int day = 0; day < _window.ModelDays; day++)
        {
            long begin = amounts[day * SlotsPerDay];
            long made = _drivers.Production[day] * CounterSeries.Micro;
            bool isSaturday = _window.From.AddDays(day).DayOfWeek == DayOfWeek.Saturday;
            DayShape shape = isSaturday ? _plant.Production.SaturdayShape ?? _plant.Production.Shape : _plant.Production.Shape;
            double total = shape.Total;
            double sum = 0;
            for (int slot = 0; slot < SlotsPerDay; slot++)
            {
                sum += shape[slot];
                bool isLast = slot == SlotsPerDay - 1;
                amounts[(day * SlotsPerDay) + slot + 1] = begin + (isLast ? made : (long)(made * (sum / total)));
            }
        }

        return amounts;
    }

    private CounterSeries Counter(FieldChannel channel, long[] amounts)
    {
        ChannelMap map = RegisterLayout.MapOf(_meters, channel);
        double chance = Noise("initial").Uniform((int)channel);
        long initial = map.Format == RegisterFormat.UInt16
            ? (long)(chance * NarrowInitial)
            : SmallestInitial + (long)(chance * InitialSpan);
        return new CounterSeries(amounts, initial, RegisterCodec.Modulus(map.Format));
    }

    private List<Fault> PlaceFaults(CounterSeries?[] counters)
    {
        List<Fault> faults = [];
        foreach (FaultSpec spec in _plant.Faults)
        {
            long offset = (long)(spec.At * _window.HistorySlots) * SimulationWindow.SlotMilliseconds;
            long begin = _window.StartUtcMilliseconds + offset;
            switch (spec.Kind)
            {
                case FaultKind.Gap or FaultKind.Silence:
                    faults.Add(new Fault(spec.Kind, spec.Channel, begin, begin + (long)spec.Length.TotalMilliseconds));
                    break;
                case FaultKind.Rollover:
                    counters[(int)spec.Channel]!.RollOverAt(offset);
                    break;
                case FaultKind.Reset:
                    // Seven minutes into a slot: resets do not wait for a poll.
                    long reset = offset + (SimulationWindow.SlotMilliseconds * 7 / 15);
                    counters[(int)spec.Channel]!.ResetAt(reset);
                    faults.Add(new Fault(spec.Kind, spec.Channel, _window.StartUtcMilliseconds + reset, _window.StartUtcMilliseconds + reset));
                    break;
                default:
                    throw new InvalidOperationException($"unknown fault {spec.Kind}");
            }
        }

        // A narrow counter may pass its end more often than it was told to: all of it is the truth.
        for (int channel = 0; channel < counters.Length; channel++)
        {
            foreach (int slot in counters[channel]?.Rollovers(_window.HistorySlots) ?? [])
            {
                long end = _window.StartUtcMilliseconds + ((slot + 1L) * SimulationWindow.SlotMilliseconds);
                faults.Add(new Fault(FaultKind.Rollover, (FieldChannel)channel, end, end));
            }
        }

        return faults;
    }

    private NoiseStream Noise(string name) => new(_seed, _plant.Id, name);

    private static double StepsPerUnit(int decimals)
    {
        double steps = 1;
        for (int place = 0; place < decimals; place++)
        {
            steps *= 10;
        }

        return steps;
    }
}
