using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

public class TimeMeanTests
{
    private const long Minute = 60_000;
    private const long Start = 1_740_787_200_000;

    [Fact]
    public void A_straight_rise_has_its_middle_as_mean()
    {
        long[] time = [.. Enumerable.Range(0, 61).Select(i => Start + (i * Minute))];
        double[] values = [.. Enumerable.Range(0, 61).Select(i => (double)i)];
        MeanSeries series = IntervalBuilder.FromInstantaneous(time, values, [], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal([7.5, 22.5, 37.5, 52.5], series.Mean.Take(4));
        Assert.Equal([15, 15, 15, 15], series.Count.Take(4));
        Assert.Equal([1.0, 1, 1, 1], series.Completeness.Take(4));
    }

    [Fact]
    public void Readings_crowded_into_one_part_do_not_weigh_more()
    {
        long[] time = [Start, Start + (5 * Minute), Start + (10 * Minute), Start + (10 * Minute) + 1000, Start + (10 * Minute) + 2000, Start + (15 * Minute)];
        MeanSeries series = IntervalBuilder.FromInstantaneous(time, [10, 10, 10, 10, 10, 10], [], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal(10, series.Mean[0], 12);
    }

    [Fact]
    public void An_interval_known_for_less_than_half_has_no_mean()
    {
        long[] time = [.. Enumerable.Range(0, 6).Select(i => Start + (i * Minute)), .. Enumerable.Range(30, 16).Select(i => Start + (i * Minute))];
        double[] values = [.. time.Select(_ => 7.0)];
        MeanSeries series = IntervalBuilder.FromInstantaneous(time, values, [], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal([double.NaN, double.NaN, 7.0], series.Mean.Take(3));
        Assert.Equal(5 / 15.0, series.Completeness[0], 12);
        Assert.Equal(0, series.Completeness[1]);
    }

    [Fact]
    public void Missing_is_not_zero()
    {
        long[] time = [Start, Start + Minute, Start + (2 * Minute)];
        MeanSeries series = IntervalBuilder.FromInstantaneous(time, [double.NaN, double.NaN, double.NaN], [], new() { Step = IntervalStep.Hour });
        Assert.Empty(series.Mean);
    }
}
