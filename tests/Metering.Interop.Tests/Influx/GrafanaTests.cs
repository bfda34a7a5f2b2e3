using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metering.Store.Influx;
using Metering.Tests.Support;
using Xunit;
using YamlDotNet.RepresentationModel;
using static Metering.Interop.Tests.Influx.MirrorBench;

namespace Metering.Interop.Tests.Influx;

/// <summary>The dashboards against what the mirror writes: every file, every query, in a real InfluxDB.</summary>
public sealed partial class GrafanaTests
{
    private const int Days = 3;
    private static readonly string Folder = Repository.Path("cloud", "grafana");
    private static readonly string[] Tags = ["plant", "gateway", "meter", "channel", "unit"];
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        ["reading"] = ["value", "quality"],
        ["interval_15m"] = ["consumption", "mean", "min", "max", "completeness", "flag"],
    };

    [Fact]
    public void Every_dashboard_has_a_fixed_identifier_of_its_own_and_the_data_source_of_the_provisioning()
    {
        YamlMappingNode source = (YamlMappingNode)((YamlSequenceNode)Yaml("provisioning/datasources/metering.yaml")["datasources"]).Children[0];
        Assert.Equal(("metering-influxdb", "influxdb"), (Text(source, "uid"), Text(source, "type")));
        Assert.StartsWith("$METERING_", Text((YamlMappingNode)source["secureJsonData"], "password"), StringComparison.Ordinal);
        YamlMappingNode provider = (YamlMappingNode)((YamlSequenceNode)Yaml("provisioning/dashboards/metering.yaml")["providers"]).Children[0];
        Assert.Contains(Text((YamlMappingNode)provider["options"], "path"), File.ReadAllText(Path.Combine(Folder, "README.md")), StringComparison.Ordinal);

        List<string> identifiers = [];
        foreach (JsonElement dashboard in Dashboards())
        {
            identifiers.Add(dashboard.GetProperty("uid").GetString()!);
            int[] panels = [.. dashboard.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32())];
            Assert.Equal(panels.Distinct(), panels);
            Assert.All(Everything(dashboard, "datasource"), item => Assert.Equal("metering-influxdb", item.GetProperty("uid").GetString()));
        }

        Assert.Equal(["metering-gateway", "metering-meter", "metering-plant", "metering-quality"], identifiers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_query_names_only_measurements_fields_and_tags_that_are_written()
    {
        foreach (string query in Queries())
        {
            string measurement = FromPattern().Match(query).Groups["name"].Value;
            Assert.True(Fields.ContainsKey(measurement), query);
            foreach (Match name in QuotedPattern().Matches(query))
            {
                Assert.True(name.Groups["name"].Value == measurement || Tags.Contains(name.Groups["name"].Value) || Fields[measurement].Contains(name.Groups["name"].Value), $"{name.Value} in {query}");
            }
        }
    }

    [NeedsFact("influxd")]
    public async Task Every_query_runs_in_InfluxDB_and_finds_what_the_mirror_has_written()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        await bench.AppendDaysAsync(0, Days, seed: 11);
        await bench.NewMirror().DrainAsync(CancellationToken.None);
        InfluxIntervalMirror intervals = bench.NewIntervalMirror(StoredIntervals.Of(bench.Store));
        await intervals.DrainAsync(CancellationToken.None);
        Assert.Empty((await intervals.VerifyAsync(CancellationToken.None)).Differences);
        foreach (string query in Queries())
        {
            using JsonDocument answer = await server.QueryAsync(Substitute(query));
            JsonElement result = answer.RootElement.GetProperty("results")[0];
            Assert.False(result.TryGetProperty("error", out JsonElement error), $"{query}: {error}");

            // The bench has no water counter and no substituted readings.
            bool mayBeEmpty = query.Contains("'m3'", StringComparison.Ordinal) || query.Contains(">= 192", StringComparison.Ordinal);
            Assert.True(result.TryGetProperty("series", out JsonElement _) || mayBeEmpty, $"no rows: {query}");
        }
    }

    private static string Substitute(string query) => query
        .Replace("$timeFilter", string.Create(CultureInfo.InvariantCulture, $"time >= {Start}ms AND time < {Start + (Days * Day)}ms"), StringComparison.Ordinal)
        .Replace("$__interval", "30m", StringComparison.Ordinal)
        .Replace("/^$plant$/", "/^leon-tannery$/", StringComparison.Ordinal)
        .Replace("$gateway", ".*", StringComparison.Ordinal)
        .Replace("$channel", ".*", StringComparison.Ordinal);

    private static YamlMappingNode Yaml(string path)
    {
        using StreamReader reader = new(Path.Combine(Folder, path));
        YamlStream stream = [];
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static List<JsonElement> Dashboards()
    {
        List<JsonElement> dashboards = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Folder, "dashboards"), "*.json"))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            dashboards.Add(document.RootElement.Clone());
        }

        return dashboards;
    }

    /// <summary>The queries of all panels and variables.</summary>
    private static List<string> Queries()
    {
        List<string> queries = [.. Dashboards().SelectMany(dashboard => Everything(dashboard, "query")).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).Where(text => text.Contains("FROM", StringComparison.Ordinal))];
        Assert.True(queries.Count > 25);
        return queries;
    }

    private static IEnumerable<JsonElement> Everything(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => (property.Name == name ? [property.Value] : Enumerable.Empty<JsonElement>()).Concat(Everything(property.Value, name))),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Everything(item, name)),
        _ => [],
    };

    [GeneratedRegex("FROM \"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FromPattern();

    [GeneratedRegex("\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QuotedPattern();
}
