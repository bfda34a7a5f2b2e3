using Metering.Analytics.Events;
using Metering.Tests.Analytics.Simulation;
using Xunit;

namespace Metering.Tests.Analytics.Events;

/// <summary>What is proposed, what is not, and what is refused.</summary>
public sealed class EventScannerTests
{
    private const long Day = 86_400_000;
    private static readonly SimulatedKind[] Kinds = Enum.GetValues<SimulatedKind>();

    [Fact]
    public void A_step_in_the_reporting_period_is_proposed_with_its_day_and_size()
    {
        foreach (SimulatedKind kind in Kinds)
        {
            SimulatedPlant plant = Clear(kind, 11, SimulatedEventKind.StepInReporting, 0.25);
            EventProposal found = Clearest(plant, EventKind.StepChange, EventPeriod.Reporting);
            Near(plant, found.FromUtcMilliseconds, plant.Event.FirstRow);
            Assert.Null(found.ToUtcMilliseconds);
            Assert.True(Math.Abs(found.SizePerInterval - plant.Event.SizePerDay) < 3 * found.SizeHalfWidth, $"{plant}: {found}");
            Assert.True(found.ShownUtcMilliseconds.Count > 0.9 * found.Intervals, $"{plant}: {found}");
            Assert.True(found.LikelihoodGain > found.Penalty && !found.IsNearInstallation, $"{plant}: {found}");
        }
    }

    [Fact]
    public void Three_weeks_of_excess_in_the_baseline_are_one_temporary_event()
    {
        foreach (SimulatedKind kind in Kinds)
        {
            SimulatedPlant plant = Clear(kind, 12, SimulatedEventKind.TemporaryInBaseline, 0.3);
            EventProposal found = Clearest(plant, EventKind.Temporary, EventPeriod.Baseline);
            Near(plant, found.FromUtcMilliseconds, plant.Event.FirstRow);
            Near(plant, found.ToUtcMilliseconds ?? 0, plant.Event.EndRow);
            Assert.True(Math.Abs(found.SizePerInterval - plant.Event.SizePerDay) < 3 * found.SizeHalfWidth, $"{plant}: {found}");
        }
    }

    [Fact]
    public void A_slow_growth_is_proposed_as_a_drift_with_its_slope()
    {
        foreach (SimulatedKind kind in Kinds)
        {
            SimulatedPlant plant = Clear(kind, 13, SimulatedEventKind.DriftInReporting, 0.4);
            EventProposal found = Clearest(plant, EventKind.Drift, EventPeriod.Reporting);
            double slope = plant.Event.SizePerDay / (plant.Event.EndRow - plant.Event.FirstRow);
            Assert.True(Math.Abs((found.SlopePerDay ?? 0) - slope) < 0.2 * slope, $"{plant}: {found}");
            Assert.Equal(1, found.WeightAt(found.LastUtcMilliseconds));
            Assert.Equal(0, found.WeightAt(found.FromUtcMilliseconds));
        }
    }

    [Fact]
    public void A_saving_in_proportion_to_use_is_no_event()
    {
        List<string> found = [];
        foreach (SimulatedKind kind in Kinds)
        {
            for (ulong seed = 20; seed < 25; seed++)
            {
                SimulatedPlant plant = SimulatedPlant.Create(kind, seed, new SimulatedPlantOptions { SavingsFraction = 0.3, NoiseShareOfUse = 0.01, Autocorrelation = 0.2 });
                found.AddRange(new EventHarness(plant).Events.Select(change => $"{plant}: {change}"));
            }
        }

        // Chance alone brings about two in these eighty years; taking the saving of 30 % for events would bring one a plant.
        Assert.True(found.Count <= 5, string.Join('\n', found));
    }

    [Fact]
    public void A_wild_day_is_an_outlier_and_hides_no_step()
    {
        SimulatedPlant plant = Clear(SimulatedKind.Production, 14, SimulatedEventKind.StepInReporting, 0.25);
        int wild = SimulatedPlant.ReportingStartRow + 40;
        plant.Use[wild] = 1000 * plant.Expected[wild];
        EventScanResult scan = new EventHarness(plant).Scan;
        EventProposal outlier = Assert.Single(scan.Proposals, proposal => proposal.Kind == EventKind.OutlierDays);
        Assert.Equal(SimulatedPlant.StartOf(wild), outlier.FromUtcMilliseconds);
        Assert.Equal([SimulatedPlant.StartOf(wild)], outlier.ShownUtcMilliseconds);
        Assert.Single(scan.Proposals, proposal => proposal.Kind == EventKind.StepChange);
    }

    [Fact]
    public void A_step_soon_after_the_installation_is_marked_as_near_it()
    {
        SimulatedPlant plant = Clear(SimulatedKind.Cooling, 15, SimulatedEventKind.None, 0);
        for (int i = SimulatedPlant.ReportingStartRow + 15; i < plant.Rows; i++)
        {
            plant.Use[i] += 0.2 * plant.Expected[0];
        }

        EventProposal found = Clearest(plant, EventKind.StepChange, EventPeriod.Reporting);
        Assert.True(found.IsNearInstallation);
    }

    [Fact]
    public void Events_do_not_depend_on_the_unit_of_use()
    {
        EventHarness harness = new(Clear(SimulatedKind.TwoProducts, 16, SimulatedEventKind.StepInReporting, 0.2));
        EventScanRows rows = harness.ReportingRows;
        EventScanRows larger = rows with
        {
            Residuals = [.. rows.Residuals.Select(value => 1024 * value)],
            Predictions = [.. rows.Predictions.Select(value => 1024 * value)],
        };
        EventProposal one = Assert.Single(EventScanner.Scan(null, rows).Proposals);
        EventProposal other = Assert.Single(EventScanner.Scan(null, larger).Proposals);
        Assert.Equal(one.FromUtcMilliseconds, other.FromUtcMilliseconds);
        Assert.Equal(1024 * one.SizePerInterval, other.SizePerInterval, 1e-9 * Math.Abs(other.SizePerInterval));
        Assert.Equal(EventScanRefusal.NotGiven, EventScanner.Scan(null, rows).Baseline.Refusal);
    }

    [Fact]
    public void A_warm_workspace_gives_the_same_result()
    {
        EventScanWorkspace workspace = new();
        foreach (SimulatedEventKind kind in Enum.GetValues<SimulatedEventKind>())
        {
            SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.WorkdayBase, 17 + (ulong)kind, new SimulatedPlantOptions { Event = kind });
            EventHarness warm = new(plant, null, workspace);
            EventHarness cold = new(plant);
            Assert.Equal(cold.Events.Select(found => (found.Kind, found.FromUtcMilliseconds, found.SizePerInterval, found.LikelihoodGain)),
                warm.Events.Select(found => (found.Kind, found.FromUtcMilliseconds, found.SizePerInterval, found.LikelihoodGain)));
        }
    }

    [Theory]
    [InlineData(10, EventScanRefusal.TooFewRows)]
    [InlineData(20_001, EventScanRefusal.TooManyRows)]
    public void Too_few_and_too_many_rows_are_refused(int count, EventScanRefusal expected) =>
        Assert.Equal(expected, EventScanner.Scan(null, Rows(count, i => i % 7)).Reporting.Refusal);

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void Huge_and_tiny_values_give_finite_sizes(double unit)
    {
        EventScanResult scan = EventScanner.Scan(null, Rows(200, i => unit * ((i % 7) - (i * i % 5) + (i > 120 ? 20 : 0))));
        EventProposal found = Assert.Single(scan.Proposals);
        Assert.Equal(20 * unit, found.SizePerInterval, 2 * unit);
        Assert.True(double.IsFinite(found.Total) && double.IsFinite(found.TotalDateDeviation) && double.IsFinite(found.SizeHalfWidth), $"{found}");
    }

    [Fact]
    public void Residuals_that_stand_still_are_refused() =>
        Assert.Equal(EventScanRefusal.NoScatter, EventScanner.Scan(null, Rows(200, _ => 3)).Reporting.Refusal);

    [Fact]
    public void Rows_that_are_not_numbers_or_not_in_order_are_errors_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => EventScanner.Scan(null, Rows(100, i => i == 50 ? double.NaN : i % 7)));
        Assert.Throws<ArgumentException>(() => EventScanner.Scan(null, Rows(100, i => i == 50 ? double.PositiveInfinity : i % 7)));
        EventScanRows rows = Rows(100, i => i % 7);
        Assert.Throws<ArgumentException>(() => EventScanner.Scan(null, rows with { StartUtcMilliseconds = [.. rows.StartUtcMilliseconds.Reverse()] }));
        Assert.Throws<ArgumentException>(() => EventScanner.Scan(null, rows with { Predictions = [1] }));
        Assert.Throws<ArgumentException>(() => EventScanner.Scan(rows, rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => EventScanner.Scan(null, rows, new EventScanOptions { StepPenalty = double.NaN }));
    }

    [Fact]
    public void A_decision_needs_a_person_and_a_reason()
    {
        EventProposal found = Clearest(Clear(SimulatedKind.Water, 18, SimulatedEventKind.StepInReporting, 0.25), EventKind.StepChange, EventPeriod.Reporting);
        DateTimeOffset instant = DateTimeOffset.UnixEpoch;
        EventDecision decision = new(EventDecisionKind.NonRoutinePermanent, found, "Ana Ruiz", "A second shift since July.", instant, new string('a', 64));
        Assert.Equal("Ana Ruiz", decision.Person);
        Assert.Throws<ArgumentException>(() => new EventDecision(EventDecisionKind.DataFault, found, " ", "why", instant));
        Assert.Throws<ArgumentException>(() => new EventDecision(EventDecisionKind.DataFault, found, "who", "", instant));
        Assert.Throws<ArgumentException>(() => new EventDecision(EventDecisionKind.DataFault, found, "who", "why", instant, "abc"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventDecision((EventDecisionKind)9, found, "who", "why", instant));
    }

    /// <summary>A plant with little noise, so that what must be found is beyond doubt.</summary>
    private static SimulatedPlant Clear(SimulatedKind kind, ulong seed, SimulatedEventKind change, double share) =>
        SimulatedPlant.Create(kind, seed, new SimulatedPlantOptions
        {
            Event = change,
            EventShareOfUse = share,
            Autocorrelation = 0.4,
            NoiseShareOfUse = 0.04,
            SavingsFraction = 0.08,
        });

    private static EventProposal Clearest(SimulatedPlant plant, EventKind kind, EventPeriod period)
    {
        EventHarness harness = new(plant);
        EventProposal[] fitting = [.. harness.Events.Where(change => change.Kind == kind && change.Period == period)];
        EventProposal? largest = fitting.MaxBy(change => change.LikelihoodGain);
        Assert.True(largest is not null, $"{plant}: {string.Join('\n', harness.Events)}");
        return largest!;
    }

    private static void Near(SimulatedPlant plant, long instant, int row) =>
        Assert.True(Math.Abs(instant - SimulatedPlant.StartOf(row)) <= 3 * Day, $"{plant}: {(instant - SimulatedPlant.StartOf(row)) / Day} days off");

    private static EventScanRows Rows(int count, Func<int, double> residual) => new()
    {
        StartUtcMilliseconds = [.. Enumerable.Range(0, count).Select(i => i * Day)],
        Residuals = [.. Enumerable.Range(0, count).Select(residual)],
        Predictions = [.. Enumerable.Range(0, count).Select(i => 100.0 + (i % 11))],
    };
}
