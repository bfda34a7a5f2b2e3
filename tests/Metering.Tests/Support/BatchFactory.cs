using System.Security.Cryptography;
using Metering.Readings;

namespace Metering.Tests.Support;

/// <summary>Builds chains of signed batches as a gateway would, with real keys and the real builder.</summary>
public sealed class BatchFactory : IDisposable
{
    public const long StepMilliseconds = 900_000;
    public const long StartUtcMilliseconds = 1_704_067_200_000;

    private readonly long _start;

    public BatchFactory(string gateway = "leon-tannery", int keyEpoch = 1, int channels = 2, int slotsPerBatch = 4, long startUtcMilliseconds = StartUtcMilliseconds)
    {
        Gateway = gateway;
        KeyEpoch = keyEpoch;
        SlotsPerBatch = slotsPerBatch;
        _start = startUtcMilliseconds;
        Channels = [.. Enumerable.Range(0, channels).Select(ChannelOf)];
    }

    public string Gateway { get; }

    public int KeyEpoch { get; }

    public int SlotsPerBatch { get; }

    public IReadOnlyList<Channel> Channels { get; }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PublicPem => SigningKey.PublicPem(Key);

    /// <summary>The number the next batch will have.</summary>
    public long NextBatch { get; private set; } = 1;

    /// <summary>Hash of the last batch's note.</summary>
    public string Head { get; private set; } = BatchManifest.NoPrevious;

    /// <summary>Readings in all batches built by <see cref="Next()"/> and its overload.</summary>
    public long ReadingsBuilt { get; private set; }

    public int ReadingsPerBatch => Channels.Count * SlotsPerBatch;

    /// <summary>The next batch of the chain; its readings follow those of the batch before.</summary>
    public byte[] Next()
    {
        (byte[] bytes, string hash) = Build(NextBatch, Head, 0);
        (NextBatch, Head) = (NextBatch + 1, hash);
        ReadingsBuilt += ReadingsPerBatch;
        return bytes;
    }

    public IReadOnlyList<byte[]> Next(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    /// <summary>A batch with any number and previous hash; the chain does not move on. Another offset means other values.</summary>
    public (byte[] Bytes, string NoteHash) Build(long batch, string previousHash, long valueOffset)
    {
        List<Reading> readings = new(ReadingsPerBatch);
        for (int slot = 0; slot < SlotsPerBatch; slot++)
        {
            long number = ((batch - 1) * SlotsPerBatch) + slot;
            for (int channel = 0; channel < Channels.Count; channel++)
            {
                readings.Add(new(_start + (number * StepMilliseconds), ValueAt(channel, number) + valueOffset, channel, ReadingQuality.Good, HasValue: true));
            }
        }

        BatchIdentity identity = new()
        {
            Gateway = Gateway,
            KeyEpoch = KeyEpoch,
            Boot = "0123456789abcdef",
            Batch = batch,
            PreviousHash = previousHash,
            ConfigHash = new string('c', 64),
            Software = "metering-gateway/0.1.0",
            Clock = ClockState.Synchronised,
            MonotonicMilliseconds = batch * 60_000,
            AnchorUtcMilliseconds = StartUtcMilliseconds + (batch * 60_000),
        };
        return BatchBuilder.Build(identity, Channels, readings.ToArray(), [], Key);
    }

    /// <summary>What a channel shows in a slot: counters rise by 3 plus their index.</summary>
    public static long ValueAt(int channel, long slot) => 1_000_000 + (slot * (3 + channel));

    public void Dispose() => Key.Dispose();

    private static Channel ChannelOf(int index) => new()
    {
        Id = $"meter{index}.active-energy-import",
        Meter = $"meter{index}",
        Unit = "kWh",
        Kind = ChannelKind.Counter,
        DecimalPlaces = 1,
        Modulus = 4_294_967_296,
        Profile = "simulated-energy/1",
    };
}
