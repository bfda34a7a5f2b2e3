using System.Buffers.Binary;
using System.Diagnostics;

namespace Metering.FirmwareSim.Registers;

/// <summary>Puts scaled integers into registers.</summary>
internal static class RegisterCodec
{
    private const int WordBits = 16;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>Registers a format takes, 1 to 4.</summary>
    internal static int Count(RegisterFormat format) => format switch
    {
        RegisterFormat.UInt16 or RegisterFormat.Int16 => 1,
        RegisterFormat.UInt32 or RegisterFormat.Int32 or RegisterFormat.Float32 => 2,
        RegisterFormat.UInt64 => 4,
        _ => throw new UnreachableException(),
    };

    /// <summary>How many values a counter of this format shows before it begins again at 0; null for a format that cannot count that way.</summary>
    internal static long? Modulus(RegisterFormat format) => format switch
    {
        RegisterFormat.UInt16 => 1L << WordBits,
        RegisterFormat.UInt32 => 1L << (2 * WordBits),
        RegisterFormat.UInt64 or RegisterFormat.Int16 or RegisterFormat.Int32 or RegisterFormat.Float32 => null,
        _ => throw new UnreachableException(),
    };

    /// <summary>
    /// Writes the value. Integers lose what lies above their width, as a counter does; a float32 takes value x 10^-decimals, rounded to 24 bits.
    /// </summary>
    /// <param name="scaledValue">The integer of the channel.</param>
    /// <param name="map">Format, order, decimal places.</param>
    /// <param name="destination">Takes <see cref="Count"/> registers.</param>
    internal static void Write(long scaledValue, ChannelMap map, Span<ushort> destination)
    {
        int count = Count(map.Format);
        ulong bits = map.Format == RegisterFormat.Float32
            ? BitConverter.SingleToUInt32Bits((float)(scaledValue / PowersOfTen[map.Decimals]))
            : unchecked((ulong)scaledValue);
        bool isLowWordFirst = map.Order is RegisterOrder.Cdab or RegisterOrder.Dcba;
        bool isLowByteFirst = map.Order is RegisterOrder.Badc or RegisterOrder.Dcba;
        for (int index = 0; index < count; index++)
        {
            int word = isLowWordFirst ? index : count - 1 - index;
            ushort value = unchecked((ushort)(bits >> (word * WordBits)));
            destination[index] = isLowByteFirst ? BinaryPrimitives.ReverseEndianness(value) : value;
        }
    }
}
