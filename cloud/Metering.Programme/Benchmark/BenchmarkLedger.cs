namespace Metering.Programme.Benchmark;

/// <summary>One plant's value of one indicator. A value that was corrected is another contribution: its version differs.</summary>
/// <param name="Plant">The plant.</param>
/// <param name="Version">Version of its value.</param>
/// <param name="Value">The value, in the unit of the query; finite.</param>
internal readonly record struct Contribution(string Plant, int Version, double Value);

/// <summary>Why a query is not answered.</summary>
internal enum BenchmarkRefusal
{
    /// <summary>Fewer plants than <see cref="BenchmarkLedger.SmallestCell"/>.</summary>
    TooFewPlants = 0,

    /// <summary>Together with answers given before, it would show a group smaller than that.</summary>
    WouldShowSmallGroup = 1,
}

/// <summary>Quartiles of a group of plants, rounded to two significant digits so that none of them is a plant's own figure.</summary>
/// <param name="PlantCount">Plants in it.</param>
/// <param name="Lower">A quarter lies below.</param>
/// <param name="Median">Half lies below.</param>
/// <param name="Upper">Three quarters lie below.</param>
internal sealed record BenchmarkQuartiles(int PlantCount, double Lower, double Median, double Upper);

/// <summary>Quartiles, or why there are none.</summary>
/// <param name="Quartiles">Given unless refused.</param>
/// <param name="Refusal">Null when given.</param>
internal sealed record BenchmarkAnswer(BenchmarkQuartiles? Quartiles, BenchmarkRefusal? Refusal);

/// <summary>
/// Answers benchmark queries so that no answers, taken together, show a group of fewer than five plants. The answered
/// groups cut the plants into parts (in the first and not in the second, in both, ...). A query is answered only when each
/// part that lies in an answered group stays empty or has at least five plants. So every union, intersection and difference
/// of answered groups has none or at least five, for any number of queries and not for pairs only. One ledger serves one
/// indicator of one year for all readers; answers already given are kept with the data and handed in again.
/// </summary>
internal sealed class BenchmarkLedger
{
    /// <summary>Fewest plants of any group that can be told from the answers.</summary>
    public const int SmallestCell = 5;

    private const int SignificantDigits = 2;

    // The part a contribution lies in; contributions of no answered group are not here.
    private Dictionary<Contribution, int> parts = [];

    /// <summary>Answers a query about a group and remembers that it was answered.</summary>
    /// <param name="group">Contributions of the plants asked about; each plant once.</param>
    /// <exception cref="ArgumentException">A plant twice, or a value that is not finite.</exception>
    public BenchmarkAnswer Answer(IReadOnlyCollection<Contribution> group)
    {
        Check(group);
        if (group.Count < SmallestCell)
        {
            return new BenchmarkAnswer(null, BenchmarkRefusal.TooFewPlants);
        }

        Dictionary<Contribution, int>? cut = Cut([.. group]);
        if (cut is null)
        {
            return new BenchmarkAnswer(null, BenchmarkRefusal.WouldShowSmallGroup);
        }

        parts = cut;
        double[] sorted = [.. group.Select(contribution => contribution.Value).Order()];
        return new BenchmarkAnswer(
            new BenchmarkQuartiles(sorted.Length, Rounded(Quantile(sorted, 0.25)), Rounded(Quantile(sorted, 0.5)), Rounded(Quantile(sorted, 0.75))), null);
    }

    /// <summary>A ledger that remembers groups answered earlier.</summary>
    /// <param name="answered">Their contributions, whatever the order.</param>
    public static BenchmarkLedger Of(IEnumerable<IReadOnlyCollection<Contribution>> answered)
    {
        BenchmarkLedger ledger = new();
        foreach (IReadOnlyCollection<Contribution> group in answered)
        {
            ledger.parts = ledger.Parted([.. group]).Parts;
        }

        return ledger;
    }

    // Parts after the group is added; null when one of them would be small.
    private Dictionary<Contribution, int>? Cut(HashSet<Contribution> group)
    {
        (Dictionary<Contribution, int> cut, Dictionary<int, int> sizes) = Parted(group);
        return sizes.Values.All(size => size >= SmallestCell) ? cut : null;
    }

    private (Dictionary<Contribution, int> Parts, Dictionary<int, int> Sizes) Parted(HashSet<Contribution> group)
    {
        Dictionary<(int Part, bool IsInside), int> numbers = [];
        Dictionary<int, int> sizes = [];
        Dictionary<Contribution, int> cut = [];
        foreach (Contribution contribution in parts.Keys.Union(group))
        {
            (int, bool) key = (parts.GetValueOrDefault(contribution, -1), group.Contains(contribution));
            if (!numbers.TryGetValue(key, out int number))
            {
                number = numbers.Count;
                numbers.Add(key, number);
            }

            cut.Add(contribution, number);
            sizes[number] = sizes.GetValueOrDefault(number) + 1;
        }

        return (cut, sizes);
    }

    // Linear between order statistics. SOURCE: Hyndman and Fan 1996, definition 7.
    private static double Quantile(double[] sorted, double probability)
    {
        double place = probability * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private static double Rounded(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        double scale = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - SignificantDigits + 1);
        return Math.Round(value / scale, MidpointRounding.AwayFromZero) * scale;
    }

    private static void Check(IReadOnlyCollection<Contribution> group)
    {
        HashSet<string> plants = new(StringComparer.Ordinal);
        foreach (Contribution contribution in group)
        {
            if (!plants.Add(contribution.Plant) || !double.IsFinite(contribution.Value))
            {
                throw new ArgumentException($"the plant {contribution.Plant} is there twice, or its value is not finite", nameof(group));
            }
        }
    }
}
