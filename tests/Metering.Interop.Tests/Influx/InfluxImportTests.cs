using System.Globalization;
using System.Text;
using Metering.Cloud.Hosting;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Xunit;
using static Metering.Interop.Tests.Influx.MirrorBench;

namespace Metering.Interop.Tests.Influx;

/// <summary>History of a real InfluxDB that somebody else has filled, into the store; and intervals of the store into a real one.</summary>
public sealed class InfluxImportTests
{
    private static readonly double[] Awkward = [0.1, -1e-7, 1e20, 5e-324, 1.7976931348623157e308, 123456.789, 1 / 3.0];

    [NeedsFact("influxd")]
    public async Task Names_with_spaces_whole_numbers_and_awkward_doubles_arrive_as_they_are()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        _ = await server.QueryAsync("CREATE DATABASE \"plant data\"", "_internal");
        StringBuilder lines = new();
        for (int index = 0; index < 3_000; index++)
        {
            long instant = Start + (index * 60_000L);
            _ = lines.Append(CultureInfo.InvariantCulture, $"boiler\\ room,site=león\\ 1,unit=a real\\ power={Awkward[index % Awkward.Length]:R},pulses={9_000_000_000_000_000_000 + index}i,open={(index % 2 == 0 ? "true" : "false")} {instant}\n");
            _ = lines.Append(CultureInfo.InvariantCulture, $"boiler\\ room,site=other real\\ power={index} {instant}\n");
        }

        await server.WriteAsync(lines.ToString(), "plant%20data");
        string folder = Directory.CreateTempSubdirectory("metering-import-").FullName;
        try
        {
            SigningKey.Create(Path.Combine(folder, "cloud.pem")).Dispose();
            await File.WriteAllTextAsync(Path.Combine(folder, "cloud.yaml"), "name: c\nkeyFile: cloud.pem\nstore: metering.db\nbroker: { host: 127.0.0.1 }\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "map.yaml"), """
                series:
                  "boiler room,site=león 1,unit=a real power": { channel: boiler.power, unit: kW }
                  "boiler room,site=león 1,unit=a pulses": { channel: boiler.pulses, unit: pieces, kind: counter, decimals: 0 }
                """);
            using StringWriter output = new();
            using StringWriter error = new();
            int exitCode = await CloudCommandLine.RunAsync(
                [
                    "influx", "import", "--config", Path.Combine(folder, "cloud.yaml"), "--from-url", server.Url.AbsoluteUri, "--database", "plant data",
                    "--measurement", "boiler room", "--plant", "leon", "--map", Path.Combine(folder, "map.yaml"),
                ],
                output,
                error);
            Assert.True(exitCode == 0, output.ToString() + error);
            Assert.StartsWith("COMPLETE: 6000 readings added", output.ToString(), StringComparison.Ordinal);
            Assert.Contains("boiler room,site=other real power: 3000 values -> LEFT OUT", output.ToString(), StringComparison.Ordinal);
            using SqliteStore store = SqliteStore.Open(Path.Combine(folder, "metering.db"), TimeProvider.System);
            ReadingColumns power = store.Read("import-influx", "boiler.power", long.MinValue, long.MaxValue);
            Assert.Equal(3_000, power.Count);
            Assert.All(Enumerable.Range(0, power.Count), index => Assert.Equal(Awkward[index % Awkward.Length], power.Channel.ToDouble(power.ScaledValues[index])));
            Assert.Equal(Enumerable.Range(0, 3_000).Select(index => 9_000_000_000_000_000_000 + index), store.Read("import-influx", "boiler.pulses", long.MinValue, long.MaxValue).ScaledValues);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [NeedsFact("influxd")]
    public async Task Intervals_of_the_store_stand_in_InfluxDB_and_late_readings_change_theirs()
    {
        using Influxd? server = await Influxd.StartAsync();
        if (server is null)
        {
            return;
        }

        using MirrorBench bench = new(server.Url);
        Metering.Store.Influx.InfluxIntervalMirror mirror = bench.NewIntervalMirror(Metering.Store.Influx.StoredIntervals.Of(bench.Store));
        foreach ((int first, int count) in new[] { (0, 3), (5, 1), (3, 2), (6, 4) })
        {
            await bench.AppendDaysAsync(first, count, seed: first);
            await mirror.DrainAsync(CancellationToken.None);
            Metering.Store.Influx.InfluxVerification result = await mirror.VerifyAsync(CancellationToken.None);
            Assert.Empty(result.Differences);
        }

        double consumed = await server.NumberAsync($"SELECT sum(consumption) FROM interval_15m WHERE channel='{Energy}'");
        long[] register = bench.Store.Read(GatewayName, Energy, long.MinValue, long.MaxValue).ScaledValues;
        Assert.Equal((register[^1] - register[0]) / 10.0, consumed, 6);
        Assert.Equal(0, mirror.DeadLetterCount);
    }
}
