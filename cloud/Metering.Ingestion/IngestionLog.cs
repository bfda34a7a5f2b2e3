using Microsoft.Extensions.Logging;

namespace Metering.Ingestion;

internal static partial class IngestionLog
{
    [LoggerMessage(EventId = 4000, Level = LogLevel.Information, Message = "Connected to the broker as {Name}; {Gateways} gateways enrolled")]
    public static partial void Connected(this ILogger logger, string name, int gateways);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "No connection to the broker ({Reason}); next attempt in {Pause}. Gateways keep their readings meanwhile")]
    public static partial void Disconnected(this ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "The broker refuses {Name}: {Reason} Check broker.userName and broker.passwordFile, and the broker's own list of users")]
    public static partial void Refused(this ILogger logger, string name, string reason);

    [LoggerMessage(EventId = 4010, Level = LogLevel.Warning, Message = "Message on {Topic} refused and set aside: {Reason}")]
    public static partial void Quarantined(this ILogger logger, string topic, string reason);

    [LoggerMessage(EventId = 4011, Level = LogLevel.Warning, Message = "Quarantine is full ({Count} messages): message on {Topic} refused and only counted: {Reason}")]
    public static partial void QuarantineFull(this ILogger logger, long count, string topic, string reason);

    [LoggerMessage(EventId = 4012, Level = LogLevel.Error, Message = "Gateway {Gateway}, batch {Batch} of key epoch {KeyEpoch}: contradicts what is stored. The first one is kept. Two devices with one key, or a copied outbox?")]
    public static partial void Fork(this ILogger logger, string gateway, long batch, int keyEpoch);

    [LoggerMessage(EventId = 4013, Level = LogLevel.Information, Message = "Gateway {Gateway}: batch {Batch} came before its turn, stored through {Through}; the gateway is told to send from there")]
    public static partial void OutOfOrder(this ILogger logger, string gateway, long batch, long through);

    [LoggerMessage(EventId = 4014, Level = LogLevel.Warning, Message = "A retained batch on {Topic} was refused: batches must not be retained")]
    public static partial void Retained(this ILogger logger, string topic);

    [LoggerMessage(EventId = 4015, Level = LogLevel.Warning, Message = "Gateway {Gateway} is not enrolled; its batches are refused. Enrol it with: cloud gateways enrol --id {Gateway} --plant PLANT --key PUBLIC.pem")]
    public static partial void UnknownGateway(this ILogger logger, string gateway);

    [LoggerMessage(EventId = 4020, Level = LogLevel.Error, Message = "The store could not take batch {Batch} of {Gateway}: {Reason}. Trying again in {Pause}; nothing is acknowledged meanwhile")]
    public static partial void StoreFailed(this ILogger logger, string gateway, long batch, string reason, TimeSpan pause);

    [LoggerMessage(EventId = 4021, Level = LogLevel.Error, Message = "The store could not set a refused message on {Topic} aside: {Reason}")]
    public static partial void QuarantineFailed(this ILogger logger, string topic, string reason);

    [LoggerMessage(EventId = 4022, Level = LogLevel.Error, Message = "Unexpected fault while checking a message on {Topic}; it is set aside")]
    public static partial void Unexpected(this ILogger logger, Exception exception, string topic);

    [LoggerMessage(EventId = 4030, Level = LogLevel.Debug, Message = "Ack to {Gateway} not sent ({Reason}); it is repeated after the next connect")]
    public static partial void AckNotSent(this ILogger logger, string gateway, string reason);

    [LoggerMessage(EventId = 4031, Level = LogLevel.Information, Message = "Gateway {Gateway} is {State}")]
    public static partial void GatewayState(this ILogger logger, string gateway, string state);
}
