using Metering.Mqtt.Session;

namespace Metering.Mqtt.Packets;

/// <summary>Writes the packets a client sends. Byte layouts: MQTT 5.0, chapter 3.</summary>
internal static class PacketEncoder
{
    /// <summary>Bytes of the topic alias property.</summary>
    public const int AliasLength = 3;

    private const int ProtocolVersion = 5;
    private const uint NeverExpires = uint.MaxValue;

    /// <summary>CONNECT (3.1). Properties that equal the protocol's defaults are left out.</summary>
    public static void Connect(SendBuffer buffer, MqttClientOptions options)
    {
        // The two parts behind a length field are written aside first: a connect happens seldom, clarity wins.
        SendBuffer properties = new();
        WriteConnectProperties(properties, options);
        SendBuffer body = new();
        body.Text("MQTT");
        body.Byte(ProtocolVersion);
        body.Byte(ConnectFlags(options));
        body.UInt16((int)options.KeepAlive.TotalSeconds);
        body.Variable(properties.Length);
        body.Raw(properties.Written.Span);
        body.Text(options.ClientId);
        if (options.Will is not null)
        {
            WriteWill(body, options.Will);
        }

        if (options.UserName is not null)
        {
            body.Text(options.UserName);
        }

        if (options.Password is not null)
        {
            body.Text(options.Password);
        }

        buffer.Byte((int)PacketType.Connect << 4);
        buffer.Variable(body.Length);
        buffer.Raw(body.Written.Span);
        body.Clear(secret: true);
    }

    /// <summary>Size of a PUBLISH packet in bytes; more than <see cref="int.MaxValue"/> cannot happen with a payload below 256 MiB.</summary>
    public static int PublishSize(int topicByteCount, int payloadLength, MqttQoS qos)
    {
        int remaining = PublishRemaining(topicByteCount, payloadLength, qos);
        return 1 + VariableByteInteger.LengthOf(remaining) + remaining;
    }

    /// <summary>PUBLISH (3.3) without properties.</summary>
    public static void Publish(SendBuffer buffer, PublishHeader header, ushort packetId, ReadOnlySpan<byte> payload)
    {
        int remaining = PublishRemaining(header.TopicByteCount, payload.Length, header.QoS);
        buffer.Reserve(remaining + 1 + VariableByteInteger.MaximumLength);
        int flags = (header.Retain ? 1 : 0) | ((int)header.QoS << 1) | (header.Duplicate ? 8 : 0);
        buffer.Byte((byte)(((int)PacketType.Publish << 4) | flags));
        buffer.Variable(remaining);
        buffer.Text(header.Topic, header.TopicByteCount);
        if (header.QoS != MqttQoS.AtMostOnce)
        {
            buffer.UInt16(packetId);
        }

        buffer.Byte(0);     // property length
        buffer.Raw(payload);
    }

    /// <summary>
    /// PUBLISH with a topic alias (3.3.2.3.4): the topic and a number that stands for it from now on, or the number alone.
    /// The property takes <see cref="AliasLength"/> bytes.
    /// </summary>
    public static void PublishAliased(SendBuffer buffer, PublishHeader header, ushort packetId, ReadOnlySpan<byte> payload, TopicAlias alias)
    {
        int topicByteCount = alias.IsNew ? header.TopicByteCount : 0;
        int remaining = PublishRemaining(topicByteCount, payload.Length, header.QoS) + AliasLength;
        buffer.Reserve(remaining + 1 + VariableByteInteger.MaximumLength);
        int flags = (header.Retain ? 1 : 0) | ((int)header.QoS << 1) | (header.Duplicate ? 8 : 0);
        buffer.Byte((byte)(((int)PacketType.Publish << 4) | flags));
        buffer.Variable(remaining);
        buffer.Text(alias.IsNew ? header.Topic : "", topicByteCount);
        if (header.QoS != MqttQoS.AtMostOnce)
        {
            buffer.UInt16(packetId);
        }

        buffer.Byte(AliasLength);     // property length
        buffer.Byte((byte)PropertyId.TopicAlias);
        buffer.UInt16(alias.Number);
        buffer.Raw(payload);
    }

    /// <summary>PUBACK with success: two bytes of body mean reason 0x00 (3.4.2.1).</summary>
    public static void PubAck(SendBuffer buffer, ushort packetId)
    {
        buffer.Byte((int)PacketType.PubAck << 4);
        buffer.Byte(2);
        buffer.UInt16(packetId);
    }

    /// <summary>PUBCOMP with a reason (3.7).</summary>
    public static void PubComp(SendBuffer buffer, ushort packetId, MqttReasonCode reason)
    {
        buffer.Byte((int)PacketType.PubComp << 4);
        buffer.Byte(3);
        buffer.UInt16(packetId);
        buffer.Byte((byte)reason);
    }

    /// <summary>Size of a SUBSCRIBE packet with one filter, in bytes.</summary>
    public static int SubscribeSize(int filterByteCount)
    {
        int remaining = SubscribeRemaining(filterByteCount);
        return 1 + VariableByteInteger.LengthOf(remaining) + remaining;
    }

    /// <summary>SUBSCRIBE with one filter (3.8). Retained values are sent at subscription, our own messages come back too.</summary>
    public static void Subscribe(SendBuffer buffer, ushort packetId, string filter, MqttQoS qos)
    {
        int filterByteCount = SendBuffer.ByteCount(filter);
        buffer.Byte(((int)PacketType.Subscribe << 4) | 2);      // reserved bits 0010, 3.8.1
        buffer.Variable(SubscribeRemaining(filterByteCount));
        buffer.UInt16(packetId);
        buffer.Byte(0);     // property length
        buffer.Text(filter, filterByteCount);
        buffer.Byte((byte)qos);
    }

    /// <summary>PINGREQ (3.12).</summary>
    public static void PingReq(SendBuffer buffer)
    {
        buffer.Byte((int)PacketType.PingReq << 4);
        buffer.Byte(0);
    }

    /// <summary>DISCONNECT (3.14); success is the empty form.</summary>
    public static void Disconnect(SendBuffer buffer, MqttReasonCode reason)
    {
        buffer.Byte((int)PacketType.Disconnect << 4);
        if (reason == MqttReasonCode.Success)
        {
            buffer.Byte(0);
            return;
        }

        buffer.Byte(1);
        buffer.Byte((byte)reason);
    }

    private static int PublishRemaining(int topicByteCount, int payloadLength, MqttQoS qos) =>
        2 + topicByteCount + (qos == MqttQoS.AtMostOnce ? 0 : 2) + 1 + payloadLength;

    // identifier, property length, length of the filter, filter, options
    private static int SubscribeRemaining(int filterByteCount) => 2 + 1 + 2 + filterByteCount + 1;

    private static byte ConnectFlags(MqttClientOptions options)
    {
        int flags = options.CleanStart ? 0x02 : 0;
        if (options.Will is { } will)
        {
            flags |= 0x04 | ((int)will.QoS << 3) | (will.Retain ? 0x20 : 0);
        }

        flags |= options.Password is null ? 0 : 0x40;
        flags |= options.UserName is null ? 0 : 0x80;
        return (byte)flags;
    }

    private static void WriteConnectProperties(SendBuffer properties, MqttClientOptions options)
    {
        uint expiry = Seconds(options.SessionExpiry);
        if (expiry != 0)
        {
            properties.Byte((byte)PropertyId.SessionExpiryInterval);
            properties.UInt32(expiry);
        }

        if (options.ReceiveMaximum != ushort.MaxValue)
        {
            properties.Byte((byte)PropertyId.ReceiveMaximum);
            properties.UInt16(options.ReceiveMaximum);
        }

        properties.Byte((byte)PropertyId.MaximumPacketSize);
        properties.UInt32((uint)options.MaximumPacketSize);
    }

    private static void WriteWill(SendBuffer body, MqttWill will)
    {
        uint delay = Seconds(will.Delay);
        if (delay == 0)
        {
            body.Byte(0);
        }
        else
        {
            body.Byte(5);
            body.Byte((byte)PropertyId.WillDelayInterval);
            body.UInt32(delay);
        }

        body.Text(will.Topic);
        body.Binary(will.Payload.Span);
    }

    private static uint Seconds(TimeSpan time) => time.TotalSeconds >= NeverExpires ? NeverExpires : (uint)time.TotalSeconds;
}

/// <summary>The head of a message to send.</summary>
internal readonly record struct PublishHeader(string Topic, int TopicByteCount, MqttQoS QoS, bool Retain, bool Duplicate);
