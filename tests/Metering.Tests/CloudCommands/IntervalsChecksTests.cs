using System.Globalization;
using System.Text.Json;
using Metering.Cloud.Commands;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.CloudCommands;

public sealed class IntervalsChecksTests : IDisposable
{
    private const int Wednesday = (5 * 168) + 48;
    private readonly CommandRunner runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public void An_ordinary_plant_passes_every_check_and_those_that_did_not_run_have_no_count()
    {
        JsonElement answer = Check(new IntervalsPlant(6).Csv());
        Assert.Empty(answer.GetProperty("checks").EnumerateArray());
        JsonElement counts = answer.GetProperty("checkCounts");
        Assert.All(new[] { "spike", "sum-check", "stuck", "high-use", "low-use", "unusual-zero", "gap", "duplicate", "negative", "unit-slip", "prolonged-estimation", "out-of-order" }, rule => Assert.Equal(0, counts.GetProperty(rule).GetInt32()));
        Assert.All(new[] { "power-factor", "siblings", "main-and-subs", "time-sync" }, rule => Assert.Equal(JsonValueKind.Null, counts.GetProperty(rule).ValueKind));
    }

    [Fact]
    public void A_spike_is_listed_with_its_ratio_its_limit_and_a_sentence()
    {
        IntervalsPlant plant = new(6) { [Wednesday + 10] = 520, [Wednesday + 11] = 104, [Wednesday + 12] = 104 };
        JsonElement found = Assert.Single(Check(plant.Csv(), "--max-rate", "500").GetProperty("checks").EnumerateArray());
        Assert.Equal(("spike", 1, "kwh"), (found.GetProperty("rule").GetString(), found.GetProperty("version").GetInt32(), found.GetProperty("channel").GetString()));
        Assert.Equal((IntervalsPlant.Stamp(Wednesday + 10), IntervalsPlant.Stamp(Wednesday + 11)), (found.GetProperty("from").GetString(), found.GetProperty("to").GetString()));

        // (52 - 10.4) / 10.4
        Assert.Equal(4, found.GetProperty("value").GetDouble(), 1e-9);
        Assert.Equal(1.8, found.GetProperty("limit").GetDouble());
        Assert.Equal("The highest interval of the day is 5 times the third highest.", found.GetProperty("detail").GetString());
    }

    [Fact]
    public void Stamps_that_repeat_or_go_back_are_listed()
    {
        JsonElement answer = Check("time,kwh\n2025-03-01 00:00,1\n2025-03-01 01:00,2\n2025-03-01 01:00,2\n2025-03-01 03:00,4\n2025-03-01 02:00,3\n2025-03-01 04:00,5\n");
        JsonElement[] found = [.. answer.GetProperty("checks").EnumerateArray()];
        Assert.Equal(["duplicate", "out-of-order"], found.Select(finding => finding.GetProperty("rule").GetString()));
        Assert.Equal(3600, found[1].GetProperty("value").GetDouble());
    }

    [Fact]
    public void The_text_of_intervals_checks_and_findings_follows_the_language()
    {
        string path = runner.Write("r.csv", "time,kwh\n2025-03-01 00:00,1\n2025-03-01 01:00,2\n2025-03-01 01:00,2\n2025-03-01 03:00,4\n2025-03-01 02:00,3\n2025-03-01 04:00,5\n");
        string[] asked = ["--csv", path, "--time", "time", "--register", "kwh", "--step", "1h", "--checks", "--estimate"];
        Assert.Equal(0, runner.Run(IntervalsCommand.Create(Language.Spanish), asked));
        Assert.All(
            [
                "Total       4 en 4 intervalos", "4 medidos", "(primero)", "lectura repetida: La lectura 2 vino 2 veces; cuenta una.",
                "lecturas en desorden: 1 lecturas estaban después de una posterior", "Revisiones", "La fecha está 2 veces seguidas.", "La fecha es 3600 s anterior a la de arriba.", "Validado    4 en 4 intervalos",
            ],
            told => Assert.Contains(told, runner.Output, StringComparison.Ordinal));
        Assert.DoesNotMatch("intervals|measured|Finding|Segment|Checks|reading|stamp| to ", runner.Output);
        Assert.Equal(0, runner.Run(IntervalsCommand.Create(), asked));
        Assert.Contains("duplicate: The reading 2 came 2 times; it counts once.", runner.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch("intervalos|medidos|Hallazgo", runner.Output);
    }

    [Fact]
    public void A_sibling_without_readings_is_found_where_the_register_has_some()
    {
        string csv = new IntervalsPlant(1).Csv((border, _) => border is 30 or 31 ? "" : "7.5");
        JsonElement found = Assert.Single(Check(csv, "--sibling", "more").GetProperty("checks").EnumerateArray());
        Assert.Equal(("siblings", "more"), (found.GetProperty("rule").GetString(), found.GetProperty("channel").GetString()));
        Assert.Equal((IntervalsPlant.Stamp(30), IntervalsPlant.Stamp(32)), (found.GetProperty("from").GetString(), found.GetProperty("to").GetString()));
        Assert.Equal((1.0, 2.0), (found.GetProperty("value").GetDouble(), found.GetProperty("limit").GetDouble()));
    }

    [Fact]
    public void A_day_with_four_times_as_many_kvarh_as_kwh_has_a_power_factor_that_is_listed()
    {
        IntervalsPlant plant = new(1);
        double kvarh = 0;
        string csv = plant.Csv((border, _) =>
        {
            kvarh += border == 0 ? 0 : plant[border - 1] / 10.0 * (border is > 48 and <= 72 ? 4 : 0.3);
            return kvarh.ToString("F2", CultureInfo.InvariantCulture);
        });
        JsonElement found = Assert.Single(Check(csv, "--reactive", "more").GetProperty("checks").EnumerateArray());
        Assert.Equal("power-factor", found.GetProperty("rule").GetString());
        Assert.Equal((IntervalsPlant.Stamp(48), IntervalsPlant.Stamp(72)), (found.GetProperty("from").GetString(), found.GetProperty("to").GetString()));
        Assert.Equal(1 / Math.Sqrt(17), found.GetProperty("value").GetDouble(), 1e-3);
    }

    [Fact]
    public void Months_are_not_checked_for_spikes_within_a_day()
    {
        string path = runner.Write("meter.csv", "time,kwh\n2025-01-01,0\n2025-02-01,3000\n2025-03-01,6000\n2025-04-01,36000\n");
        Assert.Equal(0, Run(path, "1mo", "--checks", "--max-rate", "100", "--json"));
        JsonElement answer = runner.Json();
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("checkCounts").GetProperty("spike").ValueKind);
        JsonElement slip = Assert.Single(answer.GetProperty("checks").EnumerateArray());
        Assert.Equal(("unit-slip", 10.0), (slip.GetProperty("rule").GetString(), slip.GetProperty("limit").GetDouble()));
    }

    [Fact]
    public void An_edit_that_leaves_the_register_is_told_by_the_sum_check()
    {
        string edits = runner.Write("edits.csv", $"from,to,value,person,reason\n{IntervalsPlant.Stamp(40)},{IntervalsPlant.Stamp(42)},20,Ana,display read on site\n");
        IntervalsPlant plant = new(1);
        JsonElement found = Assert.Single(Check(plant.Csv(), "--edits", edits).GetProperty("checks").EnumerateArray());
        Assert.Equal(("sum-check", IntervalsPlant.Stamp(24)), (found.GetProperty("rule").GetString(), found.GetProperty("from").GetString()));
        Assert.Equal(400 - (10 * plant.Sum(40, 42)), found.GetProperty("value").GetDouble(), 1e-6);
    }

    [Fact]
    public void Text_counts_each_check_and_shows_the_first_findings()
    {
        IntervalsPlant plant = new(6) { [Wednesday + 10] = 520 };
        Assert.Equal(0, Run(runner.Write("meter.csv", plant.Csv()), "1h", "--checks", "--max-rate", "500"));
        Assert.Contains("       1 spike\n", runner.Output, StringComparison.Ordinal);
        Assert.Contains($"{IntervalsPlant.Stamp(Wednesday + 10)} to {IntervalsPlant.Stamp(Wednesday + 11)}: The highest interval", runner.Output, StringComparison.Ordinal);
        Assert.Contains("       0 gap\n", runner.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("power-factor", runner.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sibling", "more", "--sibling needs --checks")]
    [InlineData("--reactive", "more", "--reactive needs --checks")]
    [InlineData("--gaps", "flat", "--gaps flat: expected even or profile")]
    [InlineData("--holidays", "US", "--holidays US: only MX is known")]
    [InlineData("--sibling", "kwh", "needs --checks|register itself")]
    public void A_wrong_option_exits_with_64_and_says_what_is_expected(string option, string value, string message)
    {
        Assert.Equal(64, Run(runner.Write("meter.csv", new IntervalsPlant(1).Csv()), "1h", option, value, "--json"));
        Assert.Contains(message.Split('|'), part => runner.Error.Contains(part, StringComparison.Ordinal));
        Assert.Equal("usage", runner.Json().GetProperty("findings")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public void A_fault_in_a_sibling_column_names_line_and_column()
    {
        string path = runner.Write("meter.csv", "time,kwh,more\n2025-03-01 00:00,1,2\n2025-03-01 01:00,2,x\n");
        Assert.Equal(65, Run(path, "1h", "--checks", "--sibling", "more", "--json"));
        Assert.Contains("meter.csv(3,3)", runner.Error, StringComparison.Ordinal);
    }

    [NeedsFact("shared:data/ciws_campus_water_totalizer_1s.csv.gz")]
    public void A_real_totalizer_keeps_what_it_counted_and_only_the_time_before_and_after_is_estimated()
    {
        string path = Repository.SharedFile("data/ciws_campus_water_totalizer_1s.csv.gz")!;
        Assert.Equal(0, runner.Run(IntervalsCommand.Create(), "--csv", path, "--time", "local_time", "--register", "totalized_gal", "--step", "15m", "--zone", "America/Denver", "--checks", "--estimate", "--json"));
        JsonElement answer = runner.Json();
        JsonElement[] intervals = [.. answer.GetProperty("intervals").EnumerateArray()];
        JsonElement summary = answer.GetProperty("summary");

        // It was read from 18:30:58 to 09:46:19: 58 s of the first quarter of an hour and 821 s of the last are not known.
        double before = intervals[1].GetProperty("value").GetDouble() * 58 / 900;
        double after = intervals[^2].GetProperty("value").GetDouble() * 821 / 900;
        Assert.Equal(before + after, summary.GetProperty("estimatedUse").GetDouble(), 1e-6);
        Assert.Equal(answer.GetProperty("total").GetDouble() + before + after, summary.GetProperty("total").GetDouble(), 1e-6);
        Assert.Equal(("estimated", "flat"), (intervals[0].GetProperty("code").GetString(), intervals[0].GetProperty("method").GetString()));
        Assert.Equal(0, answer.GetProperty("checkCounts").GetProperty("sum-check").GetInt32());
        Assert.Equal(2, answer.GetProperty("checkCounts").GetProperty("gap").GetInt32());
    }

    private JsonElement Check(string csv, params string[] more)
    {
        Assert.Equal(0, Run(runner.Write("meter.csv", csv), "1h", ["--checks", "--json", .. more]));
        return runner.Json();
    }

    private int Run(string path, string step, params string[] more) => runner.Run(
        IntervalsCommand.Create(), ["--csv", path, "--time", "time", "--register", "kwh", "--step", step, .. more]);
}
