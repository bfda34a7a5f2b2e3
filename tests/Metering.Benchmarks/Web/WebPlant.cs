using System.Security.Cryptography;
using Metering.Readings;
using Metering.Store.Sqlite;

namespace Metering.Benchmarks.Web;

/// <summary>A made-up plant: a use that follows production and saves from the installation on, and as many further counters as asked for.</summary>
/// <param name="gateway">Gateway and plant.</param>
/// <param name="seed">Everything is derived from it.</param>
/// <param name="channelCount">Channels: the use, production, and others; at least 2.</param>
/// <param name="slotsPerDay">Readings of a channel in a day.</param>
internal sealed class WebPlant(string gateway, int seed, int channelCount, int slotsPerDay)
{
    public const string Use = "mains.use";
    public const string Production = "line.count";

    private const int BatchLength = 9_000;
    private const double Saving = 0.12;
    private static readonly TimeSpan Offset = TimeSpan.FromHours(-6);

    private readonly Random random = new(seed);
    private readonly List<Reading> buffer = [];
    private Channel[] channels = [];
    private string previous = BatchManifest.NoPrevious;
    private long batch;

    /// <summary>First day, the day before the baseline.</summary>
    public static DateOnly First { get; } = new(2022, 12, 31);

    /// <summary>Day from which the saving counts.</summary>
    public static DateOnly Installed { get; } = new(2024, 1, 16);

    /// <summary>Last day, the day after the reporting period.</summary>
    public static DateOnly Last { get; } = new(2025, 2, 1);

    /// <summary>Under which key epoch its batches are signed, from 1: a second one brings the same instants once more, with other values.</summary>
    public int KeyEpoch { get; init; } = 1;

    /// <summary>Name of a further channel, from 0.</summary>
    public static string Other(int index) => FormattableString.Invariant($"meter{index}.count");

    /// <summary>Appends all readings to a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">Key of all made-up gateways.</param>
    /// <param name="unit">Unit of the use.</param>
    /// <returns>Readings appended.</returns>
    public async Task<long> FillAsync(SqliteStore store, ECDsa key, string unit)
    {
        channels = [Counter(Use, unit), Counter(Production, "pieces"), .. Enumerable.Range(0, channelCount - 2).Select(index => Counter(Other(index), "kWh"))];
        store.Enrol(new(gateway, KeyEpoch, gateway, SigningKey.PublicPem(key)));
        double[] counters = [.. channels.Select((_, index) => 1_000.0 * (index + 1))];
        double drift = 0;
        long total = 0;
        for (DateOnly day = First; day <= Last; day = day.AddDays(1))
        {
            double production = day.DayOfWeek == DayOfWeek.Sunday ? 0 : 420 + (60 * Math.Sin(day.DayNumber / 40.0)) + (40 * Normal());
            drift = (0.4 * drift) + (0.03 * Normal());
            double use = (310 + (2.1 * production)) * (1 + drift) * (day >= Installed ? 1 - Saving : 1);
            for (int slot = 0; slot < slotsPerDay; slot++)
            {
                long instant = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Offset).AddDays((double)slot / slotsPerDay).ToUnixTimeMilliseconds();
                for (int channel = 0; channel < counters.Length; channel++)
                {
                    buffer.Add(new(instant, (long)Math.Round(counters[channel] * channels[channel].Divisor), channel, ReadingQuality.Good, HasValue: true));
                    counters[channel] += (channel == 0 ? use : channel == 1 ? production : 40 + (20 * random.NextDouble())) / slotsPerDay;
                }
            }

            if (buffer.Count >= BatchLength || day == Last)
            {
                total += buffer.Count;
                await FlushAsync(store, key);
            }
        }

        return total;
    }

    private static Channel Counter(string id, string unit) => new()
    {
        Id = id,
        Meter = id[..id.IndexOf('.', StringComparison.Ordinal)],
        Unit = unit,
        Kind = ChannelKind.Counter,
        DecimalPlaces = 1,
        Modulus = 4_294_967_296,
        Profile = "made-up/1",
    };

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private async Task FlushAsync(SqliteStore store, ECDsa key)
    {
        BatchIdentity identity = new()
        {
            Gateway = gateway,
            KeyEpoch = KeyEpoch,
            Boot = "00000000000000a1",
            Batch = ++batch,
            PreviousHash = previous,
            ConfigHash = new('0', 64),
            Software = "made-up/1",
            Clock = ClockState.Synchronised,
            MonotonicMilliseconds = batch,
            AnchorUtcMilliseconds = buffer[0].UtcMilliseconds,
        };
        (byte[] bytes, previous) = BatchBuilder.Build(identity, channels, buffer.ToArray(), [], key);
        buffer.Clear();
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        _ = await store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
    }
}
