using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Metering.FirmwareSim.Field;
using Metering.FirmwareSim.Output;
using Metering.FirmwareSim.Plants;
using Metering.FirmwareSim.Registers;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.FirmwareSim;

public sealed class PlantModelTests
{
    private const int Channels = 8;
    private const int Slot = SimulationWindow.SlotMilliseconds;

    [Fact]
    public void The_same_seed_gives_the_same_registers_and_another_seed_others()
    {
        SimulationWindow window = new(new DateOnly(2026, 1, 1), new DateOnly(2026, 3, 1));
        foreach (PlantSpec spec in PlantCatalogue.All)
        {
            long[] first = Registers(PlantModelBuilder.Build(spec, 7, window));
            Assert.Equal(first, Registers(PlantModelBuilder.Build(spec, 7, window)));
            Assert.NotEqual(first, Registers(PlantModelBuilder.Build(spec, 8, window)));
        }
    }

    [Fact]
    public void Registers_are_known_beforehand_so_any_machine_must_give_them()
    {
        // A change of this number is a change of every simulated history: say so in the changelog.
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (PlantModel plant in PlantFixture.All)
        {
            hash.AppendData(MemoryMarshal.AsBytes<long>(Registers(plant)));
        }

        Assert.Equal("87d6cb3332aa297b", Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }

    [Fact]
    public void Instants_asked_in_any_order_give_what_the_walk_in_order_gives()
    {
        PlantModel plant = PlantFixture.Plant("salamanca-chemical");
        long[] values = new long[Channels];
        ChannelState[] states = new ChannelState[Channels];
        List<(long Instant, string Shown)> walk = [];
        for (int step = 0; step < 2000; step++)
        {
            long instant = plant.FirstUtcMilliseconds + (step * 31_536_007L);
            plant.Fill(instant, values, states);
            walk.Add((instant, Shown(values, states)));
        }

        Random random = new(42);
        foreach ((long instant, string shown) in walk.OrderBy(_ => random.Next()))
        {
            plant.Fill(instant, values, states);
            Assert.Equal(shown, Shown(values, states));
        }
    }

    [Fact]
    public void Register_differences_with_rollovers_undone_add_up_to_the_true_total()
    {
        foreach (PlantModel plant in PlantFixture.All)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                ChannelMap map = plant.MapOf((FieldChannel)channel);
                if (map.Kind != ChannelKind.Counter || plant.Faults.Any(fault => fault.Kind == FaultKind.Reset && (int)fault.Channel == channel))
                {
                    continue;
                }

                CounterSeries counter = plant.Counter((FieldChannel)channel);
                long modulus = RegisterCodec.Modulus(map.Format) ?? long.MaxValue;
                long total = 0;
                int rollovers = 0;
                for (int slot = 1; slot < plant.Window.HistorySlots; slot++)
                {
                    long difference = counter.Register((long)slot * Slot) - counter.Register((long)(slot - 1) * Slot);
                    rollovers += difference < 0 ? 1 : 0;
                    total += difference < 0 ? difference + modulus : difference;
                }

                long last = (long)(plant.Window.HistorySlots - 1) * Slot;
                Assert.Equal(counter.TrueSteps(last) - counter.TrueSteps(0), total);
                int expected = plant.Faults.Count(fault => fault.Kind == FaultKind.Rollover && (int)fault.Channel == channel && fault.FromUtcMilliseconds <= plant.FirstUtcMilliseconds + last);
                Assert.True(expected == rollovers, $"{plant.Id} {map.Quantity}: {rollovers} rollovers, the truth says {expected}");
            }
        }
    }

    [Fact]
    public void Every_plant_has_a_gap_a_rollover_and_a_reset_where_the_truth_says()
    {
        long[] values = new long[Channels];
        long[] before = new long[Channels];
        ChannelState[] states = new ChannelState[Channels];
        foreach (PlantModel plant in PlantFixture.All)
        {
            Assert.Superset(
                new HashSet<FaultKind> { FaultKind.Gap, FaultKind.Rollover, FaultKind.Reset },
                plant.Faults.Select(fault => fault.Kind).ToHashSet());
            foreach (Fault fault in plant.Faults)
            {
                plant.Fill(fault.FromUtcMilliseconds, values, states);
                plant.Fill(fault.FromUtcMilliseconds - Slot, before, new ChannelState[Channels]);
                int channel = (int)fault.Channel;
                if (fault.Kind is FaultKind.Gap or FaultKind.Silence)
                {
                    Assert.Equal(fault.Kind == FaultKind.Gap ? ChannelState.Absent : ChannelState.Silent, states[channel]);
                    plant.Fill(fault.UntilUtcMilliseconds, values, states);
                    Assert.Equal(ChannelState.Present, states[channel]);
                    Assert.InRange(fault.UntilUtcMilliseconds - fault.FromUtcMilliseconds, 4L * Slot, 192L * Slot);
                }
                else
                {
                    Assert.True(values[channel] < before[channel], $"{plant.Id} {fault}: {before[channel]} then {values[channel]}");
                }
            }
        }
    }

    [Fact]
    public void Resets_spare_the_project_and_its_drivers()
    {
        foreach (PlantModel plant in PlantFixture.All)
        {
            Assert.DoesNotContain(plant.Faults, fault => fault.Kind == FaultKind.Reset && (fault.Channel == plant.Spec.Measure.Channel || fault.Channel == FieldChannel.Production));
        }
    }

    [Fact]
    public void Counters_never_run_back_between_slots()
    {
        PlantModel plant = PlantFixture.Plant("san-luis-hotel");
        CounterSeries counter = plant.Counter(FieldChannel.Water);
        long previous = 0;
        for (long offset = 0; offset < 40L * Slot * 96; offset += 7_919)
        {
            long steps = counter.TrueSteps(offset);
            Assert.True(steps >= previous);
            previous = steps;
        }
    }

    [Theory]
    [InlineData("leon-tannery", 18.0, 0.6)]
    [InlineData("silao-automotive", 9.0, 0.5)]
    [InlineData("salamanca-chemical", 12.0, 0.5)]
    [InlineData("queretaro-hospital", 7.0, 0.5)]
    [InlineData("san-luis-hotel", 0.4, 0.05)]
    public void The_true_saving_of_a_project_is_what_it_is_meant_to_be(string id, double percent, double tolerance)
    {
        (long counterfactual, long actual) = TruthJson.ReportingSteps(PlantFixture.Plant(id));
        Assert.InRange(100.0 * (counterfactual - actual) / counterfactual, percent - tolerance, percent + tolerance);
    }

    [Fact]
    public void Before_the_installation_there_is_no_saving_and_during_it_the_saving_grows()
    {
        foreach (PlantModel plant in PlantFixture.All)
        {
            Assert.Equal(0, Saved(plant, plant.Periods.Baseline));
            (DateOnly first, DateOnly last) = plant.Periods.Installation;
            DateOnly middle = first.AddDays((last.DayNumber - first.DayNumber) / 2);
            Assert.True(Saved(plant, (first, middle)) < Saved(plant, (middle.AddDays(1), last)) + 2, plant.Id);
        }
    }

    [Fact]
    public void Daily_output_is_a_whole_number_of_register_steps()
    {
        foreach (PlantModel plant in PlantFixture.All)
        {
            CounterSeries counter = plant.Counter(FieldChannel.Production);
            for (int day = 0; day < 60; day++)
            {
                long begin = (long)day * DayShape.SlotsPerDay;
                long micro = 0;
                for (int slot = 0; slot < DayShape.SlotsPerDay; slot++)
                {
                    micro += counter.SlotAmount((int)begin + slot);
                }

                Assert.Equal(0, micro % CounterSeries.Micro);
            }
        }
    }

    [Fact]
    public void The_weather_is_like_the_Bajio()
    {
        PlantModel plant = PlantFixture.Plant("leon-tannery");
        long[] values = new long[Channels];
        List<double> may = [];
        List<double> january = [];
        for (long slot = 0; slot < plant.Window.HistorySlots; slot++)
        {
            plant.Fill(plant.FirstUtcMilliseconds + (slot * Slot), values, new ChannelState[Channels]);
            double degrees = values[(int)FieldChannel.Temperature] / 10.0;
            Assert.InRange(degrees, 2, 36);
            int month = plant.Window.From.AddDays((int)(slot / DayShape.SlotsPerDay)).Month;
            (month == 5 ? may : month == 1 ? january : null)?.Add(degrees);
        }

        Assert.InRange(may.Average(), 21.5, 25.5);
        Assert.InRange(january.Average(), 12.5, 16.5);
        Assert.InRange(may.Max(), 30, 36);
        Assert.InRange(january.Min(), 2, 9);
    }

    private static long Saved(PlantModel plant, (DateOnly First, DateOnly Last) days)
    {
        long from = PlantFixture.Offset(plant, days.First);
        long until = PlantFixture.Offset(plant, days.Last.AddDays(1));
        CounterSeries actual = plant.Counter(plant.Spec.Measure.Channel);
        long without = plant.Counterfactual.TrueSteps(until) - plant.Counterfactual.TrueSteps(from);
        return without - (actual.TrueSteps(until) - actual.TrueSteps(from));
    }

    private static long[] Registers(PlantModel plant)
    {
        List<long> all = [];
        long[] values = new long[Channels];
        for (long slot = 0; slot < plant.Window.HistorySlots; slot += 5)
        {
            plant.Fill(plant.FirstUtcMilliseconds + (slot * Slot), values, new ChannelState[Channels]);
            all.AddRange(values);
        }

        return [.. all];
    }

    private static string Shown(long[] values, ChannelState[] states) => $"{string.Join(' ', values)} {string.Join(' ', states)}";
}
