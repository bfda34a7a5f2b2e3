using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

public class GapAllocationTests
{
    [Fact]
    public void A_gap_laid_out_by_profile_has_the_shape_of_other_weeks_and_the_exact_total()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            CounterHistory history = new(CounterFault.GapOfThreeDays, seed);
            CounterOptions even = new() { Step = IntervalStep.Hour };
            IntervalSeries flat = IntervalBuilder.FromCounter(history.Time, history.Register, [], even);
            IntervalSeries shaped = IntervalBuilder.FromCounter(history.Time, history.Register, [], even with { GapAllocation = GapAllocation.ByProfile });
            Assert.Equal(flat.TotalScaled, shaped.TotalScaled);
            Assert.Equal(flat.KnownScaled.Sum(), shaped.KnownScaled.Sum());
            Assert.Equal(flat.Code, shaped.Code);
            (double flatError, double shapedError) = (0, 0);
            for (int i = 0; i < flat.Value.Count; i++)
            {
                Assert.True(shaped.KnownScaled[i] >= 0, $"seed {seed}");
                if (flat.Code[i] == IntervalCode.Measured)
                {
                    Assert.Equal(flat.Value[i], shaped.Value[i]);
                }
                else if (flat.Code[i] == IntervalCode.Allocated)
                {
                    double truth = history.TrueBetween(flat.StartUtcMilliseconds[i], flat.StartUtcMilliseconds[i] + 3_600_000);
                    flatError += Math.Abs(flat.Value[i] - truth);
                    shapedError += Math.Abs(shaped.Value[i] - truth);
                }
            }

            Assert.True(shapedError < flatError / 2, $"seed {seed}: {shapedError} by profile, {flatError} evenly");
        }
    }

    [Fact]
    public void Without_anything_measured_a_gap_is_laid_out_evenly()
    {
        long[] time = [CounterHistory.Start, CounterHistory.Start + (8 * CounterHistory.Quarter), CounterHistory.Start + (9 * CounterHistory.Quarter), CounterHistory.Start + (10 * CounterHistory.Quarter)];
        CounterOptions options = new() { Step = IntervalStep.QuarterHour, GapAllocation = GapAllocation.ByProfile };
        IntervalSeries series = IntervalBuilder.FromCounter(time, [0, 80, 80, 80], [], options);
        Assert.Equal([10, 10, 10, 10, 10, 10, 10, 10, 0, 0], series.Value);
    }
}
