using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Benchmarks.Ingestion;

/// <summary>One simulated gateway: meters, a key of its own, and batches signed beforehand as the real one signs them.</summary>
internal sealed class LoadGateway(int number, int channels, int slotsPerBatch) : IDisposable
{
    private readonly List<ReadOnlyMemory<byte>> _batches = [];
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string _previous = BatchManifest.NoPrevious;

    /// <summary>Each channel is read once a second.</summary>
    public LoadMeters Meters { get; } = new(number, channels, TimeSpan.FromSeconds(1));

    public string Id => Meters.Gateway;

    public int ReadingsPerBatch => channels * slotsPerBatch;

    public string PublicPem => SigningKey.PublicPem(_key);

    /// <summary>The batches built so far; number 1 first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Batches => _batches;

    public long SlotCount => (long)_batches.Count * slotsPerBatch;

    /// <summary>Builds and signs further batches.</summary>
    public void Build(int count)
    {
        Reading[] readings = new Reading[ReadingsPerBatch];
        for (int built = 0; built < count; built++)
        {
            for (int slot = 0; slot < slotsPerBatch; slot++)
            {
                Meters.Fill(readings.AsSpan(slot * channels), SlotCount + slot);
            }

            BatchIdentity identity = new()
            {
                Gateway = Id,
                KeyEpoch = 1,
                Boot = "0123456789abcdef",
                Batch = _batches.Count + 1,
                PreviousHash = _previous,
                ConfigHash = new string('c', 64),
                Software = "metering-gateway/0.1.0",
                Clock = ClockState.Synchronised,
                MonotonicMilliseconds = SlotCount * (long)Meters.Interval.TotalMilliseconds,
                AnchorUtcMilliseconds = Meters.InstantAt(SlotCount),
            };
            (byte[] envelope, _previous) = BatchBuilder.Build(identity, Meters.Channels, readings, [], _key);
            _batches.Add(envelope);
        }
    }

    public void Dispose() => _key.Dispose();
}
