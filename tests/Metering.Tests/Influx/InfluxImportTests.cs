using System.Globalization;
using System.Text;
using System.Text.Json;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.CloudHost;
using Xunit;

namespace Metering.Tests.Influx;

/// <summary>History of a foreign InfluxDB into the store. The same runs against a real 1.6.7 in Metering.Interop.Tests.</summary>
public sealed class InfluxImportTests
{
    private const long Start = 1_704_067_200_000;
    private const long Minute = 60_000;
    private const int PerDay = 1440;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_value_arrives_bit_by_bit_and_a_second_run_adds_nothing(int version)
    {
        using Source source = new(version);
        await source.WriteAsync(Lines(days: 3));
        using CloudFolder folder = new();
        await WriteMapAsync(folder);
        (int exitCode, string output, string error) = await source.ImportAsync(folder, "--map", "@map.yaml");
        Assert.True(exitCode == 0, output + error);
        Assert.StartsWith("COMPLETE: 8640 readings added", output, StringComparison.Ordinal);
        Assert.Contains("power,site=leon note: 3 values -> LEFT OUT", output, StringComparison.Ordinal);

        using (SqliteStore store = SqliteStore.Open(folder.At("metering.db"), TimeProvider.System))
        {
            ReadingColumns power = store.Read("import-influx", "mains.power", long.MinValue, long.MaxValue);
            ReadingColumns energy = store.Read("import-influx", "mains.energy", long.MinValue, long.MaxValue);
            Assert.Equal((3 * PerDay, 3 * PerDay), (power.Count, energy.Count));
            for (int index = 0; index < power.Count; index++)
            {
                Assert.Equal(BitConverter.DoubleToInt64Bits(PowerAt(index)), BitConverter.DoubleToInt64Bits(power.Channel.ToDouble(power.ScaledValues[index])));
                Assert.Equal(EnergyAt(index), energy.ScaledValues[index]);
            }

            Assert.All(store.Channels(), channel => Assert.Equal('D', Metering.Cloud.Evidence.Grades.Of(store, channel)));
        }

        (exitCode, output, _) = await source.ImportAsync(folder, "--map", "@map.yaml");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("COMPLETE: 0 readings added, 0 replaced, ", output, StringComparison.Ordinal);
        Assert.Matches("[1-9] ranges were there already", output);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_import_that_was_stopped_goes_on_and_new_values_are_added(int version)
    {
        using Source source = new(version);
        await source.WriteAsync(Lines(days: 2));
        using CloudFolder folder = new();
        await WriteMapAsync(folder);
        (int first, _, _) = await source.ImportAsync(folder, "--map", "@map.yaml", "--to", "2024-01-01T12:00:00Z");
        Assert.Equal(0, first);
        await source.WriteAsync($"power,site=leon kw=7.25 {Start + 30}\n");
        (int exitCode, string output, _) = await source.ImportAsync(folder, "--map", "@map.yaml", "--json");
        Assert.Equal(0, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal((2 * 2 * PerDay) + 1 - PerDay, json.RootElement.GetProperty("new").GetInt64());
        Assert.True(json.RootElement.GetProperty("matches").GetBoolean());
    }

    [Fact]
    public async Task A_dry_run_counts_lists_and_writes_nothing()
    {
        using Source source = new(2);
        await source.WriteAsync(Lines(days: 1));
        using CloudFolder folder = new();
        (int exitCode, string output, string error) = await source.RunAsync(folder, "--dry-run");
        Assert.True(exitCode == 0, error);
        Assert.StartsWith("NOTHING WRITTEN", output, StringComparison.Ordinal);
        Assert.Contains($"power,site=leon kw: {PerDay} values -> LEFT OUT: name it in --map or give --unit", output, StringComparison.Ordinal);
        using SqliteStore store = SqliteStore.Open(folder.At("metering.db"), TimeProvider.System);
        Assert.Equal((0, 0), (store.LastSequence, store.Enrolments().Count));
        Assert.False(File.Exists(folder.At("cloud.pem.import")));
    }

    [Fact]
    public async Task Without_a_map_the_unit_given_stands_for_all_series_and_texts_are_counted_as_missing()
    {
        using Source source = new(2);
        await source.WriteAsync(Lines(days: 1));
        using CloudFolder folder = new();
        (int exitCode, string output, _) = await source.ImportAsync(folder, "--unit", "kW");
        Assert.Equal(3, exitCode);
        Assert.StartsWith("COUNTS DIFFER", output, StringComparison.Ordinal);
        Assert.Contains("1 values are no numbers", output, StringComparison.Ordinal);
        Assert.Contains($"power,site=leon kw: {PerDay} values -> power.leon.kw, {PerDay} in the store", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "is no identifier", "--unit", "kW", "--plant", "León")]
    [InlineData(64, "is not known", "--unit", "horse-power")]
    [InlineData(64, "give its decimal places", "--unit", "kWh", "--kind", "counter")]
    [InlineData(64, "--from must lie before --to", "--unit", "kW", "--from", "2024-02-01", "--to", "2024-01-01")]
    [InlineData(64, "is no instant", "--from", "yesterday")]
    [InlineData(64, "--decimals must be", "--decimals", "99")]
    [InlineData(65, "cannot hold exactly", "--unit", "kW", "--decimals", "0")]
    [InlineData(78, "map.yaml(2,15)", "--map", "@bad.yaml")]
    public async Task What_cannot_be_done_is_explained(int exitCode, string text, params string[] args)
    {
        using Source source = new(2);
        await source.WriteAsync(Lines(days: 1));
        using CloudFolder folder = new();
        await File.WriteAllTextAsync(folder.At("bad.yaml"), "series:\n  \"power kw\": { channel: Mains, unit: kW }\n");
        (int code, _, string error) = args.Contains("--plant") ? await source.RunAsync(folder, args) : await source.ImportAsync(folder, args);
        Assert.True(code == exitCode, error);
        Assert.Contains(text.Replace("map.yaml", folder.At("bad.yaml"), StringComparison.Ordinal), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_copy_that_the_cloud_writes_itself_is_not_brought_in_again()
    {
        using CloudFolder folder = new("influx: { url: \"http://127.0.0.1:1\", database: metering }");
        (int exitCode, _, string error) = await folder.RunAsync(
            "influx", "import", "--config", "@cloud.yaml", "--from-url", "http://127.0.0.1:1/", "--database", "metering", "--measurement", "reading", "--dry-run");
        Assert.Equal(64, exitCode);
        Assert.Contains("the copy that this cloud writes itself", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_3_needs_the_range_because_it_does_not_look_over_its_whole_history()
    {
        using Source source = new(3);
        await source.WriteAsync(Lines(days: 1));
        using CloudFolder folder = new();
        (int exitCode, _, string error) = await source.RunAsync(folder, "--dry-run");
        Assert.Equal(78, exitCode);
        Assert.Contains("--from and --to", error, StringComparison.Ordinal);
    }

    private static double PowerAt(int minute) => Math.Sin(minute) * 37.123456789;

    private static long EnergyAt(int minute) => 123_456 + (minute * 7L);

    private static Task WriteMapAsync(CloudFolder folder) => File.WriteAllTextAsync(folder.At("map.yaml"), """
        series:
          "power,site=leon kw": { channel: mains.power, unit: kW }
          "power,site=leon kwh": { channel: mains.energy, unit: kWh, kind: counter, decimals: 1 }
        """);

    private static string Lines(int days)
    {
        StringBuilder lines = new();
        for (int minute = 0; minute < days * PerDay; minute++)
        {
            string note = minute % PerDay == 0 ? ",note=\"a text\"" : "";
            _ = lines.Append(CultureInfo.InvariantCulture, $"power,site=leon kw={PowerAt(minute):R},kwh={EnergyAt(minute) / 10m}{note} {Start + (minute * Minute)}\n");
        }

        return lines.ToString();
    }

    private sealed class Source : IDisposable
    {
        private readonly int _version;
        private readonly ContractServer2? _two;
        private readonly ContractServer3? _three;

        public Source(int version)
        {
            _version = version;
            _two = version == 2 ? new("plant data") : null;
            _three = version == 3 ? new() : null;
        }

        private Uri Url => _two?.Url ?? _three!.Url;

        private string Token => _version == 2 ? ContractServer2.Token : ContractServer3.Token;

        public Task<(int ExitCode, string Output, string Error)> ImportAsync(CloudFolder folder, params string[] args) => RunAsync(
            folder,
            ["--plant", "leon", .. _version == 3 && !args.Contains("--from") ? ["--from", "2024-01-01"] : Array.Empty<string>(), .. _version == 3 && !args.Contains("--to") ? ["--to", "2024-01-05"] : Array.Empty<string>(), .. args]);

        public async Task<(int ExitCode, string Output, string Error)> RunAsync(CloudFolder folder, params string[] args)
        {
            await File.WriteAllTextAsync(folder.At("token"), Token);
            return await folder.RunAsync([
                "influx", "import", "--config", "@cloud.yaml", "--from-url", Url.AbsoluteUri, "--database", "plant data", "--measurement", "power",
                "--server-version", _version.ToString(CultureInfo.InvariantCulture), "--token-file", "@token", .. args]);
        }

        public async Task WriteAsync(string lines)
        {
            using HttpClient http = new();
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Url, "write?db=plant%20data&precision=ms")) { Content = new StringContent(lines) };
            request.Headers.Authorization = new("Token", Token);
            using HttpResponseMessage answer = await http.SendAsync(request);
            _ = answer.EnsureSuccessStatusCode();
        }

        public void Dispose()
        {
            _two?.Dispose();
            _three?.Dispose();
        }
    }
}
