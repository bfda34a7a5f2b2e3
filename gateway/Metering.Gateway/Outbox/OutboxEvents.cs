using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Outbox;

/// <summary>Log lines of the outbox: 2000-2999.</summary>
internal static partial class OutboxEvents
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "The outbox was cut off in mid-write (power cut or kill): {BatchBytes} bytes of batches and {CycleBytes} bytes of cycles that were never promised to anyone are dropped")]
    internal static partial void TornTail(ILogger logger, long batchBytes, long cycleBytes);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "{File} is damaged: {Length} bytes from offset {Offset} (after frame {SequenceBefore}) cannot be read. The rest is used, the hole is sealed as a gap. Check the SD card or disk")]
    internal static partial void Damaged(ILogger logger, string file, long offset, long length, long sequenceBefore);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "The outbox in {Directory} takes hourly counter totals only: {Reason}. All other readings are being lost, counted and sealed as gaps. Bring the uplink back, or make room on the disk")]
    internal static partial void Full(ILogger logger, string directory, string reason);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "The outbox takes all readings again; {Refused} readings were refused since the start and are sealed as gaps")]
    internal static partial void TakesAgain(ILogger logger, long refused);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Error, Message = "The cloud has batches up to {Acked}, this state directory only up to {Last}: it was lost or set back. Make a new key (gateway key), raise keyEpoch and enrol it; until then readings are stored and not sent")]
    internal static partial void BehindCloud(ILogger logger, long acked, long last);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Critical, Message = "The outbox stopped: {Reason}")]
    internal static partial void Failed(ILogger logger, string reason);

    /// <summary>Tells what was found on opening.</summary>
    internal static void Opened(ILogger logger, BatchLog batches, CycleLog cycles)
    {
        foreach (LogDamage damage in batches.Damages.Concat(cycles.Damages))
        {
            Damaged(logger, damage.File, damage.Offset, damage.Length, damage.SequenceBefore);
        }

        if (batches.TornLength + cycles.TornLength > 0)
        {
            TornTail(logger, batches.TornLength, cycles.TornLength);
        }

        if (batches.AckedThrough > batches.LastBatch)
        {
            BehindCloud(logger, batches.AckedThrough, batches.LastBatch);
        }
    }
}
