namespace Metering.Mqtt.Packets;

/// <summary>
/// Reads a property block. The caller takes what it knows with the typed members and hands everything else to <see cref="Skip"/>.
/// A repeated property is a protocol error, except the two that may repeat (MQTT 5.0, 2.2.2).
/// </summary>
internal ref struct PropertyReader(ReadOnlySpan<byte> block)
{
    private PacketReader reader = new(block);
    private ulong seen;

    /// <summary>Steps to the next property; its value must then be read or skipped.</summary>
    public bool Next(out PropertyId id)
    {
        id = default;
        if (reader.AtEnd)
        {
            return false;
        }

        int number = reader.Variable();
        if (number is < 1 or > (int)PropertyId.SharedSubscriptionAvailable)
        {
            throw PacketReader.Malformed("an unknown property");
        }

        id = (PropertyId)number;
        ulong bit = 1UL << number;
        if ((seen & bit) != 0 && id is not (PropertyId.UserProperty or PropertyId.SubscriptionIdentifier))
        {
            throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a property is there twice");
        }

        seen |= bit;
        return true;
    }

    public byte Byte() => reader.Byte();

    public ushort UInt16() => reader.UInt16();

    public uint UInt32() => reader.UInt32();

    public string Text() => reader.Text();

    public string HumanText() => reader.HumanText();

    /// <summary>A byte that may only be 0 or 1.</summary>
    public bool Flag() => reader.Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a yes-or-no property is neither 0 nor 1"),
    };

    /// <summary>A two-byte number that may not be zero.</summary>
    public ushort NonZeroUInt16()
    {
        ushort value = reader.UInt16();
        return value != 0 ? value : throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a property may not be zero");
    }

    /// <summary>A four-byte number that may not be zero.</summary>
    public uint NonZeroUInt32()
    {
        uint value = reader.UInt32();
        return value != 0 ? value : throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a property may not be zero");
    }

    /// <summary>Checks and passes over a property this client has no use for, if the packet may carry it.</summary>
    public void Skip(PropertyId id, ReadOnlySpan<PropertyId> allowed)
    {
        if (!allowed.Contains(id))
        {
            throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a property is not allowed in this packet");
        }

        switch (id)
        {
            case PropertyId.PayloadFormatIndicator or PropertyId.SubscriptionIdentifierAvailable:
                Flag();
                break;
            case PropertyId.MessageExpiryInterval:
                reader.UInt32();
                break;
            case PropertyId.SubscriptionIdentifier:
                if (reader.Variable() == 0)
                {
                    throw PacketReader.Violation(MqttReasonCode.ProtocolError, "a property may not be zero");
                }

                break;
            case PropertyId.CorrelationData or PropertyId.AuthenticationData:
                reader.Binary();
                break;
            case PropertyId.UserProperty:
                reader.Utf8();
                reader.Utf8();
                break;
            default:
                reader.Utf8();
                break;
        }
    }
}
