using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store;
using Metering.Store.Sqlite;

namespace Metering.Tests.Store;

/// <summary>A gateway with a real key that signs real batches into a store in a folder of its own.</summary>
internal sealed class StoreBench : IDisposable
{
    public const string GatewayName = "tannery-1";
    public const long Start = 1_704_067_200_000;
    public const long Day = 86_400_000;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _copies;
    private long _batch;
    private string _previous = BatchManifest.NoPrevious;

    public StoreBench()
    {
        Folder = Directory.CreateTempSubdirectory("metering-store-").FullName;
        Path = System.IO.Path.Combine(Folder, "metering.db");
        Store = SqliteStore.Open(Path, TimeProvider.System);
        Store.Enrol(Enrolment);
    }

    public static Channel[] Channels { get; } =
    [
        new() { Id = "mains.active-energy-import", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "simulated-energy/1" },
        new() { Id = "weather.outdoor-temperature", Meter = "weather", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 2, Profile = "simulated-weather/1" },
        new() { Id = "water.volume", Meter = "water", Unit = "m3", Kind = ChannelKind.Counter, DecimalPlaces = 3, Profile = "simulated-water/1" },
    ];

    public string Folder { get; }

    public string Path { get; }

    public SqliteStore Store { get; private set; }

    public GatewayEnrolment Enrolment => new(GatewayName, 1, "leon-tannery", SigningKey.PublicPem(_key));

    public static string Energy => Channels[0].Id;

    public static Reading Good(long utcMilliseconds, long value, int channel = 0) => new(utcMilliseconds, value, channel, ReadingQuality.Good, HasValue: true);

    /// <summary>The next batch of the chain.</summary>
    public byte[] Next(ReadOnlySpan<Reading> readings, Channel[]? channels = null)
    {
        (byte[] bytes, string hash) = Build(_batch + 1, _previous, readings, channels);
        _batch++;
        _previous = hash;
        return bytes;
    }

    public (byte[] Bytes, string Hash) Build(long batch, string previous, ReadOnlySpan<Reading> readings, Channel[]? channels = null) =>
        BatchBuilder.Build(
            new()
            {
                Gateway = GatewayName,
                KeyEpoch = 1,
                Boot = "0123456789abcdef",
                Batch = batch,
                PreviousHash = previous,
                ConfigHash = new string('0', 64),
                Software = "metering-gateway/0.1.0",
                Clock = ClockState.Synchronised,
                MonotonicMilliseconds = 1000,
                AnchorUtcMilliseconds = Start,
            },
            channels ?? Channels,
            readings,
            [],
            _key);

    public Task<AppendOutcome> AppendAsync(byte[] bytes, SqliteStore? store = null)
    {
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        return (store ?? Store).AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
    }

    public Task<AppendOutcome> AppendAsync(params Reading[] readings) => AppendAsync(Next(readings));

    /// <summary>Closes the store as it is, without sealing, and opens it again.</summary>
    public void Reopen()
    {
        Store.Dispose();
        Store = SqliteStore.Open(Path, TimeProvider.System);
    }

    /// <summary>What a process that was killed at this moment would have left behind, as a store of its own.</summary>
    public SqliteStore CopyAsAfterAKill()
    {
        string folder = Directory.CreateDirectory(System.IO.Path.Combine(Folder, $"killed-{_copies++}")).FullName;
        foreach (string suffix in (string[])["", "-wal"])
        {
            if (File.Exists(Path + suffix))
            {
                File.Copy(Path + suffix, System.IO.Path.Combine(folder, "metering.db" + suffix));
            }
        }

        return SqliteStore.Open(System.IO.Path.Combine(folder, "metering.db"), TimeProvider.System);
    }

    public ReadingColumns All(string? channel = null) => Store.Read(GatewayName, channel ?? Energy, long.MinValue, long.MaxValue);

    public void Dispose()
    {
        Store.Dispose();
        _key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
