using Metering.Analytics.Statistics;
using Xunit;

namespace Metering.Tests.Analytics;

/// <summary>What was made faster gives the bits of the plain form.</summary>
public sealed class FixedShapeTests
{
    [Fact]
    public void A_selected_element_is_the_one_that_sorting_finds()
    {
        Random random = new(11);
        for (int run = 0; run < 300; run++)
        {
            long[] values = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (long)random.Next(0, run % 2 == 0 ? 4 : 1000))];
            int index = random.Next(values.Length);
            long[] sorted = [.. values.Order()];
            Assert.Equal(sorted[index], OrderStatistic.Of(values.AsSpan(), index));
        }
    }

    [Fact]
    public void Eight_lane_sums_have_the_bits_of_eight_scalar_sums()
    {
        Random random = new(12);
        for (int length = 0; length < 100; length++)
        {
            double[] left = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-8, 8)))];
            double[] right = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
            double[] ones = new double[length];
            Array.Fill(ones, 1);
            Assert.Equal(BitConverter.DoubleToInt64Bits(Plain(left, right)), BitConverter.DoubleToInt64Bits(FixedSum.Dot(left, right)));
            Assert.Equal(BitConverter.DoubleToInt64Bits(Plain(left, ones)), BitConverter.DoubleToInt64Bits(FixedSum.Sum(left)));
        }
    }

    private static double Plain(double[] left, double[] right)
    {
        double[] lanes = new double[8];
        int whole = left.Length / 8 * 8;
        for (int i = 0; i < whole; i++)
        {
            lanes[i % 8] += left[i] * right[i];
        }

        double sum = ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
        for (int i = whole; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
