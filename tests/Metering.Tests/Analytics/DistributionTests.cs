using Metering.Analytics.Statistics;
using Xunit;

namespace Metering.Tests.Analytics;

/// <summary>Values of published tables (NIST/SEMATECH e-Handbook of Statistical Methods 1.3.6.7) and closed forms.</summary>
public class DistributionTests
{
    [Theory]
    [InlineData(1, 0.90, 6.314)]
    [InlineData(3, 0.90, 2.353)]
    [InlineData(5, 0.95, 2.571)]
    [InlineData(10, 0.90, 1.812)]
    [InlineData(10, 0.95, 2.228)]
    [InlineData(10, 0.99, 3.169)]
    [InlineData(30, 0.95, 2.042)]
    [InlineData(100, 0.95, 1.984)]
    [InlineData(100, 0.99, 2.626)]
    public void Student_quantiles_equal_the_table(double degrees, double probability, double expected) =>
        Assert.Equal(expected, StudentT.TwoSidedQuantile(probability, degrees), 0.00051);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.95)]
    [InlineData(0.999)]
    public void Student_quantiles_equal_the_closed_forms_for_one_and_two_degrees(double probability)
    {
        double one = Math.Tan(Math.PI * probability / 2);
        double two = probability * Math.Sqrt(2 / (1 - (probability * probability)));
        Assert.Equal(1, StudentT.TwoSidedQuantile(probability, 1) / one, 1e-12);
        Assert.Equal(1, StudentT.TwoSidedQuantile(probability, 2) / two, 1e-12);
    }

    [Fact]
    public void Many_degrees_of_freedom_approach_the_normal_distribution() =>
        Assert.Equal(1.6448536269514722, StudentT.TwoSidedQuantile(0.9, 1e7), 1e-6);

    [Theory]
    [InlineData(1, 10, 4.965)]
    [InlineData(2, 9, 4.256)]
    [InlineData(3, 8, 4.066)]
    [InlineData(5, 20, 2.711)]
    [InlineData(10, 100, 1.927)]
    public void The_tail_of_F_at_the_tables_five_percent_point_is_five_percent(double first, double second, double point) =>
        Assert.Equal(0.05, FisherF.Tail(point, first, second), 5e-5);

    [Fact]
    public void A_tail_quantile_and_cumulative_agree_for_fractional_degrees()
    {
        foreach (double degrees in new[] { 3, 3.7, 11.25, 88.8, 361.5, 35_000 })
        {
            double t = StudentT.TwoSidedQuantile(0.9, degrees);
            Assert.Equal(0.1, StudentT.TwoSidedTail(t, degrees), 1e-13);
            Assert.Equal(0.95, StudentT.Cumulative(t, degrees), 1e-13);
            Assert.Equal(0.05, StudentT.Cumulative(-t, degrees), 1e-13);
        }
    }

    [Fact]
    public void Exponential_and_logarithm_agree_with_the_platform_to_the_last_digits()
    {
        for (int i = -700; i <= 700; i++)
        {
            double x = i * 1.0037;
            Assert.Equal(1, Elementary.Exp(x) / Math.Exp(x), 4e-15);
            double y = Math.Exp(x);
            Assert.Equal(Math.Log(y), Elementary.Log(y), 2e-15 * Math.Max(1, Math.Abs(x)));
        }
    }

    [Fact]
    public void The_logarithm_of_gamma_equals_factorials_and_the_root_of_pi()
    {
        double factorial = 1;
        for (int n = 1; n <= 100; n++)
        {
            Assert.Equal(Math.Log(factorial), Elementary.LogGamma(n), 3e-14 * Math.Max(1, Math.Log(factorial)));
            factorial *= n;
        }

        Assert.Equal(0.5 * Math.Log(Math.PI), Elementary.LogGamma(0.5), 1e-14);
    }

    [Fact]
    public void A_fixed_sum_does_not_depend_on_what_follows()
    {
        Random random = new(4);
        double[] values = [.. Enumerable.Range(0, 1003).Select(_ => random.NextDouble() - 0.5)];
        Assert.Equal(values.Sum(), FixedSum.Sum(values), 1e-12);
        Assert.Equal(values.Sum(v => v * v), FixedSum.SumOfSquares(values), 1e-11);
        Assert.Equal(FixedSum.Sum(values.AsSpan(0, 500)), FixedSum.Sum([.. values.Take(500)]));
    }
}
