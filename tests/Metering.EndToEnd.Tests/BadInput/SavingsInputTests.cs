using System.Globalization;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Metering.EndToEnd.Tests.BadInput;

public sealed class SavingsInputTests : IDisposable
{
    private static readonly string[] Numbers =
        ["n", "p", "r2", "cvRmse", "nmbe", "counterfactual", "metered", "savings", "savingsPercent", "halfWidth", "confidence", "coveragePercent"];

    private readonly string _folder = Directory.CreateTempSubdirectory("metering-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_sound_file_is_accepted_with_the_promised_keys()
    {
        Write(Rows());
        JsonElement json = (await RunAsync()).Expect(0).Json();
        Assert.Equal("accepted", json.GetProperty("verdict").GetString());
        Assert.Equal(0, json.GetProperty("reasons").GetArrayLength());
        Assert.Equal("ols", json.GetProperty("model").GetString());
        Assert.Equal(["intercept", "production", "temperature"], json.GetProperty("coefficients").EnumerateObject().Select(member => member.Name));
        Assert.All(Numbers, name => Assert.Equal(JsonValueKind.Number, json.GetProperty(name).ValueKind));
    }

    [Theory]
    [InlineData("NaN", "data.csv(10,2): 'NaN' is not a number")]
    [InlineData("Infinity", "'Infinity' is not a number")]
    [InlineData("1e999", "'1e999' is not a number")]
    [InlineData("abc", "'abc' is not a number")]
    [InlineData("\"1,5\"", "'1,5' is not a number that can be used. Write decimals with a point")]
    [InlineData("1,5", "the row has 5 fields and the header 4. A decimal comma")]
    [InlineData("1e300", "too large or too small to calculate with")]
    public async Task A_value_that_is_no_use_is_refused(string value, string words)
    {
        string[] rows = Rows();
        string[] fields = rows[8].Split(',');
        rows[8] = string.Join(',', fields[0], value, fields[2], fields[3]);
        Write(rows);
        ExpectRefusal(await RunAsync(), words);
    }

    [Theory]
    [InlineData("--drivers", "prodution,temperature", "there is no column 'prodution'; the columns are: day, energy, production, temperature. Did you mean 'production'?")]
    [InlineData("--baseline", "2024-01-01..2025-02-28", "periods-overlap: ")]
    [InlineData("--reporting", "2027-01-01..2027-12-31", "empty-period: The reporting period has no row")]
    [InlineData("--csv", "none.csv", "none.csv does not exist. Check the path")]
    [InlineData("--csv", ".", "is a directory. Give a CSV file")]
    public async Task A_question_the_file_cannot_answer_is_refused(string option, string value, string words)
    {
        Write(Rows());
        ExpectRefusal(await RunAsync(option, value), words);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("day,energy,production,temperature\n", "empty-period: ")]
    [InlineData("day,energy,energy,temperature\n2024-01-01,1,2,3\n", "the column 'energy' occurs twice")]
    [InlineData("day,energy,production,temperature\n2024-02-30,1,2,3\n", "'2024-02-30' is not a time")]
    [InlineData("day,energy,production,temperature\n01/02/2024,1,2,3\n", "'01/02/2024' is not a time. Write 2025-03-01")]
    [InlineData("\0\u0001\u0002\0\0 binary", "this is not a text file")]
    public async Task A_file_that_is_no_table_of_values_is_refused(string text, string words)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "data.csv"), text);
        ExpectRefusal(await RunAsync(), words);
    }

    [Fact]
    public async Task A_driver_that_never_varies_is_refused_by_name()
    {
        Write([.. Rows().Select(row => row.Split(',')).Select(fields => $"{fields[0]},{fields[1]},100,{fields[3]}")]);
        ExpectRefusal(await RunAsync(), "constant-driver: The driver 'production' is 100 throughout");
    }

    [Fact]
    public async Task Drivers_that_move_together_are_refused_by_name()
    {
        Write([.. Rows().Select(row => row.Split(',')).Select(fields => $"{fields[0]},{fields[1]},{fields[2]},{fields[2]}0")]);
        ExpectRefusal(await RunAsync(), "collinear: The drivers 'production' and 'temperature' move together");
    }

    [Fact]
    public async Task Rows_out_of_order_and_rows_twice_give_the_same_figures_and_a_note()
    {
        Write(Rows());
        double expected = (await RunAsync()).Expect(0).Json().GetProperty("savings").GetDouble();
        string[] rows = Rows();
        Write([.. rows.Reverse(), .. rows.Take(10)]);
        Said said = (await RunAsync()).Expect(0, "were sorted; 10 rows came twice and count once");
        Assert.Equal(expected, said.Json().GetProperty("savings").GetDouble(), 1e-6);
    }

    [Theory]
    [InlineData("--baseline", "2024-01-01..2024-13-31", "expected two days")]
    [InlineData("--baseline", "2024-12-31..2024-01-01", "Exchange the days")]
    [InlineData("--confidence", "200", "expected percent, 50 to 99.9")]
    [InlineData("--zone", "Mars/Base", "there is no such zone")]
    [InlineData("--model", "magic", "expected auto, ols or mean")]
    public async Task A_wrong_option_is_usage_and_still_one_json_object(string option, string value, string words)
    {
        Write(Rows());
        Said said = (await RunAsync(option, value)).Expect(64, words);
        Assert.StartsWith("usage: ", ExpectRefused(said.Json()).GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_option_prints_nothing_on_the_output()
    {
        Said said = await Executable.RunAsync(Executable.Cloud, _folder, "savings", "--nonsense", "--json");
        Assert.Equal("", said.Expect(64, "Unrecognized command or argument '--nonsense'", "Try: cloud savings --help").Output);
    }

    [Theory]
    [InlineData(64, "expected a step that divides a day", "--step", "7m")]
    [InlineData(64, "expected a number above zero", "--modulus", "-5")]
    [InlineData(64, "expected a number above zero", "--modulus", "abc")]
    [InlineData(65, "there is no column 'q'; the columns are: t, r", "--register", "q")]
    [InlineData(65, "none.csv does not exist", "--csv", "none.csv")]
    public async Task Intervals_refuse_with_the_promised_keys(int exitCode, string words, string option, string value)
    {
        Said said = (await IntervalsAsync(option, value)).Expect(exitCode, words);
        JsonElement json = said.Json();
        Assert.Equal(["intervals", "total", "segments", "findings"], json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("total").ValueKind);
        Assert.Equal(exitCode == 64 ? "usage" : "unreadable", json.GetProperty("findings")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Intervals_have_the_promised_keys()
    {
        JsonElement json = (await IntervalsAsync("--step", "1h")).Expect(0).Json();
        Assert.Equal(["intervals", "total", "segments", "findings"], json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["start", "value", "code"], json.GetProperty("intervals")[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(4, json.GetProperty("total").GetDouble());
    }

    private static string[] Rows()
    {
        Random random = new(1);
        DateOnly first = new(2024, 1, 1);
        return [.. Enumerable.Range(0, 500).Select(day =>
        {
            (double production, double temperature, double noise) = (50 + (100 * random.NextDouble()), 15 + (10 * random.NextDouble()), random.NextDouble() - 0.5);
            double use = (1000 + (5 * production) + (20 * temperature) + (40 * noise)) * (day < 366 ? 1 : 0.9);
            return string.Create(CultureInfo.InvariantCulture, $"{first.AddDays(day):yyyy-MM-dd},{use:0.00},{production:0.00},{temperature:0.00}");
        })];
    }

    private void Write(string[] rows) =>
        File.WriteAllText(Path.Combine(_folder, "data.csv"), new StringBuilder("day,energy,production,temperature\n").AppendJoin('\n', rows).Append('\n').ToString());

    private Task<Said> RunAsync(string option = "--model", string value = "auto") => Executable.RunAsync(Executable.Cloud, _folder, Arguments(
        "savings", option, value, ("--csv", "data.csv"), ("--time", "day"), ("--use", "energy"), ("--drivers", "production,temperature"),
        ("--baseline", "2024-01-01..2024-12-31"), ("--reporting", "2025-01-01..2025-05-14")));

    private Task<Said> IntervalsAsync(string option, string value)
    {
        File.WriteAllText(Path.Combine(_folder, "meter.csv"), "t,r\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,5\n");
        return Executable.RunAsync(Executable.Cloud, _folder, Arguments("intervals", option, value, ("--csv", "meter.csv"), ("--time", "t"), ("--register", "r"), ("--step", "1h")));
    }

    // The usual options with one of them replaced or added.
    private static string[] Arguments(string command, string option, string value, params (string Name, string Value)[] usual) =>
        [command, .. usual.Where(pair => pair.Name != option).SelectMany(pair => new[] { pair.Name, pair.Value }), option, value, "--json"];

    private static void ExpectRefusal(Said said, string words)
    {
        JsonElement json = ExpectRefused(said.Expect(65, words).Json());
        Assert.Contains(words, json.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
    }

    private static JsonElement ExpectRefused(JsonElement json)
    {
        Assert.Equal("refused", json.GetProperty("verdict").GetString());
        Assert.Empty(json.GetProperty("coefficients").EnumerateObject());
        Assert.All(Numbers, name => Assert.Equal(JsonValueKind.Null, json.GetProperty(name).ValueKind));
        return json;
    }
}
