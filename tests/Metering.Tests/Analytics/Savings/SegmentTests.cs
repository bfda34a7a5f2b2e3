using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Xunit;

namespace Metering.Tests.Analytics.Savings;

public sealed class SegmentTests
{
    private const long Day = 86_400_000;
    private static readonly Period Before = new(0, 365 * Day);
    private static readonly Period After = new(365 * Day, 730 * Day);

    [Fact]
    public void Each_segment_gets_a_use_and_a_slope_of_its_own()
    {
        Random random = new(5);
        string[] shift = [.. Enumerable.Range(0, 730).Select(day => new[] { "day", "day", "night", "idle" }[random.Next(4)])];
        double[] tonnes = [.. Enumerable.Range(0, 730).Select(_ => 10 + (10 * random.NextDouble()))];
        double[] use = [.. Enumerable.Range(0, 730).Select(day => 100 + (shift[day] == "night" ? 8 : 3) * tonnes[day] + (shift[day] == "idle" ? -30 : 0) + random.NextDouble())];
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, 730).Select(day => day * Day)],
            Use = use,
            Drivers = [new Driver("tonnes", tonnes), .. Driver.Segments("shift", shift)],
        };
        Assert.Equal(["tonnes", "shift=idle", "shift=night"], table.Drivers.Select(driver => driver.Name));
        SavingsResult result = SavingsCalculator.Avoided(table, Before, After, new SavingsOptions { Model = ModelKind.Auto }).Result!;
        Assert.Contains(result.Fit.Terms, term => term.Kind == TermKind.Product && table.Drivers[term.Second].Name == "shift=night");
        Assert.True(result.Fit.CvRmse < 0.01, $"CV(RMSE) {result.Fit.CvRmse}");
        Assert.InRange(result.SavingsPercent, -0.5, 0.5);
    }

    [Fact]
    public void A_column_with_one_code_or_with_too_many_is_no_segment()
    {
        Assert.Throws<ArgumentException>(() => Driver.Segments("shift", ["a", "a", ""]));
        Assert.Throws<ArgumentException>(() => Driver.Segments("shift", [.. Enumerable.Range(0, 13).Select(code => $"{code}")]));
        Assert.True(double.IsNaN(Driver.Segments("shift", ["a", "b", ""])[0].Values[2]));
    }

    [Fact]
    public void Temperature_is_only_given_slopes_that_physics_allows()
    {
        Random random = new(9);
        double[] temperature = [.. Enumerable.Range(0, 730).Select(day => 18 + (8 * Math.Sin(day / 58.1)) + random.NextDouble())];
        double[] use = [.. temperature.Select(value => 100 + (3 * Math.Max(0, 20 - value)) - (2 * Math.Max(0, value - 23)) + random.NextDouble())];
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, 730).Select(day => day * Day)],
            Use = use,
            Drivers = [new Driver("outdoor", temperature, DriverRole.HeatingTemperature)],
        };
        SavingsOptions options = new() { Model = ModelKind.ChangePoint };
        SavingsResult limited = SavingsCalculator.Avoided(table, Before, After, options).Result!;
        Assert.All(limited.Fit.Terms, term => Assert.Equal(TermKind.Below, term.Kind));
        ModelTable free = table with { Drivers = [new Driver("outdoor", temperature)] };
        SavingsResult any = SavingsCalculator.Avoided(free, Before, After, options).Result!;
        Assert.True(any.Fit.SumOfSquaredErrors < limited.Fit.SumOfSquaredErrors);
    }

    [Fact]
    public void A_candidate_that_has_not_seen_the_conditions_has_no_say()
    {
        Random random = new(17);
        double[] driver = [.. Enumerable.Range(0, 730).Select(day => day < 365 ? random.NextDouble() : 5)];
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, 730).Select(day => day * Day)],
            Use = [.. Enumerable.Range(0, 730).Select(_ => 100 + (5 * random.NextDouble()))],
            Drivers = [new Driver("x", driver)],
        };
        SavingsResult result = SavingsCalculator.Avoided(table, Before, After, new SavingsOptions { Model = ModelKind.Auto }).Result!;
        Assert.Equal(ModelKind.Mean, result.Fit.Model);
        Assert.Equal(0, result.Variance.BetweenModels);
        Assert.All(result.Candidates.Where(candidate => candidate.Terms.Count > 0), candidate => Assert.True(double.IsNaN(candidate.Savings)));
    }

    [Fact]
    public void An_event_that_covers_the_whole_baseline_is_named_as_the_cause()
    {
        ModelTable table = new()
        {
            StartUtcMilliseconds = [.. Enumerable.Range(0, 730).Select(day => day * Day)],
            Use = [.. Enumerable.Range(0, 730).Select(day => 100.0 + (day % 7))],
            Drivers = [new Driver("x", [.. Enumerable.Range(0, 730).Select(day => (double)(day % 5))])],
        };
        SavingsOptions options = new() { Model = ModelKind.Auto, Adjustments = [new NonRoutineAdjustment("all", new Period(0, 730 * Day))] };
        Assert.Equal(ReasonKind.EventNotEstimable, Assert.Single(SavingsCalculator.Avoided(table, Before, After, options).Reasons).Kind);
    }

    [Fact]
    public void A_plan_says_what_does_not_fit_its_option()
    {
        StipulatedFactor hours = new("operating hours", 4000, "h", 5, "timetable");
        Assert.Empty(new MeasurementPlan { Option = IpmvpOption.C, Boundary = "whole plant" }.Faults());
        Assert.Empty(new MeasurementPlan { Option = IpmvpOption.A, Boundary = "pump 3", Stipulated = [hours] }.Faults());
        Assert.Equal(5, new MeasurementPlan { Option = IpmvpOption.A, Boundary = "pump 3", Stipulated = [hours] }.StipulatedPercent);
        Assert.NotEmpty(new MeasurementPlan { Option = IpmvpOption.A, Boundary = "pump 3" }.Faults());
        Assert.NotEmpty(new MeasurementPlan { Option = IpmvpOption.B, Boundary = "pump 3", Stipulated = [hours] }.Faults());
        Assert.NotEmpty(new MeasurementPlan { Option = IpmvpOption.D, Boundary = "hall" }.Faults());
        Assert.NotEmpty(new MeasurementPlan { Option = IpmvpOption.D, Boundary = "hall", Simulation = new(10, 1, "tool 1.0", 0.2) }.Faults());
    }
}
