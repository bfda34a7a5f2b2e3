using System.Globalization;
using System.Text.Json;
using Metering.Cloud.Commands;
using Metering.Tests.Analytics.Simulation;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.CloudCommands;

/// <summary>The models and events of `cloud savings`, on files.</summary>
public sealed class SavingsModelTests : IDisposable
{
    private readonly CommandRunner runner = new();

    public void Dispose() => runner.Dispose();

    [NeedsTheory("shared:reference/mv")]
    [InlineData("il-electricity-cdd-hdd-daily", 363, 1e-9)]
    [InlineData("il-gas-intercept-only-daily", 363, 1e-9)]
    [InlineData("il-electricity-cdd-hdd-billing_monthly", 11, 1e-9)]
    [InlineData("il-gas-intercept-only-billing_monthly", 11, 1e-9)]
    [InlineData("il-electricity-cdd-hdd-hourly", 8719, 1e-6)]
    [InlineData("il-gas-intercept-only-hourly", 8719, 1e-6)]
    public void CalTRACK_models_give_the_counterfactual_of_the_reference_program(string name, int rows, double relative)
    {
        ReferenceCase reference = ReferenceCases.All(runner).Single(candidate => candidate.Name == name);
        int exit = runner.Run(SavingsCommand.Create(), reference.Arguments);
        Assert.True(exit == 0, runner.Error);
        JsonElement answer = runner.Json();

        // The temperature file ends before the meter does: the rows without temperature count on neither side.
        Assert.Equal(rows, answer.GetProperty("reportingRows").GetInt32());
        double expected = Counterfactual(name, rows);
        Assert.Equal(1, answer.GetProperty("counterfactual").GetDouble() / expected, relative);
        Assert.True(answer.GetProperty("halfWidth").GetDouble() > 0);
        Assert.NotEmpty(answer.GetProperty("tests").EnumerateArray());
    }

    [NeedsFact("shared:reference/mv")]
    public void Five_bimonthly_bills_are_refused()
    {
        ReferenceCase reference = ReferenceCases.All(runner).Single(candidate => candidate.Name == "il-electricity-cdd-hdd-billing_bimonthly");
        Assert.Equal(65, runner.Run(SavingsCommand.Create(), reference.Arguments));
        Assert.Contains("too-few-points", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_are_proposed_decided_in_a_file_and_applied()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Production, 21, new SimulatedPlantOptions
        {
            Event = SimulatedEventKind.StepInReporting, EventShareOfUse = 0.3, NoiseShareOfUse = 0.04, Autocorrelation = 0.2, SavingsFraction = 0.08,
        });
        string path = runner.Write("plant.csv", plant.ToCsv());
        JsonElement proposed = Run(path, "--events", "propose");
        JsonElement found = Assert.Single(proposed.GetProperty("events").EnumerateArray());
        Assert.False(found.GetProperty("applied").GetBoolean());
        Assert.Equal(proposed.GetProperty("savings").GetDouble(), proposed.GetProperty("savingsWithoutEvents").GetDouble());

        JsonElement applied = Run(path, "--events", "apply");
        Assert.True(Assert.Single(applied.GetProperty("events").EnumerateArray()).GetProperty("applied").GetBoolean());
        Assert.Equal(proposed.GetProperty("savings").GetDouble(), applied.GetProperty("savingsWithoutEvents").GetDouble());
        Assert.InRange(applied.GetProperty("savingsPercent").GetDouble(), 6, 10);

        string day = found.GetProperty("from").GetString()![..10];
        string decisions = runner.Write("events.csv", $"from,to,decision,person,reason\n{day},,non-routine-permanent,Auditor,second shift started\n");
        JsonElement decided = Run(path, "--events", $"apply:{decisions}");
        Assert.Equal(applied.GetProperty("savings").GetDouble(), decided.GetProperty("savings").GetDouble(), 1e-6);
        Assert.Equal("second shift started", Assert.Single(decided.GetProperty("events").EnumerateArray()).GetProperty("reason").GetString());

        string effect = runner.Write("effect.csv", $"from,to,decision,person,reason\n{day},,project-effect,Auditor,the project itself\n");
        JsonElement kept = Run(path, "--events", $"apply:{effect}");
        Assert.Equal(proposed.GetProperty("savings").GetDouble(), kept.GetProperty("savings").GetDouble());
    }

    [Theory]
    [InlineData("2025-07-10,,non-routine-permanent,,because\n", "a decision without a person")]
    [InlineData("2025-07-10,,non-routine-permanent,Auditor,\n", "a decision without a reason")]
    [InlineData("2025-07-10,,maybe,Auditor,because\n", "'maybe' is not a decision")]
    [InlineData("2025-07-10,,non-routine-temporary,Auditor,because\n", "a temporary event needs its last day")]
    [InlineData("2025-07-10,2025-07-01,data-fault,Auditor,because\n", "ends before it begins")]
    [InlineData("10/07/2025,,data-fault,Auditor,because\n", "is not a day")]
    public void A_decision_that_does_not_count_is_named_with_its_place(string line, string message)
    {
        string path = runner.Write("plant.csv", SimulatedPlant.Create(SimulatedKind.Production, 21).ToCsv());
        string decisions = runner.Write("events.csv", "from,to,decision,person,reason\n" + line);
        Assert.Equal(65, Invoke(path, "--events", $"apply:{decisions}"));
        Assert.Contains(message, runner.Error, StringComparison.Ordinal);
        Assert.Contains("events.csv(2,", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_temperature_file_without_a_unit_is_asked_for_it()
    {
        string path = runner.Write("plant.csv", SimulatedPlant.Create(SimulatedKind.Cooling, 21).ToCsv());
        string temperature = runner.Write("weather.csv", "time,temp\n2024-01-01 00:00,12\n");
        Assert.Equal(65, Invoke(path, "--temperature", temperature, "--model", "caltrack-daily"));
        Assert.Contains("does not say whether it holds degrees Celsius or Fahrenheit", runner.Error, StringComparison.Ordinal);
        Assert.Equal(64, Invoke(path, "--model", "caltrack-daily"));
        Assert.Contains("needs --temperature", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_use_too_large_to_square_is_refused_without_a_single_driver()
    {
        string text = SimulatedPlant.Create(SimulatedKind.Cooling, 21, new SimulatedPlantOptions { MissingShare = 0 }).ToCsv();
        string[] lines = [.. text.Split('\n').Select(line => string.Join(',', line.Split(',').Take(2)))];
        lines[9] = "2024-01-09,1e200";
        Assert.Equal(65, Invoke(runner.Write("plant.csv", string.Join('\n', lines)), "--drivers", "auto"));
        Assert.Contains("no-counterfactual", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_further_files_and_columns_are_told_without_the_framework_s_words()
    {
        string path = runner.Write("plant.csv", SimulatedPlant.Create(SimulatedKind.Cooling, 21).ToCsv());
        Assert.Equal(65, Invoke(path, "--segments", "value"));
        Assert.Contains("--segments needs 2 to 12", runner.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", runner.Error, StringComparison.Ordinal);
        Assert.Equal(65, Invoke(path, "--temperature", "/nowhere/weather.csv"));
        Assert.Contains("/nowhere/weather.csv does not exist", runner.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--csv", runner.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_temperature_file_becomes_a_driver()
    {
        SimulatedPlant plant = SimulatedPlant.Create(SimulatedKind.Cooling, 8, new SimulatedPlantOptions { NoiseShareOfUse = 0.04 });
        string path = runner.Write("plant.csv", plant.ToCsv());
        System.Text.StringBuilder weather = new("time,temp_c\n");
        for (int row = 0; row < plant.Rows; row++)
        {
            for (int hour = 0; hour < 24; hour++)
            {
                string stamp = DateTimeOffset.FromUnixTimeMilliseconds(SimulatedPlant.StartOf(row)).AddHours(hour).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
                weather.Append(CultureInfo.InvariantCulture, $"{stamp},{plant.TemperatureC[row]:0.00}\n");
            }
        }

        string temperature = runner.Write("weather.csv", weather.ToString());
        JsonElement answer = Run(path, "--model", "cp", "--temperature", temperature, "--drivers", "");
        Assert.Equal("temperature", answer.GetProperty("breakpoints")[0].GetProperty("driver").GetString());
    }

    private static double Counterfactual(string name, int rows)
    {
        string[] lines = File.ReadAllLines(ReferenceCases.Shared($"eemeter/expected/{name}.counterfactual.csv"));
        int column = Array.FindIndex(lines[0].Split(','), heading => heading.Contains("counterfactual", StringComparison.Ordinal));
        return lines.Skip(1).Take(rows).Sum(line => double.Parse(line.Split(',')[column], CultureInfo.InvariantCulture));
    }

    private JsonElement Run(string path, params string[] more)
    {
        Assert.Equal(0, Invoke(path, more));
        return runner.Json();
    }

    private int Invoke(string path, params string[] more)
    {
        string[] drivers = more.Contains("--drivers", StringComparer.Ordinal) || more.Contains("caltrack-daily", StringComparer.Ordinal) ? [] : ["--drivers", "production_1"];
        return runner.Run(SavingsCommand.Create(), ["--csv", path, "--time", "date", "--use", "value", "--baseline", "2024-01-01..2024-12-30", "--reporting", "2025-03-01..2026-02-28", .. drivers, .. more, "--json"]);
    }
}
