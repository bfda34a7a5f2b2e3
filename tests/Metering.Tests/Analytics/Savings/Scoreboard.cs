using System.Globalization;
using Metering.Analytics.Baselines;
using Metering.Analytics.Events;
using Metering.Analytics.Savings;
using Metering.Tests.Analytics.Simulation;

namespace Metering.Tests.Analytics.Savings;

/// <summary>Errors and coverage of the whole way from rows to a saving, over simulated plants with a known saving.</summary>
internal sealed class Scoreboard
{
    private readonly List<double> errors = [];
    private readonly List<string> refusals = [];
    private int held;
    private int withoutSaving;
    private int falseSavings;

    public int Count => errors.Count;

    public int FalseEvents { get; private set; }

    public int Refused { get; private set; }

    public double MedianPercent => Quantile(0.5);

    public double P90Percent => Quantile(0.9);

    public double Coverage => held / (double)errors.Count;

    /// <summary>Plants that save nothing and are said to save, as a share of those that save nothing.</summary>
    public double FalsePositives => withoutSaving == 0 ? 0 : falseSavings / (double)withoutSaving;

    public double FalseEventsPerTwentyPlantYears => 20 * FalseEvents / (2.0 * errors.Count);

    /// <summary>A saving as a user gets it: model chosen among all columns, events proposed and applied when asked for.</summary>
    public void Add(SimulatedPlant plant, bool withEvents)
    {
        SavingsOptions options = new() { Model = ModelKind.Auto, DriversAreCandidates = true };
        ModelTable table = plant.ToTable(plant.Columns());
        if (withEvents)
        {
            IReadOnlyList<EventProposal> proposals = EventProposals.Propose(table, SimulatedPlant.Baseline, SimulatedPlant.Reporting, options);
            FalseEvents += plant.Event.Kind == SimulatedEventKind.None ? proposals.Count(proposal => proposal.Kind != EventKind.OutlierDays) : 0;
            options = options with { Adjustments = EventProposals.Adjustments(proposals, SimulatedPlant.Reporting) };
        }

        Add(plant, SavingsCalculator.Avoided(table, SimulatedPlant.Baseline, SimulatedPlant.Reporting, options));
    }

    /// <summary>A saving with the right model given.</summary>
    public void AddRightModel(SimulatedPlant plant) =>
        Add(plant, SavingsCalculator.Avoided(plant.ToTable(), SimulatedPlant.Baseline, SimulatedPlant.Reporting, new SavingsOptions { Model = ModelKind.Ols }));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} plants: median error {MedianPercent:0.00} %, p90 {P90Percent:0.00} %, coverage {Coverage:0.000}, false savings {FalsePositives:0.000}, false events per 20 plant-years {FalseEventsPerTwentyPlantYears:0.00}, refused {Refused} {string.Join("; ", refusals)}");

    private void Add(SimulatedPlant plant, SavingsOutcome outcome)
    {
        if (outcome.Result is not { } result)
        {
            Refused++;
            refusals.Add($"{plant}: {outcome.Reasons[0].Detail}");
            return;
        }

        double error = result.Savings - plant.TrueSavings;
        errors.Add(100 * Math.Abs(error) / plant.ExpectedCounterfactual);
        held += Math.Abs(error) <= result.HalfWidth ? 1 : 0;
        if (plant.SavingsFraction == 0)
        {
            withoutSaving++;
            falseSavings += result.Savings > result.HalfWidth ? 1 : 0;
        }
    }

    private double Quantile(double share)
    {
        double[] sorted = [.. errors.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
