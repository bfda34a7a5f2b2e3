using System.Text.Json;
using Metering.Cloud.Commands;
using Metering.Tests.Analytics;
using Xunit;

namespace Metering.Tests.CloudCommands;

public sealed class IntervalsCommandTests : IDisposable
{
    private readonly CommandRunner runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public void A_register_becomes_coded_intervals_with_exact_decimals()
    {
        string path = runner.Write("meter.csv", "time,kwh\n2025-03-01 00:00Z,99999.7\n2025-03-01 00:15Z,99999.9\n2025-03-01 00:30Z,0.3\n2025-03-01 00:45Z,\n2025-03-01 01:00Z,0.7\n");
        Assert.Equal(0, Run(path, "15m", "--modulus", "100000", "--max-rate", "40"));
        JsonElement answer = runner.Json();
        Assert.Equal([0.2, 0.4, 0.2, 0.2], answer.GetProperty("intervals").EnumerateArray().Select(interval => interval.GetProperty("value").GetDouble()));
        Assert.Equal("2025-03-01T00:00:00Z", answer.GetProperty("intervals")[0].GetProperty("start").GetString());
        Assert.Equal("measured", answer.GetProperty("intervals")[0].GetProperty("code").GetString());
        Assert.Equal(1, answer.GetProperty("total").GetDouble());
        Assert.Equal("rollover", answer.GetProperty("findings")[0].GetProperty("kind").GetString());
        JsonElement segment = Assert.Single(answer.GetProperty("segments").EnumerateArray());
        Assert.Equal(99999.7, segment.GetProperty("first").GetDouble());
        Assert.Equal(100000.7, segment.GetProperty("last").GetDouble());
        Assert.Equal("first", segment.GetProperty("reason").GetString());
    }

    [Fact]
    public void A_reset_leaves_a_null_and_never_the_absolute_value()
    {
        string path = runner.Write("meter.csv", "time,kwh\n2025-03-01 00:00,500\n2025-03-01 00:15,510\n2025-03-01 00:30,4\n2025-03-01 00:45,14\n2025-03-01 01:00,24\n");
        Assert.Equal(0, Run(path, "15m"));
        JsonElement interval = runner.Json().GetProperty("intervals")[1];
        Assert.Equal(JsonValueKind.Null, interval.GetProperty("value").ValueKind);
        Assert.Equal("missing", interval.GetProperty("code").GetString());
        Assert.Equal(30, runner.Json().GetProperty("total").GetDouble());
    }

    [Fact]
    public void Noise_of_floating_point_in_a_register_does_not_shift_it()
    {
        string path = runner.Write("meter.csv", "time,kwh\n2025-03-01 00:00,14945.300000000001\n2025-03-01 00:15,1.49454e4\n");
        Assert.Equal(0, Run(path, "15m"));
        Assert.Equal(0.1, runner.Json().GetProperty("total").GetDouble());
    }

    [Fact]
    public void An_hour_that_comes_twice_is_read_in_order()
    {
        string path = runner.Write("meter.csv", "time,kwh\n2024-11-03 00:30,0\n2024-11-03 01:00,10\n2024-11-03 01:30,20\n2024-11-03 01:00,30\n2024-11-03 01:30,40\n2024-11-03 02:00,50\n");
        Assert.Equal(0, Run(path, "30m", "--zone", "America/New_York"));
        Assert.Equal([10.0, 10, 10, 10, 10], runner.Json().GetProperty("intervals").EnumerateArray().Select(interval => interval.GetProperty("value").GetDouble()));
    }

    [Theory]
    [InlineData("--step", "7m", "--step 7m")]
    [InlineData("--modulus", "-5", "--modulus -5")]
    [InlineData("--modulus", "many", "--modulus many")]
    [InlineData("--max-rate", "0", "--max-rate 0")]
    public void A_wrong_command_line_exits_with_64(string option, string value, string message)
    {
        string path = runner.Write("meter.csv", "time,kwh\n2025-03-01,1\n2025-03-02,2\n");
        string step = string.Equals(option, "--step", StringComparison.Ordinal) ? value : "1d";
        Assert.Equal(64, string.Equals(option, "--step", StringComparison.Ordinal) ? Run(path, step) : Run(path, step, option, value));
        Assert.Contains(message, runner.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time,kwh\n2025-03-01,x\n", "'x' is not a number")]
    [InlineData("time,kwh\n2025-03-01,\n", "has no reading")]
    [InlineData("time,kwh\n1975-03-01,1\n2190-03-02,2\n", "the limit is")]
    [InlineData("time,kwh\n2025-03-01,9999999999999999999999\n", "is not a number that can be used")]
    [InlineData("time,index\n2025-03-01,1\n", "there is no column 'kwh'")]
    public void A_fault_in_the_file_exits_with_65_and_still_prints_an_object(string text, string message)
    {
        Assert.Equal(65, Run(runner.Write("meter.csv", text), "15m"));
        Assert.Contains(message, runner.Error, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, runner.Json().GetProperty("total").ValueKind);
    }

    [Theory]
    [InlineData("ctr-00-clean", 5456.872368718763, "15m")]
    [InlineData("ctr-06-transient_zero", 5459.424987575745, "1h")]
    [InlineData("ctr-08-stuck_then_catchup", 5488.685832009707, "1d")]
    [InlineData("ctr-10-gap_3days", 5479.255933807179, "15m")]
    public void Reference_counters_give_their_true_total(string name, double truth, string step)
    {
        string? path = ReferenceFiles.Find($"reference/mv/synthetic/counters/{name}.csv");
        if (path is null)
        {
            return;
        }

        Assert.Equal(0, runner.Run(IntervalsCommand.Create(), "--csv", path, "--time", "time", "--register", "register", "--step", step, "--json"));
        Assert.InRange(runner.Json().GetProperty("total").GetDouble(), truth - 0.1001, truth + 0.1001);
    }

    [Fact]
    public void A_real_totalizer_of_seconds_adds_up_to_what_its_flow_says()
    {
        string? path = ReferenceFiles.Find("data/ciws_campus_water_totalizer_1s.csv.gz");
        if (path is null)
        {
            return;
        }

        Assert.Equal(0, runner.Run(IntervalsCommand.Create(), "--csv", path, "--time", "local_time", "--register", "totalized_gal", "--step", "15m", "--zone", "America/Denver", "--json"));
        JsonElement answer = runner.Json();
        Assert.Single(answer.GetProperty("segments").EnumerateArray());
        Assert.All(answer.GetProperty("intervals").EnumerateArray(), interval =>
            Assert.True(interval.GetProperty("value").ValueKind == JsonValueKind.Null || interval.GetProperty("value").GetDouble() >= 0));
        Assert.True(answer.GetProperty("total").GetDouble() > 1);
    }

    private int Run(string path, string step, params string[] more) => runner.Run(
        IntervalsCommand.Create(), ["--csv", path, "--time", "time", "--register", "kwh", "--step", step, .. more, "--json"]);
}
