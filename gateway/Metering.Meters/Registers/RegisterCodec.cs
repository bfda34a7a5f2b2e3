using System.Diagnostics;
using Metering.Readings;

namespace Metering.Meters.Registers;

/// <summary>
/// Turns registers into exact scaled integers. Integer registers are taken as they stand: the decimal point is only stated
/// beside them. Floating point registers are rounded once, half to even, to the profile's decimals and then are integers too.
/// </summary>
public static class RegisterDecoder
{
    /// <summary>The largest shift of the decimal point that a unit or an exponent read from the meter may ask for.</summary>
    public const int LargestDecade = 6;

    private const int QuotientBits = 126;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    private static readonly long[] WholePowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
        10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    ];

    /// <summary>Reads one value.</summary>
    /// <param name="registers">The value's registers in the order of the wire, <see cref="RegisterFormatExtensions.RegisterCount"/> of them.</param>
    /// <param name="format">Their layout.</param>
    /// <param name="order">Order of the bytes.</param>
    /// <param name="decimals">Decimals kept of a floating point value, 0-9; no meaning for integers.</param>
    /// <param name="scaledValue">The integer; 0 without meaning when there is none.</param>
    /// <returns><see cref="QualityReason.None"/>; <see cref="QualityReason.Sentinel"/> for NaN (IEEE 754's own "not available");
    /// <see cref="QualityReason.OutOfRange"/> for infinity, for what does not fit 63 bits, and for a number too small for the normal form
    /// (below 1.2e-38 as binary32): no instrument resolves it, but a value read in the wrong word order often is one (230.5 is 8.5e-41 then),
    /// and would be stored as a good 0.</returns>
    public static QualityReason Decode(ReadOnlySpan<ushort> registers, RegisterFormat format, WordOrder order, int decimals, out long scaledValue) =>
        Decode(registers, format, order, decimals, 0, ExactRatio.One, out scaledValue);

    /// <summary>Reads one value times a ratio and a power of ten. The product is exact and rounded once, half to even.</summary>
    /// <param name="registers">As above.</param>
    /// <param name="format">As above.</param>
    /// <param name="order">As above.</param>
    /// <param name="decimals">As above.</param>
    /// <param name="decade">The value is multiplied by 10^decade, -9 to 15; together with the decimals of a floating point value at most 15.</param>
    /// <param name="factor">And by this.</param>
    /// <param name="scaledValue">As above.</param>
    /// <returns>As above.</returns>
    public static QualityReason Decode(
        ReadOnlySpan<ushort> registers, RegisterFormat format, WordOrder order, int decimals, int decade, ExactRatio factor, out long scaledValue)
    {
        ulong bits = Compose(registers[..format.RegisterCount()], order);
        switch (format)
        {
            case RegisterFormat.UInt16 or RegisterFormat.UInt32 or RegisterFormat.UInt64:
                return Scale(bits, decade, factor, out scaledValue);
            case RegisterFormat.Int16:
                return Scale(unchecked((short)bits), decade, factor, out scaledValue);
            case RegisterFormat.Int32:
                return Scale(unchecked((int)bits), decade, factor, out scaledValue);
            case RegisterFormat.Int64:
                return Scale(unchecked((long)bits), decade, factor, out scaledValue);
            case RegisterFormat.Float32:
                // Every binary32 is a binary64, NaN and infinities included.
                float single = BitConverter.UInt32BitsToSingle((uint)bits);
                return ScaleFloating(single, float.IsSubnormal(single), decimals + decade, factor, out scaledValue);
            case RegisterFormat.Float64:
                double binary64 = BitConverter.UInt64BitsToDouble(bits);
                return ScaleFloating(binary64, double.IsSubnormal(binary64), decimals + decade, factor, out scaledValue);
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

    private static QualityReason Scale(Int128 value, int decade, ExactRatio factor, out long scaledValue)
    {
        Int128 multiplier = (Int128)factor.Numerator * WholePowersOfTen[Math.Max(decade, 0)];
        scaledValue = 0;
        return BitCount(Int128.Abs(value)) + BitCount(multiplier) > QuotientBits
            ? QualityReason.OutOfRange
            : Quotient(value * multiplier, (Int128)factor.Denominator * WholePowersOfTen[Math.Max(-decade, 0)], out scaledValue);
    }

    // A double is m x 2^e with m below 2^53 (IEEE 754, 3.4). Multiplying it as a double would round once here and once more
    // to the integer, and a value just above a tie would become one. In integers, m (53 bits) x 10^15 (50) x ratio (20) is exact.
    private static QualityReason ScaleFloating(double value, bool isSubnormal, int decade, ExactRatio factor, out long scaledValue)
    {
        scaledValue = 0;
        if (!double.IsFinite(value) || isSubnormal)
        {
            return double.IsNaN(value) ? QualityReason.Sentinel : QualityReason.OutOfRange;
        }

        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)((bits >> 52) & 0x7FF);
        long mantissa = (bits & 0xF_FFFF_FFFF_FFFF) | (biased == 0 ? 0 : 1L << 52);
        int exponent = Math.Max(biased, 1) - 1075;
        Int128 numerator = (Int128)(value < 0 ? -mantissa : mantissa) * factor.Numerator * WholePowersOfTen[Math.Max(decade, 0)];
        Int128 denominator = (Int128)factor.Denominator * WholePowersOfTen[Math.Max(-decade, 0)];
        if (numerator == 0 || BitCount(denominator) - exponent > QuotientBits)
        {
            return QualityReason.None; // 0, or below half of the last place
        }

        if (exponent > 0 && BitCount(Int128.Abs(numerator)) + exponent > QuotientBits)
        {
            return QualityReason.OutOfRange;
        }

        return exponent > 0
            ? Quotient(numerator << exponent, denominator, out scaledValue)
            : Quotient(numerator, denominator << -exponent, out scaledValue);
    }

    // Rounded half to even.
    private static QualityReason Quotient(Int128 numerator, Int128 denominator, out long scaledValue)
    {
        if (denominator == 1 && numerator >= long.MinValue && numerator <= long.MaxValue)
        {
            scaledValue = (long)numerator; // every plain integer register
            return QualityReason.None;
        }

        (Int128 quotient, Int128 remainder) = Int128.DivRem(numerator, denominator);
        Int128 left = denominator - Int128.Abs(remainder);
        int comparison = Int128.Abs(remainder).CompareTo(left);
        if (comparison > 0 || (comparison == 0 && Int128.IsOddInteger(quotient)))
        {
            quotient += numerator < 0 ? -1 : 1;
        }

        bool fits = quotient >= long.MinValue && quotient <= long.MaxValue;
        scaledValue = fits ? (long)quotient : 0;
        return fits ? QualityReason.None : QualityReason.OutOfRange;
    }

    private static int BitCount(Int128 positive) => 128 - (int)Int128.LeadingZeroCount(positive);
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
