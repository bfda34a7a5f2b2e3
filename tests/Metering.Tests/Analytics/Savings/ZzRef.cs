#pragma warning disable IDE0011
using System.Globalization;
using System.Text.Json;
using Metering.Analytics.Baselines;
using Metering.Analytics.Intervals;
using Metering.Analytics.Savings;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Analytics.Savings;

public sealed class ZzRef
{
    [Fact]
    public void Score()
    {
        System.Text.StringBuilder log = new();
        string folder = Repository.SharedFile("reference/mv/synthetic/savings")!;
        foreach (JsonElement t in JsonDocument.Parse(File.ReadAllText(folder + "/truth.json")).RootElement.EnumerateArray())
        {
            string id = t.GetProperty("id").GetString()!;
            string[] lines = File.ReadAllLines($"{folder}/{id}.csv");
            string[] names = lines[0].Split(',');
            double[][] cols = [.. Enumerable.Range(1, names.Length - 1).Select(c => lines.Skip(1).Select(l => l.Split(',')[c] is { Length: > 0 } v ? double.Parse(v, CultureInfo.InvariantCulture) : double.NaN).ToArray())];
            ModelTable table = new() { StartUtcMilliseconds = [.. lines.Skip(1).Select(l => new DateTimeOffset(DateOnly.Parse(l[..10], CultureInfo.InvariantCulture).ToDateTime(default), TimeSpan.Zero).ToUnixTimeMilliseconds())], Use = cols[0], Drivers = [.. names.Skip(2).Select((n, j) => new Driver(n, cols[j + 1]))] };
            Period P(string n) => Period.FromDays(DateOnly.Parse(t.GetProperty(n)[0].GetString()!, CultureInfo.InvariantCulture), DateOnly.Parse(t.GetProperty(n)[1].GetString()!, CultureInfo.InvariantCulture), TimeZoneInfo.Utc);
            SavingsOptions op = new() { Model = ModelKind.Auto, DriversAreCandidates = true };
            var props = EventProposals.Propose(table, P("baseline"), P("reporting"), op);
            SavingsOutcome o = SavingsCalculator.Avoided(table, P("baseline"), P("reporting"), op with { Adjustments = EventProposals.Adjustments(props, P("reporting")) });
            double truth = t.GetProperty("true_avoided_on_observed_days").GetDouble();
            double cf = t.GetProperty("expected_counterfactual_total").GetDouble();
            string nre = t.GetProperty("nre").ValueKind == JsonValueKind.Null ? "-" : t.GetProperty("nre").GetProperty("kind").GetString()!;
            if (o.Result is not { } r) { log.AppendLine($"{id} refused {o.Reasons[0].Detail}"); continue; }
            log.AppendLine($"{id} {t.GetProperty("kind").GetString(),-6} {nre,-20} rho {t.GetProperty("rho").GetDouble():0.0}/{r.Autocorrelation:0.00} cv {t.GetProperty("cv").GetDouble():0.00}/{r.Fit.CvRmse:0.000} err {100 * (r.Savings - truth) / cf,6:0.00} hw {100 * r.HalfWidth / cf:0.00} {(Math.Abs(r.Savings - truth) <= r.HalfWidth ? "in" : "OUT")} [{string.Join(";", props.Select(p => $"{p.Kind} {DateTimeOffset.FromUnixTimeMilliseconds(p.FromUtcMilliseconds):MM-dd} {p.SizePerInterval:0.0}{(p.IsNearInstallation ? " near" : "")}"))}] {string.Join(",", r.Fit.Terms.Select((_, j) => r.Fit.TermName(j)))}");
        }
        File.WriteAllText("/tmp/ref.txt", log.ToString());
    }
}
