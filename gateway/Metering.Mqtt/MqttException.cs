namespace Metering.Mqtt;

/// <summary>What went wrong, for code that has to decide what to do next.</summary>
public enum MqttErrorKind
{
    /// <summary>No connection could be opened: name not found, refused by the host, no route, or no answer in time.</summary>
    Unreachable,

    /// <summary>TLS could not be agreed, or one side did not trust the other's certificate.</summary>
    TlsFailed,

    /// <summary>The broker answered the connection request with a failure code.</summary>
    Refused,

    /// <summary>There is no connection now. The message was not sent, or its fate is unknown: offer it again.</summary>
    NotConnected,

    /// <summary>The connection broke while waiting. The fate of the message is unknown: offer it again.</summary>
    ConnectionLost,

    /// <summary>The peer was silent for longer than the keep-alive deadline, so the connection was dropped.</summary>
    KeepAliveTimeout,

    /// <summary>The broker sent bytes that break MQTT 5. The connection was closed.</summary>
    ProtocolError,

    /// <summary>The broker closed the connection with a DISCONNECT packet.</summary>
    ClosedByServer,

    /// <summary>This side closed the connection.</summary>
    ClosedByClient,

    /// <summary>The packet is larger than the broker accepts. It will never go through.</summary>
    PacketTooLarge,

    /// <summary>The broker announced that it does not offer what was asked (QoS, retain, wildcard, shared subscription).</summary>
    NotSupported,

    /// <summary>The broker refused the subscription, or granted a lower QoS than asked.</summary>
    SubscribeRefused,

    /// <summary>Too many callers are already waiting to send.</summary>
    QueueFull,
}

/// <summary>The one exception of this library, for everything that is not a mistake of the caller.</summary>
public sealed class MqttException : Exception
{
    /// <summary>Makes an exception of a kind, with the code received or the one that describes it best.</summary>
    public MqttException(MqttErrorKind kind, MqttReasonCode reasonCode, string message, string? reasonString = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        ReasonCode = reasonCode;
        ReasonString = reasonString;
    }

    /// <summary>What went wrong.</summary>
    public MqttErrorKind Kind { get; }

    /// <summary>The code the broker sent; where it sent none, the one that describes the fault (0x80 if none does).</summary>
    public MqttReasonCode ReasonCode { get; }

    /// <summary>The broker's own words (Reason String property), control characters removed and shortened; null when it gave none.</summary>
    public string? ReasonString { get; }

    /// <summary>Why TLS failed; None where it did not.</summary>
    public MqttTlsFault TlsFault { get; init; }

    /// <summary>True when the same call may succeed later without anybody changing a setting.</summary>
    public bool IsTransient => Kind switch
    {
        MqttErrorKind.Unreachable or MqttErrorKind.NotConnected or MqttErrorKind.ConnectionLost or MqttErrorKind.KeepAliveTimeout
            or MqttErrorKind.ClosedByClient or MqttErrorKind.QueueFull => true,
        MqttErrorKind.SubscribeRefused when ReasonCode is MqttReasonCode.Success => false,      // granted a lower QoS, and will again
        MqttErrorKind.Refused or MqttErrorKind.ClosedByServer or MqttErrorKind.SubscribeRefused => IsTransientCode(ReasonCode),
        _ => false,
    };

    private static bool IsTransientCode(MqttReasonCode code) => code switch
    {
        MqttReasonCode.Success or MqttReasonCode.UnspecifiedError or MqttReasonCode.ServerUnavailable or MqttReasonCode.ServerBusy
            or MqttReasonCode.ServerShuttingDown or MqttReasonCode.KeepAliveTimeout or MqttReasonCode.SessionTakenOver
            or MqttReasonCode.ReceiveMaximumExceeded or MqttReasonCode.MessageRateTooHigh or MqttReasonCode.QuotaExceeded
            or MqttReasonCode.AdministrativeAction or MqttReasonCode.UseAnotherServer or MqttReasonCode.ConnectionRateExceeded
            or MqttReasonCode.MaximumConnectTime => true,
        _ => false,
    };
}
