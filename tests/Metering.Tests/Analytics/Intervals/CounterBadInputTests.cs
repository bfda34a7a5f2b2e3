using System.Runtime.InteropServices;
using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

public class CounterBadInputTests
{
    private static readonly CounterOptions Options = new() { Step = IntervalStep.QuarterHour };

    [Fact]
    public void A_thousand_million_readings_are_refused_before_anything_is_read()
    {
        long one = 0;
        ArgumentException refused = Assert.Throws<ArgumentException>(() =>
        {
            ReadOnlySpan<long> huge = MemoryMarshal.CreateReadOnlySpan(ref one, 1_000_000_000);
            return IntervalBuilder.FromCounter(huge, huge, [], Options);
        });
        Assert.Contains("1000000000 readings", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_negative_registers_give_no_interval()
    {
        long[] time = [.. Enumerable.Range(0, 400).Select(i => CounterHistory.Start + (i * 900_000L))];
        IntervalSeries series = IntervalBuilder.FromCounter(time, [.. Enumerable.Range(-500, 400).Select(i => (long)i)], [], Options);
        Assert.Empty(series.Value);
        Assert.Equal(0, series.Total);
        Assert.Contains(series.Findings, finding => finding.Kind == FindingKind.OutOfRange);
    }

    [Fact]
    public void Extreme_registers_and_stamps_are_dropped_without_overflow()
    {
        long[] extremes = [long.MinValue, long.MaxValue, -1, IntervalBuilder.MaximumRegister + 1];
        for (int seed = 1; seed <= 200; seed++)
        {
            Random random = new(seed);
            int count = random.Next(100, 700);
            long[] time = [.. Enumerable.Range(0, count).Select(i => random.Next(40) == 0 ? extremes[random.Next(3)] : CounterHistory.Start + (i * 900_000L))];
            long[] register = [.. Enumerable.Range(0, count).Select(i => random.Next(40) == 0 ? extremes[random.Next(4)] : 1000L + (10 * i))];
            IntervalSeries series = IntervalBuilder.FromCounter(time, register, [], Options);
            Assert.True(series.TotalScaled >= 0 && series.TotalScaled <= 10 * count, $"seed {seed}: {series.TotalScaled} of {count} readings; {string.Join(" ", series.Segments)}");
        }
    }

    [Fact]
    public void A_first_reading_that_nothing_speaks_for_invents_no_use()
    {
        long[] time = [.. Enumerable.Range(0, 30).Select(i => CounterHistory.Start + (i * 900_000L))];
        long[] register = [0, 0, .. Enumerable.Range(0, 28).Select(i => 1000L + (10 * i))];
        IntervalSeries series = IntervalBuilder.FromCounter(time, register, [], Options);
        Assert.Equal(270, series.Total);
        Assert.Equal(IntervalCode.Missing, series.Code[1]);
    }

    [Fact]
    public void Columns_of_different_lengths_and_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentException>(() => IntervalBuilder.FromCounter([1, 2], [1], [], Options));
        Assert.Throws<ArgumentException>(() => IntervalBuilder.FromCounter([1, 2], [1, 2], [true], Options));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntervalBuilder.FromCounter([1], [1], [], Options with { Exponent = 19 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntervalBuilder.FromCounter([1], [1], [], Options with { Modulus = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntervalBuilder.FromCounter([1], [1], [], Options with { MaximumRatePerHour = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntervalBuilder.FromCounter([1], [1], [], Options with { GapAllocation = (GapAllocation)9 }));
        Assert.Throws<ArgumentException>(() => IntervalBuilder.FromCounter([1], [1], [], new() { Step = default }));
    }
}
