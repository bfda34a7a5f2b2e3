using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store.Sqlite;
using Metering.Store.Influx;

namespace Metering.Interop.Tests.Influx;

/// <summary>A store filled with signed batches, and a mirror of it.</summary>
internal sealed class MirrorBench : IDisposable
{
    public const string GatewayName = "tannery-1";
    public const string Energy = "mains.active-energy-import";
    public const long Start = 1_704_067_200_000;
    public const long Slot = 900_000;
    public const long Day = 86_400_000;

    private static readonly Channel[] Channels =
    [
        new() { Id = Energy, Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "simulated-energy/1" },
        new() { Id = "weather.outdoor-temperature", Meter = "weather", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 2, Profile = "simulated-weather/1" },
        new() { Id = "water.flow", Meter = "water", Unit = "m3/h", Kind = ChannelKind.Gauge, DecimalPlaces = 3, Profile = "simulated-water/1" },
    ];

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "metering-mirror-" + Guid.NewGuid().ToString("N"))).FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly Uri _url;
    private readonly InfluxVersion _version;
    private readonly string? _tokenFile;
    private long _batch;
    private string _previous = BatchManifest.NoPrevious;

    public MirrorBench(Uri url, InfluxVersion version = InfluxVersion.One, string? token = null)
    {
        (_url, _version) = (url, version);
        if (token is not null)
        {
            _tokenFile = Path.Combine(_folder, "influx.token");
            File.WriteAllText(_tokenFile, token + "\n");
        }

        Store = SqliteStore.Open(Path.Combine(_folder, "metering.db"), TimeProvider.System);
        Store.Enrol(new(GatewayName, 1, "leon-tannery", SigningKey.PublicPem(_key)));
    }

    public SqliteStore Store { get; }

    public string PasswordFile => Path.Combine(_folder, "influx.password");

    public string? TokenFile => _tokenFile;

    public InfluxOptions Options(string? userName = null) => new()
    {
        Url = _url,
        Database = "metering",
        Version = _version,
        UserName = userName,
        PasswordFile = userName is null ? null : PasswordFile,
        TokenFile = userName is null ? _tokenFile : null,
    };

    public InfluxMirror NewMirror(string? userName = null, HttpClient? http = null, TimeProvider? clock = null) => new(Store, Options(userName), http ?? _http, clock ?? TimeProvider.System);

    public InfluxIntervalMirror NewIntervalMirror(IntervalSource source) => new(Store, source, Options(), _http, TimeProvider.System);

    public async Task AppendAsync(params Reading[] readings)
    {
        BatchIdentity identity = new()
        {
            Gateway = GatewayName,
            KeyEpoch = 1,
            Boot = "0123456789abcdef",
            Batch = ++_batch,
            PreviousHash = _previous,
            ConfigHash = new string('0', 64),
            Software = "metering-gateway/0.1.0",
            Clock = ClockState.Synchronised,
            MonotonicMilliseconds = 1000,
            AnchorUtcMilliseconds = Start,
        };
        (byte[] bytes, _previous) = BatchBuilder.Build(identity, Channels, readings, [], _key);
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        _ = await Store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
    }

    /// <summary>Days of readings of all channels, some without a value, some not good; one batch a day.</summary>
    public async Task AppendDaysAsync(int firstDay, int count, int seed)
    {
        Random random = new(seed);
        for (int day = firstDay; day < firstDay + count; day++)
        {
            List<Reading> readings = [];
            for (int slot = 0; slot < 96; slot++)
            {
                long instant = Start + (day * Day) + (slot * Slot);
                readings.Add(new(instant, (day * 100_000L) + (slot * 731), 0, ReadingQuality.Good, HasValue: true));
                readings.Add(random.Next(20) == 0
                    ? Reading.Missing(instant, 1, QualityReason.Timeout)
                    : new(instant, random.Next(-500, 3500), 1, random.Next(15) == 0 ? ReadingQuality.Uncertain(QualityReason.Frozen) : ReadingQuality.Good, HasValue: true));
                readings.Add(new(instant, random.Next(90_000), 2, ReadingQuality.Good, HasValue: true));
            }

            await AppendAsync([.. readings]);
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        _http.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
