namespace Metering.Mqtt.Packets;

/// <summary>Reads the packets a server sends. Byte layouts: MQTT 5.0, chapter 3. Faults are thrown as <see cref="MqttException"/>.</summary>
internal static class PacketDecoder
{
    /// <summary>Largest fixed header: type and a four-byte length.</summary>
    public const int MaximumHeaderLength = 1 + VariableByteInteger.MaximumLength;

    private static readonly PropertyId[] ConnAckSkipped =
    [
        PropertyId.UserProperty, PropertyId.SubscriptionIdentifierAvailable, PropertyId.ResponseInformation,
        PropertyId.ServerReference, PropertyId.AuthenticationMethod, PropertyId.AuthenticationData,
    ];

    private static readonly PropertyId[] PublishSkipped =
    [
        PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.ResponseTopic, PropertyId.CorrelationData,
        PropertyId.UserProperty, PropertyId.SubscriptionIdentifier, PropertyId.ContentType,
    ];

    private static readonly PropertyId[] AckSkipped = [PropertyId.UserProperty];

    private static readonly PropertyId[] DisconnectSkipped = [PropertyId.UserProperty, PropertyId.ServerReference];

    /// <summary>
    /// Finds one whole packet at the start of the bytes. Returns false while it is incomplete. A packet longer than allowed is refused on
    /// its header alone, before anything is buffered for it.
    /// </summary>
    public static bool TryReadFrame(ReadOnlySpan<byte> source, int maximumPacketSize, out Frame frame)
    {
        frame = default;
        if (source.Length < 2)
        {
            return false;
        }

        int used = VariableByteInteger.TryRead(source[1..], out int bodyLength);
        if (used < 0)
        {
            throw PacketReader.Malformed("the packet length is wrong");
        }

        if (used == 0)
        {
            return false;
        }

        int total = 1 + used + bodyLength;
        if (total > maximumPacketSize)
        {
            throw PacketReader.Violation(MqttReasonCode.PacketTooLarge, $"a packet of {total} bytes is larger than the {maximumPacketSize} bytes we announced");
        }

        if (source.Length < total)
        {
            return false;
        }

        frame = new Frame((PacketType)(source[0] >> 4), source[0] & 0x0F, source[(1 + used)..total], total);
        if (frame.Type is not PacketType.Publish && frame.Flags != ReservedFlags(frame.Type))
        {
            throw PacketReader.Malformed("reserved bits of the first byte are set");
        }

        return true;
    }

    /// <summary>CONNACK (3.2).</summary>
    public static MqttConnectResult ConnAck(ReadOnlySpan<byte> body)
    {
        PacketReader reader = new(body);
        byte acknowledgeFlags = reader.Byte();
        MqttConnectResult result = new() { SessionPresent = acknowledgeFlags == 1, ReasonCode = (MqttReasonCode)reader.Byte() };
        if (acknowledgeFlags > 1 || (result.SessionPresent && result.ReasonCode != MqttReasonCode.Success))
        {
            throw PacketReader.Malformed("the flags of CONNACK are wrong");
        }

        // A server without MQTT 5 answers in the older form: two bytes, no properties.
        PropertyReader properties = reader.Properties(mayBeAbsent: result.ReasonCode != MqttReasonCode.Success);
        while (properties.Next(out PropertyId id))
        {
            result = ConnAckProperty(ref properties, id, result);
        }

        reader.ExpectEnd();
        return result;
    }

    /// <summary>PUBLISH (3.3) of QoS 0 or 1; we never subscribe at 2. The spans point into the body.</summary>
    public static ReceivedPublish Publish(int flags, ReadOnlySpan<byte> body)
    {
        int qos = (flags >> 1) & 3;
        if (qos == 3 || (qos == 0 && (flags & 8) != 0))
        {
            throw PacketReader.Malformed("the flags of PUBLISH are wrong");
        }

        if (qos == 2)
        {
            // 0x9B would name it better, but only a server may send that (3.14.2.1).
            throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a message came with QoS 2, which was never asked for; was this client identifier used by another program before?");
        }

        PacketReader reader = new(body);
        ReadOnlySpan<byte> topic = reader.Utf8();
        if (topic.IsEmpty || topic.IndexOfAny((byte)'+', (byte)'#') >= 0)
        {
            throw PacketReader.Violation(MqttReasonCode.TopicNameInvalid, "a message has no usable topic name");
        }

        ushort packetId = qos == 1 ? NonZeroId(ref reader) : (ushort)0;
        PropertyReader properties = reader.Properties(mayBeAbsent: false);
        while (properties.Next(out PropertyId id))
        {
            if (id == PropertyId.TopicAlias)
            {
                throw PacketReader.Violation(MqttReasonCode.TopicAliasInvalid, "a topic alias came although none is allowed");
            }

            properties.Skip(id, PublishSkipped);
        }

        return new ReceivedPublish(topic, reader.TakeRest(), packetId, flags);
    }

    /// <summary>PUBACK (3.4): reason and properties may be missing.</summary>
    public static ReceivedAck PubAck(ReadOnlySpan<byte> body)
    {
        PacketReader reader = new(body);
        ushort packetId = NonZeroId(ref reader);
        MqttReasonCode code = reader.AtEnd ? MqttReasonCode.Success : (MqttReasonCode)reader.Byte();
        string? reason = ReadReason(reader.Properties(mayBeAbsent: true), AckSkipped);
        reader.ExpectEnd();
        return new ReceivedAck(packetId, code, reason);
    }

    /// <summary>PUBREL (3.6): reason and properties may be missing. Returns the identifier.</summary>
    public static ushort PubRel(ReadOnlySpan<byte> body) => PubAck(body).PacketId;

    /// <summary>SUBACK (3.9) for the one filter we send at a time.</summary>
    public static ReceivedAck SubAck(ReadOnlySpan<byte> body)
    {
        PacketReader reader = new(body);
        ushort packetId = NonZeroId(ref reader);
        string? reason = ReadReason(reader.Properties(mayBeAbsent: false), AckSkipped);
        MqttReasonCode code = (MqttReasonCode)reader.Byte();
        reader.ExpectEnd();
        return new ReceivedAck(packetId, code, reason);
    }

    /// <summary>DISCONNECT (3.14): reason and properties may be missing.</summary>
    public static ReceivedAck Disconnect(ReadOnlySpan<byte> body)
    {
        PacketReader reader = new(body);
        MqttReasonCode code = reader.AtEnd ? MqttReasonCode.Success : (MqttReasonCode)reader.Byte();
        string? reason = ReadReason(reader.Properties(mayBeAbsent: true), DisconnectSkipped);
        reader.ExpectEnd();
        return new ReceivedAck(0, code, reason);
    }

    // 2.1.3; the client's own packets with 0010 are listed too, so that they are told from damaged ones.
    private static int ReservedFlags(PacketType type) => type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 2 : 0;

    private static ushort NonZeroId(ref PacketReader reader)
    {
        ushort id = reader.UInt16();
        return id != 0 ? id : throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a packet identifier is zero");
    }

    private static string? ReadReason(PropertyReader properties, PropertyId[] skipped)
    {
        string? reason = null;
        while (properties.Next(out PropertyId id))
        {
            if (id == PropertyId.ReasonString)
            {
                reason = properties.HumanText();
            }
            else
            {
                properties.Skip(id, skipped);
            }
        }

        return reason;
    }

    private static MqttConnectResult ConnAckProperty(ref PropertyReader properties, PropertyId id, MqttConnectResult result)
    {
        switch (id)
        {
            case PropertyId.ReceiveMaximum:
                return result with { ReceiveMaximum = properties.NonZeroUInt16() };
            case PropertyId.MaximumQoS:
                return result with { MaximumQoS = properties.Flag() ? 1 : 0 };
            case PropertyId.RetainAvailable:
                return result with { RetainAvailable = properties.Flag() };
            case PropertyId.WildcardSubscriptionAvailable:
                return result with { WildcardSubscriptionAvailable = properties.Flag() };
            case PropertyId.SharedSubscriptionAvailable:
                return result with { SharedSubscriptionAvailable = properties.Flag() };
            case PropertyId.MaximumPacketSize:
                return result with { MaximumPacketSize = (int)Math.Min(properties.NonZeroUInt32(), int.MaxValue) };
            case PropertyId.TopicAliasMaximum:
                return result with { TopicAliasMaximum = properties.UInt16() };
            case PropertyId.ServerKeepAlive:
                return result with { ServerKeepAlive = TimeSpan.FromSeconds(properties.UInt16()) };
            case PropertyId.SessionExpiryInterval:
                uint seconds = properties.UInt32();
                return result with { SessionExpiry = seconds == uint.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds) };
            case PropertyId.AssignedClientIdentifier:
                return result with { AssignedClientId = properties.Text() };
            case PropertyId.ReasonString:
                return result with { ReasonString = properties.HumanText() };
            default:
                properties.Skip(id, ConnAckSkipped);
                return result;
        }
    }
}

/// <summary>One whole packet found in the bytes received.</summary>
internal readonly ref struct Frame(PacketType type, int flags, ReadOnlySpan<byte> body, int totalLength)
{
    public PacketType Type { get; } = type;

    public int Flags { get; } = flags;

    public ReadOnlySpan<byte> Body { get; } = body;

    public int TotalLength { get; } = totalLength;

    /// <summary>True for a message that wants an acknowledgement.</summary>
    public bool IsReliablePublish => Type == PacketType.Publish && (Flags & 0x06) != 0;
}

/// <summary>A PUBLISH read in place.</summary>
internal readonly ref struct ReceivedPublish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ushort packetId, int flags)
{
    public ReadOnlySpan<byte> Topic { get; } = topic;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public ushort PacketId { get; } = packetId;

    public MqttMessageFlags Flags { get; } = (MqttMessageFlags)(flags & 0x0B);
}

/// <summary>A PUBACK, SUBACK or DISCONNECT; the identifier is 0 in the last.</summary>
internal readonly record struct ReceivedAck(ushort PacketId, MqttReasonCode Code, string? ReasonString);
