using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Benchmarks.Store;

/// <summary>A batch, opened as ingestion opens it.</summary>
internal sealed record OpenedBatch(BatchEnvelope Envelope, byte[] Bytes, IReadOnlyList<ChannelSegment> Segments)
{
    public int ReadingCount => Segments.Sum(segment => segment.Count);
}

/// <summary>The mixed workload as the signed batches of one gateway, every four hours one of at most 4,800 readings.</summary>
internal sealed class SignedWorkload : IDisposable
{
    public const string Gateway = "bench-1";
    public const int SlotsPerBatch = 240;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly int[] _cursors;
    private string _previous = BatchManifest.NoPrevious;
    private long _batch;

    public SignedWorkload(MixedWorkload workload, int days)
    {
        Channels = workload.Channels();
        Points = [.. Enumerable.Range(0, Channels.Length).Select(point => workload.Generate(point, days))];
        _cursors = new int[Points.Length];
    }

    public Channel[] Channels { get; }

    public PointReadings[] Points { get; }

    public string PublicPem => SigningKey.PublicPem(_key);

    /// <summary>The batches of some days, after those of the days before.</summary>
    public List<OpenedBatch> Next(int days)
    {
        List<OpenedBatch> batches = [];
        for (int left = days * MixedWorkload.MinutesPerDay / SlotsPerBatch; left > 0; left--)
        {
            long end = MixedWorkload.Start + ((_batch + 1) * SlotsPerBatch * MixedWorkload.Minute);
            Reading[] readings = Take(end);
            _batch++;
            if (readings.Length == 0)
            {
                continue;
            }

            (byte[] bytes, _previous) = BatchBuilder.Build(Identity(), Channels, readings, [], _key);
            BatchEnvelope envelope = BatchEnvelope.Open(bytes);
            batches.Add(new(envelope, bytes, envelope.ReadSegments()));
        }

        return batches;
    }

    public void Dispose() => _key.Dispose();

    private Reading[] Take(long end)
    {
        List<Reading> readings = [];
        for (int point = 0; point < Points.Length; point++)
        {
            PointReadings source = Points[point];
            ref int cursor = ref _cursors[point];
            for (; cursor < source.Count && source.UtcMilliseconds[cursor] < end; cursor++)
            {
                readings.Add(new(source.UtcMilliseconds[cursor], source.ScaledValues[cursor], point, source.Qualities[cursor], HasValue: true));
            }
        }

        return [.. readings];
    }

    private BatchIdentity Identity() => new()
    {
        Gateway = Gateway,
        KeyEpoch = 1,
        Boot = "0123456789abcdef",
        Batch = _batch,
        PreviousHash = _previous,
        ConfigHash = new string('0', 64),
        Software = "metering-gateway/0.1.0",
        Clock = ClockState.Synchronised,
        MonotonicMilliseconds = 1000,
        AnchorUtcMilliseconds = MixedWorkload.Start,
    };
}
