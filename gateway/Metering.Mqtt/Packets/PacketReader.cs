using System.Buffers.Binary;
using System.Text;

namespace Metering.Mqtt.Packets;

/// <summary>Walks through the body of one packet. Every step checks its length; the only exception it throws is <see cref="MqttException"/>.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> body)
{
    /// <summary>Longest text of the broker that is kept, in characters.</summary>
    private const int MaximumReasonLength = 256;

    private ReadOnlySpan<byte> rest = body;

    public readonly bool AtEnd => rest.IsEmpty;

    public static MqttException Malformed(string what) =>
        new(MqttErrorKind.ProtocolError, MqttReasonCode.MalformedPacket, $"The broker sent bytes that are not MQTT 5: {what}.");

    public static MqttException Violation(MqttReasonCode code, string what) =>
        new(MqttErrorKind.ProtocolError, code, $"The broker broke the MQTT 5 protocol: {what}.");

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > rest.Length)
        {
            throw Malformed("a field is longer than its packet");
        }

        ReadOnlySpan<byte> taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    public ReadOnlySpan<byte> TakeRest() => Take(rest.Length);

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public int Variable()
    {
        int used = VariableByteInteger.TryRead(rest, out int value);
        if (used <= 0)
        {
            throw Malformed("a variable byte integer is wrong");
        }

        rest = rest[used..];
        return value;
    }

    public ReadOnlySpan<byte> Binary() => Take(UInt16());

    /// <summary>The bytes of a string: valid UTF-8 without U+0000 (1.5.4-1, 1.5.4-2).</summary>
    public ReadOnlySpan<byte> Utf8()
    {
        ReadOnlySpan<byte> text = Binary();
        if (text.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(text))
        {
            throw Malformed("a string is not valid UTF-8");
        }

        return text;
    }

    public string Text() => Encoding.UTF8.GetString(Utf8());

    /// <summary>A text meant for people: bounded, and without control characters, so that it may be logged.</summary>
    public string HumanText()
    {
        ReadOnlySpan<byte> bytes = Utf8();
        StringBuilder text = new();
        foreach (Rune rune in Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaximumReasonLength * 4)]).EnumerateRunes())
        {
            if (text.Length >= MaximumReasonLength)
            {
                break;
            }

            text.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or 0xFFFD ? "?" : rune.ToString());
        }

        return text.ToString();
    }

    /// <summary>The property block: its length, then a reader limited to it. An absent block, allowed at the end of some packets, is empty.</summary>
    public PropertyReader Properties(bool mayBeAbsent)
    {
        if (AtEnd && mayBeAbsent)
        {
            return new PropertyReader([]);
        }

        return new PropertyReader(Take(Variable()));
    }

    public readonly void ExpectEnd()
    {
        if (!AtEnd)
        {
            throw Malformed("bytes are left over at the end of a packet");
        }
    }
}
