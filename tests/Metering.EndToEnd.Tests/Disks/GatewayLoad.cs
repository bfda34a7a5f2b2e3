using System.Collections.Concurrent;
using System.Security.Cryptography;
using Metering.Gateway.Outbox;
using Metering.Readings;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Metering.EndToEnd.Disks;

/// <summary>What was promised to somebody at a moment.</summary>
/// <param name="DurableCycles">Poll cycles the outbox had called durable.</param>
/// <param name="Published">Batches that had left the gateway.</param>
internal readonly record struct GatewayPromise(long DurableCycles, long Published);

/// <summary>A gateway's outbox under load: cycles go in as fast as they become durable, and a cloud beside the disk takes and confirms batches.</summary>
internal sealed class GatewayLoad : IDisposable
{
    private const long FirstSlot = 1_767_225_600_000;
    private const long Step = 1_000;
    private const int CyclesAtATime = 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly Channel[] Channels =
    [
        new() { Id = "mains.energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "p/1" },
        new() { Id = "air.temperature", Meter = "air", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 1, Profile = "p/1" },
    ];

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<long, byte[]> _published = new();
    private readonly Random _random;
    private long _durableCycles;
    private long _publishedThrough;

    internal GatewayLoad(int seed) => _random = new Random(seed);

    /// <summary>What is promised now. The disk must keep it from now on.</summary>
    internal GatewayPromise Promised() => new(Interlocked.Read(ref _durableCycles), Interlocked.Read(ref _publishedThrough));

    /// <summary>Opens the outbox of a folder as a gateway that starts does.</summary>
    internal GatewayOutbox Open(string folder, Func<string, ISegmentFiles>? files = null) => GatewayOutbox.Open(
        new()
        {
            Directory = Path.Combine(folder, "state"),
            Gateway = "g",
            KeyEpoch = 1,
            Key = _key,
            Table = new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), new string('0', 64), "metering-gateway/0.1.0", Channels),
            MaximumAge = TimeSpan.FromMilliseconds(100),
            MaximumReadings = 64,
            KeepAckedLength = 32 * 1024,
            SegmentLength = 16 * 1024,
            Files = files ?? (static name => new SegmentFolder(name)),
        },
        TimeProvider.System,
        NullLogger.Instance);

    /// <summary>Polls, publishes and confirms until cancelled.</summary>
    internal void Run(GatewayOutbox outbox, CancellationToken cancellationToken)
    {
        long cycle = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            for (int index = 0; index < CyclesAtATime; index++, cycle++)
            {
                long slot = FirstSlot + (cycle * Step);
                outbox.Add(new(slot, ClockState.Synchronised, cycle, slot), [new(slot, cycle, 0, ReadingQuality.Good, true), new(slot, -cycle, 1, ReadingQuality.Good, true)]);
            }

            Assert.True(SpinWait.SpinUntil(() => outbox.DurableReadings == cycle * Channels.Length, Deadline), "the outbox does not become durable");
            Interlocked.Exchange(ref _durableCycles, cycle);
            Publish(outbox);
        }
    }

    /// <summary>
    /// Looks at a state directory after its power was cut: how many promised readings it lacks. Everything else must be right:
    /// no number signed twice with other bytes, no reading twice, one chain, and the outbox takes and signs what comes next.
    /// </summary>
    internal long Missing(string folder, GatewayPromise promised)
    {
        using GatewayOutbox outbox = Open(folder);
        outbox.Add(new(FirstSlot - Step, ClockState.Synchronised, 0, FirstSlot - Step), [new(FirstSlot - Step, 7, 0, ReadingQuality.Good, true)]);
        outbox.Flush();
        long missing = 0;
        if (outbox.LastBatch <= promised.Published)
        {
            // A number that has left the gateway would be signed a second time.
            missing += promised.Published - outbox.LastBatch + 1;
        }

        HashSet<(string Channel, long Instant)> seen = [];
        for (long batch = 1; batch <= Math.Max(outbox.LastBatch, promised.Published); batch++)
        {
            bool isKept = outbox.TryRead(batch, out ReadOnlyMemory<byte> kept, out _);
            if (batch <= promised.Published && isKept && missing == 0)
            {
                Assert.True(kept.Span.SequenceEqual(_published[batch]), $"batch {batch} was signed twice");
            }

            ReadOnlyMemory<byte> bytes = batch <= promised.Published ? _published[batch] : kept;
            foreach (ChannelSegment segment in bytes.IsEmpty ? [] : BatchEnvelope.Open(bytes.Span).ReadSegments())
            {
                foreach (long instant in segment.UtcMilliseconds.Span)
                {
                    Assert.True(seen.Add((segment.Channel.Id, instant)) || missing > 0, $"{segment.Channel.Id} at {instant} stands in two batches");
                }
            }
        }

        for (long cycle = 0; cycle < promised.DurableCycles; cycle++)
        {
            missing += Channels.Count(channel => !seen.Contains((channel.Id, FirstSlot + (cycle * Step))));
        }

        return missing;
    }

    public void Dispose() => _key.Dispose();

    // What the uplink may see leaves; the cloud confirms some of it, some of it late.
    private void Publish(GatewayOutbox outbox)
    {
        long last = outbox.LastBatch;
        for (long batch = _publishedThrough + 1; batch <= last; batch++)
        {
            Assert.True(outbox.TryRead(batch, out ReadOnlyMemory<byte> bytes, out _), $"batch {batch} cannot be read back");
            _published[batch] = bytes.ToArray();
            Interlocked.Exchange(ref _publishedThrough, batch);
        }

        long acked = last - _random.Next(6);
        if (acked > outbox.AckedThrough)
        {
            outbox.SetAcked(acked);
        }
    }
}
