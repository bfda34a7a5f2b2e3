using System.Diagnostics;
using Metering.Readings;

namespace Metering.Meters.Registers;

/// <summary>
/// Turns registers into exact scaled integers. Integer registers are taken as they stand: the decimal point is only stated
/// beside them. Floating point registers are rounded half to even to the profile's decimals and then are integers too.
/// </summary>
public static class RegisterDecoder
{
    private const double LongLimit = 9_223_372_036_854_775_808.0;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>Reads one value.</summary>
    /// <param name="registers">The value's registers in the order of the wire, <see cref="RegisterFormatExtensions.RegisterCount"/> of them.</param>
    /// <param name="format">Their layout.</param>
    /// <param name="order">Order of the bytes.</param>
    /// <param name="decimals">Decimals kept of a floating point value, 0-9; no meaning for integers.</param>
    /// <param name="scaledValue">The integer; 0 without meaning when there is none.</param>
    /// <returns><see cref="QualityReason.None"/>; <see cref="QualityReason.Sentinel"/> for NaN (IEEE 754's own "not available");
    /// <see cref="QualityReason.OutOfRange"/> for infinity and for what does not fit 63 bits.</returns>
    public static QualityReason Decode(ReadOnlySpan<ushort> registers, RegisterFormat format, WordOrder order, int decimals, out long scaledValue)
    {
        ulong bits = Compose(registers[..format.RegisterCount()], order);
        scaledValue = 0;
        switch (format)
        {
            case RegisterFormat.UInt16 or RegisterFormat.UInt32:
                scaledValue = (long)bits;
                return QualityReason.None;
            case RegisterFormat.Int16:
                scaledValue = unchecked((short)bits);
                return QualityReason.None;
            case RegisterFormat.Int32:
                scaledValue = unchecked((int)bits);
                return QualityReason.None;
            case RegisterFormat.Int64:
                scaledValue = unchecked((long)bits);
                return QualityReason.None;
            case RegisterFormat.UInt64:
                scaledValue = bits <= long.MaxValue ? (long)bits : 0;
                return bits <= long.MaxValue ? QualityReason.None : QualityReason.OutOfRange;
            case RegisterFormat.Float32:
                return Round(BitConverter.UInt32BitsToSingle((uint)bits), decimals, out scaledValue);
            case RegisterFormat.Float64:
                return Round(BitConverter.UInt64BitsToDouble(bits), decimals, out scaledValue);
            default:
                throw new UnreachableException();
        }
    }

    internal static bool ReversesRegisters(WordOrder order) => order is WordOrder.Cdab or WordOrder.Dcba;

    internal static bool SwapsBytes(WordOrder order) => order is WordOrder.Badc or WordOrder.Dcba;

    internal static double PowerOfTen(int decimals) => PowersOfTen[decimals];

    /// <summary>The bits of a value, most significant first, for a look at them in any format.</summary>
    /// <param name="registers">All registers of the value, in the order of the wire, 1 to 4.</param>
    /// <param name="order">Order of the bytes.</param>
    public static ulong Compose(ReadOnlySpan<ushort> registers, WordOrder order)
    {
        ulong bits = 0;
        for (int index = 0; index < registers.Length; index++)
        {
            ushort register = registers[ReversesRegisters(order) ? registers.Length - 1 - index : index];
            if (SwapsBytes(order))
            {
                register = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(register);
            }

            bits = (bits << 16) | register;
        }

        return bits;
    }

    // A binary32 times 10^9 needs 54 bits, so the product is exact for up to 8 decimals and a tie is a true tie.
    private static QualityReason Round(double value, int decimals, out long scaledValue)
    {
        scaledValue = 0;
        if (double.IsNaN(value))
        {
            return QualityReason.Sentinel;
        }

        double scaled = Math.Round(value * PowersOfTen[decimals], MidpointRounding.ToEven);
        if (!(scaled >= -LongLimit && scaled < LongLimit))
        {
            return QualityReason.OutOfRange;
        }

        scaledValue = (long)scaled;
        return QualityReason.None;
    }
}

/// <summary>The other way round: lays a value out in registers, as a meter does. For meters that are simulated, not read.</summary>
public static class RegisterEncoder
{
    /// <summary>Writes one value.</summary>
    /// <param name="scaledValue">The scaled integer. Integers outside the format wrap as a meter's counter does.</param>
    /// <param name="format">The layout.</param>
    /// <param name="order">Order of the bytes.</param>
    /// <param name="decimals">Decimals of the scaled integer; only floating point formats use them.</param>
    /// <param name="registers">Takes the registers in the order of the wire, at least <see cref="RegisterFormatExtensions.RegisterCount"/>.</param>
    public static void Encode(long scaledValue, RegisterFormat format, WordOrder order, int decimals, Span<ushort> registers)
    {
        int count = format.RegisterCount();
        ulong bits = format switch
        {
            RegisterFormat.Float32 => BitConverter.SingleToUInt32Bits((float)(scaledValue / RegisterDecoder.PowerOfTen(decimals))),
            RegisterFormat.Float64 => BitConverter.DoubleToUInt64Bits(scaledValue / RegisterDecoder.PowerOfTen(decimals)),
            _ => unchecked((ulong)scaledValue),
        };
        for (int index = 0; index < count; index++)
        {
            ushort register = unchecked((ushort)(bits >> (16 * (count - 1 - index))));
            if (RegisterDecoder.SwapsBytes(order))
            {
                register = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(register);
            }

            registers[RegisterDecoder.ReversesRegisters(order) ? count - 1 - index : index] = register;
        }
    }
}
