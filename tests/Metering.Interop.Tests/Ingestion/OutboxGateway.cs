using System.Security.Cryptography;
using Metering.Gateway.Keys;
using Metering.Gateway.Outbox;
using Metering.Gateway.Uplink;
using Metering.Readings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metering.Interop.Tests.Ingestion;

/// <summary>The gateway's own outbox, keys and uplink, without a field: readings are put in by hand.</summary>
internal sealed class OutboxGateway : IAsyncDisposable
{
    private const long FirstSlot = 1_767_225_600_000;
    private const long Step = 900_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly Channel[] Channels =
    [
        new() { Id = "mains.energy", Meter = "mains", Unit = "kWh", Kind = ChannelKind.Counter, DecimalPlaces = 1, Modulus = 4_294_967_296, Profile = "p/1" },
        new() { Id = "air.temperature", Meter = "air", Unit = "degC", Kind = ChannelKind.Gauge, DecimalPlaces = 1, Profile = "p/1" },
    ];

    private readonly BatchUplink _uplink;
    private readonly KeyChain _keys;

    private OutboxGateway(GatewayOutbox outbox, BatchUplink uplink, KeyChain keys, RecordCourier records) => (Outbox, _uplink, _keys, Records) = (outbox, uplink, keys, records);

    /// <summary>Brings what people recorded in the state directory.</summary>
    internal RecordCourier Records { get; }

    internal GatewayOutbox Outbox { get; }

    /// <summary>Starts a gateway on its state directory, as a process would.</summary>
    /// <param name="rig">Broker and cloud.</param>
    /// <param name="gateway">Identifier.</param>
    /// <param name="key">Its first key.</param>
    /// <param name="directory">State directory.</param>
    /// <param name="keepAckedLength">Bytes of acknowledged batches kept.</param>
    internal static OutboxGateway Start(IngestionRig rig, string gateway, ECDsa key, string directory, long keepAckedLength = 1 << 20)
    {
        KeyChain keys = KeyChain.Open(directory, 1, key);
        GatewayOutbox outbox = GatewayOutbox.Open(
            new()
            {
                Directory = directory,
                Gateway = gateway,
                KeyEpoch = keys.KeyEpoch,
                Key = keys.Key,
                Rotations = keys.Steps,
                Table = new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), new string('0', 64), "metering-gateway/0.1.0", Channels),
                MaximumAge = TimeSpan.FromSeconds(60),
                MaximumReadings = 8,
                KeepAckedLength = keepAckedLength,
                SegmentLength = 4096,
            },
            TimeProvider.System,
            NullLogger.Instance);
        UplinkOptions options = new()
        {
            Gateway = gateway,
            Keys = keys,
            CloudName = IngestionRig.CloudName,
            CloudKey = rig.CloudKey,
            Witness = new(gateway, new(directory, IngestionRig.CloudName, rig.CloudKey), TimeProvider.System, NullLogger.Instance),
            Records = new(directory, gateway, new(directory, IngestionRig.CloudName, rig.CloudKey), TimeProvider.System, NullLogger.Instance),
            Meta = () => BirthMessage.Status(isOnline: true),
            Broker = rig.Broker.Options(gateway) with { CleanStart = true, SessionExpiry = TimeSpan.Zero },
        };
        BatchUplink uplink = new(options, outbox, TimeProvider.System, NullLogger.Instance);
        uplink.Start();
        return new(outbox, uplink, keys, options.Records);
    }

    /// <summary>Instant of a cycle, UTC milliseconds.</summary>
    internal static long SlotOf(int index) => FirstSlot + (index * Step);

    /// <summary>Adds cycles first to first + count - 1, four to a batch.</summary>
    internal void Add(int first, int count)
    {
        for (int index = first; index < first + count; index++)
        {
            long slot = SlotOf(index);
            Outbox.Add(
                new(slot, ClockState.Synchronised, index, slot),
                [new(slot, 1000 + index, 0, ReadingQuality.Good, true), new(slot, -5 * index, 1, ReadingQuality.Good, true)]);
        }

        Outbox.Flush();
    }

    /// <summary>Completes when the cloud has confirmed everything.</summary>
    internal Task DrainAsync() => _uplink.DrainAsync(CancellationToken.None).WaitAsync(Deadline);

    /// <summary>Completes when something of the outbox is so.</summary>
    internal Task UntilAsync(Func<GatewayOutbox, bool> isSo) => IngestionRig.UntilAsync(() => isSo(Outbox));

    public async ValueTask DisposeAsync()
    {
        await _uplink.DisposeAsync();
        Outbox.Dispose();
        _keys.Dispose();
    }
}
