using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Outbox;

/// <summary>Log lines of the outbox: 2000-2999.</summary>
internal static partial class OutboxEvents
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "The outbox was cut off in mid-write (power cut or kill): {BatchBytes} bytes of batches and {CycleBytes} bytes of cycles that were never promised to anyone are dropped")]
    internal static partial void TornTail(ILogger logger, long batchBytes, long cycleBytes);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "{File} is damaged: {Length} bytes from offset {Offset} (after frame {SequenceBefore}) cannot be read. The rest is used, the hole is sealed as a gap. Check the SD card or disk")]
    internal static partial void Damaged(ILogger logger, string file, long offset, long length, long sequenceBefore);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "The outbox in {Directory} takes no more readings: {Reason}. Readings are being lost and counted. Bring the uplink back, or make room on the disk")]
    internal static partial void Full(ILogger logger, string directory, string reason);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "The outbox takes readings again; {Refused} readings were refused and are sealed as a gap")]
    internal static partial void TakesAgain(ILogger logger, long refused);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Error, Message = "The cloud has batches up to {Acked}, this state directory only up to {Last}: it was lost or set back. Make a new key (gateway key), raise keyEpoch and enrol it; until then readings are stored and not sent")]
    internal static partial void BehindCloud(ILogger logger, long acked, long last);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Critical, Message = "The outbox stopped: {Reason}")]
    internal static partial void Failed(ILogger logger, string reason);
}
