namespace Metering.Mqtt.Packets;

/// <summary>The length coding of MQTT: seven bits a byte, low group first, at most four bytes (MQTT 5.0, 1.5.5).</summary>
internal static class VariableByteInteger
{
    /// <summary>Largest value that four bytes carry.</summary>
    public const int MaximumValue = 268_435_455;

    /// <summary>Most bytes one value may take.</summary>
    public const int MaximumLength = 4;

    /// <summary>How many bytes the value takes.</summary>
    public static int LengthOf(int value) => value switch
    {
        < 0 or > MaximumValue => throw new ArgumentOutOfRangeException(nameof(value)),
        < 128 => 1,
        < 16_384 => 2,
        < 2_097_152 => 3,
        _ => 4,
    };

    /// <summary>Writes the value at the start of the span and returns the bytes written.</summary>
    public static int Write(Span<byte> destination, int value)
    {
        int length = LengthOf(value);
        for (int index = 0; index < length; index++)
        {
            int group = value & 0x7F;
            value >>= 7;
            destination[index] = (byte)(value > 0 ? group | 0x80 : group);
        }

        return length;
    }

    /// <summary>
    /// Reads a value at the start of the span. Returns the bytes used, 0 when more bytes are needed, -1 when the coding is wrong
    /// (a fifth byte, or more bytes than the value needs, which 1.5.5 forbids).
    /// </summary>
    public static int TryRead(ReadOnlySpan<byte> source, out int value)
    {
        value = 0;
        for (int index = 0; index < MaximumLength; index++)
        {
            if (index >= source.Length)
            {
                return 0;
            }

            value |= (source[index] & 0x7F) << (7 * index);
            if ((source[index] & 0x80) == 0)
            {
                return index > 0 && source[index] == 0 ? -1 : index + 1;
            }
        }

        return -1;
    }
}
