using System.Security.Cryptography;
using Metering.Gateway.Outbox;
using Metering.Readings;
using Metering.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metering.Tests.GatewayHost;

/// <summary>An outbox in a temporary folder, with two channels and a clock that does not move by itself.</summary>
internal sealed class OutboxHarness : IDisposable
{
    internal const long FirstSlot = 1_767_225_600_000;
    internal const long Step = 900_000;

    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal ManualTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(FirstSlot));

    internal string Directory => _folder.Path;

    internal ECDsa Key => _key;

    internal int MaximumReadings { get; init; } = 4;

    internal long MaximumLength { get; init; } = 1L << 30;

    internal IReadOnlyList<Channel> Table { get; init; } = Channels;

    internal long KeepAckedLength { get; init; } = 1 << 20;

    internal TimeSpan KeepAckedAge { get; init; } = TimeSpan.FromDays(90);

    internal long SegmentLength { get; init; } = 4096;

    internal Func<string, ISegmentFiles>? Files { get; init; }

    /// <summary>Free bytes the disk is said to have.</summary>
    internal long FreeLength { get; set; } = long.MaxValue;

    internal static Channel[] Channels { get; } =
    [
        new() { Id = "mains.energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "p/1" },
        new() { Id = "air.temperature", Meter = "air", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 1, Profile = "p/1" },
    ];

    internal GatewayOutbox Open(string? directory = null, int keyEpoch = 1, string boot = "0123456789abcdef") => GatewayOutbox.Open(
        new()
        {
            Directory = directory ?? Directory,
            Gateway = "g",
            KeyEpoch = keyEpoch,
            Key = _key,
            Table = new(boot, new string('0', 64), "metering-gateway/0.1.0", Table),
            MaximumAge = TimeSpan.FromSeconds(60),
            MaximumReadings = MaximumReadings,
            MaximumLength = MaximumLength,
            KeepAckedLength = KeepAckedLength,
            KeepAckedAge = KeepAckedAge,
            SegmentLength = SegmentLength,
            FreeLength = _ => FreeLength,
            Files = Files ?? (static folder => new SegmentFolder(folder)),
        },
        Clock,
        NullLogger.Instance);

    /// <summary>Adds one cycle of two readings and makes it durable, without signing a batch that is not full.</summary>
    internal static void AddCycle(GatewayOutbox outbox, int index, ClockState state = ClockState.Synchronised) =>
        outbox.Add(new(SlotOf(index), state, index, SlotOf(index)), ReadingsOf(index));

    internal static long SlotOf(int index) => FirstSlot + (index * Step);

    internal static Reading[] ReadingsOf(int index) =>
    [
        new(SlotOf(index), 1000 + index, 0, ReadingQuality.Good, true),
        index % 3 == 2 ? Reading.Missing(SlotOf(index), 1, QualityReason.Timeout) : new(SlotOf(index), -5 * index, 1, ReadingQuality.Good, true),
    ];

    /// <summary>Gaps of batches that were kept when they were last read and may be gone by now.</summary>
    internal HashSet<GapEvent> SeenGaps { get; } = [];

    /// <summary>The gaps sealed in the batches still kept.</summary>
    internal List<GapEvent> GapsKept(GatewayOutbox outbox)
    {
        List<GapEvent> gaps = [];
        foreach (BatchEnvelope envelope in Kept(outbox))
        {
            gaps.AddRange(envelope.Manifest.Gaps);
        }

        return gaps;
    }

    /// <summary>The readings of the batches still kept.</summary>
    internal List<(string Channel, long Instant)> ReadKept(GatewayOutbox outbox)
    {
        List<(string, long)> all = [];
        foreach (ChannelSegment segment in Kept(outbox).SelectMany(envelope => envelope.ReadSegments()))
        {
            all.AddRange(segment.UtcMilliseconds.ToArray().Select(instant => (segment.Channel.Id, instant)));
        }

        return all;
    }

    private static List<BatchEnvelope> Kept(GatewayOutbox outbox)
    {
        List<BatchEnvelope> kept = [];
        for (long batch = outbox.OldestKept() ?? 1; batch <= outbox.LastBatch; batch++)
        {
            Xunit.Assert.True(outbox.TryRead(batch, out ReadOnlyMemory<byte> bytes, out _), $"batch {batch} is gone");
            kept.Add(BatchEnvelope.Open(bytes.Span));
        }

        return kept;
    }

    /// <summary>Every reading of every batch kept, checked for signature, numbers and chain.</summary>
    internal List<(string Channel, long Instant, long Value, string Quality)> ReadAll(GatewayOutbox outbox)
    {
        List<(string, long, long, string)> all = [];
        string previous = BatchManifest.NoPrevious;
        for (long batch = 1; batch <= outbox.LastBatch; batch++)
        {
            Xunit.Assert.True(outbox.TryRead(batch, out ReadOnlyMemory<byte> bytes, out string hash), $"batch {batch} is gone");
            BatchEnvelope envelope = BatchEnvelope.Open(bytes.Span);
            Xunit.Assert.Equal(NoteFault.None, SignedNote.Verify(envelope.Note.Span, "g", _key));
            Xunit.Assert.Equal((batch, previous, hash), (envelope.Manifest.Batch, envelope.Manifest.PreviousHash, envelope.NoteHash));
            previous = hash;
            SeenGaps.UnionWith(envelope.Manifest.Gaps);
            foreach (ChannelSegment segment in envelope.ReadSegments())
            {
                for (int index = 0; index < segment.Count; index++)
                {
                    all.Add((segment.Channel.Id, segment.UtcMilliseconds.Span[index], segment.HasValues.Span[index] ? segment.ScaledValues.Span[index] : 0, segment.Qualities.Span[index].ToString()));
                }
            }
        }

        return all;
    }

    internal static List<(string Channel, long Instant, long Value, string Quality)> Expected(int cycles) =>
        [.. Enumerable.Range(0, cycles).SelectMany(ReadingsOf).Select(reading => (Channels[reading.ChannelIndex].Id, reading.UtcMilliseconds, reading.ScaledValue, reading.Quality.ToString()))];

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }
}
