using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

public class MeterReplacementTests
{
    private const long Quarter = CounterHistory.Quarter;
    private static readonly long Start = CounterHistory.Start;

    [Fact]
    public void With_both_registers_written_down_the_use_across_a_replacement_is_known()
    {
        MeterReplacement swap = new(Start + Quarter + 300_000, 5013, 200);
        IntervalSeries series = Build([5000, 5010, 206, 216, 226], swap);
        Assert.Equal([10, 9, 10, 10], series.Value);
        Assert.All(series.Code, code => Assert.Equal(IntervalCode.Measured, code));
        Assert.Equal(39, series.Total);
        Assert.Equal([SegmentReason.First, SegmentReason.Replacement], series.Segments.Select(segment => segment.Reason));
        Assert.Equal(FindingKind.RecordedReplacement, Assert.Single(series.Findings).Kind);
    }

    [Fact]
    public void A_replacement_by_a_meter_that_shows_more_is_never_a_rise()
    {
        MeterReplacement swap = new(Start + Quarter + 300_000, null, null);
        IntervalSeries series = Build([5000, 5010, 5030, 5040, 5050], swap);
        Assert.Equal([10, double.NaN, 10, 10], series.Value);
        Assert.Equal(30, series.Total);
    }

    [Fact]
    public void With_only_the_last_register_what_the_new_meter_counted_before_its_first_reading_is_unknown()
    {
        MeterReplacement swap = new(Start + Quarter + 300_000, 5013, null);
        IntervalSeries series = Build([5000, 5010, 206, 216, 226], swap);
        Assert.Equal(33, series.Total);
        Assert.Equal(IntervalCode.Missing, series.Code[1]);
        Assert.Equal(3, series.KnownScaled[1]);
    }

    [Fact]
    public void A_reading_at_the_instant_of_a_replacement_gives_way_to_the_registers_written_down()
    {
        MeterReplacement swap = new(Start + (2 * Quarter), 5020, 0);
        IntervalSeries series = Build([5000, 5010, 7777, 10, 20], swap);
        Assert.Equal([10, 10, 10, 10], series.Value);
    }

    [Fact]
    public void Two_replacements_and_a_register_before_the_first_reading_all_count()
    {
        CounterOptions options = new()
        {
            Step = IntervalStep.QuarterHour,
            Replacements = [new(Start - Quarter, 99, 5), new(Start + Quarter, 25, 0), new(Start + (2 * Quarter), 10, 1000)],
        };
        long[] time = [Start, Start + Quarter, Start + (2 * Quarter), Start + (3 * Quarter)];
        IntervalSeries series = IntervalBuilder.FromCounter(time, [15, 25, 10, 1010], [], options);
        Assert.Equal([10, 10, 10, 10], series.Value);
        Assert.Equal(40, series.Total);
    }

    [Fact]
    public void A_wrongly_noted_register_invents_no_use()
    {
        MeterReplacement swap = new(Start + Quarter + 300_000, 13, 200);
        IntervalSeries series = Build([5000, 5010, 206, 216, 226], swap);
        Assert.Equal(IntervalCode.Missing, series.Code[1]);
        Assert.Equal(36, series.Total);
        Assert.Contains(series.Findings, finding => finding.Kind == FindingKind.Unconfirmed);
    }

    [Fact]
    public void Replacements_out_of_order_or_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Build([1, 2], new(Start, 1, 1), new(Start, 1, 1)));
        Assert.Throws<ArgumentException>(() => Build([1, 2], new MeterReplacement(Start, -1, 1)));
        Assert.Throws<ArgumentException>(() => Build([1, 2], new MeterReplacement(-1, 1, 1)));
    }

    private static IntervalSeries Build(long[] register, params MeterReplacement[] replacements)
    {
        long[] time = [.. Enumerable.Range(0, register.Length).Select(i => Start + (i * Quarter))];
        return IntervalBuilder.FromCounter(time, register, [], new() { Step = IntervalStep.QuarterHour, Replacements = replacements });
    }
}
