using System.Globalization;
using System.IO.Compression;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.CloudHost;
using Metering.Tests.Support;
using Xunit;

namespace Metering.Tests.Import;

/// <summary>Real files through the command, every value compared with the file by a reader of its own.</summary>
public sealed class ImportRealDataTests
{
    [NeedsFact("shared:data/ciws_campus_water_totalizer_1s.csv.gz")]
    public Task A_water_meter_read_every_second_comes_back_exactly() => CheckAsync(
        "ciws_campus_water_totalizer_1s.csv.gz",
        TimeSpan.FromHours(-6),
        "America/Denver",
        ["totalized_gal=water.total:gal_us:counter", "incremental_gal=water.increment:gal_us:gauge", "flow_gpm=water.flow:gal_us/min:gauge", "sensor_v=water.sensor-voltage:V:gauge"]);

    [NeedsFact("shared:data/cambridge_campus_hourly_2012_2022.csv.gz")]
    public Task Eleven_years_of_five_buildings_come_back_exactly() => CheckAsync(
        "cambridge_campus_hourly_2012_2022.csv.gz",
        TimeSpan.Zero,
        "UTC",
        [
            "temp_c=weather.temperature:degC:gauge", "b64_electricity=b64.electricity:kW:mean", "b64_gas=b64.gas:kW:mean", "b25_electricity=b25.electricity:kW:mean",
            "b25_gas=b25.gas:kW:mean", "b24_electricity=b24.electricity:kW:mean", "b24_gas=b24.gas:kW:mean", "b27_electricity=b27.electricity:kW:mean",
            "b27_gas=b27.gas:kW:mean", "b13_electricity=b13.electricity:kW:mean", "b13_gas=b13.gas:kW:mean",
        ]);

    [NeedsFact("shared:data/dk_wwtp_inflow_hourly.csv.gz")]
    public Task The_inflow_of_a_treatment_plant_comes_back_bit_by_bit_with_its_gaps_and_its_three_real_zeros() => CheckAsync(
        "dk_wwtp_inflow_hourly.csv.gz",
        TimeSpan.Zero,
        "UTC",
        ["inflow_m3_h=inlet.flow:m3/h:mean", "precip_mm=weather.precipitation:mm:gauge", "temp_c=weather.temperature:degC:gauge", "radiation_w_m2=weather.radiation:W/m2:gauge"],
        ("inflow_m3_h", 9_868, 3));

    private static async Task CheckAsync(string file, TimeSpan offset, string zone, string[] columns, (string Column, int Values, int Zeros)? known = null)
    {
        using CloudFolder folder = new();
        string path = Repository.SharedFile("data/" + file)!;
        string[] args = ["import", "csv", "--config", "@cloud.yaml", "--file", path, "--plant", "leon", "--name", "real", "--zone", zone, .. columns.SelectMany(column => (string[])["--column", column])];
        (int exitCode, string output, string error) = await folder.RunAsync(args);
        Assert.Equal((0, ""), (exitCode, error));
        using (SqliteStore store = SqliteStore.Open(folder.At("metering.db"), TimeProvider.System))
        {
            foreach (string column in columns)
            {
                string name = column[..column.IndexOf('=', StringComparison.Ordinal)];
                string channel = column[(name.Length + 1)..column.IndexOf(':', StringComparison.Ordinal)];
                List<(long Instant, string Text)> expected = Expected(path, name, offset);
                ReadingColumns stored = store.Read("import-real", channel, 0, long.MaxValue);
                Assert.Equal(expected.Select(row => row.Instant), stored.UtcMilliseconds);
                AssertSame(expected, stored);
                if (known is { } figures && figures.Column == name)
                {
                    Assert.Equal((figures.Values, figures.Zeros), (stored.Count, stored.ScaledValues.Count(value => stored.Channel.ToDouble(value) == 0)));
                }
            }
        }

        (exitCode, output, _) = await folder.RunAsync(args);
        Assert.Equal(0, exitCode);
        Assert.Contains("0 readings new, 0 changed", output, StringComparison.Ordinal);
    }

    // As doubles bit by bit, and as decimals digit by digit where they are kept as decimals.
    private static void AssertSame(List<(long Instant, string Text)> expected, ReadingColumns stored)
    {
        for (int index = 0; index < stored.Count; index++)
        {
            Assert.True(stored.HasValues[index]);
            string text = expected[index].Text;
            double value = stored.Channel.ToDouble(stored.ScaledValues[index]);
            bool isSame = value == double.Parse(text, CultureInfo.InvariantCulture)
                && (stored.Channel.Form == ValueForm.Binary64
                    || (decimal)stored.ScaledValues[index] / stored.Channel.Divisor == decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
            Assert.True(isSame, $"{stored.Channel.Id}: {text} came back as {value:R}");
        }
    }

    private static List<(long Instant, string Text)> Expected(string path, string column, TimeSpan offset)
    {
        List<(long, string)> rows = [];
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        int index = Array.IndexOf(reader.ReadLine()!.Split(','), column);
        while (reader.ReadLine() is string line)
        {
            string[] fields = line.Split(',');
            if (fields[index].Length > 0)
            {
                DateTimeOffset stamp = new(DateTime.ParseExact(fields[0], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), offset);
                rows.Add((stamp.ToUnixTimeMilliseconds(), fields[index]));
            }
        }

        return rows;
    }
}
