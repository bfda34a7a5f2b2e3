using System.Numerics;
using Metering.Analytics.Baselines;
using Metering.Analytics.Statistics;
using Metering.Analytics.Subsets;
using Xunit;

namespace Metering.Tests.Analytics.Subsets;

/// <summary>All subsets against single fits, a published table, and the edges of the input.</summary>
public sealed class AllSubsetsTests
{
    [Theory]
    [InlineData(365, 10)]
    [InlineData(36, 10)]
    [InlineData(12, 10)]
    [InlineData(30, 12)]
    [InlineData(7, 3)]
    public void Every_subset_has_the_squares_of_its_own_fit(int rows, int count)
    {
        (double[] use, double[][] drivers) = Sample(rows, count, 11);
        SubsetScore[] scores = new SubsetScore[1 << count];
        AllSubsets.Score(use, drivers, [], new(), scores);
        double mean = use.Average();
        double[] centred = [.. use.Select(value => value - mean)];
        for (int subset = 0; subset < scores.Length; subset++)
        {
            SubsetScore score = scores[subset];
            Assert.Equal(subset, score.Drivers);
            double[][] chosen = [.. drivers.Where((_, j) => (subset >> j & 1) == 1)];
            if (rows <= chosen.Length + 1)
            {
                Assert.True(score.Status == SubsetStatus.TooFewRows && double.IsNaN(score.Sse) && double.IsNaN(score.Bic), score.ToString());
                continue;
            }

            LeastSquares factors = LeastSquares.Factor(rows, chosen)!;
            double[] slopes = factors.Solve(centred);
            double squares = Enumerable.Range(0, rows)
                .Sum(i => Math.Pow(centred[i] - slopes.Select((slope, j) => slope * (chosen[j][i] - factors.Means[j])).Sum(), 2));
            Assert.True(score.Status == SubsetStatus.Fitted && Math.Abs(score.Sse - squares) <= 1e-9 * squares, $"{score} against {squares:R}");
            double bic = (rows * Math.Log(squares / rows)) + ((chosen.Length + 1) * Math.Log(rows));
            Assert.Equal(bic, score.Bic, 1e-8 * rows);
        }
    }

    [Fact]
    public void The_subsets_of_halds_cement_data_have_the_published_squares()
    {
        // Hald 1952, Statistical Theory with Engineering Applications; residual sums of squares as printed in Draper and Smith (the last digit is theirs).
        double[] x1 = [7, 1, 11, 11, 7, 11, 3, 1, 2, 21, 1, 11, 10];
        double[] x2 = [26, 29, 56, 31, 52, 55, 71, 31, 54, 47, 40, 66, 68];
        double[] x3 = [6, 15, 8, 8, 6, 9, 17, 22, 18, 4, 23, 9, 8];
        double[] x4 = [60, 52, 20, 47, 33, 22, 6, 44, 22, 26, 34, 12, 12];
        double[] heat = [78.5, 74.3, 104.3, 87.6, 95.9, 109.2, 102.7, 72.5, 93.1, 115.9, 83.8, 113.3, 109.4];
        SubsetScore[] scores = new SubsetScore[16];
        AllSubsets.Score(heat, [x1, x2, x3, x4], [], new(), scores);
        double[] published =
        [
            2715.7635, 1265.6867, 906.3363, 57.9045, 1939.4005, 1227.0721, 415.4427, 48.1106,
            883.8669, 74.7621, 868.8801, 47.9727, 175.7380, 50.8361, 73.8145, 47.8636,
        ];
        for (int subset = 0; subset < published.Length; subset++)
        {
            Assert.Equal(published[subset], scores[subset].Sse, 5e-4);
        }

        Assert.Equal(0b0011, AllSubsets.Best(scores));
    }

    [Fact]
    public void Subsets_with_a_constant_or_combined_driver_are_marked_and_the_others_are_not_hurt()
    {
        (double[] use, double[][] four) = Sample(40, 4, 3);
        double[] sum = [.. four[0].Zip(four[2], (a, b) => (2 * a) - b + 5)];
        double[] constant = [.. use.Select(_ => 0.1)];
        double[][] drivers = [four[0], constant, four[1], four[2], sum, four[3]];
        SubsetScore[] scores = new SubsetScore[64];
        AllSubsets.Score(use, drivers, [], new(), scores);
        SubsetScore[] clean = new SubsetScore[16];
        AllSubsets.Score(use, four, [], new(), clean);
        int[] place = [0, 2, 3, 5];
        for (int subset = 0; subset < 64; subset++)
        {
            bool collinear = (subset & 2) != 0 || (subset & 0b011001) == 0b011001;
            Assert.True(collinear == (scores[subset].Status == SubsetStatus.Collinear), scores[subset].ToString());
            Assert.Equal(collinear, double.IsNaN(scores[subset].Sse));
        }

        for (int subset = 0; subset < 16; subset++)
        {
            int wide = Enumerable.Range(0, 4).Sum(j => (subset >> j & 1) << place[j]);
            Assert.Equal(1, scores[wide].Sse / clean[subset].Sse, 1e-9);
        }
    }

    [Fact]
    public void A_near_combination_keeps_its_digits()
    {
        (double[] use, double[][] drivers) = Sample(60, 3, 5);
        double[] near = [.. drivers[0].Select((value, i) => value + (1e-6 * drivers[2][i]))];
        double[][] four = [drivers[0], drivers[1], near, drivers[2]];
        SubsetScore[] scores = new SubsetScore[16];
        AllSubsets.Score(use, four, [], new(), scores);

        // Spanned by the first and the near one alike; the difference is the third driver but for rounding of 1e-16 / 1e-6.
        Assert.Equal(SubsetStatus.Fitted, scores[0b0101].Status);
        Assert.Equal(1, scores[0b0101].Sse / scores[0b1001].Sse, 1e-8);
        Assert.Equal(1, scores[0b0111].Sse / scores[0b1011].Sse, 1e-8);
    }

    [Fact]
    public void Signs_mark_exactly_the_subsets_whose_coefficients_run_the_wrong_way()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            (double[] use, double[][] drivers) = Sample(20, 6, seed);
            DriverSign[] signs = [DriverSign.NotNegative, DriverSign.Any, DriverSign.NotPositive, DriverSign.NotNegative, DriverSign.Any, DriverSign.NotNegative];
            SubsetScore[] scores = new SubsetScore[64];
            AllSubsets.Score(use, drivers, signs, new(), scores);
            double mean = use.Average();
            for (int subset = 1; subset < 64; subset++)
            {
                int[] chosen = [.. Enumerable.Range(0, 6).Where(j => (subset >> j & 1) == 1)];
                double[] slopes = LeastSquares.Factor(20, [.. chosen.Select(j => drivers[j])])!.Solve([.. use.Select(value => value - mean)]);
                bool wrong = chosen.Where((j, k) => (signs[j] == DriverSign.NotNegative && slopes[k] < 0) || (signs[j] == DriverSign.NotPositive && slopes[k] > 0)).Any();
                Assert.True(wrong == (scores[subset].Status == SubsetStatus.WrongSign), $"seed {seed} {scores[subset]}");
                Assert.False(double.IsNaN(scores[subset].Sse));
            }

            int best = AllSubsets.Best(scores);
            Assert.True(scores.All(score => score.Status != SubsetStatus.Fitted || score.Bic >= scores[best].Bic), $"seed {seed}");
        }
    }

    [Fact]
    public void The_drivers_in_another_order_give_the_same_subsets()
    {
        (double[] use, double[][] drivers) = Sample(50, 8, 9);
        SubsetScore[] scores = new SubsetScore[256];
        SubsetScore[] mirrored = new SubsetScore[256];
        AllSubsets.Score(use, drivers, [], new(), scores);
        AllSubsets.Score(use, [.. drivers.Reverse()], [], new(), mirrored);
        for (int subset = 0; subset < 256; subset++)
        {
            int mirror = Enumerable.Range(0, 8).Sum(j => (subset >> j & 1) << (7 - j));
            Assert.Equal(1, mirrored[mirror].Sse / scores[subset].Sse, 1e-10);
        }

        Assert.Equal(255, BitOperations.Log2((uint)scores.Length) == 8 ? scores[^1].Drivers : 0);
    }

    [Fact]
    public void Bad_input_is_an_argument_exception_and_extremes_have_their_answers()
    {
        AllSubsetsWorkspace workspace = new();
        SubsetScore[] scores = new SubsetScore[2];
        double[] four = [1, 2, 4, 8];
        Assert.Throws<ArgumentException>(() => AllSubsets.Score([], [], [], workspace, scores));
        Assert.Throws<ArgumentException>(() => AllSubsets.Score(four, [[1, 2]], [], workspace, scores));
        Assert.Throws<ArgumentException>(() => AllSubsets.Score(four, [null!], [], workspace, scores));
        Assert.Throws<ArgumentException>(() => AllSubsets.Score(four, [[1, 2, double.NaN, 3]], [], workspace, scores));
        Assert.Throws<ArgumentException>(() => AllSubsets.Score([1, 2, double.PositiveInfinity, 3], [four], [], workspace, scores));
        Assert.Throws<ArgumentException>(() => AllSubsets.Score(four, [four, four], [], workspace, scores));
        Assert.Throws<ArgumentException>(() => AllSubsets.Score(four, [four], [DriverSign.Any, DriverSign.Any], workspace, scores));
        Assert.Throws<ArgumentException>(() => AllSubsets.Score(four, [.. Enumerable.Repeat(four, 13)], [], workspace, new SubsetScore[1 << 13]));
        Assert.Throws<ArgumentException>(() => AllSubsets.Score([1e200, -1e200, 0, 4], [four], [], workspace, scores));
        AllSubsets.Score([3, 3, 3, 3], [four], [], workspace, scores);
        Assert.True(scores.All(score => score.Sse == 0 && double.IsNegativeInfinity(score.Bic)), scores[1].ToString());
        Assert.Equal(0, AllSubsets.Best(scores));
        AllSubsets.Score([3], [[4]], [], workspace, scores);
        Assert.True(scores.All(score => score.Status == SubsetStatus.TooFewRows));
        Assert.Equal(-1, AllSubsets.Best(scores));
        AllSubsets.Score(four, [], [], workspace, scores);
        Assert.Equal(28.75, scores[0].Sse, 1e-12);
        Assert.Equal(Elementary.Log(28.75 / 4), (scores[0].Bic - Elementary.Log(4)) / 4, 1e-12);
    }

    [Fact]
    public void A_warm_workspace_makes_the_pass_free_of_allocations()
    {
        (double[] use, double[][] drivers) = Sample(365, 10, 1);
        SubsetScore[] scores = new SubsetScore[1024];
        DriverSign[] signs = new DriverSign[10];
        signs[2] = DriverSign.NotNegative;
        AllSubsetsWorkspace workspace = new();
        AllSubsets.Score(use, drivers, signs, workspace, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AllSubsets.Score(use, drivers, signs, workspace, scores);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Drivers that are correlated and of different sizes; use depends on some of them.</summary>
    private static (double[] Use, double[][] Drivers) Sample(int rows, int count, int seed)
    {
        Random random = new(seed);
        double[][] drivers = [.. Enumerable.Range(0, count).Select(_ => new double[rows])];
        double[] use = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            double common = random.NextDouble();
            use[i] = 1000 + random.NextDouble();
            for (int j = 0; j < count; j++)
            {
                drivers[j][i] = (50 * j) + ((j + 1) * (random.NextDouble() + (common * (j % 3))));
                use[i] += ((j % 4) - 1) * drivers[j][i] / (j + 1);
            }
        }

        return (use, drivers);
    }
}
