using Metering.Analytics.Events;
using Metering.Tests.Analytics.Simulation;
using Xunit;

namespace Metering.Tests.Analytics.Events;

/// <summary>The fast sums equal the slow definitions.</summary>
public sealed class EventArithmeticTests
{
    private const long Day = 86_400_000;
    private const double Tolerance = 1e-8;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Sizes_and_their_certainty_equal_those_of_the_whole_correlation_matrix(double r)
    {
        EventScanRows rows = Rows(70, 5, out double[] position);
        EventSeries series = new();
        series.Load(rows);
        WhitenedModel model = new(series);
        AtomScan scan = new(series, model);
        EventAtom inside = new(EventKind.Temporary, 20, 30);
        model.Build([inside], -1, r);
        scan.Prepare();
        DenseGaussian dense = new(position, r);
        foreach (EventAtom atom in (EventAtom[])[new(EventKind.StepChange, 41, 70), new(EventKind.Drift, 13, 70), new(EventKind.Temporary, 44, 52)])
        {
            scan.Gain(atom, out double size, out double square);
            SmallRegression fit = dense.Fit([.. Nuisance(rows), DenseGaussian.Column(inside, position), DenseGaussian.Column(atom, position)], [.. rows.Residuals.Select(residual => residual / series.Unit)]);
            double inverse = fit.RowWeights([0, 0, 0, 1]).Sum(weight => weight * weight);
            Assert.Equal(fit.Coefficients[3], size, Tolerance * Math.Abs(size));
            Assert.Equal((1 - (r * r)) / inverse, square, Tolerance * square);
        }
    }

    [Fact]
    public void The_likelihood_equals_that_of_the_whole_correlation_matrix()
    {
        EventScanRows rows = Rows(70, 6, out double[] position);
        EventSeries series = new();
        series.Load(rows);
        WhitenedModel model = new(series);
        EventAtom atom = new(EventKind.StepChange, 33, 70);
        double likelihood = model.Fit([atom], -1, 0.3);
        double r = model.Correlation;
        DenseGaussian dense = new(position, r);
        SmallRegression fit = dense.Fit([.. Nuisance(rows), DenseGaussian.Column(atom, position)], [.. rows.Residuals.Select(residual => residual / series.Unit)]);
        double squares = (1 - (r * r)) * fit.Residuals.Sum(residual => residual * residual);
        double expected = (70 * Math.Log(squares / 70)) + dense.LogDeterminant - (70 * Math.Log(1 - (r * r)));
        Assert.InRange(r, 0.1, 0.9);
        Assert.Equal(expected, likelihood, Tolerance * Math.Abs(expected));
    }

    [Fact]
    public void The_best_partition_is_the_best_of_all_partitions()
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            EventScanRows rows = Rows(32, seed, out double[] position);
            EventSeries series = new();
            series.Load(rows);
            WhitenedModel model = new(series);
            model.Build([], -1, 0.4);
            double[] noise = model.Noise.ToArray();
            int[] changes = new int[10];
            int count = new OptimalPartition(series, model).Find(1, 3, 5, changes);
            int[] borders = [0, .. changes.Take(count), 32];
            double found = borders.Zip(borders.Skip(1), (from, to) => Cost(noise, position, from, to)).Sum() + (3 * count);
            double best = Best(noise, position, 32);
            Assert.True(Math.Abs(found - best) < 1e-7 * best, $"seed {seed}: {found} against {best}");
        }
    }

    /// <summary>The cheapest way to divide the first rows, every way tried.</summary>
    private static double Best(double[] noise, double[] position, int end)
    {
        double best = Cost(noise, position, 0, end);
        for (int from = 5; from <= end - 5; from++)
        {
            best = Math.Min(best, Best(noise, position, from) + Cost(noise, position, from, end) + 3);
        }

        return best;
    }

    private static double Cost(double[] noise, double[] position, int from, int to)
    {
        SmallRegression level = new DenseGaussian(position[from..to], 0.4).Fit([[.. Enumerable.Repeat(1.0, to - from)]], noise[from..to]);
        return (1 - (0.4 * 0.4)) * level.Residuals.Sum(residual => residual * residual);
    }

    private static double[][] Nuisance(EventScanRows rows) => [[.. rows.Residuals.Select(_ => 1.0)], [.. rows.Predictions]];

    /// <summary>Noise with a correlation of 0.6 and days missing here and there.</summary>
    private static EventScanRows Rows(int count, ulong seed, out double[] position)
    {
        SeededRandom random = new(seed);
        double[] at = new double[count];
        double[] residuals = new double[count];
        double noise = random.Normal();
        for (int i = 0; i < count; i++)
        {
            at[i] = i == 0 ? 0 : at[i - 1] + (random.Uniform() < 0.1 ? random.Whole(2, 5) : 1);
            noise = (0.6 * noise) + (0.8 * random.Normal());
            residuals[i] = noise + (i >= count / 2 ? 1.5 : 0);
        }

        position = at;
        return new EventScanRows
        {
            StartUtcMilliseconds = [.. at.Select(day => (long)day * Day)],
            Residuals = residuals,
            Predictions = [.. at.Select(_ => 50 + (10 * random.Normal()))],
        };
    }
}
