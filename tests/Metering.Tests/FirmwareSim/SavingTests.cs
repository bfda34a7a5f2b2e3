using Metering.FirmwareSim.Plants;
using Xunit;
using Xunit.Abstractions;

namespace Metering.Tests.FirmwareSim;

public sealed class SavingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("2024-11-20")]
    [InlineData("2024-11-22")]
    [InlineData("2025-01-15")]
    [InlineData("2025-05-01")]
    public void With_the_default_seed_each_true_saving_is_found_and_the_hotels_is_not_told_from_zero(string from)
    {
        DateOnly first = DateOnly.Parse(from);
        SimulationWindow window = new(first, first.AddYears(2));
        foreach (PlantSpec spec in PlantCatalogue.All)
        {
            PlantModel plant = PlantModelBuilder.Build(spec, PlantCatalogue.DefaultSeed, window);
            ReferenceSaving saving = ReferenceSaving.Of(plant);
            output.WriteLine($"{from} {spec.Id}: {saving.Estimate:F0} +- {saving.HalfWidth:F0}, truth {saving.Truth:F0} ({(saving.Estimate - saving.Truth) / saving.HalfWidth:F2} half-widths off)");
            Assert.True(saving.HoldsTruth, spec.Id);
            Assert.Equal(spec.Id != "san-luis-hotel", saving.IsSignificant);
        }
    }

    [Fact]
    public void Over_many_seeds_the_named_drivers_give_honest_ninety_percent_intervals()
    {
        const int Seeds = 20;
        int held = 0;
        int told = 0;
        for (int seed = 1; seed <= Seeds; seed++)
        {
            foreach (PlantSpec spec in PlantCatalogue.All)
            {
                ReferenceSaving saving = ReferenceSaving.Of(PlantModelBuilder.Build(spec, seed, PlantFixture.TwoYears));
                held += saving.HoldsTruth ? 1 : 0;
                told += spec.Id == "san-luis-hotel" && saving.IsSignificant ? 1 : 0;
            }
        }

        output.WriteLine($"{held} of {Seeds * PlantCatalogue.All.Count} intervals hold the truth; the hotel's saving was told from zero {told} times of {Seeds}");
        Assert.InRange(held, 82, 97);
        Assert.InRange(told, 0, 5);
    }
}
