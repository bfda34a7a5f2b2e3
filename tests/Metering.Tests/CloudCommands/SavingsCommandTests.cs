using System.Globalization;
using System.Text;
using System.Text.Json;
using Metering.Cloud.Commands;
using Metering.Tests.Analytics;
using Xunit;

namespace Metering.Tests.CloudCommands;

public sealed class SavingsCommandTests : IDisposable
{
    private static readonly string[] NumberKeys =
    [
        "n", "p", "r2", "cvRmse", "nmbe", "counterfactual", "metered", "savings", "savingsPercent", "halfWidth", "confidence", "coveragePercent",
    ];

    private readonly CommandRunner runner = new();

    public void Dispose() => runner.Dispose();

    [Fact]
    public void A_known_saving_is_found_and_all_keys_are_there()
    {
        string path = runner.Write("plant.csv", Plant(saving: 0.2));
        Assert.Equal(0, Run(path));
        JsonElement answer = runner.Json();
        Assert.Equal("accepted", answer.GetProperty("verdict").GetString());
        Assert.Equal(0, answer.GetProperty("reasons").GetArrayLength());
        Assert.Equal("ols", answer.GetProperty("model").GetString());
        Assert.All(NumberKeys, key => Assert.Equal(JsonValueKind.Number, answer.GetProperty(key).ValueKind));
        Assert.Equal(366, answer.GetProperty("n").GetInt32());
        Assert.Equal(2, answer.GetProperty("p").GetInt32());
        Assert.InRange(answer.GetProperty("coefficients").GetProperty("tonnes").GetDouble(), 2.9, 3.1);
        Assert.InRange(answer.GetProperty("savingsPercent").GetDouble(), 19, 21);
        Assert.Equal(100, answer.GetProperty("coveragePercent").GetDouble());
        Assert.Equal(90, answer.GetProperty("confidence").GetDouble());
        double difference = answer.GetProperty("counterfactual").GetDouble() - answer.GetProperty("metered").GetDouble();
        Assert.Equal(difference, answer.GetProperty("savings").GetDouble());
    }

    [Fact]
    public void The_same_file_gives_the_same_bytes_packed_or_with_another_delimiter()
    {
        string text = Plant(saving: 0.1);
        Run(runner.Write("a.csv", text));
        string first = runner.Output;
        Run(runner.WriteGzip("b.csv.gz", text));
        Assert.Equal(first, runner.Output);
        Run(runner.Write("c.csv", text.Replace(',', ';')));
        Assert.Equal(first, runner.Output);
        Run(runner.Write("d.csv", "\uFEFF" + text.Replace(",", "\t", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Equal(first, runner.Output);
    }

    [Fact]
    public void Blank_cells_are_missing_and_never_zero()
    {
        string[] lines = Plant(saving: 0).Split('\n');
        for (int i = 40; i < 60; i++)
        {
            string[] fields = lines[i].Split(',');
            lines[i] = $"{fields[0]},,{fields[2]}";
        }

        Assert.Equal(0, Run(runner.Write("gaps.csv", string.Join('\n', lines))));
        Assert.Equal(346, runner.Json().GetProperty("n").GetInt32());
    }

    [Fact]
    public void Without_drivers_the_mean_is_the_baseline()
    {
        string path = runner.Write("mean.csv", Plant(saving: 0.5));
        int exit = runner.Run(SavingsCommand.Create(), "--csv", path, "--time", "day", "--use", "kwh", "--baseline", "2024-01-01..2024-12-31", "--reporting", "2025-03-01..2025-12-31", "--json");
        Assert.Equal(0, exit);
        Assert.Equal("mean", runner.Json().GetProperty("model").GetString());
        Assert.Equal(1, runner.Json().GetProperty("p").GetInt32());
    }

    [Fact]
    public void A_refusal_prints_reasons_and_no_number_and_exits_with_65()
    {
        string path = runner.Write("short.csv", Plant(saving: 0.1));
        Assert.Equal(65, Run(path, "--baseline", "2024-01-01..2024-01-10"));
        JsonElement answer = runner.Json();
        Assert.Equal("refused", answer.GetProperty("verdict").GetString());
        Assert.StartsWith("too-few-points: ", answer.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        Assert.All(NumberKeys, key => Assert.Equal(JsonValueKind.Null, answer.GetProperty(key).ValueKind));
        Assert.Contains("refused: too-few-points", runner.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--baseline", "2024-01-01", "--baseline 2024-01-01")]
    [InlineData("--baseline", "2024-12-31..2024-01-01", "ends before it begins")]
    [InlineData("--zone", "Atlantis/Capital", "no such zone")]
    [InlineData("--model", "magic", "expected auto, ols or mean")]
    [InlineData("--confidence", "ninety", "--confidence ninety")]
    [InlineData("--confidence", "100", "50 to 99.9")]
    [InlineData("--drivers", "kwh", "the use itself")]
    [InlineData("--drivers", "tonnes,tonnes", "occurs twice")]
    public void A_wrong_command_line_exits_with_64_and_says_what_is_expected(string option, string value, string message)
    {
        string path = runner.Write("plant.csv", Plant(saving: 0.1));
        Assert.Equal(64, Run(path, option, value));
        Assert.Contains("\"verdict\": \"refused\"", runner.Output, StringComparison.Ordinal);
        Assert.Contains(message, runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_option_is_named()
    {
        Assert.Equal(64, runner.Run(SavingsCommand.Create(), "--json"));
        Assert.Contains("--use is missing", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_exits_with_65_and_a_refusal()
    {
        Assert.Equal(65, Run("/nowhere/plant.csv"));
        Assert.Equal("refused", runner.Json().GetProperty("verdict").GetString());
        Assert.Contains("/nowhere/plant.csv does not exist", runner.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("day,kwh,tonnes\n2024-01-01,1,2\n2024-01-02,abc,2\n", "(3,2): 'abc' is not a number")]
    [InlineData("day,kwh,tonnes\n2024-01-01,NaN,2\n", "(2,2): 'NaN' is not a number")]
    [InlineData("day,kwh,tonnes\n2024-01-01,1e999,2\n", "(2,2): '1e999' is not a number")]
    [InlineData("day;kwh;tonnes\n2024-01-01;1,5;2\n", "Write decimals with a point")]
    [InlineData("day,kwh,tonnes\n2024-01-01,1,5,2\n", "(2,4): the row has 4 fields and the header 3")]
    [InlineData("day,kwh,tonnes\n01/02/2024,1,2\n", "(2,1): '01/02/2024' is not a time")]
    [InlineData("day,kwh,tonnes\n2024-02-30,1,2\n", "(2,1): '2024-02-30' is not a time")]
    [InlineData("day,kwh,tonnes\n,1,2\n", "(2,1): '' is not a time")]
    [InlineData("day,kwh,tonnes\n2024-01-01,\"1,2\n", "a quote is not closed")]
    [InlineData("day,kWh,tons\n2024-01-01,1,2\n", "there is no column 'kwh'; the columns are: day, kWh, tons. Did you mean 'kWh'?")]
    [InlineData("day,kwh,kwh,tonnes\n2024-01-01,1,1,2\n", "the column 'kwh' occurs twice")]
    [InlineData("", "the file is empty")]
    [InlineData("day,kwh,tonnes\n", "empty-period")]
    [InlineData("PK\u0003\u0004\u0000\u0000", "not a text file")]
    public void A_fault_in_the_file_is_named_with_its_place(string text, string message)
    {
        Assert.Equal(65, Run(runner.Write("plant.csv", text)));
        Assert.Contains(message, runner.Error, StringComparison.Ordinal);
        Assert.Equal("refused", runner.Json().GetProperty("verdict").GetString());
    }

    [Fact]
    public void Nonsense_is_refused_quickly()
    {
        byte[] noise = new byte[1 << 20];
        new Random(7).NextBytes(noise);
        Assert.Equal(65, Run(runner.Write("noise.csv", noise)));
        Array.Fill(noise, (byte)'x');
        Assert.Equal(65, Run(runner.Write("line.csv", noise)));
        Assert.Contains("longer than", runner.Error, StringComparison.Ordinal);
        Assert.Equal(65, Run(runner.Write("cut.csv.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3])));
        Assert.Equal(65, Run(runner.Write("utf16.csv", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("day,kwh\n")).ToArray())));
        Assert.Contains("UTF-16", runner.Error, StringComparison.Ordinal);
        Assert.Equal(65, Run("/"));
        Assert.Equal(65, Run("/dev/zero"));
    }

    [Fact]
    public void Local_days_of_a_plant_fall_into_the_period_of_its_zone()
    {
        string utc = runner.Write("utc.csv", Plant(saving: 0.1));
        Run(utc);
        string first = runner.Output;
        Run(utc, "--zone", "America/Mexico_City");
        Assert.Equal(first, runner.Output);
    }

    [Fact]
    public void A_stamp_that_the_zone_skips_is_refused_with_a_hint()
    {
        string path = runner.Write("dst.csv", "day,kwh,tonnes\n2024-03-10 02:30,1,2\n");
        Assert.Equal(65, Run(path, "--zone", "America/New_York"));
        Assert.Contains("does not exist in America/New_York", runner.Error, StringComparison.Ordinal);
        Assert.Equal(65, Run(path, "--zone", "Etc/GMT+5"));
        Assert.DoesNotContain("does not exist in", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_without_json_shows_the_saving_with_its_uncertainty_first()
    {
        string path = runner.Write("plant.csv", Plant(saving: 0.2));
        int exit = runner.Run(SavingsCommand.Create(), "--csv", path, "--time", "day", "--use", "kwh", "--drivers", "tonnes", "--baseline", "2024-01-01..2024-12-31", "--reporting", "2025-03-01..2025-12-31");
        Assert.Equal(0, exit);
        Assert.Matches("^Saving +[0-9,.]+ ± [0-9,.]+ \\(90 %\\)", runner.Output);
    }

    [Fact]
    public void The_text_follows_the_language_with_its_reasons_and_the_JSON_stays_as_it_is()
    {
        string path = runner.Write("plant.csv", Plant(saving: 0.2));
        string[] asked = ["--csv", path, "--time", "day", "--use", "kwh", "--drivers", "tonnes", "--events", "propose", "--claim", "100", "--reporting", "2025-03-01..2025-12-31", "--baseline"];
        Assert.Equal(0, runner.Run(SavingsCommand.Create(Language.Spanish), [.. asked, "2024-01-01..2024-12-31"]));
        Assert.Matches("^Ahorro +[0-9,.]+ ± [0-9,.]+ \\(90 %\\) en la unidad de «kwh», evitado", runner.Output);
        Assert.All(["Declarado ", "Habría sido ", "Medido ", "Línea base ", "Eventos ", "Detectable ", "Pruebas "], label => Assert.Contains("\n" + label, runner.Output, StringComparison.Ordinal));
        Assert.DoesNotMatch("Saving|Metered|Baseline|Would be|Events|Tests|rows|pass\\b|of use", runner.Output);
        Assert.Contains("nota: part-year: El periodo de reporte tiene 306 días", runner.Error, StringComparison.Ordinal);

        // Rows of a file are not days.
        Assert.Equal(65, runner.Run(SavingsCommand.Create(Language.Spanish), [.. asked, "2024-01-01..2024-01-10"]));
        Assert.Contains("No se declara ningún ahorro para «kwh»", runner.Output, StringComparison.Ordinal);
        Assert.Contains("rechazado: too-few-points: La línea base tiene 10 renglones utilizables", runner.Error, StringComparison.Ordinal);
        Assert.Equal(65, runner.Run(SavingsCommand.Create(Language.Spanish), [.. asked, "2024-01-01..2024-01-10", "--json"]));
        Assert.StartsWith("too-few-points: The baseline has 10 usable rows", runner.Json().GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);

        // A file that cannot be read.
        Assert.Equal(65, runner.Run(SavingsCommand.Create(Language.Spanish), [.. asked[2..], "2024-01-01..2024-12-31", "--csv", runner.Write("bad.csv", "day,kwh,tonnes\n2024-01-01,abc,2\n")]));
        Assert.Contains("(2,2): «abc» no es un número que se pueda usar", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Simulated_plants_without_events_come_within_twice_the_stated_uncertainty()
    {
        string? folder = ReferenceFiles.Find("reference/mv/synthetic/savings");
        if (folder is null)
        {
            return;
        }

        using JsonDocument truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "truth.json")));
        int compared = 0;
        foreach (JsonElement plant in truth.RootElement.EnumerateArray())
        {
            string kind = plant.GetProperty("kind").GetString()!;
            if (kind is not ("prod" or "water") || plant.GetProperty("nre").ValueKind != JsonValueKind.Null)
            {
                continue;
            }

            string drivers = string.Join(',', plant.GetProperty("relevant").EnumerateArray().Select(name => name.GetString()));
            int exit = runner.Run(SavingsCommand.Create(), "--csv", Path.Combine(folder, plant.GetProperty("id").GetString() + ".csv"), "--time", "date", "--use", "value",
                "--drivers", drivers, "--baseline", "2024-01-01..2024-12-30", "--reporting", "2025-03-01..2026-02-28", "--json");
            Assert.True(exit == 0, $"{plant.GetProperty("id")}: {runner.Error}");
            double expected = plant.GetProperty("true_avoided_on_observed_days").GetDouble();
            double error = runner.Json().GetProperty("savings").GetDouble() - expected;
            Console.WriteLine($"{plant.GetProperty("id")} {kind}: truth {expected:0.0}, error {error:0.0}, half-width {runner.Json().GetProperty("halfWidth").GetDouble():0.0}");
            double halfWidth = runner.Json().GetProperty("halfWidth").GetDouble();
            Assert.True(Math.Abs(error) <= 2 * halfWidth, plant.GetProperty("id").GetString());
            compared++;
        }

        Assert.Equal(6, compared);
    }

    private int Run(string path, params string[] changes)
    {
        Dictionary<string, string> arguments = new(StringComparer.Ordinal)
        {
            ["--csv"] = path,
            ["--time"] = "day",
            ["--use"] = "kwh",
            ["--drivers"] = "tonnes",
            ["--baseline"] = "2024-01-01..2024-12-31",
            ["--reporting"] = "2025-03-01..2025-12-31",
        };
        for (int i = 0; i < changes.Length; i += 2)
        {
            arguments[changes[i]] = changes[i + 1];
        }

        return runner.Run(SavingsCommand.Create(), [.. arguments.SelectMany(pair => new[] { pair.Key, pair.Value }), "--json"]);
    }

    /// <summary>Two years of days: 500 kWh and 3 kWh per tonne, noise, and a saving from 2025 on.</summary>
    private static string Plant(double saving)
    {
        Random random = new(11);
        StringBuilder text = new("day,kwh,tonnes\n");
        DateOnly first = new(2024, 1, 1);
        for (int i = 0; i < 731; i++)
        {
            DateOnly day = first.AddDays(i);
            double tonnes = Math.Round(100 + (50 * random.NextDouble()), 2);
            double use = (500 + (3 * tonnes) + (10 * (random.NextDouble() - 0.5))) * (day.Year >= 2025 ? 1 - saving : 1);
            text.Append(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd},{use:0.###},{tonnes}\n");
        }

        return text.ToString();
    }
}
