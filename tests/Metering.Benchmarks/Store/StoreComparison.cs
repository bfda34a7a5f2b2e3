using System.Globalization;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace Metering.Benchmarks.Store;

/// <summary>
/// `bench store`: the embedded store against the best row table in SQLite we know to write and against InfluxDB 1.x, on
/// the mixed workload. All readings go into ours; into the others go some weeks of all points and the year of the first
/// one, and costs are compared per reading. Ratios within one run are the result; absolute figures belong to the machine.
/// </summary>
internal sealed class StoreComparison : IDisposable
{
    private const int DefaultDays = 365;
    private const int DefaultBaselineDays = 35;
    private const int PreparedDays = 35;
    private const int InFlight = 32;
    private const int Repeats = 7;
    private const int FewRepeats = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("metering-bench-store-").FullName;
    private readonly SignedWorkload _workload;
    private readonly QuarterHours _quarterHours = new();
    private readonly StoreTable _table = new();
    private readonly int _days;
    private readonly int _baselineDays;

    private StoreComparison(int days, int baselineDays)
    {
        _days = days;
        _baselineDays = Math.Min(days, baselineDays);
        _workload = new(new(hasNoisyPower: true), days);
    }

    private (long From, long To) All => (MixedWorkload.Start, MixedWorkload.Start + ((long)_days * MixedWorkload.MinutesPerDay * MixedWorkload.Minute));

    private (long From, long To) Sample => (MixedWorkload.Start, MixedWorkload.Start + ((long)_baselineDays * MixedWorkload.MinutesPerDay * MixedWorkload.Minute));

    private long SampleCount => _workload.Points.Sum(points => (long)CountOf(points));

    public static async Task<int> RunAsync(string[] arguments)
    {
        int days = DefaultDays;
        int baselineDays = DefaultBaselineDays;
        for (int index = 0; index < arguments.Length; index += 2)
        {
            bool isNumber = int.TryParse(arguments.ElementAtOrDefault(index + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 3650;
            switch (arguments[index])
            {
                case "--days" when isNumber:
                    days = number;
                    break;
                case "--baseline-days" when isNumber:
                    baselineDays = number;
                    break;
                default:
                    await Console.Error.WriteLineAsync($"bench store {string.Join(' ', arguments)}: expected --days N or --baseline-days N, 1 to 3650 days.");
                    return 64;
            }
        }

        using StoreComparison comparison = new(days, baselineDays);
        await comparison.RunAsync();
        return 0;
    }

    public void Dispose()
    {
        _workload.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync()
    {
        long readings = _workload.Points.Sum(points => (long)points.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{MixedWorkload.PointCount} points, a reading a minute, {_days} days: {readings:N0} readings for the store; {SampleCount:N0} of the first {_baselineDays} days, and all {_workload.Points[0].Count:N0} of one point, for the others"));
        string path = Path.Combine(_folder, "store.db");
        List<OpenedBatch> sample = await FillOwnAsync(path, readings);
        await CommitInGroupsAsync(sample);
        Sizes(path, readings);
        await ReadOwnAsync(path);
        await RowsAsync(sample);
        await InfluxAsync(sample);
        _table.Print();
    }

    private async Task<List<OpenedBatch>> FillOwnAsync(string path, long readings)
    {
        List<OpenedBatch> sample = [];
        Cost cost = default;
        using SqliteStore store = SqliteStore.Open(path, TimeProvider.System);
        store.Enrol(new(SignedWorkload.Gateway, 1, "bench-plant", _workload.PublicPem));
        for (int day = 0; day < _days; day += PreparedDays)
        {
            List<OpenedBatch> batches = _workload.Next(Math.Min(PreparedDays, _days - day));
            cost += await ResourceMeter.MeasureAsync(async () =>
            {
                foreach (OpenedBatch batch in batches)
                {
                    _ = await store.AppendAsync(batch.Envelope, batch.Bytes, batch.Segments, CancellationToken.None);
                }
            });
            sample.AddRange(batches.Where(batch => batch.Envelope.Manifest.LastUtcMilliseconds < Sample.To));
        }

        cost += await ResourceMeter.MeasureAsync(store.SealAsync);
        _table.Add("ingest, a commit of 4,800 with flush, us CPU a reading", StoreTable.Own, cost.Processor.TotalMicroseconds / readings);
        _table.Add("ingest, readings a second", StoreTable.Own, readings / cost.Wall.TotalSeconds);
        _table.Add("ingest, bytes allocated a reading", StoreTable.Own, cost.AllocatedBytes / (double)readings);
        return sample;
    }

    private async Task CommitInGroupsAsync(List<OpenedBatch> sample)
    {
        using SqliteStore store = SqliteStore.Open(Path.Combine(_folder, "groups.db"), TimeProvider.System);
        store.Enrol(new(SignedWorkload.Gateway, 1, "bench-plant", _workload.PublicPem));
        long readings = sample.Sum(batch => (long)batch.ReadingCount);
        Cost cost = await ResourceMeter.MeasureAsync(async () =>
        {
            Queue<Task> waiting = [];
            foreach (OpenedBatch batch in sample)
            {
                waiting.Enqueue(store.AppendAsync(batch.Envelope, batch.Bytes, batch.Segments, CancellationToken.None));
                if (waiting.Count == InFlight)
                {
                    await waiting.Dequeue();
                }
            }

            await Task.WhenAll(waiting);
        });
        _table.Add("ingest, 32 batches under way, readings a second", StoreTable.Own, readings / cost.Wall.TotalSeconds);
    }

    private void Sizes(string path, long readings)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        double chunks = Ask(connection, "SELECT sum(length(data)) FROM chunk");
        double journal = Ask(connection, "SELECT sum(length(envelope)) FROM journal");
        double file = new FileInfo(path).Length;
        _table.Add("disk, bytes a reading (ours: chunk payload)", StoreTable.Own, chunks / readings);
        _table.Add("disk, bytes a reading with the pages around it (ours: chunks)", StoreTable.Own, (file - journal) / readings);
        _table.Add("disk, bytes a reading of the signed journal", StoreTable.Own, journal / readings);
        for (int kind = 0; kind < MixedWorkload.PointCount / 4; kind++)
        {
            Channel channel = _workload.Channels[kind];
            double bytes = Ask(connection, $"SELECT sum(length(data)) FROM chunk JOIN channel ON chunk.id>>24=channel.id WHERE name='{channel.Id}'");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {channel.Id} ({channel.Unit}): {bytes / _workload.Points[kind].Count:0.000} bytes a reading"));
        }
    }

    private async Task ReadOwnAsync(string path)
    {
        using SqliteStore store = SqliteStore.Open(path, TimeProvider.System);
        for (int point = 0; point < MixedWorkload.PointCount; point++)
        {
            CheckSame(_workload.Points[point], store.Read(SignedWorkload.Gateway, _workload.Channels[point].Id, All.From, All.To));
        }

        int count = _workload.Points[0].Count;
        Cost cost = await ResourceMeter.MedianAsync(() => _ = store.Read(SignedWorkload.Gateway, _workload.Channels[0].Id, All.From, All.To), Repeats);
        AddRead(StoreTable.Own, cost, count);
        cost = await ResourceMeter.MedianAsync(
            () =>
            {
                for (int point = 0; point < MixedWorkload.PointCount; point++)
                {
                    Channel channel = _workload.Channels[point];
                    ReadingColumns columns = store.Read(SignedWorkload.Gateway, channel.Id, All.From, All.To);
                    _ = _quarterHours.Of(channel, columns.UtcMilliseconds, columns.ScaledValues, columns.Qualities);
                }
            },
            Repeats);
        _table.Add("quarter hours of all points, ms", StoreTable.Own, cost.Wall.TotalMilliseconds);
        AddQuarterHours(StoreTable.Own, cost, _workload.Points.Sum(points => (long)points.Count));
    }

    private async Task RowsAsync(List<OpenedBatch> sample)
    {
        string path = Path.Combine(_folder, "rows.db");
        using RawRowTable rows = new(path);
        Dictionary<string, int> indices = _workload.Channels.Select((channel, index) => (channel.Id, index)).ToDictionary();
        Cost cost = await ResourceMeter.MeasureAsync(() =>
        {
            sample.ForEach(batch => rows.Append(batch.Segments, name => indices[name]));
            rows.Checkpoint();
            return Task.CompletedTask;
        });
        _table.Add("ingest, a commit of 4,800 with flush, us CPU a reading", StoreTable.Rows, cost.Processor.TotalMicroseconds / SampleCount);
        _table.Add("ingest, readings a second", StoreTable.Rows, SampleCount / cost.Wall.TotalSeconds);
        _table.Add("ingest, bytes allocated a reading", StoreTable.Rows, cost.AllocatedBytes / (double)SampleCount);
        double bytes = new FileInfo(path).Length;
        _table.Add("disk, bytes a reading (ours: chunk payload)", StoreTable.Rows, bytes / SampleCount);
        _table.Add("disk, bytes a reading with the pages around it (ours: chunks)", StoreTable.Rows, bytes / SampleCount);
        PointReadings first = _workload.Points[0];
        rows.Append(0, first, CountOf(first));
        AddRead(StoreTable.Rows, await ResourceMeter.MedianAsync(() => _ = rows.Read(0, All, first.Count), FewRepeats), first.Count);
        cost = await ResourceMeter.MedianAsync(
            () =>
            {
                for (int point = 0; point < MixedWorkload.PointCount; point++)
                {
                    _ = rows.QuarterHours(point, Sample, _workload.Channels[point].Kind == ChannelKind.Counter);
                }
            },
            FewRepeats);
        Cost kernel = await ResourceMeter.MedianAsync(
            () =>
            {
                for (int point = 0; point < MixedWorkload.PointCount; point++)
                {
                    PointReadings columns = rows.Read(point, Sample, CountOf(_workload.Points[point]));
                    _ = _quarterHours.Of(_workload.Channels[point], columns.UtcMilliseconds, columns.ScaledValues, columns.Qualities);
                }
            },
            FewRepeats);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  row table, quarter hours: {cost.Wall.TotalNanoseconds / SampleCount:0} ns a reading in SQL, {kernel.Wall.TotalNanoseconds / SampleCount:0} read and worked out here; the table takes the faster"));
        AddQuarterHours(StoreTable.Rows, kernel.Wall < cost.Wall ? kernel : cost, SampleCount);
    }

    private async Task InfluxAsync(List<OpenedBatch> sample)
    {
        if (!File.Exists(InfluxServer.Executable))
        {
            Console.WriteLine($"  SKIPPED: InfluxDB: {InfluxServer.Executable} is not installed (Debian package influxdb)");
            return;
        }

        using InfluxServer server = await InfluxServer.StartAsync(Path.Combine(_folder, "influx"));
        Cost cost = await ResourceMeter.MeasureAsync(
            async () =>
            {
                foreach (ChannelSegment segment in sample.SelectMany(batch => batch.Segments))
                {
                    await server.AddAsync(segment.Channel, segment.UtcMilliseconds, segment.ScaledValues, segment.Qualities);
                }

                await server.FlushAsync();
            },
            server.Processor);
        _table.Add("ingest, a commit of 4,800 with flush, us CPU a reading", StoreTable.Influx, cost.Processor.TotalMicroseconds / SampleCount);
        _table.Add("ingest, readings a second", StoreTable.Influx, SampleCount / cost.Wall.TotalSeconds);
        double bytes = await server.SettleAsync();
        _table.Add("disk, bytes a reading (ours: chunk payload)", StoreTable.Influx, bytes / SampleCount);
        _table.Add("disk, bytes a reading with the pages around it (ours: chunks)", StoreTable.Influx, bytes / SampleCount);
        PointReadings first = _workload.Points[0];
        int start = CountOf(first);
        await server.AddAsync(_workload.Channels[0], first.UtcMilliseconds.AsMemory(start), first.ScaledValues.AsMemory(start), first.Qualities.AsMemory(start));
        await server.FlushAsync();
        _ = await server.SettleAsync();
        string channel = _workload.Channels[0].Id;
        AddRead(StoreTable.Influx, await ResourceMeter.MedianAsync(() => server.ReadAsync(channel, All, first.Count), FewRepeats), first.Count);
        cost = await ResourceMeter.MedianAsync(() => server.QuarterHoursAsync(_workload.Channels, Sample), FewRepeats);
        AddQuarterHours(StoreTable.Influx, cost, SampleCount);
    }

    private void AddRead(string store, Cost cost, int count)
    {
        _table.Add("a year of a point, warm, ms", store, cost.Wall.TotalMilliseconds);
        _table.Add("a year of a point, warm, ns a reading", store, cost.Wall.TotalNanoseconds / count);
        _table.Add("a year of a point, bytes allocated a reading", store, cost.AllocatedBytes / (double)count);
    }

    private void AddQuarterHours(string store, Cost cost, long count)
    {
        _table.Add("quarter hours of all points, ns a reading", store, cost.Wall.TotalNanoseconds / count);
        _table.Add("quarter hours of all points, bytes allocated a reading", store, cost.AllocatedBytes / (double)count);
    }

    private static double Ask(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants, and identifiers of this class's own channels.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private int CountOf(PointReadings readings)
    {
        int index = Array.BinarySearch(readings.UtcMilliseconds, Sample.To);
        return index < 0 ? ~index : index;
    }

    private static void CheckSame(PointReadings expected, ReadingColumns read)
    {
        if (!expected.UtcMilliseconds.AsSpan().SequenceEqual(read.UtcMilliseconds)
            || !expected.ScaledValues.AsSpan().SequenceEqual(read.ScaledValues)
            || !expected.Qualities.AsSpan().SequenceEqual(read.Qualities))
        {
            throw new InvalidOperationException($"{read.Channel.Id} was not read back as it was appended");
        }
    }
}
