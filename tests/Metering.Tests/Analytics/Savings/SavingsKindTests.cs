using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Metering.Tests.Analytics.Simulation;
using Xunit;

namespace Metering.Tests.Analytics.Savings;

public sealed class SavingsKindTests
{
    private static readonly SavingsOptions Auto = new() { Model = ModelKind.Auto, DriversAreCandidates = true };

    [Fact]
    public void Avoided_backcast_and_normalised_agree_on_one_plant()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, 42, new SimulatedPlantOptions { SavingsFraction = 0.2, NoiseShareOfUse = 0.04, Autocorrelation = 0.2 });
        ModelTable table = plant.ToTable();
        SavingsResult avoided = SavingsCalculator.Avoided(table, SimulatedPlant.Baseline, SimulatedPlant.Reporting).Result!;
        SavingsResult backcast = SavingsCalculator.Backcast(table, SimulatedPlant.Baseline, SimulatedPlant.Reporting).Result!;
        ModelTable conditions = Between(table, SimulatedPlant.Baseline);
        SavingsResult normalised = NormalisedSavings.Compute(table, SimulatedPlant.Baseline, SimulatedPlant.Reporting, conditions).Result!;
        Assert.All([avoided, backcast, normalised], result => Assert.InRange(result.SavingsPercent, 18, 22));
        Assert.Equal([SavingsKind.Avoided, SavingsKind.Backcast, SavingsKind.Normalised], new[] { avoided.Kind, backcast.Kind, normalised.Kind });
        Assert.Equal(backcast.Counterfactual - backcast.Metered, backcast.Savings, 1e-6);
        Assert.True(backcast.ProbabilityOfSaving > 0.99 && normalised.ProbabilityOfSaving > 0.99);
    }

    [Fact]
    public void A_claim_twice_the_saving_is_improbable_and_one_at_half_is_certain()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, 7, new SimulatedPlantOptions { SavingsFraction = 0.2, NoiseShareOfUse = 0.04, Autocorrelation = 0 });
        SavingsResult half = Claimed(plant, plant.TrueSavings / 2);
        SavingsResult twice = Claimed(plant, 2 * plant.TrueSavings);
        Assert.True(half.ProbabilityOfClaim > 0.99);
        Assert.True(twice.ProbabilityOfClaim < 0.01);
    }

    [Fact]
    public void A_breakpoint_widens_the_interval()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Cooling, 11, new SimulatedPlantOptions { NoiseShareOfUse = 0.07 });
        SavingsResult result = SavingsCalculator.Avoided(plant.ToTable(plant.Columns()), SimulatedPlant.Baseline, SimulatedPlant.Reporting, Auto).Result!;
        Assert.Equal(ModelKind.ChangePoint, result.Fit.Model);
        Assert.NotEmpty(result.Breakpoints);
        Assert.True(result.Variance.Breakpoints > 0);
        Assert.True(result.Variance.Breakpoints < result.Variance.Total);
        Assert.Equal(1 + result.Fit.Terms.Count + 1, result.Fit.P);
    }

    [Fact]
    public void Candidates_are_told_with_their_savings_and_weights_that_sum_to_one()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.ProductionAndCooling, 5);
        SavingsResult result = SavingsCalculator.Avoided(plant.ToTable(plant.Columns()), SimulatedPlant.Baseline, SimulatedPlant.Reporting, Auto).Result!;
        Assert.Equal(5, result.Candidates.Count);
        Assert.Equal(1, result.Candidates.Sum(candidate => candidate.Weight), 1e-9);
        Assert.All(result.Candidates, candidate => Assert.True(double.IsFinite(candidate.Savings)));
        Assert.Equal(result.Savings, result.Candidates[0].Savings, Math.Abs(result.Savings) * 1e-9);
    }

    [Fact]
    public void Meter_class_and_a_replaced_meter_widen_the_interval()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, 3, new SimulatedPlantOptions { SavingsFraction = 0.2, NoiseShareOfUse = 0.04 });
        SavingsResult plain = Plain(plant, new SavingsOptions());
        SavingsResult one = Plain(plant, new SavingsOptions { MeterClassPercent = 1 });
        SavingsResult two = Plain(plant, new SavingsOptions { MeterClassPercent = 1, IsMeterReplaced = true });
        Assert.Equal(plain.Savings, one.Savings);
        Assert.True(plain.StandardError < one.StandardError && one.StandardError < two.StandardError);
        double gain = 0.01 / Math.Sqrt(3);
        Assert.Equal(Math.Pow(gain * plain.Savings, 2), one.Variance.MeterClass, one.Variance.MeterClass * 1e-12);
        Assert.Equal(Math.Pow(gain * plain.Counterfactual, 2) + Math.Pow(gain * plain.Metered, 2), two.Variance.MeterClass, two.Variance.MeterClass * 1e-12);
    }

    [Fact]
    public void Estimated_rows_bring_their_own_variance()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, 3, new SimulatedPlantOptions { MissingShare = 0 });
        ModelTable table = plant.ToTable();
        double[] variance = new double[plant.Rows];
        for (int row = SimulatedPlant.ReportingStartRow; row < SimulatedPlant.ReportingStartRow + 30; row++)
        {
            variance[row] = 100;
        }

        SavingsResult result = SavingsCalculator.Avoided(table with { UseVariance = variance }, SimulatedPlant.Baseline, SimulatedPlant.Reporting).Result!;
        Assert.Equal(3000, result.Variance.Estimated, 1e-6);
    }

    [Fact]
    public void A_step_is_estimated_with_the_model_and_told_with_and_without()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, 21, new SimulatedPlantOptions
        {
            Event = SimulatedEventKind.StepInReporting, EventShareOfUse = 0.3, NoiseShareOfUse = 0.04, Autocorrelation = 0.2, SavingsFraction = 0.08,
        });
        NonRoutineAdjustment adjustment = new("new line", new Period(SimulatedPlant.StartOf(plant.Event.FirstRow), SimulatedPlant.StartOf(plant.Event.EndRow)));
        SavingsOutcome outcome = SavingsCalculator.Avoided(plant.ToTable(), SimulatedPlant.Baseline, SimulatedPlant.Reporting, new SavingsOptions { Adjustments = [adjustment] });
        SavingsResult result = outcome.Result!;
        AdjustmentSize size = Assert.Single(result.Adjustments);
        Assert.InRange(plant.Event.SizePerDay - size.UsePerRow, -3 * size.StandardError, 3 * size.StandardError);
        Assert.InRange(result.Savings - plant.TrueSavings, -2 * result.HalfWidth, 2 * result.HalfWidth);
        double shift = result.Savings - outcome.WithoutEvents!.Savings;
        Assert.Equal(size.UsePerRow * size.Rows, shift, Math.Abs(shift) * 1e-9);
        Assert.True(result.StandardError > outcome.WithoutEvents.StandardError);
        Assert.Equal(result.HalfWidth, result.CumulativeHalfWidth[^1]);
        Assert.Equal(result.Savings, result.CumulativeSavings[^1], Math.Abs(result.Savings) * 1e-9);
    }

    [Fact]
    public void An_event_that_covers_the_whole_reporting_period_is_refused()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, 21);
        NonRoutineAdjustment adjustment = new("all", SimulatedPlant.Reporting);
        SavingsOutcome outcome = SavingsCalculator.Avoided(plant.ToTable(), SimulatedPlant.Baseline, SimulatedPlant.Reporting, new SavingsOptions { Adjustments = [adjustment] });
        Assert.Null(outcome.Result);
        Assert.Equal(ReasonKind.EventNotEstimable, Assert.Single(outcome.Reasons).Kind);
    }

    [Fact]
    public void A_change_at_the_installation_is_never_an_event()
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, seed, new SimulatedPlantOptions { SavingsFraction = 0.2, NoiseShareOfUse = 0.04, Autocorrelation = 0.2 });
            IReadOnlyList<EventProposal> proposals = EventProposals.Propose(plant.ToTable(), SimulatedPlant.Baseline, SimulatedPlant.Reporting, new SavingsOptions());
            Assert.DoesNotContain(proposals, proposal => proposal.FromUtcMilliseconds == SimulatedPlant.Reporting.StartUtcMilliseconds && proposal.ToUtcMilliseconds is null);
        }
    }

    [Fact]
    public void The_smallest_saving_that_can_be_shown_is_known_before_the_project()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, 9, new SimulatedPlantOptions { NoiseShareOfUse = 0.04, Autocorrelation = 0.4, MissingShare = 0 });
        SavingsResult result = Plain(plant, new SavingsOptions());
        MinimumDetectable detectable = MinimumDetectable.Of(result.Fit, result.MeteredByRow.Count, 0.9);
        Assert.InRange(detectable.Savings / result.HalfWidth, 0.9, 1.1);
        Assert.Equal(detectable.Percent <= 5, detectable.CanShowTenPercent);
        Assert.True(MinimumDetectable.Of(result.Fit, 90, 0.9).Percent > detectable.Percent);
    }

    private static SavingsResult Claimed(SimulatedPlant plant, double claim) => Plain(plant, new SavingsOptions { Claim = claim });

    private static SavingsResult Plain(SimulatedPlant plant, SavingsOptions options) =>
        SavingsCalculator.Avoided(plant.ToTable(), SimulatedPlant.Baseline, SimulatedPlant.Reporting, options).Result!;

    private static ModelTable Between(ModelTable table, Period period)
    {
        int[] rows = [.. Enumerable.Range(0, table.StartUtcMilliseconds.Count).Where(row => period.Contains(table.StartUtcMilliseconds[row]))];
        return new ModelTable
        {
            StartUtcMilliseconds = [.. rows.Select(row => table.StartUtcMilliseconds[row])],
            Use = [.. rows.Select(row => double.NaN)],
            Drivers = [.. table.Drivers.Select(driver => new Driver(driver.Name, [.. rows.Select(row => driver.Values[row])]))],
        };
    }
}
