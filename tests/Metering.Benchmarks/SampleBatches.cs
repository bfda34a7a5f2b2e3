using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Benchmarks;

/// <summary>Signed batches as a gateway makes them: 8 channels, 96 quarter hours, 768 readings, all but one good.</summary>
internal sealed class SampleBatches : IDisposable
{
    public const string Gateway = "bench-1";
    public const int ChannelCount = 8;
    public const int Slots = 96;
    public const int Readings = ChannelCount * Slots;
    public const long Start = 1_704_067_200_000;
    public const long Step = 900_000;

    private readonly int _slots;
    private readonly string _gateway;
    private readonly long _step;
    private string _previous = BatchManifest.NoPrevious;
    private long _batch;

    public SampleBatches(int channels = ChannelCount, int slots = Slots, string gateway = Gateway, long step = Step)
    {
        (_slots, _gateway, _step) = (slots, gateway, step);
        Channels = [.. Enumerable.Range(0, channels).Select(index => new Channel
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

    public Channel[] Channels { get; }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Next()
    {
        _batch++;
        (byte[] bytes, _previous) = Build(ReadingsOf(_batch));
        return bytes;
    }

    public (byte[] Envelope, string NoteHash) Build(Reading[] readings) => BatchBuilder.Build(
        new()
        {
            Gateway = _gateway,
            KeyEpoch = 1,
            Boot = "0123456789abcdef",
            Batch = Math.Max(_batch, 1),
            PreviousHash = _previous,
            ConfigHash = new string('0', 64),
            Software = "metering-gateway/0.1.0",
            Clock = ClockState.Synchronised,
            MonotonicMilliseconds = 1000,
            AnchorUtcMilliseconds = Start,
        },
        Channels,
        readings,
        [],
        Key);

    public Reading[] ReadingsOf(long batch)
    {
        Reading[] readings = new Reading[Channels.Length * _slots];
        int count = 0;
        for (int slot = 0; slot < _slots; slot++)
        {
            long number = ((batch - 1) * _slots) + slot;
            for (int channel = 0; channel < Channels.Length; channel++)
            {
                readings[count++] = new(Start + (number * _step), 1_000_000 + (number * (37 + channel)) + (number % 7), channel, ReadingQuality.Good, HasValue: true);
            }
        }

        readings[^1] = Reading.Missing(readings[^1].UtcMilliseconds, readings[^1].ChannelIndex, QualityReason.Timeout);
        return readings;
    }

    public void Dispose() => Key.Dispose();
}
