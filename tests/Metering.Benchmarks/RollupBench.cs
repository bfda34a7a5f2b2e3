using System.Diagnostics;
using System.Globalization;
using Metering.Analytics.Intervals;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Chunks;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks;

/// <summary>
/// `bench rollups [POINTS [SECONDS BETWEEN READINGS]]`: the 15-minute consumption of a year of counters from raw readings
/// through the kernel, and from stored rollups, in the same run. The year is one that has gone by; the year that ends with the
/// newest reading costs the running month in addition, which is always computed.
/// </summary>
internal static class RollupBench
{
    private const long Start = SampleBatches.Start;
    private const int Days = 365;
    private const int FilledDays = 410;
    private const long End = Start + (Days * 86_400_000L);
    private const int Rounds = 7;
    private const string Gateway = "bench-gateway";
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");

    public static int Run(string[] arguments)
    {
        int[] numbers = [20, 60];
        for (int index = 0; index < arguments.Length; index++)
        {
            if (index >= numbers.Length || !int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[index]) || numbers[index] < 1)
            {
                Console.Error.WriteLine("bench rollups [POINTS [SECONDS BETWEEN READINGS]]: expected whole numbers from 1.");
                return 64;
            }
        }

        string folder = Directory.CreateTempSubdirectory("metering-bench-").FullName;
        try
        {
            using SqliteStore store = SqliteStore.Open(Path.Combine(folder, "store.db"), TimeProvider.System);
            store.BecomeWriter();
            for (int point = 0; point < numbers[0]; point++)
            {
                Fill(store, Channel(point), numbers[1] * 1000L);
            }

            Measure(store, numbers[0]);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(SqliteStore store, int points)
    {
        double raw = Best(() => Each(points, channel => FromRaw(store, channel)), out long rawSum);
        long begin = Stopwatch.GetTimestamp();
        long made = Each(points, channel => FromRollups(store, channel, RollupStep.QuarterHour));
        double first = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        double warm = Best(() => Each(points, channel => FromRollups(store, channel, RollupStep.QuarterHour)), out long sum);
        _ = Each(points, channel => FromRollups(store, channel, RollupStep.Hour) + FromRollups(store, channel, RollupStep.Day));
        double newest = Best(() => Each(points, channel => FromRollups(store, channel, RollupStep.QuarterHour, (FilledDays - Days) * 86_400_000L)), out _);
        double hours = Best(() => Each(points, channel => FromRollups(store, channel, RollupStep.Hour)), out _);
        double days = Best(() => Each(points, channel => FromRollups(store, channel, RollupStep.Day)), out _);
        var info = store.Info();
        if (rawSum != sum || made != sum)
        {
            throw new InvalidOperationException($"raw gives {rawSum}, rollups give {made} and {sum}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{points} points x {Days} days of {info.SealedReadings / points / FilledDays} readings; best of {Rounds} rounds, all points together"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"15 minutes from raw readings      {raw,9:0.00} ms  {raw / points:0.000} ms a point-year"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the same, made and stored once    {first,9:0.00} ms  {first / points:0.000} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"15 minutes from rollups, warm     {warm,9:0.00} ms  {warm / points:0.000} ms  {raw / warm:0.0} times faster than raw"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the year up to the newest reading {newest,9:0.00} ms  {newest / points:0.000} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hours, warm                       {hours,9:0.00} ms  {hours / points:0.000} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"days, warm                        {days,9:0.00} ms  {days / points:0.000} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"rollups of the three steps {info.RollupLength / (double)points / 1024:0.0} kB a point-year, chunks {info.ChunkLength / (double)points / 1024:0.0} kB"));
    }

    private static long FromRaw(SqliteStore store, Channel channel)
    {
        ReadingColumns readings = store.Read(Gateway, channel.Id, Start, End + 1);      // with the reading that ends the last interval
        IntervalSeries series = IntervalBuilder.FromCounter(
            readings.UtcMilliseconds, readings.ScaledValues, [], new() { Step = IntervalStep.QuarterHour, Exponent = channel.DecimalPlaces, Zone = Zone });
        return (long)series.TotalScaled;
    }

    private static long FromRollups(SqliteStore store, Channel channel, RollupStep step, long later = 0)
    {
        long sum = 0;
        IntervalReadings intervals = store.ReadIntervals(new()
        {
            Gateway = Gateway,
            Channel = channel.Id,
            Step = step,
            Zone = Zone,
            FromUtcMilliseconds = Start + later,
            ToUtcMilliseconds = End + later,
        });
        foreach (long known in intervals.KnownScaled)
        {
            sum += known;
        }

        return sum;
    }

    private static long Each(int points, Func<Channel, long> read)
    {
        long sum = 0;
        for (int point = 0; point < points; point++)
        {
            sum += read(Channel(point));
        }

        return sum;
    }

    private static double Best(Func<long> work, out long result)
    {
        double best = double.MaxValue;
        result = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long begin = Stopwatch.GetTimestamp();
            result = work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        return best;
    }

    private static Channel Channel(int point) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"meter-{point}.energy"),
        Meter = string.Create(CultureInfo.InvariantCulture, $"meter-{point}"),
        Unit = "kWh",
        Kind = ChannelKind.Counter,
        DecimalPlaces = 1,
        Profile = "simulated-energy/1",
    };

    // Straight into chunks: the way through signed batches is measured elsewhere and would take minutes here.
    private static void Fill(SqliteStore store, Channel channel, long spacing)
    {
        Random random = new(channel.Id.Length + channel.Id[6]);
        int perDay = (int)(86_400_000 / spacing);
        long register = random.Next(1_000_000);
        _ = store.File.Write(session =>
        {
            long id = ChannelTable.Put(session, Gateway, channel);
            for (int day = 0; day < FilledDays; day++)
            {
                Columns readings = new(perDay);
                for (int slot = 0; slot < perDay; slot++)
                {
                    register += random.Next(slot > perDay / 4 && slot < perDay * 3 / 4 ? 20 : 4);
                    readings.UtcMilliseconds[slot] = Start + (day * 86_400_000L) + (slot * spacing);
                    readings.ScaledValues[slot] = register;
                    readings.HasValues[slot] = true;
                }

                ChunkTable.Put(session, ChunkCodec.IdOf(id, (Start / 86_400_000) + day), readings);
            }

            ChannelTable.Recount(session, ChannelTable.Find(session, Gateway, channel.Id)!);
            return true;
        });
    }
}
