using System.Diagnostics;
using System.Text.Json;
using Metering.Interop.Tests.Influx;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd;

/// <summary>The copy in a real InfluxDB after a history through the whole path, its meters on a serial line (Modbus RTU).</summary>
[Collection(Paths.Collection)]
public sealed class InfluxPathTests
{
    private const string Plant = "san-luis-hotel";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [NeedsFact("mosquitto", "influxd")]
    public async Task The_copy_in_InfluxDB_has_the_count_and_the_sum_of_every_channel_and_day()
    {
        using Influxd server = (await Influxd.StartAsync())!;
        await using WholePath path = await WholePath.StartAsync(
            Plant,
            ["run", "--plants", Plant, "--from", "2026-02-01", "--until", "2026-02-23"],
            $"influx: {{ url: \"{server.Url}\", database: metering }}\n");
        path.StartGateway();
        long readings = await path.FinishGatewayAsync();
        long start = Stopwatch.GetTimestamp();
        while (await InfluxAsync(path, "status", "behind") > 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Deadline, "the copy does not catch up");
        }

        Answer verified = (await Programs.RunOwnAsync("Metering.Cloud", "influx", "verify", "--config", path.CloudConfig)).Expect(0);
        Assert.StartsWith("MATCHES", verified.Output, StringComparison.Ordinal);
        long lost = path.Truth.GetProperty("channels").EnumerateArray().Sum(channel => channel.GetProperty("lostReadings").GetInt64());
        Assert.Equal(path.Store.Channels().Sum(channel => channel.Count), readings);
        Assert.Equal(readings - lost, await InfluxAsync(path, "verify", "values"));

        // The command is not blind: an hour less in the copy, and it says so.
        using JsonDocument deleted = await server.QueryAsync("DELETE WHERE time >= '2026-02-10T12:00:00Z' AND time < '2026-02-10T13:00:00Z'");
        _ = (await Programs.RunOwnAsync("Metering.Cloud", "influx", "verify", "--config", path.CloudConfig)).Expect(3);
    }

    private static async Task<long> InfluxAsync(WholePath path, string verb, string property)
    {
        Answer answer = (await Programs.RunOwnAsync("Metering.Cloud", "influx", verb, "--config", path.CloudConfig, "--json")).Expect(0);
        using JsonDocument json = JsonDocument.Parse(answer.Output);
        return json.RootElement.GetProperty(property).GetInt64();
    }
}
