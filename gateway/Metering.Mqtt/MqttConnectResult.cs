namespace Metering.Mqtt;

/// <summary>What the broker answered to an accepted connection request (CONNACK, MQTT 5.0, 3.2).</summary>
public sealed record MqttConnectResult
{
    /// <summary>True when the broker still had the session: subscriptions and unacknowledged messages live on.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Code of the answer, below 0x80.</summary>
    public MqttReasonCode ReasonCode { get; init; }

    /// <summary>The broker's own words, cleaned and shortened; null for none.</summary>
    public string? ReasonString { get; init; }

    /// <summary>How many unacknowledged QoS 1 messages the broker takes; 65535 when it set no limit.</summary>
    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>Highest QoS the broker offers, 0 to 2.</summary>
    public int MaximumQoS { get; init; } = 2;

    /// <summary>Whether the broker keeps last values.</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>Whether filters with + and # are allowed.</summary>
    public bool WildcardSubscriptionAvailable { get; init; } = true;

    /// <summary>Whether $share filters are allowed.</summary>
    public bool SharedSubscriptionAvailable { get; init; } = true;

    /// <summary>Largest packet the broker takes, in bytes; <see cref="int.MaxValue"/> when it set no limit.</summary>
    public int MaximumPacketSize { get; init; } = int.MaxValue;

    /// <summary>How many short names for topics the broker remembers during this connection; 0 for none.</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>The keep-alive the broker demands instead of ours; null when it takes ours.</summary>
    public TimeSpan? ServerKeepAlive { get; init; }

    /// <summary>The session expiry the broker grants instead of ours; null when it takes ours.</summary>
    public TimeSpan? SessionExpiry { get; init; }

    /// <summary>The client identifier the broker gave us; null when it uses ours.</summary>
    public string? AssignedClientId { get; init; }
}

/// <summary>Counters since the client was made. They only grow.</summary>
/// <param name="BytesSent">Bytes handed to the network.</param>
/// <param name="BytesReceived">Bytes taken from the network.</param>
/// <param name="MessagesReceived">Messages received, repeats included.</param>
/// <param name="MessagesResent">QoS 1 messages sent again after a reconnect.</param>
/// <param name="UnknownAcknowledgements">Acknowledgements from the broker for nothing we wait for.</param>
/// <param name="StaleAcknowledgements">Acknowledgements of ours that came after their connection had ended; the broker delivers again.</param>
/// <param name="DroppedMessages">Received messages thrown away: QoS 0 because nobody read them, or unread ones the broker will send again.</param>
/// <param name="Overruns">Times the broker sent more than our receive maximum, so that reading had to pause. Zero with a correct broker.</param>
public readonly record struct MqttStatistics(
    long BytesSent,
    long BytesReceived,
    long MessagesReceived,
    long MessagesResent,
    long UnknownAcknowledgements,
    long StaleAcknowledgements,
    long DroppedMessages,
    long Overruns);
