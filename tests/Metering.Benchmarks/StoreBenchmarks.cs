using BenchmarkDotNet.Attributes;
using Metering.Readings;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks;

/// <summary>
/// One signed batch of 768 readings made durable, one after the other. Baseline: the same readings as rows of a plain
/// SQLite table, one commit a batch, the same flush to disk.
/// </summary>
public class StoreBenchmarks : IDisposable
{
    private const int BatchCount = 512;

    private readonly SampleBatches _batches = new();
    private readonly byte[][] _bytes = new byte[BatchCount][];
    private readonly BatchEnvelope[] _envelopes = new BatchEnvelope[BatchCount];
    private readonly IReadOnlyList<ChannelSegment>[] _segments = new IReadOnlyList<ChannelSegment>[BatchCount];
    private string _folder = "";
    private SqliteStore? _store;
    private RowTable? _rows;
    private int _next = BatchCount;
    private int _nextRow = BatchCount;

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("metering-bench-").FullName;
        for (int index = 0; index < BatchCount; index++)
        {
            _bytes[index] = _batches.Next();
            _envelopes[index] = BatchEnvelope.Open(_bytes[index]);
            _segments[index] = _envelopes[index].ReadSegments();
        }
    }

    [Benchmark(Baseline = true)]
    public void RowTableCommit()
    {
        if (_nextRow == BatchCount)
        {
            _rows?.Dispose();
            _rows = new(Path.Combine(_folder, Guid.NewGuid().ToString("N")));
            _nextRow = 0;
        }

        _rows!.Append(_segments[_nextRow++]);
    }

    [Benchmark]
    public Task AppendOpened()
    {
        int index = Next();
        return _store!.AppendAsync(_envelopes[index], _bytes[index], _segments[index], CancellationToken.None);
    }

    [Benchmark]
    public Task OpenVerifyAndAppend()
    {
        int index = Next();
        BatchEnvelope envelope = BatchEnvelope.Open(_bytes[index]);
        return SignedNote.Verify(envelope.Note.Span, SampleBatches.Gateway, _batches.Key) == NoteFault.None
            ? _store!.AppendAsync(envelope, _bytes[index], envelope.ReadSegments(), CancellationToken.None)
            : throw new InvalidOperationException("the batch is not signed");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _rows?.Dispose();
        _store?.Dispose();
        _batches.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private int Next()
    {
        if (_next == BatchCount)
        {
            _store?.Dispose();
            _store = SqliteStore.Open(Path.Combine(_folder, Guid.NewGuid().ToString("N")), TimeProvider.System);
            _store.Enrol(new(SampleBatches.Gateway, 1, "bench-plant", SigningKey.PublicPem(_batches.Key)));
            _next = 0;
        }

        return _next++;
    }
}
