using System.Security.Cryptography;
using Metering.Readings;
using Metering.Readings.Field;
using Metering.Store;
using Metering.Store.Sqlite;

namespace Metering.Tests.Pages;

/// <summary>A plant with a known saving whose signed batches go into a real store: everything is derived from the seed.</summary>
internal sealed class SamplePlant(string gateway, int seed)
{
    public double Saving { get; init; } = 0.17;

    public double Noise { get; init; } = 0.035;

    public double ProductionFactor { get; init; } = 1;

    public bool WithGaps { get; init; }

    /// <summary>Power added from 4 May 2026 on, in kW: a change that is not the project's.</summary>
    public double PowerAddedInMay { get; init; }

    public int SlotsPerDay { get; init; } = 24;

    public DateOnly First { get; init; } = new(2024, 11, 20);

    public DateOnly Last { get; init; } = new(2026, 11, 1);

    public static DateOnly Installed { get; } = new(2025, 10, 16);

    /// <summary>Whether a person reads the counter of hides beside a photo: then <see cref="Notes"/> are the entries.</summary>
    public bool IsReadByEye { get; init; }

    /// <summary>What people entered, as the gateway signed it.</summary>
    public List<byte[]> Notes { get; } = [];

    private Channel[] Channels => channels ??=
    [
        Counter("mains.active-energy-import", "mains", "kWh", 1),
        Counter("hides.count", "hides", "pieces", 0) with { Profile = IsReadByEye ? "manual/1" : "simulated-hides/1" },
        new() { Id = "weather.outdoor-temperature", Meter = "weather", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 1, Profile = "simulated-weather/1" },
        Counter("water.volume", "water", "m3", 2),
    ];

    private const int BatchLength = 9000;

    private Channel[]? channels;
    private readonly List<Reading> buffer = [];
    private readonly Random random = new(seed);
    private string previous = BatchManifest.NoPrevious;
    private long batch;

    public async Task FillAsync(SqliteStore store)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        store.Enrol(new(gateway, 1, gateway, SigningKey.PublicPem(key)));
        double kwh = 812_345.6;
        double water = 60_412.3;
        long hides = 123_456;
        double drift = 0;
        double weather = 0;
        for (DateOnly day = First; day <= Last; day = day.AddDays(1))
        {
            bool isWorkday = day.DayOfWeek != DayOfWeek.Sunday;
            bool isAfter = day >= Installed;
            double production = isWorkday ? 420 + (60 * Math.Sin(day.DayNumber / 40.0)) + (45 * Normal()) : 0;
            production *= isAfter ? ProductionFactor : 1;
            weather = (0.8 * weather) + (1.4 * Normal());
            drift = (0.45 * drift) + (Noise * Normal());
            double mean = 19 + (5 * Math.Sin((day.DayOfYear - 60) / 365.0 * 2 * Math.PI)) + weather;
            for (int slot = 0; slot < SlotsPerDay; slot++)
            {
                double hour = 24.0 * slot / SlotsPerDay;
                double temperature = mean + (6 * Math.Sin((hour - 9) / 24 * 2 * Math.PI));
                Take(day, hour, [kwh, hides, temperature, water]);
                double shift = isWorkday && hour is >= 6.5 and < 20 ? Math.Min(1, Math.Min((hour - 6.25) / 1.5, (20 - hour) / 1.5)) : 0;
                double power = 24 + (shift * production / 420 * 96) + (Math.Max(0, temperature - 18) * 2.2);
                power *= (1 + drift + (0.05 * Normal())) * (isAfter ? 1 - Saving : 1);
                power += day >= new DateOnly(2026, 5, 4) ? PowerAddedInMay : 0;
                double hours = 24.0 / SlotsPerDay;
                kwh += Math.Max(0, power) * hours;
                hides += (long)Math.Round(shift * production / 12 * hours);
                water += (0.4 + (shift * production / 420 * 6.4)) * (1 + drift) * (isAfter ? 0.68 : 1) * hours;
            }

            if (buffer.Count >= BatchLength)
            {
                await FlushAsync(store, key);
            }
        }

        await FlushAsync(store, key);
    }

    private static Channel Counter(string id, string meter, string unit, int decimals) => new()
    {
        Id = id,
        Meter = meter,
        Unit = unit,
        Kind = ChannelKind.Counter,
        DecimalPlaces = decimals,
        Modulus = 4_294_967_296,
        Profile = $"simulated-{meter}/1",
    };

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private void Take(DateOnly day, double hour, double[] values)
    {
        if (WithGaps && day >= new DateOnly(2025, 3, 3) && day <= new DateOnly(2025, 3, 7))
        {
            return; // the gateway was off
        }

        bool isSilent = WithGaps && ((day == new DateOnly(2026, 2, 11) && hour > 17) || (day == new DateOnly(2026, 2, 12) && hour < 8));
        long instant = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(-6)).AddHours(hour).ToUnixTimeMilliseconds();
        for (int channel = 0; channel < Channels.Length; channel++)
        {
            long scaled = (long)Math.Round(values[channel] * Channels[channel].Divisor);
            buffer.Add(isSilent && channel == 0
                ? Reading.Missing(instant, channel, QualityReason.Timeout)
                : new(instant, scaled, channel, ReadingQuality.Good, HasValue: true));
        }
    }

    private async Task FlushAsync(SqliteStore store, ECDsa key)
    {
        if (buffer.Count == 0)
        {
            return;
        }

        batch++;
        BatchIdentity identity = new()
        {
            Gateway = gateway,
            KeyEpoch = 1,
            Boot = "00000000000000a1",
            Batch = batch,
            PreviousHash = previous,
            ConfigHash = new('0', 64),
            Software = "sample/1",
            Clock = ClockState.Synchronised,
            MonotonicMilliseconds = batch,
            AnchorUtcMilliseconds = buffer[0].UtcMilliseconds,
        };
        foreach (Reading read in IsReadByEye ? buffer.Where(one => one.ChannelIndex == 1) : [])
        {
            FieldEntry entry = new()
            {
                Gateway = gateway, KeyEpoch = 1, Number = Notes.Count + 1, Kind = FieldEntryKind.Reading, Channel = "hides.count", UtcMilliseconds = read.UtcMilliseconds, Value = read.ScaledValue, Unit = "pieces", Decimals = 0,
                EnteredUtcMilliseconds = read.UtcMilliseconds + 1000, Operator = "Ana Ruiz", PhotoHash = new('a', 64),
            };
            Notes.Add(SignedNote.Sign(entry.ToText(), gateway, key));
        }

        (byte[] bytes, previous) = BatchBuilder.Build(identity, Channels, buffer.ToArray(), [], key);
        buffer.Clear();
        BatchEnvelope envelope = BatchEnvelope.Open(bytes);
        AppendOutcome outcome = await store.AppendAsync(envelope, bytes, envelope.ReadSegments(), CancellationToken.None);
        if (outcome != AppendOutcome.Stored)
        {
            throw new InvalidOperationException($"seed {seed}: batch {batch} was {outcome}");
        }
    }
}
