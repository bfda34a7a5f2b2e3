#pragma warning disable IDE0011
using Metering.Analytics.Baselines;
using Metering.Analytics.Savings;
using Metering.Tests.Analytics.Simulation;
using Xunit;

namespace Metering.Tests.Analytics.Savings;

public sealed class ZzScore
{
    [Fact]
    public void Score()
    {
        System.Text.StringBuilder log = new();
        foreach (string mode in new[] { "oracle", "auto" })
        {
            List<double> errors = []; List<double> pulls = []; int held = 0, total = 0, refused = 0, falses = 0, zeros = 0; double width = 0;
            Dictionary<string, (int, int, double)> byKind = [];
            System.Diagnostics.Stopwatch watch = new();
            for (ulong seed = 1; seed <= 240; seed++)
            {
                SimulatedKind kind = (SimulatedKind)(seed % 8);
                SimulatedPlant plant = SimulatedPlant.Create(kind, seed * 7919);
                ModelTable table = plant.ToTable(mode == "oracle" ? null : plant.Columns());
                watch.Start();
                SavingsOutcome outcome = SavingsCalculator.Avoided(table, SimulatedPlant.Baseline, SimulatedPlant.Reporting, new SavingsOptions { Model = mode == "oracle" ? ModelKind.Ols : ModelKind.Auto, DriversAreCandidates = true });
                watch.Stop();
                if (outcome.Result is not { } r) { refused++; log.AppendLine($"{plant}: {outcome.Reasons[0].Detail}"); continue; }
                double error = Math.Abs(r.Savings - plant.TrueSavings) / plant.ExpectedCounterfactual * 100;
                errors.Add(error);
                bool ok = Math.Abs(r.Savings - plant.TrueSavings) <= r.HalfWidth;
                held += ok ? 1 : 0; total++; width += r.HalfWidth / r.Counterfactual * 100;
                if (plant.SavingsFraction == 0) { zeros++; falses += r.Savings - r.HalfWidth > 0 ? 1 : 0; }
                var k = byKind.GetValueOrDefault(kind.ToString()); byKind[kind.ToString()] = (k.Item1 + 1, k.Item2 + (ok ? 1 : 0), k.Item3 + error);
                if (mode == "auto" && !ok) log.AppendLine($"{plant}: err {error:0.00} hw {r.HalfWidth / r.Counterfactual * 100:0.00} rho {r.Autocorrelation:0.00} terms {string.Join(",", r.Fit.Terms.Select((_, j) => r.Fit.TermName(j)))}");
            }
            errors.Sort();
            log.AppendLine($"== {mode}: n {total} refused {refused} median {errors[errors.Count / 2]:0.00} p90 {errors[(int)(errors.Count * 0.9)]:0.00} coverage {held / (double)total:0.000} width {width / total:0.00} false {falses}/{zeros} ms {watch.Elapsed.TotalMilliseconds / 240:0.0}");
            foreach (var (k, v) in byKind) log.AppendLine($"   {k} {v.Item2}/{v.Item1} mean err {v.Item3 / v.Item1:0.00}");
        }
        File.WriteAllText("/tmp/score.txt", log.ToString());
    }
}
