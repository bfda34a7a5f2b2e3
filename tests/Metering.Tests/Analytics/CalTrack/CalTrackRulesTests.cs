using Metering.Analytics.Acceptance;
using Metering.Analytics.Baselines;
using Metering.Analytics.CalTrack;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Xunit;

namespace Metering.Tests.Analytics.CalTrack;

/// <summary>What the method's text asks of data, and what is refused.</summary>
public sealed class CalTrackRulesTests
{
    private const long Day = SimulatedYear.Day;
    private static readonly SimulatedYear Year = new(21);
    private static readonly MeteredInterval[] Daily = Year.Days(1.1, 0.8, 6);
    private static readonly MeteredInterval[] Monthly = SimulatedYear.Bills(Daily, 30, 31, 30);

    [Fact]
    public void A_known_plant_is_found_and_a_second_year_without_project_saves_nothing()
    {
        CalTrackOutcome outcome = FitDays(Daily);
        CalTrackFit fit = outcome.Fit!;
        Assert.True(outcome.IsAccepted);
        Assert.InRange(fit.HeatingBalanceFahrenheit, 53, 57);
        Assert.InRange(fit.CoolingBalanceFahrenheit, 62, 68);
        Assert.Equal(1.1, fit.HeatingPerDegreeDay, 0.1);
        Assert.Equal(0.8, fit.CoolingPerDegreeDay, 0.1);
        CalTrackCounterfactual result = CalTrackCounterfactual.Of(fit, Daily, Year.Weather, SimulatedYear.Second);
        Assert.Empty(result.Reasons);
        Assert.Equal(365, result.RowCount);
        Assert.InRange(result.Savings / result.Counterfactual, -0.02, 0.02);
        Assert.Equal(result.Rows.Sum(row => row.Use), result.Counterfactual, 1e-8);
    }

    [Fact]
    public void The_general_savings_code_gives_the_same_counterfactual_of_days()
    {
        CalTrackFit fit = FitDays(Daily).Fit!;
        CalTrackCounterfactual result = CalTrackCounterfactual.Of(fit, Daily, Year.Weather, SimulatedYear.Second);
        SavingsOutcome general = SavingsCalculator.Avoided(
            result.PerDayTable, SimulatedYear.First, SimulatedYear.Second, new SavingsOptions { Model = ModelKind.Ols });
        Assert.Equal(result.Counterfactual, general.Result!.Counterfactual, 1e-9 * result.Counterfactual);
        Assert.Equal(fit.StandardErrors[1], general.Result.Fit.StandardErrors[1], 1e-9 * fit.StandardErrors[1]);
        Assert.Equal(fit.PValues[0], general.Result.Fit.PValues[0], 1e-9);
        Assert.Equal(fit.FProbability, general.Result.Fit.FProbability, 1e-9);
        Assert.Equal(fit.CvRmse, general.Result.Fit.CvRmse, 1e-12);
    }

    [Theory]
    [InlineData(37, true)]
    [InlineData(38, false)]
    public void Thirty_seven_days_may_be_missing(int missing, bool accepted)
    {
        MeteredInterval[] rows = [.. Daily.Select((row, day) => day % 9 == 0 && day / 9 < missing ? row with { Use = double.NaN } : row)];
        CalTrackOutcome outcome = FitDays(rows);
        Assert.Equal(accepted, outcome.IsAccepted);
        Assert.Equal(365 - missing, outcome.Fit!.N);
        Assert.Equal(accepted ? [] : new[] { ReasonKind.TooFewPoints }, outcome.Reasons.Select(reason => reason.Kind));
    }

    [Fact]
    public void A_part_of_a_year_is_thin_data()
    {
        CalTrackOutcome outcome = CalTrackDaily.Fit(Daily, Year.Weather, new Period(0, 200 * Day));
        Assert.False(outcome.IsAccepted);
        Assert.Contains("Thin data", Assert.Single(outcome.Reasons).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zero_is_missing_for_electricity_and_a_value_for_gas()
    {
        MeteredInterval[] rows = [.. Daily.Select((row, day) => day % 20 == 3 ? row with { Use = 0 } : row)];
        Assert.Equal(365 - 19, FitDays(rows).Fit!.N);
        Assert.Equal(365, FitDays(rows, MeteredFuel.Gas).Fit!.N);
        Assert.Equal(365, FitDays(rows, MeteredFuel.Water).Fit!.N);
        Assert.Equal((62, 2014), (FitDays(rows, MeteredFuel.Gas).Fit!.CandidateCount, FitDays(rows, MeteredFuel.Water).Fit!.CandidateCount));
    }

    [Fact]
    public void Short_and_long_bills_are_left_out_of_a_baseline_and_short_ones_joined_in_reporting()
    {
        MeteredInterval[] bills = SimulatedYear.Bills(Daily, 30, 10, 31, 40, 30);
        CalTrackOptions monthly = new() { BillLength = BillLength.Monthly };
        CalTrackFit fit = CalTrackBilling.Fit(bills, Year.Weather, SimulatedYear.First, monthly).Fit!;
        Assert.All(fit.Intervals, bill => Assert.InRange(bill.WholeDays, 25, 35));
        CalTrackCounterfactual result = CalTrackCounterfactual.Of(fit, bills, Year.Weather, SimulatedYear.Second);
        Assert.All(result.Rows, row => Assert.InRange(row.Interval.WholeDays, 25, 70));
        Assert.Contains(result.Rows, row => row.Interval.WholeDays == 41);
        Assert.Contains(result.Warnings, warning => warning.Detail.Contains("3.5.5.4", StringComparison.Ordinal));
    }

    [Fact]
    public void Estimated_bills_are_joined_with_the_next_and_count_as_missing()
    {
        // Three estimated months of 30 or 31 days are more than 37 days, though every kilowatt hour is in the sum.
        MeteredInterval[] bills = [.. Monthly.Select((bill, i) => bill with { IsEstimated = i is 1 or 4 or 7 })];
        CalTrackOptions options = new() { BillLength = BillLength.Bimonthly, TemperatureWindow = null };
        CalTrackOutcome outcome = CalTrackBilling.Fit(bills, Year.Weather, SimulatedYear.First, options);
        Assert.Equal(9, outcome.Fit!.N);
        Assert.Equal(Monthly[..12].Sum(bill => bill.Use), outcome.Fit.Intervals.Sum(bill => bill.Use), 1e-9);
        Assert.Contains(outcome.Reasons, reason => reason.Detail.Contains("2.2.1.2", StringComparison.Ordinal));
        Assert.Empty(CalTrackBilling.Fit(Monthly, Year.Weather, SimulatedYear.First).Reasons);
    }

    [Fact]
    public void Rows_without_temperature_count_on_neither_side()
    {
        CalTrackFit fit = FitDays(Daily).Fit!;
        MeteredInterval[] later = [.. Daily.Select(row => new MeteredInterval(row.StartUtcMilliseconds + (10 * Day), row.EndUtcMilliseconds + (10 * Day), row.Use))];
        CalTrackCounterfactual result = CalTrackCounterfactual.Of(fit, later, Year.Weather, new Period(365 * Day, 740 * Day));
        Assert.Equal(375, result.Rows.Count);
        Assert.Equal(365, result.RowCount);
        Assert.Equal(result.Metered, result.Rows.Where(row => !double.IsNaN(row.Use)).Sum(row => row.Interval.Use), 1e-9);
        Assert.Contains(result.Warnings, warning => warning.Detail.Contains("3.5.3.1", StringComparison.Ordinal));
    }

    [Fact]
    public void Bad_rows_are_refused_with_a_reason()
    {
        MeteredInterval first = Daily[0];
        Assert.Equal(ReasonKind.EmptyPeriod, FitDays([]).Reasons[0].Kind);
        Assert.Equal(ReasonKind.NotFinite, FitDays([.. Daily, first with { StartUtcMilliseconds = 1, EndUtcMilliseconds = Day + 1, Use = double.PositiveInfinity }]).Reasons[^1].Kind);
        Assert.Equal(ReasonKind.ConflictingRows, FitDays([.. Daily, first with { Use = 1 }]).Reasons[0].Kind);
        Assert.Equal(ReasonKind.NegativeUse, FitDays([first with { Use = -1 }, .. Daily[1..]]).Reasons[0].Kind);
        Assert.Equal(ReasonKind.ConstantUse, FitDays([.. Daily.Select(row => row with { Use = 7 })]).Reasons[0].Kind);
        Assert.Equal(ReasonKind.NotFinite, FitDays([.. Daily.Select(row => row with { Use = row.Use * 1e200 })]).Reasons[0].Kind);
        Assert.Equal(ReasonKind.EmptyPeriod, FitDays(Monthly).Reasons[0].Kind);
        Assert.All<CalTrackOutcome>(
            [FitDays([]), FitDays([.. Daily, first with { Use = 1 }]), FitDays([.. Daily.Select(row => row with { Use = 7 })])],
            outcome => Assert.Null(outcome.Fit));
        Assert.Throws<ArgumentException>(() => FitDays([new MeteredInterval(5, 5, 1)]));
        Assert.Throws<ArgumentException>(() => FitDays([new MeteredInterval(0, long.MaxValue, 1)]));
        Assert.Throws<ArgumentException>(() => MeteredInterval.FromStarts([2, 1], [1, 2]));
    }

    [Fact]
    public void Rows_in_any_order_and_twice_give_the_same_bits()
    {
        CalTrackFit fit = FitDays(Daily).Fit!;
        CalTrackOutcome turned = FitDays([.. Daily.Reverse(), .. Daily[..5]]);
        Assert.Equal(fit.Coefficients, turned.Fit!.Coefficients);
        Assert.Contains(turned.Warnings, warning => warning.Kind == ReasonKind.RowsPutInOrder);
    }

    [Fact]
    public void A_reporting_period_before_the_baseline_or_in_other_weather_is_refused()
    {
        CalTrackFit fit = CalTrackDaily.Fit(Daily, Year.Weather, SimulatedYear.Second).Fit!;
        Assert.Contains(CalTrackCounterfactual.Of(fit, Daily, Year.Weather, SimulatedYear.First).Reasons, reason => reason.Kind == ReasonKind.PeriodsOverlap);
        CalTrackFit summer = CalTrackDaily.Fit(Daily, Year.Weather, new Period(100 * Day, 220 * Day)).Fit!;
        CalTrackCounterfactual winter = CalTrackCounterfactual.Of(summer, Daily, Year.Weather, new Period(300 * Day, 400 * Day));
        Assert.Contains(winter.Reasons, reason => reason.Kind == ReasonKind.Extrapolation);
        CalTrackCounterfactual empty = CalTrackCounterfactual.Of(summer, [], Year.Weather, SimulatedYear.Second);
        Assert.Equal(ReasonKind.EmptyPeriod, Assert.Single(empty.Reasons).Kind);
        Assert.Equal(double.NaN, empty.Savings);
    }

    [Fact]
    public void The_figures_of_a_fit_reach_the_acceptance_tables()
    {
        CalTrackFit fit = FitDays(Daily).Fit!;
        FitStatistics statistics = FitStatistics.Of(fit);
        Assert.Equal((365, 5, RowFrequency.Daily), (statistics.N, statistics.P, statistics.Frequency));
        Assert.Equal(fit.R2, statistics.R2, 1e-12);
        Assert.Equal(["hdd", "cdd"], statistics.Drivers.Select(driver => driver.Name[..3]));
        Assert.True(SepTests.IsPassed(SepTests.Regression(statistics)));
        Assert.Empty(SepTests.SignWarnings(statistics));
        Assert.True(AcceptanceTables.CalTrack(statistics)[0].Pass);
    }

    private static CalTrackOutcome FitDays(IReadOnlyList<MeteredInterval> rows, MeteredFuel fuel = MeteredFuel.Electricity) =>
        CalTrackDaily.Fit(rows, Year.Weather, SimulatedYear.First, new CalTrackOptions { Fuel = fuel });
}
