#pragma warning disable IDE0011
using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;
using Metering.Tests.Analytics.Simulation;
using Xunit;

namespace Metering.Tests.Analytics.Savings;

public sealed class ZzDiag
{
    [Fact]
    public void Diag()
    {
        System.Text.StringBuilder log = new();
        double[] noise = [0.04, 0.07, 0.15, 0.04, 0.07, 0.15, 0.04, 0.04, 0.10, 0.04, 0.07, 0.15, 0.04, 0.15, 0.04, 0.07, 0.04, 0.15, 0.04, 0.07];
        foreach (SimulatedEventKind kind in new[] { SimulatedEventKind.None, SimulatedEventKind.StepInReporting, SimulatedEventKind.TemporaryInBaseline, SimulatedEventKind.TemporaryInReporting, SimulatedEventKind.StepInBaseline, SimulatedEventKind.DriftInReporting })
        {
            List<double> errs = []; List<double> oracle = []; int held = 0; int fp = 0, zero = 0, ofp = 0, of = 0; int falseEvents = 0;
            int runs = kind == SimulatedEventKind.None ? 480 : 160;
            for (int run = 0; run < runs; run++)
            {
                SimulatedPlant plant = SimulatedPlant.Create((SimulatedKind)(run % 8), 5_000_000 + (ulong)(run * 13), new SimulatedPlantOptions { Event = kind, NoiseShareOfUse = noise[run / 8 % noise.Length] });
                SavingsOptions options = new() { Model = ModelKind.Auto, DriversAreCandidates = true };
                ModelTable table = plant.ToTable(plant.Columns());
                var props = EventProposals.Propose(table, SimulatedPlant.Baseline, SimulatedPlant.Reporting, options);
                falseEvents += kind == SimulatedEventKind.None ? props.Count(p => p.Kind != Metering.Analytics.Events.EventKind.OutlierDays) : 0;
                var o = SavingsCalculator.Avoided(table, SimulatedPlant.Baseline, SimulatedPlant.Reporting, kind == SimulatedEventKind.None ? options : options with { Adjustments = EventProposals.Adjustments(props, SimulatedPlant.Reporting) });
                if (o.Result is not { } r) { log.AppendLine($"refused {plant}: {o.Reasons[0].Detail}"); continue; }
                double e = 100 * (r.Savings - plant.TrueSavings) / plant.ExpectedCounterfactual;
                errs.Add(Math.Abs(e));
                bool ok = Math.Abs(r.Savings - plant.TrueSavings) <= r.HalfWidth;
                held += ok ? 1 : 0;
                if (kind == SimulatedEventKind.None)
                {
                    var w = SavingsCalculator.Avoided(plant.ToTable(), SimulatedPlant.Baseline, SimulatedPlant.Reporting).Result!;
                    oracle.Add(100 * Math.Abs(w.Savings - plant.TrueSavings) / plant.ExpectedCounterfactual);
                    if (plant.SavingsFraction == 0) { zero++; fp += r.Savings > r.HalfWidth ? 1 : 0; ofp += w.Savings > w.HalfWidth ? 1 : 0; }
                    of += Math.Abs(w.Savings - plant.TrueSavings) <= w.HalfWidth ? 1 : 0;
                    if (Math.Abs(e) > oracle[^1] + 0.7) log.AppendLine($"   {plant} err {e:0.00} oracle {oracle[^1]:0.00} [{string.Join(",", r.Fit.Terms.Select((_, j) => r.Fit.TermName(j)))}] vs {string.Join(",", plant.RelevantColumns)}");
                }
                else if (Math.Abs(e) > 3) log.AppendLine($"   {plant} err {e:0.00} hw {100 * r.HalfWidth / plant.ExpectedCounterfactual:0.00} [{string.Join(";", props.Select(p => $"{p.Kind} {p.Period} row {(p.FromUtcMilliseconds - SimulatedPlant.StartOf(0)) / 86400000}-{(p.ToUtcMilliseconds is { } t ? (t - SimulatedPlant.StartOf(0)) / 86400000 : 0)} {p.SizePerInterval:0.00}{(p.IsNearInstallation ? " near" : "")}"))}] {string.Join(",", r.Fit.Terms.Select((_, j) => r.Fit.TermName(j)))} end {plant.Event.EndRow}");
            }
            errs.Sort(); oracle.Sort();
            log.AppendLine($"== {kind}: n {errs.Count} median {errs[errs.Count / 2]:0.00} p90 {errs[(int)(errs.Count * .9)]:0.00} coverage {held / (double)errs.Count:0.000} oracle {(oracle.Count > 0 ? $"{oracle[oracle.Count / 2]:0.00} {oracle[(int)(oracle.Count * .9)]:0.00} cov {of / (double)oracle.Count:0.000}" : "")} fp {fp}/{zero} oracle {ofp} false/20py {10.0 * falseEvents / runs:0.00}");
        }
        File.WriteAllText("/tmp/diag.txt", log.ToString());
    }
}
