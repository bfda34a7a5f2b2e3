using System.Globalization;
using Metering.Readings;
using Metering.Store;
using Metering.Tests.Support;
using Xunit;

namespace Metering.EndToEnd.Disks;

/// <summary>Gateways that append signed batches to a store as fast as it takes them, and a ledger of what it has acknowledged.</summary>
internal sealed class StoreLoad : IDisposable
{
    private const int GatewayCount = 4;
    private readonly BatchFactory[] _gateways = [.. Enumerable.Range(0, GatewayCount).Select(index => new BatchFactory(Name(index), slotsPerBatch: 8))];
    private readonly List<byte[]>[] _sent = [.. Enumerable.Range(0, GatewayCount).Select(_ => new List<byte[]>())];
    private readonly long[] _acknowledged = new long[GatewayCount];

    public int Count => GatewayCount;

    /// <summary>Readings in each batch.</summary>
    public int ReadingsPerBatch => _gateways[0].ReadingsPerBatch;

    /// <summary>Batches acknowledged of each gateway at this moment.</summary>
    public long[] Acknowledged() => [.. Enumerable.Range(0, GatewayCount).Select(index => Interlocked.Read(ref _acknowledged[index]))];

    public void EnrolIn(IReadingStore store)
    {
        foreach (BatchFactory gateway in _gateways)
        {
            store.Enrol(new(gateway.Gateway, 1, "leon-tannery", gateway.PublicPem));
        }
    }

    /// <summary>Appends until cancelled, every gateway by itself, one batch after the other.</summary>
    public Task RunAsync(IReadingStore store, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, GatewayCount).Select(index => RunAsync(store, index, cancellationToken)));

    /// <summary>Appends the batch after the last acknowledged one of a gateway.</summary>
    public async Task<AppendOutcome> AppendNextAsync(IReadingStore store, int gateway, CancellationToken cancellationToken)
    {
        long next = Interlocked.Read(ref _acknowledged[gateway]);
        if (next == _sent[gateway].Count)
        {
            _sent[gateway].Add(_gateways[gateway].Next());
        }

        byte[] bytes = _sent[gateway][(int)next];
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        AppendOutcome outcome = await store.AppendAsync(envelope, bytes, envelope.ReadSegments(), cancellationToken);
        Assert.True(outcome is AppendOutcome.Stored or AppendOutcome.Duplicate, outcome.ToString());
        _ = Interlocked.Increment(ref _acknowledged[gateway]);
        return outcome;
    }

    /// <summary>
    /// Looks at what a store holds: the number of acknowledged batches it lacks. Everything else must be right: batches
    /// without a hole, each byte for byte as it was sent, each reading once, and the store takes the next batch.
    /// </summary>
    /// <param name="store">The store, opened again.</param>
    /// <param name="acknowledged">What had been acknowledged when the power went.</param>
    public async Task<long> MissingAsync(IReadingStore store, long[] acknowledged)
    {
        long[] stored = new long[GatewayCount];
        foreach (JournalRecord record in store.Journal(0, int.MaxValue))
        {
            int index = int.Parse(record.Gateway[^1..], CultureInfo.InvariantCulture);
            Assert.Equal(++stored[index], record.Batch);
            Assert.True(record.Envelope.Span.SequenceEqual(_sent[index][(int)record.Batch - 1]), $"batch {record.Batch} of {record.Gateway} is not what was sent");
        }

        foreach (StoredChannel channel in store.Channels())
        {
            int index = int.Parse(channel.Gateway[^1..], CultureInfo.InvariantCulture);
            long expected = stored[index] * _gateways[index].SlotsPerBatch;
            ReadingColumns readings = store.Read(channel.Gateway, channel.Channel.Id, long.MinValue, long.MaxValue);
            Assert.Equal(expected, readings.Count);
            Assert.Equal(expected, channel.Count);
        }

        for (int index = 0; index < GatewayCount; index++)
        {
            Assert.Equal(stored[index], store.Head(Name(index), 1).Through);
            byte[] next = stored[index] < _sent[index].Count ? _sent[index][(int)stored[index]] : [];
            if (next.Length > 0)
            {
                BatchEnvelope envelope = BatchEnvelope.Open(next);
                Assert.Equal(AppendOutcome.Stored, await store.AppendAsync(envelope, next, envelope.ReadSegments(), CancellationToken.None));
            }
        }

        return Enumerable.Range(0, GatewayCount).Sum(index => Math.Max(0, acknowledged[index] - stored[index]));
    }

    public void Dispose() => Array.ForEach(_gateways, gateway => gateway.Dispose());

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"gateway-{index}");

    private async Task RunAsync(IReadingStore store, int gateway, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _ = await AppendNextAsync(store, gateway, CancellationToken.None);
        }
    }
}
