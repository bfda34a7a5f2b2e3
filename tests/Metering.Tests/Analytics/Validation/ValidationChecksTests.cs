using System.Globalization;
using System.IO.Compression;
using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Validation;

public class ValidationChecksTests
{
    private static readonly ValidationLimits Limits = new();

    [Fact]
    public void A_healthy_plant_gives_no_finding()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            MeasuredSeries series = PlantWeeks.Series(PlantWeeks.Values(12, seed));
            ValidationFinding[] all = [
                .. ValidationChecks.Gaps(series), .. ValidationChecks.Negative(series), .. ValidationChecks.Spikes(series, Limits),
                .. ValidationChecks.Stuck(series, Limits), .. ValidationChecks.UnusualZeros(series, Limits),
                .. LevelChecks.HighAndLow(series, Limits), .. LevelChecks.UnitSlips(series, Limits)];
            Assert.True(all.Length == 0, $"seed {seed}: {string.Join(" | ", all.Take(3))}");
        }
    }

    [Fact]
    public void A_spike_is_found_where_it_stands_with_its_ratio_and_limit()
    {
        double[] values = PlantWeeks.Values(2, 1);
        values[24 + 9] = 400;
        ValidationFinding found = Assert.Single(ValidationChecks.Spikes(PlantWeeks.Series(values), Limits));
        Assert.Equal((ValidationRule.Spike, 1, PlantWeeks.At(33), PlantWeeks.At(34), 1.8), (found.Rule, found.RuleVersion, found.FromUtcMilliseconds, found.ToUtcMilliseconds, found.Limit));
        Assert.InRange(found.Value, (400 / 105.0) - 1, (400 / 95.0) - 1);
    }

    [Theory]
    [InlineData(2.799, 0)]
    [InlineData(2.801, 1)]
    public void The_spike_limit_is_one_point_eight_above_the_third_highest(double highest, int findings)
    {
        double[] values = [.. Enumerable.Repeat(0.5, 24)];
        (values[3], values[4], values[5]) = (1, 1, highest);
        Assert.Equal(findings, ValidationChecks.Spikes(PlantWeeks.Series(values), Limits).Count);
    }

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(0.3, 1)]
    [InlineData(-0.3, 1)]
    public void Intervals_may_differ_from_the_register_by_two_steps(double off, int findings)
    {
        double[] values = [.. Enumerable.Repeat(1.5, 48)];
        RegisterReading[] readings = [new(PlantWeeks.At(0), 1000.1), new(PlantWeeks.At(24), 1036.1 + off), new(PlantWeeks.At(48), 1072.1 + off)];
        IReadOnlyList<ValidationFinding> found = ValidationChecks.SumChecks(PlantWeeks.Series(values), readings, 0.1, Limits);
        Assert.Equal(findings, found.Count);
        values[3] = double.NaN;
        Assert.Empty(ValidationChecks.SumChecks(PlantWeeks.Series(values), readings, 0.1, Limits));
    }

    [Fact]
    public void A_register_that_stands_still_on_workdays_is_stuck_and_one_that_rests_every_night_is_not()
    {
        double[] values = [.. PlantWeeks.Values(8, 3).Select((value, i) => PlantWeeks.Level(i) < 50 ? 0 : value)];
        Assert.Empty(ValidationChecks.Stuck(PlantWeeks.Series(values), Limits));
        Array.Fill(values, 0, (5 * 168) + 30, 20);
        ValidationFinding found = Assert.Single(ValidationChecks.Stuck(PlantWeeks.Series(values), Limits));
        Assert.InRange(found.FromUtcMilliseconds, PlantWeeks.At((5 * 168) + 19), PlantWeeks.At((5 * 168) + 30));
        Assert.True(found.Value > Limits.LongestEqual);
    }

    [Fact]
    public void Zero_is_unusual_only_where_it_never_was()
    {
        double[] values = PlantWeeks.Values(8, 4);
        values[(3 * 168) + 34] = 0;
        ValidationFinding found = Assert.Single(ValidationChecks.UnusualZeros(PlantWeeks.Series(values), Limits));
        Assert.Equal(PlantWeeks.At((3 * 168) + 34), found.FromUtcMilliseconds);
        values[(4 * 168) + 34] = 0;
        Assert.Empty(ValidationChecks.UnusualZeros(PlantWeeks.Series(values), Limits));
    }

    [Fact]
    public void Days_are_judged_by_their_weekday_and_holidays_by_Sundays()
    {
        double[] values = PlantWeeks.Values(10, 5);
        int holiday = (6 * 7) + 2;
        for (int hour = 0; hour < 24; hour++)
        {
            values[(holiday * 24) + hour] *= 0.35;
            values[(((7 * 7) + 1) * 24) + hour] *= 2.5;
        }

        IReadOnlyList<ValidationFinding> found = LevelChecks.HighAndLow(PlantWeeks.Series(values), Limits);
        Assert.Equal([ValidationRule.HighUse, ValidationRule.LowUse], found.Select(finding => finding.Rule));
        DateOnly date = new DateOnly(2025, 1, 6).AddDays(holiday);
        SeriesFrame frame = PlantWeeks.Frame with { Holidays = new HashSet<DateOnly> { date } };
        Assert.Equal(ValidationRule.HighUse, Assert.Single(LevelChecks.HighAndLow(PlantWeeks.Series(values, frame), Limits)).Rule);
    }

    [Fact]
    public void The_part_of_a_day_at_the_end_of_a_series_is_not_low_use()
    {
        double[] values = PlantWeeks.Values(8, 6);
        Assert.Empty(LevelChecks.HighAndLow(PlantWeeks.Series(values[..^14]), Limits));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1000)]
    public void A_change_of_unit_is_told_from_a_saving(double factor)
    {
        double[] values = PlantWeeks.Values(26, 6);
        int april = (new DateOnly(2025, 4, 1).DayNumber - new DateOnly(2025, 1, 6).DayNumber) * 24;
        double[] saving = [.. values.Select((value, i) => i < april ? value : value * 0.6)];
        Assert.Empty(LevelChecks.UnitSlips(PlantWeeks.Series(saving), Limits));
        double[] slipped = [.. values.Select((value, i) => i < april ? value : value * factor)];
        ValidationFinding found = Assert.Single(LevelChecks.UnitSlips(PlantWeeks.Series(slipped), Limits));
        Assert.Equal((PlantWeeks.At(april), factor), (found.FromUtcMilliseconds, found.Limit));
    }

    [Fact]
    public void Gaps_and_negative_use_are_listed_by_stretch()
    {
        double[] values = PlantWeeks.Values(1, 7);
        (values[3], values[4], values[9]) = (double.NaN, double.NaN, double.NaN);
        (values[20], values[21]) = (-1, -3);
        MeasuredSeries series = PlantWeeks.Series(values);
        Assert.Equal([(PlantWeeks.At(3), PlantWeeks.At(5), 2.0), (PlantWeeks.At(9), PlantWeeks.At(10), 1.0)],
            ValidationChecks.Gaps(series).Select(found => (found.FromUtcMilliseconds, found.ToUtcMilliseconds, found.Value)));
        ValidationFinding negative = Assert.Single(ValidationChecks.Negative(series));
        Assert.Equal((PlantWeeks.At(20), PlantWeeks.At(22), -3), (negative.FromUtcMilliseconds, negative.ToUtcMilliseconds, negative.Value));
    }

    [Fact]
    public void Channels_of_a_meter_stand_and_fall_together()
    {
        double[] values = PlantWeeks.Values(1, 8);
        double[] reactive = [.. values.Select(value => value * 0.5)];
        MeasuredSeries active = PlantWeeks.Series(values);
        Assert.Empty(MeterChecks.Siblings([active, PlantWeeks.Series(reactive, null, "kvarh")]));
        Assert.Empty(MeterChecks.PowerFactor(active, PlantWeeks.Series(reactive, null, "kvarh"), Limits));
        reactive[5] = double.NaN;
        ValidationFinding missing = Assert.Single(MeterChecks.Siblings([active, PlantWeeks.Series(reactive, null, "kvarh")]));
        Assert.Equal(("kvarh", PlantWeeks.At(5)), (missing.Channel, missing.FromUtcMilliseconds));
        double[] swapped = [.. values.Select((value, i) => i < 48 ? value * 0.5 : value * 10)];
        ValidationFinding implausible = Assert.Single(MeterChecks.PowerFactor(active, PlantWeeks.Series(swapped, null, "kvarh"), Limits));
        Assert.Equal((PlantWeeks.At(48), PlantWeeks.At(168)), (implausible.FromUtcMilliseconds, implausible.ToUtcMilliseconds));
        Assert.Equal(1 / Math.Sqrt(101), implausible.Value, 12);
    }

    [Fact]
    public void The_main_meter_is_the_sum_of_its_subs_within_two_percent()
    {
        double[] first = PlantWeeks.Values(2, 9);
        double[] second = PlantWeeks.Values(2, 10);
        double[] main = [.. first.Zip(second, (a, b) => (a + b) * 1.015)];
        MeasuredSeries[] subs = [PlantWeeks.Series(first), PlantWeeks.Series(second)];
        Assert.Empty(MeterChecks.MainAndSubs(PlantWeeks.Series(main), subs, Limits));
        Array.Fill(second, 0, 24, 24);
        MeasuredSeries[] changed = [PlantWeeks.Series(first), PlantWeeks.Series(second)];
        ValidationFinding found = Assert.Single(MeterChecks.MainAndSubs(PlantWeeks.Series(main), changed, Limits));
        Assert.Equal(PlantWeeks.At(24), found.FromUtcMilliseconds);
        Assert.InRange(found.Value, 0.45, 0.55);
    }

    [Fact]
    public void Stamps_that_repeat_go_back_or_differ_from_the_gateway_are_found()
    {
        long[] stamps = [1000, 2000, 2000, 2000, 1500, 3000];
        IReadOnlyList<ValidationFinding> order = StampChecks.Order("c", stamps);
        Assert.Equal([(ValidationRule.Duplicate, 3.0), (ValidationRule.OutOfOrder, 0.5)], order.Select(found => (found.Rule, found.Value)));
        long[] gateway = [.. Enumerable.Range(0, 10).Select(i => PlantWeeks.At(i))];
        long[] device = [.. gateway.Select((time, i) => time + (i is >= 3 and < 6 ? 180_001 + i : 180_000))];
        ValidationFinding sync = Assert.Single(StampChecks.TimeSync("c", device, gateway, Limits));
        Assert.Equal((PlantWeeks.At(3), PlantWeeks.At(5) + 1, 180.006, 180), (sync.FromUtcMilliseconds, sync.ToUtcMilliseconds, sync.Value, sync.Limit));
    }

    [Fact]
    public void Mixed_zones_steps_and_columns_that_do_not_fit_are_refused()
    {
        double[] values = PlantWeeks.Values(1, 11);
        MeasuredSeries series = PlantWeeks.Series(values);
        SeriesFrame mexico = PlantWeeks.Frame with { Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City") };
        Assert.Throws<ArgumentException>(() => MeterChecks.Siblings([series, PlantWeeks.Series(values, mexico)]));
        Assert.Throws<ArgumentException>(() => MeterChecks.Siblings([series]));
        Assert.Throws<ArgumentException>(() => MeterChecks.MainAndSubs(series, [], Limits));
        Assert.Throws<ArgumentException>(() => MeasuredSeries.OfColumns("c", [PlantWeeks.At(1), PlantWeeks.At(0)], [1, 2], PlantWeeks.Frame));
        Assert.Throws<ArgumentException>(() => MeasuredSeries.OfColumns("c", [PlantWeeks.At(0), PlantWeeks.At(0)], [1, 2], PlantWeeks.Frame));
        Assert.Throws<ArgumentException>(() => MeasuredSeries.OfColumns("c", [PlantWeeks.At(0) + 1], [1], PlantWeeks.Frame));
        Assert.Throws<ArgumentException>(() => MeasuredSeries.OfColumns("c", [PlantWeeks.At(0)], [double.PositiveInfinity], PlantWeeks.Frame));
        Assert.Throws<ArgumentException>(() => MeasuredSeries.OfColumns("c", [0, 7_000_000_000_000 - (7_000_000_000_000 % 900_000)], [1, 1], new() { Step = IntervalStep.QuarterHour }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ValidationChecks.Spikes(series, new() { SpikeRatio = double.NaN }));
        Assert.Empty(ValidationChecks.Spikes(MeasuredSeries.OfColumns("c", [], [], PlantWeeks.Frame), Limits));
    }

    [NeedsFact("shared:data/steel_plant_15min_2018.csv.gz")]
    public void A_year_of_a_steel_plant_has_a_plausible_power_factor_and_no_unit_slip()
    {
        (MeasuredSeries active, MeasuredSeries reactive) = Steel();
        Assert.Equal(959_636.71, Metering.Analytics.Statistics.FixedSum.Sum(active.Value), 0.005);
        Assert.Empty(LevelChecks.UnitSlips(active, Limits));
        Assert.Empty(ValidationChecks.Negative(active));
        Assert.Empty(MeterChecks.PowerFactor(active, reactive, Limits));
    }

    /// <summary>The stamps are ends of intervals in Korea; midnight carries the date of the day that ends.</summary>
    private static (MeasuredSeries Active, MeasuredSeries Reactive) Steel()
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(Repository.SharedFile("data/steel_plant_15min_2018.csv.gz")!), CompressionMode.Decompress));
        string[] header = reader.ReadLine()!.Split(',');
        int use = Array.IndexOf(header, "kwh");
        int lagging = Array.IndexOf(header, "kvarh_lagging");
        SortedDictionary<long, (double Use, double Reactive)> rows = [];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            DateTimeOffset end = DateTimeOffset.ParseExact(cells[0] + " +09:00", "yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
            end = end.TimeOfDay == TimeSpan.Zero ? end.AddDays(1) : end;
            rows[end.ToUnixTimeMilliseconds() - 900_000] = (double.Parse(cells[use], CultureInfo.InvariantCulture), double.Parse(cells[lagging], CultureInfo.InvariantCulture));
        }

        SeriesFrame frame = new() { Step = IntervalStep.QuarterHour, Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul") };
        long[] starts = [.. rows.Keys];
        return (MeasuredSeries.OfColumns("kwh", starts, [.. rows.Values.Select(row => row.Use)], frame),
            MeasuredSeries.OfColumns("kvarh", starts, [.. rows.Values.Select(row => row.Reactive)], frame));
    }
}
