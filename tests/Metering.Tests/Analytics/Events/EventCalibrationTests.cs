using Metering.Analytics.Events;
using Metering.Tests.Analytics.Simulation;
using Xunit;

namespace Metering.Tests.Analytics.Events;

/// <summary>
/// Rates over hundreds of simulated plants, from seeds that were not used to set the penalties. Ten times as many with
/// METERING_LONG=1.
/// </summary>
public sealed class EventCalibrationTests
{
    private const ulong FirstSeed = 5_000_000;

    private static int PlantsPerKind => Environment.GetEnvironmentVariable("METERING_LONG") == "1" ? 400 : 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plants_without_an_event_bring_at_most_one_false_event_in_twenty_plant_years(bool noiseGrowsWithUse)
    {
        EventScanWorkspace workspace = new();
        int events = 0;
        int plants = 0;
        List<string> seen = [];
        foreach (SimulatedPlant plant in Plants(SimulatedEventKind.None, PlantsPerKind, noiseGrowsWithUse))
        {
            EventHarness harness = new(plant, null, workspace);
            plants++;
            events += harness.FalseEvents;
            if (harness.FalseEvents > 0)
            {
                seen.Add(plant.ToString());
            }
        }

        // Each plant is searched for two years.
        double rate = 20.0 * events / (2 * plants);
        Console.WriteLine($"false events in 20 plant-years: {rate:0.00} over {plants} plants, noise grows with use: {noiseGrowsWithUse}");
        Assert.True(rate <= 1, $"{rate:0.00} false events in 20 plant-years: {string.Join('\n', seen)}");
    }

    [Fact]
    public void Savings_of_plants_with_events_are_right_within_four_percent_and_their_intervals_cover()
    {
        SimulatedEventKind[] kinds = [SimulatedEventKind.StepInReporting, SimulatedEventKind.TemporaryInBaseline, SimulatedEventKind.TemporaryInReporting, SimulatedEventKind.StepInBaseline];
        List<(SimulatedPlant Plant, EventHarness Harness)> all = [];
        foreach (SimulatedEventKind kind in kinds)
        {
            all.AddRange(Searched(kind));
        }

        (double high, double coverage) = Summary("all", all);
        Assert.True(high <= 0.04, $"90th percentile {high:0.0000}");
        Assert.True(coverage >= 0.8, $"coverage {coverage:0.000}");
    }

    [Fact]
    public void Drifts_are_found_and_take_most_of_the_error_away()
    {
        List<(SimulatedPlant Plant, EventHarness Harness)> drifts = Searched(SimulatedEventKind.DriftInReporting);
        Assert.True(drifts.Count(pair => pair.Harness.IsDetected) >= 0.85 * drifts.Count);
        Assert.True(drifts.Average(pair => Error(pair.Plant, pair.Harness.Adjusted)) < 0.4 * drifts.Average(pair => Error(pair.Plant, pair.Harness.Unadjusted)));
    }

    private static double Error(SimulatedPlant plant, double saving) => Math.Abs(saving - plant.TrueSavings) / plant.ExpectedCounterfactual;

    private static List<(SimulatedPlant Plant, EventHarness Harness)> Searched(SimulatedEventKind kind)
    {
        EventScanWorkspace workspace = new();
        List<(SimulatedPlant Plant, EventHarness Harness)> searched = [.. Plants(kind, PlantsPerKind / 4, false).Select(plant => (plant, new EventHarness(plant, null, workspace)))];
        Summary(kind.ToString(), searched);
        foreach (IGrouping<double, (SimulatedPlant Plant, EventHarness Harness)> group in searched
            .GroupBy(pair => Math.Min(4, Math.Floor(Math.Abs(pair.Plant.Event.SizePerDay) / pair.Plant.NoisePerDay))).OrderBy(group => group.Key))
        {
            Summary($"    size from {group.Key} standard deviations", [.. group]);
        }

        return searched;
    }

    private static (double High, double Coverage) Summary(string name, List<(SimulatedPlant Plant, EventHarness Harness)> all)
    {
        double[] errors = [.. all.Select(pair => Error(pair.Plant, pair.Harness.Adjusted)).Order()];
        double[] before = [.. all.Select(pair => Error(pair.Plant, pair.Harness.Unadjusted)).Order()];
        double high = errors[(int)(0.9 * (errors.Length - 1))];
        double coverage = all.Count(pair => Math.Abs(pair.Harness.Adjusted - pair.Plant.TrueSavings) <= pair.Harness.AdjustedHalfWidth) / (double)all.Count;
        double coverageBefore = all.Count(pair => Math.Abs(pair.Harness.Unadjusted - pair.Plant.TrueSavings) <= pair.Harness.UnadjustedHalfWidth) / (double)all.Count;
        double found = all.Count(pair => pair.Harness.IsDetected) / (double)all.Count;
        double rate = 20.0 * all.Sum(pair => pair.Harness.FalseEvents) / (2 * all.Count);
        Console.WriteLine($"{name}: {all.Count} plants, found {found:0.00}, other events in 20 plant-years {rate:0.00}, error median {100 * errors[errors.Length / 2]:0.00} and 90th percentile {100 * high:0.00} %, coverage {coverage:0.00}; without events {100 * before[errors.Length / 2]:0.00} and {100 * before[(int)(0.9 * (errors.Length - 1))]:0.00} %, {coverageBefore:0.00}");
        return (high, coverage);
    }

    private static IEnumerable<SimulatedPlant> Plants(SimulatedEventKind change, int perKind, bool noiseGrowsWithUse) =>
        Enum.GetValues<SimulatedKind>().SelectMany(kind => Enumerable.Range(0, perKind).Select(i => SimulatedPlant.Create(
            kind, FirstSeed + (ulong)i + (100_000 * (ulong)change), new SimulatedPlantOptions { Event = change, NoiseGrowsWithUse = noiseGrowsWithUse })));
}
