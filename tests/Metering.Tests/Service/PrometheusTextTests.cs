using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Metering.Gateway.Metrics;
using Metering.Gateway.Polling;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Service;

/// <summary>The metrics: the grammar of Prometheus' text format 0.0.4, the names, and how many series there are.</summary>
public sealed class PrometheusTextTests
{
    private static readonly Regex Sample = new(
        @"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*=""(\\\\|\\""|\\n|[^""\\\n])*""(,[a-zA-Z_][a-zA-Z0-9_]*=""(\\\\|\\""|\\n|[^""\\\n])*"")*)\})? (?<value>\S+)$",
        RegexOptions.ExplicitCapture);

    [Theory]
    [InlineData("metering.modbus.requests", "{request}", true, "metering_modbus_requests_total")]
    [InlineData("metering.reading.age", "s", false, "metering_reading_age_seconds")]
    [InlineData("metering.bus.discarded", "By", true, "metering_bus_discarded_bytes_total")]
    [InlineData("metering.bus.utilization", "1", false, "metering_bus_utilization_ratio")]
    [InlineData("metering.build_info", null, false, "metering_build_info")]
    public void Names_are_translated_as_OpenTelemetry_says(string name, string? unit, bool isCounter, string expected) =>
        Assert.Equal(expected, PrometheusText.NameOf(name, unit, isCounter));

    [Fact]
    public void Every_line_is_in_the_grammar_and_every_family_stands_together()
    {
        using GatewayMetrics metrics = new(() => StatusSample.Of(StatusSample.Meter("mains"), StatusSample.Meter("water", MeterState.Quarantined, "timeout")));
        string text = Encoding.UTF8.GetString(metrics.Write());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        HashSet<string> families = new(StringComparer.Ordinal);
        HashSet<string> series = new(StringComparer.Ordinal);
        string family = "";
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(families.Add(family), $"{family} stands twice");
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Contains(line, new[] { $"# TYPE {family} counter", $"# TYPE {family} gauge" });
            }
            else
            {
                Match match = Sample.Match(line);
                Assert.True(match.Success, line);
                Assert.Equal(family, match.Groups["name"].Value);
                Assert.True(series.Add(line[..line.LastIndexOf(' ')]), $"{line} stands twice");
                Assert.True(double.TryParse(match.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _), line);
            }
        }

        Assert.Contains("metering_build_info", families);
        Assert.Contains("metering_reading_age_seconds{bus=\"rs485\",meter=\"mains\"} 8", text, StringComparison.Ordinal);
        Assert.DoesNotContain("metering_reading_age_seconds{bus=\"rs485\",meter=\"water\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_escaped()
    {
        using Meter meter = new("test");
        _ = meter.CreateObservableGauge("a.b", () => new Measurement<int>(1, new KeyValuePair<string, object?>("text", "a\\b\"c\nd")), null, "line\nbreak");
        Assert.Equal("# HELP a_b line\\nbreak\n# TYPE a_b gauge\na_b{text=\"a\\\\b\\\"c\\nd\"} 1\n", Encoding.UTF8.GetString(PrometheusText.Write(meter)));
    }

    [Fact]
    public void Each_further_meter_brings_a_fixed_number_of_series_and_no_channel_any()
    {
        MeterSnapshot mains = StatusSample.Meter("mains");
        int one = SeriesOf(mains);
        int two = SeriesOf(mains, StatusSample.Meter("water"));
        int three = SeriesOf(mains, StatusSample.Meter("water"), StatusSample.Meter("steam"));
        Assert.Equal(two - one, three - two);
        Assert.Equal(one, SeriesOf(mains with { Channels = [.. Enumerable.Range(0, 100).Select(index => mains.Channels[0] with { Id = "mains.c" + index })] }));
    }

    [Fact]
    public void The_table_of_the_readme_names_every_instrument()
    {
        using GatewayMetrics metrics = new(() => StatusSample.Of(StatusSample.Meter("mains")));
        string readme = File.ReadAllText(Repository.Path("gateway", "Metering.Gateway", "Metrics", "README.md"));
        string[] families = [.. Encoding.UTF8.GetString(metrics.Write()).Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Assert.True(families.Length > 20);
        Assert.All(families, family => Assert.Contains($"`{family}`", readme, StringComparison.Ordinal));
    }

    private static int SeriesOf(params MeterSnapshot[] meters)
    {
        using GatewayMetrics metrics = new(() => StatusSample.Of(meters));
        return Encoding.UTF8.GetString(metrics.Write()).Split('\n').Count(line => line.Length > 0 && line[0] != '#');
    }
}
