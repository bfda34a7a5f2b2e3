using Metering.Gateway.Outbox;
using Metering.Readings;
using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Uplink;

/// <summary>
/// What the cloud says it has, and what follows for the outbox. A higher number frees at once. A lower one is believed
/// only when it still stands after a while: acks that waited at the broker come in late, and the newest comes last.
/// </summary>
internal sealed class AckLedger(string gateway, int keyEpoch, GatewayOutbox outbox, TimeProvider clock, ILogger logger)
{
    /// <summary>How long a lower number must stand before batches are sent again because of it.</summary>
    internal static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<long> _also = [];
    private long _announced = outbox.AckedThrough;
    private long _lowerSince;

    /// <summary>Takes an ack that was signed by the cloud.</summary>
    /// <returns>True when the cloud has more than before.</returns>
    internal bool Take(BatchAck ack)
    {
        if (ack.Gateway != gateway || ack.KeyEpoch != keyEpoch)
        {
            return false;
        }

        lock (_gate)
        {
            if (ack.Through > outbox.LastBatch)
            {
                OutboxEvents.BehindCloud(logger, ack.Through, outbox.LastBatch);
                outbox.SetAcked(ack.Through);
                return false;
            }

            if (ack.Through > 0 && outbox.TryRead(ack.Through, out _, out string hash) && hash != ack.Head)
            {
                UplinkEvents.Fork(logger, ack.Through);
                return false;
            }

            _also.Clear();
            _also.UnionWith(ack.Also);
            bool progress = ack.Through > outbox.AckedThrough;
            if (ack.Through < outbox.AckedThrough && _announced >= outbox.AckedThrough)
            {
                _lowerSince = clock.GetTimestamp();
            }

            _announced = ack.Through;
            if (progress)
            {
                outbox.SetAcked(ack.Through);
            }

            return progress;
        }
    }

    /// <summary>Whether the cloud has this batch although the ones before it are missing.</summary>
    internal bool IsThere(long batch)
    {
        lock (_gate)
        {
            return _also.Contains(batch);
        }
    }

    /// <summary>Goes back when a lower number has stood long enough.</summary>
    /// <returns>True when batches must be sent again.</returns>
    internal bool GoBackIfSettled()
    {
        lock (_gate)
        {
            if (_announced >= outbox.AckedThrough || clock.GetElapsedTime(_lowerSince) < SettlingTime)
            {
                return false;
            }

            UplinkEvents.GoesBack(logger, _announced, outbox.AckedThrough);
            outbox.SetAcked(_announced);
            long? oldest = outbox.OldestKept();
            if (oldest > _announced + 1)
            {
                UplinkEvents.NotKept(logger, _announced + 1, oldest.Value);
            }

            return true;
        }
    }
}
