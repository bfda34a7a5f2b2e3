using Metering.Mqtt.Packets;

namespace Metering.Mqtt.Connection;

/// <summary>The reasons for which a connection ends, in words.</summary>
internal static class ConnectionFaults
{
    /// <summary>The line is gone; without a cause the broker closed it in silence.</summary>
    public static MqttException Lost(Exception? cause) => new(
        MqttErrorKind.ConnectionLost,
        MqttReasonCode.UnspecifiedError,
        cause is null ? "The broker closed the connection without a word." : $"The connection to the broker broke: {cause.Message}",
        innerException: cause);

    public static MqttException Stuck() => new(
        MqttErrorKind.ConnectionLost,
        MqttReasonCode.ReceiveMaximumExceeded,
        "The broker sent more messages than we announced to take, and none was acknowledged for long. The connection was given up; it will deliver them again.");

    public static MqttException Silent(TimeSpan deadline) => new(
        MqttErrorKind.KeepAliveTimeout,
        MqttReasonCode.KeepAliveTimeout,
        FormattableString.Invariant($"The broker gave no sign of life for {deadline.TotalSeconds} s after a ping."));

    public static MqttException ClosedByServer(ReceivedAck disconnect) => new(
        MqttErrorKind.ClosedByServer,
        disconnect.Code,
        $"The broker closed the connection: {MqttReasonText.Describe(disconnect.Code, disconnect.ReasonString)}.",
        disconnect.ReasonString);
}
