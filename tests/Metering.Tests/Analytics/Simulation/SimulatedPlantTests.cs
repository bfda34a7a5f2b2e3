using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;
using Xunit;

namespace Metering.Tests.Analytics.Simulation;

/// <summary>The generator says the truth about its plants.</summary>
public sealed class SimulatedPlantTests
{
    [Fact]
    public void The_same_seed_gives_the_same_plant_and_another_seed_another()
    {
        string first = SimulatedPlant.Create(SimulatedKind.Production, 7).ToCsv();
        Assert.Equal(first, SimulatedPlant.Create(SimulatedKind.Production, 7).ToCsv());
        Assert.NotEqual(first, SimulatedPlant.Create(SimulatedKind.Production, 8).ToCsv());
    }

    [Fact]
    public void Normal_deviates_have_the_moments_and_tails_of_a_normal_distribution()
    {
        SeededRandom random = new(1);
        double[] values = [.. Enumerable.Range(0, 200_000).Select(_ => random.Normal())];
        Assert.InRange(values.Average(), -0.01, 0.01);
        Assert.InRange(values.Average(x => x * x), 0.985, 1.015);
        Assert.InRange(values.Average(x => x * x * x * x), 2.9, 3.1);
        Assert.InRange(values.Count(x => Math.Abs(x) > 1.959964) / 200_000.0, 0.048, 0.052);
    }

    [Fact]
    public void Neighbouring_seeds_draw_unrelated_noise()
    {
        SimulatedPlantOptions white = new() { Autocorrelation = 0, MissingShare = 0, SavingsFraction = 0 };
        double[] first = Noise(SimulatedPlant.Create(SimulatedKind.Cooling, 3, white));
        double[] second = Noise(SimulatedPlant.Create(SimulatedKind.Cooling, 4, white));
        for (int shift = -5; shift <= 5; shift++)
        {
            double correlation = Enumerable.Range(5, 780).Average(i => first[i] * second[i + shift]);
            Assert.True(Math.Abs(correlation) < 0.15, $"correlation {correlation} at a shift of {shift}");
        }
    }

    private static double[] Noise(SimulatedPlant plant) => [.. plant.Use.Zip(plant.Expected, (use, expected) => (use - expected) / plant.NoisePerDay)];

    [Fact]
    public void Without_noise_every_kind_gives_its_true_saving_with_its_true_drivers()
    {
        foreach (SimulatedKind kind in Enum.GetValues<SimulatedKind>())
        {
            for (ulong seed = 0; seed < 5; seed++)
            {
                SimulatedPlant plant = SimulatedPlant.Create(kind, seed, new SimulatedPlantOptions { NoiseShareOfUse = 1e-9, SavingsFraction = 0.08 });
                SavingsOutcome outcome = SavingsCalculator.Avoided(plant.ToTable(), SimulatedPlant.Baseline, SimulatedPlant.Reporting,
                    new SavingsOptions { Rules = new BaselineRules { MaximumShareOutside = 1 } });
                Assert.True(outcome.IsAccepted, $"{plant}: {string.Join(' ', outcome.Reasons)}");
                double error = (outcome.Result!.Savings - plant.TrueSavings) / plant.ExpectedCounterfactual;
                Assert.True(Math.Abs(error) < 1e-8, $"{plant}: error {error}");
            }
        }
    }

    [Fact]
    public void Drivers_of_nearly_all_plants_stay_within_what_the_baseline_has_seen()
    {
        List<string> reasons = [];
        int plants = 0;
        foreach (SimulatedKind kind in Enum.GetValues<SimulatedKind>())
        {
            for (ulong seed = 0; seed < 20; seed++)
            {
                SimulatedPlant plant = SimulatedPlant.Create(kind, seed);
                plants++;
                SavingsOutcome outcome = SavingsCalculator.Avoided(plant.ToTable(), SimulatedPlant.Baseline, SimulatedPlant.Reporting);
                reasons.AddRange(outcome.Reasons.Select(reason => $"{plant}: {reason}"));
            }
        }

        Assert.True(reasons.Count * 20 <= plants, $"of {plants} plants: {string.Join('\n', reasons)}");
    }
}
