using System.Globalization;
using System.Text.Json;
using Metering.Cloud.Commands;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.CloudCommands;

public sealed class IntervalsEditsTests : IDisposable
{
    private const int Wednesday = (5 * 168) + 48;
    private const string Small = "time,kwh\n2025-03-01 00:00,0\n2025-03-01 01:00,10\n2025-03-01 02:00,20\n2025-03-01 03:00,30\n2025-03-01 04:00,40\n";
    private readonly CommandRunner runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public void A_reset_is_estimated_on_a_line_and_the_registers_own_total_stays()
    {
        JsonElement answer = Run("time,kwh\n2025-03-01 00:00,500\n2025-03-01 01:00,510\n2025-03-01 02:00,4\n2025-03-01 03:00,14\n2025-03-01 04:00,24\n", "--estimate");
        JsonElement interval = answer.GetProperty("intervals")[1];
        Assert.Equal((10.0, "estimated", "linear", 0.0), (interval.GetProperty("value").GetDouble(), interval.GetProperty("code").GetString(), interval.GetProperty("method").GetString(), interval.GetProperty("variance").GetDouble()));
        Assert.Equal(30, answer.GetProperty("total").GetDouble());
        JsonElement summary = answer.GetProperty("summary");
        Assert.Equal((40.0, 10.0, 0.25), (summary.GetProperty("total").GetDouble(), summary.GetProperty("estimatedUse").GetDouble(), summary.GetProperty("estimatedShare").GetDouble()));
        Assert.Equal((3, 1, 0), (summary.GetProperty("counts").GetProperty("measured").GetInt32(), summary.GetProperty("counts").GetProperty("estimated").GetInt32(), summary.GetProperty("counts").GetProperty("missing").GetInt32()));
    }

    [Fact]
    public void Edits_lie_over_the_intervals_and_keep_what_was_there()
    {
        JsonElement answer = Run(Small, "--edits", Edits("2025-03-01 01:00,2025-03-01 02:00,12.5,Ana,leak measured", "2025-03-01 02:00,2025-03-01 03:00,,Ana,meter open"));
        JsonElement[] intervals = [.. answer.GetProperty("intervals").EnumerateArray()];
        Assert.Equal((12.5, "edited", 10.0, "measured", 2), (intervals[1].GetProperty("value").GetDouble(), intervals[1].GetProperty("code").GetString(), intervals[1].GetProperty("original").GetDouble(), intervals[1].GetProperty("originalCode").GetString(), intervals[1].GetProperty("edit").GetInt32()));
        Assert.Equal((JsonValueKind.Null, "rejected", 10.0), (intervals[2].GetProperty("value").ValueKind, intervals[2].GetProperty("code").GetString(), intervals[2].GetProperty("original").GetDouble()));
        Assert.False(intervals[0].TryGetProperty("original", out _));
        Assert.Equal(40, answer.GetProperty("total").GetDouble());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("summary").GetProperty("total").ValueKind);
        Assert.Equal(32.5, answer.GetProperty("summary").GetProperty("totalOfKnown").GetDouble());
        Assert.Equal("Ana", answer.GetProperty("edits")[1].GetProperty("person").GetString());
    }

    [Fact]
    public void A_line_that_is_withdrawn_counts_no_longer_and_stays_listed()
    {
        string edits = runner.Write("edits.csv", "from,to,value,person,reason,withdraw\n2025-03-01 01:00,2025-03-01 02:00,12.5,Ana,leak,\n,,,Luis,wrong meter,2\n");
        JsonElement answer = Run(Small, "--edits", edits);
        Assert.Equal((10.0, "measured"), (answer.GetProperty("intervals")[1].GetProperty("value").GetDouble(), answer.GetProperty("intervals")[1].GetProperty("code").GetString()));
        Assert.True(answer.GetProperty("edits")[0].GetProperty("withdrawn").GetBoolean());
        Assert.Equal(("withdraw", 2), (answer.GetProperty("edits")[1].GetProperty("kind").GetString(), answer.GetProperty("edits")[1].GetProperty("withdraws").GetInt32()));
    }

    [Fact]
    public void Rejected_hours_are_estimated_from_other_weeks_and_do_not_come_back()
    {
        IntervalsPlant plant = new(6);
        for (int hour = 8; hour < 12; hour++)
        {
            plant[Wednesday + hour] = 250;
        }

        JsonElement answer = Run(plant.Csv(), "--max-rate", "500", "--estimate", "--edits", Edits($"{IntervalsPlant.Stamp(Wednesday + 8)},{IntervalsPlant.Stamp(Wednesday + 12)},,Ana,pulse input bounced"));
        for (int hour = Wednesday + 8; hour < Wednesday + 12; hour++)
        {
            JsonElement interval = answer.GetProperty("intervals")[hour];
            double[] donors = [plant[hour - 168] / 10.0, plant[hour - 336] / 10.0, plant[hour - 504] / 10.0, plant[hour - 672] / 10.0];
            double mean = donors.Average();
            Assert.Equal(("estimated", "same-weekday"), (interval.GetProperty("code").GetString(), interval.GetProperty("method").GetString()));
            Assert.Equal(mean, interval.GetProperty("value").GetDouble(), 1e-9);
            Assert.Equal(donors.Sum(donor => (donor - mean) * (donor - mean)) / 3 * 1.25, interval.GetProperty("variance").GetDouble(), 1e-9);
            Assert.Equal(25, interval.GetProperty("original").GetDouble(), 1e-9);
        }
    }

    [Fact]
    public void A_total_that_is_kept_is_laid_out_anew_and_stays_exact()
    {
        IntervalsPlant plant = new(6);
        double sum = plant.Sum(Wednesday + 8, Wednesday + 12);
        plant[Wednesday + 11] = (int)Math.Round(10 * sum);
        (plant[Wednesday + 8], plant[Wednesday + 9], plant[Wednesday + 10]) = (0, 0, 0);
        string line = $"{IntervalsPlant.Stamp(Wednesday + 8)},{IntervalsPlant.Stamp(Wednesday + 12)},,Ana,register stood still,keep";
        string edits = runner.Write("edits.csv", $"from,to,value,person,reason,total\n{line}\n");
        JsonElement answer = Run(plant.Csv(), "--max-rate", "500", "--estimate", "--edits", edits);
        JsonElement[] stretch = [.. answer.GetProperty("intervals").EnumerateArray().Skip(Wednesday + 8).Take(4)];
        Assert.All(stretch, interval => Assert.Equal("allocated", interval.GetProperty("code").GetString()));
        Assert.All(stretch, interval => Assert.InRange(interval.GetProperty("value").GetDouble(), 9.5, 10.9));
        Assert.Equal(sum, stretch.Sum(interval => interval.GetProperty("value").GetDouble()), 1e-9);
        Assert.Equal(answer.GetProperty("total").GetDouble(), answer.GetProperty("summary").GetProperty("total").GetDouble(), 1e-6);
        Assert.Equal(0, answer.GetProperty("summary").GetProperty("estimatedShare").GetDouble());
    }

    [Theory]
    [InlineData("2025-03-01 01:00,2025-03-01 03:00,,Ana,stood still,keep", "edits.csv(2,6)", "does not know the total")]
    [InlineData("2025-03-01 02:00,2025-03-01 03:00,5,Ana,stood still,keep", "edits.csv(2,6)", "keep on a line that rejects")]
    [InlineData("2025-03-01 02:00,2025-03-01 04:00,,Ana,stood still,keep\n2025-03-01 03:00,2025-03-01 04:00,,Ana,stood still,keep", "edits.csv(3,6)", "another line keeps")]
    public void A_total_can_only_be_kept_where_the_register_knows_it(string lines, string place, string message)
    {
        string edits = runner.Write("edits.csv", $"from,to,value,person,reason,total\n{lines}\n");
        Assert.Equal(65, Exit("time,kwh\n2025-03-01 00:00,500\n2025-03-01 01:00,510\n2025-03-01 02:00,4\n2025-03-01 03:00,14\n2025-03-01 04:00,24\n", "--edits", edits));
        Assert.Contains(place, runner.Error, StringComparison.Ordinal);
        Assert.Contains(message, runner.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-03-01 01:00,2025-03-01 02:00,5,,leak,", "edits.csv(2,4)", "without a person")]
    [InlineData("2025-03-01 01:00,2025-03-01 02:00,5,Ana, ,", "edits.csv(2,5)", "without a reason")]
    [InlineData("2025-03-01 01:30,2025-03-01 02:00,5,Ana,leak,", "edits.csv(2,1)", "on no border")]
    [InlineData("2025-03-01 01:00,2025-03-02 02:00,5,Ana,leak,", "edits.csv(2,2)", "on no border")]
    [InlineData("2025-03-01 02:00,2025-03-01 01:00,5,Ana,leak,", "edits.csv(2,2)", "ends before it begins")]
    [InlineData("2025-03-01 01:00,2025-03-01 02:00,NaN,Ana,leak,", "edits.csv(2,3)", "is not a number")]
    [InlineData(",,,Ana,leak,2", "edits.csv(2,6)", "is not the line of an edit")]
    [InlineData("2025-03-01 01:00,2025-03-01 02:00,5,Ana,leak,1", "edits.csv(2,6)", "is not the line of an edit")]
    public void A_fault_in_the_edits_exits_with_65_and_names_line_and_column(string line, string place, string message)
    {
        string edits = runner.Write("edits.csv", $"from,to,value,person,reason,withdraw\n{line}\n");
        Assert.Equal(65, Exit(Small, "--edits", edits));
        Assert.Contains(place, runner.Error, StringComparison.Ordinal);
        Assert.Contains(message, runner.Error, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, runner.Json().GetProperty("total").ValueKind);
    }

    [Fact]
    public void Edits_that_are_not_there_are_told_by_their_option()
    {
        Assert.Equal(65, Exit(Small, "--edits", "nowhere.csv"));
        Assert.Contains("given with --edits", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_is_laid_out_evenly_or_in_the_shape_of_the_plant_with_the_same_total()
    {
        IntervalsPlant plant = new IntervalsPlant(6).WithoutReadings(Wednesday + 1, Wednesday + 24);
        double[] even = Day(Run(plant.Csv(), "--gaps", "even"), Wednesday);
        double[] shaped = Day(Run(plant.Csv(), "--gaps", "profile"), Wednesday);
        Assert.Equal(plant.Sum(Wednesday, Wednesday + 24), even.Sum(), 1e-9);
        Assert.Equal(plant.Sum(Wednesday, Wednesday + 24), shaped.Sum(), 1e-9);
        Assert.InRange(even.Max() - even.Min(), 0, 0.1001);
        Assert.All(Enumerable.Range(0, 24), hour => Assert.InRange(shaped[hour], (plant[Wednesday + hour] / 10.0) - 0.5, (plant[Wednesday + hour] / 10.0) + 0.5));
    }

    [Fact]
    public void A_statutory_holiday_takes_the_shape_of_a_Sunday()
    {
        // 2025-02-03 is the first Monday of February.
        const int monday = 4 * 168;
        IntervalsPlant plant = new IntervalsPlant(6).WithoutReadings(monday - 23, monday + 24);
        JsonElement ordinary = Run(plant.Csv(), "--gaps", "profile");
        JsonElement holiday = Run(plant.Csv(), "--gaps", "profile", "--holidays", "MX");
        Assert.InRange(Day(ordinary, monday).Sum() / Day(ordinary, monday - 24).Sum(), 1.8, 2.2);
        Assert.InRange(Day(holiday, monday).Sum() / Day(holiday, monday - 24).Sum(), 0.95, 1.05);
    }

    [Fact]
    public void Holidays_before_the_law_are_not_guessed()
    {
        Assert.Equal(65, Exit("time,kwh\n1999-03-01 00:00,0\n1999-03-01 01:00,10\n", "--holidays", "MX"));
        Assert.Contains("are not known", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorded_change_of_meter_makes_the_use_across_known()
    {
        string changes = runner.Write("changes.csv", "at,final,initial,person,reason\n2025-03-01 01:30,115.25,2,Ana,display broken\n");
        JsonElement answer = Run("time,kwh\n2025-03-01 00:00,100\n2025-03-01 01:00,110\n2025-03-01 02:00,7\n2025-03-01 03:00,17\n", "--replacements", changes);
        Assert.Equal([10.0, 10.25, 10], answer.GetProperty("intervals").EnumerateArray().Select(interval => interval.GetProperty("value").GetDouble()));
        Assert.Equal(30.25, answer.GetProperty("total").GetDouble());
        Assert.Equal("recorded-replacement", answer.GetProperty("findings")[0].GetProperty("kind").GetString());
        Assert.Equal(("Ana", 115.25), (answer.GetProperty("replacements")[0].GetProperty("person").GetString(), answer.GetProperty("replacements")[0].GetProperty("final").GetDouble()));
    }

    [Theory]
    [InlineData("2025-03-01 01:30,115,2,,broken", "changes.csv(2,4)")]
    [InlineData("2025-03-01 01:30,-1,2,Ana,broken", "changes.csv(2,2)")]
    [InlineData("2025-03-01 01:30,115,100000,Ana,broken", "changes.csv(2,3)")]
    [InlineData("soon,115,2,Ana,broken", "changes.csv(2,1)")]
    [InlineData("2025-03-01 01:30,115,2,Ana,broken\n2025-03-01 01:30,115,2,Ana,broken", "changes.csv(3,1)")]
    public void A_fault_in_the_replacements_exits_with_65_and_names_line_and_column(string lines, string place)
    {
        string changes = runner.Write("changes.csv", $"at,final,initial,person,reason\n{lines}\n");
        Assert.Equal(65, Exit(Small, "--modulus", "100000", "--replacements", changes));
        Assert.Contains(place, runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_says_what_share_is_estimated_and_gives_no_total_while_intervals_are_missing()
    {
        string edits = Edits("2025-03-01 01:00,2025-03-01 02:00,,Ana,meter open");
        string path = runner.Write("meter.csv", Small);
        string[] arguments = ["--csv", path, "--time", "time", "--register", "kwh", "--step", "1h", "--edits", edits];
        Assert.Equal(0, runner.Run(IntervalsCommand.Create(), arguments));
        Assert.Contains("Validated   no total: 1 of 4 intervals have no value; the others add up to 30", runner.Output, StringComparison.Ordinal);
        Assert.Equal(0, runner.Run(IntervalsCommand.Create(), [.. arguments, "--estimate"]));
        Assert.Contains("Validated   40 in 4 intervals", runner.Output, StringComparison.Ordinal);
        Assert.Contains("Estimated   10, 25.0 % of the use", runner.Output, StringComparison.Ordinal);
    }

    [NeedsTheory("shared:reference/mv/synthetic/counters")]
    [InlineData("ctr-04-reset_to_zero", 5497.053948011167, 1)]
    [InlineData("ctr-08-stuck_then_catchup", 5488.685832009707, 0)]
    [InlineData("ctr-10-gap_3days", 5479.255933807179, 0)]
    public void Reference_counters_are_complete_after_estimation_and_known_totals_stay(string name, double truth, int estimated)
    {
        string path = Repository.SharedFile($"reference/mv/synthetic/counters/{name}.csv")!;
        Assert.Equal(0, runner.Run(IntervalsCommand.Create(), "--csv", path, "--time", "time", "--register", "register", "--step", "15m", "--gaps", "profile", "--checks", "--estimate", "--json"));
        JsonElement answer = runner.Json();
        JsonElement summary = answer.GetProperty("summary");
        Assert.Equal(estimated, summary.GetProperty("counts").GetProperty("estimated").GetInt32());
        Assert.Equal(answer.GetProperty("total").GetDouble() + summary.GetProperty("estimatedUse").GetDouble(), summary.GetProperty("total").GetDouble(), 1e-9);

        // One register step where the register knows; the hour across the reset is an estimate.
        double allowed = estimated == 0 ? 0.1001 : 1;
        Assert.InRange(summary.GetProperty("total").GetDouble(), truth - allowed, truth + allowed);
        Assert.Equal(0, answer.GetProperty("checkCounts").GetProperty("sum-check").GetInt32());
    }

    private static double[] Day(JsonElement answer, int hour) =>
        [.. answer.GetProperty("intervals").EnumerateArray().Skip(hour).Take(24).Select(interval => interval.GetProperty("value").GetDouble())];

    private string Edits(params string[] lines) => runner.Write("edits.csv", "from,to,value,person,reason\n" + string.Join('\n', lines) + "\n");

    private JsonElement Run(string csv, params string[] more)
    {
        int exit = Exit(csv, more);
        Assert.True(exit == 0, string.Create(CultureInfo.InvariantCulture, $"exit {exit}: {runner.Error}"));
        return runner.Json();
    }

    private int Exit(string csv, params string[] more) => runner.Run(
        IntervalsCommand.Create(), ["--csv", runner.Write("meter.csv", csv), "--time", "time", "--register", "kwh", "--step", "1h", "--json", .. more]);
}
