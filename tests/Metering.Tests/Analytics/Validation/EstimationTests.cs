using Metering.Analytics.Intervals;
using Metering.Analytics.Validation;
using Xunit;

namespace Metering.Tests.Analytics.Validation;

public class EstimationTests
{
    private static readonly EstimationOptions Options = new();

    [Fact]
    public void Two_hours_between_good_neighbours_lie_on_a_line()
    {
        double[] values = PlantWeeks.Values(1, 1);
        (values[10], values[11], values[12], values[13]) = (90, double.NaN, double.NaN, 120);
        ValidatedSeries filled = Fill(values);
        Assert.Equal([100.0, 110], filled.Value[11..13].ToArray());
        Assert.Equal([IntervalCode.Estimated, IntervalCode.Estimated], filled.Code[11..13].ToArray());
        Assert.Equal([EstimationMethod.Linear, EstimationMethod.Linear], filled.Method[11..13].ToArray());
        Assert.Equal([450.0, 450], filled.Variance[11..13].ToArray());
        Assert.Equal(1, filled.Version);
    }

    [Fact]
    public void A_part_that_the_register_knows_stays_and_only_the_rest_is_estimated()
    {
        long[] minutes = [0, 60, 120, 165, 180, 240, 300];
        long[] register = [500, 510, 520, 528, 1, 11, 21];
        IntervalSeries series = IntervalBuilder.FromCounter(
            [.. minutes.Select(minute => PlantWeeks.Start + (minute * 60_000))], register, [], new CounterOptions { Step = IntervalStep.Hour });
        Assert.Equal((IntervalCode.Missing, 8), (series.Code[2], series.KnownScaled[2]));
        ValidatedSeries filled = Estimation.Fill(ValidatedSeries.Of(MeasuredSeries.Of("kwh", series, PlantWeeks.Frame)), [], Options);

        // Neighbours of 10 an hour: a quarter of an hour of it beside the 8 that were counted.
        Assert.Equal((8 + 2.5, IntervalCode.Estimated), (filled.Value[2], filled.Code[2]));
        Assert.Equal(0, filled.Variance[2]);
    }

    [Fact]
    public void A_longer_gap_is_the_mean_of_the_same_weekday_and_time_of_four_weeks()
    {
        double[] values = PlantWeeks.Values(6, 2);
        int from = (5 * 168) + 30;
        Array.Fill(values, double.NaN, from, 30);
        ValidatedSeries filled = Fill(values);
        for (int i = from; i < from + 30; i++)
        {
            double[] donors = [values[i - 168], values[i - (2 * 168)], values[i - (3 * 168)], values[i - (4 * 168)]];
            double mean = donors.Average();
            Assert.Equal(mean, filled.Value[i], 1e-9);
            Assert.Equal(donors.Sum(donor => (donor - mean) * (donor - mean)) / 3 * 1.25, filled.Variance[i], 1e-9);
            Assert.Equal(EstimationMethod.SameWeekday, filled.Method[i]);
        }
    }

    [Fact]
    public void A_holiday_is_estimated_from_Sundays()
    {
        double[] values = PlantWeeks.Values(6, 3);
        int from = ((5 * 7) + 2) * 24;
        Array.Fill(values, double.NaN, from, 24);
        SeriesFrame frame = PlantWeeks.Frame with { Holidays = new HashSet<DateOnly> { new DateOnly(2025, 1, 6).AddDays((5 * 7) + 2) } };
        ValidatedSeries filled = Estimation.Fill(ValidatedSeries.Of(PlantWeeks.Series(values, frame)), [], Options);
        Assert.InRange(filled.Value[from + 10], 47, 53);
    }

    [Fact]
    public void Without_enough_weeks_a_long_gap_stays_missing_and_a_short_one_is_flat_from_its_one_side()
    {
        double[] values = PlantWeeks.Values(1, 4);
        Array.Fill(values, double.NaN, 30, 12);
        (values[0], values[1]) = (double.NaN, double.NaN);
        ValidatedSeries filled = Fill(values);
        Assert.All(filled.Value[30..42].ToArray(), value => Assert.True(double.IsNaN(value)));
        Assert.All(filled.Code[30..42].ToArray(), code => Assert.Equal(IntervalCode.Missing, code));
        Assert.Equal([values[2], values[2]], filled.Value[..2].ToArray());
        Assert.Equal(EstimationMethod.Flat, filled.Method[0]);
        Assert.True(double.IsNaN(filled.Variance[0]));
    }

    [Fact]
    public void Estimates_are_scaled_to_a_total_that_is_known_and_measured_values_are_not()
    {
        double[] values = PlantWeeks.Values(6, 5);
        double[] truth = [.. values];
        int from = (5 * 168) + 30;
        Array.Fill(values, double.NaN, from, 40);
        (int start, int end) = (5 * 168, 6 * 168);
        double total = truth[start..end].Sum() * 1.1;
        ValidatedSeries filled = Estimation.Fill(
            ValidatedSeries.Of(PlantWeeks.Series(values)), [new KnownTotal(PlantWeeks.At(start), PlantWeeks.At(end), total)], Options);
        Assert.Equal(total, filled.Value[start..end].ToArray().Sum(), 1e-6);
        Assert.Equal(values[start..from], filled.Value[start..from].ToArray());
        Assert.All(filled.Code[from..(from + 40)].ToArray(), code => Assert.Equal(IntervalCode.Allocated, code));
    }

    [Fact]
    public void A_total_below_what_was_measured_scales_nothing()
    {
        double[] values = PlantWeeks.Values(6, 6);
        Array.Fill(values, double.NaN, (5 * 168) + 30, 40);
        ValidatedSeries filled = Estimation.Fill(
            ValidatedSeries.Of(PlantWeeks.Series(values)), [new KnownTotal(PlantWeeks.At(5 * 168), PlantWeeks.At(6 * 168), 10)], Options);
        Assert.Equal(IntervalCode.Estimated, filled.Code[(5 * 168) + 30]);
    }

    /// <summary>Nine of ten estimated hours lie within 1.9 standard errors when the noise is uniform: the stated variance is about right.</summary>
    [Fact]
    public void The_variance_of_an_estimate_is_about_the_square_of_its_error()
    {
        double squares = 0;
        double stated = 0;
        for (int seed = 1; seed <= 200; seed++)
        {
            double[] truth = PlantWeeks.Values(6, seed);
            double[] values = [.. truth];
            Array.Fill(values, double.NaN, (5 * 168) + 24, 24);
            ValidatedSeries filled = Fill(values);
            for (int i = (5 * 168) + 24; i < (5 * 168) + 48; i++)
            {
                squares += (filled.Value[i] - truth[i]) * (filled.Value[i] - truth[i]);
                stated += filled.Variance[i];
            }
        }

        Assert.InRange(stated / squares, 0.9, 1.1);
    }

    [Fact]
    public void A_week_and_more_of_estimates_is_found()
    {
        double[] values = PlantWeeks.Values(10, 7);
        Array.Fill(values, double.NaN, 5 * 168, 169);
        Array.Fill(values, double.NaN, 8 * 168, 168);
        ValidationFinding found = Assert.Single(ValidationChecks.ProlongedEstimation(Fill(values), new ValidationLimits()));
        Assert.Equal((169.0, 168.0), (found.Value, found.Limit));
    }

    [Fact]
    public void Totals_off_the_borders_overlapping_or_not_finite_are_refused()
    {
        ValidatedSeries series = ValidatedSeries.Of(PlantWeeks.Series(PlantWeeks.Values(1, 8)));
        Assert.Throws<ArgumentException>(() => Estimation.Fill(series, [new(PlantWeeks.At(0) + 1, PlantWeeks.At(5), 1)], Options));
        Assert.Throws<ArgumentException>(() => Estimation.Fill(series, [new(PlantWeeks.At(0), PlantWeeks.At(5), double.NaN)], Options));
        Assert.Throws<ArgumentException>(() => Estimation.Fill(series, [new(PlantWeeks.At(0), PlantWeeks.At(5), 1), new(PlantWeeks.At(4), PlantWeeks.At(8), 1)], Options));
        Assert.Throws<ArgumentOutOfRangeException>(() => Estimation.Fill(series, [], new() { MinimumDonors = 1 }));
    }

    private static ValidatedSeries Fill(double[] values) => Estimation.Fill(ValidatedSeries.Of(PlantWeeks.Series(values)), [], Options);
}
