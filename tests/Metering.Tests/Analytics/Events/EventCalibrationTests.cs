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
        EventScanWorkspace workspace = new();
        List<double> errors = [];
        int covered = 0;
        SimulatedEventKind[] kinds = [SimulatedEventKind.StepInReporting, SimulatedEventKind.TemporaryInBaseline, SimulatedEventKind.TemporaryInReporting, SimulatedEventKind.StepInBaseline];
        foreach (SimulatedPlant plant in kinds.SelectMany(kind => Plants(kind, PlantsPerKind / 4, false)))
        {
            EventHarness harness = new(plant, null, workspace);
            double error = Math.Abs(harness.Adjusted - plant.TrueSavings);
            errors.Add(error / plant.ExpectedCounterfactual);
            covered += error <= harness.AdjustedHalfWidth ? 1 : 0;
        }

        errors.Sort();
        double high = errors[(int)(0.9 * (errors.Count - 1))];
        double coverage = covered / (double)errors.Count;
        Console.WriteLine($"events: 90th percentile of the error {100 * high:0.00} %, coverage {coverage:0.000} over {errors.Count} plants");
        Assert.True(high <= 0.04, $"90th percentile {high:0.0000}");
        Assert.True(coverage >= 0.8, $"coverage {coverage:0.000}");
    }

    private static IEnumerable<SimulatedPlant> Plants(SimulatedEventKind change, int perKind, bool noiseGrowsWithUse) =>
        Enum.GetValues<SimulatedKind>().SelectMany(kind => Enumerable.Range(0, perKind).Select(i => SimulatedPlant.Create(
            kind, FirstSeed + (ulong)i + (100_000 * (ulong)change), new SimulatedPlantOptions { Event = change, NoiseGrowsWithUse = noiseGrowsWithUse })));
}
