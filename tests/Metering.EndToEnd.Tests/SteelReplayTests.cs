using System.Globalization;
using System.IO.Compression;
using Metering.Analytics.Intervals;
using Metering.Store;
using Metering.Store.Sqlite;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd;

/// <summary>A steel plant's real year of 2018 through Modbus, gateway, broker and ingestion into the store.</summary>
[Collection(Paths.Collection)]
public sealed class SteelReplayTests
{
    private const string Csv = "data/steel_plant_15min_2018.csv.gz";
    private const string Plant = "steel-plant";
    private const int QuarterHours = 35_040;
    private const long QuarterHour = 15 * 60 * 1000;

    [NeedsFact("mosquitto", "shared:" + Csv)]
    public async Task A_real_year_arrives_to_the_last_hundredth_of_a_kilowatt_hour()
    {
        string csv = Repository.SharedFile(Csv)!;
        IReadOnlyList<Row> rows = Read(csv);
        await using WholePath path = await WholePath.StartAsync(
            Plant, ["replay", "--csv", csv, "--map", Repository.Path("firmware-sim", "replays", "steel.yaml")]);
        path.StartGateway();
        _ = await path.FinishGatewayAsync();

        IntervalSeries use = IntervalsOf(path.Store, "mains.active-energy-import");
        Assert.Equal(959_636.71m, rows.Sum(row => row.Use));
        Assert.Equal(95_963_671, (long)use.TotalScaled);
        Assert.Equal(QuarterHours, use.Value.Count);
        for (int index = 0; index < rows.Count; index++)
        {
            // A row's stamp is the end of its interval.
            Assert.Equal(rows[index].EndUtcMilliseconds, use.StartUtcMilliseconds[index] + QuarterHour);
            Assert.Equal(IntervalCode.Measured, use.Code[index]);
            Assert.Equal((long)(rows[index].Use * 100), use.KnownScaled[index]);
        }

        Assert.Equal(rows[^1].EndUtcMilliseconds, use.EndUtcMilliseconds);
        Assert.Equal((long)(rows.Sum(row => row.Lagging) * 100), (long)IntervalsOf(path.Store, "mains.reactive-energy-lagging").TotalScaled);
        Assert.Equal((long)(rows.Sum(row => row.Leading) * 100), (long)IntervalsOf(path.Store, "mains.reactive-energy-leading").TotalScaled);
        await path.VerifyChainAsync();
    }

    private static IntervalSeries IntervalsOf(SqliteStore store, string channel)
    {
        ReadingColumns readings = store.Read(Plant, channel, long.MinValue, long.MaxValue);
        Assert.Equal(QuarterHours + 1, readings.Count);
        Assert.All(readings.Qualities, quality => Assert.True(quality.IsUsable));
        return IntervalBuilder.FromCounter(
            readings.UtcMilliseconds, readings.ScaledValues, readings.HasValues,
            RegisterIntervals.Options(readings.Channel, IntervalStep.QuarterHour, TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul"), []));
    }

    // Read here on its own, not by the simulator's reader: stamps are interval ends in Korean time (UTC+9 all year), and the
    // row of 00:00 carries the date of the day it ends.
    private static List<Row> Read(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        Assert.StartsWith("source_label,kwh,kvarh_lagging,kvarh_leading,", reader.ReadLine(), StringComparison.Ordinal);
        List<Row> rows = [];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            DateTimeOffset end = DateTimeOffset.ParseExact(cells[0] + " +09:00", "yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
            end = end.TimeOfDay == TimeSpan.Zero ? end.AddDays(1) : end;
            rows.Add(new(end.ToUnixTimeMilliseconds(), Number(cells[1]), Number(cells[2]), Number(cells[3])));
        }

        rows.Sort((left, right) => left.EndUtcMilliseconds.CompareTo(right.EndUtcMilliseconds));
        return rows;
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private sealed record Row(long EndUtcMilliseconds, decimal Use, decimal Lagging, decimal Leading);
}
