using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Xunit;

namespace Metering.Tests.Analytics;

/// <summary>A nominal 90 % interval must hold the true saving in about 90 % of simulated projects.</summary>
public class CoverageTests
{
    private const long Day = 86_400_000;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.8)]
    public void Daily_intervals_cover_the_truth_as_often_as_they_say(double rho)
    {
        double coverage = Coverage(rho, 365, 365, 1600, (random, day) =>
        [
            20 + (6 * Math.Sin(2 * Math.PI * day / 365)) + (2 * Normal(random)),
            day % 7 == 6 ? 0 : 100 + (15 * Normal(random)),
        ]);
        Assert.InRange(coverage, 0.87, 0.93);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    public void Monthly_intervals_from_twelve_bills_cover_the_truth(double rho)
    {
        double coverage = Coverage(rho, 12, 12, 2000, (random, month) => [100 + (20 * Normal(random))]);
        Assert.True(coverage >= 0.84, $"coverage {coverage:0.000} for rho {rho}");
    }

    private static double Coverage(double rho, int n, int m, int runs, Func<Random, int, double[]> drawDrivers)
    {
        int held = 0;
        for (int run = 0; run < runs; run++)
        {
            Random random = new((run * 31) + (int)(rho * 1000) + n);
            double noise = Normal(random);
            List<double[]> drivers = [];
            List<double> use = [];
            double trueSaving = 0;
            for (int i = 0; i < n + m; i++)
            {
                // The project begins long after the baseline: the noise forgets the past between the periods.
                noise = i == n ? Normal(random) : (rho * noise) + (Math.Sqrt(1 - (rho * rho)) * Normal(random));
                double[] row = drawDrivers(random, i);
                double expected = 500 + (3 * row[0]) + (row.Length > 1 ? 2 * row[1] : 0);
                double saved = i < n ? 0 : 0.1 * expected;
                trueSaving += saved;
                drivers.Add(row);
                use.Add(expected - saved + (30 * noise));
            }

            ModelTable table = new()
            {
                StartUtcMilliseconds = [.. Enumerable.Range(0, n + m).Select(i => i * Day * (n < 24 ? 30 : 1))],
                Use = use,
                Drivers = [.. Enumerable.Range(0, drivers[0].Length).Select(j => new Driver($"x{j}", [.. drivers.Select(row => row[j])]))],
            };
            long border = table.StartUtcMilliseconds[n];
            SavingsOutcome outcome = SavingsCalculator.Avoided(
                table, new Period(0, border), new Period(border, long.MaxValue / 2000), new SavingsOptions { Rules = Wide });
            SavingsResult result = outcome.Result ?? throw new InvalidOperationException(outcome.Reasons[0].Detail);
            held += Math.Abs(result.Savings - trueSaving) <= result.HalfWidth ? 1 : 0;
        }

        double coverage = held / (double)runs;
        Console.WriteLine($"coverage {coverage:0.000} for rho {rho}, n {n}, m {m}");
        return coverage;
    }

    /// <summary>Twelve random months now and then leave the range of the twelve before; the interval itself is tested here.</summary>
    private static readonly BaselineRules Wide = new() { MaximumShareOutside = 1, MinimumCoverage = 0 };

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
