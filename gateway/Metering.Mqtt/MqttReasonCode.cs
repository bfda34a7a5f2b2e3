namespace Metering.Mqtt;

/// <summary>Delivery promise of one message (MQTT 5.0, 4.3). Level 2 is not offered: the receiver removes repeats by its own key.</summary>
public enum MqttQoS
{
    /// <summary>Sent once and forgotten; may be lost.</summary>
    AtMostOnce = 0,

    /// <summary>Sent until acknowledged; may arrive more than once.</summary>
    AtLeastOnce = 1,
}

/// <summary>
/// Reason codes of MQTT 5.0 (2.4). Values of 0x80 and above are failures. A value outside this list is kept as it came.
/// </summary>
public enum MqttReasonCode : byte
{
    /// <summary>0x00: success, normal disconnection or granted QoS 0.</summary>
    Success = 0x00,

    /// <summary>0x01: granted QoS 1.</summary>
    GrantedQoS1 = 0x01,

    /// <summary>0x02: granted QoS 2.</summary>
    GrantedQoS2 = 0x02,

    /// <summary>0x04: disconnect, and publish the Will all the same.</summary>
    DisconnectWithWill = 0x04,

    /// <summary>0x10: the broker took the message but nobody is subscribed. The message is not stored anywhere.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>0x11: there was no such subscription.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>0x80: failure without a stated reason.</summary>
    UnspecifiedError = 0x80,

    /// <summary>0x81: the bytes do not form a packet.</summary>
    MalformedPacket = 0x81,

    /// <summary>0x82: the packet is well formed but not allowed here.</summary>
    ProtocolError = 0x82,

    /// <summary>0x83: refused by a rule of the broker.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>0x84: the broker does not speak MQTT 5.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>0x85: the broker does not accept this client identifier.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>0x86: wrong user name or password.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>0x87: not authorized. Some brokers also answer this to a wrong password.</summary>
    NotAuthorized = 0x87,

    /// <summary>0x88: the broker is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>0x89: the broker is busy, try again later.</summary>
    ServerBusy = 0x89,

    /// <summary>0x8A: this client is banned.</summary>
    Banned = 0x8A,

    /// <summary>0x8B: the broker is shutting down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>0x8C: bad authentication method.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>0x8D: nothing was received for one and a half keep-alive periods.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>0x8E: another connection with the same client identifier took the session.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>0x8F: the topic filter is not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>0x90: the topic name is not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>0x91: the packet identifier is already in use.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>0x92: the packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>0x93: more unacknowledged messages than the Receive Maximum.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>0x94: topic alias outside the agreed range.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>0x95: the packet is larger than the other side accepts.</summary>
    PacketTooLarge = 0x95,

    /// <summary>0x96: too many messages in a time.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>0x97: a limit set by the broker's operator is exceeded.</summary>
    QuotaExceeded = 0x97,

    /// <summary>0x98: closed by the broker's operator.</summary>
    AdministrativeAction = 0x98,

    /// <summary>0x99: the payload does not match its format indicator.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>0x9A: the broker does not keep retained messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>0x9B: the broker does not offer this QoS.</summary>
    QoSNotSupported = 0x9B,

    /// <summary>0x9C: use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>0x9D: the server has moved.</summary>
    ServerMoved = 0x9D,

    /// <summary>0x9E: shared subscriptions are not supported.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>0x9F: connections arrive too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>0xA0: the longest allowed connection time is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>0xA1: subscription identifiers are not supported.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>0xA2: wildcard subscriptions are not supported.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
