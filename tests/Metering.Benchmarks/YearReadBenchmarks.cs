using BenchmarkDotNet.Attributes;
using Metering.Readings;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks;

/// <summary>A year of quarter hours of one channel, 35,040 readings, from disk into columns. Baseline: the same from a row table.</summary>
public class YearReadBenchmarks : IDisposable
{
    private const int Days = 365;
    private const long End = SampleBatches.Start + (Days * 86_400_000L);

    private string _folder = "";
    private SqliteStore? _store;
    private RowTable? _rows;
    private string _channel = "";

    [GlobalSetup]
    public async Task Setup()
    {
        _folder = Directory.CreateTempSubdirectory("metering-bench-").FullName;
        using SampleBatches batches = new(channels: 1);
        _channel = batches.Channels[0].Id;
        _rows = new(Path.Combine(_folder, "rows.db"));
        _store = SqliteStore.Open(Path.Combine(_folder, "store.db"), TimeProvider.System);
        _store.Enrol(new(SampleBatches.Gateway, 1, "bench-plant", SigningKey.PublicPem(batches.Key)));
        List<Task> appends = [];
        for (int day = 0; day < Days; day++)
        {
            byte[] bytes = batches.Next();
            BatchEnvelope envelope = BatchEnvelope.Open(bytes);
            IReadOnlyList<ChannelSegment> segments = envelope.ReadSegments();
            _rows.Append(segments);
            appends.Add(_store.AppendAsync(envelope, bytes, segments, CancellationToken.None));
        }

        await Task.WhenAll(appends);
        await _store.SealAsync();
    }

    [Benchmark(Baseline = true)]
    public int RowTableRead() => _rows!.Read(0, SampleBatches.Start, End, Days * SampleBatches.Slots);

    [Benchmark]
    public int StoreRead() => _store!.Read(SampleBatches.Gateway, _channel, SampleBatches.Start, End).UtcMilliseconds.Length;

    [GlobalCleanup]
    public void Dispose()
    {
        _rows?.Dispose();
        _store?.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
