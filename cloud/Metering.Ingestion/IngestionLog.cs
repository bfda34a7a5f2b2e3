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

    [LoggerMessage(EventId = 4018, Level = LogLevel.Debug, Message = "Gateway {Gateway}: batch {Batch} of key epoch {KeyEpoch} came before its turn and is kept until the ones before it come")]
    public static partial void Early(this ILogger logger, string gateway, long batch, int keyEpoch);

    [LoggerMessage(EventId = 4013, Level = LogLevel.Information, Message = "Gateway {Gateway}: batch {Batch} of key epoch {KeyEpoch} came before its turn and there is no room to keep it; the gateway sends it again")]
    public static partial void OutOfOrder(this ILogger logger, string gateway, long batch, int keyEpoch);

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

    [LoggerMessage(EventId = 4016, Level = LogLevel.Debug, Message = "A message on {Topic} was refused like the one before it, or its gateway has had too many in this hour; counted only: {Reason}")]
    public static partial void QuarantineRateReached(this ILogger logger, string topic, string reason);

    [LoggerMessage(EventId = 4017, Level = LogLevel.Warning, Message = "Gateway {Gateway}: batch {Batch} has instants from {First} to {Last}, which cannot be right. It is stored as it is signed; check the gateway's clock")]
    public static partial void ImplausibleClock(this ILogger logger, string gateway, long batch, DateTimeOffset first, DateTimeOffset last);

    [LoggerMessage(EventId = 4040, Level = LogLevel.Information, Message = "Gateway {Gateway} is enrolled for plant {Plant} by its code, key epoch {KeyEpoch}")]
    public static partial void Enrolled(this ILogger logger, string gateway, string plant, int keyEpoch);

    [LoggerMessage(EventId = 4041, Level = LogLevel.Warning, Message = "Gateway {Gateway} asked to be enrolled and was not: {Result}. Make a new code with: cloud gateways code --gateway {Gateway} --plant PLANT")]
    public static partial void NotEnrolled(this ILogger logger, string gateway, Readings.EnrolmentResult result);

    [LoggerMessage(EventId = 4042, Level = LogLevel.Information, Message = "Gateway {Gateway} signs with key epoch {KeyEpoch} now; epoch {OldEpoch} ended with batch {Through}")]
    public static partial void Rotated(this ILogger logger, string gateway, int keyEpoch, int oldEpoch, long through);

    [LoggerMessage(EventId = 4043, Level = LogLevel.Error, Message = "Gateway {Gateway} asked for a key after epoch {OldEpoch} and contradicts what is stored. Two devices with one key, or a copied state directory?")]
    public static partial void RotationContradicts(this ILogger logger, string gateway, int oldEpoch);

    [LoggerMessage(EventId = 4044, Level = LogLevel.Error, Message = "Gateway {Gateway}: batches {First} to {Last} of key epoch {KeyEpoch} are lost, here and there. The store was restored from a backup older than what the gateway keeps; if a younger backup exists, import it")]
    public static partial void BatchesLost(this ILogger logger, string gateway, long first, long last, int keyEpoch);

    [LoggerMessage(EventId = 4046, Level = LogLevel.Information, Message = "Gateway {Gateway} told its meters (configuration {ConfigHash}, software {Software})")]
    public static partial void BirthKept(this ILogger logger, string gateway, string configHash, string software);

    [LoggerMessage(EventId = 4048, Level = LogLevel.Information, Message = "Gateway {Gateway} sent a record of kind {Kind} about {Channel}; it is kept")]
    public static partial void RecordKept(this ILogger logger, string gateway, Readings.Field.FieldRecordKind kind, string channel);

    [LoggerMessage(EventId = 4045, Level = LogLevel.Warning, Message = "A request of gateway {Gateway} could not be answered ({Reason}); it asks again")]
    public static partial void RequestFailed(this ILogger logger, string gateway, string reason);

    [LoggerMessage(EventId = 4046, Level = LogLevel.Information, Message = "{Count} messages that were put aside are taken once more")]
    public static partial void Retrying(this ILogger logger, int count);

    [LoggerMessage(EventId = 4047, Level = LogLevel.Warning, Message = "A message on {Topic} that was taken once more is refused again and stays aside: {Reason}")]
    public static partial void RefusedAgain(this ILogger logger, string topic, string reason);
}
