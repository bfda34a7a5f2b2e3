using Metering.Programme.Benchmark;
using Xunit;

namespace Metering.Tests.Programme.Benchmark;

public sealed class BenchmarkLedgerTests
{
    [Fact]
    public void Quartiles_are_rounded_to_two_digits()
    {
        BenchmarkQuartiles quartiles = new BenchmarkLedger().Answer(Plants(0, 5, 10.37)).Quartiles!;
        // 10.37, 11.37, 12.37, 13.37, 14.37: quartiles 11.37, 12.37, 13.37.
        Assert.Equal(new BenchmarkQuartiles(5, 11, 12, 13), quartiles);
    }

    [Fact]
    public void Four_plants_are_too_few() =>
        Assert.Equal(BenchmarkRefusal.TooFewPlants, new BenchmarkLedger().Answer(Plants(0, 4, 10)).Refusal);

    [Fact]
    public void A_group_that_differs_by_one_plant_from_one_answered_is_refused_in_both_directions()
    {
        BenchmarkLedger larger = new();
        Assert.NotNull(larger.Answer(Plants(0, 10, 10)).Quartiles);
        Assert.Equal(BenchmarkRefusal.WouldShowSmallGroup, larger.Answer(Plants(0, 9, 10)).Refusal);
        BenchmarkLedger smaller = new();
        Assert.NotNull(smaller.Answer(Plants(0, 9, 10)).Quartiles);
        Assert.Equal(BenchmarkRefusal.WouldShowSmallGroup, smaller.Answer(Plants(0, 10, 10)).Refusal);
    }

    [Fact]
    public void A_difference_of_five_is_answered_and_so_is_the_same_group_again()
    {
        BenchmarkLedger ledger = new();
        Assert.NotNull(ledger.Answer(Plants(0, 10, 10)).Quartiles);
        Assert.NotNull(ledger.Answer(Plants(0, 5, 10)).Quartiles);
        Assert.NotNull(ledger.Answer(Plants(0, 10, 10)).Quartiles);
    }

    [Fact]
    public void One_corrected_value_does_not_show_itself_by_asking_again()
    {
        BenchmarkLedger ledger = new();
        List<Contribution> plants = Plants(0, 10, 10);
        Assert.NotNull(ledger.Answer(plants).Quartiles);
        plants[3] = plants[3] with { Version = 2, Value = 99 };
        Assert.Equal(BenchmarkRefusal.WouldShowSmallGroup, ledger.Answer(plants).Refusal);
    }

    [Fact]
    public void A_refused_query_leaves_no_trace()
    {
        BenchmarkLedger ledger = new();
        Assert.NotNull(ledger.Answer(Plants(0, 10, 10)).Quartiles);
        Assert.Null(ledger.Answer(Plants(0, 9, 10)).Quartiles);
        Assert.NotNull(ledger.Answer(Plants(5, 10, 10)).Quartiles);
    }

    [Fact]
    public void Over_random_populations_no_combination_of_answers_shows_fewer_than_five()
    {
        int answered = 0;
        int naiveLeaks = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            (int Sector, int State, int Size)[] population = [.. Enumerable.Range(0, random.Next(10, 80)).Select(_ => (random.Next(3), random.Next(4), random.Next(2)))];
            BenchmarkLedger ledger = new();
            List<HashSet<Contribution>> shown = [];
            List<HashSet<Contribution>> large = [];
            for (int query = 0; query < 12; query++)
            {
                (int sectors, int states, int sizes) = (random.Next(1, 8), random.Next(1, 16), random.Next(1, 4));
                List<Contribution> group = [.. population.Index()
                    .Where(plant => (sectors >> plant.Item.Sector & 1) + (states >> plant.Item.State & 1) + (sizes >> plant.Item.Size & 1) == 3)
                    .Select(plant => new Contribution($"plant {plant.Index}", 1, plant.Index))];
                if (group.Count >= BenchmarkLedger.SmallestCell)
                {
                    large.Add([.. group]);
                }

                if (ledger.Answer(group).Quartiles is not null)
                {
                    shown.Add([.. group]);
                }
            }

            answered += shown.Count;
            naiveLeaks += Leak(large) is null ? 0 : 1;
            Assert.True(Leak(shown) is null, $"seed {seed}: {Leak(shown)}");
        }

        Assert.True(answered > 400, $"only {answered} queries were answered");
        Assert.True(naiveLeaks > 100, $"the populations are too easy: only {naiveLeaks} leak without the ledger");
    }

    // Every difference of two groups, and every part that several groups cut out together.
    private static string? Leak(List<HashSet<Contribution>> groups)
    {
        foreach (HashSet<Contribution> first in groups)
        {
            foreach (HashSet<Contribution> second in groups)
            {
                int size = first.Count(plant => !second.Contains(plant));
                if (size is > 0 and < BenchmarkLedger.SmallestCell)
                {
                    return $"a difference of {size}";
                }
            }
        }

        IEnumerable<IGrouping<string, Contribution>> parts = groups.SelectMany(group => group).Distinct()
            .GroupBy(plant => string.Concat(groups.Select(group => group.Contains(plant) ? '1' : '0')));
        return parts.Where(part => part.Count() < BenchmarkLedger.SmallestCell).Select(part => $"a part of {part.Count()}").FirstOrDefault();
    }

    private static List<Contribution> Plants(int first, int count, double value) =>
        [.. Enumerable.Range(first, count).Select(index => new Contribution($"plant {index}", 1, value + index))];
}
