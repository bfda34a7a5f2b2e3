using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;

namespace Metering.Tests.Store;

/// <summary>A gateway with a real key that signs real batches, for tests of any store.</summary>
internal sealed class StoreGateway(string name = StoreGateway.GatewayName, int keyEpoch = 1) : IDisposable
{
    public const string GatewayName = "tannery-1";
    public const long Start = 1_704_067_200_000;
    public const long Day = 86_400_000;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static Channel[] Channels { get; } =
    [
        new() { Id = "mains.active-energy-import", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "simulated-energy/1" },
        new() { Id = "weather.outdoor-temperature", Meter = "weather", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 2, Profile = "simulated-weather/1" },
        new() { Id = "water.volume", Meter = "water", Unit = "m3", Kind = ChannelKind.Counter, DecimalPlaces = 3, Profile = "simulated-water/1" },
    ];

    public static string Energy => Channels[0].Id;

    public string Name => name;

    /// <summary>Number of the last batch that <see cref="Next"/> built.</summary>
    public long LastBatch { get; private set; }

    /// <summary>Note hash of that batch.</summary>
    public string LastHash { get; private set; } = BatchManifest.NoPrevious;

    public GatewayEnrolment Enrolment => new(name, keyEpoch, "leon-tannery", SigningKey.PublicPem(_key));

    public static Reading Good(long utcMilliseconds, long value, int channel = 0) => new(utcMilliseconds, value, channel, ReadingQuality.Good, HasValue: true);

    /// <summary>The next batch of the chain.</summary>
    public byte[] Next(ReadOnlySpan<Reading> readings, Channel[]? channels = null)
    {
        (byte[] bytes, LastHash) = Build(LastBatch + 1, LastHash, readings, channels);
        LastBatch++;
        return bytes;
    }

    /// <summary>A batch of any number and predecessor; the chain does not move on.</summary>
    public (byte[] Bytes, string Hash) Build(long batch, string previous, ReadOnlySpan<Reading> readings, Channel[]? channels = null) =>
        BatchBuilder.Build(
            new()
            {
                Gateway = name,
                KeyEpoch = keyEpoch,
                Boot = "0123456789abcdef",
                Batch = batch,
                PreviousHash = previous,
                ConfigHash = new string('0', 64),
                Software = "metering-gateway/0.1.0",
                Clock = Clock,
                MonotonicMilliseconds = 1000,
                AnchorUtcMilliseconds = Start,
            },
            channels ?? Channels,
            readings,
            [],
            _key);

    /// <summary>What the gateway says of its clock in the batches it builds from now on.</summary>
    public ClockState Clock { get; set; } = ClockState.Synchronised;

    public static Task<AppendOutcome> AppendAsync(IReadingStore store, byte[] bytes)
    {
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        return store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
    }

    public void Dispose() => _key.Dispose();
}
