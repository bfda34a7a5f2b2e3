using Metering.Mqtt.Connection;
using Metering.Mqtt.Packets;

namespace Metering.Mqtt.Session;

/// <summary>What outlives a connection, and the one lock that guards it. Nobody waits, reads the network or calls foreign code under it.</summary>
internal sealed class ClientState
{
    private readonly MqttClientOptions options;
    private readonly bool sendersStay;

    public ClientState(MqttClientOptions options, bool sendersStay)
    {
        this.options = options;
        this.sendersStay = sendersStay;
        Operations = new PublishOperationPool(this);
        Outgoing = new OutgoingWindow(Operations);
        Incoming = new IncomingWindow(options.ReceiveMaximum);
    }

    public Lock Gate { get; } = new();

    public PublishOperationPool Operations { get; }

    public OutgoingWindow Outgoing { get; }

    public IncomingWindow Incoming { get; }

    /// <summary>The connection in use; null while there is none.</summary>
    public MqttConnection? Current { get; private set; }

    /// <summary>Number of the current or latest connection.</summary>
    public long Epoch { get; private set; }

    public long BytesSent { get; set; }

    public long BytesReceived { get; set; }

    public long Overruns { get; set; }

    public static MqttException NotConnected() => new(MqttErrorKind.NotConnected, MqttReasonCode.UnspecifiedError, "There is no connection to the broker now.");

    public void Connected(MqttConnection connection)
    {
        lock (Gate)
        {
            MqttConnectResult limits = connection.Limits;
            Current = connection;
            Epoch++;
            Incoming.Connected(Epoch, limits.SessionPresent);
            Outgoing.Connected(Epoch, limits.SessionPresent, Math.Min(limits.ReceiveMaximum, options.SendMaximum), limits.MaximumPacketSize, limits.TopicAliasMaximum);
            Outgoing.Pump(connection.Filling);
        }
    }

    /// <summary>To be called under the gate.</summary>
    public void Disconnected(MqttConnection connection, MqttException reason)
    {
        if (Current != connection)
        {
            return;
        }

        Current = null;
        bool sessionStays = options.SessionExpiry > TimeSpan.Zero && !options.CleanStart;
        Outgoing.Disconnected(reason, sendersStay && reason.Kind != MqttErrorKind.ClosedByClient, sessionStays);
    }

    public PublishOperation Publish(PublishHeader header, ReadOnlyMemory<byte> payload)
    {
        lock (Gate)
        {
            MqttConnection connection = Current ?? throw NotConnected();
            CheckLimits(connection.Limits, header, payload.Length);
            PublishOperation operation = Outgoing.Enqueue(header, payload);
            Outgoing.Pump(connection.Filling);
            connection.WakeWriter();
            return operation;
        }
    }

    public Task<ReceivedAck> Subscribe(string filter, MqttQoS qos)
    {
        lock (Gate)
        {
            MqttConnection connection = Current ?? throw NotConnected();
            MqttConnectResult limits = connection.Limits;
            if (!limits.WildcardSubscriptionAvailable && filter.AsSpan().IndexOfAny('+', '#') >= 0)
            {
                throw Unsupported(MqttReasonCode.WildcardSubscriptionsNotSupported, "wildcards in subscriptions");
            }

            if (!limits.SharedSubscriptionAvailable && filter.StartsWith(Topics.SharePrefix, StringComparison.Ordinal))
            {
                throw Unsupported(MqttReasonCode.SharedSubscriptionsNotSupported, "shared subscriptions");
            }

            if (PacketEncoder.SubscribeSize(SendBuffer.ByteCount(filter)) > limits.MaximumPacketSize)
            {
                throw new MqttException(
                    MqttErrorKind.PacketTooLarge,
                    MqttReasonCode.PacketTooLarge,
                    $"A subscription to '{filter}' is larger than the broker accepts ({limits.MaximumPacketSize} bytes for a packet).");
            }

            Task<ReceivedAck> answer = Outgoing.Subscribe(connection.Filling, filter, qos);
            connection.WakeWriter();
            return answer;
        }
    }

    public void Acknowledge(MqttMessage message)
    {
        lock (Gate)
        {
            Incoming.Acknowledge(message, Current?.Filling);
            Current?.WakeWriter();
            Current?.ResumeReading();
        }
    }

    public void Cancel(PublishOperation operation, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            OutgoingWindow.Cancel(operation, cancellationToken);
        }
    }

    /// <summary>Ends everything that is still waiting, for good.</summary>
    public void End()
    {
        lock (Gate)
        {
            MqttException reason = new(MqttErrorKind.ClosedByClient, MqttReasonCode.Success, "The client was closed.");
            Outgoing.Disconnected(reason, sendersStay: false, sessionStays: false);
            Incoming.Complete();
        }
    }

    public MqttStatistics Statistics()
    {
        lock (Gate)
        {
            return new MqttStatistics(BytesSent, BytesReceived, Incoming.Received, Outgoing.Resent, Outgoing.Unknown, Incoming.Stale, Incoming.Dropped, Overruns);
        }
    }

    private static MqttException Unsupported(MqttReasonCode code, string what) => new(MqttErrorKind.NotSupported, code, $"The broker does not offer {what}.");

    private static void CheckLimits(MqttConnectResult limits, PublishHeader header, int payloadLength)
    {
        if ((int)header.QoS > limits.MaximumQoS)
        {
            throw Unsupported(MqttReasonCode.QoSNotSupported, "QoS 1");
        }

        if (header.Retain && !limits.RetainAvailable)
        {
            throw Unsupported(MqttReasonCode.RetainNotSupported, "retained messages");
        }

        // The broker's limit is checked on the exact size; first the protocol's own, roughly, so that the exact sum cannot overflow.
        bool fits = payloadLength <= VariableByteInteger.MaximumValue - ushort.MaxValue - PacketDecoder.MaximumHeaderLength
            && PacketEncoder.PublishSize(header.TopicByteCount, payloadLength, header.QoS) <= limits.MaximumPacketSize;
        if (!fits)
        {
            throw new MqttException(
                MqttErrorKind.PacketTooLarge,
                MqttReasonCode.PacketTooLarge,
                $"A message with {payloadLength} bytes of content is larger than the broker accepts ({limits.MaximumPacketSize} bytes for a packet).");
        }
    }
}
