using Metering.Analytics.Intervals;
using Xunit;

namespace Metering.Tests.Analytics.Intervals;

public class CounterTests
{
    private const long Quarter = 15 * 60 * 1000;
    private const long Start = 1_740_787_200_000; // 2025-03-01 00:00 UTC

    [Fact]
    public void A_counter_that_rolls_over_yields_one_positive_interval()
    {
        IntervalSeries series = Build([65500, 65520, 4, 24], new() { Step = IntervalStep.QuarterHour, Modulus = 65536 });
        Assert.Equal([20, 20, 20], series.Value);
        Assert.Equal(60, series.Total);
        Assert.Equal(FindingKind.Rollover, Assert.Single(series.Findings).Kind);
        Assert.Single(series.Segments);
    }

    [Fact]
    public void A_fall_without_a_configured_modulus_is_never_a_rollover()
    {
        IntervalSeries series = Build([65500, 65520, 4, 24, 44], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal([20, double.NaN, 20, 20], series.Value);
        Assert.Equal([IntervalCode.Measured, IntervalCode.Missing, IntervalCode.Measured, IntervalCode.Measured], series.Code);
        Assert.Equal(60, series.Total);
        Assert.Equal([SegmentReason.First, SegmentReason.Reset], series.Segments.Select(segment => segment.Reason));
    }

    [Fact]
    public void A_rollover_faster_than_the_maximum_rate_is_a_reset()
    {
        CounterOptions options = new() { Step = IntervalStep.QuarterHour, Modulus = 65536, MaximumRatePerHour = 100 };
        IntervalSeries series = Build([65000, 65020, 400, 420, 440], options);
        Assert.Equal([20, double.NaN, 20, 20], series.Value);
        Assert.Contains(series.Findings, finding => finding.Kind == FindingKind.Reset);
    }

    [Fact]
    public void Transient_zeros_are_dropped_and_the_register_is_not_rebased()
    {
        IntervalSeries series = Build([1000, 1010, 0, 0, 1040, 1050], new() { Step = IntervalStep.QuarterHour, MaximumRatePerHour = 100 });
        Assert.Equal(50, series.Total);
        Assert.Single(series.Segments);
        Assert.Equal([10, 10, 10, 10, 10], series.Value);
        Assert.Equal(IntervalCode.Allocated, series.Code[2]);
        Assert.Equal(IntervalCode.Measured, series.Code[4]);
    }

    [Fact]
    public void A_reset_that_recovers_after_many_readings_books_nothing_twice()
    {
        long[] register = [.. Enumerable.Range(0, 50).Select(i => 10_000L + (10 * i)),
            .. Enumerable.Range(0, 20).Select(i => 3L * i),
            .. Enumerable.Range(70, 50).Select(i => 10_000L + (10 * i))];
        IntervalSeries series = Build(register, new() { Step = IntervalStep.QuarterHour });
        Assert.Equal(1190, series.Total);
        Assert.Single(series.Segments);
    }

    [Fact]
    public void A_replaced_meter_with_a_start_above_zero_leaves_one_interval_missing()
    {
        IntervalSeries series = Build([5000, 5010, 1234, 1244, 1254], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal([10, double.NaN, 10, 10], series.Value);
        Assert.Equal(SegmentReason.Replacement, series.Segments[1].Reason);
        Assert.Equal(30, series.Total);
    }

    [Fact]
    public void A_replaced_meter_that_starts_higher_invents_no_use()
    {
        IntervalSeries series = Build([5000, 5010, 91234, 91244, 91254], new() { Step = IntervalStep.QuarterHour, MaximumRatePerHour = 100 });
        Assert.Equal([10, double.NaN, 10, 10], series.Value);
        Assert.Equal(30, series.Total);
    }

    [Fact]
    public void A_false_zero_as_first_reading_invents_no_use()
    {
        long[] register = [0, .. Enumerable.Range(0, 12).Select(i => 12_345L + (3 * i))];
        IntervalSeries series = Build(register, new() { Step = IntervalStep.QuarterHour });
        Assert.Equal(33, series.Total);
        Assert.Equal(IntervalCode.Missing, series.Code[0]);
    }

    [Fact]
    public void A_single_high_reading_is_dropped()
    {
        IntervalSeries series = Build([500, 510, 5200, 530, 540], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal(40, series.Total);
        Assert.Equal([10, 10, 10, 10], series.Value);
        Assert.Contains(series.Findings, finding => finding.Kind == FindingKind.Spike);
    }

    [Fact]
    public void A_last_reading_that_falls_is_not_believed()
    {
        IntervalSeries series = Build([500, 510, 520, 0], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal([10, 10, double.NaN], series.Value);
        Assert.Equal(20, series.Total);
        Assert.Equal(FindingKind.Unconfirmed, Assert.Single(series.Findings).Kind);
    }

    [Fact]
    public void A_register_that_stood_still_is_laid_out_over_that_time()
    {
        IntervalSeries series = Build([0, 10, 20, 20, 20, 20, 20, 70, 80], new() { Step = IntervalStep.QuarterHour, MaximumRatePerHour = 60 });
        Assert.Equal([10, 10, 10, 10, 10, 10, 10, 10], series.Value);
        Assert.Equal(IntervalCode.Allocated, series.Code[3]);
        Assert.Equal(IntervalCode.Measured, series.Code[7]);
        Assert.Contains(series.Findings, finding => finding.Kind == FindingKind.StuckThenCaughtUp);
    }

    [Fact]
    public void A_gap_is_laid_out_in_whole_steps_that_add_up()
    {
        long[] time = [Start, Start + Quarter, Start + (2 * Quarter), Start + (9 * Quarter), Start + (10 * Quarter)];
        IntervalSeries series = IntervalBuilder.FromCounter(time, [0, 5, 10, 20, 25], [], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal(25, series.KnownScaled.Sum());
        Assert.All(series.KnownScaled.Skip(2).Take(7), part => Assert.InRange(part, 1, 2));
        Assert.All(series.Code.Skip(2).Take(7), code => Assert.Equal(IntervalCode.Allocated, code));
        Assert.Equal(IntervalCode.Measured, series.Code[9]);
    }

    [Fact]
    public void A_gap_inside_one_day_leaves_the_day_measured()
    {
        long[] time = [Start, Start + Quarter, Start + (40 * Quarter), Start + (95 * Quarter), Start + (96 * Quarter)];
        IntervalSeries series = IntervalBuilder.FromCounter(time, [0, 5, 100, 195, 200], [], new() { Step = IntervalStep.Day });
        Assert.Equal(IntervalCode.Measured, Assert.Single(series.Code));
        Assert.Equal(200, series.Value[0]);
    }

    [Fact]
    public void Duplicates_count_once_conflicts_not_at_all_and_late_readings_are_sorted()
    {
        long[] time = [Start, Start + (2 * Quarter), Start + Quarter, Start + Quarter, Start + (3 * Quarter), Start + (3 * Quarter), Start + (4 * Quarter)];
        IntervalSeries series = IntervalBuilder.FromCounter(time, [0, 20, 10, 10, 30, 33, 40], [], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal([10, 10, 10, 10], series.Value);
        Assert.Equal([FindingKind.OutOfOrder, FindingKind.Duplicate, FindingKind.Conflict], series.Findings.Select(finding => finding.Kind));
    }

    [Fact]
    public void Unusable_and_impossible_readings_are_dropped()
    {
        long[] time = [Start, Start + Quarter, Start + (2 * Quarter), Start + (3 * Quarter)];
        IntervalSeries series = IntervalBuilder.FromCounter(time, [0, 99, -1, 30], [true, false, true, true], new() { Step = IntervalStep.QuarterHour });
        Assert.Equal([10, 10, 10], series.Value);
        Assert.Equal(30, series.Total);
    }

    [Fact]
    public void A_partly_read_day_is_missing_and_its_known_part_still_counts_in_the_total()
    {
        long[] time = [Start + (48 * Quarter), Start + (96 * Quarter), Start + (192 * Quarter)];
        IntervalSeries series = IntervalBuilder.FromCounter(time, [0, 50, 150], [], new() { Step = IntervalStep.Day });
        Assert.Equal([double.NaN, 100], series.Value);
        Assert.Equal([50L, 100L], series.KnownScaled);
        Assert.Equal(150, series.Total);
    }

    [Fact]
    public void Days_and_months_follow_the_plants_clock()
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        long first = PlantCalendar.StartOfDay(new DateOnly(2025, 3, 1), zone);
        long last = PlantCalendar.StartOfDay(new DateOnly(2025, 4, 1), zone);
        Assert.Equal(((31 * 24) - 1) * 3_600_000L, last - first);
        long[] time = [.. Enumerable.Range(0, (31 * 24)).Select(hour => first + (hour * 3_600_000L))];
        long[] register = [.. Enumerable.Range(0, time.Length).Select(hour => 10L * hour)];
        IntervalSeries days = IntervalBuilder.FromCounter(time, register, [], new() { Step = IntervalStep.Day, Zone = zone });
        Assert.Equal(31, days.Value.Count);
        Assert.Equal(230, days.Value[8]);
        Assert.Equal(240, days.Value[9]);
        IntervalSeries month = IntervalBuilder.FromCounter(time, register, [], new() { Step = IntervalStep.Month, Zone = zone });
        Assert.Equal(7430, Assert.Single(month.Value));
    }

    [Fact]
    public void A_day_whose_midnight_is_skipped_begins_after_the_change()
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
        long start = PlantCalendar.StartOfDay(new DateOnly(2018, 11, 4), zone);
        Assert.Equal(new DateTimeOffset(2018, 11, 4, 3, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), start);
    }

    [Fact]
    public void A_stray_date_is_refused_instead_of_filling_memory()
    {
        Assert.Throws<ArgumentException>(() => IntervalBuilder.FromCounter(
            [Start, Start + (150L * 366 * 24 * 3_600_000)], [0, 1], [], new() { Step = IntervalStep.QuarterHour }));
    }

    [Fact]
    public void No_reading_gives_no_interval()
    {
        IntervalSeries series = IntervalBuilder.FromCounter([], [], [], new() { Step = IntervalStep.Hour });
        Assert.Empty(series.Value);
        Assert.Empty(series.Segments);
    }

    [Fact]
    public void Whatever_the_faults_parts_add_up_and_no_interval_is_negative()
    {
        for (int seed = 1; seed <= 300; seed++)
        {
            Random random = new(seed);
            int count = random.Next(1, 400);
            long[] time = new long[count];
            long[] register = new long[count];
            bool[] usable = new bool[count];
            long now = Start;
            long value = random.Next(0, 70_000);
            for (int i = 0; i < count; i++)
            {
                now += random.Next(20) switch { 0 => 0, 1 => -Quarter, 2 => random.Next(1, 400) * Quarter, _ => Quarter + random.Next(-5000, 5000) };
                value += random.Next(0, 40);
                value = random.Next(60) switch { 0 => 0, 1 => random.NextInt64(0, long.MaxValue), 2 => -5, _ => Math.Min(value, 1L << 60) };
                time[i] = now;
                register[i] = random.Next(30) == 0 ? random.Next(100_000) : value;
                usable[i] = random.Next(50) != 0;
                value = value > 1_000_000 || value < 0 ? random.Next(65_536) : value;
            }

            CounterOptions options = new()
            {
                Step = random.Next(3) switch { 0 => IntervalStep.QuarterHour, 1 => IntervalStep.Hour, _ => IntervalStep.Day },
                Modulus = random.Next(2) == 0 ? 65_536 : null,
                MaximumRatePerHour = random.Next(2) == 0 ? 500 : null,
            };
            IntervalSeries series = IntervalBuilder.FromCounter(time, register, usable, options);
            Int128 parts = 0;
            foreach (long part in series.KnownScaled)
            {
                Assert.True(part >= 0, $"seed {seed}");
                parts += part;
            }

            Assert.True(parts == series.TotalScaled, $"seed {seed}");
            for (int i = 0; i < series.Value.Count; i++)
            {
                Assert.True(double.IsNaN(series.Value[i]) == (series.Code[i] == IntervalCode.Missing), $"seed {seed}");
            }
        }
    }

    private static IntervalSeries Build(long[] register, CounterOptions options)
    {
        long[] time = [.. Enumerable.Range(0, register.Length).Select(i => Start + (i * Quarter))];
        return IntervalBuilder.FromCounter(time, register, [], options);
    }
}
