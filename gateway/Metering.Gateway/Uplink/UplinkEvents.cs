using Microsoft.Extensions.Logging;

namespace Metering.Gateway.Uplink;

/// <summary>Log lines of the uplink: 3000-3999.</summary>
internal static partial class UplinkEvents
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Connected to the broker {Broker}")]
    internal static partial void Connected(ILogger logger, string broker);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "The broker {Broker} cannot be reached: {Problem} {Remedy} Polling goes on and readings are kept; trying again")]
    internal static partial void Away(ILogger logger, string broker, string problem, string remedy);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "The broker {Broker} refuses this gateway: {Problem} {Remedy} Polling goes on, nothing is lost; trying again slowly")]
    internal static partial void Refused(ILogger logger, string broker, string problem, string remedy);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "An ack was thrown away: {Problem}. Check cloud.name and cloud.keyFile")]
    internal static partial void BadAck(ILogger logger, string problem);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "The cloud has batches only up to {Through}, it had confirmed {Before}: it was restored from a backup. Sending again from there")]
    internal static partial void GoesBack(ILogger logger, long through, long before);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Error, Message = "The cloud asks for batch {Batch}, which is not kept here any more (oldest kept: {Oldest}). What lies between exists nowhere else unless the cloud has a younger backup")]
    internal static partial void NotKept(ILogger logger, long batch, long oldest);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Error, Message = "The cloud confirms another batch {Batch} than the one signed here (its hash differs): two gateways use this key, or the state directory was copied. Nothing is freed")]
    internal static partial void Fork(ILogger logger, long batch);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Warning, Message = "{Problem} {Remedy} Polling goes on, nothing is lost; trying again slowly")]
    internal static partial void NotTaken(ILogger logger, string problem, string remedy);

    [LoggerMessage(EventId = 3009, Level = LogLevel.Warning, Message = "The broker takes batches, but the cloud has confirmed none since {Since}: sending the unconfirmed ones again. Check that the cloud's ingestion runs and that this gateway is enrolled")]
    internal static partial void NoProgress(ILogger logger, TimeSpan since);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Error, Message = "No protected line to the broker {Broker}: {Problem} {Remedy} Polling goes on, nothing is lost; trying again slowly")]
    internal static partial void NoTls(ILogger logger, string broker, string problem, string remedy);

    [LoggerMessage(EventId = 3010, Level = LogLevel.Error, Message = "Told the cloud that batches {First} to {Last} of key epoch {KeyEpoch} are lost, so that the chain goes on behind them")]
    internal static partial void StatesLoss(ILogger logger, long first, long last, int keyEpoch);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Error, Message = "The cloud will not take the record {File}: the key that signed it is revoked there, or it has no room for more records of this gateway. The file stays here; ask whoever runs the cloud")]
    internal static partial void RecordRefused(ILogger logger, string file);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Warning, Message = "What people recorded here cannot be brought to the cloud: {Problem}. Readings are sent as before; check the state directory")]
    internal static partial void RecordsNotRead(ILogger logger, string problem);
}
