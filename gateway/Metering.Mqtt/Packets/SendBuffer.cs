using System.Buffers.Binary;
using System.Text;

namespace Metering.Mqtt.Packets;

/// <summary>Bytes waiting to leave in one write. Grows as needed and gives big blocks back when emptied. The caller bounds what it puts in.</summary>
internal sealed class SendBuffer
{
    /// <summary>Size kept for good.</summary>
    private const int UsualCapacity = 64 * 1024;

    /// <summary>UTF-8 that refuses what it cannot code, instead of replacing it (MQTT 5.0, 1.5.4).</summary>
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] bytes = new byte[1024];

    /// <summary>Bytes put in so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was put in.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    /// <summary>Number of bytes of a string in the coding of MQTT, without its length field. Throws <see cref="ArgumentException"/> for lone surrogates.</summary>
    public static int ByteCount(string text) => StrictUtf8.GetByteCount(text);

    /// <summary>Forgets the content; overwrites it first when it held a secret.</summary>
    public void Clear(bool secret = false)
    {
        if (secret)
        {
            bytes.AsSpan(0, Length).Clear();
        }

        Length = 0;
        if (bytes.Length > UsualCapacity)
        {
            bytes = new byte[UsualCapacity];
        }
    }

    /// <summary>Makes room for a whole packet at once, so that it is copied at most once.</summary>
    public void Reserve(int length)
    {
        int needed = Length + length;
        if (needed > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(needed, (int)Math.Min(bytes.Length * 2L, Array.MaxLength)));
        }
    }

    public void Byte(byte value)
    {
        Reserve(1);
        bytes[Length++] = value;
    }

    public void UInt16(int value)
    {
        Reserve(2);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(Length), checked((ushort)value));
        Length += 2;
    }

    public void UInt32(uint value)
    {
        Reserve(4);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Length), value);
        Length += 4;
    }

    public void Variable(int value)
    {
        Reserve(VariableByteInteger.MaximumLength);
        Length += VariableByteInteger.Write(bytes.AsSpan(Length), value);
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        value.CopyTo(bytes.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>Binary data with its two-byte length (MQTT 5.0, 1.5.6).</summary>
    public void Binary(ReadOnlySpan<byte> value)
    {
        UInt16(value.Length);
        Raw(value);
    }

    /// <summary>A string with its two-byte length, whose byte count the caller has counted (MQTT 5.0, 1.5.4).</summary>
    public void Text(string value, int byteCount)
    {
        UInt16(byteCount);
        Reserve(byteCount);
        Length += StrictUtf8.GetBytes(value, bytes.AsSpan(Length, byteCount));
    }

    public void Text(string value) => Text(value, ByteCount(value));
}
