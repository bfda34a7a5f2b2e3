using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Statistics;
using Xunit;

namespace Metering.Tests.Analytics;

/// <summary>Fits into kept memory against the baseline's own, and tail probabilities against values of decimal arithmetic.</summary>
public sealed class LeastSquaresWorkspaceTests
{
    private const long Month = 2_629_740_000;

    [Fact]
    public void A_fit_into_kept_memory_has_the_statistics_of_the_baseline()
    {
        LeastSquaresWorkspace workspace = new();
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            int rows = 12 + (seed % 40);
            double[][] drivers = [.. Enumerable.Range(0, 1 + (seed % 4)).Select(_ => Enumerable.Range(0, rows).Select(_ => 30 + (40 * random.NextDouble())).ToArray())];
            double[] use = [.. Enumerable.Range(0, rows).Select(i => 500 + drivers.Sum(column => 3 * column[i]) + (60 * random.NextDouble()))];
            ModelTable table = new()
            {
                StartUtcMilliseconds = [.. Enumerable.Range(0, rows).Select(i => i * Month)],
                Use = use,
                Drivers = [.. drivers.Select((column, j) => new Driver($"x{j}", column))],
            };
            BaselineOutcome outcome = BaselineModel.Fit(table, new Period(0, rows * Month), ModelKind.Ols);
            Assert.True(workspace.Fit(use, drivers), $"seed {seed}");
            if (outcome.Fit is not { } fit)
            {
                continue;
            }

            Same(fit.Coefficients, workspace.Coefficients, seed);
            Same(fit.StandardErrors, workspace.StandardErrors, seed);
            Same(fit.TStatistics, workspace.TStatistics, seed);
            Same(fit.PValues, workspace.PValues, seed);
            Same(fit.VarianceInflation, workspace.VarianceInflation, seed);
            Same(
                [fit.SumOfSquaredErrors, fit.R2, fit.F, fit.FProbability],
                [workspace.SumOfSquaredErrors, workspace.R2, workspace.F, workspace.FProbability],
                seed);
        }
    }

    [Fact]
    public void What_cannot_be_fitted_gives_no_fit_and_a_warm_fit_allocates_nothing()
    {
        LeastSquaresWorkspace workspace = new();
        double[] use = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
        double[] first = [.. Enumerable.Range(0, 12).Select(i => (double)(i * i))];
        double[] second = [.. Enumerable.Range(0, 12).Select(i => (double)(i % 5))];
        double[] sum = [.. first.Zip(second, (a, b) => a - (3 * b))];
        Assert.False(workspace.Fit(use, [first, second, sum]));
        Assert.False(workspace.Fit(use, [first, [.. first.Select(_ => 0.1)]]));
        Assert.False(workspace.Fit(use.AsSpan(0, 3), [[1, 2, 4], [4, 1, 1]]));
        Assert.True(workspace.Fit(use, []));
        Assert.Equal(use.Average(), workspace.Coefficients[0], 1e-14);
        Assert.True(double.IsNaN(workspace.F) && workspace.R2 == 0);
        double[][] drivers = [first, second];
        workspace.Fit(use, drivers);
        long before = GC.GetAllocatedBytesForCurrentThread();
        workspace.Fit(use, drivers);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // From the power series of the incomplete beta function in decimal arithmetic of 80 digits.
    [Theory]
    [InlineData(1, 2.5, 0.2422378831816868)]
    [InlineData(2, 0.01, 0.992929108958201)]
    [InlineData(8, 2.25, 0.05456730579993524)]
    [InlineData(9, 30, 2.4837047041582624e-10)]
    [InlineData(10, 1000, 2.460824710173271e-26)]
    [InlineData(11, 0.5, 0.6269262191838469)]
    [InlineData(50, 3.25, 0.00206726496766336)]
    [InlineData(149, 2, 0.047317678282121266)]
    [InlineData(296, 4.5, 9.776990761137605e-06)]
    [InlineData(361, 2, 0.04624903532634284)]
    [InlineData(3.7, 1.75, 0.16079900287385313)]
    public void The_tail_of_t_has_twelve_digits(double degrees, double t, double expected) =>
        Assert.Equal(1, StudentT.TwoSidedTail(t, degrees) / expected, 1e-12);

    [Theory]
    [InlineData(1, 10, 5, 0.04933219563992177)]
    [InlineData(2, 9, 0.25, 0.7840343108765093)]
    [InlineData(3, 8, 200, 7.337499479898683e-08)]
    [InlineData(3, 361, 2.5, 0.05929445700570976)]
    [InlineData(7, 40, 10000.0, 9.02102639799791e-63)]
    [InlineData(20, 5, 1.5, 0.346922065183609)]
    [InlineData(4, 300, 20, 1.2989300482807269e-14)]
    public void The_tail_of_f_has_twelve_digits(double first, double second, double f, double expected) =>
        Assert.Equal(1, FisherF.Tail(f, first, second) / expected, 1e-12);

    private static void Same(IReadOnlyList<double> expected, ReadOnlySpan<double> actual, int seed)
    {
        Assert.Equal(expected.Count, actual.Length);
        for (int j = 0; j < actual.Length; j++)
        {
            Assert.True(Math.Abs(actual[j] - expected[j]) <= 1e-9 * Math.Abs(expected[j]), $"seed {seed}, element {j}: {actual[j]:R} against {expected[j]:R}");
        }
    }
}
