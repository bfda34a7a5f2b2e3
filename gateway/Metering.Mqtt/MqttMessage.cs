namespace Metering.Mqtt;

/// <summary>One message received. The payload is a copy of its own and may be kept.</summary>
public sealed class MqttMessage
{
    internal MqttMessage(string topic, ReadOnlyMemory<byte> payload, MqttMessageFlags flags, ushort packetId, long epoch, long sequence)
    {
        Topic = topic;
        Payload = payload;
        Flags = flags;
        PacketId = packetId;
        Epoch = epoch;
        Sequence = sequence;
    }

    /// <summary>Topic name.</summary>
    public string Topic { get; }

    /// <summary>Content.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Delivery promise it came with. At QoS 1 it must be given to <see cref="MqttClient.Acknowledge"/>.</summary>
    public MqttQoS QoS => (Flags & MqttMessageFlags.QoS1) != MqttMessageFlags.None ? MqttQoS.AtLeastOnce : MqttQoS.AtMostOnce;

    /// <summary>True when it is a kept last value, sent because we subscribed, not because it was published now.</summary>
    public bool Retain => (Flags & MqttMessageFlags.Retain) != MqttMessageFlags.None;

    /// <summary>True when the broker may have sent it before.</summary>
    public bool Duplicate => (Flags & MqttMessageFlags.Duplicate) != MqttMessageFlags.None;

    /// <summary>Packet identifier, 1 to 65535; 0 at QoS 0.</summary>
    public ushort PacketId { get; }

    /// <summary>Number of the connection it came on, counted from 1. An acknowledgement is only good on the same one.</summary>
    public long Epoch { get; }

    /// <summary>Place in the order of receipt on its connection.</summary>
    internal long Sequence { get; }

    private MqttMessageFlags Flags { get; }
}

/// <summary>Bits of the PUBLISH packet's first byte (MQTT 5.0, 3.3.1).</summary>
[Flags]
internal enum MqttMessageFlags
{
    None = 0,
    Retain = 1,
    QoS1 = 2,
    Duplicate = 8,
}
