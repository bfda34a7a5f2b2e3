using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Benchmarks.Ingestion;

/// <summary>
/// One simulated gateway: a key of its own, channels, and batches signed beforehand as the real one signs them. What a
/// channel shows in a slot follows from the numbers alone, so that the store can be compared with it reading by reading.
/// </summary>
internal sealed class LoadGateway : IDisposable
{
    /// <summary>One reading a second of each channel.</summary>
    public const long StepMilliseconds = 1_000;

    private const long StartUtcMilliseconds = 1_767_225_600_000;
    private readonly int _number;
    private readonly List<ReadOnlyMemory<byte>> _batches = [];
    private readonly Channel[] _channels;
    private string _previous = BatchManifest.NoPrevious;

    public LoadGateway(int number, int channels, int slotsPerBatch)
    {
        _number = number;
        Id = $"gateway-{number:0000}";
        SlotsPerBatch = slotsPerBatch;
        _channels = [.. Enumerable.Range(0, channels).Select(index => new Channel
        {
            Id = $"meter{index}.active-energy-import",
            Meter = $"meter{index}",
            Unit = "kWh",
            Kind = ChannelKind.Counter,
            DecimalPlaces = 1,
            Modulus = 4_294_967_296,
            Profile = "simulated-energy/1",
        })];
    }

    public string Id { get; }

    public IReadOnlyList<Channel> Channels => _channels;

    public int SlotsPerBatch { get; }

    public int ReadingsPerBatch => _channels.Length * SlotsPerBatch;

    public string PublicPem => SigningKey.PublicPem(Key);

    /// <summary>The batches built so far; number 1 first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Batches => _batches;

    public long SlotCount => (long)_batches.Count * SlotsPerBatch;

    private ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static long InstantAt(long slot) => StartUtcMilliseconds + (slot * StepMilliseconds);

    /// <summary>A counter with a load of its own that is never quite steady.</summary>
    public long ValueAt(int channel, long slot)
    {
        uint mixed = unchecked((uint)((slot + 1) * 2_654_435_761) ^ (uint)((_number * 4_099) + channel));
        mixed = unchecked((mixed ^ (mixed >> 15)) * 2_246_822_519);
        return 1_000_000 + (channel * 10_007L) + (slot * (31 + (channel % 7))) + (mixed >> 28);
    }

    /// <summary>Builds and signs further batches.</summary>
    public void Build(int count)
    {
        Reading[] readings = new Reading[ReadingsPerBatch];
        for (int built = 0; built < count; built++)
        {
            Fill(readings, SlotCount);
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
                MonotonicMilliseconds = SlotCount * StepMilliseconds,
                AnchorUtcMilliseconds = InstantAt(SlotCount),
            };
            (byte[] envelope, _previous) = BatchBuilder.Build(identity, _channels, readings, [], Key);
            _batches.Add(envelope);
        }
    }

    public void Dispose() => Key.Dispose();

    private void Fill(Reading[] readings, long firstSlot)
    {
        int count = 0;
        for (int slot = 0; slot < SlotsPerBatch; slot++)
        {
            for (int channel = 0; channel < _channels.Length; channel++)
            {
                readings[count++] = new(InstantAt(firstSlot + slot), ValueAt(channel, firstSlot + slot), channel, ReadingQuality.Good, HasValue: true);
            }
        }
    }
}
